"""A course in the height of a line of text: the last totals, with the middle half of what was to be expected behind.

Drawn with a bare painter: a list of ten thousand patients must not wait for the chart's libraries.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from trdtrack.domain import phq9

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.chart.palette import Palette
    from trdtrack.domain.benchmark import Benchmark

STEPS = 8
"""The band's edges bend slowly: so many stretches show no corner at this size."""
BAND_ALPHA = 52
DOT = 2.4
LINE = 1.4


@dataclass(frozen=True, slots=True)
class Spark:
    """`line` holds (x, total), `band` (x, low, high): x as a share of the width from 0 to 1, the others 0-27 points."""

    line: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float, float], ...]


def spark_of(
    totals: Sequence[tuple[date, int]],
    *,
    baseline: int | None = None,
    lines_start: date | None = None,
    benchmark: Benchmark | None = None,
) -> Spark:
    """Return the shape of a course. The time from first to last total fills the width; no benchmark, no band."""
    if not totals:
        return Spark((), ())
    first, last = totals[0][0], totals[-1][0]
    days = (last - first).days
    if not days:
        # One day only: the dot stands where the next ones will be added to it.
        return Spark(tuple((0.0, float(total)) for _, total in totals[-1:]), ())
    line = tuple(((day - first).days / days, float(total)) for day, total in totals)
    if benchmark is None or baseline is None or lines_start is None or lines_start >= last:
        return Spark(line, ())
    begin = max((lines_start - first).days, 0)
    band: list[tuple[float, float, float]] = []
    for step in range(STEPS + 1):
        at = begin + (days - begin) * step / STEPS
        expected = benchmark.at(baseline, (at - (lines_start - first).days) / 7)
        band.append((at / days, expected.low50, expected.high50))
    return Spark(line, tuple(band))


def paint_spark(painter: QPainter, within: QRectF, spark: Spark, palette: Palette) -> None:
    """Draw a course into a rectangle: the band in the accent's tint, the line and its last point in ink."""
    if not spark.line:
        return
    area = within.adjusted(DOT + 1, DOT + 1, -DOT - 1, -DOT - 1)

    def place(x: float, total: float) -> QPointF:
        return QPointF(area.left() + x * area.width(), area.bottom() - total / phq9.MAX_TOTAL * area.height())

    painter.save()
    # Soft edges would cost the band thirty times as much, and nobody sees them in so faint a tint.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    if spark.band:
        tint = QColor(palette.accent)
        tint.setAlpha(BAND_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        upper = [place(x, high) for x, _low, high in spark.band]
        lower = [place(x, low) for x, low, _high in reversed(spark.band)]
        painter.drawPolygon(QPolygonF([*upper, *lower]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(palette.ink)
    points = [place(x, total) for x, total in spark.line]
    if len(points) > 1:
        painter.setPen(QPen(ink, LINE))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLines([QLineF(one, other) for one, other in pairwise(points)])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(points[-1], DOT, DOT)
    painter.restore()
