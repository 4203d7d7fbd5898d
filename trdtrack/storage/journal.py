"""The audit lines: who changed what, when, before and after, chained so that a missing or altered line shows.

`audit` holds no patient's words, only the digest of salt + text; lawful erasure can empty `audit_text` and the chain
still holds.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.exported import TITLE, Exported
from trdtrack.domain.history import Line
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.chain import Head, head, line_hash, seal, text_digest
from trdtrack.storage.chain_words import ERASE
from trdtrack.storage.postgres import history
from trdtrack.storage.tables import audit, audit_about, audit_text, from_json, line_from_json, on_server, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

_COLUMNS = tuple(audit.c.keys())
_LINE = (
    "INSERT INTO audit (seq, edit, undoes, at, who, title, kind, record, digest, previous, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TEXT = "INSERT INTO audit_text (seq, salt, before, after, why) VALUES (?, ?, ?, ?, ?)"
_ABOUT = "INSERT INTO audit_about (patient, seq) VALUES (?, ?)"


def append(
    connection: Connection, head: Head, edit: Edit, steps: Sequence[Step], *, who: str, at: datetime, role: str
) -> Head:
    """Add a line for each step and return the new end of the chain."""
    number = head.edit if head.open else head.edit + 1
    title = edit.title.text if role == "edit" else f"{role}: {edit.title.text}"
    common = {"edit": number, "undoes": edit.undoes, "at": at.isoformat(), "who": who, "title": title}
    seq, previous, why = head.seq, head.hash, edit.why or None
    # Three lines a record: as plain rows they cost half of what they do by name.
    lines: list[tuple[Any, ...]] = []
    texts: list[tuple[Any, ...]] = []
    about: list[tuple[str, int]] = []
    for step in steps:
        seq += 1
        record = step.record
        salt, before, after = secrets.token_hex(16), to_json(step.before), to_json(step.after)
        line = {**common, "seq": seq, "kind": record.kind, "record": record.id, "previous": previous}
        line["digest"] = text_digest(salt, before, after, why)
        line["hash"] = previous = line_hash(line)
        lines.append(tuple(line[name] for name in _COLUMNS))
        texts.append((seq, salt, before, after, why))
        patients = {r.patient for r in (step.before, step.after) if r and r.patient}
        about += ((patient, seq) for patient in patients)
    _write(connection, lines, texts, about)
    return Head(seq, number, previous, open=True)


def _write(
    connection: Connection, lines: list[tuple[Any, ...]], texts: list[tuple[Any, ...]], about: list[tuple[str, int]]
) -> None:
    """Write lines that continue the chain, what they hold, and whom they are about."""
    if on_server(connection):
        history.add(connection, [dict(zip(_COLUMNS, line, strict=True)) for line in lines], texts, about)
        return
    connection.exec_driver_sql(_LINE, lines)
    connection.exec_driver_sql(_TEXT, texts)
    if about:
        connection.exec_driver_sql(_ABOUT, about)


def append_bare(connection: Connection, title: str, *, kind: str, record: str, who: str, at: datetime) -> None:
    """Add a line that says something was done to a record and holds no word of it."""
    _append_one(connection, title, kind=kind, record=record, who=who, at=at)


def append_erasure(connection: Connection, patient: str, *, taking: Iterable[int], who: str, at: datetime) -> None:
    """Add the line that a patient is taken out, before the texts of the lines `taking` are: only then may they go.

    In the place of a salt, which guards no text here, it says which lines are without texts from now on.
    """
    gone = connection.execute(select(audit.c.seq).where(audit.c.seq.not_in(select(audit_text.c.seq)))).scalars()
    sealed = seal({*gone, *taking})
    _append_one(connection, ERASE.text, kind="patient", record=patient, who=who, at=at, salt=sealed)


def append_export(connection: Connection, exported: Exported, *, who: str, at: datetime) -> None:
    """Add the line of something that left the program, about everybody it is about."""
    common = {"kind": exported.kind, "record": exported.id, "who": who}
    _append_one(connection, TITLE.text, **common, at=at, after=to_json(exported), about=exported.patients)


def _append_one(
    connection: Connection,
    title: str,
    *,
    kind: str,
    record: str,
    who: str,
    at: datetime,
    after: str | None = None,
    salt: str = "",
    about: Sequence[str] = (),
) -> None:
    """Add a line that is an act of its own."""
    end, salt = head(connection, to_add=True), salt or secrets.token_hex(16)
    line = {"seq": end.seq + 1, "edit": end.edit + 1, "undoes": None, "at": at.isoformat(), "who": who, "title": title}
    line |= {"kind": kind, "record": record, "digest": text_digest(salt, None, after, None), "previous": end.hash}
    line["hash"] = line_hash(line)
    number = end.seq + 1
    texts = [(number, salt, None, after, None)]
    _write(connection, [tuple(line[name] for name in _COLUMNS)], texts, [(patient, number) for patient in about])


def lines(connection: Connection, *, patient: str | None, before: int | None, limit: int) -> list[Line]:
    """Return history lines, the newest first: all, or those about one patient; from line `before` back."""
    query = select(audit, audit_text.c.salt, audit_text.c.before, audit_text.c.after, audit_text.c.why)
    query = query.select_from(audit).join(audit_text, audit_text.c.seq == audit.c.seq, isouter=True)
    seq = audit.c.seq
    if patient is not None:
        # Ordered by its own column, the index is read backwards and no further than the limit.
        seq = audit_about.c.seq
        query = query.join(audit_about, audit_about.c.seq == audit.c.seq).where(audit_about.c.patient == patient)
    if before is not None:
        query = query.where(seq < before)
    return [
        Line(
            number=row.seq,
            edit=row.edit,
            undoes=row.undoes,
            at=datetime.fromisoformat(row.at),
            who=row.who,
            title=row.title,
            kind=row.kind,
            record=row.record,
            before=from_json(row.kind, row.before),
            after=line_from_json(row.kind, row.after),
            why=row.why or "",
            erased=row.salt is None,
        )
        for row in connection.execute(query.order_by(seq.desc()).limit(limit))
    ]


def edit(connection: Connection, number: int) -> Edit:
    """Read an edit back from its lines."""
    query = (
        select(audit.c.title, audit.c.undoes, audit.c.kind, audit_text)
        .join(audit_text, audit_text.c.seq == audit.c.seq, isouter=True)
        .where(audit.c.edit == number)
        .order_by(audit.c.seq)
    )
    rows = connection.execute(query).all()
    if not rows or any(row.before is None and row.after is None for row in rows):
        raise Refusal(message("This cannot be taken back: its history was erased."))
    title = rows[0].title.removeprefix("undo: ").removeprefix("redo: ")
    steps = tuple(Step(from_json(row.kind, row.before), from_json(row.kind, row.after)) for row in rows)
    return Edit(Message(title), steps, undoes=rows[0].undoes, why=rows[0].why or "")
