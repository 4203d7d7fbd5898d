"""The log form: one page for a session and its PHQ-9, typed without a mouse, and the edit that saves them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Attendance, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import DateField, Labelled, row
from trdtrack.ui.entry.logged import Entry
from trdtrack.ui.entry.sheet import Sheet
from trdtrack.ui.page import GROUND, column
from trdtrack.words import _, phq9_wording, say

if TYPE_CHECKING:
    from datetime import datetime

    from trdtrack.domain.records import Rules

_KEPT = (
    (Attendance.ATTENDED, message("Attended")),
    (Attendance.LATE_CANCEL, message("Late cancel")),
    (Attendance.DID_NOT_ATTEND, message("Did not attend")),
    (None, message("No session: score only")),
)

SIDE_PX = 316


class LogForm(QWidget):
    """Takes an Entry and yields an Edit by `accepted`; never sees the caseload."""

    accepted = Signal(object)
    left = Signal()

    def __init__(self, entry: Entry, *, rules: Rules, at: datetime) -> None:
        super().__init__()
        self._entry, self._at = entry, at
        self.sheet = Sheet(prorate=rules.prorate)
        # The sheet's inputs are the form's too.
        self.answers, self.total = self.sheet.answers, self.sheet.total
        self.reading, self.problem = self.sheet.reading, self.sheet.problem
        title = _("Correct entry") if entry.correcting else _("Log session {number}").format(number=entry.number)
        page = column(self, ground=GROUND, spacing=theme.PAD)
        page.addWidget(theme.label(f"{title}  ·  {entry.code}", px=theme.TITLE_PX, strong=True))
        body = QHBoxLayout()
        body.setSpacing(theme.WIDE)
        body.addWidget(self.sheet, 1)
        body.addWidget(self._session())
        page.addLayout(body, 1)
        self.sheet.changed.connect(self._update)
        self.sheet.finished.connect(self._go_on)
        self._fill()
        self._update()
        self._at_start = self._state()
        for sequence in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(sequence), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # Building

    def _session(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(SIDE_PX)
        stack = column(side, margin=0, spacing=12)
        today = self._at.date()
        self.attendance = theme.Choice()
        for _value, name in _KEPT:
            self.attendance.addItem(say(name))
        self.date = DateField("date", today, today=today)
        self.answered_on = DateField("answered", today, today=today)
        self._date = Labelled(_("Session on"), self.date)
        self._answered = Labelled(_("PHQ-9 answered on"), self.answered_on)
        self._same_day = True
        self.date.textEdited.connect(self._follow)
        self.answered_on.textEdited.connect(self._stop_following)
        self.attendance.currentIndexChanged.connect(self._update)
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(_("What was worked on, what comes next"))
        stack.addWidget(Labelled(_("Attendance"), self.attendance))
        stack.addLayout(row(self._date, self._answered))
        self.warning = theme.label(tone="risk", strong=True, wrap=True)
        stack.addWidget(self.warning)
        note = Labelled(_("Session note"), self.note)
        note.layout().setStretch(1, 1)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        stack.addWidget(note, 1)
        self.save_button = theme.button(_("Save"), primary=True)
        self.save_button.setToolTip(_("Ctrl+Enter"))
        self.save_button.clicked.connect(self.save)
        cancel = theme.button(_("Cancel"))
        cancel.setToolTip(_("Escape"))
        cancel.clicked.connect(self.left.emit)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save_button)
        stack.addWidget(theme.label(_("Ctrl+Enter saves, Escape leaves"), px=theme.SMALL_PX, tone="muted"))
        stack.addLayout(buttons)
        stack.addWidget(theme.label(phq9_wording().licence, px=10, tone="muted", wrap=True))
        return side

    def _fill(self) -> None:
        session, assessment = self._entry.session, self._entry.assessment
        if session:
            self.attendance.setCurrentIndex([value for value, _name in _KEPT].index(session.attendance))
            self.date.set_value(session.date)
            self.note.setPlainText(session.note)
        elif assessment:
            self.attendance.setCurrentIndex(len(_KEPT) - 1)
        if assessment:
            self.answered_on.set_value(assessment.date)
            self._same_day = session is not None and session.date == assessment.date
            self.sheet.fill(assessment)
        elif session:
            self.answered_on.set_value(session.date)

    # Typing

    def start(self) -> None:
        """Put the cursor where typing begins."""
        self.sheet.start()

    def _go_on(self) -> None:
        self.note.setFocus(Qt.FocusReason.TabFocusReason)

    def _follow(self) -> None:
        if self._same_day:
            self.answered_on.setText(self.date.text())

    def _stop_following(self) -> None:
        self._same_day = False

    def _update(self) -> None:
        warning = self.sheet.warning()
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        session = self._kept() is not None
        self._date.setEnabled(session)
        self.note.setEnabled(session)

    def _kept(self) -> Attendance | None:
        """Return how the appointment was kept, None for a score without one."""
        return _KEPT[self.attendance.currentIndex()][0]

    # Saving

    def save(self) -> None:
        """Make the edit and hand it over, or say beside the field what is wrong and keep all that was typed."""
        self.refuse(None)
        try:
            edit = self._entry.edit(self._session_record(), self._assessment_record())
        except Refusal as refusal:
            self.refuse(refusal)
            return
        self.accepted.emit(edit)

    def refuse(self, refusal: Refusal | None) -> None:
        """Show a refusal beside what caused it; None clears."""
        why = say(refusal.what) if refusal else ""
        field = self._field(refusal) if refusal else None
        self._date.refuse(why if field == "date" else "")
        self._answered.refuse(why if field == "answered" else "")
        self.sheet.tell("" if field in ("date", "answered") else why)

    def _field(self, refusal: Refusal) -> str | None:
        """Return the input a refusal is about. Session and score both call their day `date`: the day itself tells."""
        if refusal.field != "date" or "day" not in refusal.what.fields:
            return refusal.field
        return "answered" if self._kept() is None or self.date.value() != refusal.what.fields["day"] else "date"

    def _session_record(self) -> Session | None:
        attendance = self._kept()
        if attendance is None:
            return None
        day = self.date.value()
        if day is None:
            raise Refusal(message("A session needs its date."), field="date")
        note, before = self.note.toPlainText(), self._entry.session
        if before:
            return replace(before, date=day, attendance=attendance, note=note)
        course = self._entry.course
        return Session(
            patient=course.patient, course=course.id, date=day, attendance=attendance, note=note, entered=self._at
        )

    def _assessment_record(self) -> Assessment | None:
        before = self._entry.assessment
        if before is None and self.sheet.blank:
            return None
        answers = self.sheet.nine()
        day = self.answered_on.value()
        if day is None:
            raise Refusal(message("A PHQ-9 needs the day it was answered."), field="answered")
        total, difficulty = self.sheet.known_total(), self.sheet.difficulty()
        if before:
            return replace(before, date=day, answers=answers, total=total, difficulty=difficulty)
        course = self._entry.course
        return Assessment(
            patient=course.patient,
            course=course.id,
            date=day,
            answers=answers,
            total=total,
            difficulty=difficulty,
            entered=self._at,
        )

    @property
    def changed(self) -> bool:
        """Whether anything was typed that leaving would lose, be it right or wrong."""
        return self._state() != self._at_start

    def _state(self) -> tuple[object, ...]:
        dates = (self.date.text(), self.answered_on.text())
        return (*self.sheet.texts(), *dates, self.attendance.currentIndex(), self.note.toPlainText())
