"""Possible sudden gains on the chart: a small question mark beside the fall, where it hides nothing."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF

from trdtrack.chart.stage import SEMIBOLD, Layer, pen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPainter

    from trdtrack.chart.drawing import Gain
    from trdtrack.chart.stage import Stage

OFFSETS = (10.0, 14.0, 19.0, 26.0)
"""Pixels from the line to the mark, the nearest that is free."""
ROOM = 12.0
"""Least pixels from the mark to a point."""
HALF = 7.0


class SuddenGains(Layer):
    """One mark a possible sudden gain."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint each mark with a short line to the middle of its fall."""
        muted = stage.palette.muted
        for gain, at in self.spots():
            middle = self.middle(gain)
            toward = QLineF(middle, at)
            painter.setPen(pen(muted, 0.75))
            if toward.length() > HALF + 2:
                toward.setLength(toward.length() - HALF + 1)
                painter.drawLine(toward)
            stage.write(painter, at, "?", colour=muted, pixels=11, weight=SEMIBOLD, align=0.5)

    def spots(self) -> list[tuple[Gain, QPointF]]:
        """Return the gains in sight and where their marks stand."""
        return self.once(
            lambda stage: [(g, self.spot(g)) for g in stage.drawing.gains if stage.shows(self.middle(g).x())]
        )

    def middle(self, gain: Gain) -> QPointF:
        """Where the middle of the fall lies."""
        stage = self.stage
        return QPointF(
            (stage.x(gain.before.x) + stage.x(gain.after.x)) / 2, (stage.y(gain.before.y) + stage.y(gain.after.y)) / 2
        )

    def spot(self, gain: Gain) -> QPointF:
        """Return where the mark stands: square to the fall, right of it if there is room."""
        stage = self.stage
        middle = self.middle(gain)
        x, y = stage.x(gain.after.x) - stage.x(gain.before.x), stage.y(gain.after.y) - stage.y(gain.before.y)
        away = QPointF(y, -x) / (hypot(x, y) or 1.0)
        places = [middle + away * side * offset for offset in OFFSETS for side in (1, -1)]
        near = OFFSETS[-1] + ROOM
        points = [
            QPointF(x, stage.y(mark.y))
            for mark in stage.drawing.marks
            if abs((x := stage.x(mark.x)) - middle.x()) <= near
        ]
        inside = QRectF(HALF, HALF, stage.edge - 2 * HALF, stage.height - 2 * HALF)
        return max(places, key=lambda at: (inside.contains(at), min(_nearest(at, points), ROOM)))


def _nearest(at: QPointF, points: Iterable[QPointF]) -> float:
    return min((hypot(at.x() - p.x(), at.y() - p.y()) for p in points), default=ROOM)
