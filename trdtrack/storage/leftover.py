"""Proves a caseload file before it is opened for writing, so that a file we refuse is never written to.

A -wal file beside it holds newer pages: of a program that has it open or crashed, and is then needed; or of another
file or another time (a restored copy, a synchronised folder), and SQLite would write its pages over the caseload's own.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal, WrongPassphrase
from trdtrack.storage import cipher, migrations

if TYPE_CHECKING:
    from pathlib import Path


def prove(path: Path, key: bytes, salt: bytes, *, writable: bool) -> None:
    """Refuse a wrong key, a foreign file, a newer version, and a -wal file that does not belong to the file."""
    wal = path.with_name(path.name + "-wal")
    newer_pages = wal.exists() and wal.stat().st_size > 0
    if newer_pages and not writable:
        what = message("{file} was not closed properly and lies in a read-only folder. Copy it, ", file=path.name)
        raise Refusal(message("{what}with {wal}, to a folder you can write to.", what=what, wal=wal.name))
    try:
        line = _last_line(path, key, salt) if newer_pages else None
        probe = cipher.connect(path, key, salt, mode="ro" if wal.exists() and writable else "immutable")
        with closing(probe), cipher.refusing(path):
            version, application = (
                int(probe.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("user_version", "application_id")
            )
            migrations.accept(version, application, path.name)
            if newer_pages:
                _continue(probe, line, path)
    except (WrongPassphrase, cipher.Damaged):
        if newer_pages and _stands_alone(path, key, salt):
            raise Refusal(
                message(
                    "{wal} does not belong to {file}, or is from another time. Move {wal} to another folder and open "
                    "again; nothing was changed.",
                    wal=wal.name,
                    file=path.name,
                )
            ) from None
        raise


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
        raise cipher.Damaged(message("{file} is damaged or cut short. Restore it from a backup.", file=path.name))
