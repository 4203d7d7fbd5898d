"""The inputs forms are made of: a labelled field with its error beside it, a date typed or picked, one answer."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.line_buttons import line_button
from trdtrack.words import _, manner

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

_FORMS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), "ymd"),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})"), "dmy"),
)
_SLASHED = {
    "dmy": re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})"),
    "mdy": re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})"),
    "ymd": re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})"),
}
"""What may stand between the figures where the language says which of them is the day."""


def parse_date(text: str, field: str) -> date | None:
    """Return the date a person typed, None if nothing, or refuse in words.

    2026-05-12 and 12.5.2026 always; 12/5/2026 in the order of the program's language, where that is not English.
    """
    text = text.strip()
    if not text:
        return None
    for form, order in (*_FORMS, *((_SLASHED[order], order) for order in manner().day_orders())):
        if found := form.fullmatch(text):
            year, month, day = (order.index(part) + 1 for part in "ymd")
            try:
                return date(int(found[year]), int(found[month]), int(found[day]))
            except ValueError:
                break
    raise Refusal(message("{text} is not a date: write it as 2026-05-31.", text=text), field=field)


class Labelled(QWidget):
    """An input under its label, with room for one sentence about what is wrong with it."""

    def __init__(self, text: str, widget: QWidget, *, hint: str = "") -> None:
        """An empty text: the widget says itself what it is."""
        super().__init__()
        self.widget = widget
        caption = theme.label(text, px=theme.SMALL_PX, tone="muted", wrap=manner().longer)
        caption.setBuddy(widget)
        if not widget.accessibleName():
            widget.setAccessibleName(text)
        if hint:
            widget.setAccessibleDescription(hint)
        self._hint = hint
        self._note = theme.label(hint, px=theme.SMALL_PX, tone="muted", wrap=True)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(4)
        for part in (caption, widget, self._note):
            stack.addWidget(part)
        # Only now: shown before it has a parent, it would be a window of its own for a moment, and take the focus.
        caption.setVisible(bool(text))
        self._note.setVisible(bool(hint))

    def refuse(self, why: str) -> None:
        """Say what is wrong, or with an empty text that all is well again."""
        self._note.setText(why or self._hint)
        self._note.set_tone("risk" if why else "muted")
        self._note.setVisible(bool(why or self._hint))
        if isinstance(self.widget, QLineEdit | QPlainTextEdit | QComboBox):
            theme.mark_invalid(self.widget, invalid=bool(why))

    def set_hint(self, hint: str) -> None:
        """Say something else below the input while nothing is wrong with it."""
        self._hint = hint
        self.widget.setAccessibleDescription(hint)
        self.refuse("")


class DateField(QLineEdit):
    """A date typed as 2026-05-31 or 31.5.2026, stepped by the arrow keys, or picked from a calendar."""

    def __init__(self, field: str, value: date | None, *, today: date, ahead: bool = False) -> None:
        """`ahead`: whether the day may lie in the future, so that the calendar goes on."""
        super().__init__(value.isoformat() if value else "")
        self._field = field
        self._today = today
        self._ahead = ahead
        self.setPlaceholderText(_("YYYY-MM-DD"))
        self.setMinimumWidth(theme.px(140))
        pick = line_button(self, "calendar", _("Choose from a calendar"))
        pick.triggered.connect(self._pick)

    def value(self) -> date | None:
        """Return the date, None if blank. Raises Refusal for what is not a date."""
        return parse_date(self.text(), self._field)

    def set_value(self, value: date | None) -> None:
        """Show a date."""
        self.setText(value.isoformat() if value else "")

    def _pick(self) -> None:
        calendar = QCalendarWidget()
        if not self._ahead:
            calendar.setMaximumDate(QDate(self._today.year, self._today.month, self._today.day))
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def take(chosen: QDate) -> None:
            self.setText(chosen.toString(Qt.DateFormat.ISODate))
            self.textEdited.emit(self.text())
            menu.close()

        calendar.clicked.connect(take)
        calendar.activated.connect(take)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        try:
            start = self.value() or self._today
        except Refusal:
            start = self._today
        with suppress(OverflowError):
            self.set_value(start + timedelta(days=step))
        self.textEdited.emit(self.text())


class AnswerField(QLineEdit):
    """One answer: a digit moves on to the next question, Space leaves a gap, Backspace goes back."""

    answered = Signal()
    """The answer changed."""
    leave = Signal(int)
    """The cursor goes on (+1) or back (-1)."""
    refused = Signal(str)
    """A key that is no answer was pressed; empty once that is over."""

    def __init__(self, number: int, question: str, choices: tuple[str, ...]) -> None:
        super().__init__()
        self._number = number
        self.setMaxLength(1)
        # Keys are checked below; this is for what is pasted or comes from an input method.
        self.setValidator(QRegularExpressionValidator(QRegularExpression("[0-3]?"), self))
        self.setFixedSize(theme.px(44), theme.px(32))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(theme.font(17, theme.QFont.Weight.DemiBold))
        self.setAccessibleName(f"{number}. {question}")
        self.setAccessibleDescription(", ".join(f"{value} {text}" for value, text in enumerate(choices)))
        self.setToolTip("   ".join(f"{value} {text}" for value, text in enumerate(choices)))
        self.textChanged.connect(lambda _text: self.answered.emit())

    def value(self) -> int | None:
        """Return 0-3, or None for a gap."""
        return int(self.text()) if self.text() else None

    def set_value(self, value: int | None) -> None:
        """Show an answer."""
        self.setText("" if value is None else str(value))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = event.key(), event.text()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if plain and text in ("0", "1", "2", "3") and text:
            self.refused.emit("")
            self.setText(text)
            self.leave.emit(1)
        elif plain and text and text in " .-":
            self.clear()
            self.refused.emit("")
            self.leave.emit(1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down) and plain:
            self.leave.emit(1)
        elif key == Qt.Key.Key_Up or (key == Qt.Key.Key_Backspace and not self.text()):
            self.leave.emit(-1)
        elif plain and text.isprintable() and text:
            self.refused.emit(_("Question {number} takes 0, 1, 2 or 3.").format(number=self._number))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()


def row(*widgets: QWidget, stretch: int | None = None) -> QHBoxLayout:
    """Return widgets side by side on the grid; the one at `stretch` takes what is left."""
    made = QHBoxLayout()
    made.setSpacing(theme.PAD)
    for number, widget in enumerate(widgets):
        made.addWidget(widget, 1 if number == stretch else 0, Qt.AlignmentFlag.AlignTop)
    return made
