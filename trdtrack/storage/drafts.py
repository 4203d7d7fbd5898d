"""Drafts in the caseload file, so that they are encrypted like the record and survive a lock or a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, text

from trdtrack.domain.drafts import Draft
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.tables import draft as table

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from trdtrack.storage.records import Records

_NEWEST = select(table.c.form, table.c.patient, table.c.at, table.c.text).order_by(text("rowid DESC"))
"""By the order of writing: a clock that was set back would put what was typed last behind what was there."""


def keep(store: Records, draft: Draft) -> bool:
    """Keep a form's draft in the place of its last one; False if the file cannot take it now."""
    row = {"form": draft.form, "patient": draft.patient, "at": draft.at, "text": draft.text}
    return _tried(store, delete(table).where(table.c.form == draft.form), insert(table).values(row))


def drop(store: Records, form: str) -> bool:
    """Let a form's draft go; False if the file cannot be written now."""
    return _tried(store, delete(table).where(table.c.form == form))


def _tried(store: Records, *statements: Executable) -> bool:
    if not store.writable:
        return False
    try:
        with store.transaction(write=True, wait=False) as connection:
            for statement in statements:
                connection.execute(statement)
    except (Refusal, UnicodeEncodeError):  # half of a surrogate pair, as a broken paste leaves it, fits no file
        return False
    return True


def of(store: Records, form: str) -> Draft | None:
    """Return a form's draft."""
    with store.transaction(write=False) as connection:
        row = connection.execute(_NEWEST.where(table.c.form == form)).one_or_none()
    return Draft(*row) if row else None


def every(store: Records) -> list[Draft]:
    """Return all drafts, the newest first."""
    with store.transaction(write=False) as connection:
        return [Draft(*row) for row in connection.execute(_NEWEST)]
