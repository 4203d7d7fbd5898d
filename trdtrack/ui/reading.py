"""A pane of text to read: passages under small headings and figures beside their names, scrolled by keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.roles import Pane
from trdtrack.words import manner

if TYPE_CHECKING:
    from collections.abc import Sequence


MOST_PX = 360


@dataclass(frozen=True)
class Passage:
    """A heading and what stands under it: a text, then lines of a name and what is said about it."""

    heading: str = ""
    text: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    tone: str = "ink"


class Reading(Pane):
    """Shows passages one under the other; Tab reaches it, the arrow keys scroll it."""

    def __init__(self, *, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._holder = QWidget()
        self._stack = QVBoxLayout(self._holder)
        self._stack.setContentsMargins(4, 0, theme.GAP, 0)
        self._stack.setSpacing(4)
        self.setWidget(self._holder)
        self.passages: tuple[Passage, ...] = ()

    def show_passages(self, passages: Sequence[Passage]) -> None:
        """Replace what there is to read, from the top; the same passages again keep their place."""
        if tuple(passages) == self.passages:
            return
        self.passages = tuple(passages)
        while (item := self._stack.takeAt(0)) is not None:
            _discard(item.widget())
        for number, passage in enumerate(self.passages):
            if passage.heading:
                heading = theme.label(passage.heading, strong=True, wrap=True)
                heading.setContentsMargins(0, theme.GAP if number else 0, 0, 0)
                self._stack.addWidget(heading)
            if passage.text:
                self._stack.addWidget(theme.label(passage.text, tone=passage.tone, wrap=True))
            if passage.lines:
                self._stack.addWidget(_grid(passage))
        self._stack.addStretch(1)
        if manner().longer:  # its words are longer too, and it does not scroll sideways
            wide = self._holder.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth(max(self.minimumWidth(), min(wide, theme.px(MOST_PX))))
        self.setAccessibleDescription(self.text)
        self.verticalScrollBar().setValue(0)

    @property
    def text(self) -> str:
        """All there is to read, as one text."""
        parts = (
            part
            for passage in self.passages
            for part in (passage.heading, passage.text, *(f"{name}: {value}" for name, value in passage.lines))
        )
        return "\n".join(part for part in parts if part)


def _grid(passage: Passage) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 3)
    for row, (name, value) in enumerate(passage.lines):
        for place, cell in enumerate((theme.label(name, tone="muted", wrap=True), theme.label(value, wrap=True))):
            grid.addWidget(cell, row, place, Qt.AlignmentFlag.AlignTop)
    return holder


def _discard(widget: QWidget | None) -> None:
    if widget is not None:
        widget.hide()
        widget.deleteLater()
