"""What is asked about risk: the inputs of one look at it, and words that help asking. It records; it never rates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trdtrack.ui import theme
from trdtrack.ui.entry.slots import Day, Line, Text
from trdtrack.ui.page import column
from trdtrack.words import _

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.records import Clinic, RiskReview
    from trdtrack.ui.entry.form import Form

LOOKING = ("asked", "found", "plan", "told", "again")
"""The attributes of a review that a person writes."""


def usual_prompt() -> str:
    """Return what the program says about asking where the clinic has no words of its own."""
    return _(
        "Ask calmly and directly. Thoughts: how often, how strong, can they be put aside? Plan: has a way or a time "
        "been thought of? Means: is it at hand, can it be made safe? Has anything been tried or prepared, now or "
        "before? Protective factors: what speaks for living, who can help, who is there tonight?"
    )


def add_looking(form: Form, review: RiskReview | None, *, today: date, lines: int) -> None:
    """Give a form the inputs of a review; `lines` is the height of the longer ones."""
    px = 20 + 17 * lines
    form.slot(Text("asked", _("What was asked"), px=px), review.asked if review else "")
    form.slot(Text("found", _("What was found"), px=px), review.found if review else "")
    form.slot(Text("plan", _("Plan (optional)"), px=px), review.plan if review else "")
    form.slot(Line("told", _("Who was told (optional)")), review.told if review else "")
    again = Day("again", _("Look again on (optional)"), today=today, ahead=True)
    form.slot(again, review.again if review else None)


class Prompt(QWidget):
    """What to ask and whom to call, in the clinic's words; folded away until wanted, or open from the start."""

    def __init__(self, clinic: Clinic, *, folded: bool) -> None:
        super().__init__()
        stack = column(self, margin=0, spacing=theme.GAP)
        self.unfold = theme.button(_("What to ask, whom to call"), flat=True)
        self.unfold.clicked.connect(self._turn)
        stack.addWidget(self.unfold, alignment=Qt.AlignmentFlag.AlignLeft)
        self.words = QWidget()
        inner = column(self.words, margin=0, spacing=theme.GAP)
        inner.addWidget(theme.label(clinic.risk_prompt.strip() or usual_prompt(), wrap=True))
        contacts = clinic.emergency.strip() or _("No emergency contacts are written down yet: see Settings.")
        inner.addWidget(theme.label(contacts, strong=bool(clinic.emergency.strip()), wrap=True))
        records = _("The program records; it does not rate risk.")
        inner.addWidget(theme.label(records, px=theme.SMALL_PX, tone="muted", wrap=True))
        stack.addWidget(self.words)
        # Only now that they have a parent: shown before, each would be a window of its own for a moment.
        self.unfold.setVisible(folded)
        self.words.setVisible(not folded)

    def _turn(self) -> None:
        self.words.setVisible(not self.words.isVisibleTo(self))
