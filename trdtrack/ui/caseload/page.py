"""The caseload page: one row a patient, found by typing, opened by Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from trdtrack.caseload import natural
from trdtrack.chart.marks import MARKS, TONES
from trdtrack.domain.message import plural
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.ui import theme
from trdtrack.ui.page import GROUND, Page, column
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, say, signed

if TYPE_CHECKING:
    from trdtrack.caseload import Row
    from trdtrack.domain.edit import Touched
    from trdtrack.domain.summary import Summary
    from trdtrack.ui.desk import Desk


def _course(row: Row) -> str:
    s = row.summary
    if s is None:
        return _("no course yet")
    weeks = _("wk {week}").format(week=max((s.today - s.week_zero).days // 7, 0)) if s.week_zero else _("not begun")
    sessions = _("s{number}").format(number=s.attended) if s.attended else ""
    return "  ".join(part for part in (s.course.modality.value, weeks, sessions) if part)


def _item9(row: Row) -> str:
    nine = row.summary.latest.item9 if row.summary and row.summary.latest else None
    return f"■ 9: {nine}" if isinstance(nine, int) and nine else ""


def _last(row: Row) -> str:
    return str(row.summary.latest.total) if row.summary and row.summary.latest else ""


def _change(row: Row) -> str:
    return "" if row.summary is None or row.summary.change is None else signed(row.summary.change)


def _age(row: Row) -> str:
    s = row.summary
    return str((s.today - s.latest.date).days) if s and s.latest else ""


def standing_words(summary: Summary | None) -> str:
    """Return a signal as shape and words."""
    if summary is None:
        return ""
    signal = summary.standing.signal
    return f"{MARKS[signal]}  {say(SIGNAL_WORDS[signal])}".strip()


COLUMNS: tuple[Column[Row], ...] = (
    Column(_("Patient"), lambda r: r.patient.code, strong=True),
    Column(_("Name"), lambda r: r.patient.name, stretch=True),
    Column(_("Course"), _course),
    Column(_("Last"), _last, number=True, strong=True),
    Column(_("Change"), _change, number=True),
    Column(_("Days ago"), _age, number=True, tone=lambda _r: "muted"),
    Column(_("Item 9"), _item9, tone=lambda _r: "risk"),
    Column(
        _("Where it stands"),
        lambda r: standing_words(r.summary),
        tone=lambda r: TONES[r.summary.standing.signal] if r.summary else "muted",
    ),
)


class CaseloadPage(Page):
    """Every patient in force. Typing narrows the list; Enter opens; the list keeps its place."""

    opened = Signal(str)
    new_patient = Signal()
    import_scores = Signal()

    title = _("Caseload")

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._rows: list[Row] = []
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
        self.table: Table[Row] = Table(COLUMNS, name=_("Patients"), opened=lambda r: self.opened.emit(r.patient.id))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty())
        page.addWidget(self._stack, 1)

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

    def take_focus(self) -> None:
        for widget in (self.table, self._begin, self.search):
            if widget.isVisibleTo(self):
                widget.setFocus()
                return

    def redraw(self, touched: Touched | None) -> None:
        caseload, today = self.desk.caseload, self.desk.today
        if touched is None or touched.everything or "rules" in touched.kinds:
            self._rows = caseload.rows(today=today)
        else:
            others = [row for row in self._rows if row.patient.id not in touched.patients]
            again = caseload.rows(today=today, only=touched.patients)
            self._rows = sorted([*others, *again], key=lambda row: natural(row.patient.code))
        self._narrow()

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
