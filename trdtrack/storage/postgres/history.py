"""The audit chain on a server: only the server's own functions add to it, and prove each line (see `functions`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from trdtrack.storage.postgres.lists import ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Executable

ADDED = "added line"
"""Under this name a connection remembers the lines it added, the first's number, the last's number and hash: by them a
save is found whose end nobody heard of."""
_TEXTS = ("seq", "salt", "before", "after", "why")
_ADD = "SELECT add_lines(%(lines)s::json)"
_TAKE = text("SELECT take_lines(CAST(:lines AS json))")
_GUARDS = text(
    "SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('audit'::regclass, 'audit_text'::regclass) "
    "AND tgenabled = 'O' AND tgname IN ('stays', 'stays_whole')"
)
_OPEN = text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'trdtrack'::regnamespace AND relkind = 'r' "
    "AND NOT relrowsecurity AND relname NOT IN ('version')"
)


def end(*, to_add: bool) -> Executable:
    """Return what asks for the end of the chain; `to_add` waits for, and keeps off, everybody else who adds."""
    return text(f"SELECT seq, edit, hash FROM {'hold_chain' if to_add else 'chain_end'}()")  # noqa: S608 - our own


def hash_at(number: int) -> Executable:
    """Return what asks for a line's hash."""
    return text("SELECT hash_at(:number)").bindparams(number=number)


def add(
    connection: Connection,
    lines: Sequence[dict[str, Any]],
    texts: Iterable[Sequence[Any]],
    about: Iterable[tuple[str, int]],
) -> None:
    """Add lines, their texts, and whom they are about."""
    whom: dict[int, list[str]] = {}
    for patient, seq in about:
        whom.setdefault(seq, []).append(patient)
    whole = [
        {**line, **dict(zip(_TEXTS, said, strict=True)), "about": sorted(whom.get(line["seq"], ()))}
        for line, said in zip(lines, texts, strict=True)
    ]
    ask(connection, _ADD, {"lines": json.dumps(whole)})
    connection.info[ADDED] = connection.info.get(ADDED, (lines[0]["seq"],))[0], lines[-1]["seq"], lines[-1]["hash"]


def take(connection: Connection, entries: Sequence[dict[str, Any]]) -> None:
    """Add another caseload's lines to an empty history, as they were there."""
    whole = [{**entry, "seq": entry["number"]} for entry in entries]
    connection.execute(_TAKE, {"lines": json.dumps(whole)})
    connection.info[ADDED] = 1, whole[-1]["seq"], whole[-1]["hash"]


def guarded(connection: Connection) -> bool:
    """Whether what keeps the history from being changed, and people from what is not theirs, is all in force."""
    return connection.execute(_GUARDS).scalar_one() == 4 and connection.execute(_OPEN).scalar_one() == 0
