"""What the outcomes page shows where there is nothing to count: what to do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.ui import theme
from trdtrack.words import _


class Nothing(QWidget):
    """One line and one button: back to all courses, or to the caseload, where courses end. Blank at first."""

    all_asked = Signal()
    caseload_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chosen = False
        stack = QVBoxLayout(self)
        stack.setSpacing(theme.PAD)
        self.words = theme.label(px=theme.HEADLINE_PX, wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = theme.button("", primary=True)
        self.button.clicked.connect(self._go)
        self.button.hide()
        stack.addStretch(2)
        stack.addWidget(self.words)
        stack.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignCenter)
        stack.addStretch(3)

    def show_next(self, choice: Choice) -> None:
        """Say what to do where these courses are none."""
        self._chosen = choice != Choice()
        self.button.show()
        if self._chosen:
            self.words.setText(_("None of the closed courses is as chosen above."))
            self.button.setText(_("Show all closed courses"))
        else:
            self.words.setText(
                _("A course counts here once it has ended: on the patient\u2019s page, Edit, and the day it ended.")
            )
            self.button.setText(_("Go to the caseload"))

    def _go(self) -> None:
        (self.all_asked if self._chosen else self.caseload_asked).emit()
