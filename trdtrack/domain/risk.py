"""What item 9 asks of the therapist, and what is still open: the program records, it does not rate risk.

Every answer of 1 or more opens a risk record; who must answer what, and until when, follows clinical rules, section 5.
A 0 is never worded as "no risk": 72% of the suicides in one cohort followed "not at all".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import Item9
from trdtrack.domain.records import Assessment, RiskRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import RiskReview

EACH_TIME_FROM = 2
"""An answer of 2 or 3 must be answered every time; a 1 only while it is new, higher or not yet reviewed."""


@dataclass(frozen=True, kw_only=True)
class RiskState:
    """Where a patient stands with item 9 and the risk records. None: does not apply."""

    open: tuple[RiskRecord, ...]
    """Open risk records, by the day they were opened."""
    due: Assessment | None = None
    """The answer that must be answered before a session can be closed as complete: the highest, then the latest."""
    asking: int | None = None
    """Its item 9."""
    why: Message | None = None
    """Why it must be answered."""
    latest: Assessment | None = None
    """The last assessment, whichever course it was written in."""
    item9: int | Item9 | None = None
    """Its item 9, or why there is none."""
    again: date | None = None
    """The earliest day to look again, by the last review of each open record."""
    looked_at: RiskRecord | None = None
    """The record `again` belongs to."""
    again_due: bool = False
    """Whether that day has come."""
    overdue: bool = False
    """Whether that day has passed."""
    silent: bool = False
    """The patient died: open records stay readable and nothing is asked for."""

    @property
    def quiet(self) -> bool:
        """Open, but nothing is asked for today."""
        return bool(self.open) and self.due is None and not self.again_due


def risk_state(dossier: Dossier, *, today: date) -> RiskState:
    """Say what is open, what must be answered and when to look again."""
    still_open = tuple(r for r in dossier.risks if r.closed is None)
    latest = dossier.assessments[-1] if dossier.assessments else None
    state = RiskState(
        open=still_open, latest=latest, item9=phq9.item9(latest.answers) if latest else None, silent=dossier.died
    )
    if dossier.died:
        return state
    unanswered = _unanswered(dossier.assessments, dossier.reviews)
    if unanswered:
        # They are in order of date, and of two equal answers max would take the first.
        due, why = max(reversed(unanswered), key=lambda pair: _answer(pair[0]))
        state = replace(state, due=due, asking=_answer(due), why=why)
    looks = [(again, record) for record in still_open if (again := _again(record, dossier.reviews))]
    if looks:
        again, record = min(looks, key=lambda look: look[0])
        state = replace(state, again=again, looked_at=record, again_due=again <= today, overdue=again < today)
    return state


def must_answer(
    dossier: Dossier, answer: int | None, *, day: date, entered: datetime, but: str | None = None
) -> Message | None:
    """Say why an answer to item 9 that is being typed must be answered; None where nothing is asked.

    `but`: the id of the assessment being corrected, which gives way to what is typed.
    """
    return next((why for a, why in _with_typed(dossier, answer, day, entered, but) if a.id == _TYPED), None)


def item9_now(
    dossier: Dossier, answer: int | None, *, day: date, entered: datetime, but: str | None = None
) -> int | None:
    """Return the highest answer that a review written now responds to, with what is being typed counted in.

    It is what `RiskReview.item9` takes. Where nothing must be answered it is the answer being typed, if that is raised.
    """
    asked = [_answer(a) for a, _ in _with_typed(dossier, answer, day, entered, but)]
    return max([*asked, answer or 0]) or None


def opened_by_hand(patient: str, *, at: datetime) -> RiskRecord:
    """Return a risk record opened without a score: it can be at any time."""
    return RiskRecord(patient=patient, opened=at.date(), entered=at)


def raised(assessment: Assessment) -> bool:
    """Whether item 9 was answered 1 or more. Missing answers to other items make no difference."""
    return _answer(assessment) >= 1


def item9_words(item9: int | Item9 | None) -> Message:
    """Say what is known of item 9; a 0 is a 0 and nothing more."""
    if item9 is None:
        return message("no PHQ-9 yet")
    if item9 is Item9.NOT_ANSWERED:
        return message("item 9 not answered")
    if item9 is Item9.UNKNOWN:
        return message("item 9 unknown: total only")
    return message("item 9 answered {answer}", answer=item9)


def last_item9(state: RiskState) -> Message:
    """Say what is known of item 9 and since when."""
    known = item9_words(state.item9)
    if state.latest and state.item9 is not Item9.UNKNOWN:
        return message("{item9} on {day}", item9=known, day=state.latest.date)
    return known


def risk_words(state: RiskState) -> Message:
    """Say in a few words where things stand: what must be done first, else what is open, else what is known."""
    known = last_item9(state)
    if state.silent and state.open:
        return message("risk record open since {day}; nothing is asked for any more", day=state.open[0].opened)
    if state.due:
        asking = item9_words(state.asking)
        return message("{item9} on {day}: to be answered", item9=asking, day=state.due.date)
    if state.overdue:
        return message("look again was due on {day}; {known}", day=state.again, known=known)
    if state.again_due:
        return message("look again today; {known}", known=known)
    if state.open and state.again:
        return message("risk record open, look again on {day}; {known}", day=state.again, known=known)
    if state.open:
        return message("risk record open since {day}; {known}", day=state.open[0].opened, known=known)
    return known


_TYPED = ""
"""Stands for the id of the assessment being typed: it has none yet."""


def _answer(assessment: Assessment) -> int:
    """Item 9 as a number; one that is missing or unknown asks for nothing."""
    found = phq9.item9(assessment.answers)
    return 0 if isinstance(found, Item9) else found


def _with_typed(
    dossier: Dossier, answer: int | None, day: date, entered: datetime, but: str | None
) -> list[tuple[Assessment, Message]]:
    """Return the unanswered answers as if what is being typed were already there."""
    if dossier.died:
        return []
    there = [a for a in dossier.assessments if a.id != but]
    if answer is not None:
        answers = (None,) * (phq9.ITEMS - 1) + (answer,)
        patient = dossier.patient.id
        there.append(Assessment(id=_TYPED, patient=patient, course="", date=day, answers=answers, entered=entered))
        there.sort(key=lambda a: (a.date, a.entered))
    return _unanswered(there, dossier.reviews)


def _unanswered(assessments: Iterable[Assessment], reviews: Sequence[RiskReview]) -> list[tuple[Assessment, Message]]:
    """Return the answers that must be answered and are not, each with its reason, in order.

    `assessments` are in order of date and moment, over all courses; of two totals on a day both count.
    """
    found: list[tuple[Assessment, Message]] = []
    previous: int | Item9 | None = None
    settled = True
    for assessment in assessments:
        answer, before = _answer(assessment), previous
        previous = phq9.item9(assessment.answers)
        if answer == 0:
            continue
        why = _why(answer, before, settled=settled)
        settled = why is None or answered(assessment, answer, reviews)
        if why and not settled:
            found.append((assessment, why))
    return found


def _why(answer: int, before: int | Item9 | None, *, settled: bool) -> Message | None:
    """Say why an answer of 1 or more must be answered, given the one before and whether that one was."""
    if before is None:
        what = message("new, the first PHQ-9")
    elif isinstance(before, Item9):
        what = message("new, {item9} the time before", item9=item9_words(before))
    elif before == 0:
        what = message("new, 0 the time before")
    elif answer > before:
        what = message("higher than before ({before})", before=before)
    elif answer >= EACH_TIME_FROM:
        what = message("2 or 3 is answered each time")
    elif not settled:
        what = message("not reviewed yet")
    else:
        return None
    return message("Item 9 answered {answer}: {what}.", answer=answer, what=what)


def answered(assessment: Assessment, answer: int, reviews: Iterable[RiskReview]) -> bool:
    """Whether a review written on or after it responds to an answer as high as this one."""
    return any(
        (review.item9 or 0) >= answer and (review.date, review.entered) >= (assessment.date, assessment.entered)
        for review in reviews
    )


def _again(record: RiskRecord, reviews: Iterable[RiskReview]) -> date | None:
    """Return when to look again at a record, by its last review."""
    written = [review for review in reviews if review.risk == record.id]
    return written[-1].again if written else None
