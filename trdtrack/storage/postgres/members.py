"""What administrators do on a clinic's server: make the caseload, take people in, say whose patients are whose."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from trdtrack.domain.message import message
from trdtrack.domain.refusals import NotYours, Refusal
from trdtrack.storage.postgres import access, connecting, schema

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from sqlalchemy import Connection

    from trdtrack.domain.address import Address
    from trdtrack.storage.postgres.access import Noted, Person

_ADD = text("SELECT add_member(:login, :role, :team, :verifier)")
_KNOWN = text("SELECT role FROM member WHERE login = :login")
_FOUND = text("SELECT code, id FROM patient WHERE code = ANY (CAST(:codes AS text[]))")
_ASSIGN = text(
    "INSERT INTO assignment (login, patient) SELECT :login, unnest(CAST(:ids AS text[])) ON CONFLICT DO NOTHING"
)
_TAKE_AWAY = text("DELETE FROM assignment WHERE login = :login AND patient = ANY (CAST(:ids AS text[]))")


@contextmanager
def _transaction(address: Address, password: str) -> Generator[Connection]:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connecting.connect(address, password),
        poolclass=NullPool,
        hide_parameters=True,
    )
    with connecting.refusing(address), engine.begin() as connection:
        yield connection


@contextmanager
def _known(address: Address, password: str) -> Generator[Connection]:
    """Log in to a caseload of this program's version, as its administrator."""
    with _transaction(address, password) as connection:
        schema.accept(schema.version(connection), address.name)
        if connection.execute(text("SELECT my_role()")).scalar_one() != "administrator":
            raise NotYours(message("Only an administrator of {name} does this.", name=address.name))
        yield connection


def make(address: Address, password: str) -> None:
    """Make a caseload in an empty database, or bring an older one up to date; whoever does it administers it."""
    with _transaction(address, password) as connection:
        schema.put_on(connection, address.name)


def add(address: Address, password: str, *, login: str, role: str, team: str = "", new_password: str = "") -> None:
    """Give a login its part: therapist, supervisor (of a team, or of all) or administrator; made if it is not there.

    `new_password` is turned into what the server keeps before it leaves this computer; empty leaves what there is.
    """
    with _known(address, password) as connection:
        verifier = _verifier(connection, login, new_password) if new_password else ""
        connection.execute(_ADD, {"login": login, "role": role, "team": team, "verifier": verifier})


def _verifier(connection: Connection, login: str, password: str) -> str:
    raw: Any = connection.connection.dbapi_connection
    made: bytes = raw.pgconn.encrypt_password(password.encode(), login.encode(), b"scram-sha-256")
    return made.decode()


def assign(address: Address, password: str, *, login: str, codes: Sequence[str], take_away: bool = False) -> None:
    """Assign the patients with these codes to a therapist, or take them away again; all or none."""
    with _known(address, password) as connection:
        role = connection.execute(_KNOWN, {"login": login}).scalar_one_or_none()
        if role != "therapist":
            raise Refusal(message("{login} is no therapist of this caseload.", login=login))
        ids = {row.code: row.id for row in connection.execute(_FOUND, {"codes": list(codes)})}
        for code in codes:
            if code not in ids:
                raise Refusal(message("There is no patient with the code {code}.", code=code))
        connection.execute(_TAKE_AWAY if take_away else _ASSIGN, {"login": login, "ids": list(ids.values())})


def remove(address: Address, password: str, *, login: str) -> None:
    """Take a login's part away with its assignments and drafts; what it wrote stays in the history in its name."""
    with _known(address, password) as connection:
        if connection.execute(_KNOWN, {"login": login}).scalar_one_or_none() is None:
            raise Refusal(message("{login} has no part in {name}.", login=login, name=address.name))
        if login == address.user:
            raise Refusal(message("Nobody takes their own part away: another administrator does it."))
        connection.execute(text("SELECT remove_member(:login)"), {"login": login})


def people(address: Address, password: str) -> tuple[list[Person], int]:
    """Return everybody with a part, by login, and how many patients in force are assigned to no therapist."""
    with _known(address, password) as connection:
        return access.people(connection)


def noted(address: Address, password: str) -> list[Noted]:
    """Return who gave or took away which part and which patient, the oldest first."""
    with _known(address, password) as connection:
        return list(access.noted(connection))
