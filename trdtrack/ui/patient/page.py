"""The patient page: the sentence, the chart, what stands now, and everything written down behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from trdtrack import settings
from trdtrack.caseload import drawn_with
from trdtrack.domain.guidance import referral_prompt
from trdtrack.domain.records import Assessment, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.resistance import criterion_of
from trdtrack.domain.summary import summarise
from trdtrack.ui import theme
from trdtrack.ui.page import GROUND, Page, capital, column, hairline
from trdtrack.ui.patient.course import CourseTab
from trdtrack.ui.patient.facts import caption
from trdtrack.ui.patient.head import Head
from trdtrack.ui.patient.history import HistoryTab
from trdtrack.ui.patient.items import ItemTable
from trdtrack.ui.patient.letters import LetterList
from trdtrack.ui.patient.lists import EventList, ScoreList, SessionList
from trdtrack.ui.patient.now import Now
from trdtrack.ui.patient.one_score import OneScore
from trdtrack.ui.patient.picture import Picture
from trdtrack.ui.patient.risk import RiskTab
from trdtrack.ui.patient.side import WIDTH_PX
from trdtrack.ui.patient.treatment import TreatmentTab
from trdtrack.ui.shortcuts import WITHIN, bind
from trdtrack.ui.tabs import Tabs
from trdtrack.words import _, say, shown

if TYPE_CHECKING:
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.edit import Touched
    from trdtrack.domain.records import Course, Rules
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point
    from trdtrack.ui.desk import Desk

TABS_PX = 176
"""The least height of the tabs: the buttons beside a list have their room."""


class PatientPage(Page):
    """One patient and one of the courses. What is asked of the window goes out as signals."""

    back = Signal()
    log = Signal()
    asked = Signal(str)
    """Something to do with the patient or course shown, by its name in the head's menus."""
    add = Signal(str)
    """A record of this kind is to be added."""
    correct = Signal(object)
    relocate = Signal(object)
    withdraw = Signal(object)
    restore = Signal(object)
    export = Signal(str)
    explain = Signal()
    patient_view = Signal(object)
    """The course is to be shown to the patient."""
    save_chart = Signal(str, object)
    redate = Signal(object)
    as_baseline = Signal(object)
    send_letter = Signal(object)
    """A letter is to leave the program: as a file or on paper."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.patient_id: str | None = None
        self.dossier: Dossier | None = None
        self.summary: Summary | None = None
        self._course_id: str | None = None
        self._window_of: tuple[str, str] | None = None
        page = column(self, ground=GROUND, spacing=9)
        self.head = Head()
        self.heading, self.subheading = self.head.heading, self.head.subheading
        self.head.back.connect(self.back.emit)
        self.head.log.connect(self.log.emit)
        self.head.asked.connect(self.asked.emit)
        self.head.export.connect(self.export.emit)
        self.head.course_chosen.connect(self.choose_course)
        page.addWidget(self.head)
        self.sentence = theme.label(px=theme.HEADLINE_PX, strong=True, wrap=True)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        page.addWidget(self.sentence)
        page.addWidget(hairline())
        self._picture = self._middle()
        page.addWidget(self._picture, 3)
        self._build_tabs()
        page.addWidget(self.tabs, 2)
        for name, act in (
            ("log", self.log.emit),
            ("edit patient", lambda: self.asked.emit("patient")),
            ("edit course", lambda: self.asked.emit("course")),
            ("risk", lambda: self.asked.emit("risk")),
            ("patient view", self._turn_to_patient),
            ("export", lambda: self.export.emit("pdf" if self.summary else "record")),
        ):
            bind(name, self, act, WITHIN)

    def _middle(self) -> QWidget:
        holder = QWidget()
        below = column(holder, margin=0, spacing=4)
        middle = theme.columns()
        middle.setSpacing(theme.WIDE)
        below.addLayout(middle, 1)
        self.picture = Picture()
        self.chart, self.caption = self.picture.chart, self.picture.caption
        self.chart.pointOpened.connect(self._open_point)
        self.picture.window_chosen.connect(self._remember_window)
        self.picture.patient_view.connect(self._turn_to_patient)
        self.picture.save.connect(self.save_chart.emit)
        middle.addWidget(self.picture, 1)
        self.now = Now()
        self.now.explain.connect(self.explain.emit)
        self.now.forecast_asked.connect(self.chart.show_forecast)
        self.now.answer_risk.connect(lambda: self.asked.emit("risk"))
        self.one = OneScore()
        self.one.closed.connect(self._close_point)
        self.side = QStackedWidget()
        theme.aside(self.side, theme.roomy(WIDTH_PX))
        self.side.addWidget(self.now)
        self.side.addWidget(self.one)
        middle.addWidget(self.side)
        below.addWidget(self.caption)
        return holder

    def _build_tabs(self) -> None:
        self.tabs = Tabs()
        self.tabs.tabBar().setDrawBase(False)
        self.scores, self.items, self.sessions = ScoreList(), ItemTable(), SessionList()
        self.treatment, self.risk, self.course_tab = TreatmentTab(), RiskTab(), CourseTab()
        self.events, self.letters, self.history = EventList(), LetterList(), HistoryTab()
        for tab, name in (
            (self.scores, _("Scores")),
            (self.items, _("Items")),
            (self.sessions, _("Sessions")),
            (self.treatment, _("Treatment")),
            (self.risk, _("Risk")),
            (self.course_tab, _("Course")),
            (self.events, _("Events")),
            (self.letters, _("Letters")),
            (self.history, _("History")),
        ):
            self.tabs.addTab(tab, name)
        for box in (self.scores, self.sessions, self.treatment, self.risk, self.course_tab, self.events, self.letters):
            box.correct.connect(self.correct.emit)
            box.relocate.connect(self.relocate.emit)
            box.withdraw.connect(self.withdraw.emit)
            box.restore.connect(self.restore.emit)
        self.items.chosen.connect(self._show_point)
        one = self.one
        one.correct.connect(self.correct.emit)
        one.redate.connect(self.redate.emit)
        one.relocate.connect(self.relocate.emit)
        one.withdraw.connect(self.withdraw.emit)
        one.as_baseline.connect(self.as_baseline.emit)
        self.history.restore.connect(self.restore.emit)
        self.risk.correct_review.connect(self.correct.emit)
        self.letters.send.connect(self.send_letter.emit)
        for box, kind in (
            (self.treatment, "treatment"),
            (self.risk, "risk"),
            (self.course_tab, "follow_up"),
            (self.events, "event"),
            (self.letters, "letter"),
        ):
            box.add.connect(lambda kind=kind: self.add.emit(kind))
        self.tabs.setMinimumHeight(theme.px(TABS_PX))
        larger = theme.Check(_("Without the chart"))
        larger.setToolTip(_("Give the chart's room to what stands below it"))
        larger.toggled.connect(lambda on: self._picture.setVisible(not on))
        self.tabs.setCornerWidget(larger)

    def choose(self, patient: str) -> None:
        """Turn to another patient."""
        self.picture.settle()
        self.patient_id, self._course_id = patient, None
        self.tabs.setCurrentIndex(0)
        self._draw_again()

    def choose_course(self, course: str) -> None:
        """Look at another of the patient's courses."""
        self.picture.settle()
        self._course_id = course
        self._draw_again()

    def _draw_again(self) -> None:
        self._drawn = False
        if self.isVisible():
            self._drawn = True
            self.redraw(None)

    def turn_to(self, name: str, record: str = "") -> None:
        """Show a tab by its name below; with a record's id, the course and the row it stands in."""
        d = self.dossier
        held = [r for r in (*d.sessions, *d.assessments, *d.follow_ups, *d.letters) if r.id == record] if d else []
        if held:
            self.choose_course(held[0].course)
        tab = {
            "scores": self.scores,
            "sessions": self.sessions,
            "treatment": self.treatment,
            "risk": self.risk,
            "course": self.course_tab,
            "events": self.events,
            "letters": self.letters,
        }[name]
        self.tabs.setCurrentWidget(tab)
        tab.choose(record)
        tab.table.setFocus()

    def take_focus(self) -> None:
        # Here the page's own keys (L, E, arrows) work at once.
        (self.chart if self.chart.isVisibleTo(self) else self.tabs).setFocus()

    def concerns(self, touched: Touched) -> bool:
        return touched.concerns(self.patient_id) or "clinic" in touched.kinds

    def redraw(self, _touched: Touched | None) -> None:
        if self.patient_id is None:
            return
        caseload, today = self.desk.caseload, self.desk.today
        try:
            d = caseload.dossier(self.patient_id)
        except Refusal:
            d = None
        if d is None or d.patient.withdrawn is not None:
            self.patient_id = None
            self.back.emit()
            return
        course = next((c for c in d.courses if c.id == self._course_id), d.current_course)
        rules, known = caseload.rules(), caseload.benchmarks()
        s = (
            summarise(d, course, benchmark=drawn_with(course, known), rules=rules, today=today)
            if course is not None
            else None
        )
        self.dossier, self.summary = d, s
        self.head.draw(d, s)
        self.sentence.setText(shown(say(s.sentence)) if s else self._proposed(d, rules))
        self.chart.draw(s)
        whose = (self.patient_id, course.id if course else "")
        if self._window_of != whose:
            self._window_of = whose
            self.picture.show_window(settings.months_shown(self.patient_id))
            self.now.verticalScrollBar().setValue(0)
        self.items.draw(s)
        self._draw_point(s)
        self.caption.setText(caption(s, known) if s else "")
        self.now.draw(d, s, today=today)
        for tab in (self.scores, self.sessions):
            tab.draw(d, s)
        self.treatment.draw(d, course, rules=rules, today=today)
        self.risk.draw(d, today=today)
        self.course_tab.draw(d, s, today=today)
        self.events.draw(d)
        self.letters.draw(d, s)
        self.history.draw(caseload, self.patient_id)

    def _open_point(self, opened: Point | Assessment) -> None:
        """Show the answers of the score opened on the chart; a withdrawn one in its list."""
        if isinstance(opened, Assessment):
            self.scores.all.setChecked(True)
            self.tabs.setCurrentWidget(self.scores)
            self.scores.choose(opened.id)
        else:
            self._show_point(opened)
            self.items.show_point(opened)

    def _show_point(self, point: Point) -> None:
        """Show one score's answers in the place of what stands now."""
        self.one.draw(self.summary, point)
        self.side.setCurrentWidget(self.one)

    def _draw_point(self, s: Summary | None) -> None:
        """Keep the score that was open, if it is still there."""
        shown = self.one.point.assessment.id if self.one.point else ""
        again = next((p for p in (s.points if s else ()) if p.assessment.id == shown), None)
        self.one.draw(s, again)
        self.side.setCurrentWidget(self.one if again else self.now)

    def _close_point(self) -> None:
        self.one.draw(self.summary, None)
        self.side.setCurrentWidget(self.now)
        self.take_focus()

    def _remember_window(self, months: float | None) -> None:
        if self.patient_id:
            settings.remember_months(self.patient_id, months)

    def _turn_to_patient(self) -> None:
        if self.summary:
            self.patient_view.emit(self.summary)

    def _proposed(self, dossier: Dossier, rules: Rules) -> str:
        """Return what is proposed to a patient without a course, where psychotherapy is."""
        today = self.desk.today
        found = referral_prompt(dossier, criterion_of(dossier, rules), today=today)
        return capital(say(found)) if found else ""

    @property
    def course(self) -> Course | None:
        """The course shown."""
        return self.summary.course if self.summary else None

    def next_number(self) -> int:
        """Return the number the next attended session will have."""
        return self.summary.attended + 1 if self.summary else 1

    def pair_of(self, record: Session | Assessment) -> tuple[Session | None, Assessment | None]:
        """Return the session and assessment that were written down together with a record."""
        s = self.summary
        if s is None:
            return None, None
        assessments = [p.assessment for p in s.points]
        if isinstance(record, Session):
            return record, next((a for a in assessments if a.session == record.id), None)
        return next((x for x in s.sessions if x.id == record.session), None), record
