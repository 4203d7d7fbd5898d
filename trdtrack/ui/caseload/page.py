"""The caseload page: the day, then one row a patient in the order of who needs the therapist; beside it all to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from trdtrack.domain.edit import Touched
from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.caseload.day import Day
from trdtrack.ui.caseload.empty import Empty
from trdtrack.ui.caseload.filter_bar import FilterBar
from trdtrack.ui.caseload.foot import Foot
from trdtrack.ui.caseload.roster import Roster
from trdtrack.ui.caseload.table import PatientTable
from trdtrack.ui.caseload.to_do import Task, ToDo, What, in_short, of_records, pressing_first
from trdtrack.ui.caseload.unsaved import Unsaved
from trdtrack.ui.line_buttons import clearable
from trdtrack.ui.page import GROUND, Page, column
from trdtrack.ui.tabs import Tabs
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from trdtrack.domain.gist import Gist
    from trdtrack.ui.caseload.listed import Listed
    from trdtrack.ui.caseload.several import Action
    from trdtrack.ui.desk import Desk

_OF_ALL = {"rules", "clinic", "benchmark"}
"""Kinds of record on which every row rests."""
_MANY = 20
"""So many rows changed at once are laid out together."""


class _Search(QLineEdit):
    """Down goes on to what was found; Escape lets go of what was typed."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            super().keyPressEvent(event)
            return
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        self.left.emit()


