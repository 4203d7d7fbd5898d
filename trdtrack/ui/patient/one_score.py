"""One score: its nine answers beside the first and the previous, the session's note, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from trdtrack.domain import items, phq9
from trdtrack.ui import theme
from trdtrack.ui.page import hairline
from trdtrack.ui.patient.lists import completeness_words
from trdtrack.ui.patient.side import Side
from trdtrack.ui.shortcuts import WITHIN, bind
from trdtrack.words import _, day, manner, month_day, phq9_wording, say

if TYPE_CHECKING:
    from trdtrack.domain.records import Assessment
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point


class OneScore(Side):
    """In the place of the column beside the chart, until closed."""

    correct = Signal(object)
    redate = Signal(object)
    relocate = Signal(object)
    withdraw = Signal(object)
    as_baseline = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(_("One score"), margin=12)
        self.point: Point | None = None
        stack = self.stack
        head = QHBoxLayout()
        self.heading = theme.label(strong=True, wrap=True)
        close = theme.button(_("Close"), flat=True)
        close.setToolTip(_("Back to where it stands now (Escape)"))
        close.clicked.connect(self.closed.emit)
        head.addWidget(self.heading, 1)
        head.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        stack.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self._cells = [self._row(row) for row in range(phq9.ITEMS + 1)]
        stack.addLayout(self._grid)
        stack.addWidget(hairline())
        stack.addLayout(self._acts())
        stack.addWidget(hairline())
        self.note = theme.label(px=theme.SMALL_PX, wrap=True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        stack.addWidget(self.note)
        bind("leave", self, self.closed.emit, WITHIN)
        self.draw(None, None)

    def _row(self, row: int) -> list[theme.Text]:
        made = [
            theme.label(px=theme.SMALL_PX if row else 11, tone="muted" if place < 3 else "ink") for place in range(4)
        ]
        for place, cell in enumerate(made):
            side = Qt.AlignmentFlag.AlignLeft if place == 0 else Qt.AlignmentFlag.AlignRight
            if place == 0 and manner().longer:
                cell.setWordWrap(True)
                self._grid.addWidget(cell, row, place)
            else:
                self._grid.addWidget(cell, row, place, side)
        return made

    def _acts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.PAD)
        grid.setVerticalSpacing(0)
        self.buttons = {}
        for place, (name, text, signal) in enumerate(
            (
                ("correct", _("Correct"), self.correct),
                ("redate", _("Re-date…"), self.redate),
                ("move", _("Move…"), self.relocate),
                ("withdraw", _("Withdraw…"), self.withdraw),
                ("as_baseline", _("Make it the baseline…"), self.as_baseline),
            )
        ):
            made = theme.button(text, flat=True)
            made.clicked.connect(lambda _on=False, signal=signal: self._emit(signal))
            grid.addWidget(made, place // 2, place % 2, 1, 2 if name == "as_baseline" else 1)
            self.buttons[name] = made
        self.buttons["as_baseline"].setToolTip(_("Measure this course from this score, with a reason"))
        grid.setColumnStretch(1, 1)
        return grid

    def _emit(self, signal: Any) -> None:
        if self.point:
            signal.emit(self.point.assessment)

    def draw(self, s: Summary | None, point: Point | None) -> None:
        """Show one score of a course; None: nothing."""
        self.point = point
        if s is None or point is None:
            self.heading.clear()
            self.note.clear()
            return
        total = "–" if point.score.total is None else str(point.score.total)
        words = completeness_words(point.score.completeness, point.score.answered)
        self.heading.setText(_("{day}: {total}, {words}").format(day=day(point.date), total=total, words=words))
        there = items.beside(s, point)
        named = zip((_("First"), _("Previous"), _("This")), (there.first, there.previous, there.this), strict=True)
        heads = ["", *(f"{name}\n{_day(p)}" for name, p in named)]
        rows = [[f"{i + 1}  {say(items.NAMES[i])}", *map(_digit, answers)] for i, answers in enumerate(there.rows())]
        for cells, texts in zip(self._cells, [heads, *rows], strict=True):
            for cell, text in zip(cells, texts, strict=True):
                cell.setText(text)
        for cells, wording in zip(self._cells[1:], phq9_wording().items, strict=True):
            cells[0].setToolTip(wording)
        self.note.setText(_note(s, point.assessment))


def _day(point: Point | None) -> str:
    return "–" if point is None else month_day(point.date)


def _digit(answer: int | None) -> str:
    return "·" if answer is None else str(answer)


def _note(s: Summary, assessment: Assessment) -> str:
    session = next((x for x in s.sessions if x.id == assessment.session), None)
    if session is None:
        return _("Not from a session of this course.")
    number = s.session_number(session)
    head = _("Session {n}").format(n=number) if number else _("Session not attended")
    return f"{head}\n{session.note.strip() or _('No note.')}"
