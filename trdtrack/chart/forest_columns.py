"""Fills a forest plot's sheet: columns that fit the width, rows that fit the height, axis and notes under them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from trdtrack.chart.forest_sheet import EDGE, MARGIN, SMALL, SUB, TICK, Sheet, cut, wrapped
from trdtrack.chart.forest_words import figure
from trdtrack.chart.stage import MEDIUM, REGULAR, SEMIBOLD
from trdtrack.domain.message import message
from trdtrack.words import MINUS, figures, say

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from trdtrack.chart.forest_drawing import ForestDrawing, Line
    from trdtrack.chart.stage import Type

GAP, AIR = 10.0, 16.0
"""Pixels between columns, and between the columns and the plot."""
PLOT = 150.0
"""A plot narrower than this gives up a column of the left: first the scale, then how many people."""
LEAST_ROW, MOST_ROW = 12.5, 22.0
STEPS = (0.5, 1.0, 2.0)
BOLDER = 1.08
"""So much wider are semibold words than regular ones."""
TEXT_SHARE = 0.36
"""Of the width, the most that names may take."""


def sheet(drawing: ForestDrawing, type_: Type, width: float, height: float) -> Sheet:
    """Lay a drawing out, its rows as high as the height allows; lower than `least_height` it ends below."""
    low, high = (_laid(drawing, type_, width, row) for row in (LEAST_ROW, MOST_ROW))
    share = (height - low.height) / max(high.height - low.height, 1.0)
    return _laid(drawing, type_, width, LEAST_ROW + (MOST_ROW - LEAST_ROW) * min(max(share, 0.0), 1.0))


def least_height(drawing: ForestDrawing, type_: Type, width: float) -> float:
    """Return the height in which a drawing stands without touching itself."""
    return math.ceil(_laid(drawing, type_, width, LEAST_ROW).height)


def _laid(drawing: ForestDrawing, type_: Type, width: float, row: float) -> Sheet:
    made = Sheet(drawing, type_, width, row)
    if not drawing.lines:
        made.put(say(message("No estimate that may be drawn.")), MARGIN, EDGE + row / 2)
        made.height += row
    else:
        columns = _Columns(made)
        columns.headings()
        columns.trials()
        columns.pools()
        columns.reviews()
        _axis(made)
    _notes(made)
    made.height += EDGE
    return made


class _Columns:
    """The columns and what stands in them, line by line from the top."""

    def __init__(self, made: Sheet) -> None:
        self.made = made
        drawing, measure = made.drawing, made.type.measure
        names = [line.name for line in drawing.trials] + [pool.spread for pool in drawing.pools]
        self.name = min(max((measure(name) for name in names), default=100.0), TEXT_SHARE * made.width)
        self.people_words = (say(message("therapy/")), say(message("control, n")))
        people = [measure(word) for word in self.people_words]
        self.people = max(people + [measure(line.people, tabular=True) for line in drawing.trials])
        scales = [say(message("Scale")), *(line.scale for line in drawing.trials)]
        self.scale = max(measure(scale) for scale in scales)
        self.aside_words = say(message("Weight"))
        asides = [self.aside_words, *(line.aside for line in drawing.lines)]
        self.aside = max(measure(aside, tabular=True) for aside in asides)
        intervals = max(measure(line.interval, tabular=True) for line in drawing.lines)
        self.at_aside = made.width - MARGIN
        self.at_interval = self.at_aside - self.aside - GAP
        self.at_g = self.at_interval - intervals - 5
        made.right = self.at_g - measure(f"{MINUS}0.00", tabular=True) - AIR
        used = MARGIN + self.name + AIR
        self.with_people = made.right - used - self.people - GAP >= PLOT and bool(drawing.trials)
        self.with_scale = self.with_people and made.right - used - self.people - self.scale - 2 * GAP >= PLOT
        self.at_people = MARGIN + self.name + GAP + self.people
        self.at_scale = self.at_people + GAP
        used += (self.people + GAP) * self.with_people + (self.scale + GAP) * self.with_scale
        made.left = used
        self.texts = used - AIR - MARGIN
        """Pixels for the name of a pooled estimate, which spans all columns of the left."""

    def headings(self) -> None:
        """Name the columns, and what the vertical line is."""
        made = self.made
        y = made.height + SUB / 2
        if self.with_people:
            for word in self.people_words:
                made.put(word, self.at_people, y, align=1, colour="muted", pixels=SMALL)
                y += SUB
            y -= SUB
        made.put(say(message("Study")), MARGIN, y, colour="muted", pixels=SMALL)
        if self.with_scale:
            made.put(say(message("Scale")), self.at_scale, y, colour="muted", pixels=SMALL)
        nothing = say(message("no difference"))
        half = made.type.measure(nothing, SMALL) / 2
        middle = min(max(made.x(0.0), made.left + half), made.right + AIR - half)
        made.put(nothing, middle, y, align=0.5, colour="muted", pixels=SMALL)
        made.put(say(message("g (95% CI)")), self.at_interval, y, align=1, colour="muted", pixels=SMALL)
        if made.drawing.trials:
            made.put(self.aside_words, self.at_aside, y, align=1, colour="muted", pixels=SMALL)
        made.head = y + SUB / 2 + 3
        made.height = made.head + 2

    def trials(self) -> None:
        """Set a row a trial."""
        made = self.made
        top = made.height
        for line in made.drawing.trials:
            y = made.height + made.row / 2
            made.put(cut(made.type, line.name, self.name), MARGIN, y)
            if self.with_people:
                made.put(line.people, self.at_people, y, align=1, tabular=True, colour="muted")
            if self.with_scale:
                made.put(line.scale, self.at_scale, y, colour="muted")
            self.figures(line)
        self.block(top - 2 if made.drawing.trials else top)

    def pools(self) -> None:
        """Set two rows a method: the estimate, and how far trials differ."""
        made = self.made
        if not made.drawing.pools:
            return
        k = len(made.drawing.trials)
        self.title(say(message("All {k} pooled here: random effects, Hartung\u2013Knapp intervals", k=k)))
        top = made.height
        for line in made.drawing.pools:
            made.put(line.name, MARGIN, made.height + made.row / 2, weight=MEDIUM)
            self.figures(line, weight=MEDIUM)
            y = made.height + SUB / 2 - 1
            made.put(line.spread, MARGIN, y, colour="muted", pixels=SMALL)
            made.put(line.prediction, self.at_interval, y, align=1, colour="muted", pixels=SMALL, tabular=True)
            made.height += SUB
        self.block(top)

    def reviews(self) -> None:
        """Set a heading a source, and its estimates in as many rows as their names need."""
        made = self.made
        for i, review in enumerate(made.drawing.reviews):
            self.title(say(message("Published: {source}", source=review.source)), first=not i)
            top = made.height
            for line in review.lines:
                # A name may reach into the plot, up to where its own interval begins.
                room = max(self.texts, made.x(max(line.low, made.drawing.first)) - GAP - MARGIN)
                rows = list(wrapped(made.type, line.name, room, 12))
                for n, text in enumerate(rows):
                    made.put(text, MARGIN, made.height + made.row / 2 + n * SUB)
                self.figures(line)
                made.height += SUB * (len(rows) - 1)
            self.block(top)

    def title(self, text: str, *, first: bool = True) -> None:
        """Set the heading of a part, apart from what stands above if it is the first of its kind."""
        made = self.made
        made.height += made.row * (0.4 if first else 0.1)
        for row in wrapped(made.type, text, (made.width - 2 * MARGIN) / BOLDER, 12):
            made.put(row, MARGIN, made.height + made.row / 2, weight=SEMIBOLD)
            made.height += made.row

    def figures(self, line: Line, weight: QFont.Weight = REGULAR) -> None:
        """Set the figures of a line at the right, and go down a row."""
        made = self.made
        y = made.height + made.row / 2
        made.rows.append(y)
        made.put(figure(line.g), self.at_g, y, align=1, tabular=True, weight=weight)
        made.put(line.interval, self.at_interval, y, align=1, tabular=True, weight=weight)
        made.put(line.aside, self.at_aside, y, align=1, tabular=True, colour="muted")
        made.height += made.row

    def block(self, top: float) -> None:
        """End a part: the line of no difference goes through it."""
        if self.made.height > top:
            self.made.blocks.append((top, self.made.height))


def _axis(made: Sheet) -> None:
    """Set the axis under the lowest row, ticks as fine as their figures allow."""
    drawing, type_ = made.drawing, made.type
    made.foot = made.height + 3
    room = type_.measure(f"{MINUS}0.5", SMALL, tabular=True) + 8
    step = next((s for s in STEPS if made.x(s) - made.x(0.0) >= room), STEPS[-1])
    first = math.ceil(drawing.first / step)
    made.ticks = tuple(n * step for n in range(first, math.floor(drawing.last / step) + 1))
    made.height = made.foot + TICK
    for tick in made.ticks:
        text = figures(f"{tick:.{int(step < 1 and tick != 0)}f}".replace("-", MINUS))
        made.put(text, made.x(tick), made.height + SUB / 2 + 1, align=0.5, colour="muted", pixels=SMALL, tabular=True)
    made.height += SUB + 2
    title = say(message("Hedges g: negative favours psychotherapy added"))
    half = type_.measure(title, 12) / 2
    middle = (made.left + made.right) / 2
    middle = max(min(middle, made.width - MARGIN - half), MARGIN + half)
    made.put(title, middle, made.height + 8, align=0.5)
    made.height += 16


def _notes(made: Sheet) -> None:
    """Set the remarks, and what is left out, as running text under the figure."""
    drawing = made.drawing
    for texts, colour in ((drawing.remarks, "ink"), ((drawing.key, *drawing.left_out), "muted")):
        if not any(texts):
            continue
        made.height += 4
        for text in wrapped(made.type, " ".join(texts), made.width - 2 * MARGIN, SMALL):
            made.put(text, MARGIN, made.height + SUB / 2, colour=colour, pixels=SMALL)
            made.height += SUB
