"""Tabs whose arrows, where not all of them have room, are icons of ours and as large as the text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTabWidget, QToolButton

from trdtrack.ui import theme

ARROW_PX = 16


class Tabs(QTabWidget):
    """A row of tabs over the page chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setUsesScrollButtons(True)
        for arrow in self.tabBar().findChildren(QToolButton):
            arrow.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QToolButton):
            _paint(watched)
            return True
        return super().eventFilter(watched, event)


def _paint(arrow: QToolButton) -> None:
    """Draw an arrow of the bar: Qt's own is a dot beside large text, and black on a dark ground."""
    side = theme.px(ARROW_PX)
    place = QRect((arrow.width() - side) // 2, (arrow.height() - side) // 2, side, side)
    name = "chevron-left" if arrow.arrowType() == Qt.ArrowType.LeftArrow else "chevron-right"
    painter = QPainter(arrow)
    painter.fillRect(arrow.rect(), theme.colour("surface"))
    theme.icon(name, "ink" if arrow.isEnabled() else "line", ARROW_PX).paint(painter, place)
    painter.end()
