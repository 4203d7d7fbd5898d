"""Keeps backups of a caseload: encrypted copies with its own key, proved, thinned by age, in a folder of their own."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as driver

from trdtrack import file_head, settings
from trdtrack.domain.backups import BETWEEN, Backup, Contents, Kind, backup_at, kept, name_of, newest
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, Refusal, WrongPassphrase
from trdtrack.storage import backup, cipher

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from trdtrack.storage.backup import Key

_PARTIAL = ".partial"
_FORGOTTEN = timedelta(minutes=10)
"""A copy half made for so long was left behind by a crash."""
_SYNCED = {
    "dropbox": "Dropbox",
    "onedrive": "OneDrive",
    "icloud": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "mobile documents": "iCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "pcloud": "pCloud",
    "syncthing": "Syncthing",
    "seafile": "Seafile",
    "proton drive": "Proton Drive",
}
"""What the folders of programs that copy files to other computers are called, or begin with."""
_MARKS = {".stfolder": "Syncthing", ".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".owncloudsync.log": "ownCloud"}


def usual_folder(path: Path) -> Path:
    """Return the folder for backups beside a caseload."""
    path = path.resolve()
    return path.with_name(f"{path.stem}-backups")


def folder_of(path: Path) -> Path:
    """Return the folder for a caseload's backups: that of the person's choice, else the one beside it."""
    return settings.backup_folder(path) or usual_folder(path)


def listed(path: Path) -> list[Backup]:
    """Return a caseload's backups, the newest first, by their names alone."""
    found: list[Backup] = []
    for folder in dict.fromkeys((folder_of(path), usual_folder(path))):
        with suppress(OSError):
            found += [b for p in folder.iterdir() if (b := backup_at(p)) and b.caseload == path.stem]
    return sorted(found, key=lambda b: (b.at, b.path), reverse=True)


def make(path: Path, key: Key, *, at: datetime, kind: Kind = Kind.USUAL, mode: str = "ro") -> Backup:
    """Make one backup and prove it; where the chosen folder does not take it, in the one beside the caseload."""
    try:
        return _make(path, folder_of(path), key, at=at, kind=kind, mode=mode)
    except Damaged:
        raise
    except Refusal:
        if folder_of(path) == usual_folder(path):
            raise
        return _make(path, usual_folder(path), key, at=at, kind=kind, mode=mode)


def make_in(folder: Path, path: Path, key: Key, *, at: datetime, mode: str = "ro") -> Backup:
    """Make one backup in this folder and nowhere else, and prove it."""
    return _make(path, folder, key, at=at, kind=Kind.USUAL, mode=mode)


def _make(path: Path, folder: Path, key: Key, *, at: datetime, kind: Kind, mode: str) -> Backup:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        what = message("The folder for backups, {folder}, cannot be made.", folder=str(folder))
        raise Refusal(what) from error
    _tidy(folder, path.stem, at)
    at = at.astimezone(UTC).replace(microsecond=0)
    while (target := folder / name_of(path.stem, at, kind)).exists():
        at += timedelta(seconds=1)
    backup.copy_verified(path, target, key=key, mode=mode)
    return Backup(target, at, kind)


def _tidy(folder: Path, stem: str, now: datetime) -> None:
    """Remove what a crash left half made."""
    with suppress(OSError):
        for half in folder.glob(f"*{_PARTIAL}"):
            of = backup_at(half.with_name(half.name.removesuffix(_PARTIAL)))
            if of and of.caseload == stem and abs(now - of.at) > _FORGOTTEN:
                half.unlink(missing_ok=True)


def thin(path: Path, keys: Iterable[Key], *, now: datetime) -> list[Backup]:
    """Remove the backups that are not to be kept, and return them. What a restore replaced stays until a person goes.

    Only files that this program made of this very caseload: by their name, and by the salt at their head.
    """
    salts = {salt for _, salt in keys}
    mine = [b for b in listed(path) if b.kind is not Kind.BEFORE_RESTORE and _salt(b.path) in salts]
    keep = kept((b.at for b in mine), now)
    gone = [b for b in mine if b.at not in keep]
    for old in gone:
        with suppress(OSError):
            old.path.unlink(missing_ok=True)
    return gone


def _salt(path: Path) -> bytes:
    with suppress(Refusal):
        return cipher.salt_of(path)
    return b""


