"""The tables under the chart: every score and every session, with the same numbers, to correct or withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Attendance
from trdtrack.ui import theme
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, day, phq9_wording, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.records import Session
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

ATTENDANCE = {
    Attendance.ATTENDED: _("attended"),
    Attendance.LATE_CANCEL: _("late cancel"),
    Attendance.DID_NOT_ATTEND: _("did not attend"),
}


class RecordList(QWidget):
    """A table of one course's records with Correct (Enter) and Withdraw (Delete)."""

    correct = Signal(object)
    withdraw = Signal(object)

    def __init__(self, columns: Sequence[Column[Any]], *, name: str) -> None:
        super().__init__()
        self.table: Table[Any] = Table(columns, name=name, opened=self._correct)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.summary: Summary | None = None
        self._correct_button = theme.button(_("Correct"), icon_name="pencil")
        self._correct_button.setToolTip(_("Enter"))
        self._correct_button.clicked.connect(self._correct)
        self._withdraw_button = theme.button(_("Withdraw"), icon_name="trash-2")
        self._withdraw_button.setToolTip(_("Delete key; undo brings it back"))
        self._withdraw_button.clicked.connect(self._withdraw)
        buttons = QVBoxLayout()
        buttons.addWidget(self._correct_button)
        buttons.addWidget(self._withdraw_button)
        buttons.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, theme.GAP, 0, 0)
        across.setSpacing(theme.PAD)
        across.addWidget(self.table, 1)
        across.addLayout(buttons)
        QShortcut(QKeySequence("Delete"), self.table, self._withdraw, context=Qt.ShortcutContext.WidgetShortcut)

    def record(self, row: Any) -> Any:
        """Return the record behind a row."""
        return row

    def _fill(self, rows: Sequence[Any]) -> None:
        self.table.show_records(rows, keep=lambda row: self.record(row).id)
        for button in (self._correct_button, self._withdraw_button):
            button.setEnabled(bool(rows))

    def _correct(self, _row: Any = None) -> None:
        row = self.table.chosen()
        if row is not None:
            self.correct.emit(self.record(row))

    def _withdraw(self) -> None:
        row = self.table.chosen()
        if row is not None:
            self.withdraw.emit(self.record(row))


class ScoreList(RecordList):
    """Every PHQ-9 of the course, newest first."""

    def __init__(self) -> None:
        columns: list[Column[Point]] = [
            Column(_("Answered"), lambda p: day(p.date)),
            Column(_("Week"), lambda p: "" if p.week is None else f"{p.week:.0f}", number=True),
            Column(
                _("Total"), lambda p: "–" if p.score.total is None else str(p.score.total), number=True, strong=True
            ),
            Column(_("Change"), self._change, number=True),
            Column(_("Completeness"), self._completeness, tone=lambda _p: "muted"),
            Column(_("Item 9"), _item9, number=True, tone=lambda p: "risk" if p.item9 in (1, 2, 3) else "ink"),
            Column(_("Answers"), _answers),
            Column(_("Function"), _function, stretch=True),
        ]
        super().__init__(columns, name=_("Scores"))

    def draw(self, s: Summary | None) -> None:
        """Show a course's scores."""
        self.summary = s
        self._fill(s.points[::-1] if s else ())

    def record(self, row: Point) -> Any:
        return row.assessment

    def _change(self, point: Point) -> str:
        base = self.summary.baseline if self.summary else None
        if base is None or point.score.total is None:
            return ""
        if base.point.assessment.id == point.assessment.id:
            return _("baseline")
        return signed(point.score.total - base.point.total)

    @staticmethod
    def _completeness(point: Point) -> str:
        words = completeness_words(point.score.completeness, point.score.answered)
        if point.score.total is not None and not point.counts:
            return _("{words}; another score of that day counts").format(words=words)
        return words


class SessionList(RecordList):
    """Every session of the course, newest first."""

    def __init__(self) -> None:
        columns: list[Column[Session]] = [
            Column(_("Date"), lambda x: day(x.date)),
            Column(_("Session"), self._number, number=True),
            Column(_("Attendance"), lambda x: ATTENDANCE[x.attendance]),
            Column(_("Note"), lambda x: " ".join(x.note.split()), stretch=True),
        ]
        super().__init__(columns, name=_("Sessions"))

    def draw(self, s: Summary | None) -> None:
        """Show a course's sessions."""
        self.summary = s
        self._fill(s.sessions[::-1] if s else ())

    def _number(self, session: Session) -> str:
        number = self.summary.session_number(session) if self.summary else None
        return "" if number is None else str(number)


def _answers(point: Point) -> str:
    answers = point.assessment.answers
    return "" if answers is None else " ".join("·" if a is None else str(a) for a in answers)


def _item9(point: Point) -> str:
    return str(point.item9) if isinstance(point.item9, int) else "?"


def _function(point: Point) -> str:
    value = point.assessment.difficulty
    return "" if value is None else phq9_wording().difficulty_answers[value]


def completeness_words(completeness: Completeness, answered: int) -> str:
    """Return how a total came about, as tables say it."""
    if completeness is Completeness.COMPLETE:
        return _("complete")
    if completeness is Completeness.TOTAL_ONLY:
        return _("total only")
    words = _("{n} of 9 answered").format(n=answered)
    return _("prorated, {count}").format(count=words) if completeness is Completeness.PRORATED else words
