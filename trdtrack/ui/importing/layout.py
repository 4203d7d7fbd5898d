"""How an import's page stands: what is chosen at the left, in cards that scroll, what would come in beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.entry.layout import scrolled

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASIDE_PX = 320


def beside(cards: Sequence[QWidget], preview: QWidget) -> QBoxLayout:
    """Return the cards at their own width, and the preview in the room that is left."""
    aside = QWidget()
    stack = QVBoxLayout(aside)
    stack.setContentsMargins(0, 0, theme.GAP, 0)
    stack.setSpacing(theme.PAD)
    for sheet in cards:
        stack.addWidget(sheet)
    stack.addStretch(1)
    area = scrolled(aside)
    theme.aside(area, _ASIDE_PX)
    across = theme.columns()
    across.setSpacing(theme.GAP)
    across.addWidget(area)
    across.addWidget(preview, 1)
    return across


def named(name: str, button: QWidget) -> QWidget:
    """Return a name, shortened where it is long, and the button beside it."""
    shown = theme.Elided()
    shown.show_text(name)
    holder = QWidget()
    across = QHBoxLayout(holder)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(theme.GAP)
    across.addWidget(shown, 1)
    across.addWidget(button)
    return holder
