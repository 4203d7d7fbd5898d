"""The band over the demo caseload: it says that nobody in it is real and what becomes of what is typed there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from trdtrack.ui import theme
from trdtrack.words import _


class DemoBand(QFrame):
    """Stands above everything as long as the demo is open, over a screen handed over as well."""

    tour_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("band", "review")
        across = theme.row(self)
        across.setContentsMargins(theme.PAD, 2, theme.PAD, 2)
        across.setSpacing(theme.PAD)
        across.addWidget(theme.label(_("Demo: invented people"), tone="review", strong=True))
        fate = _("What you type here is gone when the program ends.")
        across.addWidget(theme.label(fate, wrap=True), 1)
        self.tour = theme.button(_("Take the tour"), flat=True)
        self.tour.clicked.connect(self.tour_asked.emit)
        self.leave = theme.button(_("Leave the demo"), flat=True)
        self.leave.clicked.connect(self.left.emit)
        for button in (self.tour, self.leave):
            across.addWidget(button)

    def let_act(self, *, able: bool) -> None:
        """Offer its buttons, or none while somebody else is before the screen."""
        for button in (self.tour, self.leave):
            button.setVisible(able)
