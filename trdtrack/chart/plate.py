"""What the pictures of outcomes share: a plot with two plain axes, painted in pixels, that keeps still."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.stage import Type, pen
from trdtrack.chart.still import StillView
from trdtrack.words import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

SMALL = 11
"""Pixels of the type of ticks and names."""
TICK = 4.0
TOTALS = (0, 5, 10, 15, 20, 27)
"""The ticks of an axis of PHQ-9 totals."""


@dataclass(frozen=True)
class Field:
    """Where values lie: a box in pixels, `x0` to `x1` across it and `y0` (below) to `y1` (above)."""

    box: QRectF
    x0: float
    x1: float
    y0: float
    y1: float

    def x(self, value: float) -> float:
        """Where a value lies, in pixels from the left."""
        return self.box.left() + (value - self.x0) / (self.x1 - self.x0) * self.box.width()

    def y(self, value: float) -> float:
        """Where a value lies, in pixels from the top."""
        return self.box.bottom() - (value - self.y0) / (self.y1 - self.y0) * self.box.height()

    def at(self, x: float, y: float) -> QPointF:
        """Where a pair of values lies."""
        return QPointF(self.x(x), self.y(y))


class Plate(pg.GraphicsWidget):
    """A picture painted in plain pixels with pens that scale; subclasses paint it."""

    def __init__(self, palette: Palette = LIGHT) -> None:
        super().__init__()
        self.colours = palette
        self.letters = Type()

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:  # noqa: ARG002
        """Paint, smooth."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Paint the picture."""
        raise NotImplementedError

    def write(
        self, painter: QPainter, at: QPointF, text: str, *, align: float = 0.0, tone: str = "muted", pixels: int = SMALL
    ) -> None:
        """Set a text in a palette's colour; `align` as in `Type.write`."""
        self.letters.write(painter, at, text, colour=getattr(self.colours, tone), pixels=pixels, align=align)

    def line(self, painter: QPainter, a: QPointF, b: QPointF, tone: str = "line", width: float = 1.0) -> None:
        """Draw a line in a palette's colour."""
        painter.setPen(pen(getattr(self.colours, tone), width))
        painter.drawLine(QLineF(a, b))

    def axis_below(self, painter: QPainter, field: Field, ticks: Sequence[tuple[float, str]], name: str) -> None:
        """Draw the lower axis with its ticks and, under them, its name."""
        foot = field.box.bottom()
        self.line(painter, QPointF(field.box.left(), foot), QPointF(field.box.right(), foot), "muted")
        for value, text in ticks:
            x = field.x(value)
            self.line(painter, QPointF(x, foot), QPointF(x, foot + TICK), "muted")
            self.write(painter, QPointF(x, foot + TICK + 9), text, align=0.5)
        self.write(painter, QPointF(field.box.center().x(), foot + TICK + 26), name, align=0.5)

    def axis_left(self, painter: QPainter, field: Field, ticks: Sequence[float], name: str) -> None:
        """Draw hairlines at the ticks, their figures at the left, and the name above them."""
        left = field.box.left()
        for value in ticks:
            y = field.y(value)
            self.line(painter, QPointF(left, y), QPointF(field.box.right(), y))
            self.write(painter, QPointF(left - 7, y), figures(f"{value:g}"), align=1)
        self.write(painter, QPointF(0, field.box.top() - 14), name)


class Figure(StillView):
    """One plate in the window, no stop of the Tab key; its figures in words are its accessible description."""

    def __init__(
        self, plate: Plate, palette: Palette = LIGHT, parent: QWidget | None = None, *, name: str, size: QSize
    ) -> None:
        """`size`: as small as it can still be read."""
        super().__init__(palette, parent)
        self.plate = plate
        self.centralLayout.addItem(plate, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setMinimumSize(size)

    def set_palette(self, palette: Palette) -> None:
        """Change the colours."""
        self.plate.colours = palette
        super().set_palette(palette)

    def say(self, words: str) -> None:
        """Say the picture's figures to who does not see them, and paint it anew."""
        self.setAccessibleDescription(words)
        self.repaint_all()
