"""The page of an import: the file, what its columns hold, and what would come in; nothing is written before Import."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from trdtrack.domain.message import message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.score_columns import OTHER_INSTRUMENT
from trdtrack.exchange.score_file import Choices, Columns, Unknown
from trdtrack.ui import theme
from trdtrack.ui.desk import in_words
from trdtrack.ui.entry.choosing import Choice
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.layout import AnySlot
from trdtrack.ui.importing.checking import Checking
from trdtrack.ui.importing.columns import ColumnChoices
from trdtrack.ui.importing.layout import beside, named
from trdtrack.ui.importing.near import NearCodes
from trdtrack.ui.importing.preview import Preview
from trdtrack.ui.work import Cancelled
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QHideEvent

    from trdtrack.exchange.score_file import Found, Table
    from trdtrack.ui.work import Tick, Work

_NAMED = 6
"""So many codes are named; of more the number has to do."""


@dataclass(frozen=True)
class Checked:
    """What a check of a file came to: dates that can be read in two ways, or else what was found."""

    unclear: tuple[str, ...] = ()
    found: Found | None = None


class ImportForm(Form):
    """Yields the Choices under which a file is taken in. What checks the file is handed in; it sees no caseload."""

    another_asked = Signal()
    sheet_read = Signal(object)
    """What `read` returned for another sheet of the workbook."""
    save_asked = Signal(str)
    """The problems as text, to be kept in a file."""
    closed = Signal()
    """The page goes, whichever way."""

    def __init__(
        self,
        name: str,
        *,
        table: Table | None,
        columns: Columns,
        check: Callable[[Choices, Tick], Checked],
        read: Callable[[str, Tick], object] | None = None,
        work: Work,
        at: datetime,
    ) -> None:
        """`table` is None for a file whose own format says what is what: then no columns are asked for.

        `check` and `read`, which takes the name of a sheet, run beside the window.
        """
        super().__init__(_("Import scores"), key="", patient_id="", at=at)
        self.name = name
        self.examine, self._read = check, read
        self._checked: Checked | None = None
        self._place: QWidget | None = None
        what = _("Checking {file}…").format(file=name)
        self._checking = Checking(work, what, failed=self._missed, parent=self)
        self.preview = Preview()
        self.preview.save_asked.connect(self.save_asked.emit)
        self.near = NearCodes(self.check)
        file_card = self._file_card(table)
        self.columns = ColumnChoices(self, table, columns) if table else None
        options = {Unknown.CREATE: message("Add them as new patients"), Unknown.SKIP: message("Leave their scores out")}
        self.unknown = self.slot(Choice("unknown", _("Not in the caseload"), options), Unknown.CREATE)
        patients = self.section(_("Patients"), self.unknown)
        cards = [file_card, *([self.columns.card] if self.columns else []), patients, self.near]
        self.page.addLayout(beside(cards, self.preview), 1)
        self.page.addWidget(self.problem)
        self.page.addLayout(self.buttons())
        self.problem.setVisible(False)
        for key, slot in self.slots.items():
            if key != "sheet":
                slot.on_edit(self.check)
        self.ready()
        self.check()

    # Building

    def _file_card(self, table: Table | None) -> QWidget:
        self.another = theme.button(_("Another file…"))
        self.another.clicked.connect(self.another_asked.emit)
        rows: list[AnySlot | QWidget] = [named(self.name, self.another)]
        if table and self._read and len(table.sheets) > 1:
            sheet = self.slot(Choice("sheet", _("Sheet"), {one: one for one in table.sheets}), table.sheet)
            sheet.on_edit(lambda: self._read_sheet(sheet.raw()))
            rows.append(sheet)
        return self.section(_("File"), *rows)

    def buttons(self) -> theme.Row:
        """Return the row of buttons, with the one that checks once more after a stop."""
        self.save_button.setText(_("Import"))
        across = super().buttons()
        self.again = theme.button(_("Check again"))
        self.again.clicked.connect(self.check)
        across.insertWidget(1, self.again)
        return across

    def stops(self) -> list[QWidget]:
        slots = [widget for slot in self._laid for widget in slot.stops()]
        after_sheet = 1 if "sheet" in self.slots else 0
        return [
            *slots[:after_sheet],
            self.another,
            *slots[after_sheet:],
            *self.near.stops(),
            *self.preview.stops(),
            self.again,
        ]

    # What is chosen

    def choices(self) -> Choices:
        """Return all that is chosen."""
        return Choices(
            self.columns.chosen if self.columns else Columns("", ""),
            day_first=self.columns.day_first.value() if self.columns else None,
            unknown=self.unknown.value(),
            match=self.near.match,
        )

    @property
    def changed(self) -> bool:
        """Leaving loses nothing: the file is where it was, and its columns are remembered."""
        return False

    def made(self) -> Choices:
        """Return what is chosen, once a check found nothing wrong with it. Refuses before."""
        if self._checked is None:
            raise Refusal(message("The file has not been checked yet."))
        if self._checked.found is None:
            raise Refusal(message("Choose how dates are written."), field="day_first")
        if self._checked.found.edit is None:
            raise Refusal(message("Nothing can come in before the problems are put right."))
        return self.choices()

    def save(self) -> None:
        # While the file is held the page is greyed, and loses its focus.
        self._place = self.focusWidget()
        super().save()

    # Checking

    def check(self) -> None:
        """Check the file under what is chosen now, and show what comes of it.

        Where a column is still to be chosen it is checked too: that it is another instrument's comes first.
        """
        self.refuse(None)
        self._checked = None
        self.save_button.setEnabled(False)
        self.again.setVisible(False)
        if self.columns:
            self.columns.arrange()
        self.preview.wait()
        choices = self.choices()
        self._checking.ask(lambda tick: self.examine(choices, tick), self._show)

    @property
    def checking(self) -> bool:
        """Whether what is shown is still to come."""
        return self._checking.busy

    def _read_sheet(self, name: str) -> None:
        if read := self._read:
            self._checked = None
            self.save_button.setEnabled(False)
            self.preview.wait()
            self._checking.ask(lambda tick: read(name, tick), self.sheet_read.emit)

    def _show(self, checked: Checked) -> None:
        if missing := self._missing:
            self.preview.tell(missing)
            return
        self._checked = checked
        if self.columns:
            self.columns.ask_day_order(checked.unclear)
        if checked.found:
            self.show_found(checked.found)
        else:
            sentence = _("Is {given} written with the day first, or the month? Choose under Columns.")
            self.preview.tell(sentence.format(given=", ".join(checked.unclear[:3])))

    def show_found(self, found: Found) -> None:
        """Show what a check found."""
        self._checked = Checked(found=found)
        self.preview.show_found(found, self.name)
        self.save_button.setEnabled(found.edit is not None)
        said = _("All patients of the file are in the caseload.")
        if n := len(found.unknown):
            codes = ", ".join((*found.unknown[:_NAMED], *(["…"] if n > _NAMED else [])))
            said = say(plural("{n} patient: {codes}", "{n} patients: {codes}", n, codes=codes))
        self.unknown.part.set_hint(said)
        if self.near.ask_about(found.near):
            for before, after in pairwise(self.stops()):
                QWidget.setTabOrder(before, after)

    def _missed(self, error: BaseException) -> None:
        missing = self._missing
        if missing and not (isinstance(error, Refusal) and error.what == OTHER_INSTRUMENT):
            self.preview.tell(missing)
            return
        self.preview.tell(in_words(error), tone="risk")
        self.again.setVisible(isinstance(error, Cancelled))

    @property
    def _missing(self) -> str:
        return self.columns.missing if self.columns else ""

    # What the window asks

    def start(self) -> None:
        """Put the cursor where choosing begins, or back where it was."""
        place = self._place if self._place and self._place.isVisibleTo(self) else self._laid[0].stops()[0]
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self._checking.stop()
            self.closed.emit()
