"""The history page: everything ever done in this caseload, to filter, to read in detail and to export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLayout, QLineEdit

from trdtrack.domain.history_labels import NOUNS
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import DateField, Labelled
from trdtrack.ui.history.lines import HistoryLines, Wanted, every
from trdtrack.ui.line_buttons import clearable
from trdtrack.ui.page import GROUND, Page, column
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.edit import Touched
    from trdtrack.domain.history import Line
    from trdtrack.exports import Made
    from trdtrack.ui.desk import Desk

READING_PX = 150
AFTER_MS = 150
"""Typing is let finish before the lines are gone through again."""


class HistoryPage(Page):
    """All patients' lines, newest first."""

    title = _("History")
    opened = Signal(str)
    """A patient is to be shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._codes: dict[str, str] = {}
        page = column(self, ground=GROUND, spacing=12)
        page.addLayout(self._head())
        page.addLayout(self._filters())
        self.lines = HistoryLines(patients=True)
        self.lines.stacked(reading_px=READING_PX)
        self.lines.grown.connect(self._count)
        self.lines.opened.connect(self._open)
        page.addWidget(self.lines, 1)

    def _head(self) -> QLayout:
        head = theme.row()
        head.setSpacing(theme.PAD)
        head.addWidget(theme.label(self.title, px=theme.TITLE_PX, strong=True))
        self.count = theme.label(tone="muted")
        head.addWidget(self.count, 1)
        self.export_button = theme.button(_("Export as CSV"), icon_name="file-down")
        self.export_button.setToolTip(_("The lines that fit the filters, back to the first one"))
        self.export_button.clicked.connect(self.export)
        head.addWidget(self.export_button)
        return head

    def _filters(self) -> QLayout:
        self.words = QLineEdit()
        clearable(self.words)
        self.kind, self.who = theme.Choice(), theme.Choice()
        self.kind.addItem(_("All kinds"), "")
        for kind, name in NOUNS.items():
            self.kind.addItem(say(name), kind)
        self.who.addItem(_("Everybody"), "")
        self.since = DateField("since", None, today=self.desk.today)
        self.until = DateField("until", None, today=self.desk.today)
        self._pause = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._pause.timeout.connect(self._filter)
        across = theme.row()
        across.setSpacing(theme.PAD)
        self._dates = {"since": Labelled(_("From"), self.since), "until": Labelled(_("Until"), self.until)}
        for part, stretch in (
            (Labelled(_("Find in the history"), self.words), 1),
            (Labelled(_("Kind of record"), self.kind), 0),
            (Labelled(_("Person"), self.who), 0),
            (self._dates["since"], 0),
            (self._dates["until"], 0),
        ):
            across.addWidget(part, stretch)
        for field in (self.words, self.since, self.until):
            field.textChanged.connect(lambda _text: self._pause.start())
        for choice in (self.kind, self.who):
            choice.currentIndexChanged.connect(lambda _index: self._filter())
        return across

    def take_focus(self) -> None:
        self.words.setFocus()

    def redraw(self, _touched: Touched | None) -> None:
        caseload = self.desk.caseload
        self._codes = {r.id: r.code for r in caseload.records("patient") if isinstance(r, Patient)}
        self.lines.begin(lambda before, limit: caseload.history(before=before, limit=limit), self._code)

    def _wanted(self) -> Wanted | None:
        """Return what the filters ask for; None while a date in them is none."""
        days = {}
        for name, field in (("since", self.since), ("until", self.until)):
            try:
                days[name] = field.value()
                self._dates[name].refuse("")
            except Refusal as refusal:
                self._dates[name].refuse(say(refusal.what))
                return None
        words = tuple(self.words.text().casefold().split())
        return Wanted(words, self.kind.currentData(), self.who.currentData() or "", **days)

    def _filter(self) -> None:
        wanted = self._wanted()
        if wanted is not None:
            self.lines.filter(wanted)
            self._count()

    def _count(self) -> None:
        for person in self.lines.people:
            if self.who.findData(person) < 0:
                self.who.addItem(person, person)
        whole = self.lines.whole
        words = _("{n} of {read} lines") if whole else _("{n} of the latest {read} lines so far")
        self.count.setText(words.format(n=len(self.lines.shown), read=self.lines.read))
        self.export_button.setEnabled(bool(self.lines.shown))

    def export(self) -> None:
        """Write the lines that fit as CSV, reading back to the first one beside the window."""
        wanted = self._wanted()
        if wanted is None:
            return
        read, code = self.desk.caseload.history, self._code

        def finish() -> Made:
            from trdtrack.exchange.history_csv import history_csv
            from trdtrack.exports import Made

            return Made.whole(history_csv(every(lambda before, limit: read(before=before, limit=limit), code, wanted)))

        self.desk.write_out(_("History as CSV"), f"history-{self.desk.today}.csv", finish, about=())

    def _open(self, line: Line) -> None:
        """Go to the patient a line is about, if there still is one in force."""
        if line.patient and self.desk.caseload.in_force(line.patient):
            self.opened.emit(line.patient)

    def _code(self, line: Line) -> str:
        """Return the code of the patient a line is about; blank for what is about all."""
        return self._codes.get(line.patient, "")
