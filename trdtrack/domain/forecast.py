"""Where this patient is heading: the expected course, moved by how this patient's own scores have departed from it.

The model. Let s(t) run from 0 to 1 as the expected fall is reached. The true score's departure from the line E_P is a
level, unknown at the start, plus a Wiener process in s with variance (v1 - v0) per unit of s; each score shows it with
error SEM, SEM^2 = v0/2. That the departures behave so is our own assumption.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.benchmark import Z50, Z80
from trdtrack.domain.message import Figure, Message, message
from trdtrack.domain.outcome import RESPONSE
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import check_total
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.signals import Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.records import Rules
    from trdtrack.domain.summary import Summary

Week = float
"""Weeks since the lines began."""


@dataclass(frozen=True)
class Forecast:
    """The total expected of one person at one week, in PHQ-9 points, before it is cut to the scale."""

    week: Week
    mean: float
    """Unclipped: it may lie below 0."""
    sd: float
    baseline: int
    reliable: int
    """Points of fall that count as reliable improvement."""

    @property
    def centre(self) -> float:
        """The mean as it may be drawn: within 0-27."""
        return _clip(self.mean)

    @property
    def band50(self) -> tuple[float, float]:
        """The middle 50%, mean +- 0.674 sd, clipped to 0-27."""
        return _clip(self.mean - Z50 * self.sd), _clip(self.mean + Z50 * self.sd)

    @property
    def band80(self) -> tuple[float, float]:
        """The middle 80%, mean +- 1.282 sd, clipped to 0-27."""
        return _clip(self.mean - Z80 * self.sd), _clip(self.mean + Z80 * self.sd)

    def chance_of(self, most: int) -> float:
        """P(total <= most) = Phi((most + 0.5 - mean)/sd), from the unclipped normal."""
        return (1 + math.erf((most + 0.5 - self.mean) / (self.sd * math.sqrt(2)))) / 2

    @property
    def reliable_improvement(self) -> float:
        """P(total <= B - 6), 6 being the clinic's setting of reliable change."""
        return self.chance_of(self.baseline - self.reliable)

    @property
    def response(self) -> float:
        """P(total <= floor(B/2)): a fall of 50% or more."""
        return self.chance_of(self.baseline * (100 - RESPONSE) // 100)

    @property
    def remission(self) -> float:
        """P(total <= 4)."""
        return self.chance_of(phq9.REMISSION_BELOW - 1)


@dataclass(frozen=True)
class Fan:
    """A course's forecasts from its last score to the horizon; without any, `why_not` says why."""

    steps: tuple[Forecast, ...]
    why_not: Message | None
    prorated: bool = False
    """Whether a total the forecast rests on is prorated."""


def forecast(benchmark: Benchmark, scores: Sequence[tuple[Week, int]], at: Week, rules: Rules) -> Forecast:
    """Forecast the total at week `at` from (week, total), the first of which is the baseline at week 0.

    Mean E_P(at) + m, variance P + (v1 - v0)(s(at) - s(last)) + SEM^2, with m and P from the local-level Kalman filter
    over the scores, diffuse at the start. With the baseline alone this is the benchmark's individual band.
    """
    weeks = [week for week, _ in scores]
    if not scores:
        raise Refusal(message("A forecast needs the baseline at least."))
    if not all(0 <= week < math.inf for week in weeks):
        raise Refusal(message("Weeks are counted from 0 upwards."))
    for _, total in scores:
        check_total(total)
    if weeks[0] != 0:
        raise Refusal(message("The first score is the baseline, and the weeks count from it: it is at week 0."))
    if scores[0][1] < phq9.CASENESS_FROM:
        what = message("There is no expected course for a baseline below {least}.", least=phq9.CASENESS_FROM)
        raise Refusal(what)
    if any(later <= earlier for earlier, later in pairwise(weeks)):
        raise Refusal(message("The scores are given in order of their weeks, and no week twice."))
    if weeks[-1] > benchmark.horizon or not at <= benchmark.horizon:
        raise Refusal(message("There is no forecast after week {week}.", week=Figure(f"{benchmark.horizon:g}")))
    if at < weeks[-1]:
        raise Refusal(message("A forecast looks ahead: its week is that of the last score or later."))
    return _ahead(benchmark, scores, at, rules)


def fan(summary: Summary) -> Fan:
    """Forecast a course from its last score, week by week, to the horizon; or say why there is no forecast.

    Weeks count from where the lines begin, never below 0: of scores before that, none is skipped. A fan starts at the
    last score, where it is already as wide as a second score on that day would be.
    """
    benchmark, baseline, latest = summary.benchmark, summary.baseline, summary.latest
    if summary.standing.signal is Signal.ENDED:
        return Fan((), message("the course has ended"))
    if benchmark is None or baseline is None or latest is None:
        return Fan((), summary.no_benchmark or message("no baseline"))
    used = [baseline.point, *(p for p in summary.counting if p.date > baseline.point.date)]
    scores = [(summary.line_week(p.date) or 0.0, p.total) for p in used]
    last = scores[-1][0]
    if max(last, summary.lines_age or 0.0) > benchmark.horizon:
        return Fan((), message("no forecast after week {week}", week=Figure(f"{benchmark.horizon:g}")))
    weeks = [last, *range(math.floor(last) + 1, math.ceil(benchmark.horizon)), benchmark.horizon]
    return Fan(
        tuple(_ahead(benchmark, scores, week, summary.rules) for week in dict.fromkeys(weeks)),
        None,
        prorated=any(p.score.completeness is Completeness.PRORATED for p in used),
    )


def in_ten(chance: float) -> Message:
    """Put a chance into words of ten, the nearest tenth, half up; never none and never all."""
    if chance < 0.05:
        return message("fewer than 1 in 10")
    if chance > 0.95:
        return message("more than 9 in 10")
    # Rounded first, so that 0.15 as a float is still 2 in 10.
    return message("about {tenths} in 10", tenths=min(max(math.floor(round(10 * chance, 9) + 0.5), 1), 9))


def _ahead(benchmark: Benchmark, scores: Sequence[tuple[Week, int]], at: Week, rules: Rules) -> Forecast:
    baseline = scores[0][1]
    error = benchmark.start_variance / 2
    drift = benchmark.end_variance - benchmark.start_variance
    reached = benchmark.progress(scores[0][0])
    # After one score a diffuse level is that score's departure, as unsure as one measurement.
    m, p = baseline - benchmark.psychotherapy(baseline, scores[0][0]), error
    for week, total in scores[1:]:
        p += drift * (benchmark.progress(week) - reached)
        reached = benchmark.progress(week)
        gain = p / (p + error)
        m += gain * (total - benchmark.psychotherapy(baseline, week) - m)
        p *= 1 - gain
    ahead = drift * (benchmark.progress(at) - reached)
    mean = benchmark.psychotherapy(baseline, at) + m
    return Forecast(at, mean, math.sqrt(p + ahead + error), baseline, rules.reliable_change)


def _clip(points: float) -> float:
    return min(max(points, 0.0), float(phq9.MAX_TOTAL))
