"""A long CSV of dated totals (patient, date, total) into one edit: in whole or not at all.

`read_scores` checks the file by itself; `plan` fits its rows to the records already there. Neither writes anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar, cast

from trdtrack.domain.edit import Edit, added
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.records import Assessment, Course, Patient, Record
from trdtrack.domain.refusals import Problem, Problems, Refusal
from trdtrack.evidence import default_benchmark
from trdtrack.exchange import csv_text, score_cells
from trdtrack.exchange.score_columns import OTHER_INSTRUMENT, Columns, find_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from trdtrack.caseload import Caseload

    Tick = Callable[[int, int], None]
    """Told (done, of) every few hundred rows; raises to cancel."""

_Value = TypeVar("_Value")
TITLE = message("Import scores")
TICK_ROWS = 500
_PLAIN = Columns("patient", "date", "total")


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One total of the file: the line it begins on, the patient's code, the day and the points."""

    line: int
    code: str = field(repr=False)
    date: date
    total: int = field(repr=False)
    columns: Columns = field(default=_PLAIN, repr=False)
    """The file's own column names, for problems found later."""


def read_scores(
    path: Path, *, columns: Mapping[str, str] | None = None, today: date, tick: Tick | None = None
) -> tuple[ScoreRow, ...]:
    """Return every row of the file, or raise Problems with all that is wrong in it, or a Refusal if it is no such file.

    Knows the headers patient, date, total and Client ID, Date, PHQ-9 total; `columns` names others.
    """
    data = csv_text.read_bytes(path)
    of = csv_text.line_count(data)
    cells = csv_text.rows(data, delimiter=csv_text.sniff(data), name=path.name)
    _, header = next(cells, (0, [""]))
    if not any(header):
        raise Refusal(message("{file} is empty.", file=path.name))
    names, places = find_columns(header, columns, name=path.name)
    taken: list[ScoreRow] = []
    wrong: list[Problem] = []
    first_line: dict[tuple[str, date], int] = {}
    too_high = False
    number = 0
    for number, (line, row) in enumerate(cells, start=1):
        if tick and number % TICK_ROWS == 0:
            tick(line, of)
        if len(row) != len(header):
            what = message("This line has {n} columns, the header has {expected}.", n=len(row), expected=len(header))
            wrong.append(Problem(line, "", what))
            continue
        code = _cell(score_cells.patient_code, row[places[0]], line, names.patient, wrong)
        day = _cell(lambda cell: score_cells.day(cell, today), row[places[1]], line, names.date, wrong)
        total = _cell(score_cells.total, row[places[2]], line, names.total, wrong)
        if total is not None and (what := score_cells.too_high(total)):
            too_high = True
            wrong.append(Problem(line, names.total, what))
        if code is None or day is None:
            continue
        first = first_line.setdefault((code, day), line)
        if first != line:
            what = message("The same patient and day already stand on line {first}.", first=first)
            wrong.append(Problem(line, names.date, what))
        elif total is not None:
            taken.append(ScoreRow(line, code, day, total, names))
    if not number:
        raise Refusal(message("{file} has a header but no scores.", file=path.name))
    if wrong:
        raise Problems(OTHER_INSTRUMENT if too_high else _nothing_taken(len(wrong)), tuple(wrong))
    if tick:
        tick(of, of)
    return tuple(taken)


