"""One open caseload file: records read whole, edits written whole with their audit lines, or not at all."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import StaticPool, bindparam, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError

from trdtrack.domain.edit import Step
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import backup, cipher, journal, leftover, migrations, search
from trdtrack.storage.steps import apply, batch_key
from trdtrack.storage.tables import TABLES, records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection, Select

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Record

    Tick = Callable[[int, int], None]

BATCH = 500


class Store:
    """A caseload file, opened. Safe to use from several threads, one at a time."""

    def __init__(self, path: Path, connection: Any, *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self._raw = connection
        self._lock = threading.RLock()
        # One connection for the file's whole open life: its key is not kept to make another.
        self._engine = create_engine(
            "sqlite+pysqlite://",
            creator=lambda: connection,
            module=driver,
            poolclass=StaticPool,
            hide_parameters=True,
        )
        event.listen(self._engine, "begin", _begin)
        self._seen = 0
        self._within: Connection | None = None
        """The transaction under way: the lock sees to it that it is this thread's."""

    @classmethod
    def create(cls, path: Path, passphrase: str) -> Store:
        """Make a new encrypted file."""
        if len(passphrase) > cipher.MAX_PASSPHRASE:
            raise Refusal(message("A passphrase has at most {most} characters.", most=cipher.MAX_PASSPHRASE))
        salt = cipher.new_salt()
        key = cipher.derive_key(passphrase, salt)
        cipher.create(path)
        try:
            store = cls(path, cipher.connect(path, key, salt, mode="rw"), writable=True)
            with store._closed_on_failure():
                with store.transaction(write=True) as connection:
                    migrations.create(connection)
                store._seen = store._data_version()
        except BaseException:
            cipher.remove(path)
            raise
        return store

    @classmethod
    def open(cls, path: Path, passphrase: str) -> Store:
        """Open a file, upgrading an older one after a verified copy. Read-only where the folder is."""
        salt = cipher.salt_of(path)
        key = cipher.derive_key(passphrase, salt)
        writable = cipher.writable(path)
        leftover.prove(path, key, salt, writable=writable)
        connection = cipher.connect(path, key, salt, mode="rw" if writable else "immutable")
        store = cls(path, connection, writable=writable)
        with store._closed_on_failure():
            store._upgrade()
            store._seen = store._data_version()
        return store

    @contextmanager
    def _closed_on_failure(self) -> Generator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _upgrade(self) -> None:
        with self.transaction(write=False) as connection:
            version = migrations.version(connection)
        if version == migrations.current():
            return
        if not self.writable:
            what = message("{file} is from an older TRDTrack and lies in a read-only folder.", file=self.path.name)
            raise Refusal(what)
        backup.copy_verified(self._raw, self.path, backup.beside(self.path, version))
        while version < migrations.current():
            with self.transaction(write=True) as connection:
                # Another program may have taken the step meanwhile.
                version = migrations.version(connection)
                if version < migrations.current():
                    migrations.take(connection, version)

    def close(self) -> None:
        """Close the file, its newest pages moved into the main file so that it can be copied as it is."""
        with self._lock:
            with suppress(driver.Error):
                if self.writable:
                    self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._engine.dispose()
            self._raw.close()

    def read(self, kind: str, **equal: str) -> list[Record]:
        """Return the records of one kind whose fields equal the values given."""
        with self.transaction(write=False) as connection:
            return records_of(kind, connection.execute(_equal(kind, *equal), equal))

    def count(self, kind: str) -> int:
        """Return how many records of one kind there are, withdrawn ones included."""
        with self.transaction(write=False) as connection:
            return connection.execute(select(func.count()).select_from(TABLES[kind])).scalar_one()

    def read_all(self, kind: str, field: str, among: Sequence[str]) -> Iterator[Record]:
        """Yield the records of one kind in which a field is one of many values."""
        query = select(TABLES[kind]).where(TABLES[kind].c[field].in_(bindparam("among", expanding=True)))
        with self.transaction(write=False) as connection:
            for start in range(0, len(among), BATCH):
                yield from records_of(kind, connection.execute(query, {"among": among[start : start + BATCH]}))

    def refuse_read_only(self) -> None:
        """Refuse where the file can only be looked at."""
        if not self.writable:
            raise Refusal(message("{file} was opened read-only: nothing was saved.", file=self.path.name))

    def write(self, edit: Edit, *, who: str, at: datetime, role: str = "edit", tick: Tick | None = None) -> int:
        """Write an edit and its audit lines in one transaction and return its number.

        Raises Stale if a record is not as the edit expects it; then, and on every other failure, nothing is written.
        `tick(done, all)` is called now and then and may raise to cancel.
        """
        self.refuse_read_only()
        done, waiting = 0, list[Step]()
        with self.transaction(write=True) as connection:
            head = journal.head(connection)
            for (kind, what), group in groupby(edit.steps, key=batch_key):
                steps = list(group)
                for start in range(0, len(steps), BATCH):
                    part = steps[start : start + BATCH]
                    apply(connection, kind, what, part)
                    search.keep(connection, part)
                    waiting += part
                    # Lines of several small groups go together: a session and its PHQ-9 take three statements, not six.
                    if len(waiting) >= BATCH:
                        head = journal.append(connection, head, edit, waiting, who=who, at=at, role=role)
                        waiting = []
                    done += len(part)
                    if tick:
                        tick(done, len(edit.steps))
            if waiting:
                head = journal.append(connection, head, edit, waiting, who=who, at=at, role=role)
        return head.edit

    def edit(self, number: int) -> Edit:
        """Return an edit as it was written, read back from the audit lines."""
        with self.transaction(write=False) as connection:
            return journal.edit(connection, number)

    def faults(self) -> tuple[str, ...]:
        """Check pages, structure, references, the audit chain, and each record against its last audit line."""
        try:
            with self.alone() as raw:
                found = backup.integrity_faults(raw)
        except (driver.Error, Refusal) as error:
            return (str(error.__cause__ or error),)
        if found:
            return found
        with self.transaction(write=False) as connection:
            return tuple(journal.faults(connection))

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


@cache
def _equal(kind: str, *fields: str) -> Select[Any]:
    table = TABLES[kind]
    return select(table).where(*(table.c[name] == bindparam(name) for name in fields))


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
