"""The forecast on the chart: a hatched, outlined fan, told from the expected band without its colour."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from trdtrack.chart.layers import broken, joined
from trdtrack.chart.stage import Layer, Stage, pen

if TYPE_CHECKING:
    from collections.abc import Sequence

HATCH = 7.0
"""Pixels between two lines of the hatching, across."""


class ForecastFan(Layer):
    """Mean and both bands from the last score to the horizon; nothing while it is not asked for."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the wide band pale and outlined, the narrow one hatched, the mean dashed."""
        outlook = stage.drawing.outlook
        if outlook is None:
            return
        colour = stage.palette.forecast

        def edge(band: str, side: int) -> list[QPointF]:
            return [QPointF(stage.x(step.x), stage.y(getattr(step.at, band)[side])) for step in outlook.steps]

        low80, high80, low50, high50 = (edge(band, side) for band in ("band80", "band50") for side in (0, 1))
        fill = QColor(colour)
        fill.setAlphaF(0.10 if stage.palette.dark else 0.07)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*high80, *reversed(low80)]))
        painter.setPen(pen(colour, 0.75, 0.45))
        painter.drawLines(hatching(high50, low50, HATCH))
        painter.setPen(pen(colour, 1.0, 0.8))
        for side in (high80, low80):
            painter.drawLines(joined(side))
        painter.setPen(pen(colour, 2.0))
        mean = [QPointF(stage.x(step.x), stage.y(step.at.centre)) for step in outlook.steps]
        painter.drawLines(broken(mean, 7, 4))


def hatching(top: Sequence[QPointF], bottom: Sequence[QPointF], gap: float) -> list[QLineF]:
    """Return the slanting lines that fill what lies between two runs over the same x.

    Worked out rather than clipped or given as a brush: on paper a clip is lost and a brush becomes a bitmap.
    """
    lines: list[QLineF] = []
    for (a, b), (c, d) in zip(pairwise(top), pairwise(bottom), strict=True):
        x0, x1 = a.x(), b.x()
        if x1 <= x0:
            continue
        up, down = (b.y() - a.y()) / (x1 - x0), (d.y() - c.y()) / (x1 - x0)
        # A line y = k - x lies below the top where k - x >= a + up (x - x0), above the bottom likewise.
        first = min(a.y() + x0, b.y() + x1)
        last = max(c.y() + x0, d.y() + x1)
        k = -(-first // gap) * gap
        while k <= last:
            begin, end = x0, x1
            for slope, y, under in ((up, a.y(), True), (down, c.y(), False)):
                # (1 + slope) x <= k - y + slope x0 for the top, >= for the bottom.
                steep, right = 1 + slope, k - y + slope * x0
                if abs(steep) < 1e-9:
                    if (right < 0) == under:
                        begin, end = 1.0, 0.0
                elif (steep > 0) == under:
                    end = min(end, right / steep)
                else:
                    begin = max(begin, right / steep)
            if begin < end:
                lines.append(QLineF(begin, k - begin, end, k - end))
            k += gap
    return lines
