"""The card that asks which columns of a file hold what, and how its dates are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.domain.message import Message, message
from trdtrack.exchange.score_file import Columns
from trdtrack.ui.entry.choosing import Choice
from trdtrack.ui.importing.slots import Nine, Occasions
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from trdtrack.exchange.score_file import Table
    from trdtrack.ui.entry.form import Form

_TOTALS, _ANSWERS, _WIDE = "totals", "answers", "wide"
_MOST_OCCASIONS = 60
"""Of a wider file the first columns are offered, and those that were guessed."""


class ColumnChoices:
    """The inputs for a table's columns, as part of a form."""

    def __init__(self, form: Form, table: Table, columns: Columns) -> None:
        header = [name for name in dict.fromkeys(table.header) if name]
        of_header: dict[Any, Message | str] = {"": message("–"), **{name: name for name in header}}
        shapes = {
            _TOTALS: message("One score: its total"),
            _ANSWERS: message("One score: its nine answers"),
            _WIDE: message("One patient: totals side by side"),
        }
        shape = _WIDE if columns.occasions else _ANSWERS if columns.items else _TOTALS
        guessed = [name for name, _when in columns.occasions]
        others = [name for name in header if name not in (columns.patient, columns.date, *guessed)]
        over_time = [*guessed, *others[: max(_MOST_OCCASIONS - len(guessed), 0)]]
        self.shape = form.slot(Choice("shape", _("A row of the file is"), shapes), shape)
        self.patient = form.slot(Choice("patient", _("Patient"), of_header), columns.patient)
        self.date = form.slot(Choice("date", _("Date"), of_header), columns.date)
        orders = {None: message("Choose…"), True: "", False: ""}
        self.day_first = form.slot(Choice("day_first", _("How dates are written"), orders), None)
        self.total = form.slot(Choice("total", _("Total"), of_header), columns.total)
        self.items = form.slot(Nine("items", _("The nine answers"), header), columns.items)
        self.difficulty = form.slot(
            Choice("difficulty", _("Difficulty (tenth question), if it is there"), of_header), columns.difficulty
        )
        self.occasions = form.slot(
            Occasions(
                "occasions",
                _("Scores, each with its day or week"),
                sorted(over_time, key=header.index),
                hint=_("A day such as 2024-05-31, or how many weeks after the date above; blank leaves it out."),
            ),
            columns.occasions,
        )
        self.card: QWidget = form.section(
            _("Columns"),
            self.shape,
            self.patient,
            self.date,
            self.day_first,
            self.total,
            self.items,
            self.difficulty,
            self.occasions,
        )
        self._unclear = False

    @property
    def chosen(self) -> Columns:
        """Which columns hold what."""
        shape, patient, date = self.shape.value(), self.patient.value(), self.date.value()
        if shape == _WIDE:
            return Columns(patient, date, occasions=self.occasions.value())
        if shape == _TOTALS:
            return Columns(patient, date, total=self.total.value())
        items = self.items.value()
        return Columns(
            patient,
            date,
            total=self.total.value(),
            items=items if all(items) else (),
            difficulty=self.difficulty.value(),
        )

    @property
    def missing(self) -> str:
        """What has to be chosen before there is anything to check, as a sentence; empty if nothing."""
        columns = self.chosen
        if not columns.patient:
            return _("Choose the column that names the patient.")
        if self.shape.value() == _WIDE:
            if not columns.occasions:
                return _("Say for each column of scores its day or its week.")
            weeks = any(when.isdecimal() for _name, when in columns.occasions)
            return _("Choose the column with the day the weeks are counted from.") if weeks and not columns.date else ""
        if not columns.date:
            return _("Choose the column with the date.")
        if self.shape.value() == _TOTALS:
            return "" if columns.total else _("Choose the column with the total.")
        return "" if columns.items else _("Choose a column for each of the nine answers.")

    def arrange(self) -> None:
        """Show the inputs that matter for what is chosen, and only those."""
        shape = self.shape.value()
        for slot, shown in (
            (self.day_first, self._unclear),
            (self.total, shape != _WIDE),
            (self.items, shape == _ANSWERS),
            (self.difficulty, shape == _ANSWERS),
            (self.occasions, shape == _WIDE),
        ):
            slot.part.setVisible(shown)

    def ask_day_order(self, unclear: Sequence[str]) -> None:
        """Ask in which order days and months stand, on an example of the file; with none, ask no more."""
        self._unclear = bool(unclear)
        for place, words in (
            (1, message("{date}: the day comes first", date=unclear[0] if unclear else "")),
            (2, message("{date}: the month comes first", date=unclear[0] if unclear else "")),
        ):
            self.day_first.widget.setItemText(place, say(words))
        self.arrange()
