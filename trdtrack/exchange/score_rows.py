"""The rows of a table as scores: each cell read by its column's rules, with all that is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Problem
from trdtrack.exchange import score_cells
from trdtrack.exchange.score_cells import WrongCell, blank, kept
from trdtrack.exchange.score_columns import OTHER_INSTRUMENT, places
from trdtrack.exchange.score_table import TICK_ROWS, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.domain.phq9 import Answers
    from trdtrack.exchange.score_columns import Columns, Places
    from trdtrack.exchange.score_table import Cell, Row, Table, Tick

_Value = TypeVar("_Value")
_SUMMARY = frozenset(
    {
        *("total", "totals", "grand total", "sum", "mean", "average", "avg", "median", "sd", "std", "std dev"),
        *("min", "max", "n", "count", "overall", "all", "gesamt", "summe", "mittelwert", "durchschnitt"),
    }
)
"""What stands in the place of a patient's code in a row that sums up the others."""
_ALIKE_FROM = 10
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One questionnaire of a file: the line it begins on and what it says, None where that cannot be read.

    `total` is given beside `answers` where the file has both; `columns` names those of patient and day.
    """

    line: int
    code: str | None = field(default=None, repr=False)
    day: date | None = None
    total: int | None = field(default=None, repr=False)
    answers: Answers | None = field(default=None, repr=False)
    difficulty: int | None = field(default=None, repr=False)
    columns: tuple[str, str] = field(default=("patient", "date"), repr=False)
    problems: tuple[Problem, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Reading:
    """A whole file as scores: how many rows it has, how many of them sum up others, and what is worth saying."""

    name: str
    rows: tuple[ScoreRow, ...] = field(repr=False)
    count: int
    left_out: int = 0
    notices: tuple[Message, ...] = ()


def needs_day_order(table: Table, columns: Columns) -> tuple[str, ...]:
    """Return up to three dates such as 03/04/2024 where the file does not tell day from month; empty if it does."""
    return _day_order(table, columns)[1]


def _day_order(table: Table, columns: Columns) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether the day stands first, as dates above 12 tell, and examples where they do not."""
    date_at = places(table, columns).date
    cells: list[Cell] = [when for _, when in columns.occasions]
    if date_at >= 0:
        cells += (row.cells[date_at] for row in table.rows if len(row.cells) > date_at)
    found = {cell: pair for cell in dict.fromkeys(cells) if (pair := score_cells.slashed(cell))}
    first, second = (any(pair[at] > 12 for pair in found.values()) for at in (0, 1))
    if not found or first != second:
        return (first if found else None), ()
    return None, tuple(text_of(cell) for cell in found)[:_EXAMPLES]


def read_rows(
    table: Table, columns: Columns, *, day_first: bool | None, today: date, tick: Tick | None = None
) -> Reading:
    """Read every row of a table; a column that is not there, or is another instrument's, is refused."""
    at = places(table, columns)
    order = day_first if day_first is not None else _day_order(table, columns)[0]
    read = _Cells(at, order, today)
    scores: list[ScoreRow] = []
    notices, left_out = list(table.notes), 0
    for number, row in enumerate(table.rows, start=1):
        if tick and number % TICK_ROWS == 0:
            tick(number, len(table.rows))
        if len(row.cells) != len(at.names):
            wrong = message(
                "This line has {n} columns, the header has {expected}.", n=len(row.cells), expected=len(at.names)
            )
            scores.append(ScoreRow(row.line, problems=(Problem(row.line, "", wrong),)))
        elif said := _no_score(row, at, first=number == 1):
            left_out += 1
            notices.append(said)
        elif at.occasions:
            scores += _wide(row, read)
        else:
            scores.append(_long(row, read))
    if tick:
        tick(len(table.rows), len(table.rows))
    notices += _remarks(table, at, read)
    return Reading(table.name, tuple(scores), len(table.rows), left_out, tuple(notices))


class _Cells:
    """What reads each kind of cell, and what was seen on the way."""

    def __init__(self, at: Places, day_first: bool | None, today: date) -> None:  # noqa: FBT001 - three answers
        self.at, self.today, self.day_first = at, today, day_first
        self.code = kept(score_cells.patient_code)
        self.total, self.answer = kept(score_cells.total), kept(score_cells.answer)
        self.day = kept(self._day)
        self.serials: dict[Cell, date] = {}
        self.too_high = False
        self.names = (at.names[at.patient], at.names[at.date] if at.date >= 0 else "")

    def _day(self, cell: Cell) -> date:
        if serial := score_cells.serial(cell):
            self.serials[cell] = serial
        return score_cells.day(cell, today=self.today, day_first=self.day_first)

    def sound(self, found: _Value | WrongCell, line: int, column: str, wrong: list[Problem]) -> _Value | None:
        """Return what was read, or note what is wrong with it."""
        if isinstance(found, WrongCell):
            wrong.append(Problem(line, column, found.what))
            return None
        return found

    def points(self, cell: Cell, line: int, column: str, wrong: list[Problem]) -> int | None:
        """Return a total of 0 to 27, or note what is wrong with it."""
        points = self.sound(self.total(cell), line, column, wrong)
        if points is not None and (what := score_cells.too_high(points)):
            self.too_high = True
            wrong.append(Problem(line, column, what))
            return None
        return points


