"""What the patient's line is read against: what could be chance, and what trials let one expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from trdtrack.chart.stage import Layer, Stage, pen
from trdtrack.chart.strokes import broken, hatching, joined, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.chart.drawing import Curve

STRIP = 0.085
"""How dark the corridor is."""
HATCH = 8.0
"""Pixels between two lines of the band's hatching, sideways."""
EVIDENCE = 0.2
"""How dark the evidence strip is."""
NOTE_HEIGHT = 20.0
"""The remark on where the data end stands above the line that marks it."""


class ChanceCorridor(Layer):
    """The totals less than a reliable change from the baseline: plain grey, under everything expected."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the strip and its two edges."""
        corridor, muted = stage.drawing.corridor, stage.palette.muted
        if corridor is None:
            return
        left, right = max(stage.x(corridor.x), 0.0), stage.edge
        if left >= right:
            return
        top, bottom = stage.y(corridor.high), stage.y(corridor.low)
        shade = QColor(muted)
        shade.setAlphaF(STRIP)
        painter.fillRect(QRectF(left, top, right - left, bottom - top), shade)
        painter.setPen(pen(muted, 0.75, 0.5))
        painter.drawLines([QLineF(left, y, right, y) for y in (top, bottom)])


class ExpectedCourse(Layer):
    """Both average lines and the bands of individual courses around the one with psychotherapy."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the middle band hatched, the wide one outlined, then the strip, then the lines."""
        drawing, accent = stage.drawing, stage.palette.accent
        everything = (*drawing.measured, *drawing.beyond[1:])
        low, high = self.run(everything, "low50"), self.run(everything, "high50")
        if len(low) < 2:
            return
        painter.setPen(pen(accent, 0.75, 0.45 if stage.palette.dark else 0.35))
        painter.drawLines(hatching(high, low, HATCH, falls=True))
        painter.setPen(pen(accent, 0.75, 0.6))
        for side in (low, high):
            painter.drawLines(joined(side))
        for of in ("low80", "high80"):
            painter.drawLines(broken(self.run(everything, of), 3, 3))
        self.evidence(painter, everything)
        beyond = drawing.beyond
        if beyond and stage.shows(x := round(stage.x(beyond[0].x)) + 0.5):
            painter.setPen(pen(stage.palette.muted, 0.75, 0.55))
            painter.drawLines(broken((QPointF(x, NOTE_HEIGHT), QPointF(x, stage.height)), 2, 3))
        painter.setPen(pen(stage.palette.ink, 1.5, 0.75, rounded=True))
        painter.drawLines(broken(self.run(everything, "usual_care"), 0.5, 4.5))
        painter.setPen(pen(accent, 2.0, rounded=True))
        painter.drawLines(joined(self.run(drawing.measured, "psychotherapy")))
        painter.drawLines(broken(self.run(beyond, "psychotherapy"), 0.5, 5.5))

    def evidence(self, painter: QPainter, curves: Sequence[Curve]) -> None:
        """Paint the strip in which the average may lie, for all that is known of what therapy adds."""
        stage = self.stage
        edges = [(stage.x(curve.x), *curve.evidence) for curve in curves if curve.evidence]
        low = within([QPointF(x, stage.y(max(least, 0.0))) for x, least, _ in edges], 0, stage.edge)
        high = within([QPointF(x, stage.y(most)) for x, _, most in edges], 0, stage.edge)
        fill = QColor(stage.palette.accent)
        fill.setAlphaF(EVIDENCE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*high, *reversed(low)]))

    def run(self, curves: Iterable[Curve], of: str) -> list[QPointF]:
        """Return one line of the course, as far as it is shown."""
        stage = self.stage
        points = [QPointF(stage.x(curve.x), stage.y(getattr(curve.at, of))) for curve in curves]
        return within(points, 0.0, stage.edge)
