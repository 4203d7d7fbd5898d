"""The day's strip above the list: appointments with the last sentence written, notes to finish, reviews due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.caseload.to_do import Task, What, in_short, pressing_first
from trdtrack.ui.page import capital
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFocusEvent

    from trdtrack.ui.caseload.listed import Listed

SHOWN = 4
"""So many lines are seen at once; the others are scrolled to."""
LINE_PX = 28
_KINDS = (What.NOT_FINISHED, What.REVIEW)


@dataclass(frozen=True)
class Line:
    """One line of the day: when or what, who, and the sentence to remember; `task` where something is to be done."""

    when: str
    patient: str
    code: str
    name: str
    note: str = ""
    task: Task | None = None

    @property
    def words(self) -> str:
        """The sentence: what is to be done, else the last one written about the patient."""
        return capital(say(self.task.words)) if self.task else self.note


def appointments(booked: Iterable[Listed]) -> list[Line]:
    """Return the day's appointments in order of time, those without one last."""
    found = [(row.next[1] if row.next else "", row.gist) for row in booked]
    found.sort(key=lambda pair: (pair[0] or "24", pair[1].code))
    return [Line(time or _("today"), g.patient, g.code, g.name, g.last_note) for time, g in found]


def to_finish(tasks: Iterable[Task]) -> list[Line]:
    """Return the notes not finished and the reviews due, each kind by its day."""
    when = {What.NOT_FINISHED: _("finish"), What.REVIEW: _("review")}
    found = pressing_first(task for task in tasks if task.what in when)
    return [Line(when[t.what], t.patient, t.code, t.name, task=t) for t in found]


class _Lines(Table[Line]):
    """Shows the chosen line only while the keys go here: the list below has its own."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectRow(max(self.currentIndex().row(), 0))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.clearSelection()


class Day(QWidget):
    """A heading that folds the lines away, and the lines: Enter or a double click goes where each leads."""

    opened = Signal(str)
    task_opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        columns: list[Column[Line]] = [
            Column(_("When"), lambda line: line.when, width=76, strong=True),
            Column(_("Patient"), lambda line: line.code, width=104, strong=True),
            Column(_("Name"), lambda line: line.name, width=150, least=700),
            Column(
                _("What"), lambda line: line.words, stretch=True, tone=lambda line: "review" if line.task else "ink"
            ),
        ]
        self.heading = theme.button(_("Today"), flat=True)
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setToolTip(_("Show or fold away the day"))
        self.heading.toggled.connect(lambda _on: self._fold())
        self.table = _Lines(columns, name=_("Today"), opened=self._open)
        self.table.horizontalHeader().hide()
        self.table.verticalHeader().setMinimumSectionSize(theme.px(LINE_PX))
        self.table.verticalHeader().setDefaultSectionSize(theme.px(LINE_PX))
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, theme.GAP, 0, 0)
        stack.setSpacing(4)
        stack.addWidget(self.heading)
        stack.addWidget(self.table)

    def show_day(self, booked: Iterable[Listed], tasks: Iterable[Task]) -> None:
        """Show who comes today, and what of these tasks belongs to the day."""
        planned, waiting = appointments(booked), to_finish(tasks)
        self.table.show_records([*planned, *waiting], keep=lambda line: (line.patient, line.when, line.task))
        if not self.table.hasFocus():
            # Whoever comes to it begins with the first line, not where an earlier day's list was left.
            self.table.setCurrentIndex(QModelIndex())
        count = say(plural("{n} appointment", "{n} appointments", len(planned))) if planned else ""
        rest = in_short(Counter(line.task.what for line in waiting if line.task), *_KINDS)
        said = "  ·  ".join(filter(None, (count, rest))) or _("no appointment, nothing to finish")
        self.heading.setText(_("Today: {what}").format(what=said))
        self._fold()

    def _fold(self) -> None:
        lines = self.table.rows.rowCount()
        self.table.setVisible(bool(lines) and self.heading.isChecked())
        self.table.setFixedHeight(min(lines, SHOWN) * theme.px(LINE_PX) + 2)

    def _open(self, line: Line) -> None:
        if line.task:
            self.task_opened.emit(line.task)
        else:
            self.opened.emit(line.patient)
