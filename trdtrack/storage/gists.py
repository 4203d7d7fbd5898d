"""What is kept of each patient beside the records, so that ten thousand are listed at once: one short text a patient.

It follows from the records by rules that are not known here; it is no part of the history, and can be made anew.
"""

from __future__ import annotations

import json
from sys import intern
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, text

from trdtrack.domain.gist import Gist
from trdtrack.storage.postgres import lists
from trdtrack.storage.tables import TABLES, on_server, one_or_all
from trdtrack.storage.tables import gist as table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

FORM = "1"
"""Which facts are kept and by which rules: raised whenever they change, so that those of an older program go."""
_STAMP = ""
"""The patient's id of the row that holds `FORM`; it is there once every patient's gist is."""
_ROWS = 500
_KEEP = text(
    "INSERT INTO gist (patient, text) VALUES (:patient, :text) ON CONFLICT (patient) DO UPDATE SET text = excluded.text"
)
_DROP = delete(table).where(table.c.patient == bindparam("gone"))
_ALL = select(table.c.text).where(table.c.patient != _STAMP)
_OF = select(table.c.text).where(table.c.patient.in_(bindparam("ids", expanding=True)))
_SHARED = tuple(
    Gist._fields.index(name)
    for name in ("modality", "therapist", "benchmark_name", "benchmark_version", "signal", "packed_why")
)
"""Texts that many patients have in common, and that are held once."""
_IN_FORCE = select(func.count()).select_from(TABLES["patient"]).where(TABLES["patient"].c.withdrawn.is_(None))


def complete(connection: Connection) -> bool:
    """Whether all that is kept was kept by today's rules, as far as the file itself says."""
    stamp = connection.execute(select(table.c.text).where(table.c.patient == _STAMP)).scalar_one_or_none()
    return stamp == FORM


def keep(connection: Connection, gists: Iterable[Gist]) -> None:
    """Keep gists in the place of what was kept of these patients."""
    rows = [{"patient": gist.patient, "text": to_text(gist)} for gist in gists]
    if rows:
        connection.execute(_KEEP, one_or_all(rows))


def drop(connection: Connection, patients: Iterable[str]) -> None:
    """Keep nothing of these patients."""
    rows = [{"gone": patient} for patient in patients]
    if rows:
        connection.execute(_DROP, rows)


def drop_all(connection: Connection) -> None:
    """Keep nothing of anybody."""
    connection.execute(delete(table))


def stamp(connection: Connection) -> None:
    """Say that every patient's gist is kept."""
    row = {"patient": _STAMP, "text": FORM}
    connection.execute(_KEEP, [row])


def read(connection: Connection) -> list[Gist] | None:
    """Return what is kept of every patient, in no order; None where that is not all, or not readable."""
    if on_server(connection):
        kept = lists.kept_of_each(connection, FORM)
        return None if kept is None else list(_gists(kept))
    if not complete(connection):
        return None
    found = list[Gist]()
    result = connection.execute(_ALL)
    try:
        while rows := result.fetchmany(_ROWS):
            found += _gists(row[0] for row in rows)
    except (ValueError, TypeError, KeyError, IndexError):
        return None
    return found if len(found) == connection.execute(_IN_FORCE).scalar_one() else None


def read_of(connection: Connection, patients: list[str]) -> list[Gist]:
    """Return what is kept of these patients, in no order."""
    parts = [patients[start : start + _ROWS] for start in range(0, len(patients), _ROWS)]
    return [gist for part in parts for gist in _gists(row[0] for row in connection.execute(_OF, {"ids": part}))]


def texts(connection: Connection) -> dict[str, str]:
    """Return what is kept by patient, word for word."""
    return {row.patient: row.text for row in connection.execute(select(table)) if row.patient != _STAMP}


def _gists(found: Iterable[str]) -> Iterator[Gist]:
    # One parse of many texts takes a third of the time of as many parses.
    for row in json.loads(f"[{','.join(found)}]"):
        for place in _SHARED:
            row[place] = intern(row[place])
        yield Gist(*row)


def to_text(gist: Gist) -> str:
    """Return a gist as JSON."""
    return json.dumps(gist, ensure_ascii=False, separators=(",", ":"))
