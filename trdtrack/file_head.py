"""The first bytes of a caseload file, which name it, read without harm to a caseload that is open here.

A program that closes a file lets all its locks on that file go, also SQLite's (POSIX): another program of this computer
would then take the file for one that nobody has open. So of the files open here these bytes are remembered, not read.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    Place = tuple[int, int]
    """A file whatever its name: the disk's number and the file's on it."""

BYTES = 16
"""SQLCipher keeps its salt there: made by chance, it stays with the file wherever it goes."""
_open: dict[Place, list[bytes]] = {}


def place_of(path: Path) -> Place | None:
    """Return which file a path leads to, None if to none."""
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def remember(path: Path, head: bytes) -> Place | None:
    """Keep the first bytes of a file that is opened here, until `forget` is told the place returned."""
    place = place_of(path)
    if place:
        _open.setdefault(place, []).append(head)
    return place


def forget(place: Place | None) -> None:
    """Let a file go that is closed."""
    heads = _open.get(place) if place else None
    if place and heads:
        heads.pop()
        if not heads:
            del _open[place]


def read(path: Path) -> bytes:
    """Return a file's first 16 bytes, or fewer where it has no more. Raises OSError."""
    place = place_of(path)
    if place in _open:
        return _open[place][-1]
    with path.open("rb") as file:
        return file.read(BYTES)
