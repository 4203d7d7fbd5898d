"""The list beside the manual's text, and the line that searches it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from trdtrack.ui import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent


INDENT = " " * 4
EDGES_PX = 4
_WITHIN = Qt.ItemDataRole.UserRole + 1


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
            item = QListWidgetItem(line.text)
            item.setData(Qt.ItemDataRole.UserRole, line.topic)
            item.setData(_WITHIN, line.within)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, line.text)
            self._lay(item)
            self.addItem(item)
            if line.topic == topic or (line.topic.partition("#")[0] == page and self.currentRow() < 0):
                self.setCurrentItem(item)

    def topic_at(self, step: int) -> str:
        """Return the topic so many lines on from the one chosen; after the last comes the first."""
        row = (max(self.currentRow(), 0) + step) % self.count()
        return _topic(self.item(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for row in range(self.count()):
            self._lay(self.item(row))

    def _lay(self, item: QListWidgetItem) -> None:
        """Let a line of the contents go on below itself as far as it must, and give it the height for that."""
        indent = INDENT if item.data(_WITHIN) else ""
        lines = self._in_lines(str(item.data(Qt.ItemDataRole.AccessibleTextRole)), indent)
        item.setText("\n".join(lines))
        item.setSizeHint(QSize(self._wide, len(lines) * (self.fontMetrics().lineSpacing() + 1) + theme.GAP + EDGES_PX))

    @property
    def _wide(self) -> int:
        """The width a line of the contents has: Qt forgets that a style's padding leaves less of it."""
        return self.width() - self.verticalScrollBar().sizeHint().width() - 2 * theme.PAD

    def _in_lines(self, text: str, indent: str) -> list[str]:
        """Return words in lines that fit, each with the indent: Qt would give it to the first only."""
        lines: list[str] = []
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else ""
            if lines and self.fontMetrics().horizontalAdvance(longer) <= self._wide:
                lines[-1] = longer
            else:
                lines.append(indent + word)
        return lines

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
