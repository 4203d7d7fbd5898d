"""What the second of two people sees: both versions of a record field by field, and three ways to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from trdtrack.domain.conflict import Stands, conflicts, put_over
from trdtrack.domain.history_labels import named
from trdtrack.domain.message import message
from trdtrack.ui import theme
from trdtrack.ui.entry.layout import scrolled
from trdtrack.ui.page import GROUND, capital, card, column
from trdtrack.ui.shortcuts import WITHIN, bind
from trdtrack.words import _, moment, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.caseload import Caseload
    from trdtrack.domain.conflict import Conflict, Row
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.history import Line
    from trdtrack.domain.records import Record

_STANDS = {
    Stands.MINE: message("yours"),
    Stands.THEIRS: message("theirs"),
    Stands.BOTH: message("the same"),
}


def found_in(caseload: Caseload, edit: Edit) -> tuple[Conflict, ...]:
    """Return which records of an edit somebody else changed meanwhile."""

    def stored(record: Record) -> Record | None:
        return next(iter(caseload.records(record.kind, among=[record.id])), None)

    return conflicts(edit, stored)


class ConflictPage(QWidget):
    """Lies over the form it came from, which keeps all that was typed. Says by signals what was chosen."""

    theirs = Signal()
    mine = Signal(object)
    """The edit that puts mine over what is stored now."""
    back = Signal()

    def __init__(self, edit: Edit, found: Sequence[Conflict], caseload: Caseload) -> None:
        super().__init__()
        self.found = tuple(found)
        stack = column(self, ground=GROUND)
        stack.addWidget(theme.label(_("Somebody changed this first"), px=theme.TITLE_PX, strong=True))
        stack.addWidget(
            theme.label(_("Nothing was overwritten, and nothing you typed is lost."), tone="muted", wrap=True)
        )
        body = QWidget()
        cards = column(body, margin=0)
        for conflict in self.found:
            cards.addWidget(_card(conflict, _last_line(caseload, conflict)))
        cards.addStretch(1)
        stack.addWidget(scrolled(body), 1)
        self.go_on = theme.button(_("Go on typing"))
        self.go_on.setToolTip(_("Escape"))
        self.go_on.clicked.connect(self.back.emit)
        self.keep_theirs = theme.button(_("Keep theirs"))
        self.keep_theirs.setToolTip(_("What you typed in this form is let go"))
        self.keep_theirs.clicked.connect(self.theirs.emit)
        self.put_mine = theme.button(_("Put mine over it"), primary=True)
        self.put_mine.setToolTip(_("Saved as a change of yours, which can be undone; theirs stays in the history"))
        self.put_mine.clicked.connect(lambda: self.mine.emit(put_over(edit, self.found)))
        # Of a record that is gone there is nothing to put mine over.
        self.put_mine.setVisible(all(conflict.over for conflict in self.found))
        across = theme.row()
        across.addStretch(1)
        for button in (self.go_on, self.keep_theirs, self.put_mine):
            across.addWidget(button)
        stack.addLayout(across)
        bind("leave", self, self.back.emit, WITHIN)

    def start(self) -> None:
        """Put the focus where an Enter too many does no harm."""
        self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)


def _last_line(caseload: Caseload, conflict: Conflict) -> Line | None:
    """Return who changed the record last, and when: the newest line of its history."""
    record = conflict.stored or conflict.step.record
    lines = caseload.history(record.patient or None)
    return next((line for line in lines if line.record == record.id), None)


def _card(conflict: Conflict, last: Line | None) -> QWidget:
    sheet = card()
    stack = column(sheet, margin=theme.PAD, spacing=12)
    stack.addWidget(
        theme.label(capital(say(named(conflict.step.record))), px=theme.HEADLINE_PX, strong=True, wrap=True)
    )
    if last and conflict.stored:
        said = _("{who} changed it on {when}.").format(who=last.who, when=moment(last.at))
        stack.addWidget(theme.label(said, tone="muted", wrap=True))
    if conflict.stored is None:
        stack.addWidget(theme.label(_("It is not in the caseload any more."), tone="risk", wrap=True))
        return sheet
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.PAD)
    grid.setVerticalSpacing(theme.GAP)
    whose = last.who if last else _("They")
    headings = ("", _("Before"), _("{who} saved").format(who=whose), _("You typed"), _("With yours over it"))
    for place, heading in enumerate(headings):
        grid.addWidget(theme.label(heading, px=theme.SMALL_PX, tone="muted", wrap=True), 0, place)
        grid.setColumnStretch(place, 2 if place in {1, 2, 3} else 1)
    for number, row in enumerate(conflict.rows, start=1):
        for place, (text, tone) in enumerate(_cells(row)):
            cell = theme.label(text, tone=tone, wrap=True, strong=place in {0, 4})
            cell.setAccessibleName(f"{headings[place]}: {text}" if headings[place] else text)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(cell, number, place, Qt.AlignmentFlag.AlignTop)
    stack.addLayout(grid)
    return sheet


def _cells(row: Row) -> list[tuple[str, str]]:
    """Return a row's words from left to right, each with its tone."""
    was = (_("left as it was"), "muted")
    sides = [was if side is None else (say(side), "ink") for side in (row.theirs, row.mine)]
    return [(capital(say(row.label)), "ink"), (say(row.was), "muted"), *sides, (say(_STANDS[row.stands]), "ink")]
