"""Writes an edit's steps to the tables, and says in words why the database would not take one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.storage.tables import TABLES, record_of, values

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from trdtrack.domain.edit import Step
    from trdtrack.domain.records import Record

_INSERT = {kind: insert(table) for kind, table in TABLES.items()}
_UPDATE = {kind: update(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}
_DELETE = {kind: delete(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}
_ONE = {kind: select(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}


def batch_key(step: Step) -> tuple[str, str]:
    """Return what steps written in one go have in common: the kind of record, and what is done to it."""
    what = "insert" if step.before is None else "delete" if step.after is None else "update"
    return step.record.kind, what


def apply(connection: Connection, kind: str, what: str, steps: list[Step]) -> None:
    """Write steps that are all of one kind and do the same, the records being as the steps expect them."""
    try:
        for step in steps:
            if step.before is not None:
                stored = _stored(connection, kind, step.before.id)
                if stored != step.before:
                    raise _stale(step.before, stored)
                if step.after is not None:
                    connection.execute(_UPDATE[kind], {**values(step.after), "id_": step.after.id})
        if what == "insert":
            connection.execute(_INSERT[kind], [values(s.after) for s in steps if s.after])
        elif what == "delete":
            connection.execute(_DELETE[kind], [{"id_": s.before.id} for s in steps if s.before])
    except IntegrityError as error:
        raise _integrity_refusal(connection, error, steps) from error


def _stored(connection: Connection, kind: str, record: str) -> Record | None:
    row = connection.execute(_ONE[kind], {"id_": record}).mappings().one_or_none()
    return record_of(kind, row) if row else None


def _stale(expected: Record | None, stored: Record | None) -> Stale:
    what = message("Somebody changed this first. Look at it again; nothing was overwritten.")
    return Stale(what, expected=expected, stored=stored)


def _integrity_refusal(connection: Connection, error: IntegrityError, steps: list[Step]) -> Refusal:
    """Say which of the steps the database would not take. What it did take before is not yet rolled back."""
    text = str(error.orig)
    if "FOREIGN KEY" in text:
        return Refusal(message("Other records belong to this one, or the one it belongs to is gone."))
    for step in steps:
        record = step.record
        if "patient.code" in text and isinstance(record, Patient):
            query = select(TABLES["patient"]).where(TABLES["patient"].c.code == record.code)
            row = connection.execute(query).mappings().one_or_none()
            if row and row["id"] != record.id:
                what = message("There is already a patient with the code {code}.", code=record.code)
                if row["withdrawn"]:
                    what = message("A withdrawn patient has the code {code}.", code=record.code)
                return Refusal(what, field="code")
        elif (stored := _stored(connection, record.kind, record.id)) not in (None, record):
            return _stale(step.before, stored)
    return _stale(steps[0].before, steps[0].after)
