"""The plot's layers, from the ground up: severity bands, the expected course, the patient's line and points."""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPolygonF

from trdtrack.chart.stage import HIGHEST, LOWEST, MEDIUM, PAD, SEMIBOLD, Layer, Stage, pen
from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import Completeness
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.chart.drawing import Curve, Mark

CROWDED = 9.0
"""Below this many pixels a score the points are drawn smaller."""
TEXT_HEIGHT = 15.0
EVIDENCE = 0.2
"""How dark the evidence strip is."""
NOTE_HEIGHT = 20.0
"""The remark on where the data end stands above the line that marks it."""


def broken(points: Sequence[QPointF], on: float, off: float) -> list[QLineF]:
    """Cut a bent line into dashes that go on round its bends.

    A dashed pen starts anew at every corner, and a smooth path with a wide pen is slow to stroke.
    """
    dashes: list[QLineF] = []
    period, ahead = on + off, 0.0  # `ahead`: pixels from this corner to the next dash's beginning, or less than 0
    for a, b in pairwise(points):
        x, y, dx, dy = a.x(), a.y(), b.x() - a.x(), b.y() - a.y()
        length = hypot(dx, dy)
        if not length:
            continue
        dx, dy = dx / length, dy / length
        while ahead < length:
            begin, end = max(ahead, 0.0), min(ahead + on, length)
            dashes.append(QLineF(x + dx * begin, y + dy * begin, x + dx * end, y + dy * end))
            if ahead + on > length:
                break
            ahead += period
        ahead -= length
    return dashes


def joined(points: Sequence[QPointF]) -> list[QLineF]:
    """Return the stretches of a bent line: `drawLines` is a hundred times faster than a smooth `drawPolyline`."""
    return [QLineF(a, b) for a, b in pairwise(points)]


class Ground(Layer):
    """Severity bands and the two cut-offs."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the five bands, barely there."""
        palette = stage.palette
        for band, colour in zip(phq9.BANDS, palette.bands, strict=True):
            top = HIGHEST if band.high == phq9.MAX_TOTAL else band.high + 1
            low = stage.y(band.low or LOWEST)
            painter.fillRect(QRectF(0, stage.y(top), stage.width, low - stage.y(top)), QColor(colour))
        painter.setPen(pen(palette.muted, 0.75, 0.55))
        for cut in (phq9.REMISSION_BELOW, phq9.CASENESS_FROM):
            y = round(stage.y(cut)) + 0.5
            painter.drawLine(QLineF(0, y, stage.edge, y))


class ExpectedCourse(Layer):
    """Both average lines and the bands of individual courses around the one with psychotherapy."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint bands first, then edges, then lines."""
        drawing, accent = stage.drawing, stage.palette.accent
        if not drawing.measured:
            return
        everything = (*drawing.measured, *drawing.beyond[1:])
        for strong, outer in ((0.09, True), (0.10, False)):
            fill = QColor(accent)
            fill.setAlphaF(strong + (0.03 if stage.palette.dark else 0))
            high = _run(stage, everything, "high80" if outer else "high50")
            low = _run(stage, everything, "low80" if outer else "low50")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawPolygon(QPolygonF([*high, *reversed(low)]))
            painter.setPen(pen(accent, 0.75, 0.5))
            for side in (high, low):
                painter.drawLines(broken(side, 3, 3) if outer else joined(side))
        self.evidence(painter, everything)
        measured, beyond = drawing.measured, drawing.beyond
        if beyond:
            x = round(stage.x(beyond[0].x)) + 0.5
            painter.setPen(pen(stage.palette.muted, 0.75, 0.55))
            painter.drawLines(broken((QPointF(x, NOTE_HEIGHT), QPointF(x, stage.height)), 2, 3))
        painter.setPen(pen(stage.palette.ink, 1.5, 0.75, rounded=True))
        painter.drawLines(broken(_run(stage, everything, "usual_care"), 0.5, 4.5))
        painter.setPen(pen(accent, 2.0, rounded=True))
        painter.drawLines(joined(_run(stage, measured, "psychotherapy")))
        painter.drawLines(broken(_run(stage, beyond, "psychotherapy"), 0.5, 5.5))

    def evidence(self, painter: QPainter, curves: Sequence[Curve]) -> None:
        """Paint the strip in which the average may lie, for all that is known of what therapy adds."""
        stage = self.stage
        edges = [(stage.x(curve.x), *curve.evidence) for curve in curves if curve.evidence]
        low = [QPointF(x, stage.y(max(least, 0.0))) for x, least, _ in edges]
        high = [QPointF(x, stage.y(most)) for x, _, most in edges]
        fill = QColor(stage.palette.accent)
        fill.setAlphaF(EVIDENCE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([*high, *reversed(low)]))


def _run(stage: Stage, curves: Iterable[Curve], of: str) -> list[QPointF]:
    return [QPointF(stage.x(curve.x), stage.y(getattr(curve.at, of))) for curve in curves]


