"""A file of scores fitted to a caseload: what it would bring in, what is wrong with it, and the one edit that does it.

`open_table` reads the file, `guess` its columns, `examine` all of it; nothing is written here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.refusals import Problem, Problems, Refusal
from trdtrack.exchange.score_columns import OTHER_INSTRUMENT, Columns, completed, guess
from trdtrack.exchange.score_plan import Plan
from trdtrack.exchange.score_rows import Reading, ScoreRow, needs_day_order, read_rows
from trdtrack.exchange.score_table import TICK_ROWS, Cell, Row, Table, kind_of, open_table
from trdtrack.words import named, say

if TYPE_CHECKING:
    from datetime import date, datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.phq9 import Answers
    from trdtrack.exchange.score_table import Tick

__all__ = [
    "Cell",
    "Choices",
    "Columns",
    "Found",
    "PreviewRow",
    "Reading",
    "Row",
    "ScoreRow",
    "Table",
    "Unknown",
    "completed",
    "examine",
    "fitted",
    "guess",
    "kind_of",
    "needs_day_order",
    "open_table",
]
SHOWN = 200
ALL_THERE = message("All of this is already in the caseload: there is nothing new to import.")
NO_SCORE = message("There is nothing to import: no row is of a patient in the caseload.")


class Unknown(StrEnum):
    """What to do with the rows of a code that no patient has."""

    CREATE = "create"
    SKIP = "skip"


@dataclass(frozen=True)
class Choices:
    """What a person chose. `match` leads from a code in the file to one in the caseload, or to itself for a new one."""

    columns: Columns
    day_first: bool | None = None
    unknown: Unknown = Unknown.CREATE
    match: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One score as it was read, and what is wrong with it in words; empty where nothing is."""

    line: int
    code: str
    day: date | None
    total: int | None
    answers: Answers | None
    problem: str


@dataclass(frozen=True)
class Found:
    """What a file holds and would bring in: `scores` of `of` patients, `patients` of them new; `skipped` stay out.

    `unknown` are codes nobody has; `near` those of them that differ from a known one only by case, accents or spaces.
    `preview` shows the first 200 scores. `edit` takes the whole file in; None where there is nothing to take in, or
    something wrong.
    """

    rows: int
    scores: int
    patients: int
    skipped: int
    problems: tuple[Problem, ...]
    notices: tuple[Message, ...]
    unknown: tuple[str, ...] = field(repr=False)
    near: Mapping[str, tuple[str, ...]] = field(repr=False)
    preview: tuple[PreviewRow, ...] = field(repr=False)
    edit: Edit | None = field(repr=False)
    of: int = 0

    def refuse(self) -> Edit:
        """Return the edit, or raise Problems with all that is wrong, or a Refusal where there is nothing new."""
        if self.problems:
            n = len(self.problems)
            what = plural("{n} problem found; nothing was imported.", "{n} problems found; nothing was imported.", n)
            raise Problems(OTHER_INSTRUMENT if OTHER_INSTRUMENT in self.notices else what, self.problems)
        if self.edit is None:
            raise Refusal(ALL_THERE if ALL_THERE in self.notices else NO_SCORE)
        return self.edit


def examine(table: Table, choices: Choices, caseload: Caseload, *, at: datetime, tick: Tick | None = None) -> Found:
    """Read a table by the choices and fit it to a caseload; refuses columns that are not there. Writes nothing."""
    read = read_rows(table, choices.columns, day_first=choices.day_first, today=at.date(), tick=tick)
    return fitted(read, caseload, unknown=choices.unknown, match=choices.match, at=at, tick=tick)


def fitted(
    read: Reading,
    caseload: Caseload,
    *,
    unknown: Unknown,
    match: Mapping[str, str],
    at: datetime,
    tick: Tick | None = None,
) -> Found:
    """Fit scores read from any file to a caseload."""
    codes = dict.fromkeys(row.code for row in read.rows if row.code)
    plan = Plan(caseload, {code: match.get(code, code) for code in codes}, at=at)
    for code, target in match.items():
        if code in codes and target != code and not plan.known(target):
            raise Refusal(message("There is no patient with the code {code}.", code=target), field="match")
    nobodys = tuple(code for code in codes if code not in match and not plan.known(code))
    left_out = frozenset(nobodys) if unknown is Unknown.SKIP else frozenset[str]()
    problems: list[Problem] = []
    preview: list[PreviewRow] = []
    skipped = read.left_out
    plan.starts(row for row in read.rows if row.code not in left_out and not row.problems)
    for number, row in enumerate(read.rows, start=1):
        if tick and number % TICK_ROWS == 0:
            tick(number, len(read.rows))
        if row.code in left_out:
            skipped += 1
            continue
        wrong = plan.take(row)
        problems += wrong
        if len(preview) < SHOWN:
            preview.append(_shown(row, wrong))
    if tick:
        tick(len(read.rows), len(read.rows))
    notices = [*read.notices, *_remarks(plan, nobodys, skipped=len(left_out))]
    if not problems and not plan.scores:
        notices.append(ALL_THERE if plan.already else NO_SCORE)
    return Found(
        rows=read.count,
        scores=plan.scores,
        patients=plan.new_patients,
        skipped=skipped + plan.already,
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
        notices=tuple(notices),
        unknown=nobodys,
        near=_near(nobodys, plan.codes()),
        preview=tuple(preview),
        edit=plan.edit() if plan.scores and not problems else None,
        of=plan.patients,
    )


def _remarks(plan: Plan, nobodys: tuple[str, ...], *, skipped: int) -> list[Message]:
    found: list[Message] = []
    if plan.already and plan.scores:
        found.append(
            plural(
                "{n} score is already in the caseload as it is here, and is left out.",
                "{n} scores are already in the caseload as they are here, and are left out.",
                plan.already,
            )
        )
    if skipped:
        found.append(
            plural(
                "{n} code is nobody's in the caseload, and its rows are left out.",
                "{n} codes are nobody's in the caseload, and their rows are left out.",
                skipped,
            )
        )
    folded: dict[str, str] = {}
    for code in nobodys if not skipped else ():
        first = folded.setdefault(_folded(code), code)
        if first != code:
            what = message("{one} and {other} differ only by case, accents or spaces.", one=first, other=code)
            found.append(what)
    return found


def _near(nobodys: tuple[str, ...], known: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    alike: dict[str, list[str]] = {}
    for code in known:
        alike.setdefault(_folded(code), []).append(code)
    return {code: tuple(found) for code in nobodys if (found := alike.get(_folded(code)))}


def _folded(code: str) -> str:
    """Return a code without what people write differently: case, accents, spaces."""
    bare = "".join(letter for letter in normalize("NFKD", code.casefold()) if not combining(letter))
    return re.sub(r"\s", "", bare)


def _shown(row: ScoreRow, wrong: list[Problem]) -> PreviewRow:
    said = " ".join(
        named(problem.column, say(problem.what)) if problem.column else say(problem.what) for problem in wrong
    )
    return PreviewRow(row.line, row.code or "", row.day, row.total, row.answers, said)
