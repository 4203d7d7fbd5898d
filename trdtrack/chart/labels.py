"""Names set where their lines end, in place of a legend: a small puzzle solved so that no two touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from trdtrack.chart.stage import HIGHEST, LOWEST, MEDIUM, PAD, REGULAR, Layer, Stage
from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.words import say

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

ROW = 14.0
SMALL, LEAD = 13.0, 2.0
MARGIN = 6.0
LOW = 240.0
"""In a plot lower than this the average's name takes one row, or the names of the bands have no room."""
_SLIDES = (0, -2, 2, -4, 4, -6, 6, -8, 8, -10, 10, -13, 13)
_SHIFTS = sorted(range(-60, 61), key=abs)


@dataclass(frozen=True)
class Label:
    """A text of one or more rows, its middle height, and how far that may move (lowest and highest, in pixels)."""

    rows: tuple[str, ...]
    middle: float
    least: float
    most: float
    colour: str
    right: bool = False
    pixels: int = 12
    weight: QFont.Weight = REGULAR

    @property
    def row(self) -> float:
        """Height of one row."""
        return self.pixels + LEAD

    @property
    def height(self) -> float:
        """Height of all rows."""
        return self.row * len(self.rows)


@dataclass(frozen=True)
class Placed:
    """A label where it is set: its box in pixels."""

    label: Label
    left: float
    top: float
    width: float

    def touches(self, other: Placed) -> bool:
        """Whether two boxes overlap, or all but."""
        return (
            self.left < other.left + other.width + 4
            and other.left < self.left + self.width + 4
            and self.top < other.top + other.label.height + 1
            and other.top < self.top + self.label.height + 1
        )


def placed(stage: Stage) -> list[Placed]:
    """Place the names of the lines, then of the wide and narrow band, then of the severity bands."""
    tries = (_set(stage, slide) for slide in _SLIDES)
    most: list[Placed] = []
    for done, all_set in tries:
        if all_set:
            return done
        if len(done) > len(most):
            most = done
    return most


def _set(stage: Stage, slide: float) -> tuple[list[Placed], bool]:
    """Place all names, those of the lines moved by so many pixels; tell whether all found room."""
    done: list[Placed] = []
    labels = [*_lines(stage, slide), *_spreads(stage), *_bands(stage)]
    for label in labels:
        width = max(stage.measure(row, label.pixels, label.weight) for row in label.rows)
        left = stage.width - MARGIN - width if label.right else stage.edge + MARGIN
        for shift in _SHIFTS:
            middle = label.middle + shift
            if not label.least <= middle <= label.most:
                continue
            box = Placed(label, left, middle - label.height / 2, width)
            if not any(box.touches(other) for other in done):
                done.append(box)
                break
    return done, len(done) == len(labels)


def _lines(stage: Stage, slide: float) -> list[Label]:
    drawing = stage.drawing
    if not drawing.measured:
        return []
    at = (drawing.beyond or drawing.measured)[-1].at
    therapy, usual = stage.y(at.psychotherapy), stage.y(at.usual_care)
    rows = (say(message("average with")), say(message("psychotherapy")))
    if stage.height < LOW:
        rows = (say(message("with psychotherapy")),)
    # Two rows below meet one row above: both give way by half of what is lacking.
    short = max(0.0, (ROW * len(rows) + ROW) / 2 - (therapy - usual)) / 2
    top, bottom = ROW, stage.height - ROW
    return [
        Label(rows, therapy + short + slide, top, bottom, stage.palette.accent, weight=MEDIUM),
        Label((say(message("usual care alone")),), usual - short + slide, top, bottom, stage.palette.ink),
    ]


def _spreads(stage: Stage) -> list[Label]:
    drawing = stage.drawing
    if not drawing.measured:
        return []
    at = (drawing.beyond or drawing.measured)[-1].at
    spreads = [
        (at.low80, say(message("80% of people"))),
        (at.low50, say(message("50%"))),
    ]
    labels: list[Label] = []
    for low, text in spreads:
        y = stage.y(low)
        lowest = min(y + ROW, stage.height - ROW / 2 - 1)
        labels.append(Label((text,), y, y - ROW, lowest, stage.palette.accent, pixels=11))
    return labels


def _bands(stage: Stage) -> list[Label]:
    labels: list[Label] = []
    for band in phq9.BANDS:
        high = HIGHEST if band.high == phq9.MAX_TOTAL else band.high + 1
        top, bottom = stage.y(high), stage.y(band.low or LOWEST)
        labels.append(
            Label(
                (say(band.name),),
                (top + bottom) / 2,
                top + SMALL / 2,
                bottom - SMALL / 2,
                stage.palette.muted,
                right=True,
                pixels=11,
            )
        )
    return labels


class Labels(Layer):
    """The names at the right, the remark on the expected course, and the words of an empty chart."""

    boxes: list[Placed]
    made_for: object = None

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Set every name."""
        drawing, muted = stage.drawing, stage.palette.muted
        key = (stage.drawing, stage.palette, stage.width, stage.height)
        if self.made_for != key:
            self.boxes, self.made_for = placed(stage), key
        for box in self.boxes:
            label = box.label
            for i, row in enumerate(label.rows):
                at = QPointF(box.left, box.top + label.row * (i + 0.5))
                stage.write(painter, at, row, colour=label.colour, pixels=label.pixels, weight=label.weight)
        if drawing.note:
            wide = stage.measure(drawing.note, 11)
            x = PAD if drawing.note_from is None else stage.x(drawing.note_from)
            x = max(min(x, stage.edge - wide), MARGIN)
            stage.write(painter, QPointF(x, ROW * 0.75), drawing.note, colour=muted, pixels=11)
        if drawing.empty:
            middle = QPointF((PAD + stage.edge) / 2, stage.y(12.5))
            stage.write(painter, middle, drawing.empty, colour=stage.palette.ink, pixels=13, align=0.5)
