"""XLSX workbooks as rows of plain values: the stored results of formulas, visible sheets only, bombs kept out."""

from __future__ import annotations

import io
import warnings
import zipfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from openpyxl import Workbook, Worksheet

    Value = str | int | float | date | None

MOST_UNPACKED = 100_000_000
"""Bytes of all parts together: the largest list of scores taken here unpacks to a third of it."""
_CHUNK = 1_000_000
_VISIBLE = "visible"


@dataclass(frozen=True)
class Book:
    """An open workbook. `notes` is what a person should know of how it is read."""

    name: str
    sheets: tuple[str, ...]
    hidden: tuple[str, ...]
    notes: tuple[Message, ...]
    _values: Workbook = field(repr=False)
    _formulas: Workbook | None = field(repr=False)

    def choose(self, sheet: str) -> str:
        """Return the sheet's name, the first visible one for none, or refuse."""
        if not sheet:
            return self.sheets[0]
        if sheet in self.hidden:
            what = message("The sheet {sheet} is hidden: show it in the spreadsheet first.", sheet=sheet)
            raise Refusal(what, field="sheet")
        if sheet not in self.sheets:
            there = ", ".join(self.sheets)
            what = message(
                "{file} has no sheet {sheet}; its sheets are: {there}.", file=self.name, sheet=sheet, there=there
            )
            raise Refusal(what, field="sheet")
        return sheet

    def row_count(self, sheet: str) -> int:
        """Return how many rows the sheet says it has, for progress only: it may be wrong."""
        return _sheet(self._values, sheet).max_row or 0

    def rows(self, sheet: str) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """Yield (row number, cells) of each row that holds anything.

        A formula gives its stored result; one without gives its own text (`=A1+B1`), which is no number to anybody.
        """
        try:
            values = _rows(self._values, sheet)
            formulas = _rows(self._formulas, sheet) if self._formulas else None
            for number, row in enumerate(values, start=1):
                cells = [_plain(value) for value in row]
                if formulas is not None:
                    written = next(formulas, ())
                    cells = [_stored(cell, text) for cell, text in zip(cells, written, strict=False)]
                while cells and cells[-1] is None:
                    cells.pop()
                if cells:
                    yield number, tuple(cells)
        except Refusal:
            raise
        except Exception as error:
            raise _damaged(self.name) from error


@contextmanager
def opened(data: bytes, *, name: str) -> Generator[Book]:
    """Open a workbook's bytes, or refuse: no workbook, damaged, or unpacking to more than any list of scores."""
    from openpyxl import load_workbook  # noqa: PLC0415 - a quarter of a second that no CSV needs

    formulas, merged = _looked_through(data, name)
    with ExitStack() as stack:
        # A workbook without styles, or with a date no calendar has, is warned of: not ours to show.
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        try:
            values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            stack.callback(values.close)
            written = None
            if formulas:
                written = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
                stack.callback(written.close)
        except Exception as error:
            raise _damaged(name) from error
        sheets = tuple(sheet.title for sheet in values.worksheets if sheet.sheet_state == _VISIBLE)
        hidden = tuple(sheet.title for sheet in values.worksheets if sheet.sheet_state != _VISIBLE)
        if not sheets:
            raise Refusal(message("{file} has no visible sheet.", file=name))
        notes: list[Message] = []
        if hidden:
            notes.append(message("Hidden sheets were not read: {sheets}.", sheets=", ".join(hidden)))
        if merged:
            notes.append(
                message(
                    "{file} has merged cells: only the first of them holds a value, the others are empty.", file=name
                )
            )
        yield Book(name, sheets, hidden, tuple(notes), values, written)


def _looked_through(data: bytes, name: str) -> tuple[bool, bool]:
    """Return whether any sheet holds formulas and merged cells, by the archive's directory first, then its bytes."""
    formulas = merged = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_others(archive, name)
            sheets = [n for n in set(archive.namelist()) if n.startswith("xl/worksheets/") and n.endswith(".xml")]
            for sheet in sheets:
                with archive.open(sheet) as file:
                    tail = b""
                    while chunk := file.read(_CHUNK):
                        seen = tail + chunk
                        formulas = formulas or b"<f>" in seen or b"<f " in seen
                        merged = merged or b"<mergeCell " in seen
                        tail = chunk[-len(b"<mergeCell ") :]
    except Refusal:
        raise
    except Exception as error:  # a damaged archive may make the library raise anything
        raise _damaged(name) from error
    return formulas, merged


def _refuse_others(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive that is no workbook, or a bomb: no part can be unpacked to more than the directory says."""
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        most = MOST_UNPACKED // 1_000_000
        what = message("{file} unpacks to more than {most} MB: that is not a list of scores.", file=name, most=most)
        raise Refusal(what)
    if "xl/workbook.xml" not in archive.namelist():
        what = message("{file} is an archive, but no Excel workbook: save it as .xlsx or CSV first.", file=name)
        raise Refusal(what)


def _rows(book: Workbook, sheet: str) -> Iterator[tuple[object, ...]]:
    found = _sheet(book, sheet)
    # What a sheet says of its own size is often wrong, and would cut it.
    found.reset_dimensions()
    return found.iter_rows(values_only=True)


def _sheet(book: Workbook, sheet: str) -> Worksheet:
    return next(s for s in book.worksheets if s.title == sheet)


def _plain(value: object) -> Value:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, bool):
        return None if value is None else str(value).upper()
    return value if isinstance(value, int | float | date) else str(value)


def _stored(cell: Value, written: object) -> Value:
    """Return a cell's value, or the formula where it has no stored result."""
    if cell is not None or written is None:
        return cell
    # An array formula is an object that holds its text.
    text = written if isinstance(written, str) else getattr(written, "text", None)
    return text.strip() if isinstance(text, str) and text.startswith("=") else cell


def _damaged(name: str) -> Refusal:
    return Refusal(message("{file} is damaged or not an Excel workbook: save it again as .xlsx or CSV.", file=name))
