"""One cell of a score file at a time: a patient's code, a day, a total, or the sentence why it is none."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from trdtrack.domain import phq9
from trdtrack.domain.checks import EARLIEST_YEAR
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.csv_text import unguarded

_YEAR_FIRST = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_AMBIGUOUS = re.compile(r"\d{1,2}[-/]\d{1,2}[-/](\d{4}|\d{2})", re.ASCII)
_WHOLE = re.compile(r"-?\d+", re.ASCII)
_LONGEST = 40
_MOST_DIGITS = 6


class WrongCell(Exception):  # noqa: N818 - becomes a Problem where the line is known
    """A cell that is not what its column asks for."""

    def __init__(self, what: Message) -> None:
        super().__init__(what.text)
        self.what = what


def patient_code(cell: str) -> str:
    """Return the patient's code as a Patient would hold it."""
    if not cell:
        raise WrongCell(message("The patient's code is missing."))
    try:
        # The record's own rules, so that they stand once; its id is never used.
        return Patient(id="-", code=unguarded(cell)).code
    except Refusal as refusal:
        raise WrongCell(refusal.what) from refusal


def day(cell: str, today: date) -> date:
    """Return a day from 1900 to today, written year first or with full stops (31.05.2024): forms with one reading."""
    if not cell:
        raise WrongCell(message("The date is missing."))
    if match := _YEAR_FIRST.fullmatch(cell):
        year, month, number = match[1], match[3], match[4]
    elif match := _DOTTED.fullmatch(cell):
        number, month, year = match[1], match[2], match[3]
    elif _AMBIGUOUS.fullmatch(cell):
        # Even 31/05/2024: in the same file 03/04/2024 could be either, and only one wrong row would show.
        raise WrongCell(message("{given} can be read as day first or month first: write 2024-05-31.", given=cell))
    else:
        raise WrongCell(message("{given} is not a date: write 2024-05-31.", given=_short(cell)))
    try:
        found = date(int(year), int(month), int(number))
    except ValueError as error:
        raise WrongCell(message("There is no such day as {given}.", given=cell)) from error
    if found > today:
        raise WrongCell(message("{given} is in the future.", given=cell))
    if found.year < EARLIEST_YEAR:
        raise WrongCell(message("{given} is before {earliest}.", given=cell, earliest=EARLIEST_YEAR))
    return found


def total(cell: str) -> int:
    """Return a whole number of 0 or more points; the caller judges what a number above 27 means."""
    if not cell:
        raise WrongCell(message("The total is missing."))
    if not _WHOLE.fullmatch(cell):
        raise WrongCell(message("{given} is not a whole number.", given=_short(cell)))
    if len(cell) > _MOST_DIGITS:  # before int(), which refuses thousands of digits
        raise WrongCell(_out_of_range(_short(cell)))
    points = int(cell)
    if points < 0:
        raise WrongCell(_out_of_range(cell))
    return points


def too_high(points: int) -> Message | None:
    """Return what is wrong with a total no PHQ-9 can give, else None."""
    return _out_of_range(points) if points > phq9.MAX_TOTAL else None


def _out_of_range(given: Any) -> Message:
    return message("{given} is not a PHQ-9 total: they go from 0 to {most}.", given=given, most=phq9.MAX_TOTAL)


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else cell[: _LONGEST - 1] + "…"
