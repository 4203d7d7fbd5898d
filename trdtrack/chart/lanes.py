"""The lanes under the plot, on the same days: item 9 as a numbered square a score, and the sessions."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from trdtrack.chart.stage import REGULAR, SEMIBOLD, pen
from trdtrack.domain.message import message
from trdtrack.words import say

if TYPE_CHECKING:
    from trdtrack.chart.drawing import Item9Mark
    from trdtrack.chart.stage import Stage

LANE = 22.0
SQUARE = 14.0
HEIGHT = 2 * LANE + 6


def squares(marks: tuple[Item9Mark, ...], xs: list[float]) -> set[int]:
    """Choose which marks have room for their square: raised answers first, then the latest. The rest become bars."""
    order = sorted(range(len(marks)), key=lambda i: (not marks[i].raised, -i))
    kept: set[int] = set()
    taken: dict[int, list[float]] = {}
    for i in order:
        cell = int(xs[i] // SQUARE)
        near = [x for c in (cell - 1, cell, cell + 1) for x in taken.get(c, ())]
        if all(abs(xs[i] - x) >= SQUARE + 1 for x in near):
            kept.add(i)
            taken.setdefault(cell, []).append(xs[i])
    return kept


class Lanes(pg.GraphicsWidget):
    """Two lanes, their names at the left of the plot's edge."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.setMinimumHeight(HEIGHT)
        self.setMaximumHeight(HEIGHT)

    def boundingRect(self) -> QRectF:
        """Reach left over the names."""
        return QRectF(-70, 0, self.size().width() + 70, HEIGHT)

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:  # noqa: ARG002
        """Paint both lanes."""
        stage = self.stage
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = (say(message("item 9")), say(message("sessions")))
        painter.setPen(pen(stage.palette.line))
        painter.drawLines([QLineF(0, y, stage.width, y) for y in (0.5, LANE + 3.5)])
        for row, name in enumerate(names):
            at = QPointF(-9, self.middle(row))
            stage.write(painter, at, name, colour=stage.palette.muted, align=1)
        self.item9(painter, stage)
        self.sessions(painter, stage)

    @staticmethod
    def middle(row: int) -> float:
        """Middle height of a lane."""
        return 3 * (row + 0.5) + LANE * (row + 0.5)

    def item9(self, painter: QPainter, stage: Stage) -> None:
        """Paint a square a score; where there is no room, a bar of the same height and colour."""
        marks, y, palette = stage.drawing.item9, self.middle(0), stage.palette
        xs = [stage.x(mark.x) for mark in marks]
        room = squares(marks, xs)
        calm, raised = pen(palette.muted, 1, 0.6), pen(palette.risk, 1.5)
        painter.setPen(calm)
        painter.drawLines(
            [
                QLineF(x, y - 3, x, y + 3)
                for i, (mark, x) in enumerate(zip(marks, xs, strict=True))
                if i not in room and not mark.raised
            ]
        )
        painter.setPen(raised)
        painter.drawLines(
            [
                QLineF(x, y - SQUARE / 2, x, y + SQUARE / 2)
                for i, (mark, x) in enumerate(zip(marks, xs, strict=True))
                if i not in room and mark.raised
            ]
        )
        for i in sorted(room):
            mark, x = marks[i], xs[i]
            painter.setPen(raised if mark.raised else calm)
            painter.setBrush(QColor(palette.surface))
            painter.drawRect(QRectF(x - SQUARE / 2, y - SQUARE / 2, SQUARE, SQUARE))
            stage.write(
                painter,
                QPointF(x, y),
                mark.text,
                colour=palette.risk if mark.raised else palette.muted,
                pixels=10,
                weight=SEMIBOLD if mark.raised else REGULAR,
                align=0.5,
            )

    def sessions(self, painter: QPainter, stage: Stage) -> None:
        """Paint a tick a session that took place, and a small ring for one that did not."""
        y = self.middle(1)
        painter.setPen(pen(stage.palette.muted, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        xs = [(stage.x(x), attended) for x, attended in stage.drawing.sessions]
        painter.drawLines([QLineF(x, y - 5, x, y + 5) for x, attended in xs if attended])
        for x, attended in xs:
            if not attended:
                painter.drawEllipse(QPointF(x, y), 3.25, 3.25)
