"""What the chart shows of the forecast, in its own coordinates and in words: no Qt, no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.forecast import fan
from trdtrack.domain.message import message
from trdtrack.words import figures, say

if TYPE_CHECKING:
    from trdtrack.domain.forecast import Forecast
    from trdtrack.domain.summary import Summary


@dataclass(frozen=True)
class Ahead:
    """The forecast for one day (`x`, ordinal)."""

    x: float
    at: Forecast


@dataclass(frozen=True)
class Outlook:
    """The fan from the last score to the horizon, its name where it ends, and what it says in words."""

    steps: tuple[Ahead, ...]
    name: str
    reach: str
    """The 80% range at the end, in whole points."""
    words: str


def outlook(summary: Summary) -> Outlook | None:
    """Return a course's forecast as it is drawn, or None where there is none."""
    found = fan(summary)
    if found.why_not or not found.steps or summary.lines_start is None:
        return None
    first, end = summary.lines_start.toordinal(), found.steps[-1]
    low, high = (f"{edge:.0f}" for edge in end.band80)
    return Outlook(
        steps=tuple(Ahead(first + 7 * step.week, step) for step in found.steps),
        name=say(message("forecast, prorated") if found.prorated else message("forecast")),
        reach=say(message("{low} to {high}", low=low, high=high)),
        words=say(
            message(
                "Forecast for week {week}{proviso}: {mean}, 80% range {low} to {high}",
                week=figures(f"{end.week:g}"),
                proviso=message(", prorated") if found.prorated else message(""),
                mean=f"{end.centre:.0f}",
                low=low,
                high=high,
            )
        ),
    )
