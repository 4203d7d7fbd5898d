"""One row of the papers' grid: the code, nine answers in one field, the difficulty, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLineEdit

from trdtrack.domain import phq9
from trdtrack.ui import theme
from trdtrack.ui.entry.layout import show_in_scroll
from trdtrack.ui.entry.papers_read import GAP, GAPS, Typed, is_block
from trdtrack.words import _, phq9_wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QGridLayout

    from trdtrack.ui.entry.papers_read import Reading

COLUMNS = ("", _("Code"), _("Name"), _("Nine answers"), _("Item 10"), _("What it comes to"))
BELOW = (COLUMNS[2], COLUMNS[5])
"""Where the text is large these stand in a line of their own."""
CODE_PX, NAME_PX, ANSWERS_PX, DIFFICULTY_PX = 132, 120, 148, 52


def columns() -> tuple[str, ...]:
    """Return the headings there is room for, the last of a column that takes what is left."""
    return (*(name for name in COLUMNS if name not in BELOW), "") if theme.stacked() else COLUMNS


class Cell(QLineEdit):
    """One input of a row. Enter goes on, the arrow keys to the row above and below; a block pasted fills rows."""

    enter = Signal()
    step = Signal(int)
    pasted = Signal(str)
    entered = Signal()
    """The cursor came into it."""
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.matches(QKeySequence.StandardKey.Paste) and is_block(QGuiApplication.clipboard().text()):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif (
            key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            self.enter.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        show_in_scroll(self)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class Code(Cell):
    """A patient's code. While it is none yet, Down takes the first that has what is typed in it."""

    def __init__(self, complete: Callable[[str], str]) -> None:
        """`complete` gives the code meant by a part of one, empty where there is none or the text is one already."""
        super().__init__()
        self._complete = complete

    def keyPressEvent(self, event: QKeyEvent) -> None:
        code = self._complete(self.text()) if event.key() == Qt.Key.Key_Down else ""
        if code:
            self.setText(code)
        else:
            super().keyPressEvent(event)


class Digits(Cell):
    """So many answers, a digit each; the cursor goes on by itself behind the last."""

    full = Signal()
    refused = Signal()
    """A key that is no answer was pressed."""

    def __init__(self, places: int) -> None:
        super().__init__()
        self._places = places
        spaced = theme.font(15, QFont.Weight.DemiBold)
        spaced.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 3)
        self.setFont(spaced)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if held or not text or not text.isprintable():
            super().keyPressEvent(event)
        elif text not in "0123" + GAPS or (len(self.text()) >= self._places and not self.hasSelectedText()):
            self.refused.emit()
        else:
            self.insert(GAP if text in GAPS else text)
            if len(self.text()) == self.cursorPosition() == self._places:
                self.full.emit()


class PaperRow(QObject):
    """A row's widgets, put into a grid's layout; knows nothing of other rows but its number."""

    changed = Signal()
    going = Signal(int, str)
    """The cursor goes so many rows on, to the input of this name; "" for where typing begins there."""
    pasted = Signal(str)

    def __init__(self, number: int, grid: QGridLayout, complete: Callable[[str], str]) -> None:
        super().__init__()
        self.code, self.answers, self.difficulty = Code(complete), Digits(phq9.ITEMS), Digits(1)
        self.name, self.words = theme.Elided(tone="muted"), theme.label(wrap=True)
        self.cells: dict[str, Cell] = {"code": self.code, "answers": self.answers, "difficulty": self.difficulty}
        self._reading: Reading | None = None
        self._said = self._note = ""
        self._refused = False
        for cell, px, name in (
            (self.code, CODE_PX, _("Row {n}: the patient's code")),
            (self.answers, ANSWERS_PX, _("Row {n}: the nine answers")),
            (self.difficulty, DIFFICULTY_PX, _("Row {n}: item 10, how difficult")),
        ):
            cell.setFixedWidth(theme.px(px))
            cell.setAccessibleName(name.format(n=number))
            cell.textChanged.connect(lambda _text: self._typed_on())
        wording = phq9_wording()
        self.answers.setToolTip("   ".join(f"{value} {text}" for value, text in enumerate(wording.answers)))
        choices = "   ".join(f"{value} {text}" for value, text in enumerate(wording.difficulty_answers))
        self.difficulty.setToolTip(choices)
        figure = theme.label(str(number), tone="muted")
        if theme.stacked():
            # Whose paper it is, and what it comes to, stand below what is typed.
            for column, widget in enumerate((figure, self.code, self.answers, self.difficulty)):
                grid.addWidget(widget, 2 * number - 1, column)
            grid.addWidget(self.name, 2 * number, 1)
            grid.addWidget(self.words, 2 * number, 2, 1, len(columns()) - 2)
        else:
            for column, widget in enumerate((figure, self.code, self.name, self.answers, self.difficulty, self.words)):
                grid.addWidget(widget, number, column)
        self._wire()

    def _wire(self) -> None:
        for name, cell in self.cells.items():
            cell.step.connect(lambda by, name=name: self.going.emit(by, name))
            cell.pasted.connect(self.pasted.emit)
            cell.entered.connect(self.tell)
            cell.left.connect(self.tell)
        self.code.enter.connect(lambda: self.going.emit(0, "answers"))
        self.answers.full.connect(lambda: self.going.emit(0, "difficulty"))
        self.difficulty.full.connect(lambda: self.going.emit(1, ""))
        for digits in (self.answers, self.difficulty):
            digits.enter.connect(lambda: self.going.emit(1, ""))
            digits.refused.connect(self._tell_refused)

    def typed(self) -> Typed:
        """Return what stands in it, right or wrong."""
        return Typed(self.code.text(), self.answers.text(), self.difficulty.text())

    def put(self, typed: Typed) -> None:
        """Type a row."""
        for cell, text in zip(self.cells.values(), typed, strict=True):
            cell.setText(text)

    def show_reading(self, reading: Reading, words: str) -> None:
        """Show what the row comes to, in words."""
        self._reading, self._said = reading, words
        self.name.show_text(reading.name)
        self.tell()

    def refuse(self) -> None:
        """Say what is wrong as a refusal, and put the cursor where it can be put right."""
        self._refused = True
        self.tell()
        known = self._reading is not None and self._reading.patient
        (self.answers if known else self.code).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def wrong(self) -> bool:
        """Whether it cannot be saved as it stands."""
        return self._reading is not None and self._reading.wrong

    def tell(self) -> None:
        """Say what the row comes to; a problem turns grave only once the cursor has left the row."""
        reading = self._reading
        if reading is None:
            return
        here = any(cell.hasFocus() for cell in self.cells.values())
        grave = self._refused or not here
        raised = bool(reading.assessment and reading.assessment.answers and reading.assessment.answers[-1])
        tone = "risk" if raised or (reading.wrong and grave) else "ink" if reading.assessment else "muted"
        self.words.set_tone("risk" if self._note else tone)
        self.words.setText(self._note or self._said)
        for cell in self.cells.values():
            cell.setAccessibleDescription(self._said)

    def _typed_on(self) -> None:
        self._note, self._refused = "", False
        self.changed.emit()

    def _tell_refused(self) -> None:
        self._note = _("An answer is 0, 1, 2 or 3; - for a question left blank.")
        self.tell()
