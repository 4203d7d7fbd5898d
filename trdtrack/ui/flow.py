"""A row that goes on in the next line where it is too long, as words do."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QSpacerItem, QStyle, QWidget


class Flow(QLayout):
    """Takes what a QHBoxLayout takes. Who would stretch there stretches in its line; nobody is wider than a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._stretching: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def addWidget(self, widget: QWidget, stretch: int = 0) -> None:
        super().addWidget(widget)
        if stretch:
            self._stretching.append(self._items[-1])

    def insertWidget(self, place: int, widget: QWidget) -> None:
        """Put a widget before another."""
        self.addWidget(widget)
        self._items.insert(place, self._items.pop())

    def addStretch(self, _stretch: int = 0) -> None:
        """Let what follows stand at the end of its line."""
        self._items.append(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum))
        self._stretching.append(self._items[-1])

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # pyright: ignore[reportIncompatibleMethodOverride]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inside = QRect(0, 0, width, 0).marginsRemoved(QMargins(margins.left(), 0, margins.right(), 0))
        return self._lay(inside, move=False) + margins.top() + margins.bottom()

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._lay(rect.marginsRemoved(self.contentsMargins()), move=True)

    def sizeHint(self) -> QSize:
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = sum(hint.width() for hint in shown) + max(len(shown) - 1, 0) * self.spacing()
        return self._around(QSize(wide, max((hint.height() for hint in shown), default=0)))

    def minimumSize(self) -> QSize:
        least = QSize(0, 0)
        for item in self._items:
            least = least.expandedTo(item.minimumSize())
        return self._around(least)

    def _around(self, size: QSize) -> QSize:
        return size.grownBy(self.contentsMargins())

    def _lay(self, rect: QRect, *, move: bool) -> int:
        """Return the height of all lines in the rectangle's width, and put everything in its place if it is to move."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = [[]]
        left = 0
        for item in self._items:
            if item.isEmpty() and not isinstance(item, QSpacerItem):
                continue
            size = item.sizeHint().expandedTo(item.minimumSize())
            widget = item.widget()
            if widget and widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored:
                size.setWidth(widget.sizeHint().width())
            if item in self._stretching and item.hasHeightForWidth():  # words that can stand in two rows
                size.setWidth(max(item.minimumSize().width(), size.width() // 2))
            size.setWidth(min(size.width(), rect.width()))
            if lines[-1] and left + size.width() > rect.width():
                lines.append([])
                left = 0
            lines[-1].append((item, size))
            left += size.width() + self.spacing()
        y = rect.y()
        for line in lines:
            elastic = [item for item, _size in line if item in self._stretching]
            spare = rect.width() - sum(size.width() for _item, size in line) - self.spacing() * (len(line) - 1)
            for item, size in line:
                if item in elastic:
                    size.setWidth(size.width() + max(spare, 0) // len(elastic))
                if item.hasHeightForWidth():
                    size.setHeight(item.heightForWidth(size.width()))
            high = max((size.height() for _item, size in line), default=0)
            elastic = [item for item, _size in line if item in self._stretching]
            spare = rect.width() - sum(size.width() for _item, size in line) - self.spacing() * (len(line) - 1)
            x = rect.x()
            for item, size in line:
                if item in elastic:
                    size.setWidth(size.width() + max(spare, 0) // len(elastic))
                if move:
                    place = QRect(QPoint(x, y + (high - size.height()) // 2), size)
                    item.setGeometry(QStyle.visualRect(QGuiApplication.layoutDirection(), rect, place))
                x += size.width() + self.spacing()
            y += high + self.spacing()
        return y - rect.y() - self.spacing()
