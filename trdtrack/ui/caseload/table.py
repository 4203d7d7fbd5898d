"""The table of patients: headings that sort, a little chart in each row, several rows chosen at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from trdtrack.chart.sparkline import Spark, paint_spark, spark_of
from trdtrack.ui import theme
from trdtrack.ui.caseload.columns import COLUMNS, COURSE_SO_FAR, LEAST_CODE, MOST_CODE
from trdtrack.ui.caseload.listed import Listed, why_here
from trdtrack.ui.rows import Column, KeepsTone, Rows, Table
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.ui.caseload.order import Order

SPARK_PAD = 2
CELL_PAD = 26
"""What a cell's text leaves free of its width: the style's padding, and its margin."""


class Patients(Rows[Listed]):
    """The rows of the list: headings say which column sorts, and every tip says why the row stands there."""

    order: Order | None = None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        order = self.order
        if order and section == order.column:
            if role == Qt.ItemDataRole.DisplayRole:
                return f"{self.columns[section].heading}{'↑' if order.turned else '↓'}"
            if role == Qt.ItemDataRole.AccessibleTextRole:
                how = _("{heading}, sorted, turned round") if order.turned else _("{heading}, sorted")
                return how.format(heading=self.columns[section].heading)
        return super().headerData(section, orientation, role)

    def tip(self, column: Column[Listed], record: Listed) -> str:
        return f"{super().tip(column, record)}\n{why_here(record)}".strip()


class _Sparks(KeepsTone):
    """Paints the course so far where its words would stand."""

    def __init__(self, table: PatientTable) -> None:
        super().__init__(table)
        self._table = table

    def displayText(self, _value: Any, _locale: QLocale | QLocale.Language) -> str:
        return ""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        within = QRectF(option.rect).adjusted(theme.GAP, SPARK_PAD, -theme.GAP, -SPARK_PAD)  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
        paint_spark(painter, within, self._table.spark(index.row()), theme.palette())


class PatientTable(Table[Listed]):
    """Enter opens the patient the cursor is on; Space and Ctrl or Shift choose several."""

    sort_asked = Signal(int)
    chosen_changed = Signal()

    def __init__(self, *, opened: Callable[[Listed], None]) -> None:
        super().__init__(COLUMNS, name=_("Patients"), opened=opened, several=True, model=Patients(COLUMNS))
        self.known: dict[tuple[str, str], Benchmark] = {}
        """The benchmarks the little charts are drawn with, by name and version."""
        self.setItemDelegateForColumn(COURSE_SO_FAR, _Sparks(self))
        self._marking = False
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.sectionClicked.connect(self._ask_sort)
        self.selectionModel().selectionChanged.connect(lambda _now, _before: self.chosen_changed.emit())
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self.chosen_changed.emit())

    def _ask_sort(self, column: int) -> None:
        if COLUMNS[column].sort:
            self.sort_asked.emit(column)

    def spark(self, row: int) -> Spark:
        """Return the little chart of a row."""
        gist = self.rows.records[row].gist
        return spark_of(
            gist.totals,
            baseline=gist.baseline,
            lines_start=gist.lines_start,
            benchmark=self.known.get(gist.benchmark),
        )

    def make_room(self, rows: Iterable[Listed], *, least: int = LEAST_CODE) -> None:
        """Make the first column wide enough for these patients' codes, as far as that goes."""
        longest = max((row.gist.code for row in rows), key=len, default="")
        wanted = QFontMetrics(theme.font(weight=QFont.Weight.DemiBold)).horizontalAdvance(longest) + CELL_PAD
        self.setColumnWidth(0, min(max(wanted, theme.px(least)), theme.px(MOST_CODE)))

    def hidden_words(self) -> list[str]:
        """Return what the columns that gave way would say of the row the cursor is on."""
        row = self.chosen()
        gone = [column for number, column in enumerate(COLUMNS) if row and self.isColumnHidden(number)]
        return [f"{column.heading} {column.text(row)}" for column in gone if row and column.text(row)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        before = [self.isColumnHidden(number) for number in range(len(COLUMNS))]
        super().resizeEvent(event)
        if before != [self.isColumnHidden(number) for number in range(len(COLUMNS))]:
            self.chosen_changed.emit()

    def show_patients(self, rows: Sequence[Listed], order: Order) -> None:
        """Show rows in their order; the cursor, those chosen and the scroll place stay if they are still there."""
        current = self.chosen()
        several = {row.gist.patient for row in self.all_chosen()} if self.several else set()
        place = self.verticalScrollBar().value()
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.rows.order = order  # pyright: ignore[reportAttributeAccessIssue]
        self.rows.show(rows)
        if rows:
            self.selectRow(self._find(current) if current else 0)
        if still := [n for n, row in enumerate(self.rows.records) if row.gist.patient in several] if several else []:
            self._choose(still)
        else:
            self._marking = False
        self.verticalScrollBar().setValue(place)
        self.blockSignals(False)  # noqa: FBT003
        self.chosen_changed.emit()

    def _find(self, row: Listed) -> int:
        """Return where a patient stands now; 0 for one who is not shown any more."""
        records = self.rows.records
        if row in records:
            return records.index(row)
        return next((n for n, other in enumerate(records) if other.gist.patient == row.gist.patient), 0)

    def show_change(self, before: Listed | None, after: Listed | None, order: Order) -> None:
        """Show one patient as the row is now, in its place; the cursor goes with it and the scroll place stays."""
        records = self.rows.records
        old = order.find(records, before) if before is not None else None
        current, several = old is not None and self.currentIndex().row() == old, self.several
        place = self.verticalScrollBar().value()
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        if old is not None and after and self._fits(old, after, order):
            self.rows.replace(old, after)
        else:
            if old is not None:
                self.rows.take_out(old)
            if after:
                new = order.place_in(records, after)
                self.rows.put_in(new, after)
                if current and not several:
                    self.selectRow(new)
        self.verticalScrollBar().setValue(place)
        self.blockSignals(False)  # noqa: FBT003
        self.chosen_changed.emit()

    def _fits(self, row: int, record: Listed, order: Order) -> bool:
        """Whether a record stands right where the row is already."""
        before, behind = self.rows.records[max(row - 1, 0) : row], self.rows.records[row + 1 : row + 2]
        return order.place_in([*before, *behind], record) == len(before)

    def _choose(self, numbers: Sequence[int]) -> None:
        chosen = QItemSelection()
        for number in numbers:
            chosen.select(self.rows.index(number, 0), self.rows.index(number, len(COLUMNS) - 1))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    @property
    def several(self) -> bool:
        """Whether rows are chosen to do something to all of them, rather than one being looked at."""
        return self._marking or len(self.all_chosen()) > 1

    def choose_none(self) -> None:
        """Leave only the row the cursor is on chosen."""
        self._marking = False
        self.selectRow(max(self.currentIndex().row(), 0))
        self.chosen_changed.emit()

    def _mark(self) -> None:
        if not self.several:
            # The row the cursor is on is chosen already; from now on it stays so.
            self._marking = True
            self.chosen_changed.emit()
            return
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self.currentIndex(), flags.Toggle | flags.Rows)
        self._marking = True
        if not self.all_chosen():
            self.choose_none()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not event.modifiers():
            self._marking = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Space and not held:
            self._mark()
        elif event.key() == Qt.Key.Key_Escape and self.several:
            self.choose_none()
        elif step and self.several and not held:
            # With several chosen the plain arrows move the cursor alone: Space then takes a row in or out.
            row = min(max(self.currentIndex().row() + step, 0), self.rows.rowCount() - 1)
            index = self.rows.index(row, max(self.currentIndex().column(), 0))
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.chosen_changed.emit()
        else:
            super().keyPressEvent(event)
