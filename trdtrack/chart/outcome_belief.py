"""What was believed of the fall before, what the clinic's own courses say, and what follows: three bells."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPolygonF

from trdtrack.chart.layers import broken
from trdtrack.chart.outcome_intervals import percent
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.plate import Field, Figure, Plate
from trdtrack.chart.stage import pen
from trdtrack.chart.strokes import joined
from trdtrack.domain.message import message
from trdtrack.words import _, figures, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

LEFT, TOP, FOOT = 12.0, 40.0, 44.0
STEPS = 120
REACH = 3.0
"""Standard deviations of a bell that are drawn."""
NAMED = 16.0
"""Pixels a name's row takes."""


@dataclass(frozen=True)
class Bell:
    """A normal distribution of the fall by week 26: `tone` a palette's colour; `dashed`, or else `filled`, or plain."""

    name: str
    mean: float
    sd: float
    tone: str
    dashed: bool = False
    filled: bool = False

    @property
    def words(self) -> str:
        """The bell in words."""
        return say(
            message(
                "{name}: {mean} (standard deviation {sd})", name=self.name, mean=percent(self.mean), sd=_sd(self.sd)
            )
        )


def _sd(share: float) -> str:
    return say(message("{n} percentage points", n=figures(f"{100 * share:.1f}")))


class Belief(Figure):
    """Draws bells over one axis of shares, each with its name and mean above."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        self._bells = _Bells(palette)
        super().__init__(self._bells, palette, parent, name=_("Prior, own data and posterior"), size=QSize(340, 200))

    def show_bells(self, bells: Sequence[Bell]) -> None:
        """Draw these."""
        self._bells.bells = tuple(bells)
        self.say(". ".join(bell.words for bell in bells))


class _Bells(Plate):
    bells: tuple[Bell, ...] = ()

    def draw(self, painter: QPainter) -> None:
        if not self.bells:
            return
        low = min(0.0, *(b.mean - REACH * b.sd for b in self.bells))
        high = max(0.6, *(b.mean + REACH * b.sd for b in self.bells))
        peak = 1.08 / min(b.sd for b in self.bells)
        size, head = self.size(), TOP + NAMED * (len(self.bells) - 2)
        box = QRectF(LEFT, head, size.width() - 2 * LEFT, size.height() - head - FOOT)
        field = Field(box, low, high, 0, peak)
        ticks = [n / 10 for n in range(-10, 21) if low <= n / 10 <= high]
        self.axis_below(painter, field, [(t, percent(t)) for t in ticks], _("fall by week 26, share of baseline"))
        for number, bell in enumerate(self.bells):
            self._bell(painter, field, bell)
            self._named(painter, bell, NAMED * (number + 0.5))

    def _bell(self, painter: QPainter, field: Field, bell: Bell) -> None:
        colour = QColor(getattr(self.colours, bell.tone))
        first, last = max(bell.mean - REACH * bell.sd, field.x0), min(bell.mean + REACH * bell.sd, field.x1)
        shares = [first + (last - first) * n / STEPS for n in range(STEPS + 1)]
        points = [field.at(s, exp(-0.5 * ((s - bell.mean) / bell.sd) ** 2) / bell.sd) for s in shares]
        if bell.filled:
            shade = QColor(colour)
            shade.setAlphaF(0.16)
            painter.setPen(pen(self.colours.line, 0))
            painter.setBrush(shade)
            painter.drawPolygon(QPolygonF([field.at(first, 0), *points, field.at(last, 0)]))
        painter.setPen(pen(colour.name(), 1.75))
        painter.drawLines(broken(points, 5, 4) if bell.dashed else joined(points))

    def _named(self, painter: QPainter, bell: Bell, y: float) -> None:
        painter.setPen(pen(getattr(self.colours, bell.tone), 1.75))
        sample = (QPointF(0, y), QPointF(22, y))
        painter.drawLines(broken(sample, 5, 4) if bell.dashed else joined(sample))
        self.write(painter, QPointF(30, y), bell.words, tone="ink")
