"""What follows from an edit by itself: a risk record opens, an outcome is fixed at the end, follow-ups are planned.

All of it is part of the same edit, so that one undo takes it back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trdtrack.domain import risk, trajectory
from trdtrack.domain.afterwards import Afterwards
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.ending import outcome_at_end
from trdtrack.domain.months import months_later
from trdtrack.domain.phq9 import Item9, item9
from trdtrack.domain.records import (
    Assessment,
    Attendance,
    Course,
    EndReason,
    FollowUp,
    Outcome,
    Patient,
    RiskRecord,
    Session,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from trdtrack.domain.checks import Read
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Clinic, Rules

FOLLOW_UP_BEFORE = timedelta(days=14)
"""What happens from this long before a follow-up's day counts as the follow-up."""
MOST_MONTHS = 60
REOPENED = "course reopened"
DIED = "died"


def with_consequences(
    edit: Edit, read: Read, *, rules: Callable[[], Rules], clinic: Callable[[], Clinic], at: datetime
) -> Edit:
    """Return the edit with the steps that follow from it, or the edit itself where nothing does.

    The clinic's settings are asked for only where a course's end needs them: most edits are spared the reading.

    For an edit a person makes; taking one back brings its steps along. Doing it twice adds nothing.
    """
    after = Afterwards(edit, read)
    _open_risk(after, at)
    for patient, touched in _touched(after).items():
        _follow(after, patient, touched, rules=rules, clinic=clinic)
    return replace(edit, steps=(*edit.steps, *after.steps)) if after.steps else edit


# A risk record opens


def _open_risk(after: Afterwards, at: datetime) -> None:
    """Open a record for each patient with a newly raised answer and none open.

    One record a patient, for the latest of the answers: it is where things stand now, and an import of old papers
    does not make a record look years old. The earlier answers still ask to be answered (`risk.risk_state`).
    """
    latest: dict[str, Assessment] = {}
    for before, now in after.changes(Assessment):
        if now is None or not _newly_raised(before, now, after):
            continue
        known = latest.get(now.patient)
        if known is None or (now.date, now.entered, now.id) > (known.date, known.entered, known.id):
            latest[now.patient] = now
    for patient, answer in latest.items():
        if all(record.closed for record in after.in_force(RiskRecord, patient)):
            opened = RiskRecord(patient=patient, opened=answer.date, assessment=answer.id, entered=at)
            after.put(None, opened)


def _newly_raised(before: Assessment | None, now: Assessment, after: Afterwards) -> bool:
    """Whether an answer of 1 or more is new to its patient, or higher than it was."""
    if now.withdrawn or not risk.raised(now):
        return False
    if before is None or before.withdrawn:
        return True
    if before.patient != now.patient:
        # Where two records of one person become one, the risk records came along.
        left = [now for _, now in after.changes(Patient) if now and now.id == before.patient]
        return not any(patient.withdrawn for patient in left)
    was, answer = item9(before.answers), item9(now.answers)
    return isinstance(was, Item9) or (isinstance(answer, int) and answer > was)


# What a course's end brings


@dataclass
class _Touched:
    """What an edit changes about one patient's courses."""

    courses: list[tuple[Course | None, Course | None]] = field(
        default_factory=list[tuple[Course | None, Course | None]]
    )
    scores: list[tuple[Assessment | None, Assessment | None]] = field(
        default_factory=list[tuple[Assessment | None, Assessment | None]]
    )
    sessions: list[tuple[Session | None, Session | None]] = field(
        default_factory=list[tuple[Session | None, Session | None]]
    )


def _touched(after: Afterwards) -> dict[str, _Touched]:
    found: dict[str, _Touched] = {}

    def of(record: Course | Assessment | Session) -> _Touched:
        return found.setdefault(record.patient, _Touched())

    for before, now in after.changes(Course):
        if now:
            of(now).courses.append((before, now))
    for before, now in after.changes(Assessment):
        for patient in {r.patient: r for r in (before, now) if r}.values():
            of(patient).scores.append((before, now))
    for before, now in after.changes(Session):
        if before is None or now is None or _weighs(before) != _weighs(now):
            for patient in {r.patient: r for r in (before, now) if r}.values():
                of(patient).sessions.append((before, now))
    return found


def _weighs(session: Session) -> tuple[object, ...]:
    """What of a session can move a week 0."""
    return session.patient, session.course, session.date, session.attendance, bool(session.withdrawn)


