"""Opens SQLCipher files: key from passphrase, connection from key, and what went wrong told apart.

One file, no side file: the key is Argon2id over the file's own first 16 bytes, which SQLCipher keeps as its salt. The
recovery key is that key itself.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver
from argon2.low_level import Type, hash_secret_raw

from trdtrack import file_head
from trdtrack.domain import recovery_key
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, Refusal, WrongPassphrase
from trdtrack.storage.disks import on_network

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from trdtrack.file_head import Place

PAGE = 4096
MAX_PASSPHRASE = 1000
BUSY_SECONDS = 2.0
"""How long a write waits for another program's before it is refused."""
FULL_BELOW = 64 * 1024
"""Free bytes below which a disk error means a full disk: SQLite then lacks room for the -shm file and says no more."""


def derive_key(passphrase: str, salt: bytes) -> bytes:
    """Return the 32-byte key: Argon2id, t=3, 64 MiB, 4 lanes (RFC 9106's second choice), of the NFC passphrase."""
    # `surrogatepass`: a passphrase from the environment may hold bytes that are not UTF-8.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(secret, salt, time_cost=3, memory_cost=64 * 1024, parallelism=4, hash_len=32, type=Type.ID)


def key_of(secret: str, salt: bytes) -> bytes:
    """Return the key that a passphrase leads to, or that a recovery key is. Refuses a recovery key with a slip."""
    return recovery_key.read(secret) or derive_key(secret, salt)


def check_new(passphrase: str) -> None:
    """Refuse a new passphrase that no field could take, or that would be taken for a recovery key."""
    if len(unicodedata.normalize("NFC", passphrase)) > MAX_PASSPHRASE:
        raise Refusal(message("A passphrase has at most {most} characters.", most=MAX_PASSPHRASE))
    try:
        meant = recovery_key.read(passphrase)
    except Refusal:
        meant = b""
    if meant is not None:
        raise Refusal(message("This looks like a recovery key. Choose another passphrase."))


def new_salt() -> bytes:
    """Return a fresh salt for a new file."""
    return os.urandom(file_head.BYTES)


def salt_of(path: Path) -> bytes:
    """Return an existing file's salt, or refuse what cannot be a caseload file before any key is derived."""
    name = path.name
    try:
        if path.is_dir():
            raise Refusal(message("{file} is a folder, not a caseload file.", file=name))
        size = path.stat().st_size
        salt = file_head.read(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refusal(message("There is no file {file} any more, or not in that folder.", file=name)) from error
    except PermissionError as error:
        raise Refusal(message("{file} cannot be read: this account has no permission.", file=name)) from error
    except OSError as error:
        raise Refusal(message("{file} cannot be read: the disk or the name is at fault.", file=name)) from error
    if salt.startswith(b"SQLite format 3"):
        raise Refusal(message("{file} is not a TRDTrack caseload: it is an unencrypted database.", file=name))
    if size == 0:
        raise Refusal(message("{file} is empty: it is not a TRDTrack caseload.", file=name))
    if size % PAGE:
        raise Refusal(
            message("{file} is not a complete TRDTrack caseload: it is another kind of file, or cut short.", file=name)
        )
    return salt


def connect(path: Path, key: bytes, salt: bytes, *, mode: str) -> Any:
    """Open the file with its raw key and prove the key by reading the schema.

    `mode`: "rw" to write; "ro" to read with the -wal file beside it; "immutable" to read the main file alone, which
    needs no other file and so works in a read-only folder.
    """
    options = "immutable=1" if mode == "immutable" else f"mode={mode}"
    place = file_head.place_of(path)
    with refusing(path):
        connection: Any = driver.connect(
            f"{path.resolve().as_uri()}?{options}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_SECONDS,
        )
    try:
        with refusing(path):
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            for pragma in ("foreign_keys=ON", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            if mode == "rw":
                # WAL's shared memory is one computer's. The older journal is over once it is removed for good: EXTRA.
                journal, synchronous = ("DELETE", "EXTRA") if on_network(path) else ("WAL", "FULL")
                connection.execute(f"PRAGMA journal_mode={journal}").fetchone()
                connection.execute(f"PRAGMA synchronous={synchronous}")
        _refuse_replaced(path, place)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_replaced(path: Path, place: Place | None) -> None:
    """Refuse where another file has taken the path meanwhile: nobody would see what is saved into the old one."""
    if file_head.place_of(path) != place:
        raise Refusal(message("{file} was replaced just now. Open it again.", file=path.name))


def create(path: Path) -> None:
    """Make a new, empty, owner-only file. Refuses to replace a file that is already there."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        raise Refusal(message("{file} already exists; choose another name.", file=path.name)) from error
    except OSError as error:
        raise Refusal(
            message("{file} cannot be made there: the folder is missing, read-only or full.", file=path.name)
        ) from error


def remove(path: Path) -> None:
    """Remove a file that could not be finished, and what SQLite laid beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)


def writable(path: Path) -> bool:
    """Whether both the file and its folder, which holds the -wal file beside it, can be written."""
    return os.access(path, os.W_OK) and os.access(path.resolve().parent, os.W_OK)


@contextmanager
def refusing(path: Path) -> Generator[None]:
    """Turn what the driver raises into what it means to a person."""
    try:
        yield
    except driver.Error as error:
        if known := refusal(error, path):
            raise known from error
        raise


def _full(path: Path) -> bool:
    try:
        return shutil.disk_usage(path.parent).free < FULL_BELOW
    except OSError:
        return False


def damaged(path: Path) -> Damaged:
    """Return the refusal of a file that is not as it was written."""
    return Damaged(message("{file} is damaged or cut short. Restore it from a backup.", file=path.name), file=str(path))


def refusal(error: BaseException | None, path: Path) -> Refusal | None:
    """Return what a driver's error means to a person, or None where it is a bug of ours."""
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == driver.SQLITE_IOERR and _full(path):
        code = driver.SQLITE_FULL
    text = str(error)
    name = path.name
    if code == driver.SQLITE_NOTADB or "not a database" in text:
        return WrongPassphrase(
            message(
                "This passphrase or recovery key does not open {file}, or it is not a TRDTrack caseload.", file=name
            )
        )
    if code == driver.SQLITE_CORRUPT:
        return damaged(path)
    known = {
        driver.SQLITE_BUSY: message("Another program is writing to {file}. Try again in a moment.", file=name),
        driver.SQLITE_FULL: message("The disk is full: nothing was saved to {file}.", file=name),
        driver.SQLITE_READONLY: message("{file} cannot be changed: the file or its folder is read-only.", file=name),
        driver.SQLITE_CANTOPEN: message("{file} cannot be opened: its folder is missing or read-only.", file=name),
        driver.SQLITE_IOERR: message("The disk did not take what was written to {file}: nothing was saved.", file=name),
    }
    return Refusal(known[code]) if code in known else None
