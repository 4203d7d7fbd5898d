"""The archive: everything a caseload holds as one JSON file, from which an empty caseload becomes an equal one.

    {"format": "trdtrack-archive", "version": 1, "file_version": 6, "written": "2026-05-31T09:30:00+02:00",
     "records": [...], "history": [...], "drafts": [...], "checksum": "..."}

`resources/archive.schema.json` describes every field. `version` is that of this form, `file_version` that of the
caseload file's own schema. `records` are all there are, withdrawn ones too, each after those it refers to; `history`
is every line of the audit chain from the first, its texts letter by letter as its digests were taken, and the last
line's number and hash are the chain's head; `drafts` is what was typed and not yet saved. `checksum` is the SHA-256, in
hexadecimal, of one line of canonical JSON (names sorted, no spaces, UTF-8, ended by a line feed) for the list
["trdtrack-archive", version, file_version], then for a list [section, entry] for every entry in the file's order. The
moment of writing is not part of it: archives of equal caseloads have equal checksums.

The file is not encrypted. Taking one in adds no line to the history, so that both histories stay equal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, cast

from trdtrack.domain.exported import Exported
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.json_parts import members
from trdtrack.exchange.writing import refuse_own, write_parts
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from trdtrack.caseload import Caseload

    Entry = tuple[str, dict[str, Any]]
    Tick = Callable[[int, int], None]

NAME = message("Archive of everything")
FORMAT, VERSION = "trdtrack-archive", 1
SECTIONS = ("records", "history", "drafts")
_HEADER = ("format", "version", "file_version", "written")
_BEGINS = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"format"\s*:\s*"' + FORMAT.encode() + b'"')
_HEAD = 1000
_TICK_ENTRIES = 500
_PART = 1 << 16


def is_archive(path: Path) -> bool:
    """Whether a file begins as an archive does; False too where it cannot be read."""
    # A pipe would be waited for.
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return _BEGINS.match(file.read(_HEAD)) is not None
    except OSError:
        return False


def write_archive(
    path: Path, caseload: Caseload, *, at: datetime, tick: Tick | None = None, noted: bool = False
) -> int:
    """Write everything a caseload holds to a file, whole or not at all, and return how many entries that is.

    `tick(done, of)` is told every few hundred entries and may raise to cancel. `noted`: the history gets a line that it
    was done, which is in the archive too.
    """
    refuse_own(path, caseload)
    line = Exported(what=say(NAME), where=str(path), patients=()) if noted and not caseload.read_only else None
    with caseload.contents(line, at=at) as (count, entries):
        write_parts(path, _joined(_text(_ticking(entries, count, tick), caseload.file_version, at)))
    return count


def _ticking(entries: Iterable[Entry], count: int, tick: Tick | None) -> Iterator[Entry]:
    for number, entry in enumerate(entries):
        if tick and number % _TICK_ENTRIES == 0:
            tick(number, count)
        yield entry
    if tick:
        tick(count, count)


def _text(entries: Iterable[Entry], file_version: int, at: datetime) -> Iterator[str]:
    """Yield the file's text: an entry a line."""
    check = _Checksum(VERSION, file_version)
    yield f'{{"format":"{FORMAT}",\n"version":{VERSION},\n"file_version":{file_version},\n'
    yield f'"written":"{at.isoformat(timespec="seconds")}"'
    waiting = iter(SECTIONS)
    section, between = "", ""
    for name, fields in entries:
        while section != name:
            yield from _next_section(section, section := next(waiting))
            between = "\n"
        yield f"{between}{check.add(section, fields)}"
        between = ",\n"
    for name in waiting:
        yield from _next_section(section, section := name)
    yield f'],\n"checksum":"{check.value()}"}}\n'


def _next_section(last: str, name: str) -> Iterator[str]:
    yield f'{"]" if last else ""},\n"{name}":['


def _joined(texts: Iterable[str]) -> Iterator[bytes]:
    """Yield the same text in larger parts."""
    held, size = list[str](), 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _PART:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()


def take_archive(path: Path, caseload: Caseload, *, dry_run: bool = False, tick: Tick | None = None) -> Counter[str]:
    """Fill an empty caseload from an archive, whole or not at all, and return how many entries of each kind there were.

    Read twice: proved whole before anything of it is looked at closely. `tick(done, of)` is told in bytes and may raise
    to cancel. With `dry_run` everything is tried and nothing kept.
    """
    version = caseload.file_version
    with _opened(path) as file:
        size = path.stat().st_size
        first = _entries(file, path.name, version, _telling(tick, 0, 2 * size))
        counted = Counter(str(fields.get("kind")) if section == SECTIONS[0] else section for section, fields in first)
        file.seek(0)
        again = _entries(file, path.name, version, _telling(tick, size, 2 * size))
        caseload.take_contents(again, dry_run=dry_run)
    return counted


def _telling(tick: Tick | None, before: int, of: int) -> Callable[[int], None] | None:
    return (lambda read: tick(min(before + read, of), of)) if tick else None


@contextmanager
def _opened(path: Path) -> Generator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise Refusal(message("There is no file {file}.", file=str(path))) from error
    except OSError as error:
        raise Refusal(message("{file} cannot be read.", file=path.name)) from error


def _entries(file: IO[bytes], name: str, file_version: int, tick: Callable[[int], None] | None) -> Iterator[Entry]:
    """Yield the entries of an archive, and refuse at their end if they are not as they were written."""
    header = dict[str, Any]()
    check: _Checksum | None = None
    found: Any = None
    not_ours = Refusal(message("{file} is not a whole TRDTrack archive.", file=name))
    try:
        for key, value in members(file, tick=tick):
            if key in SECTIONS and isinstance(value, dict):
                check = check or _begun(header, name, file_version)
                fields = cast("dict[str, Any]", value)
                check.add(key, fields)
                yield key, fields
            elif key == "checksum":
                found = value
            elif key in _HEADER and check is None:
                header[key] = value
            else:
                raise not_ours
        check = check or _begun(header, name, file_version)
    except (ValueError, RecursionError) as error:
        raise not_ours from error
    if found is None:
        raise not_ours
    if found != check.value():
        what = message("{file} was changed or damaged since it was written: its checksum does not fit.", file=name)
        raise Refusal(what)


def _begun(header: dict[str, Any], name: str, file_version: int) -> _Checksum:
    """Refuse what another program or a newer one wrote."""
    version, theirs = header.get("version"), header.get("file_version")
    if header.get("format") != FORMAT or type(version) is not int or type(theirs) is not int or version < 1:
        raise Refusal(message("{file} is not a TRDTrack archive.", file=name))
    if version > VERSION or theirs > file_version:
        what = message("{file} was written by a newer TRDTrack. Update the program; nothing was taken in.", file=name)
        raise Refusal(what)
    return _Checksum(version, theirs)


class _Checksum:
    """The SHA-256 of an archive's entries."""

    def __init__(self, version: int, file_version: int) -> None:
        self._hash = hashlib.sha256()
        self._line(_canonical([FORMAT, version, file_version]))

    def add(self, section: str, fields: dict[str, Any]) -> str:
        """Count an entry in and return it as canonical JSON."""
        text = _canonical(fields)
        self._line(f'["{section}",{text}]')
        return text

    def value(self) -> str:
        """Return the checksum so far in hexadecimal."""
        return self._hash.hexdigest()

    def _line(self, text: str) -> None:
        self._hash.update(text.encode() + b"\n")


def _canonical(value: Any) -> str:
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
