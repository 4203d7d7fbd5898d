"""The lanes under the plot, on the same days, and under the dates the words of the events."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF

from trdtrack.chart.axes import NAMES, name_width
from trdtrack.chart.lane_marks import PAINTED
from trdtrack.chart.lane_plan import AIR, ROW, WORDS, Plan, plan
from trdtrack.chart.packing import AFTER_DAY, AFTER_LETTER, clusters, legend, packed
from trdtrack.chart.packing import WORDS as WORDS_PIXELS
from trdtrack.chart.spoken import bar_words, event_words
from trdtrack.chart.stage import REGULAR, SEMIBOLD, pen
from trdtrack.words import say

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from trdtrack.chart.stage import Stage


class _Below(pg.GraphicsWidget):
    """A part of the picture under the plot, as high as it is told to be."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.plan = Plan()
        self.setMinimumHeight(0)
        self.setMaximumHeight(0)

    def set_height(self, height: float) -> bool:
        """Take a height; tell whether that is news."""
        if height == self.maximumHeight():
            return False
        self.setMinimumHeight(height)
        self.setMaximumHeight(height)
        return True

    def boundingRect(self) -> QRectF:
        """Reach left over the names."""
        left = name_width(self.stage)
        return QRectF(-left, 0, self.size().width() + left, self.size().height())

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:  # noqa: ARG002
        """Paint, smooth."""
        painter.setRenderHint(painter.RenderHint.Antialiasing)
        self.draw(painter, self.stage)

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint this part."""
        raise NotImplementedError


class Lanes(_Below):
    """One lane under the other, their names at the left of the plot's edge."""

    def take(self, room: float) -> bool:
        """Choose the lanes that fit into so much room; tell whether their height has changed."""
        self.plan = plan(self.stage, room)
        return self.set_height(self.plan.height)

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the end of the course, and over it the lanes."""
        top, palette = 0.0, stage.palette
        if stage.drawing.ended is not None and stage.shows(x := round(stage.x(stage.drawing.ended)) + 0.5):
            painter.setPen(pen(palette.muted, 1.0))
            painter.drawLine(QLineF(x, 0, x, self.size().height()))
        for name, height in self.plan.lanes():
            painter.setPen(pen(palette.line))
            painter.drawLine(QLineF(0, round(top) + 0.5, stage.width, round(top) + 0.5))
            under = top + AIR / 2
            first = ROW if name == "medication" else height
            stage.write(painter, QPointF(-9, under + first / 2), say(NAMES[name]), colour=palette.muted, align=1)
            PAINTED[name](painter, stage, QRectF(0, under, stage.edge, height))
            top += height

    def words_at(self, at: QPointF) -> str:
        """Return in full what is painted at a place of the lanes: a treatment, or events."""
        top, found = 0.0, self.stage.drawing.alongside
        for name, height in self.plan.lanes():
            if name == "medication" and top <= at.y() < top + height:
                row = int((at.y() - top - AIR / 2) // ROW)
                blocks, _hidden = packed(self.stage, found.treatments, self.plan.medication)
                here = [b.bar for b in blocks if b.row == row and b.reach[0] <= at.x() <= b.reach[1]]
                return "\n".join(say(bar_words(bar)) for bar in here)
            if name == "events" and top <= at.y() < top + height:
                near = [c for c in clusters(self.stage, found.events) if abs(c.x - at.x()) <= c.half]
                return "\n".join(say(event_words(event)) for cluster in near for event in cluster.events)
            top += height
        return ""


class Legend(_Below):
    """The events' letters, days and words."""

    def take(self, chosen: Plan) -> bool:
        """Take as many rows as the plan has; tell whether the height has changed."""
        self.plan = chosen
        return self.set_height(chosen.legend)

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Set the words of the events in sight."""
        entries, rest = legend(stage, stage.drawing.alongside.events, self.plan.words)
        ink, muted = stage.palette.ink, stage.palette.muted

        def write(
            text: str, x: float, row: int, *, bold: bool = False, colour: str = muted, align: float = 0.0
        ) -> float:
            weight = SEMIBOLD if bold else REGULAR
            at = QPointF(x, WORDS * (row + 0.5))
            stage.write(painter, at, text, colour=colour, pixels=WORDS_PIXELS, weight=weight, align=align)
            return x + stage.measure(text, WORDS_PIXELS, weight)

        for entry in entries:
            x = write(entry.letter, entry.left, entry.row, bold=True, colour=ink)
            x = write(entry.when, x + AFTER_LETTER, entry.row)
            write(entry.words, x + AFTER_DAY, entry.row, colour=ink)
        if rest:
            write(rest, stage.width, self.plan.words - 1, align=1.0)
