"""What an empty caseload shows: the three ways to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton


class Empty(QWidget):
    """A new patient, scores from a file, or a look round in invented ones."""

    new_patient = Signal()
    import_scores = Signal()
    demo_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.PAD)
        grid.setVerticalSpacing(theme.PAD)
        ways = (
            (_("New patient"), "plus", _("a code is enough to start (Ctrl+N)"), self.new_patient),
            (_("Import scores…"), "file-up", _("a CSV or Excel file, FHIR, or an archive"), self.import_scores),
            (
                _("Try the demo"),
                "users-round",
                _("invented patients; this caseload is locked meanwhile"),
                self.demo_asked,
            ),
        )
        made: list[QPushButton] = []
        for row, (text, icon, words, asked) in enumerate(ways):
            button = theme.button(text, icon_name=icon, primary=not row)
            button.setMinimumWidth(max(theme.px(168), button.sizeHint().width()))
            button.clicked.connect(asked.emit)
            button.setAccessibleDescription(words)
            grid.addWidget(button, row, 0)
            grid.addWidget(theme.label(words, tone="muted", wrap=theme.stacked()), row, 1)
            made.append(button)
        self.first = made[0]
        stack = QVBoxLayout(self)
        stack.setSpacing(theme.PAD)
        stack.addStretch(2)
        what = theme.label(_("This caseload is empty. Three ways to begin:"), px=theme.HEADLINE_PX)
        what.setAlignment(Qt.AlignmentFlag.AlignCenter)
        stack.addWidget(what)
        middle = QVBoxLayout()
        middle.addLayout(grid)
        if not theme.stacked():
            middle.setAlignment(grid, Qt.AlignmentFlag.AlignHCenter)
        stack.addLayout(middle)
        stack.addStretch(3)
