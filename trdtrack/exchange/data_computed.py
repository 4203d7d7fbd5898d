"""What the data tables hold of a course of care and of a PHQ-9: each figure as the course's summary has it."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.outcome import MEANINGFUL_GENERAL, MEANINGFUL_LONG_LASTING, PARTIAL_RESPONSE, RESPONSE
from trdtrack.domain.records import Assessment, Attendance, Course
from trdtrack.domain.resistance import criterion_of
from trdtrack.exchange.data_columns import COMPUTED, RECORDED, Column, computed, field_column, own_columns, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trdtrack.domain.records import Session
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point
    from trdtrack.exchange.data_columns import Cell, Person

_POINTS = message("points")
_SCORE = message("points, 0 to 27")
_ANSWER = message("0 to 3")
_DATE = message("date")
_YES_NO = message("yes or no")
_NUMBER = message("number")
_TEXT = message("text")
_NHS = message("NHS Talking Therapies convention")
_CONVENTION = message("convention")


def session_number() -> Column:
    """Return a session's number in its course."""

    def cell(person: Person, session: Session) -> Cell:
        summary = person.summaries.get(session.course)
        return summary.session_number(session) if summary else None

    said = message("the session's number among those attended; empty where it was not attended")
    return computed("session_number", said, cell, unit=_NUMBER)


def _of_course(
    name: str, meaning: Message, unit: Message, read: Callable[[Summary], Any], source: Message = COMPUTED
) -> Column:
    """Return a column read off the course's summary; empty for a withdrawn course, which has none."""

    def cell(person: Person, course: Course) -> Cell:
        summary = person.summaries.get(course.id)
        return plain(read(summary)) if summary else None

    return computed(name, meaning, cell, unit=unit, source=source)


def course_columns() -> Iterator[Column]:
    """Yield what was written down about a course, then what follows from its scores and sessions."""
    said = message("the patient's courses of care, counted from 1 in the order of their week 0")
    yield computed("course", said, lambda person, course: person.numbers.get(course.id), unit=_NUMBER)
    said = message("the day the course's weeks count from: as set, else the first attended session")
    yield _of_course("week_0", said, _DATE, lambda s: s.week_zero)
    yield from own_columns(Course, without={"start"})
    yield from _attendance_columns()
    yield from _total_columns()
    yield from _change_columns()


def _attendance_columns() -> Iterator[Column]:
    sessions = message("sessions")
    yield _of_course("attended", message("sessions attended"), sessions, lambda s: s.attended)
    said = message("sessions cancelled late")
    yield _of_course("late_cancel", said, sessions, lambda s: _kept(s, Attendance.LATE_CANCEL))
    said = message("sessions not attended")
    yield _of_course("did_not_attend", said, sessions, lambda s: _kept(s, Attendance.DID_NOT_ATTEND))
    age = message("the patient's age at week 0, or at the baseline where there is no week 0")
    yield _of_course("age", age, message("whole years"), lambda s: s.age)


def _kept(summary: Summary, attendance: Attendance) -> int:
    return sum(session.attendance is attendance for session in summary.sessions)


def _total_columns() -> Iterator[Column]:
    said = message("the PHQ-9 total the course is measured against")
    yield _of_course("baseline_total", said, _SCORE, lambda s: s.baseline.point.total if s.baseline else None)
    said = message("the day of the baseline")
    yield _of_course("baseline_date", said, _DATE, lambda s: s.baseline.point.date if s.baseline else None)
    said = message("the rule that chose the baseline, or the therapist's reason")
    yield _of_course("baseline_rule", said, _TEXT, lambda s: s.baseline.rule if s.baseline else None)
    said = message("the last total that counts; in a course that has ended, the last up to its end")
    yield _of_course("latest_total", said, _SCORE, lambda s: s.latest.total if s.latest else None)
    said = message("the day of the latest total")
    yield _of_course("latest_date", said, _DATE, lambda s: s.latest.date if s.latest else None)
    yield _of_course("weeks", message("from the baseline to the latest total"), message("weeks"), lambda s: s.weeks)
    said = message("how severe the latest total is, by its band")
    yield _of_course("severity", said, _TEXT, lambda s: s.severity)


def _fall(percent: int) -> Message:
    return message("a fall of {n}% of the baseline or more", n=percent)


