"""One cell of a score file at a time: a patient's code, a day, a total, an answer, or the sentence why it is none."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from trdtrack.domain import phq9
from trdtrack.domain.checks import EARLIEST_YEAR
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.csv_text import unguarded

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.exchange.score_table import Cell

_Value = TypeVar("_Value")
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(z|[ap]m|[+-]\d{2}:?\d{2})?$", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{1,2})([-/.])(\d{1,2}|[a-z]{3,9})\2(\d{2})", re.ASCII | re.IGNORECASE)
_IN_WORDS = re.compile(r"(\d{1,2})[. -]+([a-z]{3,9})[., -]+(\d{4})", re.ASCII | re.IGNORECASE)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})[. -]+(\d{1,2})[, -]+(\d{4})", re.ASCII | re.IGNORECASE)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WHOLE = re.compile(r"-?\d+", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_SERIAL_ZERO = date(1899, 12, 30)
"""Excel's day 0, for days after February 1900, which it takes for a leap year."""
_SERIALS = range(10_000, 100_000)
_BLANK = frozenset({"", "na", "n/a", "nan", "-", "–", "."})
_LONGEST = 40
_MOST_DIGITS = 6


class WrongCell(Exception):  # noqa: N818 - becomes a Problem where the line is known
    """A cell that is not what its column asks for."""

    def __init__(self, what: Message) -> None:
        super().__init__(what.text)
        self.what = what


def kept(read: Callable[[Cell], _Value]) -> Callable[[Cell], _Value | WrongCell]:
    """Return a reader that gives back what is wrong instead of raising it, and reads each different cell once."""
    seen: dict[Cell, _Value | WrongCell] = {}

    def once(cell: Cell) -> _Value | WrongCell:
        if cell not in seen:
            try:
                seen[cell] = read(cell)
            except WrongCell as wrong:
                seen[cell] = wrong
        return seen[cell]

    return once


def blank(cell: Cell) -> bool:
    """Whether a cell says that there is nothing: empty, a dash, a full stop, or NA."""
    return cell is None or (isinstance(cell, str) and cell.casefold() in _BLANK)


def patient_code(cell: Cell) -> str:
    """Return the patient's code as a Patient would hold it."""
    if cell is None:
        raise WrongCell(message("The patient's code is missing."))
    if isinstance(cell, date):
        raise WrongCell(message("{given} is a date, not a patient's code.", given=cell.isoformat()))
    _refuse_formula(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    try:
        # The record's own rules, so that they stand once; its id is never used.
        return Patient(id="-", code=unguarded(str(cell))).code
    except Refusal as refusal:
        raise WrongCell(refusal.what) from refusal


def slashed(cell: Cell) -> tuple[int, int] | None:
    """Return the two numbers before the year of a date such as 03/04/2024, which has two readings; else None."""
    match = _SLASHED.fullmatch(_TIME.sub("", cell).strip()) if isinstance(cell, str) else None
    return (int(match[1]), int(match[3])) if match else None


def serial(cell: Cell) -> date | None:
    """Return the day of a spreadsheet's day number (45443 is 31 May 2024), else None."""
    if isinstance(cell, str):
        cell = int(cell) if _SERIAL.fullmatch(cell) else None
    if isinstance(cell, int | float) and math.isfinite(cell) and int(cell) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(cell))
    return None


def names_a_day(text: str) -> bool:
    """Whether a text is written as a date, whatever day it is; a bare number is none."""
    return not text.isdecimal() and any(form.fullmatch(_TIME.sub("", text).strip()) for form in _FORMS)


def day(cell: Cell, *, today: date, day_first: bool | None) -> date:
    """Return a day from 1900 to today: a date, a spreadsheet's day number, or a text in one of the usual forms.

    2024-05-31, 20240531, 31.05.2024, 31 May 2024, May 31, 2024; 31/05/2024 and 05/31/2024 only where `day_first` says
    which. A time of day is left out.
    """
    given = _short(str(cell))
    found = cell if isinstance(cell, date) else serial(cell)
    if found is None:
        found = _written(str(cell), given, day_first) if not blank(cell) else None
    if found is None:
        raise WrongCell(message("The date is missing."))
    if found > today:
        raise WrongCell(message("{given} is in the future.", given=given))
    if found.year < EARLIEST_YEAR:
        raise WrongCell(message("{given} is before {earliest}.", given=given, earliest=EARLIEST_YEAR))
    return found


