"""A card of the settings: a heading, and rows below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.ui import theme
from trdtrack.ui.page import card, column

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout, QWidget


def titled(widget: QWidget, heading: str) -> QVBoxLayout:
    """Make a widget such a card, and return what its rows are added to."""
    sheet = card()
    column(widget, margin=0).addWidget(sheet)
    stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
    stack.addWidget(theme.label(heading, px=theme.HEADLINE_PX, strong=True))
    return stack
