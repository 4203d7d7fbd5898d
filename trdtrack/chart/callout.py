"""The exact figures of one score, set beside its point: what hovering and the arrow keys show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from trdtrack.chart.stage import REGULAR, SEMIBOLD, pen

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from trdtrack.chart.drawing import Stop
    from trdtrack.chart.stage import Stage

ROW = 17.0
PADDING = 10.0
OFFSET = 14.0
EDGE, RING = 4.0, 8.5


class Callout:
    """A ring round the chosen point and a small card; nothing while no point is chosen.

    It is painted over the finished picture, which therefore stays as it is while the pointer goes from score to score.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.mark: Stop | None = None
        self.figures: tuple[str, ...] = ()

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint ring and card, the card where it has room."""
        mark = self.mark
        if mark is None or not stage.shows(stage.x(mark.x)):
            return
        palette = stage.palette
        x, y = stage.x(mark.x), stage.y(mark.y)
        painter.setPen(pen(palette.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x, y), RING, RING)
        widths = [stage.measure(line, 12, SEMIBOLD if i == 0 else REGULAR) for i, line in enumerate(self.figures)]
        wide, high = max(widths) + 2 * PADDING, ROW * len(self.figures) + 2 * PADDING - 4
        card = self.room(QPointF(x, y), wide, high)
        left, top = card.x(), card.y()
        painter.setPen(pen(palette.muted))
        painter.setBrush(QColor(palette.surface))
        painter.drawRoundedRect(QRectF(round(left) + 0.5, round(top) + 0.5, wide, high), 4, 4)
        for i, line in enumerate(self.figures):
            at = QPointF(left + PADDING, top + PADDING - 2 + ROW * (i + 0.5))
            stage.write(
                painter,
                at,
                line,
                colour=palette.ink if i == 0 else palette.muted,
                weight=SEMIBOLD if i == 0 else REGULAR,
            )

    def room(self, at: QPointF, wide: float, high: float) -> QRectF:
        """Return the place beside the point where the card hides the fewest scores."""
        stage = self.stage
        points = [QPointF(stage.x(m.x), stage.y(m.y)) for m in stage.drawing.stops if stage.shows(stage.x(m.x))]
        best, least = QRectF(at.x(), at.y(), wide, high), len(points) + 1
        for x in (at.x() + OFFSET, at.x() - OFFSET - wide, at.x() - wide / 2):
            for y in (at.y() - OFFSET - high, at.y() + OFFSET):
                left = min(max(x, EDGE), max(stage.width - wide - EDGE, EDGE))
                top = min(max(y, EDGE), max(stage.height - high - EDGE, EDGE))
                card = QRectF(left, top, wide, high)
                near = card.adjusted(-RING, -RING, RING, RING)
                hidden = sum(near.contains(p) for p in points) + len(points) * near.contains(at)
                if hidden < least:
                    best, least = card, hidden
        return best
