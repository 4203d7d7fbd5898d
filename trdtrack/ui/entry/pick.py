"""A list to pick from by typing: a line that filters, and what it leaves below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from trdtrack.ui import theme
from trdtrack.ui.entry.slots import Slot
from trdtrack.ui.page import column
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QKeyEvent

_MOST = 200
"""So many lines are shown at once; who wants another types more of it."""
_ROW_PX = 28
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class _Keys(QObject):
    """Lets the arrow keys move in the list while the cursor stays in the line."""

    def __init__(self, line: QLineEdit, found: QListWidget) -> None:
        super().__init__(line)
        self._found = found
        line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress:
            key: QKeyEvent = event  # pyright: ignore[reportAssignmentType]
            if key.key() in _MOVES:
                QCoreApplication.sendEvent(self._found, event)
                return True
        return super().eventFilter(watched, event)


class Pick(Slot[QWidget]):
    """One of many, each under an id and the words for it; None while nothing is picked."""

    def __init__(self, field: str, caption: str, options: Mapping[str, str]) -> None:
        self._options = {key: (words, words.casefold()) for key, words in options.items()}
        holder = QWidget()
        stack = column(holder, margin=0, spacing=4)
        self.line, self.found = QLineEdit(), QListWidget()
        self.line.setPlaceholderText(_("Type to find"))
        self.line.setAccessibleName(caption)
        self.found.setAccessibleName(_("Found: {caption}").format(caption=caption))
        self.found.setFixedHeight(8 * theme.px(_ROW_PX))
        self.found.setFrameShape(QListWidget.Shape.NoFrame)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.more = theme.label(px=theme.SMALL_PX, tone="muted")
        for part in (self.line, self.found, self.more):
            stack.addWidget(part)
        super().__init__(field, holder, caption=caption)
        self._keys = _Keys(self.line, self.found)
        self.line.textChanged.connect(lambda _text: self._filter())
        self._filter()

    def _filter(self) -> None:
        kept = self._read()
        words = self.line.text().casefold().split()
        fitting = [key for key, (_said, low) in self._options.items() if all(word in low for word in words)]
        self.found.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.found.clear()
        for key in fitting[:_MOST]:
            item = QListWidgetItem(self._options[key][0])
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setToolTip(self._options[key][0])
            item.setSizeHint(QSize(0, theme.px(_ROW_PX)))
            self.found.addItem(item)
        self.found.blockSignals(False)  # noqa: FBT003
        shown = fitting[:_MOST]
        if kept in shown:
            self.found.setCurrentRow(shown.index(kept))
        elif words and shown:
            self.found.setCurrentRow(0)
        else:
            self.found.setCurrentRow(-1)
        left = len(fitting) - len(shown)
        self.more.setText(_("{n} more: type more of it").format(n=left) if left else "" if shown else _("None found"))
        self.more.setVisible(bool(self.more.text()))

    def raw(self) -> list[str | None]:
        return [self.line.text(), self._read()]

    def put(self, raw: Any) -> None:
        if isinstance(raw, list) and len(raw) == 2 and isinstance(raw[0], str):
            self.line.setText(raw[0])
            keys = [self.found.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.found.count())]
            self.found.setCurrentRow(keys.index(raw[1]) if raw[1] in keys else -1)

    def on_edit(self, call: Callable[[], None]) -> None:
        self.line.textChanged.connect(lambda _text: call())
        self.found.currentRowChanged.connect(lambda _row: call())

    def stops(self) -> list[QWidget]:
        return [self.line, self.found]

    def _write(self, value: str | None) -> None:
        self.put(["", value])

    def _read(self) -> str | None:
        item = self.found.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None
