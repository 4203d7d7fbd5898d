"""One caseload file, opened: made, proved and upgraded on the way, and checked on demand."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver

from trdtrack.domain.backups import backup_at
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, OpenElsewhere, Refusal, WrongPassphrase
from trdtrack.storage import backup, chain, cipher, damage, leftover, migrations, presence
from trdtrack.storage.connected import Connected
from trdtrack.storage.records import Records

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from trdtrack.storage.records import Known


class Store(Connected, Records):
    """A caseload file, opened: its records and its history."""

    @property
    def place(self) -> Path:
        """The file."""
        return self.path

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

    def hold(self, patients: Collection[str], *, everything: bool = False, kinds: tuple[str, ...] = ()) -> Known:  # noqa: ARG002
        """Do nothing: a writing transaction holds the file as a whole."""
        return {}

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
