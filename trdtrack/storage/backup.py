"""Copies a caseload file and proves the copy before anything relies on it."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, Refusal
from trdtrack.paths import sync_folder
from trdtrack.storage import cipher

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    Key = tuple[bytes, bytes]
    """The 32 bytes that lock a file, and the salt at its head."""

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
BROKEN_REFERENCE = "foreign key of "


def copy_verified(path: Path, target: Path, *, key: Key, to: Key | None = None, mode: str = "ro") -> None:
    """Copy a file to `target` as it is at this moment, reopen the copy and check it: pages, rows, end of the history.

    `to`: the key of the copy, if not the same. `mode` as `cipher.connect` has it. Others may read and write the file
    meanwhile. Refuses, and leaves no copy behind, if the copy cannot be made or does not prove whole.
    """
    to = to or key
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        cipher.create(partial)
        with closing(cipher.connect(path, *key, mode=mode)) as source:
            # Within one reading: what is counted is what is copied, whoever writes meanwhile.
            source.execute("BEGIN")
            expected = summed(source)
            with closing(_empty(partial, to)) as copy:
                source.backup(copy)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        with closing(cipher.connect(partial, *to, mode="immutable")) as copy:
            if cipher.salt_of(partial) != to[1] or integrity_faults(copy) or summed(copy) != expected:
                raise Damaged(message("The copy {file} is not whole; nothing was changed.", file=target.name))
        partial.replace(target)
        sync_folder(target.parent)
    except (OSError, driver.Error) as error:
        raise _why(error, path, target) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _empty(path: Path, key: Key) -> Any:
    """Open an empty file to be filled page by page: it counts only once proved, so no journal lies beside it."""
    connection: Any = driver.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key[0].hex()}{key[1].hex()}'\"")
    connection.execute("PRAGMA journal_mode=OFF").fetchone()
    return connection


def summed(connection: Any) -> tuple[Any, ...]:
    """Return what a copy has to have in common: rows of each table, end of the history, version, what file it is."""
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    counts = [(name, connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names]  # noqa: S608
    head = connection.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    numbers = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]
    return counts, head, numbers


def _why(error: Exception, path: Path, target: Path) -> Refusal:
    code: int = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (driver.SQLITE_CORRUPT, driver.SQLITE_NOTADB):
        return cipher.damaged(path)
    if getattr(error, "errno", None) in _FULL or code == driver.SQLITE_FULL or _no_room(path, target.parent):
        return Refusal(
            message(
                "The disk is full: no copy of {file} could be made in {folder}.",
                file=path.name,
                folder=str(target.parent),
            )
        )
    return Refusal(
        message(
            "A copy of {file} could not be made in {folder}: the folder is missing or read-only, or the disk failed.",
            file=path.name,
            folder=str(target.parent),
        )
    )


def _no_room(path: Path, folder: Path) -> bool:
    """Whether the folder's disk has less room than a copy takes: the driver does not always say why it failed."""
    try:
        return shutil.disk_usage(folder).free < path.stat().st_size
    except OSError:
        return False


def beside(path: Path, version: int) -> Path:
    """Return where the copy lies that is made before a file of this version is upgraded."""
    return path.with_name(f"{path.stem}.version-{version}{path.suffix}")


def copies_beside(path: Path) -> list[Path]:
    """Return the copies of a caseload that were made before it was upgraded, the oldest version first."""
    start, end = f"{path.stem}.version-", path.suffix
    found: dict[int, Path] = {}
    with suppress(OSError):
        for name in (p.name for p in path.resolve().parent.iterdir()):
            version = name.removeprefix(start).removesuffix(end)
            if name == f"{start}{version}{end}" and version.isdecimal():
                found[int(version)] = path.with_name(name)
    return [found[version] for version in sorted(found)]


@contextmanager
def attached(connection: Any, path: Path, key: Key) -> Generator[None]:
    """Read another file as the schema `copy`, alone and unlocked."""
    with cipher.refusing(path):
        source = f"{path.resolve().as_uri()}?immutable=1"
        connection.execute("ATTACH ? AS copy KEY ?", (source, f"x'{key[0].hex()}{key[1].hex()}'"))
        try:
            yield
        finally:
            connection.execute("DETACH copy")


def in_use(path: Path) -> Refusal:
    """Return the refusal of what needs the file alone."""
    return Refusal(
        message("Another program is using {file}. Close it there first; nothing was changed.", file=path.name)
    )


def refuse_in_use(connection: Any, path: Path) -> None:
    """Move the newest pages into the main file, or refuse while another program's reading prevents it."""
    busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Refusal(message("Another program is using {file}. Close it there first.", file=path.name))


def integrity_faults(connection: Any, schema: str = "main") -> tuple[str, ...]:
    """Return what SQLCipher and SQLite find wrong with the pages, nothing if all is well."""
    pages = [str(row[0]) for row in connection.execute(f"PRAGMA {schema}.cipher_integrity_check")]
    if pages:
        return tuple(pages)
    structure = [str(row[0]) for row in connection.execute(f"PRAGMA {schema}.integrity_check") if row[0] != "ok"]
    keys = [f"{BROKEN_REFERENCE}{row[0]}" for row in connection.execute(f"PRAGMA {schema}.foreign_key_check")]
    return (*structure, *keys)
