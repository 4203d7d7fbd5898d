"""The two figures set beside the patient's line: the baseline by name, and the latest total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from trdtrack.chart.expected import on_day
from trdtrack.chart.stage import MEDIUM, PAD, SEMIBOLD
from trdtrack.domain.message import message
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QFont

    from trdtrack.chart.drawing import Mark
    from trdtrack.chart.stage import Stage

CROWDED = 9.0
"""Below this many pixels a score the points are drawn smaller."""
TEXT_HEIGHT = 15.0


@dataclass(frozen=True)
class Figure:
    """A text beside a point: where its middle height is, and how it stands to that place (0 starts, 0.5 centred)."""

    text: str
    at: QPointF
    align: float
    pixels: int
    weight: QFont.Weight
    width: float

    @property
    def box(self) -> QRectF:
        """The room it takes."""
        return QRectF(self.at.x() - self.align * self.width, self.at.y() - TEXT_HEIGHT / 2, self.width, TEXT_HEIGHT)


def point_size(stage: Stage) -> float:
    """Return the half width of a point: smaller where scores stand close."""
    x0, x1 = 0.0, stage.edge
    shown = sum(x0 <= stage.x(mark.x) <= x1 for mark in stage.drawing.marks if mark.counts)
    spread = (stage.edge - PAD) / max(shown, 1)
    return 4.25 if spread >= CROWDED else 3.0 if spread >= CROWDED / 2 else 2.25


def figures(stage: Stage, size: float) -> Iterator[Figure]:
    """Place both, where they are shown and have room."""
    drawing = stage.drawing
    taken: Figure | None = None
    if (mark := drawing.baseline) and stage.shows(stage.x(mark.x)):
        x, y = stage.x(mark.x), stage.y(mark.y)
        words = (
            message("start {total}", total=mark.y)
            if drawing.view.patient
            else message("baseline {total}", total=mark.y)
        )
        text = say(words)
        width = stage.measure(text, 12, MEDIUM)
        left = min(max(4.0, x - size - 4), max(stage.edge - width, 4.0))
        height = _clear(stage, left, left + width, y, size + 15)
        if height is not None:
            taken = Figure(text, QPointF(left, height), 0.0, 12, MEDIUM, width)
            yield taken
    if (mark := drawing.latest) and mark is not drawing.baseline and stage.shows(stage.x(mark.x)):
        x, y = stage.x(mark.x), stage.y(mark.y)
        text = str(mark.y)
        width = stage.measure(text, 13, SEMIBOLD)
        side = _crossed(stage, mark)
        if not side and x + size + 9 + width > stage.edge:
            # No room at the right: on the other side of the point than the line comes from.
            before = drawing.stretches[-1].y0 if drawing.stretches else mark.y
            side = 1 if before >= mark.y and y < stage.height - 2 * TEXT_HEIGHT else -1

        def put(side: int) -> Figure:
            at = QPointF(x, y + side * (size + 11)) if side else QPointF(x + size + 7, y)
            return Figure(text, at, 0.5 if side else 0.0, 13, SEMIBOLD, width)

        # Beside, below or above, where the baseline's words do not stand.
        free = (made for made in map(put, (side, -side, 1, -1)) if not taken or not made.box.intersects(taken.box))
        yield next(free, put(side))


def _clear(stage: Stage, left: float, right: float, y: float, away: float) -> float | None:
    """Return the height nearest to `y` where a text from left to right clears the line, if there is any."""
    inside = [y]
    for s in stage.drawing.stretches:
        x0, x1 = stage.x(s.x0), stage.x(s.x1)
        ends = (max(x0, left - 6), min(x1, right + 6))
        if x0 < x1 and ends[0] <= ends[1]:
            inside.extend(stage.y(s.y0 + (s.y1 - s.y0) * (x - x0) / (x1 - x0)) for x in ends)
    above, below = min(inside) - away, max(inside) + away
    fits = [h for h in (above, below) if TEXT_HEIGHT / 2 < h < stage.height - TEXT_HEIGHT / 2]
    return min(fits, key=lambda h: abs(h - y), default=None)


def _crossed(stage: Stage, mark: Mark) -> int:
    """Whether an average line runs through where the latest figure would stand: then 1 to set it below, or -1."""
    drawing = stage.drawing
    at = on_day((*drawing.measured, *drawing.beyond), stage.day(stage.x(mark.x) + 16))
    if at is None:
        return 0
    y = stage.y(mark.y)
    nearest = min((stage.y(at.psychotherapy) - y, stage.y(at.usual_care) - y), key=abs)
    if abs(nearest) >= TEXT_HEIGHT / 2:
        return 0
    return 1 if nearest <= 0 and y < stage.height - 2 * TEXT_HEIGHT else -1