def _long(row: Row, read: _Cells) -> ScoreRow:
    at, names, cells, line = read.at, read.at.names, row.cells, row.line
    wrong: list[Problem] = []
    code = read.sound(read.code(cells[at.patient]), line, names[at.patient], wrong)
    day = read.sound(read.day(cells[at.date]), line, names[at.date], wrong)
    total = answers = difficulty = None
    before = len(wrong)
    if at.items:
        given = [read.sound(read.answer(cells[i]), line, names[i], wrong) for i in at.items]
        answers = tuple(given) if any(answer is not None for answer in given) else None
    if at.total >= 0 and not (at.items and blank(cells[at.total])):
        total = read.points(cells[at.total], line, names[at.total], wrong)
    if at.difficulty >= 0:
        difficulty = read.sound(read.answer(cells[at.difficulty]), line, names[at.difficulty], wrong)
    if len(wrong) == before:
        if answers is None and total is None:
            what = message("None of the nine questions is answered, and there is no total.")
            wrong.append(Problem(line, names[at.items[0]], what))
        elif answers is not None and total is not None and (what := _differs(answers, total)):
            wrong.append(Problem(line, names[at.total], what))
    return ScoreRow(line, code, day, total, answers, difficulty, read.names, tuple(wrong))


def _differs(answers: Answers, total: int) -> Message | None:
    """Return how a total cannot come from these answers; with answers missing, any that they leave room for can."""
    given = [answer for answer in answers if answer is not None]
    missing = phq9.ITEMS - len(given)
    if not missing and total != sum(given):
        return message("The total is {total}, but the nine answers add up to {sum}.", total=total, sum=sum(given))
    if not sum(given) <= total <= sum(given) + missing * phq9.MAX_ANSWER:
        return message(
            "The total is {total}, which the answers given ({sum} in all, {missing} missing) cannot add up to.",
            total=total,
            sum=sum(given),
            missing=missing,
        )
    return None


def _wide(row: Row, read: _Cells) -> Iterator[ScoreRow]:
    """Yield a score for each occasion that has one: a blank cell there is a day without a questionnaire."""
    at, cells, line = read.at, row.cells, row.line
    wrong: list[Problem] = []
    code = read.sound(read.code(cells[at.patient]), line, at.names[at.patient], wrong)
    weeks = any(when.isdecimal() for _, when in at.occasions)
    start = read.sound(read.day(cells[at.date]), line, at.names[at.date], wrong) if weeks else None
    blame = tuple(wrong)
    for place, when in at.occasions:
        if blank(cells[place]):
            continue
        column, found = at.names[place], list[Problem]()
        total = read.points(cells[place], line, column, found)
        day = None
        if not when.isdecimal():
            day = read.sound(read.day(when), line, column, found)
        elif start is not None:
            day = _in_week(start, int(when))
            if day > read.today:
                found.append(Problem(line, column, message("{day} is in the future.", day=day)))
        # What is wrong with the row itself is said once.
        yield ScoreRow(line, code, day, total, columns=(read.names[0], column), problems=(*blame, *found))
        blame = ()
    if blame:
        yield ScoreRow(line, code, columns=read.names, problems=blame)


def _in_week(start: date, week: int) -> date:
    try:
        return start + timedelta(weeks=week)
    except OverflowError:
        return date.max


def _no_score(row: Row, at: Places, *, first: bool) -> Message | None:
    """Return what to say of a row that sums up the others, or is a second row of headings; None for any other."""
    said = text_of(row.cells[at.patient]).strip(" :").casefold()
    days = [row.cells[at.date]] if at.date >= 0 else []
    if said in _SUMMARY and all(cell is None for cell in days):
        return message("Line {line} ({what}) sums up the others and was left out.", line=row.line, what=said)
    scores = [row.cells[i] for i in (at.total, *at.items, *(place for place, _ in at.occasions)) if i >= 0]
    words = [cell for cell in (*days, *scores) if not blank(cell)]
    if first and len(words) > 1 and all(isinstance(c, str) and not any(map(str.isdigit, c)) for c in words):
        return message("Line {line} was taken for a second row of headings and left out.", line=row.line)
    return None


def _remarks(table: Table, at: Places, read: _Cells) -> Iterator[Message]:
    if read.too_high:
        yield OTHER_INSTRUMENT
    if read.serials:
        cell, day = next(iter(read.serials.items()))
        yield message("Days are written as a spreadsheet's numbers: {given} was read as {day}.", given=cell, day=day)
    yield from _alike(table, at)


def _alike(table: Table, at: Places) -> Iterator[Message]:
    """Yield the pairs of item columns with the same answers all along, which a copied column has."""
    if not at.items or len(table.rows) < _ALIKE_FROM:
        return
    rows = [row.cells for row in table.rows if len(row.cells) == len(at.names)]
    columns = {item: [text_of(cells[item]) for cells in rows] for item in at.items}
    for one, other in combinations(at.items, 2):
        if len(set(columns[one])) > 1 and columns[one] == columns[other]:
            yield message(
                "The columns {one} and {other} hold the same answers in all {n} rows: is one a copy?",
                one=at.names[one],
                other=at.names[other],
                n=len(rows),
            )
