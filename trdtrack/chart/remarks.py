"""The words inside the plot, each where it hides nothing: the remark, the corridor's name, the end, an empty chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from trdtrack.chart.figures import figures, point_size
from trdtrack.chart.stage import PAD, Layer
from trdtrack.domain.message import message
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPainter

    from trdtrack.chart.stage import Stage

HIGH = 14.0
MARGIN = 6.0
PIXELS = 11
FURTHER = 10.0
STEP = 24.0
"""Pixels between two places tried for a name along its line."""


@dataclass(frozen=True)
class Remark:
    """A text and its box."""

    text: str
    box: QRectF


def remarks(stage: Stage) -> list[Remark]:
    """Place the remark, the name of the course's end and that of the corridor, in this order."""
    done: list[Remark] = []
    taken = [figure.box for figure in figures(stage, point_size(stage))]
    strokes = _patient(stage)
    said = [*_above(stage)]
    for text, places in (*said, *_end(stage), *_corridor(stage)):
        wide = stage.measure(text, PIXELS)
        boxes = [QRectF(x - align * wide, y - HIGH / 2, wide, HIGH) for x, y, align in places]
        room = QRectF(MARGIN - 3, 0, stage.edge - MARGIN + 3, stage.height)
        free = [box for box in boxes if room.contains(box) and not any(box.intersects(other) for other in taken)]
        clear = (box for box in free if not crossed(box, strokes))
        # The remark must be said; a name may be left out where the patient's own line has all the room.
        best = next(clear, None) or (boxes[0] if (text, places) in said else None)
        if best is not None:
            done.append(Remark(text, best))
            taken.append(best.adjusted(-4, -1, 4, 1))
    return done


Stroke = tuple[float, float, float, float]
"""x and y of a line's left and right end."""


def _patient(stage: Stage) -> list[Stroke]:
    drawing = stage.drawing
    found = [(stage.x(s.x0), stage.y(s.y0), stage.x(s.x1), stage.y(s.y1)) for s in drawing.stretches]
    for stop in drawing.stops:
        x, y = stage.x(stop.x), stage.y(stop.y)
        found.append((x - 4, y, x + 4, y))
    if drawing.ended is not None:
        x = stage.x(drawing.ended)
        found.append((x, 0, x + 1e-3, stage.height))
    return [stroke for stroke in found if stroke[2] >= 0 and stroke[0] <= stage.edge]


def crossed(box: QRectF, strokes: Sequence[Stroke]) -> bool:
    """Tell whether one of the lines comes nearer to a box than a point is wide."""
    box = box.adjusted(-4, -4, 4, 4)
    left, top, right, bottom = box.left(), box.top(), box.right(), box.bottom()
    for x0, y0, x1, y1 in strokes:
        if x0 > right or x1 < left:
            continue
        slope = (y1 - y0) / (x1 - x0)
        first, last = y0 + slope * (max(x0, left) - x0), y0 + slope * (min(x1, right) - x0)
        if min(first, last) <= bottom and max(first, last) >= top:
            return True
    return False


def _above(stage: Stage) -> Iterator[tuple[str, Sequence[tuple[float, float, float]]]]:
    """Offer the remark on the expected course its place: at the top, by the line it is about."""
    drawing = stage.drawing
    if not drawing.note or (drawing.note_from is not None and stage.x(drawing.note_from) > stage.edge):
        return
    text = stage.elided(drawing.note, stage.width - 2 * MARGIN, PIXELS)
    x = PAD if drawing.note_from is None else stage.x(drawing.note_from)
    left = max(min(x, stage.edge - stage.measure(text, PIXELS) - 2), MARGIN)
    yield text, [(left, HIGH * row, 0.0) for row in (0.75, 1.75)]


def _end(stage: Stage) -> Iterator[tuple[str, Sequence[tuple[float, float, float]]]]:
    if stage.drawing.ended is None or not stage.shows(x := stage.x(stage.drawing.ended)):
        return
    low = stage.height - HIGH / 2 - 2
    heights = (HIGH / 2 + 2, low, 1.5 * HIGH + 4, low - HIGH)
    yield say(message("end")), [(x + side, y, float(side < 0)) for y in heights for side in (5, -5)]


def _corridor(stage: Stage) -> Iterator[tuple[str, Sequence[tuple[float, float, float]]]]:
    """Offer the corridor's name along its edges: the upper first, from the right, where there is most room."""
    corridor = stage.drawing.corridor
    if corridor is None:
        return
    half = HIGH / 2 + 1
    low, high = stage.y(corridor.low), stage.y(corridor.high)
    wide = stage.measure(corridor.name, PIXELS)
    start = max(stage.x(corridor.x), 0.0) + MARGIN
    xs: list[float] = []
    x = stage.edge - MARGIN
    while x - wide >= start:
        xs.append(x)
        x -= STEP
    heights = (high + half, high - half, high + half + FURTHER, low + half, low - half)
    yield corridor.name, [(x, y, 1.0) for y in heights for x in xs]


class Remarks(Layer):
    """Sets the words inside the plot."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Set every word; of an empty chart, why it is empty."""
        drawing, muted = stage.drawing, stage.palette.muted
        plate = QColor(stage.palette.surface)
        plate.setAlphaF(0.6)
        for remark in self.once(remarks):
            painter.fillRect(remark.box.adjusted(-2, 0, 2, 0), plate)
            at = QPointF(remark.box.left(), remark.box.center().y())
            stage.write(painter, at, remark.text, colour=muted, pixels=PIXELS)
        if drawing.empty:
            middle = QPointF((PAD + stage.edge) / 2, stage.y(12.5))
            stage.write(painter, middle, drawing.empty, colour=stage.palette.ink, pixels=13, align=0.5)
