"""What all pages share: a page redraws whole when it is seen and something it shows has changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from trdtrack.domain.refusals import ConnectionLost
from trdtrack.ui import theme

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QShowEvent

    from trdtrack.domain.edit import Touched
    from trdtrack.ui.desk import Desk


class Page(QWidget):
    """A page of the window. Subclasses build in `__init__` and draw in `redraw`; `concerns` says when that is due."""

    title = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._drawn = False
        desk.changed.connect(self._touched)

    def concerns(self, touched: Touched) -> bool:
        """Whether a change has to be drawn here."""
        return bool(touched.kinds) or touched.everything

    def redraw(self, _touched: Touched | None) -> None:
        """Draw everything again; None for the first time."""

    def draw_again(self, touched: Touched | None) -> None:
        """Draw; where the clinic's server does not answer say so, and draw whole once it does."""
        try:
            self.redraw(touched)
        except ConnectionLost as lost:
            self._drawn = False
            self.desk.refuse(lost)

    def take_focus(self) -> None:
        """Put the keyboard's focus where work on this page begins."""

    def _touched(self, touched: Touched) -> None:
        if not self.concerns(touched):
            return
        if self.isVisible():
            self.draw_again(touched)
        else:
            # Several changes while hidden: what was touched is not added up, the page just reads all again.
            self._drawn = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._drawn:
            self._drawn = True
            self.draw_again(None)


def breakable(path: Path) -> str:
    """Return a path that may be wrapped at its folders: it has no spaces to wrap at."""
    return str(path).replace(os.sep, f"{os.sep}\u200b")


GROUND = 8
"""Below a page: it stands on the message line, which is room enough."""


def column(
    parent: QWidget, *, margin: int = theme.WIDE, spacing: int = theme.PAD, ground: int | None = None
) -> QVBoxLayout:
    """Return a vertical layout on the grid."""
    made = QVBoxLayout(parent)
    made.setContentsMargins(margin, margin, margin, margin if ground is None else ground)
    made.setSpacing(spacing)
    return made


def capital(text: str) -> str:
    """Return a phrase as it stands at the head of a line."""
    return text[:1].upper() + text[1:]


def card() -> QFrame:
    """Return a padded surface with one hairline."""
    made = QFrame()
    made.setProperty("card", True)  # noqa: FBT003 - Qt's signature
    return made


def hairline() -> QFrame:
    """Return a horizontal rule."""
    made = QFrame()
    made.setProperty("rule", True)  # noqa: FBT003
    made.setFixedHeight(1)
    return made
