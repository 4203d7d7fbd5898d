"""Takes an older caseload file to today's schema, one version at a time, each in a transaction of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.tables import APPLICATION_ID, metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def _courses_keep_their_benchmark(connection: Connection) -> None:
    for column in ("benchmark", "benchmark_version"):
        connection.exec_driver_sql(f"ALTER TABLE course ADD COLUMN {column} TEXT DEFAULT '' NOT NULL")
    connection.exec_driver_sql(
        "CREATE TABLE benchmark (id TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL, "
        "PRIMARY KEY (id), UNIQUE (name, version))"
    )


STEPS: tuple[Callable[[Connection], None], ...] = (_courses_keep_their_benchmark,)
"""STEPS[0] takes version 1 to version 2, and so on. A step is never changed once it has been released."""


def current() -> int:
    """Return the schema version this program writes."""
    return len(STEPS) + 1


def create(connection: Connection) -> None:
    """Write the whole of today's schema into an empty file."""
    metadata.create_all(connection)
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {current()}")


def version(connection: Connection) -> int:
    """Return the file's schema version."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def accept(version: int, application: int, name: str) -> None:
    """Refuse foreign files and those of a newer program."""
    if application != APPLICATION_ID:
        raise Refusal(message("{file} is an encrypted database, but not a TRDTrack caseload.", file=name))
    if version > current():
        raise Refusal(
            message(
                "{file} was written by a newer TRDTrack (file version {theirs}, this program reads up to {ours}). "
                "Update the program; the file was not changed.",
                file=name,
                theirs=version,
                ours=current(),
            )
        )


def take(connection: Connection, version: int) -> None:
    """Take the one step from `version` to the next, inside the caller's transaction."""
    STEPS[version - 1](connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {version + 1}")