class CaseloadPage(Page):
    """Every patient in force. The list keeps its place, filter and order; an edit has only its patients read again."""

    opened = Signal(str)
    task_opened = Signal(object)
    new_patient = Signal()
    import_scores = Signal()
    demo_asked = Signal()
    act_asked = Signal(object, object)
    """An Action and the gists of the patients chosen."""

    title = _("Caseload")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.roster = Roster()
        self._owed: Touched | None = None
        self._of_records: list[Task] | None = None
        self._unsaved = Unsaved()
        self.table = PatientTable(opened=lambda row: self.opened.emit(row.gist.patient))
        self.table.chosen_changed.connect(self._tell_chosen)
        self.filters = FilterBar(desk.caseload.place, desk.dialogs, therapists=self.roster.therapists)
        self.table.sort_asked.connect(self.filters.sort_by)
        self.filters.changed.connect(self._refilter)
        self.day = Day()
        self.day.opened.connect(self.opened.emit)
        self.day.task_opened.connect(self.task_opened.emit)
        self.foot = Foot()
        self.foot.asked.connect(self._act)
        self.foot.everybody.connect(self.table.selectAll)
        self.foot.nobody.connect(self.table.choose_none)
        self.empty = Empty()
        self.empty.new_patient.connect(self.new_patient.emit)
        self.empty.import_scores.connect(self.import_scores.emit)
        self.empty.demo_asked.connect(self.demo_asked.emit)
        self.to_do = ToDo()
        self.to_do.opened.connect(self.task_opened.emit)
        page = column(self, ground=GROUND)
        page.addLayout(self._head())
        self.tabs = Tabs()
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self._list(), _("Patients"))
        self.tabs.addTab(self.to_do, _("To do"))
        self.tabs.currentChanged.connect(lambda _index: self.tell_tasks())
        self.due = theme.label(tone="review")
        self.tabs.setCornerWidget(self.due)
        page.addWidget(self.tabs, 1)

    def _head(self) -> QLayout:
        head = theme.row()
        head.setSpacing(theme.PAD)
        head.addWidget(theme.label(self.title, px=theme.TITLE_PX, strong=True))
        self.count = theme.label(tone="muted")
        head.addWidget(self.count, 1)
        self.search = _Search()
        self.search.setPlaceholderText(_("Find by code or name (Ctrl+F)"))
        self.search.setAccessibleName(_("Find a patient by code or name"))
        clearable(self.search)
        self.search.setFixedWidth(theme.px(260))
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._open_first)
        self.search.left.connect(self.take_focus)
        bring = theme.button(_("Import scores…"), icon_name="file-up")
        bring.clicked.connect(self.import_scores.emit)
        new = theme.button(_("New patient"), icon_name="plus", primary=True)
        new.setToolTip(_("Ctrl+N"))
        new.clicked.connect(self.new_patient.emit)
        self._ways = (bring, new)
        for widget in (self.search, bring, new):
            head.addWidget(widget)
        return head

    def _list(self) -> QWidget:
        holder = QWidget()
        listing = QVBoxLayout(holder)
        listing.setContentsMargins(0, 0, 0, 0)
        listing.setSpacing(theme.GAP)
        listing.addWidget(self.day)
        listing.addWidget(self.filters)
        self._nobody = theme.label(_("No patient is like that."), px=theme.HEADLINE_PX, tone="muted")
        self._nobody.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._found = QStackedWidget()
        self._found.addWidget(self.table)
        self._found.addWidget(self._nobody)
        listing.addWidget(self._found, 1)
        listing.addWidget(self.foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(holder)
        self._stack.addWidget(self.empty)
        return self._stack

    # Going about

    def show_list(self) -> None:
        """Turn to the patients, away from what there is to do."""
        self.tabs.setCurrentIndex(0)

    def take_focus(self) -> None:
        for widget in (self.table, self.empty.first, self.to_do.table, self.search):
            if widget.isVisibleTo(self):
                widget.setFocus()
                return

    def showEvent(self, event: QShowEvent) -> None:
        drawn = self._drawn
        super().showEvent(event)
        if self._owed or (drawn and self.roster.today != self.desk.today):
            self.draw_again(self._owed or Touched())
        elif drawn:
            # Drafts are kept and let go without a word to anybody.
            self.tell_tasks()

    # Reading

    def _touched(self, touched: Touched) -> None:
        if not self.concerns(touched):
            return
        if self.isVisible():
            self.draw_again(touched)
        elif self._drawn:
            # Added up while nobody looks: coming back costs what was touched, not the whole caseload.
            self._owed = (self._owed or Touched()).joined(touched)

    def redraw(self, touched: Touched | None) -> None:
        caseload, roster, today = self.desk.caseload, self.roster, self.desk.today
        self._owed = None
        if touched is None or touched.everything or touched.kinds & _OF_ALL:
            self.table.known = {(b.name, b.version): b for b in caseload.benchmarks()}
            self._of_records = None
            roster.read(caseload.gists(), today)
            self.table.make_room(roster.ordered)
            self._narrow()
        else:
            if roster.today != today:
                roster.turn_day(today)
                self._narrow()
                self._tell_day()
            if touched.kinds & {"patient", "course"}:
                self._of_records = None
            changes = self._read_again(touched.patients, caseload.gists(only=touched.patients))
            self.table.make_room((after for _before, after in changes if after), least=self.table.columnWidth(0))
        if roster.stirred:
            self._tell_day()
        self.tell_tasks()

    def _read_again(
        self, patients: Collection[str], gists: Iterable[Gist]
    ) -> list[tuple[Listed | None, Listed | None]]:
        changes = self.roster.read_again(patients, gists)
        if len(changes) > _MANY:
            self._narrow()
        else:
            self._change(changes)
        return changes

    def _read_unsaved(self) -> list[Task]:
        """Return what is typed and not saved; rows whose item 9 waits to be confirmed, or no longer, are read again."""
        roster = self.roster
        self._unsaved = Unsaved.of(self.desk.caseload)
        before, now = roster.unconfirmed, self._unsaved.by_patient()
        roster.unconfirmed = now
        changed = [p for p in {*before, *now} if before.get(p) != now.get(p) and p in roster.rows]
        if changed:
            self._read_again(changed, [roster.rows[patient].gist for patient in changed])
        return self._unsaved.tasks(roster.rows)

    def turn_to_waiting(self) -> str:
        """Turn to the answers that wait to be confirmed and the item 9 not saved yet; say whose, empty if nobody's."""
        said = self._unsaved.waiting(self.roster.rows)
        if said:
            self.tabs.setCurrentWidget(self.to_do)
            self.to_do.choose_waiting()
        return said

    # Showing

    def _refilter(self) -> None:
        if self.roster.order != self.filters.order:
            self.roster.sort(self.filters.order)
        self._narrow()
        self._tell_day()

    def _narrow(self) -> None:
        self.table.show_patients(self._let(self.roster.ordered), self.roster.order)
        self._tell_count()

    def _change(self, changes: Sequence[tuple[Listed | None, Listed | None]]) -> None:
        """Show what an edit changed where it stands: a caseload of thousands is not laid out again for one row."""
        for before, after in changes:
            let = self._let([after]) if after else []
            self.table.show_change(before, let[0] if let else None, self.roster.order)
        self._tell_count()

    def _let(self, rows: Sequence[Listed]) -> list[Listed]:
        return self.filters.filter().lets(rows, therapist=self.filters.therapist, text=self.search.text())

    def _tell_count(self) -> None:
        total, found = len(self.roster.rows), self.table.rows.rowCount()
        patients = say(plural("{n} patient", "{n} patients", total))
        if found < total:
            patients = _("{n} of {patients}").format(n=found, patients=patients)
        self.count.setText(patients if total else "")
        self._found.setCurrentIndex(0 if found else 1)
        self._stack.setCurrentIndex(0 if total else 1)
        for widget in (self.search, *self._ways):
            widget.setVisible(bool(total))

    def _tell_day(self) -> None:
        mine = self.filters.therapist if self.filters.mine.isChecked() else ""
        self.day.show_day(self.roster.booked(mine), self.roster.tasks(mine))

    def tell_tasks(self) -> None:
        """Look again at what there is to do; the list itself, and what the records ask for, once it is seen."""
        caseload, roster = self.desk.caseload, self.roster
        drafts = self._read_unsaved()
        counts = roster.asked_for + Counter(task.what for task in drafts)
        total = counts.total()
        self.tabs.setTabText(1, _("To do ({n})").format(n=total) if total else _("To do"))
        self.due.setText(in_short(counts, What.RISK, What.HANDED, What.DRAFT, What.FOLLOW_UP))
        if self.isVisible() and self.tabs.currentWidget() is self.to_do:
            if self._of_records is None:
                self._of_records = of_records(roster.rows.values(), caseload, today=self.desk.today)
            self.to_do.show_tasks(pressing_first([*roster.tasks(), *drafts, *self._of_records]))

    # Choosing

    def _tell_chosen(self) -> None:
        table = self.table
        several = len(table.all_chosen()) if table.several else 0
        self.foot.show_chosen(table.chosen(), several, besides=table.hidden_words())

    def _act(self, action: Action) -> None:
        self.act_asked.emit(action, [row.gist for row in self.table.all_chosen()])

    def chosen_gists(self) -> list[Gist]:
        """Return the patients chosen, where several are; the one the cursor merely stands on is none."""
        return [row.gist for row in self.table.all_chosen()] if self.table.several else []

    def _open_first(self) -> None:
        chosen = self.table.chosen()
        if chosen:
            self.opened.emit(chosen.gist.patient)
