"""Where days lie along the axis: evenly, or one step a session attended. No Qt, no pixels."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

USUAL_STEP = 7.0
"""Days between sessions where there are fewer than two to tell."""


@dataclass(frozen=True)
class Scale:
    """A rising map from days (ordinals) to places; without knots a place is a day.

    Between two knots it is a straight line; outside them a place is `step` days.
    """

    days: tuple[float, ...] = ()
    places: tuple[float, ...] = ()
    step: float = 1.0

    def place(self, day: float) -> float:
        """Return where a day lies."""
        return _read(self.days, self.places, day, 1 / self.step) if self.days else day

    def day(self, place: float) -> float:
        """Return which day lies there."""
        return _read(self.places, self.days, place, self.step) if self.days else place


EVEN = Scale()
"""Every day as wide as the next."""


def _read(given: Sequence[float], wanted: Sequence[float], at: float, outside: float) -> float:
    i = bisect_right(given, at)
    if i == 0:
        return wanted[0] - (given[0] - at) * outside
    if i == len(given):
        return wanted[-1] + (at - given[-1]) * outside
    return wanted[i - 1] + (at - given[i - 1]) / (given[i] - given[i - 1]) * (wanted[i] - wanted[i - 1])


def by_session(attended: Sequence[float]) -> Scale:
    """Return the scale on which session n stands at place n, from the days of the sessions attended, in order.

    Of two on one day the later number counts. Before the first and after the last a step is as long as most were.
    """
    numbers = {day: float(number) for number, day in enumerate(attended, start=1)}
    if not numbers:
        return EVEN
    gaps = [b - a for a, b in pairwise(numbers)]
    return Scale(tuple(numbers), tuple(numbers.values()), median(gaps) if gaps else USUAL_STEP)
