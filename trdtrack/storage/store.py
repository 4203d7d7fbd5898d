"""One open caseload file: records read whole, edits written whole with their audit lines, or not at all."""

from __future__ import annotations

import threading
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import StaticPool, bindparam, create_engine, delete, event, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.storage import backup, cipher, journal, leftover, migrations
from trdtrack.storage.tables import TABLES, record_of, values

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from trdtrack.domain.edit import Edit, Step
    from trdtrack.domain.records import Record

    Tick = Callable[[int, int], None]

BATCH = 500
_INSERT = {kind: insert(table) for kind, table in TABLES.items()}
_UPDATE = {kind: update(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}
_DELETE = {kind: delete(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}
_ONE = {kind: select(table).where(table.c.id == bindparam("id_")) for kind, table in TABLES.items()}


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
                with store._transaction(write=True) as connection:
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
            store._upgrade(key, salt)
            store._seen = store._data_version()
        return store

    @contextmanager
    def _closed_on_failure(self) -> Generator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _upgrade(self, key: bytes, salt: bytes) -> None:
        with self._transaction(write=False) as connection:
            version = migrations.version(connection)
        if version == migrations.current():
            return
        if not self.writable:
            what = message("{file} is from an older TRDTrack and lies in a read-only folder.", file=self.path.name)
            raise Refusal(what)
        copy = self.path.with_name(f"{self.path.stem}.version-{version}{self.path.suffix}")
        backup.copy_verified(self._raw, self.path, copy, key, salt)
        while version < migrations.current():
            with self._transaction(write=True) as connection:
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
        table = TABLES[kind]
        query = select(table)
        for name, value in equal.items():
            query = query.where(table.c[name] == value)
        with self._transaction(write=False) as connection:
            return [record_of(kind, row) for row in connection.execute(query).mappings()]

    def write(self, edit: Edit, *, who: str, at: datetime, role: str = "edit", tick: Tick | None = None) -> int:
        """Write an edit and its audit lines in one transaction and return its number.

        Raises Stale if a record is not as the edit expects it; then, and on every other failure, nothing is written.
        `tick(done, all)` is called now and then and may raise to cancel.
        """
        if not self.writable:
            raise Refusal(message("{file} was opened read-only: nothing was saved.", file=self.path.name))
        done = 0
        with self._transaction(write=True) as connection:
            head = journal.head(connection)
            for (kind, what), group in groupby(edit.steps, key=_batch_key):
                steps = list(group)
                for start in range(0, len(steps), BATCH):
                    part = steps[start : start + BATCH]
                    self._apply(connection, kind, what, part)
                    head = journal.append(connection, head, edit, part, who=who, at=at, role=role)
                    done += len(part)
                    if tick:
                        tick(done, len(edit.steps))
        return head.edit

    def _apply(self, connection: Connection, kind: str, what: str, steps: list[Step]) -> None:
        try:
            for step in steps:
                if step.before is not None:
                    stored = _stored(connection, kind, step.before.id)
                    if stored != step.before:
                        raise _stale(step.before, stored)
                    if step.after is not None:
                        connection.execute(_UPDATE[kind], {**values(step.after), "id_": step.after.id})
            if what == "insert":
                connection.execute(_INSERT[kind], [values(s.after) for s in steps if s.after])
            elif what == "delete":
                connection.execute(_DELETE[kind], [{"id_": s.before.id} for s in steps if s.before])
        except IntegrityError as error:
            raise _integrity_refusal(connection, error, steps) from error

    def edit(self, number: int) -> Edit:
        """Return an edit as it was written, read back from the audit lines."""
        with self._transaction(write=False) as connection:
            return journal.edit(connection, number)

    def faults(self) -> tuple[str, ...]:
        """Check pages, structure, references, the audit chain, and each record against its last audit line."""
        with self._lock:
            try:
                found = backup.integrity_faults(self._raw)
            except driver.Error as error:
                return (str(error),)
        if found:
            return found
        with self._transaction(write=False) as connection:
            return tuple(journal.faults(connection))

    def changed_elsewhere(self) -> bool:
        """Whether another program committed to the file since this was last asked."""
        now = self._data_version()
        changed, self._seen = now != self._seen, now
        return changed

    def _data_version(self) -> int:
        with self._lock, cipher.refusing(self.path):
            return int(self._raw.execute("PRAGMA data_version").fetchone()[0])

    @contextmanager
    def _transaction(self, *, write: bool) -> Generator[Connection]:
        try:
            with cipher.refusing(self.path), self._lock, self._engine.connect() as connection:
                connection.execution_options(write=write)
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            # On a full disk SQLite has already rolled back, and the driver's own rollback then fails.
            if known := cipher.refusal(error.orig, self.path):
                raise known from error
            raise


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _batch_key(step: Step) -> tuple[str, str]:
    what = "insert" if step.before is None else "delete" if step.after is None else "update"
    return step.record.kind, what


def _stored(connection: Connection, kind: str, record: str) -> Record | None:
    row = connection.execute(_ONE[kind], {"id_": record}).mappings().one_or_none()
    return record_of(kind, row) if row else None


def _stale(expected: Record | None, stored: Record | None) -> Stale:
    what = message("Somebody changed this first. Look at it again; nothing was overwritten.")
    return Stale(what, expected=expected, stored=stored)


def _integrity_refusal(connection: Connection, error: IntegrityError, steps: list[Step]) -> Refusal:
    """Say which of the steps the database would not take. What it did take before is not yet rolled back."""
    text = str(error.orig)
    if "FOREIGN KEY" in text:
        return Refusal(message("Other records belong to this one, or the one it belongs to is gone."))
    for step in steps:
        record = step.record
        if "patient.code" in text and isinstance(record, Patient):
            query = select(TABLES["patient"]).where(TABLES["patient"].c.code == record.code)
            row = connection.execute(query).mappings().one_or_none()
            if row and row["id"] != record.id:
                what = message("There is already a patient with the code {code}.", code=record.code)
                if row["withdrawn"]:
                    what = message("A withdrawn patient has the code {code}.", code=record.code)
                return Refusal(what, field="code")
        elif (stored := _stored(connection, record.kind, record.id)) not in (None, record):
            return _stale(step.before, stored)
    return _stale(steps[0].before, steps[0].after)
