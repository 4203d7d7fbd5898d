"""Backups by name and age: what a backup is called, what it was made before, and which ones are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from trdtrack.domain.message import Message, message

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIX = ".trdtrack"
DAILY, WEEKLY, MONTHLY = 12, 10, 9
ALL_OF = timedelta(hours=24)
"""Everything this young is kept."""
BETWEEN = timedelta(minutes=30)
"""An open file that changes is backed up no more often than this."""
_STAMP = "%Y-%m-%d-%H%M%S"


class Kind(StrEnum):
    """What a backup was made before; the ending of its name says so."""

    USUAL = ""
    BEFORE_IMPORT = "before-import"
    BEFORE_RESTORE = "before-restore"
    BEFORE_ERASE = "before-erase"
    BEFORE_PASSPHRASE = "before-passphrase"  # noqa: S105 - no passphrase


KINDS = {
    Kind.USUAL: message("as usual"),
    Kind.BEFORE_IMPORT: message("before an import"),
    Kind.BEFORE_RESTORE: message("before a restore"),
    Kind.BEFORE_ERASE: message("before an erasure"),
    Kind.BEFORE_PASSPHRASE: message("before a new passphrase"),
}
_NAME = re.compile(
    rf"(?P<stem>.+)\.backup-(?P<at>\d{{4}}-\d\d-\d\d-\d{{6}})(?:-(?P<kind>{'|'.join(k for k in Kind if k)}))?"
    rf"{re.escape(SUFFIX)}"
)


@dataclass(frozen=True)
class Backup:
    """A backup by its name alone: nothing in it has been looked at. `at` is in UTC."""

    path: Any
    """The file, a `pathlib.Path`: handed through, never opened here."""
    at: datetime
    kind: Kind = Kind.USUAL

    @property
    def caseload(self) -> str:
        """The name of the file it is of, without its ending."""
        found = _NAME.fullmatch(self.path.name)
        return found["stem"] if found else ""


@dataclass(frozen=True)
class Contents:
    """What a look into a backup found: how much is in force, and what is wrong with it, if anything."""

    patients: int = 0
    sessions: int = 0
    scores: int = 0
    wrong: Message | None = None


@dataclass(frozen=True)
class Differs:
    """How the records of one kind in a backup differ from those in the caseload now."""

    kind: str
    gained: int
    """Only in the backup: restoring brings them back."""
    lost: int
    """Only in the caseload now: restoring takes them away."""
    changed: int


@dataclass(frozen=True)
class Difference:
    """All that restoring a backup would change: by kind of record, and the codes of whose records they are."""

    kinds: tuple[Differs, ...]
    codes: tuple[str, ...]


def name_of(stem: str, at: datetime, kind: Kind = Kind.USUAL) -> str:
    """Return what a backup of this moment is called: in UTC, so that names sort by time wherever one travels."""
    return f"{stem}.backup-{at.astimezone(UTC):{_STAMP}}{f'-{kind}' if kind else ''}{SUFFIX}"


def backup_at(path: Any) -> Backup | None:
    """Return the backup whose name this is, None for any other name."""
    found = _NAME.fullmatch(path.name)
    if not found:
        return None
    try:
        at = datetime.strptime(found["at"], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(path, at, Kind(found["kind"] or ""))


def newest(backups: Iterable[Backup], *, now: datetime) -> Backup | None:
    """Return the newest backup; of those ahead of the clock, which was set back then, only if there is no other."""
    return max(backups, key=lambda b: (b.at <= now, b.at), default=None)


def kept(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return which backups to keep, by the moments they were made.

    All of the last 24 hours, and the newest of each of the last 12 days, 10 weeks and 9 months that have one, by the
    calendar of `now`. What lies ahead of the clock is thinned by itself: a clock set wrong never costs a right one.
    """
    past, ahead = set[datetime](), set[datetime]()
    for moment in moments:
        (past if moment <= now else ahead).add(moment)
    found = _kept(past, now)
    return found | _kept(ahead, max(ahead).astimezone(now.tzinfo)) if ahead else found


def _kept(moments: set[datetime], now: datetime) -> set[datetime]:
    newest_of: tuple[dict[tuple[int, ...], datetime], ...] = ({}, {}, {})
    for moment in sorted(moments):
        day = moment.astimezone(now.tzinfo).date()
        slots = ((day.toordinal(),), day.isocalendar()[:2], (day.year, day.month))
        for found, slot in zip(newest_of, slots, strict=True):
            found[slot] = moment
    young = {moment for moment in moments if now - moment <= ALL_OF}
    for found, most in zip(newest_of, (DAILY, WEEKLY, MONTHLY), strict=True):
        young |= {found[slot] for slot in sorted(found)[-most:]}
    return young
