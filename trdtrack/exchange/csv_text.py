"""CSV as text: a file's rows with the lines an editor shows, or one clear sentence why it is not a CSV at all."""

from __future__ import annotations

import csv
import io
import re
import stat
from collections import Counter
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trdtrack.domain.message import Message

MOST_BYTES = 50_000_000
"""Forty years of a large clinic's weekly scores are under 20 MB; what is larger is another kind of file."""
DELIMITERS = (",", ";", "\t")
BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
ZIP = b"PK\x03\x04"
_SNIFFED, _SNIFFED_LINES = 100_000, 20
_SEP = re.compile(r"sep=([,;\t])\s*$", re.MULTILINE | re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_WORD_SHOWN = 20
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """Return a text cell that no spreadsheet runs as a formula: marked with a leading apostrophe if it could be.

    Apostrophes before a formula sign are counted as part of it, so that `unguarded` gives back exactly the same text.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given; a spreadsheet's own text mark (`'=A1`) goes the same way."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_bytes(path: Path) -> bytes:
    """Return a text file's bytes without the byte order mark, or refuse: not there, too large, not UTF-8 text."""
    data = contents(path)
    name = path.name
    if data.startswith(ZIP):
        raise Refusal(message("{file} is a workbook or an archive: save it as CSV (UTF-8) first.", file=name))
    if data.startswith(_UTF16):
        raise Refusal(message("{file} is UTF-16 text: save it as CSV (UTF-8) first.", file=name))
    if b"\0" in data:
        raise Refusal(message("{file} is not a text file.", file=name))
    data = data.removeprefix(BOM)
    if not data.strip():
        raise Refusal(message("{file} is empty.", file=name))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error, name) from error
    return data


def as_utf8(data: bytes, *, name: str) -> tuple[bytes, tuple[Message, ...]]:
    """Return a text file's bytes as UTF-8 without a byte order mark, and what a person should know of the reading.

    Takes UTF-8, UTF-16 with its mark, and Windows-1252 (which holds Latin-1), as spreadsheets save "CSV". The last
    cannot be told from other old code pages, so that it is said.
    """
    notes: tuple[Message, ...] = ()
    if data.startswith(_UTF16):
        try:
            data = data.decode("utf-16").encode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError) as error:
            raise Refusal(message("{file} is not a text file.", file=name)) from error
    data = data.removeprefix(BOM)
    if b"\0" in data:
        raise Refusal(message("{file} is not a text file.", file=name))
    if not data.strip():
        raise Refusal(message("{file} is empty.", file=name))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise _not_utf8(data, error, name) from error
        word = next((word for word in _WORD.findall(text) if not word.isascii()), "…")
        what = message(
            "{file} is not UTF-8 text and was read as Western European (“{word}”): if letters look wrong, save it as "
            "CSV (UTF-8).",
            file=name,
            word=word[:_WORD_SHOWN],
        )
        data, notes = text.encode("utf-8"), (what,)
    return data, notes


def _not_utf8(data: bytes, error: UnicodeDecodeError, name: str) -> Refusal:
    line = _lines(data[: error.start]) + 1
    return Refusal(
        message("{file} is not UTF-8 text (line {line}): save it as CSV (UTF-8) first.", file=name, line=line)
    )


def contents(path: Path) -> bytes:
    """Return a file's bytes, or refuse: not there, not a file, too large, not to be read."""
    name = path.name
    too_large = message(
        "{file} is larger than {most} MB: that is not a list of scores.",
        file=name,
        most=MOST_BYTES // 1_000_000,
    )
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Refusal(message("{file} is a folder, not a file.", file=name))
        if not stat.S_ISREG(found.st_mode):
            raise Refusal(message("{file} is not an ordinary file.", file=name))
        # From the size alone: reading a huge file only to refuse it would take its time and its memory.
        if found.st_size > MOST_BYTES:
            raise Refusal(too_large)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refusal(message("There is no file {file}.", file=str(path))) from error
    except PermissionError as error:
        raise Refusal(message("You have no permission to read {file}.", file=name)) from error
    except (OSError, ValueError) as error:
        raise Refusal(message("{file} cannot be read.", file=name)) from error
    if len(data) > MOST_BYTES:
        raise Refusal(too_large)
    return data


def _lines(data: bytes) -> int:
    """Count the line ends as an editor does: CR LF, LF or CR alone."""
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def line_count(data: bytes) -> int:
    """How many lines an editor shows."""
    return _lines(data) + (not data.endswith((b"\n", b"\r")))


def sniff(data: bytes) -> str:
    """Return the delimiter that cuts most of the first lines into the same number of cells; the comma on a tie.

    A line `sep=;`, as spreadsheets understand it, decides. `csv.Sniffer` is not asked: it guesses from letter counts
    and takes a letter for a delimiter now and then.
    """
    first = data[:_SNIFFED].decode("utf-8", "replace")
    if said := _SEP.match(first):
        return said[1]
    lines = [line for line in first.splitlines() if line.strip()][:_SNIFFED_LINES]

    def even(delimiter: str) -> tuple[int, int]:
        counts = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter) if len(cells) > 1)
        return max(((often, width) for width, often in counts.items()), default=(0, 0))

    return max(DELIMITERS, key=even)


def rows(data: bytes, *, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line where the row begins, stripped cells) for each row that holds anything.

    A row of nothing but delimiters, as spreadsheets append them, holds nothing. Refuses misplaced quotation marks.
    """
    # Not StringIO, which takes four bytes a character; newline="" keeps line ends inside quotes.
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        begin = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            what = message(
                "{file}: the row that begins on line {line} cannot be read; a quotation mark may be missing.",
                file=name,
                line=begin,
            )
            raise Refusal(what) from error
        if cells is None:
            return
        cells = [cell.strip() for cell in cells]
        if any(cells):
            yield begin, cells
