"""The column beside the chart: one card that scrolls where the window is too low."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.page import card, column

WIDTH_PX = 280


class Side(QScrollArea):
    """Subclasses fill `stack`."""

    def __init__(self, name: str, *, margin: int = theme.PAD) -> None:
        super().__init__()
        theme.aside(self, theme.roomy(WIDTH_PX))
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        self.setWidget(holder)
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        sheet = card()
        outer.addWidget(sheet)
        outer.addStretch(1)
        self.stack = column(sheet, margin=margin, spacing=theme.GAP)
