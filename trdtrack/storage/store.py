"""One open caseload file: records read whole, edits written whole with their audit lines, or not at all."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import bindparam, func, select

from trdtrack.domain.backups import backup_at
from trdtrack.domain.edit import Step
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, OpenElsewhere, Refusal, WrongPassphrase
from trdtrack.storage import backup, chain, cipher, damage, journal, leftover, migrations, presence, search
from trdtrack.storage.connected import Connected
from trdtrack.storage.steps import apply, batch_key
from trdtrack.storage.tables import TABLES, records_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Select

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Record

    Tick = Callable[[int, int], None]

BATCH = 500


class Store(Connected):
    """A caseload file, opened: its records and its history."""

    @classmethod
    def create(cls, path: Path, passphrase: str) -> Store:
        """Make a new encrypted file."""
        cipher.check_new(passphrase)
        salt = cipher.new_salt()
        key = cipher.derive_key(passphrase, salt)
        cipher.create(path)
        try:
            with presence.present(path, writable=True) as present:
                connection = cipher.connect(path, key, salt, mode="rw")
                store = cls(path, connection, key=(key, salt), writable=True, present=present)
                with store.closed_on_failure():
                    with store.transaction(write=True) as connection:
                        migrations.create(connection)
                    store._seen = store._data_version()
        except BaseException:
            cipher.remove(path)
            raise
        return store

    @classmethod
    def open(cls, path: Path, secret: str, *, look: bool = False) -> Store:
        """Open a file by passphrase or recovery key, an older one upgraded after a verified copy.

        Read-only where the folder is, to `look`, and where it is a backup: what was proved stays as it was.
        """
        salt = cipher.salt_of(path)
        key = cipher.key_of(secret, salt)
        writable = cipher.writable(path) and not look and backup_at(path) is None
        try:
            presence.refuse_elsewhere(path)
            leftover.prove(path, key, salt, writable=writable)
        except (Damaged, OpenElsewhere, WrongPassphrase) as refused:
            raise damage.with_backup(refused, path, secret) from refused
        with presence.present(path, writable=writable) as present:
            connection = cipher.connect(path, key, salt, mode="rw" if writable else "immutable")
            store = cls(path, connection, key=(key, salt), writable=writable, present=present)
            with store.closed_on_failure():
                store._upgrade()
                store._seen = store._data_version()
        return store

    def _upgrade(self) -> None:
        with self.transaction(write=False) as connection:
            version = migrations.version(connection)
        if version == migrations.current():
            return
        if not self.writable:
            what = message("{file} is from an older TRDTrack and lies in a read-only folder.", file=self.path.name)
            raise Refusal(what)
        with self.alone() as raw:
            backup.refuse_in_use(raw, self.path)
        backup.copy_verified(self.path, backup.beside(self.path, version), key=self.key)
        while version < migrations.current():
            with self.transaction(write=True) as connection:
                # Another program may have taken the step meanwhile.
                version = migrations.version(connection)
                if version < migrations.current():
                    migrations.take(connection, version)

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

    def write(self, edit: Edit, *, who: str, at: datetime, role: str = "edit", tick: Tick | None = None) -> int:
        """Write an edit and its audit lines in one transaction and return its number.

        Raises Stale if a record is not as the edit expects it; then, and on every other failure, nothing is written.
        `tick(done, all)` is called now and then and may raise to cancel.
        """
        self.refuse_read_only()
        done, waiting = 0, list[Step]()
        with self.transaction(write=True) as connection:
            head = chain.head(connection)
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
                # The pages' check reads the main file alone; after a crash the -wal file may have to mend it.
                with suppress(driver.Error):  # a full or read-only disk takes nothing more
                    raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                found = backup.integrity_faults(raw)
        except (driver.Error, Refusal) as error:
            return (str(error.__cause__ or error),)
        if any(not fault.startswith(backup.BROKEN_REFERENCE) for fault in found):
            return found
        with self.transaction(write=False) as connection:
            return (*chain.faults(connection), *found)


@cache
def _equal(kind: str, *fields: str) -> Select[Any]:
    table = TABLES[kind]
    return select(table).where(*(table.c[name] == bindparam(name) for name in fields))
