"""All that an edit rests on held and read at once: over a network the way there and back is what takes time."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Date, TypeDecorator

from trdtrack.domain.records import KINDS
from trdtrack.storage.postgres.lists import ask
from trdtrack.storage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from trdtrack.domain.records import Record


_KINDS = tuple(kind for kind in TABLES if kind == "patient" or "patient" in TABLES[kind].c)
_PARTS = " UNION ALL ".join(
    f"SELECT '{kind}', row_to_json(t), t.rowid FROM {kind} t "
    f"WHERE '{kind}' = ANY (kinds) AND t.{'id' if kind == 'patient' else 'patient'} = whose"
    for kind in _KINDS
)
_TOGETHER = "json_agg(json_build_array(kind, fields) ORDER BY place)"
# Whose it is, is asked once, and not by the policies of a dozen tables. Planned once, too: the server would plan the
# union of all kinds anew for each of the first five saves after somebody logged in.
FUNCTION = f"""CREATE OR REPLACE FUNCTION all_of(whose text, kinds text[]) RETURNS json
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = trdtrack, pg_temp
SET plan_cache_mode = force_generic_plan AS $$ BEGIN
    IF is_mine(whose) OR sees_all() OR whose = ANY (of_my_team()) THEN
        RETURN (SELECT {_TOGETHER} FROM ({_PARTS}) AS t (kind, fields, place));
    END IF;
    RETURN NULL;
END $$"""
_CLINICS = tuple(kind for kind in TABLES if kind not in _KINDS)
_OF_CLINIC = " UNION ALL ".join(f"SELECT '{kind}', row_to_json(t), t.rowid FROM {kind} t" for kind in _CLINICS)
# Each statement in it sees what stands when it begins: what is read is what whoever held it before has left.
HOLDING = f"""CREATE OR REPLACE FUNCTION hold_and_read(ids text[], everything boolean, kinds text[]) RETURNS json
LANGUAGE plpgsql VOLATILE SET search_path = trdtrack, pg_temp AS $$ BEGIN
    IF cardinality(hold_patients(ids, everything)) > 0 THEN RETURN NULL; END IF;
    IF cardinality(kinds) = 0 THEN RETURN '{{}}'; END IF;
    RETURN (SELECT json_object_agg(one, CASE WHEN one <> '' THEN all_of(one, kinds) ELSE
        (SELECT {_TOGETHER} FROM ({_OF_CLINIC}) AS t (kind, fields, place)) END) FROM unnest(ids || ''::text) AS one);
END $$"""
_HOLD = "SELECT hold_and_read(%(ids)s::text[], %(everything)s, %(kinds)s::text[])"


def hold(
    connection: Connection, patients: list[str], *, everything: bool, kinds: tuple[str, ...]
) -> dict[str, dict[str, list[Record]]] | None:
    """Hold patients until the transaction ends, and return each one's records of these kinds, by kind and as written.

    Under no patient's id stand the clinic's. Without kinds nothing is read; None where a patient is somebody else's.
    """
    asked = {"ids": patients, "everything": everything, "kinds": list(kinds)}
    [found] = ask(connection, _HOLD, asked)[0]
    if found is None:
        return None
    return {one: _records(rows, kinds if one else _CLINICS) for one, rows in found.items()}


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
