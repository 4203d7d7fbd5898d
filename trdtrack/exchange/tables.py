"""CSVs that a spreadsheet, R and pandas open: the scores, or a zip with a table a kind of record.

Rows only: the standard csv module is enough. RFC 4180 (commas, CR LF), UTF-8. A byte order mark leads only where a
letter needs it: without one Excel reads the computer's old code page and spoils a code such as Müller-3, while other
programs take the mark for part of the first heading. A text that a spreadsheet would run as a formula gets an
apostrophe in front, which the import here takes away again.
"""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trdtrack.domain import phq9
from trdtrack.domain.summary import Summary
from trdtrack.exchange.csv_text import BOM, guarded
from trdtrack.exchange.data_about import about
from trdtrack.exchange.data_columns import Person
from trdtrack.exchange.data_sheets import DEFINED, definitions, sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from trdtrack.domain.chain_head import ChainHead
    from trdtrack.domain.summary import Held
    from trdtrack.domain.trajectory import Point
    from trdtrack.exchange.data_columns import Cell

    Tick = Callable[[int, int], None]

HEADER = (
    "patient",
    "date",
    "week",
    "total",
    "completeness",
    "answered",
    *(f"item{number}" for number in range(1, phq9.ITEMS + 2)),
    "counts",
    "session_date",
    "course",
)


def scores_csv(people: Iterable[Held]) -> bytes:
    """Return every assessment of many people in all their courses, a line each, by course and date.

    `week` is days since week 0 / 7 to two decimals; `counts` is no for a total that gives way to another of its day or
    where there is none; `course` counts the patient's courses from 1 in the order of their week 0; what is not known
    is left empty, never 0. Each assessment stands once, in the course it was written in, so that the file can be
    imported.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(HEADER)
    for held in people:
        days = {session.id: session.date for session in held.dossier.sessions}
        for number, summary in enumerate(held.summaries, start=1):
            points = (p for p in summary.points if p.assessment.course == summary.course.id)
            table.writerows(_row(summary, point, days, number) for point in points)
    return _encoded(text)


def _row(summary: Summary, point: Point, days: dict[str, date], number: int) -> list[str | int | None]:
    assessment = point.assessment
    answers = assessment.answers
    session = days.get(assessment.session) if assessment.session else None
    return [
        guarded(summary.patient.code),
        point.date.isoformat(),
        None if point.week is None else f"{point.week:.2f}",
        point.score.total,
        point.score.completeness.value,
        None if answers is None else point.score.answered,
        *(answers or (None,) * phq9.ITEMS),
        assessment.difficulty,
        "yes" if point.counts else "no",
        session.isoformat() if session else None,
        number,
    ]


def tables_zip(people: Iterable[Held], *, at: datetime, head: ChainHead | None = None, names: bool = False) -> bytes:
    """Return a zip with a CSV a kind of record, `definitions.csv` and `about.csv`: with these one can leave.

    Days and moments are in ISO 8601; withdrawn records are there with the reason. `names` adds the patients' names.
    """
    tables = sheets(names=names)
    texts = {sheet.file: io.StringIO(newline="") for sheet in tables}
    writers: dict[str, Any] = {name: csv.writer(text) for name, text in texts.items()}
    for sheet in tables:
        writers[sheet.file].writerow([column.name for column in sheet.columns])
    rules, patients = None, 0
    for held in people:
        person = Person(held)
        patients += 1
        rules = rules or next((summary.rules for summary in held.summaries), None)
        for sheet in tables:
            writers[sheet.file].writerows([_written(cell) for cell in row] for row in sheet.rows(person))
    files = {name: _encoded(text) for name, text in texts.items()}
    files["definitions.csv"] = rows_csv(DEFINED, definitions(tables, csv=True))
    files["about.csv"] = rows_csv(("what", "is"), about(at=at, head=head, rules=rules, patients=patients))
    return zipped(files, at=at)


def _written(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return cell


def rows_csv(header: Iterable[str], rows: Iterable[Iterable[Cell]]) -> bytes:
    """Return a whole CSV: texts made harmless, days and moments in ISO 8601, numbers as they are."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(header)
    table.writerows([_written(cell) for cell in row] for row in rows)
    return _encoded(text)


def zipped(files: dict[str, bytes], *, at: datetime) -> bytes:
    """Return files as one zip, each dated `at`: the same content gives the same bytes."""
    whole = io.BytesIO()
    moment = (at.year, at.month, at.day, at.hour, at.minute, at.second)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def _encoded(text: io.StringIO) -> bytes:
    content = text.getvalue()
    return (b"" if content.isascii() else BOM) + content.encode("utf-8")
