"""The backups of one open caseload: made when something was saved, looked into, compared, put beside as a new file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from trdtrack import settings
from trdtrack.domain.backups import Kind, backup_at
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import backup, backups, keys, restoring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from trdtrack.domain.backups import Backup, Contents, Difference
    from trdtrack.storage.backup import Key
    from trdtrack.storage.store import Store


class Backups:
    """Made with a connection of their own, from any thread: whoever works in the caseload meanwhile does not wait."""

    def __init__(self, store: Store, *, who: str) -> None:
        self._store, self._who = store, who

    @property
    def keys(self) -> list[Key]:
        """Every key there was, the newest first: also backups from before a new passphrase open."""
        return [self._store.key, *keys.known(self._store)]

    @property
    def folder(self) -> Path:
        """Where backups go."""
        return backups.folder_of(self._store.path)

    @property
    def folder_missing(self) -> bool:
        """Whether the folder chosen is not there now: then backups go beside the caseload."""
        return self.folder != backups.usual_folder(self._store.path) and not self.folder.is_dir()

    @property
    def synced(self) -> str:
        """Which program copies the caseload's folder to other computers; empty if none is known to."""
        return backups.synced(self._store.path)

    def choose_folder(self, folder: Path) -> None:
        """Keep where backups go from here on; those made before stay where they are, and are listed if beside."""
        settings.remember_backup_folder(self._store.path, folder)

    def listed(self) -> list[Backup]:
        """Return the backups, the newest first, by their names alone."""
        return backups.listed(self._store.path)

    def make_before(self, kind: Kind, *, at: datetime) -> Backup | None:
        """Make a backup before what cannot be taken back; None where a server keeps its own."""
        return self.make(at=at, kind=kind)

    def make(self, *, at: datetime, kind: Kind = Kind.USUAL, to: Path | None = None) -> Backup:
        """Make a backup now and prove it, then let old ones go; `to`: in this folder and nowhere else."""
        if kind is not Kind.USUAL:
            self._store.refuse_read_only()  # before what it is made before
        path, key = self._store.path, self._store.key
        mode = "ro" if self._store.writable else "immutable"
        if to is not None:
            return backups.make_in(to, path, key, at=at, mode=mode)
        made = backups.make(path, key, at=at, kind=kind, mode=mode)
        backups.thin(path, self.keys, now=at)
        return made

    def make_if_due(self, *, at: datetime, at_once: bool = False) -> Backup | None:
        """Make a backup if something was saved since the last, and that is half an hour old; `at_once`: or younger."""
        if not self._store.writable:
            return None
        if not backups.due(self._store.path, self.keys, self._state(), now=at, at_once=at_once):
            return None
        return self.make(at=at)

    def _state(self) -> tuple[Any, ...]:
        with self._store.alone() as raw:
            return backups.state(raw)

    def examined(self, path: Path) -> Contents:
        """Look into a backup: every page of it, and how much it holds."""
        return backups.examined(path, self.keys)

    def differs(self, path: Path) -> Difference:
        """Return what restoring a backup would change."""
        return restoring.differences(self._store, path, self.keys)

    def restore_new(self, path: Path, target: Path, *, at: datetime) -> None:
        """Make a new caseload of a backup. Refuses a name that is taken."""
        restoring.restore_new(path, target, keys=self.keys, who=self._who, at=at)

    def renew(self, copies: Sequence[Path], *, at: datetime) -> None:
        """Let one new backup take the place of these, and new copies that of those from before an upgrade."""
        dated = [copy for copy in copies if backup_at(copy)]
        if dated:
            backups.make(self._store.path, self._store.key, at=at)
        for copy in dated:
            with suppress(FileNotFoundError):
                copy.unlink()
        for copy in copies:
            if copy not in dated:
                backup.copy_verified(self._store.path, copy, key=self._store.key)


class ServersBackups(Backups):
    """Those of a server's caseload: there are none here, the server's administrator makes them."""

    def __init__(self) -> None:
        """Keep nothing: there is no file."""

    @property
    def keys(self) -> list[Key]:
        """None."""
        return []

    @property
    def folder_missing(self) -> bool:
        """Nothing is missing here."""
        return False

    @property
    def synced(self) -> str:
        """None copies it."""
        return ""

    @property
    def folder(self) -> Path:
        """Nowhere here."""
        raise _servers_work()

    def choose_folder(self, folder: Path) -> None:  # noqa: ARG002
        """Refuse."""
        raise _servers_work()

    def listed(self) -> list[Backup]:
        """Return none."""
        return []

    def make_before(self, kind: Kind, *, at: datetime) -> None:
        """Make none."""

    def make(self, *, at: datetime, kind: Kind = Kind.USUAL, to: Path | None = None) -> Backup:  # noqa: ARG002
        """Refuse."""
        raise _servers_work()

    def make_if_due(self, *, at: datetime, at_once: bool = False) -> None:
        """Make none."""

    def renew(self, copies: Sequence[Path], *, at: datetime) -> None:
        """Renew none: there are none."""


def _servers_work() -> Refusal:
    return Refusal(message("Backups of a server's caseload are made on the server: its administrator sees to them."))
