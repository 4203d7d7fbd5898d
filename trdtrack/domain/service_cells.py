"""The tables of the service report: figures with what they are counted in, hidden ones among them, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trdtrack.domain.message import Figure, Message, message

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import Mean, Rate

MINUS = "\u2212"
HIDDEN_WORDS = message("not shown")
NONE_WORDS = message("\u2013")
LOW, HIGH = message("95% from"), message("to")
"""The headings over the ends of an interval."""


class Unit(StrEnum):
    """What a figure is counted in, and so how it is rounded."""

    COUNT = "count"
    SHARE = "share"
    """As whole percents."""
    POINTS = "points"
    """To one decimal."""


@dataclass(frozen=True)
class Cell:
    """A figure rounded as it is shown; no value where there is none, or where it is hidden."""

    unit: Unit
    value: float | None
    hidden: bool = False

    @property
    def words(self) -> Message:
        """The figure as it stands on paper."""
        if self.hidden:
            return HIDDEN_WORDS
        if self.value is None:
            return NONE_WORDS
        match self.unit:
            case Unit.COUNT:
                figure = str(int(self.value))
            case Unit.SHARE:
                figure = f"{round(100 * self.value)}%"
            case Unit.POINTS:
                figure = f"{self.value:.1f}"
        return message("{figure}", figure=Figure(figure.replace("-", MINUS)))


@dataclass(frozen=True)
class Row:
    """What a line is about, and its figures."""

    name: Message
    cells: tuple[Cell, ...]
    remark: Message | None = None


@dataclass(frozen=True)
class Table:
    """One table: its title, the headings over the figures, its rows, and what has to be known to read it."""

    title: Message
    first: Message
    """The heading over the rows' names."""
    columns: tuple[Message, ...]
    rows: tuple[Row, ...]
    note: Message | None = None
    pictured: bool = False
    """Whether it is the fall, of which there is a picture on paper."""

    @property
    def hides(self) -> bool:
        """Whether a figure is hidden in it."""
        return any(cell.hidden for row in self.rows for cell in row.cells)


def count(n: int, *, hidden: bool = False) -> Cell:
    """Return a number of courses."""
    return _cell(Unit.COUNT, n, hidden=hidden)


def share(value: float | None, *, hidden: bool = False) -> Cell:
    """Return a share, rounded to whole percents."""
    return _cell(Unit.SHARE, None if value is None else round(value, 2), hidden=hidden)


def points(value: float | None, *, hidden: bool = False) -> Cell:
    """Return points of the PHQ-9, rounded to one decimal."""
    return _cell(Unit.POINTS, None if value is None else round(value, 1) + 0.0, hidden=hidden)


def rate_cells(rate: Rate, *, hidden: bool) -> tuple[Cell, Cell, Cell]:
    """Return a share and the ends of its interval."""
    return share(rate.share, hidden=hidden), share(rate.low, hidden=hidden), share(rate.high, hidden=hidden)


def mean_cells(mean: Mean, *, hidden: bool) -> tuple[Cell, Cell, Cell]:
    """Return a mean and the ends of its interval."""
    return points(mean.value, hidden=hidden), points(mean.low, hidden=hidden), points(mean.high, hidden=hidden)


def _cell(unit: Unit, value: float | None, *, hidden: bool) -> Cell:
    return Cell(unit, None if hidden else value, hidden)
