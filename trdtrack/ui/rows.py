"""A table of records: columns are functions from a row to what is shown, and the model is nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from trdtrack.ui import theme
from trdtrack.words import manner

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
CELL_PX = 8
"""Between the words of a cell and its edge, at either side, as the style sheet has it."""
AIR_PX = 16
"""Above and below the words of a cell together, where they stand in several lines."""
LEAST_ROWS = 4
"""So many can be seen at once, heading and all, however large the text is."""
LEAST_STRETCHED = 180
"""A column that fills the rest is no narrower where text is large, in pixels of the usual size."""


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column: its heading, the text of a row, and how it is set. `tone` names a palette token."""

    heading: str
    text: Callable[[T], str]
    number: bool = False
    stretch: bool = False
    width: int = 0
    """Fixed, in pixels of the usual text size; 0 for as wide as what is in it."""
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

    def take_out(self, row: int) -> None:
        """Let one record go."""
        self.beginRemoveRows(QModelIndex(), row, row)
        del self.records[row]
        self.endRemoveRows()

    def put_in(self, row: int, record: T) -> None:
        """Put one record between the others."""
        self.beginInsertRows(QModelIndex(), row, row)
        self.records.insert(row, record)
        self.endInsertRows()

    def replace(self, row: int, record: T) -> None:
        """Show another record in its row."""
        self.records[row] = record
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole or (role == Qt.ItemDataRole.ToolTipRole and manner().longer):
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _NUMBERS if self.columns[section].number else _TEXTS
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Asked a dozen times for every cell that is painted, mostly for what no table here has.
        said = _SAID.get(role)
        return said(self, self.columns[index.column()], self.records[index.row()]) if said else None

    def text(self, column: Column[T], record: T) -> str:
        """What stands in a cell."""
        return column.text(record)

    def tip(self, column: Column[T], record: T) -> str:
        """What the tool tip says."""
        return (column.spoken or column.text)(record)

    def spoken(self, column: Column[T], record: T) -> str:
        """What a screen reader says."""
        return f"{column.heading}: {(column.spoken or column.text)(record)}"

    def colour(self, column: Column[T], record: T) -> QColor | None:
        """The colour of the text; None for ink."""
        if self.faded and self.faded(record):
            return theme.colour("muted")
        return theme.colour(column.tone(record)) if column.tone else None

    def font(self, column: Column[T], _record: T) -> QFont | None:
        """The font; None for the usual one."""
        return self._strong if column.strong else None

    def side(self, column: Column[T], _record: T) -> Qt.AlignmentFlag:
        """Where the text stands."""
        return _NUMBERS if column.number else _TEXTS


_TEXTS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NUMBERS = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SAID: dict[int, Callable[[Any, Any, Any], Any]] = {
    Qt.ItemDataRole.DisplayRole: Rows.text,
    Qt.ItemDataRole.ForegroundRole: Rows.colour,
    Qt.ItemDataRole.FontRole: Rows.font,
    Qt.ItemDataRole.TextAlignmentRole: Rows.side,
    Qt.ItemDataRole.ToolTipRole: lambda rows, column, record: rows.tip(column, record),
    Qt.ItemDataRole.AccessibleTextRole: Rows.spoken,
}


class KeepsTone(QStyledItemDelegate):
    """Draws a chosen row in its own colours: a signal stays in its tone."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
        if not state & QStyle.StateFlag.State_Selected:
            return
        tone = index.data(Qt.ItemDataRole.ForegroundRole) or theme.colour("ink")
        palette: QPalette = option.palette  # pyright: ignore[reportAttributeAccessIssue]
        palette.setColor(QPalette.ColorRole.HighlightedText, tone)
        option.palette = palette  # pyright: ignore[reportAttributeAccessIssue]

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        within = QStyleOptionViewItem(option)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        # Wrapped text would be measured without the style sheet's padding.
        within.rect = rect.adjusted(0, 0, -2 * CELL_PX, 0)  # pyright: ignore[reportAttributeAccessIssue]
        hint = super().sizeHint(within, index)
        line: int = option.fontMetrics.lineSpacing()  # pyright: ignore[reportAttributeAccessIssue]
        return hint + QSize(0, theme.px(AIR_PX)) if hint.height() >= 2 * line else hint


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
        several: bool = False,
        model: Rows[T] | None = None,
    ) -> None:
        """`several`: more than one row can be chosen. `model`: the rows, where they say more than plain ones."""
        super().__init__()
        self.rows: Rows[T] = model or Rows(columns, faded)
        self._opened = opened
        self.setModel(self.rows)
        self.setItemDelegate(KeepsTone(self))
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        modes = QAbstractItemView.SelectionMode
        self.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(wrap)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(theme.ROW_PX))
        self.verticalHeader().setMinimumSectionSize(theme.px(theme.ROW_PX))
        if theme.stacked():
            self.setMinimumHeight(theme.px(LEAST_ROWS * theme.ROW_PX))
        if wrap:
            self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFont(theme.font(theme.SMALL_PX))
        header.setMinimumSectionSize(theme.px(48))
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        for number, column in enumerate(columns):
            fits = QHeaderView.ResizeMode
            fitting = fits.Fixed if column.width else fits.ResizeToContents
            header.setSectionResizeMode(number, fits.Stretch if column.stretch else fitting)
            if column.width:
                self.setColumnWidth(number, theme.px(column.width))
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

    def all_chosen(self) -> list[T]:
        """Return the records chosen, from above."""
        several = self.selectionModel().selection()
        ranges = [several.at(number) for number in range(several.count())]
        found = {row for one in ranges for row in range(one.top(), one.bottom() + 1)}
        return [self.rows.records[row] for row in sorted(found)]

    def _stretch(self, room: int) -> None:
        """Let columns stretch as long as they can be read; where there is no room for them the table scrolls."""
        header, fits = self.horizontalHeader(), QHeaderView.ResizeMode
        stretching = [number for number, column in enumerate(self.rows.columns) if column.stretch]
        others = sum(header.sectionSize(n) for n in range(header.count()) if n not in stretching)
        enough = room - others >= len(stretching) * theme.px(LEAST_STRETCHED)
        for number in stretching:
            header.setSectionResizeMode(number, fits.Stretch if enough else fits.Fixed)
            if not enough:
                header.resizeSection(number, theme.px(LEAST_STRETCHED))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if theme.stacked():
            self._stretch(event.size().width())
        for number, column in enumerate(self.rows.columns):
            if column.least:
                self.setColumnHidden(number, event.size().width() < theme.px(column.least))
        super().resizeEvent(event)

    def selectRow(self, row: int) -> None:
        """Choose a row. Qt's own finds no column to choose by in a table that is read from the right."""
        shown = next((n for n in range(self.rows.columnCount()) if not self.isColumnHidden(n)), 0)
        self.setCurrentIndex(self.rows.index(row, shown))

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
