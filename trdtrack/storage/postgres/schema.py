"""The caseload's schema on a server: made, brought up to date, and its version proved when somebody connects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateIndex, CreateTable

from trdtrack.domain.message import message
from trdtrack.domain.refusals import NotYours, Refusal
from trdtrack.storage import gists
from trdtrack.storage.postgres import access, dossiers, functions, lists, notices, policies, search
from trdtrack.storage.tables import TABLES, audit, audit_about, audit_text, gist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

STEPS: tuple[Callable[[Connection], None], ...] = ()
"""STEPS[0] takes version 1 to version 2, and so on. A step is never changed once it has been released."""
_DIALECT = dialect()
_OWN_TABLES = (
    "CREATE TABLE version (version int NOT NULL)",
    (
        "CREATE TABLE member (login text PRIMARY KEY, team text NOT NULL, made boolean NOT NULL, role text NOT NULL "
        "CHECK (role IN ('therapist', 'supervisor', 'administrator')))"
    ),
    (
        # No reference to a patient: whoever undoes an addition does it again as its owner.
        "CREATE TABLE assignment (login text NOT NULL REFERENCES member, patient text NOT NULL, "
        "PRIMARY KEY (login, patient))"
    ),
    "CREATE INDEX ix_assignment_patient ON assignment (patient)",
    (
        "CREATE TABLE draft (login text NOT NULL DEFAULT session_user, form text NOT NULL, patient text NOT NULL, "
        "at text NOT NULL, text text NOT NULL, PRIMARY KEY (login, form))"
    ),
    # Whom a line is about stands in the line, too: a policy must not look further for each of a million.
    "ALTER TABLE audit ADD COLUMN about text[] NOT NULL DEFAULT '{}'",
    "CREATE INDEX ix_audit_about ON audit USING gin (about)",
    (
        "CREATE TYPE history_line AS (seq int, edit int, undoes int, at text, who text, title text, kind text, "
        "record text, digest text, previous text, hash text, salt text, before text, after text, why text, about json)"
    ),
    "CREATE TYPE chain_head AS (seq int, edit int, hash text)",
)


def current() -> int:
    """Return the schema version this program works with."""
    return len(STEPS) + 1


def version(connection: Connection) -> int:
    """Return the schema's version; 0 where there is none."""
    there = connection.execute(text("SELECT to_regclass('trdtrack.version') IS NOT NULL")).scalar_one()
    return connection.execute(text("SELECT version FROM trdtrack.version")).scalar_one() if there else 0


def accept(version: int, name: str) -> None:
    """Refuse a database without a caseload, and one of a newer or an older program."""
    if version == 0:
        what = message(
            "There is no caseload in {name} yet: its administrator makes one with `trdtrack clinic init`.", name=name
        )
        raise Refusal(what)
    if version > current():
        what = message(
            "The caseload in {name} is of a newer TRDTrack (version {theirs}, this program knows {ours}). Update the "
            "program.",
            name=name,
            theirs=version,
            ours=current(),
        )
        raise Refusal(what)
    if version < current():
        what = message(
            "The caseload in {name} is of an older TRDTrack (version {theirs}, this program works with {ours}): its "
            "administrator brings it up to date with `trdtrack clinic init`.",
            name=name,
            theirs=version,
            ours=current(),
        )
        raise Refusal(what)


def _tables() -> Iterator[str]:
    for table in (*TABLES.values(), audit, audit_text, audit_about, gist):
        yield str(CreateTable(table).compile(dialect=_DIALECT))
        yield from (str(CreateIndex(index).compile(dialect=_DIALECT)) for index in table.indexes)
    yield from _OWN_TABLES
    yield access.TABLE
    yield from search.TABLE
    for table in (*TABLES, "draft"):
        # As SQLite has it by itself: the order of writing.
        yield f"ALTER TABLE {table} ADD COLUMN rowid bigint GENERATED ALWAYS AS IDENTITY"


def _roles(connection: Connection) -> None:
    """Make the roles that are not there: of one server they serve every caseload on it."""
    known = set(connection.exec_driver_sql("SELECT rolname FROM pg_roles WHERE rolname LIKE 'trdtrack%%'").scalars())
    if policies.OWNER not in known:
        connection.exec_driver_sql(f"CREATE ROLE {policies.OWNER} NOLOGIN CREATEROLE")
    for name in (f"trdtrack_{role}" for role in policies.ROLES):
        if name not in known:
            connection.exec_driver_sql(f"CREATE ROLE {name} NOLOGIN")
            connection.exec_driver_sql(f"GRANT {name} TO {policies.OWNER} WITH ADMIN OPTION")


def _join(connection: Connection, name: str) -> None:
    """Make whoever sets up one of those who may act as the owner."""
    # From PostgreSQL 16 on whoever made a role is its member, and may not act as it yet.
    kind = "SET" if (connection.dialect.server_version_info or ()) >= (16,) else "MEMBER"
    asked = f"SELECT session_user::text, pg_has_role('{policies.OWNER}', '{kind}')"
    login, may = connection.exec_driver_sql(asked).one()
    if may:
        return
    try:
        connection.exec_driver_sql(f"GRANT {policies.OWNER} TO session_user")
    except ProgrammingError as error:
        what = message(
            "Somebody else has made a caseload on the server of {name}. They, or the server's superuser, let you make "
            "one too with `GRANT {owner} TO {login}` in psql.",
            name=name,
            owner=policies.OWNER,
            login=login,
        )
        raise NotYours(what) from error


def put_on(connection: Connection, name: str) -> None:
    """Make the schema, or take an older one step by step to today's, with all roles, functions and policies.

    Whoever does it becomes an administrator of the caseload. In the caller's transaction, alone.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock, 2)"), {"lock": functions.LOCKS})
    _roles(connection)
    _join(connection, name)
    connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS trdtrack AUTHORIZATION {policies.OWNER}")
    connection.exec_driver_sql(f"SET LOCAL ROLE {policies.OWNER}")
    found = version(connection)
    if found > current():
        accept(found, name)
    if found == 0:
        for statement in _tables():
            connection.exec_driver_sql(statement)
        gists.stamp(connection)
        connection.exec_driver_sql("INSERT INTO version VALUES (0)")
    else:
        for step in STEPS[found - 1 :]:
            step(connection)
    made = (
        *functions.WHOSE,
        *functions.CHAIN,
        *functions.MEMBERS,
        search.FUNCTION,
        dossiers.FUNCTION,
        dossiers.HOLDING,
        lists.FUNCTION,
        *notices.SENDING,
        *access.KEEPING,
    )
    for statement in (*made, *policies.statements()):
        connection.exec_driver_sql(statement.replace("%", "%%"))
    connection.exec_driver_sql(f"UPDATE version SET version = {current()}")
    connection.exec_driver_sql(
        "INSERT INTO member (login, role, team, made) VALUES (session_user, 'administrator', '', false) "
        "ON CONFLICT (login) DO UPDATE SET role = 'administrator', team = ''"
    )
    connection.exec_driver_sql("GRANT trdtrack_administrator TO session_user")
    connection.exec_driver_sql("RESET ROLE")
