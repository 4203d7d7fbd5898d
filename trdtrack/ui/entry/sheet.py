"""The PHQ-9 as on paper: nine questions and the difficulty, one digit each, or a total where only that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.records import check_total
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import AnswerField
from trdtrack.ui.page import column, hairline
from trdtrack.words import _, manner, phq9_wording, say

if TYPE_CHECKING:
    from trdtrack.domain.handover import Handed
    from trdtrack.domain.phq9 import Answers
    from trdtrack.domain.records import Assessment


class Sheet(QFrame):
    """The questionnaire's sheet: what is typed on it, read as it is typed. Knows no session and no day."""

    changed = Signal()
    """An answer or the total is another."""
    finished = Signal()
    """The cursor goes on from the last answer."""

    def __init__(self, *, prorate: bool) -> None:
        super().__init__()
        self.setProperty("card", True)  # noqa: FBT003 - Qt's signature
        self._prorate = prorate
        self._wording = phq9_wording()
        stack = column(self, margin=theme.PAD, spacing=theme.GAP)
        stack.addWidget(theme.label(self._wording.stem, tone="muted", wrap=True))
        # Where the line is too long it breaks between two answers, never within one.
        answers = (f"{value}  {text}".replace(" ", "\u00a0") for value, text in enumerate(self._wording.answers))
        key = "     ".join(answers)
        stack.addWidget(theme.label(key, px=theme.SMALL_PX, tone="muted", wrap=True))
        stack.addWidget(hairline())
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._questions())
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if theme.stacked():
            self._scroll.setMinimumHeight(theme.px(theme.LEAST_READING_PX))
        stack.addWidget(self._scroll, 1)
        stack.addWidget(hairline())
        stack.addLayout(self._foot())
        self.problem = theme.label(tone="risk", wrap=True)
        stack.addWidget(self.problem)
        self._said: tuple[int | None, ...] = ()
        self.tell("")
        self._read()

    def _questions(self) -> QWidget:
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
            field.answered.connect(self._read)
            field.leave.connect(lambda step, place=number - 1: self._go(place + step))
            field.refused.connect(self.tell)
            said = theme.label(text, wrap=True)
            grid.addWidget(theme.label(str(number), tone="muted"), number, 0)
            grid.addWidget(said, number, 1)
            grid.addWidget(field, number, 2)
            self.answers.append(field)
            self._texts.append(said)
        holder = QWidget()
        holder.setLayout(grid)
        return holder

    def _foot(self) -> QHBoxLayout:
        self.total = QLineEdit()
        self.total.setMaxLength(4)
        self.total.setFixedWidth(theme.px(64))
        self.total.setAccessibleName(_("Total, where only that is known"))
        self.total.textChanged.connect(self._read)
        only = theme.label(_("Only a total is known:"), px=theme.SMALL_PX, tone="muted")
        only.setBuddy(self.total)
        self.reading = theme.label(px=17, strong=True, wrap=manner().longer)
        foot = QHBoxLayout()
        foot.addWidget(self.reading, 1)
        foot.addWidget(only)
        foot.addWidget(self.total)
        return foot

    # What the form asks and says

    def fill(self, assessment: Assessment | Handed) -> None:
        """Show an assessment already written down, or the answers a patient gave on this screen."""
        answers = (*(assessment.answers or (None,) * phq9.ITEMS), assessment.difficulty)
        for field, value in zip(self.answers, answers, strict=True):
            field.set_value(value)
        self.total.setText("" if assessment.total is None else str(assessment.total))

    def texts(self) -> tuple[str, ...]:
        """Return all that is typed, be it right or wrong."""
        return tuple(field.text() for field in (*self.answers, self.total))

    @property
    def blank(self) -> bool:
        """Whether nothing at all is typed."""
        return not any(text.strip() for text in self.texts())

    def nine(self) -> Answers | None:
        """Return the nine answers, None where only a total is given. Refuses neither and both."""
        typed, total = self._typed(), self.total.text().strip()
        answered = any(answer is not None for answer in typed)
        if not answered and not total:
            raise Refusal(message("None of the nine questions is answered: there is nothing to record."))
        if answered and total:
            raise Refusal(message("Give either the nine answers or a total, not both."))
        return None if total else typed

    def known_total(self) -> int | None:
        """Return the total given instead of answers, None where there is none. Refuses what is no total."""
        text = self.total.text().strip()
        if not text:
            return None
        total = int(text) if text.isdecimal() else None
        check_total(total)
        return total

    def difficulty(self) -> int | None:
        """Return how difficult the problems made life, which belongs to answers and not to a total alone."""
        return None if self.total.text().strip() else self.answers[-1].value()

    def warning(self) -> str:
        """Return what item 9 asks of the clinician now, empty if it is 0 or not answered."""
        nine = self._typed()[-1]
        if not nine:
            return ""
        return _("■ 9   Item 9 is {answer} ({words}). Talk about it before the session ends.").format(
            answer=nine, words=self._wording.answers[nine].lower()
        )

    def tell(self, why: str) -> None:
        """Say below the questions what is wrong; an empty text clears."""
        self.problem.setText(why)
        self.problem.setVisible(bool(why))

    def start(self) -> None:
        """Put the cursor on the first question."""
        self.answers[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # Typing

    def _go(self, place: int) -> None:
        if place >= len(self.answers):
            self.finished.emit()
        elif place >= 0:
            self.answers[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(self.answers[place], 0, 48)

    def _typed(self) -> tuple[int | None, ...]:
        return tuple(field.value() for field in self.answers[: phq9.ITEMS])

    def _read(self) -> None:
        typed = self._typed()
        self.reading.setText(self._reading(typed))
        self._texts[phq9.ITEMS - 1].set_tone("risk" if typed[-1] else "ink")
        if None not in typed and typed != self._said:
            # Who does not see the foot of the sheet hears what the ninth answer makes of it, and what item 9 asks.
            said = " ".join(f"{self.reading.text()} {self.warning()}".split())
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.reading, said))
        self._said = typed
        self.changed.emit()

    def _reading(self, typed: tuple[int | None, ...]) -> str:
        answered = sum(answer is not None for answer in typed)
        if not answered:
            return "" if self.total.text() else _("Type the nine answers")
        score = phq9.score(typed, prorate=self._prorate)
        if answered < phq9.ITEMS:
            count = _("{n} of 9 answered").format(n=answered)
            if score.total is None:
                return count
            return _("{total} prorated   {count}").format(total=score.total, count=count)
        assert score.total is not None  # noqa: S101 - nine answers have a total
        return _("{total}   {band}").format(total=score.total, band=say(phq9.band(score.total).name))
