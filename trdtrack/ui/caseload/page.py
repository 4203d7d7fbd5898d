"""The caseload page: one row a patient, found by typing, opened by Enter; beside it all there is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from trdtrack.caseload import natural
from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.caseload.listed import COLUMNS, Listed
from trdtrack.ui.caseload.to_do import ToDo, in_short, tasks
from trdtrack.ui.page import GROUND, Page, column
from trdtrack.ui.rows import Table
from trdtrack.words import _, say

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from trdtrack.domain.edit import Touched
    from trdtrack.ui.desk import Desk


class CaseloadPage(Page):
    """Every patient in force. Typing narrows the list; Enter opens; the list keeps its place."""

    opened = Signal(str)
    new_patient = Signal()
    import_scores = Signal()

    title = _("Caseload")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._rows: list[Listed] = []
        page = column(self, ground=GROUND)
        head = QHBoxLayout()
        head.setSpacing(theme.PAD)
        head.addWidget(theme.label(self.title, px=theme.TITLE_PX, strong=True))
        self.count = theme.label(tone="muted")
        head.addWidget(self.count, 1)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Find by code or name (Ctrl+F)"))
        self.search.setAccessibleName(_("Find a patient by code or name"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(260)
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._open_first)
        bring = theme.button(_("Import scores…"), icon_name="file-up")
        bring.clicked.connect(self.import_scores.emit)
        new = theme.button(_("New patient"), icon_name="plus", primary=True)
        new.setToolTip(_("Ctrl+N"))
        new.clicked.connect(self.new_patient.emit)
        for widget in (self.search, bring, new):
            head.addWidget(widget)
        page.addLayout(head)
        self.table: Table[Listed] = Table(COLUMNS, name=_("Patients"), opened=lambda r: self.opened.emit(r.patient.id))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty())
        self.to_do = ToDo()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self._stack, _("Patients"))
        self.tabs.addTab(self.to_do, _("To do"))
        self.due = theme.label(tone="review")
        self.tabs.setCornerWidget(self.due)
        page.addWidget(self.tabs, 1)

    def _empty(self) -> QWidget:
        holder = QWidget()
        stack = QVBoxLayout(holder)
        stack.addStretch(2)
        self._nothing = theme.label(px=theme.HEADLINE_PX, tone="muted")
        stack.addWidget(self._nothing, alignment=Qt.AlignmentFlag.AlignCenter)
        self._begin = theme.button(_("Add the first patient"))
        self._begin.clicked.connect(self.new_patient.emit)
        stack.addWidget(self._begin, alignment=Qt.AlignmentFlag.AlignCenter)
        stack.addStretch(3)
        return holder

    def show_list(self) -> None:
        """Turn to the patients, away from what there is to do."""
        self.tabs.setCurrentIndex(0)

    def take_focus(self) -> None:
        for widget in (self.table, self._begin, self.to_do.table, self.search):
            if widget.isVisibleTo(self):
                widget.setFocus()
                return

    def showEvent(self, event: QShowEvent) -> None:
        drawn = self._drawn
        super().showEvent(event)
        if drawn:
            # Drafts are kept and let go without a word to anybody.
            self.tell_tasks()

    def redraw(self, touched: Touched | None) -> None:
        caseload, today = self.desk.caseload, self.desk.today
        clinic = caseload.clinic()
        if touched is None or touched.everything or touched.kinds & {"rules", "clinic"}:
            self._rows = [Listed.of(row, clinic=clinic, today=today) for row in caseload.rows(today=today)]
        else:
            others = [row for row in self._rows if row.patient.id not in touched.patients]
            again = caseload.rows(today=today, only=touched.patients)
            rows = [*others, *(Listed.of(row, clinic=clinic, today=today) for row in again)]
            self._rows = sorted(rows, key=lambda row: natural(row.patient.code))
        self._narrow()
        self.tell_tasks()

    def tell_tasks(self) -> None:
        """Look again at what there is to do."""
        caseload = self.desk.caseload
        found = tasks(self._rows, caseload.drafts(), clinic=caseload.clinic(), today=self.desk.today)
        self.to_do.show_tasks(found)
        self.tabs.setTabText(1, _("To do ({n})").format(n=len(found)) if found else _("To do"))
        self.due.setText(in_short(found))

    def _narrow(self) -> None:
        words = self.search.text().casefold().split()
        found = [
            row
            for row in self._rows
            if all(word in f"{row.patient.code} {row.patient.name}".casefold() for word in words)
        ]
        self.table.show_records(found, keep=lambda row: row.patient.id)
        total = len(self._rows)
        self.count.setText(say(plural("{n} patient", "{n} patients", total)) if total else "")
        self._nothing.setText(_("No patient matches what you typed.") if total else _("This caseload is empty."))
        self._begin.setVisible(not total)
        self._stack.setCurrentIndex(0 if found else 1)

    def _open_first(self) -> None:
        chosen = self.table.chosen()
        if chosen:
            self.opened.emit(chosen.patient.id)