class PatientCourse(Layer):
    """The darkest thing on the page: the patient's line, points and the ring round the baseline."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the line, then the points over it, then the two figures that matter."""
        drawing, ink = stage.drawing, stage.palette.ink
        if not drawing.marks:
            return
        counting = drawing.counting
        spread = (stage.edge - PAD) / max(len(counting), 1)
        size = 4.25 if spread >= CROWDED else 3.0 if spread >= CROWDED / 2 else 2.25
        painter.setPen(pen(ink, 2.0 if spread >= CROWDED / 2 else 1.5, rounded=True))
        lines = [
            (QLineF(stage.x(s.x0), stage.y(s.y0), stage.x(s.x1), stage.y(s.y1)), s.dashed) for s in drawing.stretches
        ]
        painter.drawLines([run for run, dashed in lines if not dashed])
        painter.setPen(pen(ink, 1.5))
        painter.drawLines([dash for run, dashed in lines if dashed for dash in broken((run.p1(), run.p2()), 6, 5)])
        for mark in drawing.marks:
            if not mark.counts:
                self.point(painter, mark, size * 0.75, stage.palette.muted)
        for mark in counting:
            self.point(painter, mark, size, ink)
        self.figures(painter, stage, size)

    def point(self, painter: QPainter, mark: Mark, size: float, colour: str) -> None:
        """Paint one total: filled complete, hollow prorated, square where only the total is known."""
        stage = self.stage
        at = QPointF(stage.x(mark.x), stage.y(mark.y))
        hollow = mark.completeness is Completeness.PRORATED
        painter.setPen(pen(colour, 1.75) if hollow else pen(stage.palette.surface, 1.0))
        painter.setBrush(QBrush(QColor(stage.palette.surface if hollow else colour)))
        if not mark.counts:
            painter.setPen(pen(colour, 1.25))
            painter.setBrush(QBrush(QColor(stage.palette.surface)))
        if mark.completeness is Completeness.TOTAL_ONLY:
            painter.drawRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size))
        else:
            painter.drawEllipse(at, size, size)

    def figures(self, painter: QPainter, stage: Stage, size: float) -> None:
        """Ring the baseline and name it; set the latest total beside its point."""
        drawing, ink = stage.drawing, stage.palette.ink
        if mark := drawing.baseline:
            at = QPointF(stage.x(mark.x), stage.y(mark.y))
            painter.setPen(pen(ink, 1.25))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, size + 4, size + 4)
            text = say(message("baseline {total}", total=mark.y))
            left = max(4.0, at.x() - size - 4)
            y = self.clear(left, left + stage.measure(text, weight=MEDIUM), at.y(), size + 15)
            if y is not None:
                stage.write(painter, QPointF(left, y), text, colour=ink, weight=MEDIUM)
        if (mark := drawing.latest) and mark is not drawing.baseline:
            x, y = stage.x(mark.x), stage.y(mark.y)
            side = self.crossed(mark)
            at = QPointF(x, y + side * (size + 11)) if side else QPointF(x + size + 7, y)
            align = 0.5 if side else 0.0
            if drawing.outlook:
                wide = stage.measure(str(mark.y), 13, SEMIBOLD) + 6
                plate = QColor(stage.palette.surface)
                plate.setAlphaF(0.8)
                painter.fillRect(QRectF(at.x() - 3 - align * (wide - 6), at.y() - 8, wide, 16), plate)
            stage.write(painter, at, str(mark.y), colour=ink, weight=SEMIBOLD, pixels=13, align=align)

    def clear(self, left: float, right: float, y: float, away: float) -> float | None:
        """Return the height nearest to `y` where a text from left to right clears the line, if there is any."""
        stage = self.stage
        inside = [y]
        for s in stage.drawing.stretches:
            x0, x1 = stage.x(s.x0), stage.x(s.x1)
            ends = (max(x0, left - 6), min(x1, right + 6))
            if x0 < x1 and ends[0] <= ends[1]:
                inside.extend(stage.y(s.y0 + (s.y1 - s.y0) * (x - x0) / (x1 - x0)) for x in ends)
        above, below = min(inside) - away, max(inside) + away
        fits = [h for h in (above, below) if TEXT_HEIGHT / 2 < h < stage.height - TEXT_HEIGHT / 2]
        return min(fits, key=lambda h: abs(h - y), default=None)

    def crossed(self, mark: Mark) -> int:
        """Whether an average line runs through where the latest figure would stand: then 1 to set it below, or -1."""
        stage = self.stage
        curves = (*stage.drawing.measured, *stage.drawing.beyond)
        there = stage.x(mark.x) + 16
        near = min(curves, key=lambda curve: abs(stage.x(curve.x) - there), default=None)
        if near is None:
            return 0
        y = stage.y(mark.y)
        lines = [stage.y(v) - y for v in (near.at.psychotherapy, near.at.usual_care)]
        nearest = min(lines, key=abs)
        if abs(nearest) >= TEXT_HEIGHT / 2:
            return 0
        return 1 if nearest <= 0 and y < stage.height - 2 * TEXT_HEIGHT else -1
