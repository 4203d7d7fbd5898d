"""Shares with their intervals, a row each, beside the lines they are held against."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor

from trdtrack.chart.layers import broken
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.plate import SMALL, Field, Figure, Plate
from trdtrack.chart.stage import pen
from trdtrack.domain.message import message
from trdtrack.words import MINUS, figures, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

NAMES, MOST_NAMES = 148.0, 0.4
"""Pixels at the left for what the rows are called, and how much of the width longer names may take."""
ROW, HEAD, FOOT, RIGHT = 34.0, 34.0, 44.0, 18.0
DOT = 4.5
STEPS = (0.1, 0.2, 0.25)


@dataclass(frozen=True)
class Share:
    """A row: a share (0.29 is 29%) with its 95% interval, and what it is held against, if that is the row's own."""

    name: str
    value: float
    low: float
    high: float
    target: float | None = None
    """Marked in this row alone."""

    @property
    def words(self) -> str:
        """The row in words."""
        parts = {"name": self.name, "value": percent(self.value)}
        if self.target is not None:
            parts["target"] = percent(self.target)
            what = message(
                "{name}: {value} (95% interval {low} to {high}), meant to be {target}", **parts, **self._ends
            )
        else:
            what = message("{name}: {value} (95% interval {low} to {high})", **parts, **self._ends)
        return say(what)

    @property
    def _ends(self) -> dict[str, str]:
        return {"low": percent(self.low), "high": percent(self.high)}


@dataclass(frozen=True)
class Against:
    """A line through all rows: a share and what it is."""

    value: float
    name: str


def percent(share: float) -> str:
    """Return a share as whole percents: 29%, −4%."""
    return figures(f"{round(100 * share)}%".replace("-", MINUS))


class Intervals(Figure):
    """Draws a dot and a line for each share, and the lines they are held against."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None, *, name: str) -> None:
        self._rows = _Rows(palette)
        super().__init__(self._rows, palette, parent, name=name, size=QSize(340, 120))

    def show_shares(self, shares: Sequence[Share], against: Sequence[Against] = ()) -> None:
        """Draw these."""
        self._rows.shares, self._rows.against = tuple(shares), tuple(against)
        self.setFixedHeight(int((HEAD + ROW * max(len(shares), 1) + FOOT) * self.larger))
        words = [share.words for share in shares]
        words += [say(message("{name}: {value}", name=line.name, value=percent(line.value))) for line in against]
        self.say(". ".join(words))


class _Rows(Plate):
    shares: tuple[Share, ...] = ()
    against: tuple[Against, ...] = ()

    def draw(self, painter: QPainter) -> None:
        if not self.shares:
            return
        first, last, ticks = reach(self.shares, self.against)
        width, high = self.size().width(), ROW * len(self.shares)
        field = Field(QRectF(self._names, HEAD, width - self._names - RIGHT, high), first, last, len(self.shares), 0)
        self.axis_below(painter, field, [(tick, percent(tick)) for tick in ticks], "")
        self._lines(painter, field)
        for number, share in enumerate(self.shares):
            self._share(painter, field, share, field.y(number + 0.5))

    @property
    def _names(self) -> float:
        longest = max(self.letters.measure(share.name, 12) for share in self.shares)
        return max(NAMES, min(longest + 12, MOST_NAMES * self.size().width()))

    def _lines(self, painter: QPainter, field: Field) -> None:
        """Draw the lines through all rows, their names above; where two are near, one at each side."""
        placed = sorted(self.against, key=lambda line: line.value)
        for number, line in enumerate(placed):
            x = field.x(line.value)
            painter.setPen(pen(self.colours.accent if number else self.colours.muted, 1.25))
            painter.drawLines(broken((QPointF(x, field.box.top()), QPointF(x, field.box.bottom())), 4, 3))
            align = (1.0 if number == 0 else 0.0) if len(placed) == 2 else 0.5
            room = 4 if align == 0 else -4 if align == 1 else 0
            wide = self.letters.measure(line.name, SMALL)
            left = min(max(x + room - align * wide, 0), self.size().width() - wide)
            self.write(painter, QPointF(left, field.box.top() - 10), line.name, tone="accent" if number else "muted")

    def _share(self, painter: QPainter, field: Field, share: Share, y: float) -> None:
        ink = self.colours.ink
        name = self.letters.elided(share.name, self._names - 12, 12)
        self.write(painter, QPointF(0, y), name, tone="ink", pixels=12)
        if share.target is not None:
            x = field.x(share.target)
            painter.setPen(pen(self.colours.accent, 1.5))
            painter.drawLines(broken((QPointF(x, y - ROW / 2 + 4), QPointF(x, y + ROW / 2 - 4)), 4, 3))
        low, high = max(share.low, field.x0), min(share.high, field.x1)
        self.line(painter, QPointF(field.x(low), y), QPointF(field.x(high), y), "ink", 1.75)
        painter.setPen(pen(ink))
        painter.setBrush(QColor(ink))
        painter.drawEllipse(QPointF(field.x(share.value), y), DOT, DOT)


def reach(shares: Sequence[Share], against: Sequence[Against]) -> tuple[float, float, list[float]]:
    """Return the first and last share of the axis, and its ticks: all that is drawn, from 0 to half at least."""
    values = [v for s in shares for v in (s.low, s.high, s.target or 0.0)] + [a.value for a in against]
    low, high = max(min(0.0, *values), -1.0), min(max(0.5, *values), 1.0)
    step = next((s for s in STEPS if (high - low) / s <= 8), STEPS[-1])
    first, last = int(low // step), int(-(-(high - 1e-9) // step))
    return first * step, last * step, [n * step for n in range(first, last + 1)]
