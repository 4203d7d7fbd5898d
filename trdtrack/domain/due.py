"""What is due for a patient today: what item 9 asks, notes to finish, reviews of the course, follow-ups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from trdtrack.domain.message import message, plural
from trdtrack.domain.months import months_later
from trdtrack.domain.records import Attendance
from trdtrack.domain.risk import item9_words, risk_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Clinic, Course, Session
    from trdtrack.domain.risk import RiskState

AHEAD = timedelta(days=7)
"""Reviews and follow-ups are listed from this long before their day."""
REVIEW_BEFORE = timedelta(days=28)
"""A review held from this long before its day counts as that review."""


class DueKind(IntEnum):
    """What kind of thing is due, the most pressing first."""

    RISK_UNANSWERED = 1
    RISK_LOOK_AGAIN = 2
    NOT_FINISHED = 3
    COURSE_REVIEW = 4
    FOLLOW_UP = 5


@dataclass(frozen=True)
class Due:
    """One thing to do: of which kind, for which day, about which patient and record, and in words."""

    what: DueKind
    day: date
    patient: str
    record: str
    """Id of the assessment, risk record, session, course or follow-up it is about."""
    words: Message
    overdue: bool
    """Whether its day has passed."""


@dataclass(frozen=True)
class Coming:
    """A review or follow-up that is, was or will be due; `until`: the day on which it gives way to the next."""

    what: DueKind
    day: date
    record: str
    words: Message
    until: date = date.max


def listed(day: date, *, until: date = date.max, today: date) -> bool:
    """Whether a review or follow-up is due today: from 7 days before its day."""
    return day - AHEAD <= today < until


def due(dossier: Dossier, *, clinic: Clinic, today: date, state: RiskState | None = None) -> list[Due]:
    """Return what is due for a patient, the most pressing first; nothing for one who died.

    `state` saves computing it again. A patient no longer in care is asked for risk and unfinished notes alone.
    """
    if dossier.died:
        return []
    found = [*_risk(dossier, state or risk_state(dossier, today=today), today), *_not_finished(dossier, today)]
    closed = dossier.patient.closed
    if closed is None or closed > today:
        patient = dossier.patient.id
        found += [
            Due(c.what, c.day, patient, c.record, c.words, overdue=c.day < today)
            for c in coming(dossier, clinic=clinic)
            if listed(c.day, until=c.until, today=today)
        ]
    return sorted(found, key=lambda d: (d.what, d.day, d.record))


def coming(dossier: Dossier, *, clinic: Clinic) -> list[Coming]:
    """Return every review and follow-up, whenever it is due, as things stand; nothing for one who died."""
    return [] if dossier.died else [*_reviews(dossier, clinic), *_follow_ups(dossier)]


def next_appointment(dossier: Dossier, today: date) -> Session | None:
    """Return the session whose next appointment is still to come; None once a later session was held."""
    spans = appointments(dossier)
    return next((s for after, s in spans if s.next_date and after < today <= s.next_date), None)


def appointments(dossier: Dossier) -> list[tuple[date, Session]]:
    """Return which session's appointment comes next, and after which day that is so, until its own.

    The session written last tells; once its day is past, one written before that named a later day.
    """
    found: list[tuple[date, Session]] = []
    planned: list[Session] = [] if dossier.died else [s for s in dossier.sessions if s.next_date]
    after = date.min
    while planned:
        latest = max(planned, key=lambda s: (s.entered, s.date))
        if not _superseded(dossier, latest):
            found.append((after, latest))
        after = latest.next_date or after
        planned = [s for s in planned if s.next_date and s.next_date > after]
    return found


def _superseded(dossier: Dossier, latest: Session) -> bool:
    for session in dossier.sessions:
        held = session.date > latest.date and session.attendance is Attendance.ATTENDED
        # A session written down for the day itself, missed or not, is the appointment.
        if session.id != latest.id and (held or (latest.next_date and session.date >= latest.next_date)):
            return True
    return False


def _risk(dossier: Dossier, state: RiskState, today: date) -> Iterator[Due]:
    patient = dossier.patient.id
    if state.due:
        words = message("{item9}: to be answered", item9=item9_words(state.asking))
        day = state.due.date
        yield Due(DueKind.RISK_UNANSWERED, day, patient, state.due.id, words, overdue=day < today)
    if state.again and state.looked_at and state.again_due:
        words = message("look at the risk again")
        yield Due(DueKind.RISK_LOOK_AGAIN, state.again, patient, state.looked_at.id, words, overdue=state.overdue)


def _not_finished(dossier: Dossier, today: date) -> Iterator[Due]:
    for session in dossier.sessions:
        if not session.finished:
            words = message("session of {day} not finished", day=session.date)
            late = session.date < today
            yield Due(DueKind.NOT_FINISHED, session.date, session.patient, session.id, words, overdue=late)


def _reviews(dossier: Dossier, clinic: Clinic) -> Iterator[Coming]:
    """Yield the reviews of each open course that were not held, each until the next one's time comes.

    One was held in a session marked as a review from 28 days before its day until 28 days before the next one's. An
    earlier one that was missed gives way to it.
    """
    for course in dossier.courses:
        start = dossier.week_zero(course)
        if course.end or start is None:
            continue
        numbers = course.review_months or clinic.review_months
        days = [months_later(start, number) for number in numbers]
        held = _held(dossier, course)
        for number, day, following in zip(numbers, days, [*days[1:], None], strict=True):
            last = following - REVIEW_BEFORE if following else date.max
            if any(day - REVIEW_BEFORE <= when < last for when in held):
                continue
            words = plural("review of the course at {n} month", "review of the course at {n} months", number)
            until = following - AHEAD if following else date.max
            yield Coming(DueKind.COURSE_REVIEW, day, course.id, words, until)


def _held(dossier: Dossier, course: Course) -> list[date]:
    sessions = dossier.sessions_of(course)
    return [s.date for s in sessions if s.review and s.attendance is Attendance.ATTENDED]


def _follow_ups(dossier: Dossier) -> Iterator[Coming]:
    courses = {course.id: course for course in dossier.courses}
    for follow_up in dossier.follow_ups:
        course = courses.get(follow_up.course)
        if course is None or follow_up.done or _followed(dossier, course):
            continue
        words = message("follow-up of {day}", day=follow_up.due)
        yield Coming(DueKind.FOLLOW_UP, follow_up.due, follow_up.id, words)


def _followed(dossier: Dossier, course: Course) -> bool:
    """Whether a newer course has begun: then the scores belong to that one, and one looks back no longer."""
    own = dossier.week_zero(course) or course.end or date.min
    starts = [dossier.week_zero(other) for other in dossier.courses if other.id != course.id]
    return any(start and own < start for start in starts)
