"""The log form: one page for a session and its PHQ-9, nine digits in paper order, no mouse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QScrollArea, QWidget

from trdtrack.domain import phq9
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Assessment, Attendance, Session, check_total
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import AnswerField, DateField, Labelled, row
from trdtrack.ui.page import GROUND, card, column, hairline
from trdtrack.words import _, phq9_wording, say

if TYPE_CHECKING:
    from datetime import datetime

    from trdtrack.domain.records import Course, Record, Rules

_KEPT = (
    (Attendance.ATTENDED, message("Attended")),
    (Attendance.LATE_CANCEL, message("Late cancel")),
    (Attendance.DID_NOT_ATTEND, message("Did not attend")),
    (None, message("No session: score only")),
)


SIDE_PX = 316
SCORE_ONLY = "score only"
"""Why a session is withdrawn when its entry is corrected to a score without one."""


@dataclass(frozen=True)
class Entry:
    """What the form is about: a course, and the session and assessment being corrected, if any."""

    code: str
    course: Course
    number: int
    """The number this session has, or will have if attended."""
    session: Session | None = None
    assessment: Assessment | None = None

    @property
    def correcting(self) -> bool:
        """Whether something already written down is being corrected."""
        return self.session is not None or self.assessment is not None


class LogForm(QWidget):
    """Takes an Entry and yields an Edit by `accepted`; never sees the caseload."""

    accepted = Signal(object)
    left = Signal()

    def __init__(self, entry: Entry, *, rules: Rules, at: datetime) -> None:
        super().__init__()
        self._entry, self._rules, self._at = entry, rules, at
        self._wording = phq9_wording()
        self._session_id = entry.session.id if entry.session else None
        title = _("Correct entry") if entry.correcting else _("Log session {number}").format(number=entry.number)
        page = column(self, ground=GROUND, spacing=theme.PAD)
        page.addWidget(theme.label(f"{title}  ·  {entry.code}", px=theme.TITLE_PX, strong=True))
        body = QHBoxLayout()
        body.setSpacing(theme.WIDE)
        body.addWidget(self._questions(), 1)
        body.addWidget(self._session())
        page.addLayout(body, 1)
        self._fill()
        self._update()
        self._at_start = self._state()
        for sequence in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(sequence), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(QKeySequence("Escape"), self, self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # Building

    def _questions(self) -> QWidget:
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        stack.addWidget(theme.label(self._wording.stem, tone="muted", wrap=True))
        key = "     ".join(f"{value}  {text}" for value, text in enumerate(self._wording.answers))
        stack.addWidget(theme.label(key, px=theme.SMALL_PX, tone="muted", wrap=True))
        stack.addWidget(hairline())
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        grid.setHorizontalSpacing(theme.PAD)
        grid.setColumnStretch(1, 1)
        grid.setContentsMargins(0, 0, theme.GAP, 0)
        self.answers: list[AnswerField] = []
        self._texts: list[theme.Text] = []
        questions = [(text, self._wording.answers) for text in self._wording.items]
        questions.append((self._wording.difficulty, self._wording.difficulty_answers))
        for number, (text, choices) in enumerate(questions, start=1):
            field = AnswerField(number, text, choices)
            field.answered.connect(self._update)
            field.leave.connect(lambda step, place=number - 1: self._go(place + step))
            field.refused.connect(self._wrong_key)
            said = theme.label(text, wrap=True)
            grid.addWidget(theme.label(str(number), tone="muted"), number, 0)
            grid.addWidget(said, number, 1)
            grid.addWidget(field, number, 2)
            self.answers.append(field)
            self._texts.append(said)
        holder = QWidget()
        holder.setLayout(grid)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll = scroll
        stack.addWidget(scroll, 1)
        stack.addWidget(hairline())
        self.total = QLineEdit()
        self.total.setMaxLength(4)
        self.total.setFixedWidth(64)
        self.total.setAccessibleName(_("Total, where only that is known"))
        self.total.textChanged.connect(self._update)
        only = theme.label(_("Only a total is known:"), px=theme.SMALL_PX, tone="muted")
        only.setBuddy(self.total)
        self.reading = theme.label(px=17, strong=True)
        foot = QHBoxLayout()
        foot.addWidget(self.reading, 1)
        foot.addWidget(only)
        foot.addWidget(self.total)
        stack.addLayout(foot)
        self.problem = theme.label(tone="risk", wrap=True)
        stack.addWidget(self.problem)
        return sheet

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
        stack.addWidget(theme.label(self._wording.licence, px=10, tone="muted", wrap=True))
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
            for field, value in zip(
                self.answers, (*(assessment.answers or (None,) * phq9.ITEMS), assessment.difficulty), strict=True
            ):
                field.set_value(value)
            self.total.setText("" if assessment.total is None else str(assessment.total))
        elif session:
            self.answered_on.set_value(session.date)

    # Typing

    def start(self) -> None:
        """Put the cursor where typing begins."""
        self.answers[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self, place: int) -> None:
        if place >= len(self.answers):
            self.note.setFocus(Qt.FocusReason.TabFocusReason)
        elif place >= 0:
            self.answers[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(self.answers[place], 0, 48)

    def _follow(self) -> None:
        if self._same_day:
            self.answered_on.setText(self.date.text())

    def _stop_following(self) -> None:
        self._same_day = False

    def _wrong_key(self, why: str) -> None:
        self.problem.setText(why)
        self.problem.setVisible(bool(why))

    def _typed(self) -> tuple[int | None, ...]:
        return tuple(field.value() for field in self.answers[: phq9.ITEMS])

    def _update(self) -> None:
        typed = self._typed()
        self.reading.setText(self._reading(typed))
        nine = typed[-1]
        said = self._texts[phq9.ITEMS - 1]
        said.set_tone("risk" if nine else "ink")
        self.warning.setText(
            _("■ 9   Item 9 is {answer} ({words}). Talk about it before the session ends.").format(
                answer=nine, words=self._wording.answers[nine].lower()
            )
            if nine
            else ""
        )
        self.warning.setVisible(bool(nine))
        self.problem.setVisible(bool(self.problem.text()))
        session = _KEPT[self.attendance.currentIndex()][0] is not None
        self._date.setEnabled(session)
        self.note.setEnabled(session)

    def _reading(self, typed: tuple[int | None, ...]) -> str:
        answered = sum(answer is not None for answer in typed)
        if not answered:
            return "" if self.total.text() else _("Type the nine answers")
        score = phq9.score(typed, prorate=self._rules.prorate)
        if answered < phq9.ITEMS:
            count = _("{n} of 9 answered").format(n=answered)
            if score.total is None:
                return count
            return _("{total} prorated   {count}").format(total=score.total, count=count)
        assert score.total is not None  # noqa: S101 - nine answers have a total
        return _("{total}   {band}").format(total=score.total, band=say(phq9.band(score.total).name))

    # Saving

    def save(self) -> None:
        """Make the edit and hand it over, or say beside the field what is wrong and keep all that was typed."""
        self.refuse(None)
        try:
            edit = self._edit()
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
        self.problem.setText("" if field in ("date", "answered") else why)
        self.problem.setVisible(bool(self.problem.text()))

    def _field(self, refusal: Refusal) -> str | None:
        """Return the input a refusal is about. Session and score both call their day `date`: the day itself tells."""
        if refusal.field != "date" or "day" not in refusal.what.fields:
            return refusal.field
        scored_only = _KEPT[self.attendance.currentIndex()][0] is None
        return "answered" if scored_only or self.date.value() != refusal.what.fields["day"] else "date"

    def _edit(self) -> Edit:
        entry = self._entry
        session, assessment = self._session_record(), self._assessment_record()
        if session is None and assessment is None:
            raise Refusal(message("There is nothing to save yet: type the answers, or choose a session."))
        if assessment and session:
            assessment = replace(assessment, session=session.id)
        elif assessment:
            assessment = replace(assessment, session=None)
        pairs: list[tuple[Record | None, Record | None]] = [
            (entry.session, session or _withdrawn(entry.session)),
            (entry.assessment, assessment),
        ]
        steps = tuple(Step(before, after) for before, after in pairs if before != after)
        if not steps:
            raise Refusal(message("Nothing was changed."))
        return Edit(self._title(), steps)

    def _title(self) -> Message:
        if not self._entry.correcting:
            return message("Log session") if _KEPT[self.attendance.currentIndex()][0] else message("Log PHQ-9")
        return message("Correct PHQ-9") if self._entry.session is None else message("Correct session")

    def _session_record(self) -> Session | None:
        attendance = _KEPT[self.attendance.currentIndex()][0]
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
        typed, total, before = self._typed(), self.total.text().strip(), self._entry.assessment
        difficulty = self.answers[-1].value()
        if all(answer is None for answer in typed) and not total:
            if before or difficulty is not None:
                raise Refusal(message("None of the nine questions is answered: there is nothing to record."))
            return None
        if any(answer is not None for answer in typed) and total:
            raise Refusal(message("Give either the nine answers or a total, not both."))
        day = self.answered_on.value()
        if day is None:
            raise Refusal(message("A PHQ-9 needs the day it was answered."), field="answered")
        known = None
        if total:
            known = int(total) if total.isdecimal() else None
            check_total(known)
        answers = None if total else typed
        if before:
            return replace(before, date=day, answers=answers, total=known, difficulty=None if total else difficulty)
        course = self._entry.course
        return Assessment(
            patient=course.patient,
            course=course.id,
            date=day,
            answers=answers,
            total=known,
            difficulty=None if total else difficulty,
            entered=self._at,
        )

    @property
    def changed(self) -> bool:
        """Whether anything was typed that leaving would lose, be it right or wrong."""
        return self._state() != self._at_start

    def _state(self) -> tuple[object, ...]:
        fields = (*self.answers, self.total, self.date, self.answered_on)
        return (*(field.text() for field in fields), self.attendance.currentIndex(), self.note.toPlainText())


def completeness_words(completeness: Completeness, answered: int) -> str:
    """Return how a total came about, as tables say it."""
    if completeness is Completeness.COMPLETE:
        return _("complete")
    if completeness is Completeness.TOTAL_ONLY:
        return _("total only")
    words = _("{n} of 9 answered").format(n=answered)
    return _("prorated, {count}").format(count=words) if completeness is Completeness.PRORATED else words


def _withdrawn(session: Session | None) -> Session | None:
    """Return the session that was no session, kept and out of force: nothing is deleted by a correction."""
    return replace(session, withdrawn=SCORE_ONLY) if session else None
