"""All that is held about one patient asked for at once: over a network the way there and back is what takes time."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Date, TypeDecorator, text

from trdtrack.domain.records import KINDS
from trdtrack.storage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, TextClause

    from trdtrack.domain.records import Record


_KINDS = tuple(kind for kind in TABLES if kind == "patient" or "patient" in TABLES[kind].c)
_PARTS = " UNION ALL ".join(
    f"SELECT '{kind}', row_to_json(t), t.rowid FROM {kind} t "
    f"WHERE '{kind}' = ANY (kinds) AND t.{'id' if kind == 'patient' else 'patient'} = whose"
    for kind in _KINDS
)
_TOGETHER = "json_agg(json_build_array(kind, fields) ORDER BY place)"
# Whose it is, is asked once, and not by the policies of a dozen tables.
FUNCTION = f"""CREATE OR REPLACE FUNCTION all_of(whose text, kinds text[]) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = trdtrack, pg_temp AS $$ BEGIN
    IF is_mine(whose) OR sees_all() OR whose = ANY (of_my_team()) THEN
        RETURN (SELECT {_TOGETHER} FROM ({_PARTS}) AS t (kind, fields, place));
    END IF;
    RETURN NULL;
END $$"""
_ASK = text("SELECT all_of(:patient, CAST(:kinds AS text[]))")


def all_of(connection: Connection, patient: str, kinds: tuple[str, ...]) -> dict[str, list[Record]]:
    """Return a patient's records of these kinds, by kind, each in the order of writing."""
    return _records(connection.execute(_ASK, {"patient": patient, "kinds": list(kinds)}).scalar_one(), kinds)


def every(connection: Connection, kinds: tuple[str, ...]) -> dict[str, list[Record]]:
    """Return all records of some kinds that this login sees, by kind, each in the order of writing."""
    return _records(connection.execute(_every(kinds)).scalar_one(), kinds)


@cache
def _every(kinds: tuple[str, ...]) -> TextClause:
    parts = " UNION ALL ".join(f"SELECT '{kind}', row_to_json(t), t.rowid FROM {kind} t" for kind in kinds)
    return text(f"SELECT {_TOGETHER} FROM ({parts}) AS t (kind, fields, place)")


def _records(rows: list[tuple[str, dict[str, Any]]] | None, kinds: tuple[str, ...]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {kind: [] for kind in kinds}
    for kind, fields in rows or ():
        found[kind].append(KINDS[kind](**{name: read(fields[name]) for name, read in _columns(kind)}))
    return found


@cache
def _columns(kind: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    return tuple((name, _reader(column.type)) for name, column in TABLES[kind].columns.items())


def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return what makes a field's value of what JSON has for a column of this type."""
    if isinstance(kind, Date):
        return _day
    if isinstance(kind, TypeDecorator):
        made = cast("TypeDecorator[Any]", kind)
        return lambda value: made.process_result_value(value, _NO_DIALECT)
    return _as_it_is


_NO_DIALECT: Any = None


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _as_it_is(value: Any) -> Any:
    return value
