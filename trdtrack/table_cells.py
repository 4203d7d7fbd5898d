"""A CSV table cut into cells by column, each fault noted with its line and column; knows nothing of trials."""

from __future__ import annotations

import csv
import difflib
import io
import math
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.refusals import Problem, Problems, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOT_REPORTED = message("it is empty, and cannot be left out")


class Cells:
    """One row's cells by column, collecting what is wrong with them."""

    def __init__(self, line: int, texts: dict[str, str]) -> None:
        self.line = line
        self.texts = texts
        self.problems: list[Problem] = []

    def wrong(self, column: str, what: Message) -> None:
        """Note what is wrong in one column."""
        self.problems.append(Problem(self.line, column, what))

    def text(self, column: str, *, needed: bool = False) -> str:
        """Return a cell; empty where the table leaves it out."""
        found = self.texts.get(column, "")
        if needed and not found:
            self.wrong(column, NOT_REPORTED)
        return found

    def number(self, column: str, *, needed: bool = False, whole: bool = False) -> float | None:
        """Return a number, or None where the cell is blank or, noted as a problem, holds none."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            self.wrong(column, message("“{text}” is not a number", text=text))
        elif whole and not value.is_integer():
            self.wrong(column, message("{text} is not a whole number", text=text))
        else:
            return value
        return None

    def whole(self, column: str, *, needed: bool = False) -> int | None:
        """Return a whole number, or None as above."""
        found = self.number(column, needed=needed, whole=True)
        return None if found is None else int(found)


def read_rows(data: bytes, *, name: str, needed: Sequence[str], known: Sequence[str]) -> list[Cells]:
    """Return every row that holds anything, in UTF-8 with comma, semicolon or tab between the cells.

    Raises Problems where the header lacks a needed column, names one twice or seems to misspell one; columns that
    resemble none are let be. A row's own faults (too many cells, an `id` seen before) are noted in the row.
    """
    lines = _lines(data, name)
    at, header = next(lines, (1, [""]))
    refuse_all(list(_header_faults(at, header, needed, known)), name)
    rows: list[Cells] = []
    seen: dict[str, int] = {}
    for line, found in lines:
        cells = Cells(line, dict(zip(header, found, strict=False)))
        if any(found[len(header) :]):
            cells.wrong(header[-1], message("the row has more cells than the header has columns"))
        row_id = cells.text("id")
        if row_id and seen.setdefault(row_id, line) != line:
            cells.wrong("id", message("{id} is already on line {first}", id=row_id, first=seen[row_id]))
        rows.append(cells)
    if not rows:
        raise Refusal(message("{file} has a header but no rows.", file=name))
    return rows


def refuse_all(problems: Sequence[Problem], name: str) -> None:
    """Raise Problems if there are any, the first named in the sentence, all in order of line."""
    if not problems:
        return
    first, *_ = ordered = sorted(problems, key=lambda problem: problem.line)
    what = plural(
        "{file}, line {line}, {column}: {what}; nothing was taken in.",
        "{file}, line {line}, {column}: {what}; {n} problems in all, nothing was taken in.",
        len(ordered),
        file=name,
        line=first.line,
        column=first.column,
        what=first.what,
    )
    raise Problems(what, tuple(ordered))


def _header_faults(line: int, header: list[str], needed: Sequence[str], known: Sequence[str]) -> Iterator[Problem]:
    for column in needed:
        if column not in header:
            yield Problem(line, column, message("this column is missing"))
    absent = [name for name in known if name not in header and name not in needed]
    for column in dict.fromkeys(header):
        if column in known and header.count(column) > 1:
            yield Problem(line, column, message("this column is there twice"))
        # A misspelt control_group would count people twice without a word.
        near = [] if column in known else difflib.get_close_matches(column.casefold(), absent, n=1, cutoff=0.85)
        if near:
            yield Problem(line, column, message("is this column meant to be {name}?", name=near[0]))


def _lines(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(message("{file} is not UTF-8 text: save it as CSV (UTF-8) first.", file=name)) from error
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    while True:
        begin = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            what = message("{file}: the row that begins on line {line} cannot be read.", file=name, line=begin)
            raise Refusal(what) from error
        if cells is None:
            return
        cells = [cell.strip() for cell in cells]
        if any(cells):
            yield begin, cells
