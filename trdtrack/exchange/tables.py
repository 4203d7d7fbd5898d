"""A course's scores as a CSV that a spreadsheet, R and pandas open. Rows only: the standard csv module is enough."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.exchange.csv_text import BOM, guarded

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

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
)


def scores_csv(summary: Summary) -> bytes:
    """Return every assessment of the course, a line each, by date: RFC 4180 (commas, CR LF), UTF-8.

    `week` is days since week 0 / 7 to two decimals; `counts` is no for a total that gives way to another of its day or
    where there is none; what is not known is left empty, never 0. A byte order mark leads only where a letter needs
    it: without one Excel reads the computer's old code page and spoils a code such as Müller-3, while other programs
    take the mark for part of the first heading. A code that a spreadsheet would run as a formula gets an apostrophe in
    front, which the import here takes away again.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(HEADER)
    days = {session.id: session.date for session in summary.sessions}
    table.writerows(_row(summary, point, days) for point in summary.points)
    content = text.getvalue()
    return (b"" if content.isascii() else BOM) + content.encode("utf-8")


def _row(summary: Summary, point: Point, days: dict[str, date]) -> list[str | int | None]:
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
    ]
