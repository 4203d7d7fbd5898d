"""The tables of a course's scores and sessions, with the same numbers as the chart, and of the patient's events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain import trajectory
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Assessment, Attendance, Event, EventKind, Session
from trdtrack.ui.patient.record_list import RecordList
from trdtrack.ui.rows import Column
from trdtrack.words import _, day, phq9_wording, signed

if TYPE_CHECKING:
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

ATTENDANCE = {
    Attendance.ATTENDED: _("attended"),
    Attendance.LATE_CANCEL: _("late cancel"),
    Attendance.DID_NOT_ATTEND: _("did not attend"),
}
EVENTS = {
    EventKind.LIFE: _("life event"),
    EventKind.MEDICATION: _("medication change"),
    EventKind.ADMISSION: _("admission"),
    EventKind.OTHER: _("other"),
}


class ScoreList(RecordList):
    """Every PHQ-9 of the course, newest first."""

    def __init__(self) -> None:
        columns: list[Column[Point]] = [
            Column(_("Answered"), lambda p: day(p.date)),
            Column(_("Week"), lambda p: "" if p.week is None else f"{p.week:.0f}", number=True),
            Column(
                _("Total"), lambda p: "–" if p.score.total is None else str(p.score.total), number=True, strong=True
            ),
            Column(_("Change"), self._change, number=True),
            Column(_("Completeness"), self._completeness, tone=lambda _p: "muted", stretch=True),
            Column(_("Item 9"), _item9, number=True, tone=lambda p: "risk" if p.item9 in (1, 2, 3) else "ink"),
            Column(_("Answers"), _answers),
            Column(_("Function"), _function),
        ]
        self.summary: Summary | None = None
        super().__init__(columns, name=_("Scores"), moves=True)

    def draw(self, dossier: Dossier, s: Summary | None) -> None:
        """Show a course's scores."""
        self.summary = s
        if s is None:
            self.fill(())
            return
        gone = [a for a in dossier.withdrawn if isinstance(a, Assessment) and a.course == s.course.id]
        self.fill(s.points[::-1], _out_of_force(gone, s)[::-1])

    def record(self, row: Point) -> Assessment:
        return row.assessment

    def _change(self, point: Point) -> str:
        base = self.summary.baseline if self.summary else None
        if base is None or point.score.total is None:
            return ""
        if base.point.assessment.id == point.assessment.id:
            return _("baseline")
        return signed(point.score.total - base.point.total)

    def _completeness(self, point: Point) -> str:
        words = completeness_words(point.score.completeness, point.score.answered)
        if point.score.total is not None and not point.counts and not self.gone(point):
            return _("{words}; another score of that day counts").format(words=words)
        return words


class SessionList(RecordList):
    """Every session of the course, newest first, found by any word in them."""

    def __init__(self) -> None:
        columns: list[Column[Session]] = [
            Column(_("Date"), lambda x: day(x.date)),
            Column(_("Session"), self._number, number=True),
            Column(_("Attendance"), lambda x: ATTENDANCE[x.attendance]),
            Column(
                _("Length"), lambda x: _("{n} min").format(n=x.minutes) if x.minutes else "", number=True, least=720
            ),
            Column(_("Phase"), lambda x: x.phase, width=96, least=860),
            Column(_("Task"), lambda x: _in_one_line(x.task), width=110, least=720),
            Column(_("Note"), lambda x: _in_one_line(x.note), stretch=True),
            Column(_("Next"), _next),
            Column(
                _("Finished"),
                lambda x: _("yes") if x.finished else _("not yet"),
                tone=lambda x: "muted" if x.finished else "review",
            ),
        ]
        self.summary: Summary | None = None
        super().__init__(
            columns,
            name=_("Sessions"),
            moves=True,
            filters=_("Find a session by note, task, phase, date or attendance"),
        )

    def draw(self, dossier: Dossier, s: Summary | None) -> None:
        """Show a course's sessions."""
        self.summary = s
        gone = [x for x in dossier.withdrawn if isinstance(x, Session) and s and x.course == s.course.id]
        self.fill(s.sessions[::-1] if s else (), gone)

    def _number(self, session: Session) -> str:
        number = self.summary.session_number(session) if self.summary else None
        return "" if number is None else str(number)


class EventList(RecordList):
    """What happened in the patient's life and care, newest first."""

    def __init__(self) -> None:
        columns: list[Column[Event]] = [
            Column(_("Date"), lambda e: day(e.date)),
            Column(_("Kind"), lambda e: EVENTS[e.what]),
            Column(_("What happened"), lambda e: _in_one_line(e.text), stretch=True),
        ]
        super().__init__(columns, name=_("Events"), add=_("Add event"))

    def draw(self, dossier: Dossier) -> None:
        """Show a patient's events."""
        self.fill(dossier.events[::-1], [r for r in dossier.withdrawn if isinstance(r, Event)])


def _out_of_force(gone: list[Assessment], s: Summary) -> list[Point]:
    """Return withdrawn assessments with the week and the score they would have."""
    kept = {a.id: a for a in gone}
    points = trajectory.place((replace(a, withdrawn=None) for a in gone), s.week_zero, s.rules)
    return [replace(p, assessment=kept[p.assessment.id]) for p in points]


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _next(session: Session) -> str:
    if session.next_date is None:
        return ""
    return f"{day(session.next_date)} {session.next_time}".strip()


def _answers(point: Point) -> str:
    answers = point.assessment.answers
    return "" if answers is None else " ".join("·" if a is None else str(a) for a in answers)


def _item9(point: Point) -> str:
    return str(point.item9) if isinstance(point.item9, int) else "?"


def _function(point: Point) -> str:
    value = point.assessment.difficulty
    return "" if value is None else phq9_wording().difficulty_answers[value]


def completeness_words(completeness: Completeness, answered: int) -> str:
    """Return how a total came about, as tables say it."""
    if completeness is Completeness.COMPLETE:
        return _("complete")
    if completeness is Completeness.TOTAL_ONLY:
        return _("total only")
    words = _("{n} of 9 answered").format(n=answered)
    return _("prorated, {count}").format(count=words) if completeness is Completeness.PRORATED else words
