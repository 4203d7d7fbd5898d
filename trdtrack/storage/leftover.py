"""Proves a caseload file before it is opened for writing, so that a file we refuse is never written to.

A -wal file beside it holds newer pages: of a program that has it open or crashed, and is then needed; or of another
file or another time (a restored copy, a synchronised folder), and SQLite would write its pages over the caseload's own.
A -journal file, on a network, holds what a crash has to take back, and is proved the same way.
"""

from __future__ import annotations

import shutil
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlcipher3.dbapi2 as driver

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, Refusal, WrongPassphrase
from trdtrack.storage import cipher, damage, migrations


def prove(path: Path, key: bytes, salt: bytes, *, writable: bool) -> None:
    """Refuse a wrong key, a foreign file, a newer version, a -wal file of another one, and damage while it was open."""
    wal, back = path.with_name(path.name + "-wal"), path.with_name(path.name + "-journal")
    left = next((file for file in (back, wal) if file.exists() and file.stat().st_size > 0), None)
    if left and not writable:
        what = message("{file} was not closed properly and lies in a read-only folder. Copy it, ", file=path.name)
        raise Refusal(message("{what}with {left}, to a folder you can write to.", what=what, left=left.name))
    try:
        if left == back:
            _prove_taken_back(path, back, key, salt)
            return
        line = _last_line(path, key, salt) if left else None
        probe = cipher.connect(path, key, salt, mode="ro" if wal.exists() and writable else "immutable")
        with closing(probe), cipher.refusing(path):
            migrations.accept(probe, path.name)
            if left:
                _continue(probe, line, path)
    except (WrongPassphrase, Damaged):
        if left and _stands_alone(path, key, salt):
            raise Refusal(
                message(
                    "{left} does not belong to {file}, or is from another time. Move {left} to another folder and open "
                    "again; nothing was changed.",
                    left=left.name,
                    file=path.name,
                )
            ) from None
        raise
    if wal.exists() and writable:
        damage.refuse_damaged(path, key, salt)


def _prove_taken_back(path: Path, back: Path, key: bytes, salt: bytes) -> None:
    """Take a crash's half-written pages back in a copy, as SQLite will in the file, and refuse unless it is whole."""
    try:
        with TemporaryDirectory(prefix=f".{path.name}.", dir=path.resolve().parent) as folder:
            copy = Path(folder) / path.name
            shutil.copyfile(path, copy)
            shutil.copyfile(back, copy.with_name(back.name))
            with closing(cipher.connect(copy, key, salt, mode="rw")) as probe, cipher.refusing(path):
                migrations.accept(probe, path.name)
                _continue(probe, None, path)
                if probe.execute("PRAGMA cipher_integrity_check").fetchone():
                    raise cipher.damaged(path)
    except OSError as error:
        raise Refusal(
            message(
                "{file} was not closed properly, and there is no room beside it to look into it; nothing was changed.",
                file=path.name,
            )
        ) from error


def _last_line(path: Path, key: bytes, salt: bytes) -> tuple[Any, ...] | None:
    """Return the last audit line of the main file alone, None if it has none yet or cannot be read alone."""
    # After a crash the main file alone may be half of one state and half of the next.
    with suppress(Refusal, driver.Error), closing(cipher.connect(path, key, salt, mode="immutable")) as main:
        return main.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return None


def _stands_alone(path: Path, key: bytes, salt: bytes) -> bool:
    """Whether the main file is whole without the -wal file."""
    with suppress(Refusal, driver.Error), closing(cipher.connect(path, key, salt, mode="immutable")) as main:
        return main.execute("PRAGMA quick_check").fetchone() == ("ok",)
    return False


def _continue(probe: Any, line: tuple[Any, ...] | None, path: Path) -> None:
    """Refuse unless main file and -wal file together are whole and hold the main file's last audit line."""
    held = not line or probe.execute("SELECT 1 FROM audit WHERE seq = ? AND hash = ?", line).fetchone()
    if not held or probe.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise cipher.damaged(path)
