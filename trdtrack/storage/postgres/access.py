"""Who was let in to what: each part given or taken and each assignment, kept by the server and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

TABLE = (
    "CREATE TABLE access (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL "
    "DEFAULT now(), by text NOT NULL DEFAULT session_user, login text NOT NULL, role text NOT NULL, "
    "team text NOT NULL, patient text NOT NULL, given boolean NOT NULL)"
)
"""`patient` is empty where it is about the login's part itself; an id is no word about anybody."""
_DEFINER = "LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = trdtrack, pg_temp"
KEEPING = (
    f"""CREATE OR REPLACE FUNCTION note_access() RETURNS trigger {_DEFINER} AS $$
DECLARE one jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN old ELSE new END);
BEGIN
    INSERT INTO access (login, role, team, patient, given) VALUES (one ->> 'login', coalesce(one ->> 'role', ''),
        coalesce(one ->> 'team', ''), coalesce(one ->> 'patient', ''), TG_OP <> 'DELETE');
    RETURN NULL;
END $$""",
    f"""CREATE OR REPLACE FUNCTION access_stays() RETURNS trigger {_DEFINER} AS $$ BEGIN
    RAISE EXCEPTION 'who was let in to what is only added to' USING ERRCODE = 'insufficient_privilege';
END $$""",
    *(
        statement
        for table in ("member", "assignment")
        for statement in (
            f"DROP TRIGGER IF EXISTS noted ON {table}",
            (
                f"CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION note_access()"
            ),
        )
    ),
    "DROP TRIGGER IF EXISTS stays ON access",
    (
        "CREATE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE ON access FOR EACH STATEMENT "
        "EXECUTE FUNCTION access_stays()"
    ),
)
_PEOPLE = text(
    "SELECT login, role, team, (SELECT count(*) FROM assignment JOIN patient ON id = assignment.patient "
    "WHERE assignment.login = member.login AND withdrawn IS NULL) AS patients FROM member ORDER BY login"
)
_NOBODYS = text(
    "SELECT count(*) FROM patient WHERE withdrawn IS NULL AND NOT EXISTS (SELECT FROM assignment a "
    "JOIN member USING (login) WHERE a.patient = patient.id AND role = 'therapist')"
)
_NOTED = text(
    "SELECT at, by, login, role, team, coalesce(code, access.patient) AS patient, given FROM access "
    "LEFT JOIN patient ON patient.id = access.patient ORDER BY number"
)


@dataclass(frozen=True)
class Person:
    """A login, its role and team, and how many patients are assigned to it."""

    login: str
    role: str
    team: str
    patients: int


@dataclass(frozen=True)
class Noted:
    """When who gave or took away what: a role (with its team), or a patient by code (by id where they are erased)."""

    at: datetime
    by: str
    login: str
    role: str
    team: str
    patient: str
    given: bool


def people(connection: Connection) -> tuple[list[Person], int]:
    """Return everybody with a part, by login, and how many patients in force are assigned to no therapist."""
    found = [Person(**row) for row in connection.execute(_PEOPLE).mappings()]
    return found, connection.execute(_NOBODYS).scalar_one()


def noted(connection: Connection) -> Iterator[Noted]:
    """Yield all that was noted, the oldest first."""
    yield from (Noted(**row) for row in connection.execute(_NOTED).mappings())
