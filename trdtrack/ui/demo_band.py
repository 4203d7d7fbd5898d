"""The band over the demo caseload: it says that nobody in it is real and what becomes of what is typed there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from trdtrack.ui import theme
from trdtrack.words import _


class DemoBand(QFrame):
    """Stands above everything as long as the demo is open, over a screen handed over as well."""

    tour_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("band", "review")
        down = QVBoxLayout(self)
        down.setContentsMargins(theme.PAD, 2, theme.PAD, 2)
        down.setSpacing(0)
        across = theme.row()
        across.setSpacing(theme.PAD)
        down.addLayout(across)
        across.addWidget(theme.label(_("Demo: invented people"), tone="review", strong=True))
        fate = theme.label(_("What you type here is gone when the program ends."), wrap=True)
        if theme.stacked():  # in a line of its own, where the text is large
            across.addStretch(1)
            down.addWidget(fate)
        else:
            across.addWidget(fate, 1)
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
