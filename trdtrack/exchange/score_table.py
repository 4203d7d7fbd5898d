"""A file of scores as one table of cells: CSV by its text, XLSX by its sheets, each told by what is in the file."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Literal

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import csv_text, score_workbook
from trdtrack.exchange.score_columns import recognised

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Tick = Callable[[int, int], None]
    """Told (done, of) every few hundred rows; raises to cancel."""

Cell = str | int | float | date | None
MOST_ROWS = 250_000
MOST_COLUMNS = 1_000
MOST_CELLS = 5_000_000
"""A large clinic's forty years of weekly scores are a tenth of these; what is larger is another kind of file."""
TICK_ROWS = 500
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_HEADER_AMONG = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: the line it begins on, as an editor or spreadsheet counts, and its cells."""

    line: int
    cells: tuple[Cell, ...] = field(repr=False)


@dataclass(frozen=True)
class Table:
    """One sheet of a file, below its header. `digest` is the SHA-256 of the file's bytes, in hex."""

    name: str
    sheet: str
    sheets: tuple[str, ...]
    """The sheets that can be chosen; empty for a CSV."""
    header: tuple[str, ...]
    """The columns' names, each once; empty where a column has none."""
    rows: tuple[Row, ...] = field(repr=False)
    digest: str
    header_line: int = 1
    notes: tuple[Message, ...] = ()
    """What a person should know of how the file was read."""


def kind_of(path: Path) -> Literal["table", "json"]:
    """Return whether a file's first letter makes it JSON (an archive, FHIR); whatever else it is, `open_table` says."""
    try:
        # A pipe would be waited for.
        first = _first_bytes(path) if path.is_file() else b""
    except (OSError, ValueError):
        return "table"
    return "json" if first.removeprefix(csv_text.BOM).lstrip()[:1] in {b"{", b"["} else "table"


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def open_table(path: Path, *, sheet: str = "", tick: Tick | None = None) -> Table:
    """Read a CSV (comma, semicolon or tab) or one visible sheet of an XLSX, the first if none is named.

    Refuses in one sentence what is neither, or too large to be a list of scores.
    """
    data, name = csv_text.contents(path), path.name
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(_OLD_EXCEL):
        what = message(
            "{file} is an old Excel file (.xls) or has a password: save it as .xlsx or CSV first.", file=name
        )
        raise Refusal(what)
    if data.startswith(csv_text.ZIP):
        with score_workbook.opened(data, name=name) as book:
            chosen = book.choose(sheet)
            sheets, notes, of = book.sheets, book.notes, book.row_count(chosen)
            header_line, header, rows = _cut(book.rows(chosen), name=name, of=of, tick=tick)
        width = len(header)
        # A spreadsheet has no short rows: what is not there is empty.
        rows = tuple(Row(row.line, row.cells + (None,) * (width - len(row.cells))) for row in rows)
        return Table(name, chosen, sheets, header, rows, digest, header_line, notes)
    if sheet:
        raise Refusal(message("{file} is a text file: it has no sheets.", file=name), field="sheet")
    text, notes = csv_text.as_utf8(data, name=name)
    if text.lstrip()[:1] == b"<":
        raise Refusal(message("{file} is a web page or XML, not a table: save it as .xlsx or CSV first.", file=name))
    cells = csv_text.rows(text, delimiter=csv_text.sniff(text), name=name)
    lines = ((line, tuple(cell or None for cell in row)) for line, row in cells)
    header_line, header, rows = _cut(lines, name=name, of=csv_text.line_count(text), tick=tick)
    return Table(name, "", (), header, rows, digest, header_line, notes)


def text_of(cell: Cell) -> str:
    """Return a cell as a person would write it: whole numbers without a point, days year first."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _cut(
    found: Iterator[tuple[int, tuple[Cell, ...]]], *, name: str, of: int, tick: Tick | None
) -> tuple[int, tuple[str, ...], tuple[Row, ...]]:
    """Return the header's line, the header, and the rows below it, or refuse."""
    first = list(islice(found, _HEADER_AMONG))
    if not first:
        raise Refusal(message("{file} is empty.", file=name))
    _refuse_wide(max(len(cells) for _, cells in first), name)
    at = _header_at([row for _, row in first])
    header = _names(
        [text_of(cell) for cell in first[at][1]], [text_of(cell) for cell in first[at - 1][1]] if at else []
    )
    rows: list[Row] = []
    for number, (line, cells) in enumerate(chain(first[at + 1 :], found), start=1):
        if tick and number % TICK_ROWS == 0:
            tick(line, max(of, line))
        rows.append(Row(line, _fitted(cells, len(header))))
        _refuse_wide(len(cells), name)
        if number > MOST_ROWS or number * len(header) > MOST_CELLS:
            break
    if len(rows) > MOST_ROWS or len(rows) * len(header) > MOST_CELLS:
        what = message(
            "{file} has more rows than this program takes at once ({most}): split it.", file=name, most=MOST_ROWS
        )
        raise Refusal(what)
    if not rows:
        raise Refusal(message("{file} has a header but no scores.", file=name))
    return first[at][0], header, tuple(rows)


def _refuse_wide(columns: int, name: str) -> None:
    if columns > MOST_COLUMNS:
        what = message(
            "{file} has more than {most} columns: that is not a list of scores.", file=name, most=MOST_COLUMNS
        )
        raise Refusal(what)


def _fitted(cells: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    """Return a row without the empty cells beyond the header that spreadsheets append."""
    while len(cells) > width and cells[-1] is None:
        cells = cells[:-1]
    return cells


def _header_at(rows: Sequence[tuple[Cell, ...]]) -> int:
    """Return which of the first rows is the header: that with most known names, else the first with two cells."""
    known = [recognised([text_of(cell) for cell in row]) for row in rows]
    if max(known) >= 2:
        return known.index(max(known))
    return next((i for i, row in enumerate(rows) if sum(cell is not None for cell in row) >= 2), 0)


def _names(header: list[str], above: list[str]) -> tuple[str, ...]:
    """Return the columns' names, each once: where some repeat, with the group above, then with a number."""
    while header and not header[-1]:
        header.pop()
    groups, group = [""] * len(header), ""
    # A single cell above is the title of the whole.
    if sum(map(bool, above)) > 1 and len(set(filter(None, header))) < sum(map(bool, header)):
        for at, cell in enumerate(above[: len(header)]):
            group = groups[at] = cell or group
    named = [f"{group} {name}".strip() if name else "" for group, name in zip(groups, header, strict=True)]
    seen: Counter[str] = Counter()
    for at, name in enumerate(named):
        seen[name] += 1
        if name and seen[name] > 1:
            named[at] = f"{name} ({seen[name]})"
    return tuple(named)
