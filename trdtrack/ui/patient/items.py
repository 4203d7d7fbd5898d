"""The nine items by score: a table whose cells darken with the answer, each with its digit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from trdtrack.domain import items, phq9
from trdtrack.ui import theme
from trdtrack.words import _, day, month_day, phq9_wording, say, signed

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
CELL_PX, ROW_PX = 34, 20
SHADES = (0.0, 0.16, 0.36, 0.72)
"""How dark a cell is for answers 0 to 3: lightness alone, with the digit in it."""
SHADE = Qt.ItemDataRole.UserRole
LIGHT_TEXT_FROM = 0.6


class ItemRows(QAbstractTableModel):
    """Nine rows of answers, a column a score, oldest first; the last column is the change since the baseline."""

    def __init__(self) -> None:
        super().__init__()
        self.points: tuple[Point, ...] = ()
        self.order: tuple[int, ...] = tuple(range(phq9.ITEMS))
        self._moved: tuple[int | None, ...] = (None,) * phq9.ITEMS

    def show(self, s: Summary | None, *, by_change: bool) -> None:
        self.beginResetModel()
        self.points = items.answered(s) if s else ()
        self._moved = items.changes(s) if s else (None,) * phq9.ITEMS
        self.order = items.changed_most(s) if s and by_change else tuple(range(phq9.ITEMS))
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() or not self.points else phq9.ITEMS

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() or not self.points else len(self.points) + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            item = self.order[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return f"{item + 1}  {say(items.NAMES[item])}"
            if role == Qt.ItemDataRole.ToolTipRole:
                return phq9_wording().items[item]
            return None
        last = section == len(self.points)
        if role == Qt.ItemDataRole.DisplayRole:
            # Day and month fit the narrow column; the year is in the tool tip and in each cell's own words.
            return _("Change") if last else month_day(self.points[section].date)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _("Latest answer minus that at the baseline") if last else day(self.points[section].date)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item, column = self.order[index.row()], index.column()
        answer = self._answer(item, column)
        change = column == len(self.points)
        if role == Qt.ItemDataRole.DisplayRole:
            moved = self._moved[item]
            if change:
                return "" if moved is None else signed(moved)
            return "·" if answer is None else str(answer)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if change or answer is None:
            return self._said(item, column) if role == Qt.ItemDataRole.AccessibleTextRole else None
        if role == SHADE:
            return SHADES[answer]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._said(item, column)
        return None

    def _answer(self, item: int, column: int) -> int | None:
        answers = self.points[column].assessment.answers if column < len(self.points) else None
        return answers[item] if answers else None

    def _said(self, item: int, column: int) -> str:
        name = say(items.NAMES[item])
        if column == len(self.points):
            moved = self._moved[item]
            return _("{item}: change {points}").format(item=name, points="?" if moved is None else signed(moved))
        answer = self._answer(item, column)
        words = _("not answered") if answer is None else f"{answer}, {phq9_wording().answers[answer]}"
        return _("{item}, {day}: {answer}").format(item=name, day=day(self.points[column].date), answer=words)


class _Cell(QStyledItemDelegate):
    """Paints a cell as its answer is dark: a style sheet's cells know no colours of their own."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        box: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        shade: float = index.data(SHADE) or 0.0
        colour = QColor(theme.palette().ink)
        painter.save()
        painter.setFont(theme.font(theme.SMALL_PX))
        painter.setPen(QColor(theme.palette().surface) if shade > LIGHT_TEXT_FROM else colour)
        colour.setAlphaF(shade)
        painter.fillRect(box.adjusted(1, 1, -1, -1), colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, index.data())
        if option.state & QStyle.StateFlag.State_Selected:  # pyright: ignore[reportAttributeAccessIssue]
            painter.setPen(QPen(QColor(theme.palette().accent), 2))
            painter.drawLine(box.topLeft(), box.bottomLeft())
            painter.drawLine(box.topRight(), box.bottomRight())
        painter.restore()


class ItemTable(QWidget):
    """All answers of the course; Enter or a click on a column opens that score."""

    chosen = Signal(object)
    """A Point."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = ItemRows()
        self._summary: Summary | None = None
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setAccessibleName(_("Answers to the nine items, by score"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectColumns)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setItemDelegate(_Cell(self.table))
        self.table.setCornerButtonEnabled(False)
        self.table.setStyleSheet(
            "QHeaderView, QHeaderView::section, QTableCornerButton::section { border: none; padding: 2px 6px;"
            " background: transparent; }"
        )
        along, down = self.table.horizontalHeader(), self.table.verticalHeader()
        along.setMinimumSectionSize(theme.px(CELL_PX))
        along.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        along.setFont(theme.font(11))
        along.setHighlightSections(False)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setMinimumSectionSize(theme.px(ROW_PX))
        down.setDefaultSectionSize(theme.px(ROW_PX))
        down.setFont(theme.font(theme.SMALL_PX))
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)
        self.by_change = theme.Check(_("Changed most first"))
        self.by_change.setToolTip(_("The items that changed most since the baseline first"))
        self.by_change.toggled.connect(lambda _on: self.draw(self._summary))
        self.nothing = theme.label(_("No score with its nine answers yet."), tone="muted")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, theme.GAP, 0, 0)
        across.setSpacing(theme.PAD)
        across.addWidget(self.nothing, 1, Qt.AlignmentFlag.AlignTop)
        across.addWidget(self.table, 1)
        across.addWidget(self.by_change, 0, Qt.AlignmentFlag.AlignTop)

    def draw(self, s: Summary | None) -> None:
        """Show a course's answers, the latest in view."""
        self._summary = s
        self.rows.show(s, by_change=self.by_change.isChecked())
        there = bool(self.rows.points)
        self.nothing.setVisible(not there)
        self.table.setVisible(there)
        if there:
            self.table.scrollTo(self.rows.index(0, len(self.rows.points)))

    def show_point(self, point: Point) -> None:
        """Mark a score's column."""
        places = [p.assessment.id for p in self.rows.points]
        if point.assessment.id in places:
            self.table.selectColumn(places.index(point.assessment.id))
            self.table.scrollTo(self.rows.index(0, places.index(point.assessment.id)))

    def _choose(self, chosen: QModelIndex) -> None:
        if 0 <= chosen.column() < len(self.rows.points):
            self.chosen.emit(self.rows.points[chosen.column()])
