"""Who may see and change what, as the server itself keeps it: rights of three roles, and policies row by row.

A role is written TO in each policy, so that a therapist's query meets one condition an index serves, and no other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.storage.postgres.functions import ME
from trdtrack.storage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = ("therapist", "supervisor", "administrator")
OWNER = "trdtrack_owner"
_ALL = ", ".join(f"trdtrack_{role}" for role in ROLES)
_CLINICS = ("rules", "clinic", "benchmark")
"""Kinds of record that are the whole clinic's: everybody reads them, administrators change them."""
_WRITERS = "trdtrack_therapist, trdtrack_administrator"
_ADMINISTERS = "(SELECT my_role()) = 'administrator'"
_ANYBODY = "(SELECT my_role()) <> ''"


def _mine(column: str, more: str = "") -> str:
    return f"{column} = ANY ((SELECT mine(){more})::text[])"


def _reads(column: str) -> str:
    return f"(SELECT sees_all()) OR {column} = ANY ((SELECT of_my_team())::text[])"


def _policy(table: str, name: str, to: str, using: str, *, command: str = "ALL", check: str = "") -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS {name} ON {table}"
    clauses = "" if command == "INSERT" else f" USING ({using})"
    clauses += "" if command in {"SELECT", "DELETE"} else f" WITH CHECK ({check or using})"
    yield f"CREATE POLICY {name} ON {table} FOR {command} TO {to}{clauses}"


def _of_patients(table: str, column: str, *, more: str = "") -> Iterator[str]:
    """Yield what keeps a table whose rows are each about one patient. `more`: what else a therapist may read."""
    yield f"GRANT SELECT ON {table} TO {_ALL}"
    yield f"GRANT INSERT, UPDATE, DELETE ON {table} TO {_WRITERS}"
    mine, check = _mine(column), f"is_mine({column})"
    if table == "patient":  # becomes theirs by being added: see `own_what_is_added`
        check = _THERAPIST
    # A policy a command: of two for one of them a query would have to look at every row.
    for command, using in (("SELECT", _mine(column, more)), ("INSERT", ""), ("UPDATE", mine), ("DELETE", mine)):
        name = f"therapist_{command.lower()}"
        yield from _policy(table, name, "trdtrack_therapist", using, command=command, check=check)
    yield from _policy(table, "supervisor", "trdtrack_supervisor", _reads(column), command="SELECT")
    yield from _policy(table, "administrator", "trdtrack_administrator", _ADMINISTERS)


_THERAPIST = "(SELECT my_role()) = 'therapist'"


def _read_only(table: str, *policies: tuple[str, str]) -> Iterator[str]:
    """Yield what keeps a table that no role writes to."""
    yield f"GRANT SELECT ON {table} TO {_ALL}"
    for role, using in policies:
        yield from _policy(table, role, _ALL if role == "anybody" else f"trdtrack_{role}", using, command="SELECT")


def _history() -> Iterator[str]:
    # A line about nobody holds what is the clinic's; one about an erased patient holds no words any more.
    yield from _read_only(
        "audit",
        ("therapist", f"{_THERAPIST} AND (about = '{{}}' OR about && (SELECT mine())::text[])"),
        ("supervisor", f"{_ANYBODY} AND ((SELECT sees_all()) OR about = '{{}}' OR about && (SELECT of_my_team()))"),
        ("administrator", _ADMINISTERS),
    )
    # Read through the policy above: the text of a line is seen by whoever sees the line.
    yield from _read_only("audit_text", ("anybody", "EXISTS (SELECT FROM audit WHERE audit.seq = audit_text.seq)"))
    yield from _read_only(
        "audit_about",
        ("therapist", _mine("patient")),
        ("supervisor", _reads("patient")),
        ("administrator", _ADMINISTERS),
    )
    for table in ("audit", "audit_text"):
        yield f"DROP TRIGGER IF EXISTS stays ON {table}"
        yield (f"CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION history_stays()")
        yield f"DROP TRIGGER IF EXISTS stays_whole ON {table}"
        yield (
            f"CREATE TRIGGER stays_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION history_stays()"
        )


def statements() -> Iterator[str]:
    """Yield all of it, in an order and a form in which it can be put on once more."""
    yield "REVOKE ALL ON ALL TABLES IN SCHEMA trdtrack FROM PUBLIC"
    yield "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA trdtrack FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA trdtrack TO {_ALL}"
    yield f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA trdtrack TO {_ALL}"
    yield f"GRANT SELECT ON version TO {_ALL}"
    closed = (*TABLES, "gist", "words", "draft", "audit", "audit_text", "audit_about", "member", "assignment", "access")
    yield from (f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in closed)
    for kind, table in TABLES.items():
        if kind in _CLINICS:
            yield f"GRANT SELECT ON {kind} TO {_ALL}"
            yield f"GRANT INSERT, UPDATE, DELETE ON {kind} TO trdtrack_administrator"
            yield from _policy(kind, "anybody", _ALL, _ANYBODY, command="SELECT")
            yield from _policy(kind, "administrator", "trdtrack_administrator", _ADMINISTERS)
        else:
            yield from _of_patients(kind, "patient" if "patient" in table.c else "id")
        yield f"DROP TRIGGER IF EXISTS has_its_line ON {kind}"
        yield (
            f"CREATE CONSTRAINT TRIGGER has_its_line AFTER INSERT OR UPDATE OR DELETE ON {kind} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION has_its_line()"
        )
    yield "DROP TRIGGER IF EXISTS owned ON patient"
    yield "CREATE TRIGGER owned AFTER INSERT ON patient FOR EACH ROW EXECUTE FUNCTION own_what_is_added()"
    # The row without a patient says that what is kept is all there is to keep.
    yield from _of_patients("gist", "patient", more=" || ''::text")
    yield from _of_patients("words", "patient")
    yield f"GRANT SELECT, INSERT, DELETE ON draft TO {_ALL}"
    yield from _policy("draft", "its_writer", _ALL, f"login = {ME} AND {_ANYBODY}")
    yield from _history()
    yield from _read_only("member", ("anybody", _ANYBODY))
    yield from _read_only("access", ("administrator", _ADMINISTERS))
    yield from _read_only("assignment", ("anybody", f"login = {ME} OR {_ADMINISTERS}"))
    yield "GRANT INSERT, DELETE ON assignment TO trdtrack_administrator"
    yield from _policy("assignment", "administrator", "trdtrack_administrator", _ADMINISTERS)
