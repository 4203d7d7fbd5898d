"""A table of records: columns are functions from a row to what is shown, and the model is nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from trdtrack.ui import theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column: its heading, the text of a row, and how it is set. `tone` names a palette token."""

    heading: str
    text: Callable[[T], str]
    number: bool = False
    stretch: bool = False
    width: int = 0
    """Fixed, in pixels; 0 for as wide as what is in it."""
    least: int = 0
    """In a table narrower than this, in pixels, the column gives way."""
    tone: Callable[[T], str] | None = None
    strong: bool = False
    sort: Callable[[T], Any] | None = None
    spoken: Callable[[T], str] | None = None
    """What a screen reader and the tool tip say where the text alone is too short."""


class Rows(QAbstractTableModel, Generic[T]):
    """Shows a list of records; `show` replaces the list."""

    def __init__(self, columns: Sequence[Column[T]], faded: Callable[[T], bool] | None = None) -> None:
        """`faded` tells the rows that step back: they are drawn muted from end to end."""
        super().__init__()
        self.columns = tuple(columns)
        self.faded = faded
        self.records: list[T] = []
        self._strong = theme.font(weight=QFont.Weight.DemiBold)

    def show(self, records: Sequence[T]) -> None:
        self.beginResetModel()
        self.records = list(records)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(self.columns[section])
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, record = self.columns[index.column()], self.records[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(record)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (column.spoken or column.text)(record)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole and self.faded and self.faded(record):
            return QColor(theme.palette().muted)
        if role == Qt.ItemDataRole.ForegroundRole and column.tone:
            return QColor(getattr(theme.palette(), column.tone(record)))
        if role == Qt.ItemDataRole.FontRole and column.strong:
            return self._strong
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.heading}: {(column.spoken or column.text)(record)}"
        return None

    @staticmethod
    def _alignment(column: Column[T]) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class _KeepsTone(QStyledItemDelegate):
    """Draws a chosen row in its own colours: a signal stays in its tone."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        tone = index.data(Qt.ItemDataRole.ForegroundRole) or QColor(theme.palette().ink)
        palette: QPalette = option.palette  # pyright: ignore[reportAttributeAccessIssue]
        palette.setColor(QPalette.ColorRole.HighlightedText, tone)
        option.palette = palette  # pyright: ignore[reportAttributeAccessIssue]

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        hint = super().sizeHint(option, index)
        line: int = option.fontMetrics.lineSpacing()  # pyright: ignore[reportAttributeAccessIssue]
        # Wrapped text is measured without the style sheet's padding, and may then need a line more.
        return hint + QSize(0, line) if hint.height() >= 2 * line else hint


class Table(QTableView, Generic[T]):
    """A table one row of which can be chosen; Enter or a double click opens it."""

    def __init__(
        self,
        columns: Sequence[Column[T]],
        *,
        name: str,
        opened: Callable[[T], None] | None = None,
        wrap: bool = False,
        faded: Callable[[T], bool] | None = None,
    ) -> None:
        super().__init__()
        self.rows: Rows[T] = Rows(columns, faded)
        self._opened = opened
        self.setModel(self.rows)
        self.setItemDelegate(_KeepsTone(self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(wrap)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.ROW_PX)
        self.verticalHeader().setMinimumSectionSize(theme.ROW_PX)
        if wrap:
            self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFont(theme.font(theme.SMALL_PX))
        header.setMinimumSectionSize(48)
        for number, column in enumerate(columns):
            modes = QHeaderView.ResizeMode
            fitting = modes.Fixed if column.width else modes.ResizeToContents
            header.setSectionResizeMode(number, modes.Stretch if column.stretch else fitting)
            if column.width:
                self.setColumnWidth(number, column.width)
        self.doubleClicked.connect(lambda index: self._open(index.row()))

    def show_records(self, records: Sequence[T], *, keep: Callable[[T], Any]) -> None:
        """Replace what is shown, keeping the chosen record chosen if `keep` finds it again, and the scroll place."""
        chosen = self.chosen()
        key = keep(chosen) if chosen is not None else None
        place = self.verticalScrollBar().value()
        self.rows.show(records)
        row = next((i for i, record in enumerate(self.rows.records) if keep(record) == key), 0)
        if records:
            self.selectRow(row)
        self.verticalScrollBar().setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for number, column in enumerate(self.rows.columns):
            if column.least:
                self.setColumnHidden(number, event.size().width() < column.least)
        super().resizeEvent(event)

    def chosen(self) -> T | None:
        """Return the record chosen, if any."""
        row = self.currentIndex().row()
        return self.rows.records[row] if 0 <= row < len(self.rows.records) else None

    def _open(self, row: int) -> None:
        if self._opened and 0 <= row < len(self.rows.records):
            self._opened(self.rows.records[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex().row())
            return
        super().keyPressEvent(event)