def key_for(path: Path, keys: Iterable[Key]) -> Key:
    """Return the key that opens a backup, by the salt at its head, or refuse."""
    salt = cipher.salt_of(path)
    for key in keys:
        if key[1] == salt:
            return key
    raise Refusal(message("{file} is locked with a passphrase that this caseload never had.", file=path.name))


def keys_from(path: Path, secret: str) -> list[Key]:
    """Return the keys a passphrase or recovery key makes for a caseload and its backups, if it does not open itself.

    A salt that no backup has comes last: it may be what is damaged.
    """
    copies = list(dict.fromkeys(filter(None, (_salt(copy) for copy in _copies(path)))))
    own = _salt(path)
    salts = dict.fromkeys((own, *copies) if own in copies else filter(None, (*copies, own)))
    return [(cipher.key_of(secret, salt), salt) for salt in salts]


def _copies(path: Path, *, now: datetime | None = None) -> list[Path]:
    """Return the backups, the newest first and those ahead of the clock last, then the copies from before upgrades."""
    found = sorted(listed(path), key=lambda b: (now is None or b.at <= now, b.at), reverse=True)
    return [*(b.path for b in found), *reversed(backup.copies_beside(path))]


def is_lost(path: Path, refusal: Refusal, copy: Path) -> bool:
    """Whether a file that was refused so is gone or damaged, so that only a backup, such as this one, can help."""
    if isinstance(refusal, WrongPassphrase):
        # Only the head of the file tells whether it is another caseload with a passphrase of its own.
        return _salt(path) in {bytes(file_head.BYTES), _salt(copy)}
    return isinstance(refusal, Damaged) or not path.exists() or (path.is_file() and not _salt(path))


def state(connection: Any, schema: str = "main") -> tuple[Any, ...]:
    """Return what tells whether anything was saved since: the end of the history, and what is kept unsaved."""
    head = connection.execute(f"SELECT seq, hash FROM {schema}.audit ORDER BY seq DESC LIMIT 1").fetchone()  # noqa: S608
    drafts = connection.execute(f"SELECT form, at FROM {schema}.draft ORDER BY form").fetchall()  # noqa: S608
    return head, drafts


def due(path: Path, keys: Sequence[Key], now_held: tuple[Any, ...], *, now: datetime, at_once: bool = False) -> bool:
    """Whether anything was saved since the newest backup, and that is half an hour old; `at_once`: or younger."""
    last = newest(listed(path), now=now)
    if last is None:
        return True
    if not at_once and timedelta(0) <= now - last.at < BETWEEN:
        return False
    with suppress(Refusal, driver.Error), closing(_look(last.path, keys)) as copy:
        return state(copy) != now_held
    return True


def newest_good(path: Path, keys: Sequence[Key], *, now: datetime | None = None) -> Path | None:
    """Return the newest backup that one of these keys opens and that is whole; None if there is none.

    `now`: what lies ahead of this moment, made while the clock was wrong, comes last.
    """
    return next((copy for copy in _copies(path, now=now) if examined(copy, keys).wrong is None), None)


def examined(path: Path, keys: Iterable[Key]) -> Contents:
    """Look into a backup: every page of it, and how much is in force. Never raises for what is wrong with it."""
    broken = message("It is damaged or cut short.")
    try:
        with closing(_look(path, keys)) as copy:
            if backup.integrity_faults(copy):
                return Contents(wrong=broken)
            patients, sessions, scores = (
                copy.execute(f"SELECT count(*) FROM {kind} WHERE withdrawn IS NULL").fetchone()[0]  # noqa: S608
                for kind in ("patient", "session", "assessment")
            )
            return Contents(patients, sessions, scores)
    except Refusal as refusal:
        return Contents(wrong=refusal.what)
    except driver.Error:
        return Contents(wrong=broken)


def _look(path: Path, keys: Iterable[Key]) -> Any:
    """Open a backup to read it, nothing being written beside it."""
    return cipher.connect(path, *key_for(path, keys), mode="immutable")


def synced(path: Path) -> str:
    """Return which program copies the folder of a file to other computers, as far as names tell; empty if none."""
    for folder in path.resolve().parents:
        name = folder.name.casefold()
        for known, said in _SYNCED.items():
            if name == known or name.startswith((f"{known} ", f"{known}-", f"{known}(")):
                return said
        for mark, said in _MARKS.items():
            with suppress(OSError):
                if (folder / mark).exists():
                    return said
    return ""
