"""Keeps the words of the record for the search, in the transaction of the edit, and finds them as one types."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from trdtrack.domain.finding import Found, Spoken, spoken
from trdtrack.storage.postgres import search as server
from trdtrack.storage.tables import on_server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from trdtrack.domain.edit import Step

SLOT = 20
"""Bits of a row number within its slot. Slot 0 holds patients, slot 1 what has no day, slot n + 1 the n-th day."""
_PATIENTS, _UNDATED = 0, 1
MOST_WORDS = 12
"""Words of a search that count; nobody types more, and a pasted page must not keep the window waiting."""
_ADD = text(
    "INSERT INTO words (row, kind, record, patient, names, text) VALUES ("
    "(SELECT coalesce(max(row), :low) + 1 FROM words WHERE row > :low AND row < :high), "
    ":kind, :record, :patient, :names, :text)"
)
_CHANGE = text("UPDATE words SET names = :names, text = :text WHERE kind = :kind AND record = :record")
_TAKE = text("DELETE FROM words WHERE kind = :kind AND record = :record")
# CROSS JOIN: the index gives rows in their order and stops at the limit; any other plan reads every match.
_FROM = (
    "SELECT w.row, w.kind, w.record, w.patient, p.code, p.name, "
    "snippet(found, -1, '', '', '\N{HORIZONTAL ELLIPSIS}', 12) AS snippet "
    "FROM found CROSS JOIN words w ON w.row = found.rowid CROSS JOIN patient p ON p.id = w.patient "
    "WHERE found MATCH :what AND p.withdrawn IS NULL"
)
_NAMED = text(f"{_FROM} AND found.rowid < :high ORDER BY found.rowid LIMIT :limit")
_NEWEST = text(f"{_FROM} ORDER BY found.rowid DESC LIMIT :limit")
_CODED = text(
    "SELECT 0 AS row, 'patient' AS kind, id AS record, id AS patient, code, name, code AS snippet FROM patient "
    "WHERE code = :code AND withdrawn IS NULL"
)


def keep(connection: Connection, steps: Sequence[Step]) -> None:
    """Bring the words up to date with steps just written, touching only those that changed."""
    if on_server(connection):
        server.keep(connection, steps)
        return
    new: list[dict[str, Any]] = []
    for step in steps:
        before, after = spoken(step.before), spoken(step.after)
        if before == after:
            continue
        key = {"kind": step.record.kind, "record": step.record.id}
        if before and after and (before.patient, before.day) == (after.patient, after.day):
            connection.execute(_CHANGE, {**key, "names": after.names, "text": after.text})
            continue
        if before:
            connection.execute(_TAKE, key)
        if after:
            new.append({**key, **_row(step.record.kind, after)})
        if before and new:
            connection.execute(_ADD, new)
            new = []
    if new:
        connection.execute(_ADD, new)


def _row(kind: str, words: Spoken) -> dict[str, Any]:
    slot = _PATIENTS if kind == "patient" else _UNDATED if words.day is None else words.day.toordinal() + 1
    return {
        "low": slot << SLOT,
        "high": (slot + 1) << SLOT,
        "patient": words.patient,
        "names": words.names,
        "text": words.text,
    }


def find(connection: Connection, typed: str, *, limit: int) -> list[Found]:
    """Return what holds every word typed, each taken as a beginning.

    Patients whose code or name holds them come first, the exact code before all; then the rest, the newest first.
    """
    if on_server(connection):
        return server.find(connection, typed, limit=limit)
    code = " ".join(typed.replace("\0", " ").encode(errors="replace").decode().split())
    words = [word for word in code.split() if any(letter.isalnum() for letter in word)][:MOST_WORDS]
    found = {(row.kind, row.record): row for row in connection.execute(_CODED, {"code": code})}
    if words:
        every = " AND ".join('"' + word.replace('"', '""') + '" *' for word in words)
        named = {"what": f"{{names}} : ({every})", "high": (_PATIENTS + 1) << SLOT, "limit": limit}
        found = {(row.kind, row.record): row for row in connection.execute(_NAMED, named)} | found
        found = dict(sorted(found.items(), key=lambda item: item[1].code != code))
        # As many more as there are already: the same patients may come again.
        newest = {"what": every, "limit": limit + len(found)}
        for row in connection.execute(_NEWEST, newest) if len(found) < limit else ():
            found.setdefault((row.kind, row.record), row)
    return [_found(row) for row in list(found.values())[:limit]]


def _found(row: Any) -> Found:
    slot = row.row >> SLOT
    day = date.fromordinal(slot - 1) if slot > _UNDATED else None
    return Found(row.kind, row.record, row.patient, row.code, row.name, row.snippet, day)
