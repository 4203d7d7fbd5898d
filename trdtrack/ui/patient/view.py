"""The patient view: one course in large type and plain words, fit to be turned towards the patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.domain.plain_words import for_patient
from trdtrack.ui import theme
from trdtrack.ui.page import column
from trdtrack.ui.shortcuts import WITHIN, bind
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary

BIG_PX, TEXT_PX, NUMBER_PX = 24, 17, 44


class PatientView(QWidget):
    """Covers the whole window: nobody else's name, no signal, no risk, no forecast unless the therapist asks."""

    left = Signal()

    def __init__(self, summary: Summary) -> None:
        super().__init__()
        self.setAccessibleName(_("Patient view"))
        page = column(self, margin=40, spacing=theme.WIDE)
        head = theme.row()
        head.addWidget(theme.label(_("How you have been doing"), px=BIG_PX, strong=True, wrap=theme.stacked()), 1)
        self.forecast = theme.Check(_("Show where this may go"))
        self.forecast.setToolTip(_("The forecast, off at first: talk about it before you show it"))
        close = theme.button(_("Close"))
        close.setToolTip(_("Escape or P"))
        close.clicked.connect(self.left.emit)
        head.addWidget(self.forecast)
        head.addWidget(close)
        page.addLayout(head)
        words = QHBoxLayout()
        words.setSpacing(theme.WIDE)
        number = theme.label(str(summary.latest.total) if summary.latest else "–", px=NUMBER_PX, strong=True)
        number.setAccessibleName(_("Your score"))
        words.addWidget(number, alignment=Qt.AlignmentFlag.AlignTop)
        self.words = theme.label(" ".join(say(s) for s in for_patient(summary)), px=TEXT_PX, wrap=True)
        words.addWidget(self.words, 1)
        page.addLayout(words)
        self.chart = theme.figure(TrajectoryChart())
        self.chart.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        page.addWidget(self.chart, 1)
        self.forecast.toggled.connect(self.chart.show_forecast)
        for name in ("leave", "patient view"):
            bind(name, self, self.left.emit, WITHIN)
        self.chart.draw(summary)
        self.chart.turn_to_patient(True)  # noqa: FBT003 - connects to a toggle

    def take_focus(self) -> None:
        """Put the keyboard on the chart: the arrow keys read the scores out."""
        self.chart.setFocus()
