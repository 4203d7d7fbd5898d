"""Keeps a caseload to one computer: a file beside it says which has it open, by whom and since when.

Several programs of one computer may have it open together: there SQLite keeps them apart, which it cannot across a
network. The file holds a computer's and an account's name, process numbers and a time, and no word of a patient.
"""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trdtrack.domain.message import message
from trdtrack.domain.refusals import OpenElsewhere, Refusal
from trdtrack.settings import user_name
from trdtrack.storage.processes import computer, machine, runs
from trdtrack.words import moment

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

REFRESH_SECONDS = 30.0
"""How often an open file's lock is touched."""
STALE_SECONDS = 180.0
"""Another computer's lock that was not touched for so long was left behind."""
TRIES = 20
TRY_SECONDS = 0.05
"""So often, and so far apart, a lock is looked at that says nothing: after that it is a power cut's, never written."""
_turn = threading.Lock()
"""One thread of this process at a time reads a lock and writes it anew."""


@dataclass(frozen=True)
class Mark:
    """What a lock file says. `programs`: a process number for each time the file is open there."""

    machine: str
    computer: str
    user: str
    since: datetime
    programs: tuple[int, ...]

    @property
    def here(self) -> bool:
        """Whether it is this computer's."""
        return self.computer == computer()

    @property
    def living(self) -> tuple[int, ...]:
        """The programs of this computer that still run."""
        return tuple(process for process in self.programs if runs(process))

    def text(self) -> str:
        """Return the lock file's content."""
        fields = {"machine": self.machine, "computer": self.computer, "user": self.user}
        return json.dumps({**fields, "since": self.since.isoformat(), "programs": self.programs})


def lock_of(path: Path) -> Path:
    """Return where the lock of a caseload lies."""
    path = path.resolve()
    return path.with_name(f".{path.name}.lock")


def refuse_elsewhere(path: Path) -> None:
    """Refuse a file another computer has open. Writes nothing but, where it can, a probe of the folder's clock."""
    lock = lock_of(path)
    with suppress(FileNotFoundError):
        mark = _read(lock)
        if mark and not mark.here and _age(lock) < STALE_SECONDS:
            raise _elsewhere(path, mark)