def _follow(
    after: Afterwards, patient: str, touched: _Touched, *, rules: Callable[[], Rules], clinic: Callable[[], Clinic]
) -> None:
    courses = after.in_force(Course, patient)
    died = any(c.end_reason is EndReason.DIED for c in courses)
    for course in courses:
        changed = [before for before, now in touched.courses if now and now.id == course.id]
        was = changed[0] if changed and changed[0] and not changed[0].withdrawn else None
        if was and was.end and course.end is None:
            _reopen(after, was, course)
        if course.end is None:
            continue
        if changed or _rests_on(course, course.end, touched):
            _fix_outcome(after, course, was or course, rules())
        if was and not died:
            _plan(after, was, course, clinic().follow_up_months)
        if not died:
            _mark_done(after, course, course.end, touched)
    newly = any(
        now and not now.withdrawn and now.end_reason is EndReason.DIED and (b is None or b.end_reason != now.end_reason)
        for b, now in touched.courses
    )
    if newly:
        _withdraw(after, [f for f in after.in_force(FollowUp, patient) if not f.done], DIED)


def _rests_on(course: Course, end: date, touched: _Touched) -> bool:
    """Whether a change may concern the outcome: a baseline lies at most 14 days after week 0, an end score before."""
    last = end + timedelta(days=trajectory.AFTER_DAYS)
    if any(r and (r.date <= last or r.id == course.baseline) for pair in touched.scores for r in pair):
        return True
    return course.start is None and any(r and r.course == course.id for pair in touched.sessions for r in pair)


def _fix_outcome(after: Afterwards, course: Course, was: Course, rules: Rules) -> None:
    """Put the outcome of an ended course on the record, or put it right."""
    known = _outcome(after, course.patient, course) or _outcome(after, was.patient, course)
    fixed = known
    if known and known.withdrawn:
        fixed = replace(known, withdrawn=None, reliable_change=rules.reliable_change)
    patient = after.one(Patient, course.patient)
    if patient is None:
        return
    records = [r for kind in (Course, Session, Assessment) for r in after.in_force(kind, course.patient)]
    outcome = outcome_at_end(Dossier.of(patient, records), course, rules, fixed)
    if outcome and outcome != known:
        after.put(known, outcome)


def _outcome(after: Afterwards, patient: str, course: Course) -> Outcome | None:
    """Return a course's outcome, the one in force if there is one."""
    found = [o for o in after.of(Outcome, patient) if o.course == course.id]
    return min(found, key=lambda o: bool(o.withdrawn), default=None)


def _reopen(after: Afterwards, was: Course, course: Course) -> None:
    outcomes = [o for o in after.in_force(Outcome, was.patient) if o.course == course.id]
    _withdraw(after, outcomes, REOPENED)
    _withdraw(after, [f for f in _follow_ups(after, course) if not f.done], REOPENED)


def _withdraw(after: Afterwards, records: Iterable[Outcome | FollowUp], reason: str) -> None:
    for record in records:
        after.put(record, replace(record, withdrawn=reason))


def _follow_ups(after: Afterwards, course: Course) -> list[FollowUp]:
    found = [f for f in after.in_force(FollowUp, course.patient) if f.course == course.id]
    return sorted(found, key=lambda f: (f.due, f.id))


def _plan(after: Afterwards, was: Course, course: Course, months: tuple[int, ...]) -> None:
    """Plan follow-ups for a course that has just ended; move those not done where the end has moved."""
    if course.end is None:
        return
    planned = _follow_ups(after, course)
    if was.end is None or was.end_reason is EndReason.DIED:
        for number in months if not planned else ():
            due = months_later(course.end, number)
            after.put(None, FollowUp(patient=course.patient, course=course.id, due=due))
    elif was.end != course.end:
        for follow_up in planned:
            if not follow_up.done and not after.changed(follow_up):
                after.put(follow_up, replace(follow_up, due=_moved(follow_up.due, was.end, course.end)))


def _moved(due: date, was: date, end: date) -> date:
    """Return a follow-up's day for another end: as many months after it, or as many days where it was set by hand."""
    for number in range(1, MOST_MONTHS + 1):
        if months_later(was, number) == due:
            return months_later(end, number)
    return due + (end - was)


def _mark_done(after: Afterwards, course: Course, end: date, touched: _Touched) -> None:
    """Mark the follow-up that a new score or session after the end is.

    It is the last follow-up whose time has come: from 14 days before its day until 14 days before the next one's.
    """
    visits = [now.date for before, now in touched.scores if before is None and now and _of(now, course)]
    visits += [
        now.date
        for before, now in touched.sessions
        if before is None and now and _of(now, course) and now.attendance is Attendance.ATTENDED
    ]
    for day in sorted(day for day in visits if day > end):
        begun = [f for f in _follow_ups(after, course) if f.due - FOLLOW_UP_BEFORE <= day]
        if begun and begun[-1].done is None:
            after.put(begun[-1], replace(begun[-1], done=day))


def _of(record: Assessment | Session, course: Course) -> bool:
    return record.course == course.id and not record.withdrawn
