"""What lies over the page a while: a card with a line to type in and a table. Escape or a click beside closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.page import card, column
from trdtrack.ui.rows import Table

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

T = TypeVar("T")


class Over(QWidget, Generic[T]):
    """Subclasses make `line` and `table`, fill `stack`, and call `ready`."""

    closed = Signal()
    line: QLineEdit
    table: Table[T]

    def __init__(self, parent: QWidget, *, card_px: tuple[int, int]) -> None:
        super().__init__(parent)
        self._card_px = card_px
        self._sheet = card()
        self.stack = column(self._sheet, margin=theme.PAD, spacing=theme.GAP)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._sheet)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addSpacing(theme.WIDE * 2)
        outer.addLayout(across)
        outer.addStretch(1)
        parent.installEventFilter(self)
        self.hide()

    def leave(self) -> None:
        """Close without going anywhere."""
        self.hide()
        self.closed.emit()

    def rise(self) -> None:
        """Cover the page, the cursor in the line."""
        self._cover()
        self.show()
        self.raise_()
        self.line.setFocus()

    def stepped(self) -> None:
        """The arrow keys chose another row."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                row = self.table.currentIndex().row() + step
                self.table.selectRow(min(max(row, 0), max(self.table.rows.rowCount() - 1, 0)))
                self.stepped()
                return True
        elif watched is self.parent() and event.type() is QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        under = self.parentWidget()
        if under:
            self.setGeometry(under.rect())
            wide, high = (theme.px(side) for side in self._card_px)
            self._sheet.setFixedSize(
                min(wide, self.width() - 2 * theme.WIDE), min(high, self.height() - 4 * theme.WIDE)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Keep Tab within: what lies under is out of reach while this is open."""
        del forward
        (self.table if self.line.hasFocus() else self.line).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._sheet.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(theme.palette().canvas)
        veil.setAlpha(190)
        painter.fillRect(event.rect(), veil)
        painter.end()