def plan(
    rows: Sequence[ScoreRow],
    *,
    patients: Iterable[Patient],
    courses: Iterable[Course],
    assessments: Iterable[Assessment],
    at: datetime,
    title: Message = TITLE,
    tick: Tick | None = None,
) -> Edit:
    """Return the one edit that takes all rows in, or raise Problems; what is handed in are the records already there.

    A new code becomes a patient with a course starting on the first score's day. A known patient's scores go to the
    newest open course, else the newest course, else a new one.
    """
    by_code: dict[str, list[Patient]] = {}
    for patient in patients:
        by_code.setdefault(patient.code, []).append(patient)
    by_patient: dict[str, list[Course]] = {}
    for course in courses:
        if not course.withdrawn:
            by_patient.setdefault(course.patient, []).append(course)
    scored = {(a.patient, a.date) for a in assessments if not a.withdrawn}
    wrong: list[Problem] = []
    new: list[Record] = []
    homes: dict[str, tuple[Patient, Course] | Message] = {}
    firsts = _first_days(rows)
    for number, row in enumerate(rows, start=1):
        if tick and number % TICK_ROWS == 0:
            tick(number, len(rows))
        if row.code not in homes:
            homes[row.code] = _home(row.code, firsts[row.code], by_code, by_patient, new)
        home = homes[row.code]
        if isinstance(home, Message):
            wrong.append(Problem(row.line, row.columns.patient, home))
            continue
        patient, course = home
        if patient.date_of_birth and row.date < patient.date_of_birth:
            wrong.append(Problem(row.line, row.columns.date, message("This day is before the patient's birth.")))
        elif (patient.id, row.date) in scored:
            what = message("This patient already has a score on that day.")
            wrong.append(Problem(row.line, row.columns.date, what))
        else:
            scored.add((patient.id, row.date))
            new.append(Assessment(patient=patient.id, course=course.id, date=row.date, total=row.total, entered=at))
    if wrong:
        raise Problems(_nothing_taken(len(wrong)), tuple(wrong))
    if tick:
        tick(len(rows), len(rows))
    return added(title, *new)


def _home(
    code: str,
    first: date,
    by_code: Mapping[str, list[Patient]],
    by_patient: Mapping[str, list[Course]],
    new: list[Record],
) -> tuple[Patient, Course] | Message:
    """Return the patient and course a code's scores belong to, adding to `new` what has to be made, or why not."""
    known = by_code.get(code, [])
    in_force = [patient for patient in known if not patient.withdrawn]
    if known and not in_force:
        return message("This patient is withdrawn.")
    if len(in_force) > 1:
        return message("More than one patient has this code.")
    patient = in_force[0] if in_force else Patient(code=code)
    if not in_force:
        new.append(patient)
    there = by_patient.get(patient.id, [])
    # A course without a start is one still waiting for its first session: the newest of all.
    newest = sorted(there, key=lambda course: (course.end is None, course.start or date.max))
    if newest:
        return patient, newest[-1]
    benchmark = default_benchmark()
    course = Course(patient=patient.id, start=first, benchmark=benchmark.name, benchmark_version=benchmark.version)
    new.append(course)
    return patient, course


def _first_days(rows: Iterable[ScoreRow]) -> dict[str, date]:
    firsts: dict[str, date] = {}
    for row in rows:
        firsts[row.code] = min(row.date, firsts.get(row.code, row.date))
    return firsts


def _nothing_taken(n: int) -> Message:
    return plural("{n} problem found; nothing was imported.", "{n} problems found; nothing was imported.", n)


def _cell(read: Callable[[str], _Value], cell: str, line: int, column: str, wrong: list[Problem]) -> _Value | None:
    try:
        return read(cell)
    except score_cells.WrongCell as error:
        wrong.append(Problem(line, column, error.what))
        return None


def import_edit(
    path: Path, caseload: Caseload, *, columns: Mapping[str, str] | None, at: datetime, tick: Tick | None
) -> Edit:
    """Read a file and return the one edit that takes it into a caseload: patients, then courses, then scores."""
    rows = read_scores(path, columns=columns, today=at.date(), tick=tick)
    edit = plan(
        rows,
        patients=cast("list[Patient]", caseload.records("patient")),
        courses=cast("list[Course]", caseload.records("course")),
        assessments=cast("list[Assessment]", caseload.records("assessment")),
        at=at,
        tick=tick,
    )
    # Steps of one kind together are written in batches.
    order = ("patient", "course", "assessment")
    return replace(edit, steps=tuple(sorted(edit.steps, key=lambda step: order.index(step.record.kind))))
