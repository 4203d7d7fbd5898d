"""The list beside the manual's text, and the line that searches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from trdtrack.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent


class Line(NamedTuple):
    """A line of the contents: its words, where it leads, and whether it is a heading within a page."""

    text: str
    topic: str
    within: bool = False


class Contents(QListWidget):
    """Lists lines; Enter or a click says which is wanted."""

    wanted = Signal(str)
    """The topic of a line."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.itemClicked.connect(self._chosen)
        self.itemActivated.connect(self._chosen)
        theme.follow(self, lambda listed: listed.setStyleSheet(_list_sheet()))

    def show_lines(self, lines: Sequence[Line], *, page: str, topic: str) -> None:
        """List these, the one with this topic chosen, else the one of this page."""
        self.clear()
        for line in lines:
            item = QListWidgetItem("    " * line.within + line.text)
            item.setData(Qt.ItemDataRole.UserRole, line.topic)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, line.text)
            item.setSizeHint(self._room_for(item.text()))
            self.addItem(item)
            if line.topic == topic or (line.topic.partition("#")[0] == page and self.currentRow() < 0):
                self.setCurrentItem(item)

    def topic_at(self, step: int) -> str:
        """Return the topic so many lines on from the one chosen; after the last comes the first."""
        row = (max(self.currentRow(), 0) + step) % self.count()
        return _topic(self.item(row))

    def _room_for(self, text: str) -> QSize:
        """Return how much room a line of the contents needs: Qt forgets that a style's padding leaves less of it."""
        wide = self.width() - self.verticalScrollBar().sizeHint().width() - 2 * theme.PAD
        wraps = Qt.TextFlag.TextWordWrap.value
        needed = self.fontMetrics().boundingRect(QRect(0, 0, wide, 0), wraps, text)
        return QSize(wide, needed.height() + theme.GAP)

    def _chosen(self, item: QListWidgetItem) -> None:
        topic = _topic(item)
        # The list is made anew then, which must not happen while it tells of a click or a key.
        QTimer.singleShot(0, self, lambda: self.wanted.emit(topic))


class Search(QLineEdit):
    """Where words are typed: Enter and Down go to the next passage, Shift+Enter and Up to the one before."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


def _topic(item: QListWidgetItem) -> str:
    return str(item.data(Qt.ItemDataRole.UserRole))


def _list_sheet() -> str:
    tokens = theme.palette()
    return (
        f"QListWidget {{ border: 1px solid transparent; border-right-color: {tokens.line}; background: transparent; }}"
        f" QListWidget:focus {{ border-color: {tokens.accent}; }}"
        f" QListWidget::item {{ padding: 4px 6px; color: {tokens.muted}; border-left: 3px solid transparent; }}"
        f" QListWidget::item:selected {{ color: {tokens.ink}; background: {tokens.surface};"
        f" border-left-color: {tokens.accent}; }}"
    )
