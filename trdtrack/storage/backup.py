"""Copies a caseload file and proves the copy before anything relies on it."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import cipher

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def copy_verified(connection: Any, path: Path, target: Path) -> None:
    """Copy an open file to `target` with the same key, reopen the copy and check every page of it.

    Refuses, and leaves no copy behind, if the copy cannot be made or does not prove whole.
    """
    partial = target.with_name(target.name + ".partial")
    try:
        with cipher.refusing(path), _whole(connection, path):
            shutil.copyfile(path, partial)
        partial.chmod(0o600)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        with attached(connection, partial):
            if cipher.salt_of(partial) != cipher.salt_of(path) or integrity_faults(connection, "copy"):
                raise Refusal(message("The copy {file} is not whole; nothing was changed.", file=target.name))
        partial.replace(target)
    except OSError as error:
        raise Refusal(
            message("A copy of {file} could not be made beside it; nothing was changed.", file=path.name)
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def beside(path: Path, version: int) -> Path:
    """Return where the copy lies that is made before a file of this version is upgraded."""
    return path.with_name(f"{path.stem}.version-{version}{path.suffix}")


def copies_beside(path: Path) -> list[Path]:
    """Return the copies of a caseload that this program has made beside it."""
    start, end = f"{path.stem}.version-", path.suffix
    try:
        names = sorted(p.name for p in path.resolve().parent.iterdir())
    except OSError:
        return []
    return [
        path.with_name(n) for n in names if n.startswith(start) and n.removeprefix(start).removesuffix(end).isdecimal()
    ]


@contextmanager
def attached(connection: Any, path: Path) -> Generator[None]:
    """Read another file as the schema `copy`, alone and unlocked: SQLCipher opens it with the key of the main file."""
    with cipher.refusing(path):
        connection.execute("ATTACH ? AS copy", (f"{path.resolve().as_uri()}?immutable=1",))
        try:
            yield
        finally:
            connection.execute("DETACH copy")


@contextmanager
def _whole(connection: Any, path: Path) -> Generator[None]:
    """Have the main file hold everything, and keep every program from writing to it meanwhile."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.execute("BEGIN IMMEDIATE")
    try:
        wal = path.with_name(path.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise Refusal(message("Another program is using {file}. Close it there first.", file=path.name))
        yield
    finally:
        connection.execute("ROLLBACK")


def integrity_faults(connection: Any, schema: str = "main") -> tuple[str, ...]:
    """Return what SQLCipher and SQLite find wrong with the pages, nothing if all is well."""
    pages = [str(row[0]) for row in connection.execute(f"PRAGMA {schema}.cipher_integrity_check")]
    if pages:
        return tuple(pages)
    structure = [str(row[0]) for row in connection.execute(f"PRAGMA {schema}.integrity_check") if row[0] != "ok"]
    keys = [f"foreign key of {row[0]}" for row in connection.execute(f"PRAGMA {schema}.foreign_key_check")]
    return (*structure, *keys)
