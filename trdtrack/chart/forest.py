"""The forest plot: trials as squares, our pools as filled diamonds, published estimates as hollow ones.

It knows pooled and published estimates and a `Palette`, and nothing of the window it stands in.
"""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF, QResizeEvent

from trdtrack.chart.forest_columns import least_height, sheet
from trdtrack.chart.forest_drawing import ForestDrawing, forest
from trdtrack.chart.forest_sheet import MARGIN, TICK, Sheet
from trdtrack.chart.layers import broken
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.stage import Type, pen
from trdtrack.chart.still import StillView
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from trdtrack.chart.forest_drawing import Line, PoolLine
    from trdtrack.domain.pooling import Pooled
    from trdtrack.domain.trials import Published

NARROWEST = 520
SQUARE, LEAST_SQUARE = 0.72, 3.0
"""Side of the heaviest trial's square as a share of the row, and of the lightest in pixels."""
DIAMOND = 0.68
ARROW = 5.0


class ForestPlot(StillView):
    """Draws a forest plot as high as its rows; its figures in words are its accessible description."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self.picture = Picture(palette)
        self.centralLayout.addItem(self.picture, 0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Forest plot"))
        self.setMinimumSize(NARROWEST, 120)

    def sizeHint(self) -> QSize:
        """Two thirds of a page, as high as the rows like to be."""
        return QSize(720, max(560, self.minimumHeight()))

    def draw(self, pooled: Sequence[Pooled], published: Sequence[Published]) -> None:
        """Show the trials of the first pool, the pools (Paule-Mandel first) and the published estimates."""
        picture = self.picture
        picture.show_drawing(forest(pooled, published))
        self.setAccessibleDescription(picture.drawing.words)
        self._ask_height()

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """Ask for the height that the rows need in this width."""
        super().resizeEvent(ev)
        if hasattr(self, "picture"):
            self._ask_height()

    def _ask_height(self) -> None:
        least = least_height(self.picture.drawing, self.picture.letters, self.width() / self.larger)
        self.setMinimumHeight(int(least * self.larger))

    def set_palette(self, palette: Palette) -> None:
        """Change the colours."""
        self.picture.colours = palette
        super().set_palette(palette)


class Picture(pg.GraphicsWidget):
    """The figure, painted in plain pixels with pens that scale."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.colours = palette
        self.letters = Type()
        self.drawing = ForestDrawing()
        self._sheet: Sheet | None = None
        self._made_for: tuple[float, float] | None = None

    def show_drawing(self, drawing: ForestDrawing) -> None:
        """Take another drawing."""
        self.drawing, self._sheet = drawing, None
        self.update()

    @property
    def sheet(self) -> Sheet:
        """The drawing laid out for the size in force."""
        size = (self.size().width(), self.size().height())
        if self._sheet is None or self._made_for != size:
            self._sheet, self._made_for = sheet(self.drawing, self.letters, *size), size
        return self._sheet

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:  # noqa: ARG002
        """Paint lines first, then effects, then words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        laid, palette = self.sheet, self.colours
        if self.drawing.lines:
            self.frame(painter, laid)
            rows = iter(laid.rows)
            for line in self.drawing.trials:
                self.trial(painter, laid, line, next(rows), sqrt(line.share))
            for line in self.drawing.pools:
                self.pool(painter, laid, line, next(rows))
            for review in self.drawing.reviews:
                for line in review.lines:
                    self.diamond(painter, laid, line, next(rows), filled=False)
        for words in laid.words:
            self.letters.write(
                painter,
                QPointF(words.left, words.middle),
                words.text,
                colour=getattr(palette, words.colour),
                pixels=words.pixels,
                weight=words.weight,
                tabular=words.tabular,
            )

    def frame(self, painter: QPainter, laid: Sheet) -> None:
        """Paint the hairline under the headings, the line of no difference, our first estimate, and the axis."""
        palette = self.colours
        painter.setPen(pen(palette.line))
        y = round(laid.head) + 0.5
        painter.drawLine(QLineF(MARGIN, y, laid.width - MARGIN, y))
        zero, foot = round(laid.x(0.0)) + 0.5, round(laid.foot) + 0.5
        ends = (*laid.blocks[:-1], (laid.blocks[-1][0], foot))
        painter.setPen(pen(palette.muted))
        painter.drawLines([QLineF(zero, top, zero, bottom) for top, bottom in ends])
        painter.drawLine(QLineF(laid.left, foot, laid.right, foot))
        marks = [round(laid.x(tick)) + 0.5 for tick in laid.ticks]
        painter.drawLines([QLineF(x, foot, x, foot + TICK) for x in marks])
        pools = self.drawing.pools
        if pools and self.drawing.trials and self.drawing.first < pools[0].g < self.drawing.last:
            x = laid.x(pools[0].g)
            painter.setPen(pen(palette.accent, 0.75, 0.8))
            for top, bottom in (laid.blocks[0], (laid.blocks[1][0], laid.rows[len(self.drawing.trials)])):
                painter.drawLines(broken((QPointF(x, top), QPointF(x, bottom)), 2, 3))

    def trial(self, painter: QPainter, laid: Sheet, line: Line, y: float, side: float) -> None:
        """Paint a trial: a square whose area is its weight, over its interval."""
        drawing, palette = self.drawing, self.colours
        half = max(SQUARE * laid.row * side, LEAST_SQUARE) / 2
        if drawing.first <= line.g <= drawing.last:
            painter.fillRect(QRectF(laid.x(line.g) - half, y - half, 2 * half, 2 * half), QColor(palette.muted))
        self.interval(painter, laid, line, y)

    def interval(self, painter: QPainter, laid: Sheet, line: Line, y: float) -> None:
        """Paint a line from end to end; where the axis cuts it, an arrow head."""
        drawing, ink = self.drawing, self.colours.ink
        low, high = max(line.low, drawing.first), min(line.high, drawing.last)
        painter.setPen(pen(ink, 1.25))
        if low < high:
            painter.drawLine(QLineF(laid.x(low), y, laid.x(high), y))
        self.arrows(painter, laid, (line.low, line.high), y, ink)

    def arrows(self, painter: QPainter, laid: Sheet, ends: tuple[float, float], y: float, colour: str) -> None:
        """Paint an arrow head at each end of the axis that something goes beyond."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        for beyond, tip, inward in (
            (ends[0] < self.drawing.first, laid.left, ARROW),
            (ends[1] > self.drawing.last, laid.right, -ARROW),
        ):
            if beyond:
                back = tip + inward * 1.4
                head = [QPointF(tip, y), QPointF(back, y - ARROW * 0.7), QPointF(back, y + ARROW * 0.7)]
                painter.drawPolygon(QPolygonF(head))

    def pool(self, painter: QPainter, laid: Sheet, line: PoolLine, y: float) -> None:
        """Paint one of our pools: the prediction interval as a thin dashed line, the diamond over it."""
        drawing, accent = self.drawing, self.colours.accent
        low, high = max(line.pi_low, drawing.first), min(line.pi_high, drawing.last)
        if low < high:
            painter.setPen(pen(accent, 1.25))
            painter.drawLines(broken((QPointF(laid.x(low), y), QPointF(laid.x(high), y)), 4, 2.5))
        self.diamond(painter, laid, line, y, filled=True)
        self.arrows(painter, laid, (line.pi_low, line.pi_high), y, accent)

    def diamond(self, painter: QPainter, laid: Sheet, line: Line, y: float, *, filled: bool) -> None:
        """Paint a pooled estimate: as wide as its interval, cut at the axis."""
        drawing, palette = self.drawing, self.colours
        if line.high > drawing.first and line.low < drawing.last:
            half = DIAMOND * laid.row / 2
            painter.setPen(pen(palette.accent if filled else palette.ink, 1.25))
            painter.setBrush(QColor(palette.accent if filled else palette.surface))
            painter.drawPolygon(QPolygonF(diamond(laid, line, y, half)))
        if not filled:
            self.arrows(painter, laid, (line.low, line.high), y, palette.ink)


def diamond(laid: Sheet, line: Line, y: float, half: float) -> list[QPointF]:
    """Return a diamond's corners, its ends cut off where the axis ends."""
    drawing = laid.drawing

    def high(g: float) -> float:
        reach = line.g - line.low if g < line.g else line.high - line.g
        return half * (1 - abs(g - line.g) / reach) if reach else half

    ends = (max(line.low, drawing.first), min(line.high, drawing.last))
    within = sorted({*ends, *({line.g} if ends[0] < line.g < ends[1] else ())})
    upper = [QPointF(laid.x(g), y - high(g)) for g in within]
    lower = [QPointF(laid.x(g), y + high(g)) for g in reversed(within)]
    return [*upper, *lower]
