"""Connects to a clinic's server, and tells what its refusals mean to a person."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import NotYours, Refusal, WrongPassphrase, no_answer

if TYPE_CHECKING:
    from collections.abc import Generator

    from trdtrack.domain.address import Address

CONNECT_SECONDS = 5
_LONGEST = {"statement_timeout": "60s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "2min"}
"""What the server lets one statement, a wait for somebody else, and a transaction in which nothing happens take."""
_SERVER_ASKS = {"tcp_keepalives_idle": 30, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3}
"""How soon the server lets go of what a program holds that is not there any more."""
_ALIVE = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How soon this side does; `tcp_user_timeout` (ms, on Linux alone): what was sent and nobody confirms."""
_GONE = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.IdleInTransactionSessionTimeout,
    errors.TooManyConnections,
)
_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure)
_NUL = "NUL"
_FATAL = "FATAL: "
_NOT_NOW = ("starting up", "shutting down", "recovery", "too many", "connection slots", "not accepting")


def connect(address: Address, password: str) -> psycopg.Connection[Any]:
    """Log in, or raise WrongPassphrase, ConnectionLost or a Refusal that says why not."""
    options: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **_ALIVE, **address.options()}
    settings = {"search_path": "trdtrack,pg_temp", **_LONGEST, **_SERVER_ASKS}
    with refusing(address):
        return psycopg.connect(
            **options,
            password=password or None,
            application_name="trdtrack",
            client_encoding="utf8",
            prepare_threshold=1,
            options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
        )


@contextmanager
def refusing(address: Address) -> Generator[None]:
    """Turn what the driver raises into what it means to a person."""
    try:
        yield
    except (psycopg.Error, DBAPIError) as error:
        if known := refusal(error, address):
            raise known from error
        raise


def is_lost(error: BaseException) -> bool:
    """Whether after this error the server's answer is not to be had any more on this connection."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, _GONE):
        return True
    # What the server itself says has a number; a connection that broke has none.
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None


def refusal(error: BaseException, address: Address) -> Refusal | None:
    """Return what a driver's error means to a person, or None where it is a bug of ours."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = address.name
    said = str(cause)
    if isinstance(cause, errors.InvalidPassword) or "password authentication failed" in said or "no password" in said:
        return WrongPassphrase(message("{name} does not know this name with this password.", name=name))
    if isinstance(cause, errors.InvalidAuthorizationSpecification) or "no pg_hba.conf entry" in said:
        return Refusal(message("{name} does not let this name in. Ask the clinic's administrator.", name=name))
    if isinstance(cause, errors.InvalidCatalogName) or ('database "' in said and "does not exist" in said):
        return Refusal(message("There is no such database: {name}.", name=name))
    if 'role "' in said and "does not exist" in said:
        return WrongPassphrase(message("{name} does not know this name with this password.", name=name))
    if "certificate" in said or "SSL" in said:
        what = message(
            "{name} did not prove who it is, or does not encrypt: nothing was sent to it. Ask the administrator.",
            name=name,
        )
        return Refusal(what)
    if is_lost(error):
        return _not_let_in(cause, name) or no_answer(name)
    return _of_statement(cause, name)


def _not_let_in(cause: Any, name: str) -> Refusal | None:
    """Return the refusal of a login in words not known here: a server says why in its own language, with no number."""
    said = str(cause)
    if cause.sqlstate or _FATAL not in said or any(words in said for words in _NOT_NOW):
        return None
    return Refusal(
        message("{name} does not let you in. Check login and password, or ask the clinic's administrator.", name=name)
    )


def _of_statement(cause: BaseException | None, name: str) -> Refusal | None:
    if isinstance(cause, errors.InsufficientPrivilege):
        return NotYours(message("This is not yours to see or to change in {name}; nothing was changed.", name=name))
    known: Message | None = None
    if isinstance(cause, _BUSY):
        known = message(
            "{name} is busy with somebody else's work: nothing was saved. Try again in a moment.", name=name
        )
    elif isinstance(cause, errors.DiskFull):
        known = message("The server's disk is full: nothing was saved to {name}.", name=name)
    elif isinstance(cause, errors.ReadOnlySqlTransaction):
        known = message("{name} can only be looked at: nothing was saved.", name=name)
    elif isinstance(cause, psycopg.DataError) and _NUL in str(cause):
        known = message("A text holds a character that a server does not keep (NUL): nothing was saved.")
    return Refusal(known) if known else None