class Presence:
    """This program's part in a file's lock, from `Presence(path)` to `leave()`, kept fresh by a thread of its own."""

    def __init__(self, path: Path) -> None:
        """Take part in the lock, or raise OpenElsewhere; a lock that was left behind is cleared away."""
        self._path, self._lock = path, lock_of(path)
        self._enter()
        self._left = threading.Event()
        self._fresh = threading.Thread(target=self._keep_fresh, name="presence", daemon=True)
        self._fresh.start()

    def _enter(self) -> None:
        for attempt in range(TRIES + 2):
            with _turn, suppress(FileNotFoundError):  # gone since it was seen: another try
                if self._make():
                    return
                mark = _read(self._lock)
                if mark and mark.here:
                    self._write(replace(mark, programs=(*mark.living, os.getpid())))
                    return
                if attempt >= TRIES if mark is None else _age(self._lock) >= STALE_SECONDS:
                    self._clear(mark)
                elif mark:
                    raise _elsewhere(self._path, mark)
                else:  # made this moment, and not written yet
                    time.sleep(TRY_SECONDS)
        raise Refusal(message("Another program is opening {file}. Try again in a moment.", file=self._path.name))

    def hold(self) -> None:
        """Before each write: refuse it if another computer took the lock over, as while this one slept."""
        with _turn:
            try:
                mark = _read(self._lock)
            except FileNotFoundError:
                with suppress(Refusal):  # what is saved meets the same disk, which then says so
                    self._make()
                return
            if mark and not mark.here:
                what = message(
                    "{file} was opened on {machine} meanwhile, {since}. Nothing was saved: close it here and open it "
                    "again once it is closed there.",
                    file=self._path.name,
                    machine=mark.machine,
                    since=moment(mark.since),
                )
                raise OpenElsewhere(what, machine=mark.machine, user=mark.user, since=mark.since)
            # Another program of this computer wrote the lock at the same moment, or a crash of the disk emptied it.
            with suppress(Refusal):
                if mark is None:
                    self._write(_own())
                elif os.getpid() not in mark.programs:
                    self._write(replace(mark, programs=(*mark.living, os.getpid())))

    def leave(self) -> None:
        """Take this program out of the lock; the last one removes it. A lock another computer took over stays."""
        if self._left.is_set():
            return
        self._left.set()
        self._fresh.join()
        with _turn, suppress(OSError, Refusal):
            mark = _read(self._lock)
            if mark and mark.here:
                rest = list(mark.living)
                with suppress(ValueError):
                    rest.remove(os.getpid())
                if rest:
                    self._write(replace(mark, programs=tuple(rest)))
                else:
                    self._lock.unlink()

    def _keep_fresh(self) -> None:
        while not self._left.wait(REFRESH_SECONDS):
            with suppress(OSError, Refusal):
                self.hold()
                os.utime(self._lock)

    def _make(self) -> bool:
        """Make the lock; False if there is one."""
        try:
            made = os.open(self._lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return False
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            with os.fdopen(made, "w", encoding="utf-8") as file:
                file.write(_own().text())
        except OSError as error:
            self._lock.unlink(missing_ok=True)
            raise self._unwritable(error) from error
        return True

    def _write(self, mark: Mark) -> None:
        """Write the lock anew, never half."""
        new = self._lock.with_name(f"{self._lock.name}.{os.getpid()}")
        try:
            new.write_text(mark.text(), encoding="utf-8")
            new.chmod(0o600)
            new.replace(self._lock)
        except OSError as error:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise self._unwritable(error) from error

    def _clear(self, seen: Mark | None) -> None:
        """Take a lock left behind away; one that somebody made in its place meanwhile is put back."""
        aside = self._lock.with_name(f"{self._lock.name}.{os.getpid()}")
        self._lock.rename(aside)
        if _read(aside) != seen:
            aside.replace(self._lock)
        else:
            aside.unlink()

    def _unwritable(self, error: OSError) -> Refusal:
        name = self._path.name
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return Refusal(message("The disk is full: {file} cannot be opened.", file=name))
        return Refusal(message("{file} cannot be opened: nothing can be written beside it.", file=name))


@contextmanager
def present(path: Path, *, writable: bool) -> Generator[Presence | None]:
    """Take part in a file's lock if it may be written, and leave it again on failure only."""
    taken = Presence(path) if writable else None
    try:
        yield taken
    except BaseException:
        if taken:
            taken.leave()
        raise


def _own() -> Mark:
    return Mark(machine(), computer(), user_name(), datetime.now(UTC).replace(microsecond=0), (os.getpid(),))


def _read(lock: Path) -> Mark | None:
    """Return what a lock says, None if it is not, or not yet, one of ours. Raises FileNotFoundError."""
    try:
        raw: Any = json.loads(lock.read_text(encoding="utf-8"))
        since, programs = datetime.fromisoformat(raw["since"]), tuple(int(process) for process in raw["programs"])
        return Mark(str(raw["machine"]), str(raw["computer"]), str(raw["user"]), since.astimezone(UTC), programs)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _age(lock: Path) -> float:
    """Return for how many seconds a lock was not touched, by the clock of the disk it lies on."""
    probe = lock.with_name(f"{lock.name}.{os.getpid()}")
    now = time.time()
    with suppress(OSError):  # a folder that cannot be written, a full disk: this computer's clock has to do
        try:
            probe.touch()
            now = probe.stat().st_mtime
        finally:
            probe.unlink(missing_ok=True)
    return now - lock.stat().st_mtime


def _elsewhere(path: Path, mark: Mark) -> OpenElsewhere:
    what = message(
        "{file} is open on another computer: {machine}, by {user}, since {since}. Close it there first.",
        file=path.name,
        machine=mark.machine,
        user=mark.user,
        since=moment(mark.since),
    )
    return OpenElsewhere(what, machine=mark.machine, user=mark.user, since=mark.since)
