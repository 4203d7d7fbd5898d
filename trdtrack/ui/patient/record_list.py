"""A table of a patient's records with what can be done to each: correct, move, withdraw, restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.line_buttons import clearable
from trdtrack.ui.rows import Column, Table
from trdtrack.ui.shortcuts import ON, bind
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QPushButton

WITHDRAWN_PX = 150


class RecordList(QWidget):
    """Correct by Enter, withdraw by Delete, move by M. A row may be the record or something around it."""

    add = Signal()
    correct = Signal(object)
    withdraw = Signal(object)
    restore = Signal(object)
    relocate = Signal(object)

    def __init__(
        self,
        columns: Sequence[Column[Any]],
        *,
        name: str,
        add: str = "",
        correct: str = "",
        moves: bool = False,
        filters: str = "",
    ) -> None:
        """`add` and `correct` are what the buttons say; `filters` is the hint of a line that narrows the list."""
        super().__init__()
        why = Column[Any](_("Withdrawn"), lambda row: self.record(row).withdrawn or "", width=WITHDRAWN_PX)
        self._why = len(columns)
        self.table: Table[Any] = Table((*columns, why), name=name, opened=self._correct, faded=self.gone)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setColumnHidden(self._why, True)  # noqa: FBT003 - Qt's signature
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._chosen())
        self._in_force: tuple[Any, ...] = ()
        self._withdrawn: tuple[Any, ...] = ()
        self._side = theme.row() if theme.stacked() else QVBoxLayout()
        self._side.setSpacing(4)
        self._buttons = 0
        self._add_button = self.button(add, "plus", "") if add else None
        if self._add_button:
            self._add_button.clicked.connect(self.add.emit)
        self._correct_button = self.button(correct or _("Correct"), "pencil", _("Enter"))
        self._correct_button.clicked.connect(self._correct)
        self._move_button = self.button(_("Move…"), "", _("To another course or patient (M)")) if moves else None
        if self._move_button:
            self._move_button.clicked.connect(self._move)
        self._withdraw_button = self.button(_("Withdraw"), "trash-2", _("Delete key; undo brings it back"))
        self._withdraw_button.clicked.connect(self._withdraw)
        self.all = theme.Check(_("Withdrawn too"))
        self.all.setToolTip(_("Show withdrawn records as well"))
        self.all.toggled.connect(lambda _on: self._show())
        self._side.addWidget(self.all)
        self._side.addStretch(1)
        listing = QVBoxLayout()
        listing.setSpacing(4)
        self.filter = QLineEdit(self)
        self.filter.setVisible(bool(filters))
        if filters:
            self.filter.setPlaceholderText(filters)
            self.filter.setAccessibleName(filters)
            clearable(self.filter)
            self.filter.textChanged.connect(lambda _text: self._show())
            listing.addWidget(self.filter)
        listing.addWidget(self.table, 1)
        across = theme.columns(self)
        across.setContentsMargins(0, theme.GAP, 0, 0)
        across.setSpacing(theme.PAD)
        across.addLayout(listing, 3)
        self._across = across
        across.addLayout(self._side)
        bind("withdraw", self.table, self._withdraw, ON)
        if moves:
            bind("move", self.table, self._move, ON)

    def put_beside(self, widget: QWidget, *, stretch: int = 2) -> None:
        """Put a pane between the table and its buttons."""
        self._across.insertWidget(1, widget, stretch)

    def button(self, text: str, icon: str, tip: str) -> QPushButton:
        """Add a button beside the list, above the tick box."""
        made = theme.button(text, icon_name=icon)
        made.setToolTip(tip)
        self._side.insertWidget(self._buttons, made)
        self._buttons += 1
        return made

    def record(self, row: Any) -> Any:
        """Return the record behind a row."""
        return row

    def gone(self, row: Any) -> bool:
        """Whether a row's record is withdrawn."""
        return self.record(row).withdrawn is not None

    def set_adding(self, able: bool) -> None:  # noqa: FBT001 - one button's state
        """Whether a record can be added here just now."""
        if self._add_button:
            self._add_button.setEnabled(able)

    def choose(self, record: str) -> None:
        """Choose the row of a record by its id, if it is here."""
        for number, row in enumerate(self.table.rows.records):
            if self.record(row).id == record:
                self.table.selectRow(number)

    def fill(self, rows: Sequence[Any], withdrawn: Sequence[Any] = ()) -> None:
        """Show rows, those in force and those withdrawn."""
        self._in_force, self._withdrawn = tuple(rows), tuple(withdrawn)
        self.all.setVisible(bool(withdrawn))
        self._show()

    def _show(self) -> None:
        shown = self.all.isChecked() and bool(self._withdrawn)
        self.table.setColumnHidden(self._why, not shown)
        words = self.filter.text().casefold().split()
        rows = [
            row
            for row in (*self._in_force, *(self._withdrawn if shown else ()))
            if not words or all(word in self._text(row) for word in words)
        ]
        self.table.show_records(rows, keep=lambda row: self.record(row).id)
        self._chosen()

    def _text(self, row: Any) -> str:
        return " ".join(column.text(row) for column in self.table.rows.columns).casefold()

    def _chosen(self) -> None:
        """Say on the buttons what can be done to the record chosen."""
        row = self.table.chosen()
        gone = row is not None and self.gone(row)
        theme.say_on(self._withdraw_button, _("Restore") if gone else _("Withdraw"))
        self._withdraw_button.setEnabled(row is not None)
        for button in (self._correct_button, self._move_button):
            if button:
                button.setEnabled(row is not None and not gone)
        self.chosen(row)

    def chosen(self, row: Any) -> None:
        """Show more about the row chosen, None for none, where there is more."""

    def _correct(self, _row: Any = None) -> None:
        row = self.table.chosen()
        if row is not None and not self.gone(row):
            self.correct.emit(self.record(row))

    def _move(self) -> None:
        row = self.table.chosen()
        if row is not None and not self.gone(row):
            self.relocate.emit(self.record(row))

    def _withdraw(self) -> None:
        row = self.table.chosen()
        if row is not None:
            (self.restore if self.gone(row) else self.withdraw).emit(self.record(row))
