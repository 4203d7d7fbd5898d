"""The forecast on the chart: an outlined fan, its hatching rising where the expected band's falls, and wider apart."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from trdtrack.chart.stage import Layer, Stage, pen
from trdtrack.chart.strokes import broken, hatching, joined, within

HATCH = 12.0
"""Pixels between two lines of the hatching, sideways."""


class ForecastFan(Layer):
    """Mean and both bands from the last score to the horizon; nothing while it is not asked for."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the wide band pale and outlined, the narrow one hatched, the mean dashed."""
        outlook = stage.drawing.outlook
        if outlook is None:
            return
        colour = stage.palette.forecast

        def edge(band: str, side: int) -> list[QPointF]:
            run = [QPointF(stage.x(step.x), stage.y(getattr(step.at, band)[side])) for step in outlook.steps]
            return within(run, 0.0, stage.edge)

        low80, high80, low50, high50 = (edge(band, side) for band in ("band80", "band50") for side in (0, 1))
        if len(low80) < 2:
            return
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
        mean = within([QPointF(stage.x(s.x), stage.y(s.at.centre)) for s in outlook.steps], 0.0, stage.edge)
        painter.drawLines(broken(mean, 7, 4))