def _change_columns() -> Iterator[Column]:
    said = message("latest minus baseline, or the end score minus baseline once ended: negative is better")
    yield _of_course("change", said, _POINTS, lambda s: s.change)
    said = message("the change in percent of the baseline: negative is better")
    yield _of_course("percent_change", said, message("percent"), lambda s: s.percent_change)
    said = message("improvement, deterioration or none: a change of so many points as the rule in force says")
    yield _of_course("reliable", said, _TEXT, lambda s: s.reliable, _NHS)
    answers = (
        ("meaningful_general", _fall(MEANINGFUL_GENERAL), message("Kounali 2022")),
        (
            "meaningful_long_lasting",
            _fall(MEANINGFUL_LONG_LASTING),
            message("Button 2015, in long-lasting, drug-resistant depression, on the BDI-II"),
        ),
        ("response", _fall(RESPONSE), _CONVENTION),
        (
            "partial_response",
            message("a fall of {n}% to below {most}% of the baseline", n=PARTIAL_RESPONSE, most=RESPONSE),
            _CONVENTION,
        ),
        ("remission", message("a total below {n}", n=phq9.REMISSION_BELOW), _CONVENTION),
        ("recovery", message("baseline {n} or more and now below it (PHQ-9 only)", n=phq9.CASENESS_FROM), _NHS),
        ("prorated", message("whether a total that the conclusions rest on is prorated"), COMPUTED),
    )
    yield from (_of_course(name, said, _YES_NO, attrgetter(name), source) for name, said, source in answers)
    said = message("where the course stands against the expected course")
    yield _of_course("signal", said, _TEXT, lambda s: s.standing.signal)
    said = message("what the latest total after the end says against the end score")
    yield _of_course("since_end", said, _TEXT, lambda s: s.after_end.says if s.after_end else None)
    said = message("whether the criterion of treatment resistance is met: met, not met, cannot tell")
    yield _of_course("resistance_criterion", said, _TEXT, lambda s: criterion_of(s.dossier, s.rules).met)
    yield _of_course("sentence", message("where things stand, in a sentence"), _TEXT, lambda s: s.sentence)


# PHQ-9


def _of_point(name: str, meaning: Message, unit: Message, read: Callable[[Point], Any]) -> Column:
    """Return a column read off the assessment as it is placed in its course; empty for a withdrawn one."""

    def cell(person: Person, assessment: Assessment) -> Cell:
        point = person.points.get(assessment.id)
        return plain(read(point)) if point else None

    return computed(name, meaning, cell, unit=unit)


def score_columns() -> Iterator[Column]:
    """Yield a PHQ-9 as it is placed in its course, with its answers."""
    yield field_column(Assessment, "course", "str")
    yield field_column(Assessment, "date", "date")
    yield _of_point("week", message("days since week 0, divided by 7"), message("weeks"), lambda p: p.week)
    yield computed("total", message("the PHQ-9 total; empty where there is none"), _total, unit=_SCORE)
    said = message("how the total came about: complete, prorated, total only, no total")
    yield _of_point("completeness", said, _TEXT, lambda p: p.score.completeness)
    said = message("how many of the nine questions were answered; empty where only the total is known")
    yield _of_point("answered", said, _NUMBER, lambda p: p.score.answered if p.assessment.answers else None)
    yield from (_item_column(number) for number in range(1, phq9.ITEMS + 1))
    tenth = phq9.ITEMS + 1
    said = message("question {number} (function), never part of the total; empty where it was left blank", number=tenth)
    yield Column(f"item{tenth}", _item(tenth), said, _ANSWER, RECORDED, _difficulty)
    said = message("no for a total that gives way to another of its day, and where there is none")
    yield _of_point("counts", said, _YES_NO, lambda p: p.counts)
    said = message("minimal, mild, moderate, moderately severe or severe: the band of the total")
    yield _of_point("severity", said, _TEXT, _band)
    yield Column("session_date", message("session"), message("its session, by the day"), _DATE, RECORDED, _session_day)
    yield field_column(Assessment, "instrument", "str")


def _total(person: Person, assessment: Assessment) -> Cell:
    """Return the total as it counts in its course; of a withdrawn assessment only one that was written down."""
    point = person.points.get(assessment.id)
    return point.score.total if point else assessment.total


def _band(point: Point) -> Message | None:
    return None if point.score.total is None else phq9.band(point.score.total).name


def _difficulty(_: Person, assessment: Assessment) -> Cell:
    return assessment.difficulty


def _session_day(person: Person, assessment: Assessment) -> Cell:
    return person.days.get(assessment.session or "")


def _item(number: int) -> Message:
    return message("item {number}", number=number)


def _item_column(number: int) -> Column:
    def read(_: Person, assessment: Assessment) -> Cell:
        return assessment.answers[number - 1] if assessment.answers else None

    said = message("the answer to question {number}; empty where it was left blank, never 0", number=number)
    return Column(f"item{number}", _item(number), said, _ANSWER, RECORDED, read)
