"""A figure that keeps still: no zoom, no drag, no menu; scrolling is left to the page."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent

from trdtrack.chart.stage import load_fonts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from trdtrack.chart.palette import Palette


class StillView(pg.GraphicsView):
    """What the figures share: the bundled type, the page's colour, and no reaction to the mouse."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        load_fonts()
        super().__init__(parent, background=palette.surface)
        grid = self.centralLayout
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        # One repaint of everything is cheaper than working out what moved.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)

    def set_palette(self, palette: Palette) -> None:
        """Change the colours."""
        self.setBackground(QColor(palette.surface))
        self.viewport().update()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Take the move and do nothing."""

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Take the press and do nothing: pyqtgraph would drag and zoom."""

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """Take the release and do nothing."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the double click and do nothing."""

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Leave scrolling to the page: nothing here zooms."""
        ev.ignore()
