"""One question, large, with its four answers: by touch, by mouse, or by the keys 0-3, the arrows and Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout

from trdtrack.domain.handover import DIFFICULTY
from trdtrack.domain.phq9 import ITEMS
from trdtrack.ui import theme
from trdtrack.ui.handover.large import QUESTION_PX, Large, View, own, read_out
from trdtrack.words import _

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from trdtrack.words import Wording

STEM_PX = 18
_CHOICES = range(4)


class QuestionView(View):
    """Shows a question by its place; knows nothing of the others."""

    answered = Signal(int)
    taken_back = Signal()
    back = Signal()
    on = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__(_("Question"))
        self._wording = wording
        self._given: int | None = None
        self.progress = theme.label(px=own(STEM_PX), tone="muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setRange(0, ITEMS + 1)
        self.bar.setAccessibleName(_("Progress"))
        self.stem = theme.label(wording.stem, px=own(STEM_PX), tone="muted", wrap=True)
        self.text = theme.label(px=own(QUESTION_PX), strong=True, wrap=True)
        for widget in (self.bar, self.progress, self.stem, self.text):
            self.page.addWidget(widget)
        self.page.addStretch(1)
        self.choices = [Large(answer=True) for _value in _CHOICES]
        answers = QVBoxLayout()
        answers.setSpacing(theme.GAP)
        for value, button in enumerate(self.choices):
            button.clicked.connect(lambda _on, value=value: self.answered.emit(value))
            answers.addWidget(button)
        self.page.addLayout(answers)
        self.page.addStretch(2)
        self._back, self._on = Large(_("Back")), Large()
        self._again = Large(_("Take this answer back"))
        self._back.clicked.connect(self.back.emit)
        self._on.clicked.connect(self.on.emit)
        self._again.clicked.connect(self.taken_back.emit)
        foot = QHBoxLayout()
        foot.addWidget(self._back)
        foot.addStretch(1)
        foot.addWidget(self._again)
        foot.addWidget(self._on)
        self.page.addLayout(foot)
        self.page.addWidget(theme.label(wording.licence, px=10, tone="muted", wrap=True))

    def ask(self, place: int, given: int | None, *, first: bool) -> None:
        """Show a question, marked with the answer given, if any. `first`: there is none to go back to."""
        last = place == DIFFICULTY
        wording = self._wording
        question = wording.difficulty if last else wording.items[place]
        words = wording.difficulty_answers if last else wording.answers
        self._given = given
        said = _("One last question") if last else _("{n} of 9").format(n=place + 1)
        self.progress.setText(said)
        self.bar.setValue(place + 1)
        self.stem.setVisible(not last)
        self.text.setText(question)
        for value, (button, word) in enumerate(zip(self.choices, words, strict=True)):
            button.setText(f"{value}    {word}")
            button.setAccessibleName(word)
            button.setChecked(value == given)
        self._back.setEnabled(not first)
        self._on.setText(_("Skip") if given is None else _("Continue"))
        self._again.setVisible(given is not None)
        self.setAccessibleName(f"{said}. {question}")
        self.take_focus()
        read_out(self, f"{said}.", "" if last else wording.stem, question)

    def take_focus(self) -> None:
        """Put the keys on the answer given; where there is none, on the question, so that Enter answers nothing yet."""
        (self if self._given is None else self.choices[self._given]).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif event.text() in ("0", "1", "2", "3") and event.text():
            if not event.isAutoRepeat():
                self.answered.emit(int(event.text()))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Backspace) and self._back.isEnabled():
            self._back.click()
        elif key == Qt.Key.Key_Right and not event.isAutoRepeat():
            self._on.click()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        at = next((n for n, button in enumerate(self.choices) if button.hasFocus()), -1 if by > 0 else len(_CHOICES))
        self.choices[max(0, min(at + by, len(_CHOICES) - 1))].setFocus(Qt.FocusReason.TabFocusReason)
