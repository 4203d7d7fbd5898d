"""The service report as a workbook: a sheet a table, numbers as numbers, with definitions; about nobody."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from trdtrack import __version__
from trdtrack.domain.message import message
from trdtrack.domain.service_cells import HIGH, LOW, Unit
from trdtrack.domain.service_definitions import definitions
from trdtrack.domain.service_report import service_report
from trdtrack.evidence import default_benchmark
from trdtrack.exchange.csv_text import guarded
from trdtrack.exchange.data_workbook import heading_format, plain_sheet
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes
    from trdtrack.domain.service_cells import Table
    from trdtrack.domain.service_report import ServiceReport

_FORMS = {Unit.COUNT: "0", Unit.SHARE: "0%", Unit.POINTS: "0.0"}
_NAME_WIDTH, _FIGURE_WIDTH = 46, 16
_MOST_TITLE = 31
"""Letters a sheet's name can have."""


def service_workbook(found: CaseloadOutcomes, *, at: datetime, demo: str = "") -> bytes:
    """Return the workbook. Refuses where there are too few courses; `demo` marks data that are nobody's."""
    report = service_report(found)
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _("Service report"), "created": at.replace(tzinfo=None), "author": ""})
    about = book.add_worksheet(_("About"))
    plain_sheet(book, about, (_("What"), _("Is")), _about(report, at, demo), widths=(24, 110))
    for table in report.tables:
        _sheet(book, table)
    rows = ((say(term), say(meaning)) for term, meaning in definitions(found))
    plain_sheet(book, book.add_worksheet(_("Definitions")), (_("Term"), _("Meaning")), rows, widths=(34, 110))
    book.close()
    return whole.getvalue()


def _about(report: ServiceReport, at: datetime, demo: str) -> Iterator[tuple[str, str]]:
    yield _("Made"), say(message("{day}", day=at.date()))
    yield _("Program"), f"TRDTrack {__version__}"
    if demo:
        yield _("Please keep in mind"), demo
    for name, what in report.about:
        yield say(name), say(what)
    for caveat in default_benchmark().caveats:
        yield _("Please keep in mind"), caveat


def _headings(table: Table) -> Iterator[str]:
    """Yield the columns' names, each once: the ends of an interval say whose they are."""
    whose = ""
    for column in table.columns:
        if column in {LOW, HIGH}:
            yield say(message("{whose}, {end}", whose=whose, end=column))
        else:
            whose = say(column)
            yield whose


def _sheet(book: xlsxwriter.Workbook, table: Table) -> None:
    page = book.add_worksheet(say(table.title)[:_MOST_TITLE])
    forms = {unit: book.add_format({"num_format": form}) for unit, form in _FORMS.items()}
    right = book.add_format({"align": "right"})
    page.write_row(0, 0, [say(table.first), *_headings(table)], heading_format(book))
    page.freeze_panes(1, 1)
    page.set_column(0, 0, _NAME_WIDTH)
    page.set_column(1, len(table.columns), _FIGURE_WIDTH)
    for number, row in enumerate(table.rows, start=1):
        name = f"{say(row.name)} ({say(row.remark)})" if row.remark else say(row.name)
        page.write_string(number, 0, guarded(name))
        for place, cell in enumerate(row.cells, start=1):
            if cell.value is not None:
                page.write_number(number, place, cell.value, forms[cell.unit])
            elif cell.hidden:
                page.write_string(number, place, say(cell.words), right)
    if table.note:
        page.write_string(len(table.rows) + 2, 0, say(table.note))
