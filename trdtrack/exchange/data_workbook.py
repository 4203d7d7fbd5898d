"""The data tables as one workbook: real dates, numbers as numbers, and no text that could run as a formula.

XlsxWriter writes it, in memory: its temporary files would hold patients' words.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import xlsxwriter

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.csv_text import guarded
from trdtrack.exchange.data_about import about
from trdtrack.exchange.data_columns import Person
from trdtrack.exchange.data_sheets import definitions, sheets
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter import Format, Worksheet

    from trdtrack.domain.chain_head import ChainHead
    from trdtrack.domain.summary import Held
    from trdtrack.exchange.data_columns import Cell
    from trdtrack.exchange.data_sheets import Sheet

MOST_ROWS = 1_048_576
"""Rows a sheet can have, its heading among them."""
MOST_LETTERS = 32_767
"""Letters a cell can hold, counted in UTF-16; a longer text would be left out as a whole."""
_FIRST_YEAR = 1900
"""A spreadsheet knows no day before it."""
_DAY_WIDTH, _MOMENT_WIDTH, _LEAST_WIDTH, _MOST_WIDTH = 11, 17, 6, 44


def workbook(people: Iterable[Held], *, at: datetime, head: ChainHead | None = None, names: bool = False) -> bytes:
    """Return a workbook with a sheet a kind of record, before them "About" and after them "Definitions".

    Patients go by their code; `names` adds a column with their names. Withdrawn records are there with the reason.
    Moments are in the zone of `at`.
    """
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _("TRDTrack data"), "created": at.replace(tzinfo=None), "author": ""})
    first = book.add_worksheet(_("About"))
    tables = sheets(names=names)
    pages = [_Page(book, sheet, at) for sheet in tables]
    rules, patients = None, 0
    for held in people:
        person = Person(held)
        patients += 1
        rules = rules or next((summary.rules for summary in held.summaries), None)
        for page in pages:
            page.add(person)
    for page in pages:
        page.finish()
    said = about(at=at, head=head, rules=rules, patients=patients)
    plain_sheet(book, first, (_("What"), _("Is")), said, widths=(24, 110))
    headings = (_("Sheet"), _("Column"), _("Meaning"), _("Unit"), _("Source"))
    meanings = definitions(tables, csv=False)
    plain_sheet(book, book.add_worksheet(_("Definitions")), headings, meanings, widths=(18, 30, 80, 18, 24))
    book.close()
    return whole.getvalue()


class _Page:
    """A sheet being filled, a row a record."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Sheet, at: datetime) -> None:
        self._sheet, self._zone = sheet, at.tzinfo
        self._page = book.add_worksheet(say(sheet.title))
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        headings = [say(column.heading) for column in sheet.columns]
        self._widths = [max(len(heading) + 3, _LEAST_WIDTH) for heading in headings]
        self._page.write_row(0, 0, headings, heading_format(book))
        self._page.freeze_panes(1, 1)
        self._rows = 0

    def add(self, person: Person) -> None:
        """Add a row for each of a patient's records."""
        for cells in self._sheet.rows(person):
            self._rows += 1
            if self._rows >= MOST_ROWS:
                what = message(
                    "The sheet {sheet} would have too many rows: export a selection.", sheet=self._sheet.title
                )
                raise Refusal(what)
            for place, cell in enumerate(cells):
                if cell is not None:
                    width = self._write(place, cell)
                    self._widths[place] = max(self._widths[place], width)

    def _write(self, place: int, cell: Cell) -> int:
        """Write one cell by its own type and return how many letters it takes."""
        page, row = self._page, self._rows
        if isinstance(cell, (int, float)):
            page.write_number(row, place, cell)
            return _LEAST_WIDTH
        if isinstance(cell, date) and cell.year >= _FIRST_YEAR:
            if isinstance(cell, datetime):
                page.write_datetime(row, place, cell.astimezone(self._zone).replace(tzinfo=None), self._moment)
                return _MOMENT_WIDTH
            page.write_datetime(row, place, datetime.combine(cell, time()), self._day)
            return _DAY_WIDTH
        text = _fitting(guarded(str(cell)))
        page.write_string(row, place, text)
        return min(len(text) + 1, _MOST_WIDTH)

    def finish(self) -> None:
        """Set the widths, and the filter over what is there."""
        for place, width in enumerate(self._widths):
            self._page.set_column(place, place, width)
        self._page.autofilter(0, 0, self._rows, len(self._widths) - 1)


def heading_format(book: xlsxwriter.Workbook) -> Format:
    """Return how a row of headings is set."""
    return book.add_format({"bold": True, "bottom": 1, "text_wrap": False})


def plain_sheet(
    book: xlsxwriter.Workbook,
    page: Worksheet,
    headings: Iterable[str],
    rows: Iterable[Iterable[str]],
    *,
    widths: tuple[int, ...],
) -> None:
    """Fill a sheet with texts under headings, wrapped, with a filter over them."""
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.write_row(0, 0, list(headings), heading_format(book))
    page.freeze_panes(1, 0)
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    number = 0
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            page.write_string(number, place, guarded(text), wrapped)
    page.autofilter(0, 0, number, len(widths) - 1)


def _fitting(text: str) -> str:
    """Return what a cell can hold of a text, and say where something is missing."""
    if len(text) * 2 <= MOST_LETTERS or len(text.encode("utf-16-le")) // 2 <= MOST_LETTERS:
        return text
    said = _(" … (longer than a cell can be: the whole text is in the full record and in the CSV tables)")
    kept = text.encode("utf-16-le")[: 2 * (MOST_LETTERS - len(said))].decode("utf-16-le", "ignore")
    return kept + said
