"""Names set where their lines end, in place of a legend: a small puzzle solved so that no two touch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from trdtrack.chart.expected import on_day
from trdtrack.chart.stage import GUTTER, HIGHEST, LOWEST, MEDIUM, REGULAR, Layer, Stage
from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.words import say

if TYPE_CHECKING:
    from PySide6.QtGui import QFont, QPainter

    from trdtrack.chart.outlook import Outlook
    from trdtrack.domain.benchmark import Expected

ROW = 14.0
SMALL, LEAD = 13.0, 2.0
MARGIN, APART = 6.0, 1.5
"""Pixels left of a name, and between two."""
MOST = 186.0
"""The names take no more of the chart's width than this."""
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
    instead: Label | None = None
    """Where else it may stand if there is no room."""

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

    def meets(self, other: Placed) -> bool:
        """Whether two boxes would overlap, or all but, if they were at one height."""
        return self.left < other.left + other.width + 4 and other.left < self.left + self.width + 4

    def touches(self, other: Placed) -> bool:
        """Whether two boxes overlap, or all but."""
        return (
            self.meets(other)
            and self.top < other.top + other.label.height + 1
            and other.top < self.top + self.label.height + 1
        )


def gutter(stage: Stage) -> float:
    """Return how many pixels the names need right of the last day in the language in force."""
    words = [_line_words(stage, low=low) for low in (False, True)]
    widest = [stage.measure(row, weight=MEDIUM) for therapy, _usual in words for row in therapy]
    widest += [stage.measure(row) for _therapy, usual in words for row in usual]
    if stage.drawing.outlook:
        widest += [stage.measure(row, weight=MEDIUM) for row in _outlook_words(stage, stage.drawing.outlook)]
    return min(max(GUTTER, *(wide + MARGIN + 1 for wide in widest)), MOST)


def _outlook_words(stage: Stage, outlook: Outlook) -> tuple[str, str]:
    """Return what the forecast is called and how far it reaches; in plain words where a patient looks."""
    if stage.drawing.view.patient:
        return say(message("where this may go")), outlook.reach
    return outlook.name, say(message("80%: {reach}", reach=outlook.reach))


def placed(stage: Stage) -> list[Placed]:
    """Place the names of the lines, of the forecast, of the wide and the narrow band, then of the severity bands."""
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
        for wanted in (label, label.instead):
            if wanted and (box := _box(stage, wanted, done)):
                done.append(box)
                break
    return done, len(done) == len(labels)


def _box(stage: Stage, label: Label, done: list[Placed]) -> Placed | None:
    """Return the free box nearest to where a label wants to be."""
    width = max(stage.measure(row, label.pixels, label.weight) for row in label.rows)
    left = stage.width - MARGIN - width if label.right else stage.edge + MARGIN
    wanted = Placed(label, left, label.middle - label.height / 2, width)
    beside = [(o.top - 1 - label.height, o.top + o.label.height + 1) for o in done if wanted.meets(o)]
    for shift in _SHIFTS:
        top = wanted.top + shift
        if label.least <= label.middle + shift <= label.most and not any(a < top < b for a, b in beside):
            return replace(wanted, top=top)
    return None


def _ends(stage: Stage) -> Expected | None:
    """Return the expected course where the picture ends."""
    drawing = stage.drawing
    return on_day((*drawing.measured, *drawing.beyond), stage.day(stage.edge))


def _line_words(stage: Stage, *, low: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Name the line with psychotherapy and the one without; to a patient in plain words."""
    patient = stage.drawing.view.patient
    if patient:
        therapy, usual = [message("with therapy and"), message("medication")], message("medication alone")
        short = message("with therapy")
    else:
        therapy, usual = [message("average with"), message("psychotherapy")], message("usual care alone")
        short = message("with psychotherapy")
    return tuple(say(row) for row in ([short] if low else therapy)), (say(usual),)


def _lines(stage: Stage, slide: float) -> list[Label]:
    """Return the names of the two lines and the forecast where these end, moved apart as little as they must."""
    found = list[Label]()
    if at := _ends(stage):
        therapy, usual = _line_words(stage, low=stage.height < LOW)
        top, bottom = ROW, stage.height - ROW
        found = [
            Label(therapy, stage.y(at.psychotherapy), top, bottom, stage.palette.accent, weight=MEDIUM),
            Label(usual, stage.y(at.usual_care), top, bottom, stage.palette.ink),
        ]
    outlook = stage.drawing.outlook
    if outlook and stage.x(outlook.steps[0].x) < stage.edge and stage.x(outlook.steps[-1].x) > 0:
        name, reach = _outlook_words(stage, outlook)
        both = f"{name} {outlook.reach}"
        short = stage.height < LOW and stage.measure(both, 12, MEDIUM) <= stage.gutter - 2 * MARGIN
        rows = (both,) if short else (name, reach)
        last = next((step for step in outlook.steps if stage.x(step.x) >= stage.edge - 1), outlook.steps[-1])
        half = ROW * len(rows) / 2
        lowest = stage.height - half
        found.append(Label(rows, stage.y(last.at.centre), half, lowest, stage.palette.forecast, weight=MEDIUM))
    return [replace(label, middle=middle + slide) for label, middle in zip(found, apart(found), strict=True)]


def apart(labels: list[Label]) -> list[float]:
    """Return middle heights at which no two labels overlap, in the order of those wanted, moved evenly."""
    order = sorted(range(len(labels)), key=lambda i: labels[i].middle)
    clusters: list[tuple[list[int], float, float]] = []
    for i in order:
        cluster, height, middle = [i], labels[i].height + APART, labels[i].middle
        while clusters and middle - height / 2 < clusters[-1][2] + clusters[-1][1] / 2:
            above, higher, place = clusters.pop()
            # Each wants the pile's middle elsewhere; their mean moves all as little as possible.
            n, m = len(above), len(cluster)
            middle = (n * (place + height / 2) + m * (middle - higher / 2)) / (n + m)
            cluster, height = above + cluster, height + higher
        clusters.append((cluster, height, middle))
    middles = [0.0] * len(labels)
    for cluster, height, middle in clusters:
        top = middle - height / 2
        for i in cluster:
            middles[i] = top + (labels[i].height + APART) / 2
            top += labels[i].height + APART
    return middles


def _spreads(stage: Stage) -> list[Label]:
    drawing = stage.drawing
    at = _ends(stage)
    if at is None:
        return []
    wide, narrow = message("80% of people"), message("50%")
    if drawing.view.patient:
        wide, narrow = message("most people"), message("half of people")
    spreads = [(at.low80, at.high80, say(wide)), (at.low50, at.high50, say(narrow))]
    # The forecast's name takes two rows from them.
    leeway = ROW * (1.8 if drawing.outlook else 1)

    def beside(points: float, text: str) -> Label:
        y = stage.y(points)
        lowest = min(y + leeway, stage.height - ROW / 2 - 1)
        return Label((text,), y, y - leeway, lowest, stage.palette.accent, pixels=11)

    return [replace(beside(low, text), instead=beside(high, text)) for low, high, text in spreads]


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
    """The names at the right."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Set every name."""
        for box in self.once(placed):
            label = box.label
            for i, row in enumerate(label.rows):
                at = QPointF(box.left, box.top + label.row * (i + 0.5))
                stage.write(painter, at, row, colour=label.colour, pixels=label.pixels, weight=label.weight)