def _written(cell: str, given: str, day_first: bool | None) -> date:  # noqa: FBT001 - three answers, not a switch
    _refuse_formula(cell)
    text = _TIME.sub("", cell).strip()
    month: str | int
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, number = match[1], match[3], match[4]
    elif match := _DOTTED.fullmatch(text):
        number, month, year = match[1], match[2], match[3]
    elif match := _SLASHED.fullmatch(text):
        if day_first is None:
            raise WrongCell(message("{given} can be read as day first or month first: write 2024-05-31.", given=given))
        number, month, year = (match[1], match[3], match[4]) if day_first else (match[3], match[1], match[4])
    elif match := _IN_WORDS.fullmatch(text):
        number, month, year = match[1], _month(match[2]), match[3]
    elif match := _MONTH_FIRST.fullmatch(text):
        month, number, year = _month(match[1]), match[2], match[3]
    elif _SHORT_YEAR.fullmatch(text):
        raise WrongCell(message("{given} has a year of two digits: write 2024-05-31.", given=given))
    else:
        raise WrongCell(message("{given} is not a date: write 2024-05-31.", given=given))
    try:
        return date(int(year), int(month), int(number))
    except ValueError as error:
        raise WrongCell(message("There is no such day as {given}.", given=given)) from error


def _month(name: str) -> int:
    """Return a month's number by its English name or the first three letters or more of it, else 0."""
    return next((n for n, month in enumerate(_MONTHS, start=1) if month.startswith(name.casefold()[:9])), 0)


_FORMS = (_YEAR_FIRST, _DOTTED, _SLASHED, _IN_WORDS, _MONTH_FIRST)


def total(cell: Cell) -> int:
    """Return a whole number of 0 or more points; the caller judges what a number above 27 means."""
    if blank(cell):
        raise WrongCell(message("The total is missing."))
    points = _number(cell)
    if points is None:
        raise WrongCell(message("{given} is not a whole number.", given=_short(str(cell))))
    if not 0 <= points < 10**_MOST_DIGITS:
        raise WrongCell(_out_of_range(_short(str(cell))))
    return points


def answer(cell: Cell) -> int | None:
    """Return an answer of 0 to 3; None where it is blank, which is a missing answer and never 0."""
    if blank(cell):
        return None
    points = _number(cell)
    if points is None or not 0 <= points <= phq9.MAX_ANSWER:
        raise WrongCell(message("{given} is not an answer: they are 0, 1, 2 or 3.", given=_short(str(cell))))
    return points


def too_high(points: int) -> Message | None:
    """Return what is wrong with a total no PHQ-9 can give, else None."""
    return _out_of_range(points) if points > phq9.MAX_TOTAL else None


def _number(cell: Cell) -> int | None:
    """Return a whole number, or None. A spreadsheet keeps 5 as 5.0; in a text 5.0 was meant as a decimal."""
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else None
    if isinstance(cell, str):
        _refuse_formula(cell)
        if not _WHOLE.fullmatch(cell):
            return None
        # Out of range all the same; int() refuses thousands of digits.
        return int(cell) if len(cell) <= _MOST_DIGITS else 10**_MOST_DIGITS
    return cell if isinstance(cell, int) else None


def _refuse_formula(cell: Cell) -> None:
    if isinstance(cell, str) and cell.startswith("="):
        raise WrongCell(
            message(
                "{given} is a formula without a stored result: save the file in the spreadsheet.", given=_short(cell)
            )
        )


def _out_of_range(given: Any) -> Message:
    return message("{given} is not a PHQ-9 total: they go from 0 to {most}.", given=given, most=phq9.MAX_TOTAL)


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…"
