"""A figure that keeps still: no zoom, no drag, no menu; scrolling is left to the page."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QMouseEvent, QResizeEvent, QTransform, QWheelEvent

from trdtrack.chart.stage import load_fonts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGraphicsWidget, QWidget

    from trdtrack.chart.palette import Palette


class StillView(pg.GraphicsView):
    """What the figures share: the bundled type, the page's colour, and no reaction to the mouse."""

    accessible_role = QAccessible.Role.Graphic
    text_size = 1.0
    """How much larger the reader likes all text."""
    magnified = 1.0
    """How much larger besides the figure is meant to be."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        load_fonts()
        super().__init__(parent, background=palette.surface)
        # Time runs from left to right in a chart, as on paper forms, in languages read from the right too.
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.sheet = cast("QGraphicsWidget", self.centralWidget)
        self.sheet.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = self.centralLayout
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        # One repaint of everything is cheaper than working out what moved.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)

    def set_palette(self, palette: Palette) -> None:
        """Change the colours."""
        self.setBackground(QColor(palette.surface))
        self.repaint_all()

    def repaint_all(self) -> None:
        """Paint the whole picture anew."""
        self.viewport().update()

    @property
    def larger(self) -> float:
        """How much larger than in its own pixels the figure is shown, type and lines alike."""
        return self.text_size * self.magnified

    def set_larger(self, factor: float) -> None:
        """Show the figure so much larger than the text around it."""
        if factor != self.magnified:
            self.magnified = factor
            self._spread()

    def set_text_size(self, factor: float) -> None:
        """Show the figure as large as its reader likes all text; it then asks for as much more room."""
        if factor != self.text_size:
            self.setMinimumSize(self.minimumSize() * (factor / self.text_size))
            self.text_size = factor
            self._spread()

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """Spread the figure over the new size."""
        super().resizeEvent(ev)
        if self.larger != 1 and not self.closed:
            self._spread()

    def _spread(self) -> None:
        room = QRectF(0, 0, self.width() / self.larger, self.height() / self.larger)
        self.setSceneRect(room)
        self.setTransform(QTransform.fromScale(self.larger, self.larger))
        self.sheet.setGeometry(room)

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
