"""Gives a caseload file another key: copied under a new key and salt, proved, and put in its place in one step.

SQLCipher's own rekeying keeps the salt, and the passphrase's key hangs on that. Until the one step the old file is
untouched and opens as before; from then on the new one does.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import insert, select

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import sync_folder
from trdtrack.storage import backup, cipher, journal
from trdtrack.storage.store import Store
from trdtrack.storage.tables import former_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from trdtrack.storage.backup import Key

    Tick = Callable[[int, int], None]

TITLE = message("Change passphrase")
KIND, RECORD = "clinic", "passphrase"
"""What its history line is about: the caseload as a whole, and no record of it."""
PAGES = 500
"""Pages copied between two looks at whether somebody cancelled."""


def prove(store: Store, secret: str) -> Key:
    """Return the key and salt of an open file for whoever knows its passphrase or recovery key, or WrongPassphrase."""
    salt = store.key[1]
    key = cipher.key_of(secret, salt)
    with store.alone():
        cipher.connect(store.path, key, salt, mode="ro" if store.writable else "immutable").close()
    return key, salt


def known(store: Store) -> list[Key]:
    """Return the keys and salts the file had before, the newest first."""
    with store.transaction(write=False) as connection:
        rows = connection.execute(select(former_key).order_by(former_key.c.id.desc())).all()
    return [(bytes.fromhex(row.key), bytes.fromhex(row.salt)) for row in rows]


def change(
    store: Store,
    new: str,
    *,
    old: str,
    who: str,
    at: datetime,
    first: Callable[[], object] = lambda: None,
    tick: Tick | None = None,
) -> None:
    """Give the file a fresh salt and the new passphrase's key; the former key stays in a table inside.

    `first` is done once it is known that `old` opens the file. Refuses, the file being as it was, where it does not,
    another program has it open or the disk does not take the copy.
    """
    store.refuse_read_only()
    cipher.check_new(new)
    former = now = prove(store, old)
    first()
    salt = cipher.new_salt()
    key = cipher.derive_key(new, salt)
    path, fresh = store.path.resolve(), _fresh(store)
    with store.alone() as raw:
        try:
            _hold(raw, path)
            cipher.remove(fresh)
            cipher.create(fresh)
            shutil.copymode(path, fresh)
            made = Store(fresh, cipher.connect(fresh, key, salt, mode="rw"), key=(key, salt), writable=True)
            with closing(made):
                _copy(raw, made, path, tick)
                _note(made, former, who=who, at=at)
            _check(fresh, key, salt)
            if os.name == "nt":
                raw.close()  # there no open file can be replaced; elsewhere it is held until it is
            fresh.replace(path)
            now = key, salt
        except OSError as error:
            raise _unwritten(path) from error
        finally:
            cipher.remove(fresh)
            store.reopen(now)
    sync_folder(path.parent)


def clear_away(store: Store) -> None:
    """Remove the copy that a change which was cut off has left; no change can be under way while the file is open."""
    if store.writable and _fresh(store).exists():
        cipher.remove(_fresh(store))


def _fresh(store: Store) -> Path:
    path = store.path.resolve()
    return path.with_name(path.name + ".new-key")


def _unwritten(path: Path) -> Refusal:
    what = message(
        "{file} could not be written anew: it needs as much room again. Nothing was changed.", file=path.name
    )
    return Refusal(what)


def _hold(raw: Any, path: Path) -> None:
    """Have the main file hold everything, and keep every other program from it, also from reading."""
    try:
        # Leaving WAL is refused while anybody else has the file open.
        left = raw.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
        raw.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        raw.execute("BEGIN EXCLUSIVE")
        raw.execute("COMMIT")
    except driver.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != driver.SQLITE_BUSY:
            raise
        left = False
    if not left:
        raise backup.in_use(path)


def _copy(raw: Any, made: Store, path: Path, tick: Tick | None) -> None:
    """Copy every page, free ones too, and compare how many rows each table has."""

    def progress(_status: int, left: int, total: int) -> None:
        if tick:
            tick(total - left, total)

    with made.alone() as target:
        try:
            raw.backup(target, pages=PAGES, progress=progress)
        except driver.Error as error:  # it carries no code: a full disk, mostly
            raise _unwritten(path) from error
        if backup.summed(raw) != backup.summed(target):
            raise _unwritten(path)


def _note(made: Store, former: Key, *, who: str, at: datetime) -> None:
    """Keep the former key, with which older backups open, and the line in the history."""
    with made.transaction(write=True) as connection:
        key, salt = former
        connection.execute(insert(former_key), {"key": key.hex(), "salt": salt.hex(), "until": at.isoformat()})
        journal.append_bare(connection, TITLE.text, kind=KIND, record=RECORD, who=who, at=at)


def _check(fresh: Path, key: bytes, salt: bytes) -> None:
    """Open the finished file as it will be opened, and check every page; then see that it is on the disk."""
    with closing(cipher.connect(fresh, key, salt, mode="immutable")) as proof:
        if cipher.salt_of(fresh) != salt or backup.integrity_faults(proof):
            raise _unwritten(fresh)
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
