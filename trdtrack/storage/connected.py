"""One connection to a caseload file, for its whole open life: who may use it when, transactions, and its end."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from weakref import finalize

import sqlcipher3.dbapi2 as driver
from sqlalchemy import StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from trdtrack import file_head
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import cipher

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from sqlalchemy import Connection

    from trdtrack.storage.backup import Key
    from trdtrack.storage.presence import Presence


class Connected:
    """A caseload file, open. Safe to use from several threads, one at a time."""

    def __init__(
        self, path: Path, connection: Any, *, key: Key, writable: bool, present: Presence | None = None
    ) -> None:
        """Take over an open connection; `present` is this program's part in the file's lock, None of a copy's."""
        self.path = path
        self.key = key  # for backups, which are made beside whatever is done here
        self.writable = writable
        self._raw = connection
        self._presence = present
        self._forget = self._remember()
        self._lock = threading.RLock()
        self._engine = create_engine(
            "sqlite+pysqlite://",
            creator=lambda: self._raw,
            module=driver,
            poolclass=StaticPool,
            hide_parameters=True,
        )
        event.listen(self._engine, "begin", _begin)
        self._seen = 0
        self._within: Connection | None = None
        """The transaction under way: the lock sees to it that it is this thread's."""

    def close(self) -> None:
        """Close the file, its newest pages moved into the main file so that it can be copied as it is."""
        with self._lock:
            with suppress(driver.Error):
                if self.writable:
                    self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._let_go()
        if self._presence:
            self._presence.leave()

    def reopen(self, key: Key) -> None:
        """Go on with what lies at the path now: the file was replaced while this held it alone."""
        self._let_go()
        self._raw = cipher.connect(self.path, *key, mode="rw")
        self.key = key
        self._forget = self._remember()
        self._seen = self._data_version()

    def _let_go(self) -> None:
        self._engine.dispose()
        self._raw.close()
        self._forget()

    def _remember(self) -> Callable[[], object]:
        """Have the file's first bytes remembered until what is returned is called, or this is gone without a close."""
        return finalize(self, file_head.forget, file_head.remember(self.path, self.key[1]))

    @contextmanager
    def closed_on_failure(self) -> Generator[None]:
        """Close the file if what follows fails."""
        try:
            yield
        except BaseException:
            self.close()
            raise

    def refuse_read_only(self) -> None:
        """Refuse where the file can only be looked at."""
        if not self.writable:
            raise Refusal(message("{file} was opened read-only: nothing was saved.", file=self.path.name))

    def changed_elsewhere(self) -> bool:
        """Whether another program committed to the file since this was last asked."""
        now = self._data_version()
        changed, self._seen = now != self._seen, now
        return changed

    def _data_version(self) -> int:
        with self.alone() as raw:
            return int(raw.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def alone(self) -> Generator[Any]:
        """Hold the bare connection, outside any transaction, for what SQLite does not do within one."""
        with self._lock, cipher.refusing(self.path):
            yield self._raw

    @contextmanager
    def transaction(self, *, write: bool, wait: bool = True) -> Generator[Connection]:
        """Do several things or none; within another transaction, as a part of that one.

        With `wait` off it refuses at once while another thread is at work here.
        """
        if not self._lock.acquire(blocking=wait):
            raise Refusal(message("{file} is being written to. Try again in a moment.", file=self.path.name))
        try:
            if self._within:
                yield self._within
                return
            if write and self._presence:
                self._presence.hold()
            with cipher.refusing(self.path), self._engine.connect() as connection:
                connection.execution_options(write=write)
                with connection.begin():
                    self._within = connection
                    try:
                        yield connection
                    finally:
                        self._within = None
        except DBAPIError as error:
            # On a full disk SQLite has already rolled back, and the driver's own rollback then fails.
            if known := cipher.refusal(error.orig, self.path):
                raise known from error
            raise
        finally:
            self._lock.release()


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
