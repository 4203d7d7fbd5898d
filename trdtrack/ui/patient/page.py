"""The patient page: the sentence, the chart, what stands now, and the scores and sessions behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QTabWidget, QVBoxLayout

from trdtrack.caseload import newer
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.domain.message import message
from trdtrack.domain.records import Attendance, Session
from trdtrack.exports import EXPORTS
from trdtrack.ui import theme
from trdtrack.ui.page import GROUND, Page, column, hairline
from trdtrack.ui.patient.lists import ScoreList, SessionList
from trdtrack.ui.patient.now import Now
from trdtrack.words import _, day, say, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.edit import Touched
    from trdtrack.domain.records import Assessment, Course
    from trdtrack.domain.summary import Summary
    from trdtrack.ui.desk import Desk

AVERAGES = message(
    "Lines are averages of groups in trials; they do not predict this person. People on usual care alone improve too."
)


class PatientPage(Page):
    """One patient's current course. What is asked of the window goes out as signals."""

    back = Signal()
    log = Signal()
    edit_person = Signal()
    correct = Signal(object)
    withdraw = Signal(object)
    export = Signal(str)
    explain = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.patient_id: str | None = None
        self.summary: Summary | None = None
        page = column(self, ground=GROUND, spacing=12)
        page.addLayout(self._head())
        self.sentence = theme.label(px=theme.HEADLINE_PX, strong=True, wrap=True)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        page.addWidget(self.sentence)
        page.addWidget(hairline())
        middle = QHBoxLayout()
        middle.setSpacing(theme.WIDE)
        picture = QVBoxLayout()
        picture.setSpacing(4)
        self.chart = theme.follow(TrajectoryChart(), lambda chart: chart.set_palette(theme.palette()))
        self.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.chart.setMinimumHeight(240)
        picture.addWidget(self.chart, 1)
        self.caption = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        picture.addWidget(self.caption)
        middle.addLayout(picture, 1)
        self.now = Now()
        self.now.explain.connect(self.explain.emit)
        self.now.forecast_asked.connect(self.chart.show_forecast)
        middle.addWidget(self.now)
        page.addLayout(middle, 3)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.scores = ScoreList()
        self.sessions = SessionList()
        for box in (self.scores, self.sessions):
            box.correct.connect(self.correct.emit)
            box.withdraw.connect(self.withdraw.emit)
        self.tabs.addTab(self.scores, _("Scores"))
        self.tabs.addTab(self.sessions, _("Sessions"))
        self.tabs.setMinimumHeight(152)
        page.addWidget(self.tabs, 2)
        for keys, act in (("L", self.log.emit), ("E", self.edit_person.emit)):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        back = theme.button("", icon_name="chevron-left", flat=True)
        back.setAccessibleName(_("Back to the caseload"))
        back.setToolTip(_("Back to the caseload (Alt+Left)"))
        back.clicked.connect(self.back.emit)
        self.heading = theme.Elided(px=theme.TITLE_PX, strong=True)
        self.subheading = theme.label(tone="muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.heading)
        words.addWidget(self.subheading)
        edit = theme.button(_("Edit"), icon_name="pencil")
        edit.setToolTip(_("Patient and course (E)"))
        edit.clicked.connect(self.edit_person.emit)
        self.export_button = theme.button(_("Export"), icon_name="file-down")
        menu = QMenu(self.export_button)
        for name, export in EXPORTS.items():
            menu.addAction(say(export.name), lambda name=name: self.export.emit(name))
        self.export_button.setMenu(menu)
        self.log_button = theme.button(_("Log session"), icon_name="clipboard-pen", primary=True)
        self.log_button.setToolTip(_("Log a session and its PHQ-9 (L)"))
        self.log_button.clicked.connect(self.log.emit)
        head.addWidget(back, alignment=Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        for widget in (edit, self.export_button, self.log_button):
            head.addWidget(widget, alignment=Qt.AlignmentFlag.AlignTop)
        return head

    def choose(self, patient: str) -> None:
        """Turn to another patient."""
        self.patient_id = patient
        self.tabs.setCurrentIndex(0)
        self._drawn = False
        if self.isVisible():
            self._drawn = True
            self.redraw(None)

    def take_focus(self) -> None:
        # Here the page's own keys (L, E, arrows) work at once.
        self.chart.setFocus()

    def concerns(self, touched: Touched) -> bool:
        return touched.concerns(self.patient_id)

    def redraw(self, _touched: Touched | None) -> None:
        if self.patient_id is None:
            return
        caseload = self.desk.caseload
        rows = caseload.rows(today=self.desk.today, only=[self.patient_id])
        if not rows:
            self.back.emit()
            return
        row = rows[0]
        s = self.summary = row.summary
        # The name may be long: it gives way, the code before it never does.
        self.heading.show_text("  ·  ".join(part for part in (row.patient.code, row.patient.name) if part))
        self.subheading.setText(_course_line(s) if s else _("No course of care yet: Edit adds one."))
        self.sentence.setText(shown(say(s.sentence)) if s else "")
        self.chart.draw(s)
        self.caption.setText(_caption(s, caseload.benchmarks()) if s else "")
        self.now.draw(s)
        self.scores.draw(s)
        self.sessions.draw(s)
        for button in (self.log_button, self.export_button):
            button.setEnabled(s is not None)

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


def _course_line(s: Summary) -> str:
    """Return the course in one line: what, with which medication, how far."""
    course = s.course
    therapy = course.modality.value or _("Psychotherapy")
    if course.medication:
        therapy = _("{therapy} with {medication}").format(therapy=therapy, medication=course.medication)
    if s.week_zero:
        week = _("week {n}, since {day}").format(n=max((s.today - s.week_zero).days // 7, 0), day=day(s.week_zero))
    else:
        week = _("week 0 follows the first attended session")
    if course.end:
        week = _("{day} to {end}").format(day=day(s.week_zero) if s.week_zero else "?", end=day(course.end))
    sessions = _("session {n} of {planned}") if course.planned_sessions else _("session {n}")
    missed = sum(x.attendance is not Attendance.ATTENDED for x in s.sessions)
    parts = [
        _("age {n}").format(n=s.age) if s.age is not None else "",
        therapy,
        week,
        sessions.format(n=s.attended, planned=course.planned_sessions) if s.sessions else "",
        _("{n} missed").format(n=missed) if missed else "",
    ]
    return "  ·  ".join(part for part in parts if part)


def _caption(s: Summary, benchmarks: Sequence[Benchmark]) -> str:
    """Return what stands under every chart: caveat, baseline and its rule, benchmark, missing-answer rule."""
    lines = [say(AVERAGES)]
    if s.baseline:
        words = _("Baseline {total} on {day}: {rule}.")
        rule = say(s.baseline.rule)
        lines.append(words.format(total=s.baseline.point.total, day=day(s.baseline.point.date), rule=rule))
    if s.benchmark:
        words = _("Benchmark: {name}, version {version}.")
        lines.append(words.format(name=s.benchmark.name, version=s.benchmark.version))
        if later := newer(s.benchmark, benchmarks):
            lines.append(_("Version {version} is newer: Edit takes it.").format(version=later.version))
    elif s.no_benchmark:
        lines.append(_("No expected course: {why}.").format(why=say(s.no_benchmark)))
    prorated = _("One or two missing answers are prorated.")
    lines.append(prorated if s.rules.prorate else _("Any missing answer means no total."))
    return " ".join(lines)
