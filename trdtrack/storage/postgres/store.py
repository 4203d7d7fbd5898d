"""A caseload on a clinic's server, open: one connection, made anew when it is lost, and what became of a save."""

from __future__ import annotations

import threading
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from trdtrack.domain.message import message
from trdtrack.domain.refusals import ConnectionLost, NotYours, Refusal, no_answer
from trdtrack.storage import chain
from trdtrack.storage.postgres import connecting, dossiers, history, schema
from trdtrack.storage.postgres.notices import Notices
from trdtrack.storage.records import Records

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator

    from sqlalchemy import Connection, RootTransaction

    from trdtrack.domain.address import Address
    from trdtrack.domain.edit import Touched
    from trdtrack.storage.records import Known

    Lines = tuple[int, int, str]
    """Of the lines of a save the first one's number, the last one's number and hash."""

PATIENCE_S = 3.0
"""So long it is tried to find out what became of a save whose end nobody heard of."""
_MANY = 50
"""From so many patients on, a write holds the whole caseload: a lock each would fill the server's table of them."""
_ME = text("SELECT CAST(session_user AS text) AS login, my_role() AS role, sees_all() AS everybody")


class ServerStore(Records):
    """A server's caseload, as one person sees it. Safe to use from several threads, one at a time."""

    def __init__(self, address: Address, password: str, *, look: bool = False) -> None:
        """Log in, and refuse a database without a caseload, of another version, or that is not this person's."""
        self.address = address
        self.writable = not look
        self._password = password
        self._lock = threading.RLock()
        self._within: Connection | None = None
        self._doubt: Lines | None = None
        """The lines of a save that may or may not have been made."""
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: connecting.connect(address, self._password),
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            hide_parameters=True,
        )
        self._own: set[int] = set()
        """The server's processes that worked for this connection: what they tell is known here."""
        event.listen(self._engine, "begin", _begin)
        event.listen(self._engine, "connect", self._logged_in)
        try:
            self._come_in()
        except BaseException:
            self.close()
            raise

    def _logged_in(self, raw: Any, _record: object) -> None:
        self._own.add(raw.info.backend_pid)

    def _come_in(self) -> None:
        part = None
        with suppress(NotYours), self._begun(write=False) as connection:
            schema.accept(schema.version(connection), self.address.name)
            part = connection.execute(_ME).one()
            self._seen = chain.head(connection).seq
        if part is None or not part.role:
            what = message(
                "You have no part in {name} yet: an administrator gives you one with `trdtrack clinic add-therapist`.",
                name=self.address.name,
            )
            raise NotYours(what)
        self.login, self.role, self._all = part

    @property
    def place(self) -> Address:
        """The server's address."""
        return self.address

    def close(self) -> None:
        """Log out."""
        with self._lock:
            self._engine.dispose()

    @property
    def whole(self) -> bool:
        """Whether all there is can be read and written: an administrator's alone."""
        return self.writable and self.role == "administrator"

    def refuse_read_only(self) -> None:
        """Refuse where it was opened to look."""
        if not self.writable:
            what = message("{name} was opened to look at: nothing was saved.", name=self.address.name)
            raise Refusal(what)

    def changed_elsewhere(self) -> bool:
        """Whether somebody else added to the history since this was last asked, or this person did."""
        with self.transaction(write=False) as connection:
            now = chain.head(connection).seq
        changed, self._seen = now != self._seen, now
        return changed

    def listen(self, heard: Callable[[Touched], None], reached: Callable[[bool], None]) -> Callable[[], None]:
        """Tell what others change, and whether the server answers, in a thread; returns how to end it."""
        notices = Notices(
            lambda: connecting.connect(self.address, self._password),
            own=self._own,
            missed=self._missed,
            heard=heard,
            reached=reached,
        )
        return notices.stop

    def _missed(self, connection: psycopg.Connection[Any]) -> bool:
        end = connection.execute("SELECT seq FROM chain_end()").fetchone()
        return (end[0] if end else 0) != self._seen

    def hold(self, patients: Collection[str], *, everything: bool = False, kinds: tuple[str, ...] = ()) -> Known:
        """Keep others from these patients until the transaction ends, and read what there is of them, and the clinic's.

        Raises NotYours where one is somebody else's.
        """
        assert self._within is not None  # noqa: S101 - within a transaction only
        everything = everything or len(patients) >= _MANY
        found = dossiers.hold(self._within, sorted(patients), everything=everything, kinds=kinds)
        if found is None:
            raise NotYours(message("This patient is not assigned to you: nothing was changed."))
        return found

    def faults(self) -> tuple[str, ...]:
        """Check the audit chain, and each record against its last line."""
        if not self._all:
            what = message(
                "Only somebody who sees every patient of {name} can check it: an administrator.",
                name=self.address.name,
            )
            raise Refusal(what)
        with self.transaction(write=False) as connection:
            return tuple(chain.faults(connection))

    @contextmanager
    def transaction(self, *, write: bool, wait: bool = True) -> Generator[Connection]:
        """Do several things or none; within another transaction, as a part of that one.

        When it ends without an error, what was written is on the server: where the connection is lost while it ends,
        the server is asked what became of it first.
        """
        if not self._lock.acquire(blocking=wait):
            raise Refusal(message("{name} is being written to. Try again in a moment.", name=self.address.name))
        try:
            if self._within:
                yield self._within
                return
            with self._begun(write=write) as connection:
                yield connection
        finally:
            self._lock.release()

    @contextmanager
    def _begun(self, *, write: bool) -> Generator[Connection]:
        with connecting.refusing(self.address), self._connected(write=write) as (connection, transaction):
            connection.info.pop(history.ADDED, None)
            self._within = connection
            try:
                yield connection
            except BaseException:
                with suppress(DBAPIError):  # lost: then the server takes it back by itself
                    transaction.rollback()
                raise
            finally:
                self._within = None
            lines: Lines | None = connection.info.pop(history.ADDED, None)
            try:
                transaction.commit()
            except DBAPIError as error:
                if not connecting.is_lost(error):
                    raise
                connection.invalidate()
                lost = lines
            else:
                self._noted(lines)
                return
        self._after_loss(lost)

    @contextmanager
    def _connected(self, *, write: bool) -> Generator[tuple[Connection, RootTransaction]]:
        """Begin; a connection that died while nothing was done is made anew."""
        with closing(self._engine.connect()) as connection:
            connection.execution_options(write=write)
            try:
                transaction = connection.begin()
            except psycopg.OperationalError:
                connection.invalidate()
                transaction = connection.begin()
            yield connection, transaction

    def _after_loss(self, lines: Lines | None) -> None:
        """Return where a save whose end was not heard of is there; else raise ConnectionLost, and say what is known."""
        self._doubt = lines or self._doubt
        until = time.monotonic() + PATIENCE_S
        while lines:
            with suppress(ConnectionLost):
                if self.settle():
                    return
                break
            if time.monotonic() > until:
                raise self._unknown()
            time.sleep(0.2)
        raise no_answer(self.address.name)

    def settle(self) -> bool | None:
        """Find out whether the save that is in doubt was made; None where none is. Raises ConnectionLost."""
        with self._lock:
            if self._doubt is None:
                return None
            _first, number, hashed = self._doubt
            try:
                with self._begun(write=True) as connection:
                    # Whoever is still about to end that save holds the chain; once it can be held here, it has ended.
                    chain.head(connection, to_add=True)
                    there = chain.hash_at(connection, number) == hashed
            except Refusal as refused:
                raise self._unknown() from refused
            if there:
                self._noted(self._doubt)
            self._doubt = None
            return there

    def _unknown(self) -> ConnectionLost:
        what = message(
            "{name} does not answer, and it is not known yet whether this was saved. What you typed is kept.",
            name=self.address.name,
        )
        return ConnectionLost(what, saved=None)

    def _noted(self, lines: Lines | None) -> None:
        """Lines of one's own that follow straight on what was seen last are nobody else's change."""
        if lines and lines[0] == self._seen + 1:
            self._seen = lines[1]


def _begin(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    # Said here, and not by the driver: one way there and back, which also tells whether the connection still stands.
    raw.autocommit = True
    # A write looks at what others wrote until it holds it; a read sees one moment.
    write = connection.get_execution_options().get("write")
    raw.execute("BEGIN " + ("READ WRITE" if write else "ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
