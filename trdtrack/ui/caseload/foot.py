"""The line below the list: why the row stands where it does, or, with several chosen, what can be done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.caseload.listed import why_here
from trdtrack.ui.caseload.several import ACTIONS
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.ui.caseload.listed import Listed


class Foot(QStackedWidget):
    """One or the other, in the same place: nothing jumps when a second row is chosen."""

    asked = Signal(object)
    """An Action to do to all that are chosen."""
    everybody = Signal()
    nobody = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.why = theme.Elided(tone="muted")
        self.addWidget(self.why)
        bar = QWidget()
        across = theme.row(bar)
        self.number = theme.label(strong=True)
        across.addWidget(self.number)
        for action in ACTIONS:
            button = theme.button(say(action.name))
            button.setToolTip(say(action.hint))
            button.setAccessibleDescription(say(action.hint))
            button.clicked.connect(lambda _on=False, action=action: self.asked.emit(action))
            across.addWidget(button)
        across.addStretch(1)
        for text, asked in ((_("All shown"), self.everybody), (_("Clear (Esc)"), self.nobody)):
            button = theme.button(text)
            button.clicked.connect(asked.emit)
            across.addWidget(button)
        self.addWidget(bar)
        if not theme.stacked():
            self.setFixedHeight(bar.sizeHint().height())

    def show_chosen(self, current: Listed | None, several: int, *, besides: Sequence[str] = ()) -> None:
        """Show why the row is where it is, and `besides` what there is no room for; or how many are chosen."""
        self.setCurrentIndex(1 if several else 0)
        self.number.setText(say(plural("{n} chosen", "{n} chosen", several)))
        why = "  ·  ".join([why_here(current), *besides]) if current else ""
        if why != self.why.whole:
            self.why.show_text(why)
