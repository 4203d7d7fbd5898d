"""Where courses of care lie in time: one open at a time, none over another, sessions and follow-ups in their place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from trdtrack.domain import trajectory
from trdtrack.domain.message import message
from trdtrack.domain.records import Attendance, Course, FollowUp, Presentation, Session
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.afterwards import Afterwards


@dataclass(frozen=True)
class _Span:
    """A course's days; no start where it never began, no end while it is open."""

    start: date | None
    end: date | None

    def overlaps(self, other: _Span) -> bool:
        """Whether two courses share more than the day on which one ends and the other begins."""
        if self.start is None or other.start is None:
            return False
        return self.start < (other.end or date.max) and other.start < (self.end or date.max)


def check_courses(after: Afterwards) -> None:
    """Refuse an edit after which courses, sessions or follow-ups lie where they cannot."""
    for before, course in after.changes(Course):
        if course and not course.withdrawn:
            known = before if before and not before.withdrawn and before.patient == course.patient else None
            _check_presentation(course, known)
            _check_start(course, known, after)
            if known is None or (known.start, known.end) != (course.start, course.end):
                _check_against_others(course, known, after)
    for before, session in after.changes(Session):
        moved = before is None or before.withdrawn or _place(before) != _place(session or before)
        if session and moved and not session.withdrawn and session.attendance is Attendance.ATTENDED:
            _check_session(session, after)
    for before, follow_up in after.changes(FollowUp):
        if follow_up and not follow_up.withdrawn:
            known = before if before and not before.withdrawn else None
            _check_follow_up(follow_up, known, after)


def _place(session: Session) -> tuple[str, date, Attendance]:
    return session.course, session.date, session.attendance


def _check_presentation(course: Course, known: Course | None) -> None:
    both = {Presentation.FIRST, Presentation.RECURRENT} <= set(course.presentation)
    if both and (known is None or known.presentation != course.presentation):
        raise Refusal(message("A first episode cannot be recurrent."), field="presentation")


def _check_start(course: Course, known: Course | None, after: Afterwards) -> None:
    """Refuse a week 0 behind a session that took place. One that was missed may lie before it."""
    if course.start is None or (known and known.start and course.start <= known.start):
        return
    earliest = known.start if known and known.start else date.min
    days = [s.date for s in _attended(after.in_force(Session, course.patient), course)]
    wrong = [day for day in days if earliest <= day < course.start]
    if wrong:
        what = message("There is a session of {day}, before this week 0.", day=min(wrong))
        raise Refusal(what, field="start")


def _check_against_others(course: Course, known: Course | None, after: Afterwards) -> None:
    before = {c.id: c for c in after.stored(Course, course.patient) if not c.withdrawn}
    for other in after.in_force(Course, course.patient):
        earlier = before.get(other.id)
        if other.id == course.id:
            continue
        if course.end is None and other.end is None:
            if not (known and earlier) or known.end or earlier.end:
                what = message("There is already an open course of care. End it first.")
                raise Refusal(what, field="end" if known else "start")
            continue
        span, others = _span(course, after), _span(other, after)
        if not span.overlaps(others):
            continue
        # Courses that lay over each other already can be put right one day at a time.
        if known and earlier and _span(known, after, stored=True).overlaps(_span(earlier, after, stored=True)):
            continue
        what = message(
            "This course of care lies over another one, {start} to {end}.", start=others.start, end=others.end
        )
        if others.end is None:
            what = message("This course of care lies over the open one, since {start}.", start=others.start)
        raise Refusal(what, field="end" if known and known.start == course.start else "start")


def _span(course: Course, after: Afterwards, *, stored: bool = False) -> _Span:
    """Return a course's days after the edit, or as stored before it."""
    if course.start:
        return _Span(course.start, course.end)
    sessions = after.stored(Session, course.patient) if stored else after.in_force(Session, course.patient)
    return _Span(trajectory.week_zero(course, (s for s in sessions if s.course == course.id)), course.end)


def _check_session(session: Session, after: Afterwards) -> None:
    courses = after.in_force(Course, session.patient)
    course = next((c for c in courses if c.id == session.course), None)
    if course is None:
        return
    if course.start:
        if session.date < course.start:
            what = message("This session is before the course's week 0, {day}.", day=course.start)
            raise Refusal(what, field="date")
        return
    # Week 0 follows the first session, so this one may draw the course over an earlier one.
    for other in courses:
        if other.id == course.id or other.end is None or other.end <= session.date:
            continue
        over = _Span(session.date, course.end).overlaps(_span(other, after))
        if over and not _span(course, after, stored=True).overlaps(_span(other, after, stored=True)):
            what = message("Another course of care went on until {day}, after this session.", day=other.end)
            raise Refusal(what, field="date")


def _check_follow_up(follow_up: FollowUp, known: FollowUp | None, after: Afterwards) -> None:
    for field in ("due", "done"):
        day: date | None = getattr(follow_up, field)
        if day is None or (known and getattr(known, field) == day):
            continue
        courses = after.in_force(Course, follow_up.patient)
        end = next((c.end for c in courses if c.id == follow_up.course), None)
        if end and day <= end:
            raise Refusal(message("A follow-up comes after the end of the course, {day}.", day=end), field=field)


def _attended(sessions: Iterable[Session], course: Course) -> Iterable[Session]:
    return (s for s in sessions if s.course == course.id and s.attendance is Attendance.ATTENDED)
