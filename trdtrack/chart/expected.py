"""The expected course in the chart's coordinates: steps of its curves, and its figures on any day between them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from trdtrack.domain.benchmark import Expected

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.summary import Summary

CURVE_STEPS = 36


@dataclass(frozen=True)
class Curve:
    """The expected course at one day."""

    x: float
    at: Expected
    evidence: tuple[float, float] | None = None
    """From where to where the average may lie, for all that is known of what therapy adds; None: not given."""


def curves(summary: Summary, *, end: float, knots: Sequence[float]) -> tuple[tuple[Curve, ...], tuple[Curve, ...]]:
    """Return the expected course within the trials' weeks and after them; a step wherever the axis changes its pace."""
    benchmark, begins, baseline = summary.benchmark, summary.lines_start, summary.baseline
    if benchmark is None or begins is None or baseline is None:
        return (), ()
    first, last = begins.toordinal(), (end - begins.toordinal()) / 7

    def curve(week: float) -> Curve:
        total = baseline.point.total
        return Curve(first + 7 * week, benchmark.at(total, week), benchmark.evidence_band(total, week))

    # The lines fall fast and then slowly: more steps where they bend.
    weeks = {benchmark.horizon * (step / CURVE_STEPS) ** 2 for step in range(CURVE_STEPS + 1)}
    if last > benchmark.horizon:
        weeks.add(min(last, benchmark.data_end))
    weeks |= {week for day in knots if 0 < (week := (day - first) / 7) < max(weeks)}
    beyond = (curve(benchmark.data_end), curve(last)) if last > benchmark.data_end else ()
    return tuple(curve(week) for week in sorted(weeks)), beyond


def on_day(run: Sequence[Curve], day: float) -> Expected | None:
    """Return the figures the drawn curves have on a day: the last ones after their end, None before they begin."""
    if not run or day < run[0].x:
        return None
    for a, b in pairwise(run):
        if day < b.x:
            share = (day - a.x) / (b.x - a.x)
            return Expected(*(u + (v - u) * share for u, v in zip(astuple(a.at), astuple(b.at), strict=True)))
    return run[-1].at
