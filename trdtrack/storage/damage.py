"""Finds damage before a file that was not closed properly is opened.

SQLite removes the -wal file when the last program closes a file: where one lies, the last close was not clean, or
another program is at work. Of a damaged file nothing is written to, neither by opening it nor by giving up.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, OpenElsewhere, Refusal
from trdtrack.storage import backups, cipher

if TYPE_CHECKING:
    from pathlib import Path

_HEADER, _FRAME = 32, 24
"""Bytes before the first frame of a -wal file, and before the page in each frame (sqlite.org/fileformat2.html, 4)."""
_PAGE_NUMBER = re.compile(r"page (\d+)$")


def refuse_damaged(path: Path, key: bytes, salt: bytes) -> None:
    """Refuse a file, not closed properly, with a page that is not as it was written, or with saves that are lost."""
    wal = path.with_name(path.name + "-wal")
    with closing(cipher.connect(path, key, salt, mode="ro")) as probe, cipher.refusing(path):
        _busy, valid, _moved = probe.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        frames = wal.read_bytes() if wal.exists() else b""
        # A page half written when the computer stopped lies in the -wal file whole.
        newer = {_frame(frames, n)[0] for n in range(max(valid, 0))}
        pages = [str(row[0]) for row in probe.execute("PRAGMA cipher_integrity_check")]
    if any(_number(said) not in newer for said in pages) or _saves_lost(frames, max(valid, 0)):
        raise cipher.damaged(path)


def _number(said: str) -> int:
    """Return which page a finding is about; 0 where about none."""
    found = _PAGE_NUMBER.search(said)
    return int(found[1]) if found else 0


def _frame(wal: bytes, number: int) -> tuple[int, int, bytes]:
    """Return a frame's page, the file's size in pages where it ends a save (else 0), and which time it is of."""
    at = _HEADER + number * (_FRAME + cipher.PAGE)
    head = wal[at : at + _FRAME]
    return int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big"), head[8:16]


def _saves_lost(wal: bytes, valid: int) -> bool:
    """Whether saves follow that SQLite does not see, for what comes before them is not as it was written.

    A save is begun only when the one before it is on the disk. So what cannot be read is one that was interrupted, and
    never confirmed, only if it is the last.
    """
    if len(wal) < _HEADER or not any(wal[:_HEADER]):
        return False
    if not valid and _checksum(wal[:24]) != wal[24:_HEADER]:
        return True
    ended = False
    for number in range(valid, (len(wal) - _HEADER) // (_FRAME + cipher.PAGE)):
        _page, ends, time = _frame(wal, number)
        # Frames of an earlier time stay behind a shorter later one.
        if time == wal[16:24]:
            if ended:
                return True
            ended = ends > 0
    return False


def _checksum(data: bytes) -> bytes:
    """Return the checksum of a -wal file's header, whose magic number says how its words lie."""
    order = "big" if data[3] & 1 else "little"
    words = [int.from_bytes(data[n : n + 4], order) for n in range(0, len(data), 4)]
    first = second = 0
    for n in range(0, len(words), 2):
        first = (first + words[n] + second) & 0xFFFFFFFF
        second = (second + words[n + 1] + first) & 0xFFFFFFFF
    return first.to_bytes(4, "big") + second.to_bytes(4, "big")


def with_backup(refused: Refusal, path: Path, secret: str) -> Refusal:
    """Return a refusal to open a file with the newest good backup in it, or as it was where there is none.

    A passphrase that opens a backup with the file's own salt is right: a file that does not open with it is damaged.
    """
    newest = backups.newest_good(path, backups.keys_from(path, secret))
    if newest is None:
        return refused
    if isinstance(refused, OpenElsewhere):
        refused.backup = str(newest)
        return refused
    if not backups.is_lost(path, refused, newest):
        return refused
    said = message("{file} is damaged or cut short; nothing was changed. ", file=path.name)
    what = message("{said}The newest backup that is whole is {backup}.", said=said, backup=newest.name)
    return Damaged(what, file=str(path), backup=str(newest))
