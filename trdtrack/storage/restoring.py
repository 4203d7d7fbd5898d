"""Puts a backup in the place of a caseload, or beside it as a new file; and says first what would differ.

Killed at any moment the old file opens or the new one: the new is made and proved under another name, the old is backed
up, and the name changes hands in one step.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from trdtrack import settings
from trdtrack.domain.backups import Difference, Differs, Kind, backup_at
from trdtrack.domain.chain_head import ChainHead
from trdtrack.domain.history import OF_FILE
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, Refusal, WrongPassphrase
from trdtrack.paths import sync_folder
from trdtrack.storage import backup, backups, chain, cipher, journal, leftover, migrations, presence
from trdtrack.storage.store import Store
from trdtrack.storage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import datetime
    from pathlib import Path

    from trdtrack.storage.backup import Key

TITLE = message("Restore a backup")


def differences(store: Store, copy: Path, keys: Sequence[Key]) -> Difference:
    """Compare the records of a backup with those of an open file, in the fields that both have."""
    key = backups.key_for(copy, keys)
    with store.alone() as raw, backup.attached(raw, copy, key):
        found: list[Differs] = []
        patients: set[str] = set()
        for kind in TABLES:
            columns = _columns(raw, "main", kind) & _columns(raw, "copy", kind)
            if not columns:
                continue
            of = "id" if kind == "patient" else "patient" if "patient" in columns else "''"
            gained = _only(raw, kind, of, there="copy", here="main")
            lost = _only(raw, kind, of, there="main", here="copy")
            same = ", ".join(f'"{name}"' for name in sorted(columns))
            changed = raw.execute(
                f"SELECT DISTINCT id, {of} FROM (SELECT {same} FROM copy.{kind} EXCEPT SELECT {same} FROM main.{kind}) "  # noqa: S608
                f"WHERE id IN (SELECT id FROM main.{kind})"
            ).fetchall()
            if gained or lost or changed:
                found.append(Differs(kind, len(gained), len(lost), len(changed)))
                patients |= {row[1] for row in (*gained, *lost, *changed)}
        codes: set[str] = set()
        for schema in ("copy", "main"):  # a patient who is in both goes by the code of today
            rows = raw.execute(f"SELECT id, code FROM {schema}.patient").fetchall()  # noqa: S608
            codes |= {code for patient, code in rows if patient in patients}
        return Difference(tuple(found), tuple(sorted(codes)))


def _columns(raw: Any, schema: str, table: str) -> set[str]:
    return {row[1] for row in raw.execute(f"PRAGMA {schema}.table_info({table})")}


def _only(raw: Any, kind: str, of: str, *, there: str, here: str) -> list[tuple[str, str]]:
    query = f"SELECT id, {of} FROM {there}.{kind} WHERE id NOT IN (SELECT id FROM {here}.{kind})"  # noqa: S608
    return raw.execute(query).fetchall()


def restore_new(copy: Path, target: Path, *, keys: Sequence[Key], who: str, at: datetime) -> None:
    """Make a new caseload of a backup, with the key the backup has. Refuses a name that is taken."""
    if os.path.lexists(target):
        raise Refusal(message("{file} already exists; choose another name.", file=target.name))
    key = backups.key_for(copy, keys)
    with _fresh(copy, target, key=key, to=key, who=who, at=at) as (fresh, head):
        if os.path.lexists(target):
            raise Refusal(message("{file} already exists; choose another name.", file=target.name))
        fresh.replace(target)
    _known(target, head)


def restore_from(copy: Path, path: Path, *, keys: Sequence[Key], who: str, at: datetime) -> Path | None:
    """Put a backup in the place of a caseload that is closed, and return where the replaced file is kept.

    `keys`: those of the caseload, the newest first: that is the key of the restored file. What is replaced becomes a
    backup itself, or is put aside as it is where it is too damaged for that; None where there was no file.
    Refuses, the caseload as it was, if another program has it open or the backup is not whole.
    """
    path = path.resolve()
    key, to = backups.key_for(copy, keys), keys[0]
    if copy.resolve() == path:
        raise Refusal(message("{file} is the caseload itself.", file=copy.name))
    if not cipher.writable(path) and path.exists():
        raise Refusal(message("{file} cannot be changed: the file or its folder is read-only.", file=path.name))
    here = presence.Presence(path)
    try:
        with _fresh(copy, path, key=key, to=to, who=who, at=at) as (fresh, head):
            _carry_keys(fresh, to, keys)
            aside = _keep(path, to, at=at) if path.exists() else None
            fresh.replace(path)
    finally:
        here.leave()
    _known(path, head)
    return aside


def _known(path: Path, head: ChainHead) -> None:
    """Keep where the history of what was restored on purpose ends: nothing of what it replaced is missed there."""
    place = str(path.resolve())
    others = [known for known in settings.heads(path) if known[0] != place]
    settings.remember_heads(path, [*others, (place, head)])


@contextmanager
def _fresh(copy: Path, path: Path, *, key: Key, to: Key, who: str, at: datetime) -> Generator[tuple[Path, ChainHead]]:
    """Make what is to take the name of a caseload, with the line in its history that it was restored; and that line."""
    made = path.with_name(f".{path.name}.restoring")
    cipher.remove(made)
    try:
        if found := backups.examined(copy, [key]).wrong:
            raise Refusal(message("{file} cannot be restored. {why}", file=copy.name, why=found))
        with closing(cipher.connect(copy, *key, mode="immutable")) as source:
            migrations.accept(source, copy.name)
        backup.copy_verified(copy, made, key=key, to=to, mode="immutable")
        of = backup_at(copy)
        store = Store(made, cipher.connect(made, *to, mode="rw"), key=to, writable=True)
        with closing(store), store.transaction(write=True) as connection:
            moment = of.at.isoformat() if of else ""
            journal.append_bare(connection, TITLE.text, kind=OF_FILE, record=moment, who=who, at=at)
            end = chain.head(connection)
        yield made, ChainHead(end.seq, end.hash)
        sync_folder(path.parent)
    except OSError as error:
        raise Refusal(message("{file} could not be put in its place; nothing was changed.", file=path.name)) from error
    finally:
        cipher.remove(made)


def _carry_keys(fresh: Path, to: Key, keys: Sequence[Key]) -> None:
    """Have the restored file know the keys of all backups there are, not only those older than itself."""
    with closing(cipher.connect(fresh, *to, mode="rw")) as raw, cipher.refusing(fresh):
        raw.execute(migrations.FORMER_KEY)  # a backup from before this version has no such table
        known = {row[0] for row in raw.execute("SELECT key FROM former_key")}
        # The newest first is how they are given, the newest last how they are kept.
        for key, salt in reversed(keys[1:]):
            if key.hex() not in known:
                raw.execute("INSERT INTO former_key (key, salt, until) VALUES (?, ?, '')", (key.hex(), salt.hex()))


def _keep(path: Path, key: Key, *, at: datetime) -> Path:
    """Keep what is to be replaced, with no other program at it, and return where."""
    if not _whole(path, key):
        return _aside(path, at)
    with closing(_held(path, key)):
        return backups.make(path, key, at=at, kind=Kind.BEFORE_RESTORE).path


def _whole(path: Path, key: Key) -> bool:
    """Whether a file, with its -wal file, opens and every page of it is as it was written. Writes nothing."""
    try:
        if cipher.salt_of(path) != key[1]:
            return False
        leftover.prove(path, *key, writable=True)
        wal = path.with_name(path.name + "-wal")
        with closing(cipher.connect(path, *key, mode="ro" if wal.exists() else "immutable")) as probe:
            return not backup.integrity_faults(probe)
    except (Damaged, WrongPassphrase):
        return False
    except Refusal as refusal:
        if getattr(refusal.__cause__, "sqlite_errorcode", 0):  # the disk or another program is at fault, not the file
            raise
        return False


def _held(path: Path, key: Key) -> Any:
    """Open a file that nobody else has open, its -wal file gone, and let nobody else write to it from here on."""
    connection = cipher.connect(path, *key, mode="rw")
    try:
        # Only one alone may leave the WAL; a restored main file beside another file's -wal would be lost.
        with cipher.refusing(path):
            alone = connection.execute("PRAGMA journal_mode=DELETE").fetchone() == ("delete",)
            connection.execute("BEGIN IMMEDIATE")
    except Refusal as refusal:
        connection.close()
        if isinstance(refusal, Damaged):
            raise
        raise backup.in_use(path) from refusal
    except BaseException:
        connection.close()
        raise
    if not alone:
        connection.close()
        raise backup.in_use(path)
    return connection


def _aside(path: Path, at: datetime) -> Path:
    """Keep a file too damaged to be backed up as it is, with its -wal file, and take that one away."""
    stamp = backups.name_of(path.stem, at).replace(".backup-", ".damaged-")
    for folder in dict.fromkeys((backups.folder_of(path), backups.usual_folder(path))):
        target = folder / stamp
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for ending in ("", "-wal"):
                part = path.with_name(path.name + ending)
                if part.exists():
                    shutil.copyfile(part, aside := target.with_name(target.name + ending))
                    aside.chmod(0o600)
                    with aside.open("rb+") as file:
                        os.fsync(file.fileno())
            sync_folder(folder)
            for ending in ("-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
            return target
    raise Refusal(message("The damaged file could not be kept; nothing was changed."))
