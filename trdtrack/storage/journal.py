"""The audit lines: who changed what, when, before and after, chained so that a missing or altered line shows.

`audit` holds no patient's words, only the digest of salt + text; lawful erasure can empty `audit_text` and the chain
still holds.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.tables import TABLES, audit, audit_text, from_json, record_of, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

GENESIS = "0" * 64
_ERASED = ""
"""Stands for a text that lawful erasure took: what the record was then is not known any more."""
_LAST = select(audit.c.seq, audit.c.edit, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
_ADD_LINE = insert(audit)
_ADD_TEXT = insert(audit_text)
_HASHED = ("seq", "edit", "undoes", "at", "who", "title", "kind", "record", "digest", "previous")


@dataclass(frozen=True)
class Head:
    """The end of the chain: the last line's number and hash, the last edit's number, and whether that one is open."""

    seq: int
    edit: int
    hash: str
    open: bool = False


def head(connection: Connection) -> Head:
    """Return the end of the chain."""
    row = connection.execute(_LAST).one_or_none()
    return Head(row.seq, row.edit, row.hash) if row else Head(0, 0, GENESIS)


def append(
    connection: Connection, head: Head, edit: Edit, steps: Sequence[Step], *, who: str, at: datetime, role: str
) -> Head:
    """Add a line for each step and return the new end of the chain."""
    number = head.edit if head.open else head.edit + 1
    seq, previous = head.seq, head.hash
    common = {
        "edit": number,
        "undoes": edit.undoes,
        "at": at.isoformat(),
        "who": who,
        "title": edit.title.text if role == "edit" else f"{role}: {edit.title.text}",
    }
    lines: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for step in steps:
        seq += 1
        before, after, salt = to_json(step.before), to_json(step.after), secrets.token_hex(16)
        line = {
            **common,
            "seq": seq,
            "kind": step.record.kind,
            "record": step.record.id,
            "digest": _digest(salt, before, after),
            "previous": previous,
        }
        line["hash"] = previous = _hash(line)
        lines.append(line)
        texts.append({"seq": seq, "salt": salt, "before": before, "after": after})
    connection.execute(_ADD_LINE, lines)
    connection.execute(_ADD_TEXT, texts)
    return Head(seq, number, previous, open=True)


def edit(connection: Connection, number: int) -> Edit:
    """Read an edit back from its lines."""
    query = (
        select(audit.c.title, audit.c.undoes, audit.c.kind, audit_text)
        .join(audit_text, audit_text.c.seq == audit.c.seq, isouter=True)
        .where(audit.c.edit == number)
        .order_by(audit.c.seq)
    )
    rows = connection.execute(query).all()
    if not rows or any(row.salt is None for row in rows):
        raise Refusal(message("This cannot be taken back: its history was erased."))
    title = rows[0].title.removeprefix("undo: ").removeprefix("redo: ")
    steps = tuple(Step(from_json(row.kind, row.before), from_json(row.kind, row.after)) for row in rows)
    return Edit(Message(title), steps, undoes=rows[0].undoes)


def faults(connection: Connection) -> Iterator[str]:
    """Yield where the chain is broken and which records differ from their last line."""
    previous, expected = GENESIS, 1
    texts = {row.seq: row for row in connection.execute(select(audit_text))}
    latest: dict[tuple[str, str], str | None] = {}
    for row in connection.execute(select(audit).order_by(audit.c.seq)).mappings():
        line, text = dict(row), texts.pop(row["seq"], None)
        if line["seq"] != expected or line["previous"] != previous or line["hash"] != _hash(line):
            yield f"history line {line['seq']} was changed, or the one before it is missing"
            return
        if text is not None and line["digest"] != _digest(text.salt, text.before, text.after):
            yield f"the text of history line {line['seq']} was changed"
        latest[line["kind"], line["record"]] = text.after if text is not None else _ERASED
        previous, expected = line["hash"], expected + 1
    for kind in TABLES:
        yield from _differing(connection, kind, latest)
    yield from (
        f"{kind} {record} is missing" for (kind, record), after in latest.items() if after not in (None, _ERASED)
    )
    if texts:
        yield "the history holds texts without lines"


def _differing(connection: Connection, kind: str, latest: dict[tuple[str, str], str | None]) -> Iterator[str]:
    """Yield the records of one kind that are not as their last line says, and take the others' lines away."""
    try:
        for row in connection.execute(select(TABLES[kind])).mappings():
            # A record without a line was never written by this program.
            last, record = latest.pop((kind, row["id"]), None), record_of(kind, row)
            # A line of an older version lacks the fields that came later: then the records are compared.
            if last not in (_ERASED, to_json(record)) and from_json(kind, last) != record:
                yield f"{kind} {row['id']} is not as its history says"
    except (Refusal, ValueError, TypeError):
        yield f"a {kind} holds what this program never writes"


def _digest(salt: str, before: str | None, after: str | None) -> str:
    return hashlib.sha256(f"{salt}{before or ''}\x00{after or ''}".encode()).hexdigest()


def _hash(line: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps([line[name] for name in _HASHED]).encode()).hexdigest()
