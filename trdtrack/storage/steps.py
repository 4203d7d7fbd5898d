"""Writes an edit's steps to the tables, and says in words why the database would not take one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.storage.tables import TABLES, on_server, one_or_all, records_of, values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from trdtrack.domain.edit import Step
    from trdtrack.domain.records import Record

_BELONGING = message("Other records belong to this one, or the one it belongs to is gone.")
_FOREIGN_KEY = "23503"
"""What PostgreSQL calls a reference to what is not there."""
_TAKEN = text("SELECT id, code, withdrawn, mine FROM taken_codes(CAST(:codes AS text[]))")
_INSERT = {kind: insert(table) for kind, table in TABLES.items()}
_UPDATE = {kind: update(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}
_DELETE = {kind: delete(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}
# In one order, and held until the transaction ends: a file is held as a whole, and leaves these words out.
_THESE = {
    kind: select(table).where(table.c.id.in_(bindparam("ids", expanding=True))).order_by(table.c.id).with_for_update()
    for kind, table in TABLES.items()
}


def batch_key(step: Step) -> tuple[str, str]:
    """Return what steps written in one go have in common: the kind of record, and what is done to it."""
    what = "insert" if step.before is None else "delete" if step.after is None else "update"
    return step.record.kind, what


def apply(connection: Connection, kind: str, what: str, steps: list[Step]) -> None:
    """Write steps that are all of one kind and do the same, the records being as the steps expect them."""
    try:
        if what == "insert":
            connection.execute(_INSERT[kind], one_or_all([values(s.after) for s in steps if s.after]))
            return
        stored = _stored(connection, kind, {s.record.id for s in steps})
        for step in steps:
            if step.before and stored.get(step.before.id) != step.before:
                raise stale(step.before, stored.get(step.before.id))
            # A record may take two steps in one edit.
            if step.after:
                stored[step.after.id] = step.after
        if what == "delete":
            connection.execute(_DELETE[kind], [{"id_": s.before.id} for s in steps if s.before])
        else:
            connection.execute(_UPDATE[kind], one_or_all([_changed(s.after) for s in steps if s.after]))
    except IntegrityError as error:
        if on_server(connection):
            raise _refused_by_server(connection, error, steps) from error
        raise _integrity_refusal(connection, error, steps) from error


def _changed(record: Record) -> dict[str, Any]:
    """Return a record's row without its id: one that is set again has SQLite look for all that belongs to it."""
    row = values(record)
    row["id_"] = row.pop("id")
    return row


def _stored(connection: Connection, kind: str, ids: Iterable[str]) -> dict[str, Record]:
    return {r.id: r for r in records_of(kind, connection.execute(_THESE[kind], {"ids": list(ids)}))}


def stale(expected: Record | None, stored: Record | None) -> Stale:
    """Return the refusal of a step whose record is not as it expects."""
    what = message("Somebody changed this first. Look at it again; nothing was overwritten.")
    return Stale(what, expected=expected, stored=stored)


def _integrity_refusal(connection: Connection, error: IntegrityError, steps: list[Step]) -> Refusal:
    """Say which of the steps the database would not take. What it did take before is not yet rolled back."""
    said = str(error.orig)
    if "FOREIGN KEY" in said:
        return Refusal(_BELONGING)
    for step in steps:
        record = step.record
        if "patient.code" in said and isinstance(record, Patient):
            query = select(TABLES["patient"]).where(TABLES["patient"].c.code == record.code)
            row = connection.execute(query).mappings().one_or_none()
            if row and row["id"] != record.id:
                return _code_taken(record.code, withdrawn=bool(row["withdrawn"]))
        stored = _stored(connection, record.kind, [record.id]).get(record.id)
        if stored not in (None, record):
            return stale(step.before, stored)
    return stale(steps[0].before, steps[0].after)


def _code_taken(code: str, *, withdrawn: bool, mine: bool = True) -> Refusal:
    what = message("There is already a patient with the code {code}.", code=code)
    if withdrawn:
        what = message("A withdrawn patient has the code {code}.", code=code)
    if not mine:
        what = message("There is already a patient with the code {code}, whom somebody else sees.", code=code)
    return Refusal(what, field="code")


def _refused_by_server(connection: Connection, error: IntegrityError, steps: list[Step]) -> Refusal:
    """Say the same of a server, which answers nothing more before all is taken back."""
    cause: Any = error.orig
    connection.connection.rollback()
    if cause.sqlstate == _FOREIGN_KEY:
        return Refusal(_BELONGING)
    if cause.diag.constraint_name == "patient_code_key":
        patients = [step.record for step in steps if isinstance(step.record, Patient)]
        rows = connection.execute(_TAKEN, {"codes": [patient.code for patient in patients]}).all()
        taken = {row.code: row for row in rows}
        seen = dict[str, str]()
        for patient in patients:
            row = taken.get(patient.code)
            if row and row.id != patient.id:
                return _code_taken(patient.code, withdrawn=row.withdrawn, mine=row.mine)
            if seen.setdefault(patient.code, patient.id) != patient.id:
                return _code_taken(patient.code, withdrawn=False)
    for step in steps:
        stored = _stored(connection, step.record.kind, [step.record.id]).get(step.record.id)
        if stored not in (None, step.record):
            return stale(step.before, stored)
    return stale(steps[0].before, steps[0].after)
