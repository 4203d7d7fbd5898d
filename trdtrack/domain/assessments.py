"""One administration of a questionnaire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import Answers, Completeness, Score
from trdtrack.domain.record_checks import check_moment, new_id, refuse
from trdtrack.domain.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """One administration of an instrument, dated by the day the patient answered.

    Either `answers` (one entry an item, None where left blank) or, where only that is known, `total`.
    """

    kind: ClassVar[str] = "assessment"

    id: str = field(default_factory=new_id)
    patient: str
    course: str
    session: str | None = None
    instrument: str = "phq9"
    date: date
    answers: Answers | None = field(default=None, repr=False)
    difficulty: int | None = field(default=None, repr=False)
    """Item 10 (function), 0-3: never part of the total."""
    total: int | None = field(default=None, repr=False)
    entered: datetime
    """When it was typed in (UTC): decides between two totals of one day, never the place on the chart."""
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_moment(self.entered)
        if self.instrument != "phq9":
            refuse("instrument", message("Only the PHQ-9 can be recorded so far."))
        check_answer(self.difficulty, phq9.ITEMS + 1)
        if self.answers is None:
            if self.total is None:
                refuse("answers", message("A PHQ-9 needs its nine answers, or a total where only that is known."))
            else:
                check_total(self.total)
            return
        if self.total is not None:
            refuse("total", message("A PHQ-9 with answers has its total computed, not typed."))
        if len(self.answers) != phq9.ITEMS:
            refuse("answers", message("A PHQ-9 has nine answers."))
        for number, answer in enumerate(self.answers, start=1):
            check_answer(answer, number)
        if all(answer is None for answer in self.answers):
            refuse("answers", message("None of the nine questions is answered: there is nothing to record."))

    def score(self, *, prorate: bool = True) -> Score:
        """Score the answers, or pass on the recorded total."""
        if self.answers is None:
            return Score(self.total, Completeness.TOTAL_ONLY, 0)
        return phq9.score(self.answers, prorate=prorate)


def check_answer(answer: int | None, number: int) -> None:
    """Refuse an answer that is not 0, 1, 2 or 3 (None is a gap, and allowed)."""
    if answer is not None and (type(answer) is not int or not 0 <= answer <= phq9.MAX_ANSWER):
        what = message("Question {number} takes 0, 1, 2 or 3.", number=number)
        raise Refusal(what, field=f"answers.{number}")


def check_total(total: object) -> None:
    """Refuse a total that is not a whole number of 0-27 points."""
    if type(total) is not int or not 0 <= total <= phq9.MAX_TOTAL:
        what = message("A PHQ-9 total is a whole number from 0 to {most}.", most=phq9.MAX_TOTAL)
        raise Refusal(what, field="total")
