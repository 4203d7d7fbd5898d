"""How a form's parts stand: side by side, in an area that scrolls, and brought into sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.entry.slots import Slot
from trdtrack.ui.room import Pages

if TYPE_CHECKING:
    from collections.abc import Sequence

AnySlot = Slot[QWidget]


def side_by_side(slots: Sequence[AnySlot]) -> QBoxLayout:
    """Return slots in one row, sharing its width; where the text is large, one below the other."""
    across = theme.columns()
    for slot in slots:
        across.addWidget(slot.part, 1, Qt.AlignmentFlag.AlignTop)
    return across


def wide_and_narrow(wide: AnySlot, narrow: AnySlot) -> QBoxLayout:
    """Return two slots in one row, the second as narrow as it was made."""
    across = theme.columns()
    across.addWidget(wide.part, 1, Qt.AlignmentFlag.AlignTop)
    across.addWidget(narrow.part, 0, Qt.AlignmentFlag.AlignTop)
    return across


def in_columns(*columns: Sequence[QWidget]) -> QWidget:
    """Return cards in columns of equal width; where the text is large, one column below the other."""
    body = QWidget()
    across = theme.columns(body)
    for cards in columns:
        stack = QVBoxLayout()
        stack.setSpacing(theme.PAD)
        for sheet in cards:
            stack.addWidget(sheet)
        stack.addStretch(1)
        across.addLayout(stack, 1)
    return body


def scrolled(body: QWidget) -> QScrollArea:
    """Return an area that scrolls upwards and downwards only, and takes no focus itself."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # At its least height where that fits: what may be smaller gives way before anything scrolls.
    pages = Pages()
    pages.addWidget(body)
    area.setWidget(pages)
    if theme.stacked():
        area.setMinimumHeight(theme.px(theme.LEAST_READING_PX))
    return area


def show_in_scroll(widget: QWidget) -> None:
    """Scroll a part of a form into sight."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 0, theme.PAD)
            return
        above = above.parentWidget()
