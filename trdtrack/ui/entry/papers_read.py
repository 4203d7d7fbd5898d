"""What rows of typed papers come to: whose each is, its total, or what is wrong in words. Knows no widget."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import Assessment
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Course, Rules

GAP = "-"
"""Stands for a question left blank; a space and a full stop are read as it."""
GAPS = " .-"
_NAMED = 4
"""So many codes with the same part are named."""
_NO_ANSWER = "?"
"""Stands for a cell pasted that can be no answer."""


class Typed(NamedTuple):
    """One row as it is typed, right or wrong: a character an answer, the gap where one was left blank."""

    code: str = ""
    answers: str = ""
    difficulty: str = ""

    @property
    def unanswered(self) -> bool:
        """Whether there is no paper to it: a row for somebody who was not there."""
        return not self.answers.strip() and not self.difficulty.strip()

    @property
    def blank(self) -> bool:
        """Whether nothing at all is typed."""
        return not self.code.strip() and self.unanswered


@dataclass(frozen=True)
class Reading:
    """What a row comes to: an assessment to save, or `words` for why there is none. `wrong`: it cannot stay so."""

    words: Message | None = None
    wrong: bool = False
    patient: str = ""
    """Whose paper it is, by id; empty while that is not clear."""
    name: str = ""
    assessment: Assessment | None = None
    prorate: bool = True
    course: Course | None = None
    """The course it goes to, where the patient has several."""


class Reader:
    """Reads rows against the patients in force."""

    def __init__(
        self, known: Iterable[Gist], *, dossier: Callable[[str], Dossier], rules: Rules, entered: datetime
    ) -> None:
        """`dossier` gives everything held about a patient by id; it is asked once for each."""
        self._by_code: dict[str, list[Gist]] = {}
        for gist in known:
            self._by_code.setdefault(_folded(gist.code), []).append(gist)
        self._dossier, self._rules, self._entered = dossier, rules, entered
        self._dossiers: dict[str, Dossier] = {}

    def complete(self, part: str) -> str:
        """Return the first code with this in it; empty where there is none, or it is a code already."""
        found = self._like(part)
        return found[0] if found and _folded(part) not in self._by_code else ""

    def _like(self, part: str) -> list[str]:
        """Return the codes with this in them, in the order of codes."""
        sought = _folded(part)
        gists = [gist for folded, found in self._by_code.items() if sought and sought in folded for gist in found]
        return [gist.code for gist in sorted(gists, key=lambda gist: gist.sort)]

    def _unknown(self, code: str) -> Message:
        found = self._like(code)
        if not found:
            return message("There is no patient with this code.")
        if len(found) == 1:
            return message("Down takes {code}.", code=found[0])
        others = ", ".join(found[1:_NAMED]) + (", …" if len(found) > _NAMED else "")
        return message("Down takes {code}; also {others}.", code=found[0], others=others)

    def read(self, rows: Sequence[Typed], day: date | None) -> list[Reading]:
        """Return what each row comes to. Without a day nothing is an assessment yet."""
        first: dict[str, int] = {}
        found: list[Reading] = []
        for number, typed in enumerate(rows, start=1):
            reading = self._read(typed, day, first, number)
            found.append(reading)
        return found

    def _read(self, typed: Typed, day: date | None, first: dict[str, int], number: int) -> Reading:
        if typed.blank:
            return Reading()
        code = " ".join(typed.code.split())
        if not code:
            return Reading(message("Type the patient's code."), wrong=True)
        known = self._by_code.get(_folded(code), [])
        exact = [gist for gist in known if gist.code == code] or known
        if len(exact) != 1:
            more = message("More than one patient has this code.")
            return Reading(more if exact else self._unknown(code), wrong=True)
        gist = exact[0]
        if typed.unanswered:
            return Reading(message("No paper: this row is left out."), patient=gist.patient, name=gist.name)
        earlier = first.setdefault(gist.patient, number)
        if earlier != number:
            what = message("This patient stands in row {row} already.", row=earlier)
            return Reading(what, wrong=True, patient=gist.patient, name=gist.name)
        try:
            return self._paper(typed, gist, day)
        except Refusal as refusal:
            return Reading(refusal.what, wrong=True, patient=gist.patient, name=gist.name)

    def _paper(self, typed: Typed, gist: Gist, day: date | None) -> Reading:
        """Return the reading of a row with a patient and a paper. Raises Refusal."""
        answers, difficulty = _answers(typed.answers), _difficulty(typed.difficulty)
        if not gist.course:
            raise Refusal(message("There is no course of care yet: begin one on the patient's page."))
        if day is None:
            return Reading(patient=gist.patient, name=gist.name)
        d = self.dossier(gist.patient)
        if d.patient.date_of_birth and day < d.patient.date_of_birth:
            raise Refusal(message("{day} is before the patient was born.", day=day))
        if any(a.date == day for a in d.assessments):
            raise Refusal(message("A PHQ-9 of {day} is written down already.", day=day))
        course = course_on(d, day)
        made = Assessment(
            patient=gist.patient,
            course=course.id,
            date=day,
            answers=answers,
            difficulty=difficulty,
            entered=self._entered,
        )
        several = course if len(d.courses) > 1 else None
        return Reading(
            patient=gist.patient, name=gist.name, assessment=made, prorate=self._rules.prorate, course=several
        )

    def dossier(self, patient: str) -> Dossier:
        """Return everything held about a patient, as it was when first asked for."""
        if patient not in self._dossiers:
            self._dossiers[patient] = self._dossier(patient)
        return self._dossiers[patient]


def course_on(dossier: Dossier, day: date) -> Course:
    """Return the course in force on a day: the last begun by then, else the current one, not begun yet."""
    starts = [(dossier.week_zero(course), course) for course in dossier.courses]
    begun = [course for start, course in starts if start is not None and start <= day]
    found = begun[-1] if begun else dossier.current_course
    if found is None:
        raise Refusal(message("There is no course of care yet: begin one on the patient's page."))
    return found


def _folded(code: str) -> str:
    return " ".join(code.split()).casefold()


def _answers(typed: str) -> phq9.Answers:
    for place, letter in enumerate(typed[: phq9.ITEMS], start=1):
        if letter not in GAPS and letter not in "0123":
            raise Refusal(message("Question {number} takes 0, 1, 2 or 3.", number=place))
    if len(typed) != phq9.ITEMS:
        raise Refusal(message("{n} of 9 answers: type - for a question left blank.", n=len(typed)))
    return tuple(None if letter in GAPS else int(letter) for letter in typed)


def _difficulty(typed: str) -> int | None:
    text = typed.strip().strip(GAPS)
    if text and text not in ("0", "1", "2", "3"):
        raise Refusal(message("Question {number} takes 0, 1, 2 or 3.", number=phq9.ITEMS + 1))
    return int(text) if text else None


# A block from a spreadsheet


def is_block(text: str) -> bool:
    """Whether a text is rows or cells of a spreadsheet rather than what goes into one field."""
    return any(mark in text.strip() for mark in "\t\n\r,;")


def block(text: str) -> list[Typed]:
    """Return the rows of a pasted block: code, nine answers in nine cells or in one, and the difficulty if given.

    Cells are parted by tabs, semicolons or commas. A first row of headings is left out.
    """
    mark = next((mark for mark in "\t;" if mark in text), ",")
    lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), delimiter=mark)]
    lines = [line for line in lines if any(line)]
    if lines and _heading(lines[0]):
        del lines[0]
    return [_typed(line) for line in lines]


def _heading(cells: Sequence[str]) -> bool:
    """Whether these are names of columns: none is an answer, and one at least is a word."""
    after = cells[1:]
    words = any(letter.isalpha() for cell in after for letter in cell)
    return words and not any(cell and all(letter in "0123" + GAPS for letter in cell) for cell in after)


def _typed(cells: Sequence[str]) -> Typed:
    code, rest = cells[0], list(cells[1:])
    while rest and not rest[-1] and len(rest) > phq9.ITEMS + 1:
        del rest[-1]
    if rest and len(rest[0]) > 1 and not any(rest[2:]):
        # All nine in one cell, perhaps with a space between each.
        spaced = rest[0].split()
        together = "".join(spaced) if len(spaced) == phq9.ITEMS else rest[0]
        return Typed(code, together, rest[1] if len(rest) > 1 else "")
    nine, difficulty, beyond = rest[: phq9.ITEMS], rest[phq9.ITEMS : phq9.ITEMS + 1], rest[phq9.ITEMS + 1 :]
    if not any(rest):
        return Typed(code)
    answers = "".join(_letter(cell) for cell in nine) + _NO_ANSWER * len(beyond)
    return Typed(code, answers, "".join(difficulty))


def _letter(cell: str) -> str:
    if not cell:
        return GAP
    return cell if len(cell) == 1 else _NO_ANSWER
