"""The expected course: what trials let one expect from the patient's own baseline, with and without psychotherapy.

A pooled effect is a difference between groups, so two within-group lines are drawn instead of one patient's "expected
gain": usual care alone, and usual care with psychotherapy added. Parameters and sources come from a benchmark file
(`resources/evidence/`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal

Z50 = 0.674
"""Standard normal quantile of the middle 50%."""
Z80 = 1.282
"""Standard normal quantile of the middle 80%."""


@dataclass(frozen=True)
class Source:
    """Where a figure comes from; `confirmed` is False while nobody has opened the paper."""

    cite: str
    gives: str
    doi: str = ""
    confirmed: bool = True


@dataclass(frozen=True)
class AddedEffect:
    """What trials say therapy adds to usual care, as a 95% interval in standard deviations, and how it becomes points.

    `sd` is in points (at baseline), `baseline` the mean total the points are a share of.
    """

    smd_low: float
    smd_high: float
    sd: float
    baseline: float


@dataclass(frozen=True)
class Expected:
    """The benchmark at one week, in PHQ-9 points: both lines, the standard deviation and the clipped band edges."""

    week: float
    usual_care: float
    psychotherapy: float
    sd: float
    low50: float
    high50: float
    low80: float
    high80: float


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """An expected course as a named, dated, sourced set of parameters.

    `usual_care_fall` and `psychotherapy_fall` are shares of the baseline lost by `horizon` weeks; `start_variance`
    and `end_variance` are in squared points.
    """

    name: str
    version: str
    date: str
    usual_care_fall: float
    psychotherapy_fall: float
    start_variance: float
    end_variance: float
    horizon: float
    data_end: float
    """Weeks after which there are no data in either arm: the lines go on flat and dotted."""
    population: str
    sources: tuple[Source, ...] = field(repr=False)
    caveats: tuple[str, ...] = field(repr=False)
    assumptions: tuple[str, ...] = field(repr=False)
    added_effect: AddedEffect | None = None
    """None where the file gives no interval: there is no evidence band then."""

    def progress(self, week: float) -> float:
        """Share of the expected fall reached at `week`: s(t) = ln(1+t) / ln(1+horizon), 1 from the horizon on.

        The log shape is our own assumption. Raises ValueError before week 0.
        """
        if week < 0:
            raise ValueError("the expected course starts at week 0")
        return 1.0 if week >= self.horizon else math.log1p(week) / math.log1p(self.horizon)

    def usual_care(self, baseline: float, week: float) -> float:
        """Expected total (points) on usual care alone: E_U(t) = B(1 - f_U s(t)); f_U from RefraMED's control arm."""
        return baseline * (1 - self.usual_care_fall * self.progress(week))

    def psychotherapy(self, baseline: float, week: float) -> float:
        """Expected total (points) with psychotherapy added: E_P(t) = B(1 - f_P s(t)); f_P from RefraMED too."""
        return baseline * (1 - self.psychotherapy_fall * self.progress(week))

    def sd(self, week: float) -> float:
        """Standard deviation (points) of one person around either line: sd(t)^2 = v0 + (v1 - v0) s(t).

        v0 = 2 SEM^2 (SEM 2.0); v1 = 7.26^2 (1 - R^2), 7.26 RefraMED's pooled SD after treatment, R^2 = 0.16
        (PMC8188529). That the variance grows with s(t) is our own assumption.
        """
        return math.sqrt(self.start_variance + (self.end_variance - self.start_variance) * self.progress(week))

    def evidence_shares(self) -> tuple[float, float] | None:
        """Fall by `horizon` as shares of baseline, at the ends of what therapy adds: f_U + SMD SD/B.

        0.16 + 0.34 x 5.0/19 = 25% to 0.16 + 0.63 x 5.0/19 = 33% (SMD from Giguère 2025; SD 5.0 and B 19 RefraMED's
        at baseline). The uncertainty of what therapy adds, not of the whole fall.
        """
        added = self.added_effect
        if added is None:
            return None
        low, high = (self.usual_care_fall + smd * added.sd / added.baseline for smd in (added.smd_low, added.smd_high))
        return low, high

    def evidence_band(self, baseline: float, week: float) -> tuple[float, float] | None:
        """Lowest and highest expected total (points) with therapy added: B(1 - share s(t)), shares as above."""
        shares = self.evidence_shares()
        if shares is None:
            return None
        progress = self.progress(week)
        return baseline * (1 - shares[1] * progress), baseline * (1 - shares[0] * progress)

    def at(self, baseline: float, week: float) -> Expected:
        """Both lines and the individual band E_P(t) +- z sd(t), its edges clipped to 0-27."""
        centre, sd = self.psychotherapy(baseline, week), self.sd(week)

        def clip(points: float) -> float:
            return min(max(points, 0.0), float(phq9.MAX_TOTAL))

        return Expected(
            week=week,
            usual_care=self.usual_care(baseline, week),
            psychotherapy=centre,
            sd=sd,
            low50=clip(centre - Z50 * sd),
            high50=clip(centre + Z50 * sd),
            low80=clip(centre - Z80 * sd),
            high80=clip(centre + Z80 * sd),
        )

    def table(self, baseline: int, weeks: tuple[float, ...]) -> tuple[Expected, ...]:
        """Return the benchmark at several weeks, or refuse: a baseline below caseness has no benchmark."""
        if not 0 <= baseline <= phq9.MAX_TOTAL:
            raise Refusal(message("A baseline is a PHQ-9 total from 0 to {most}.", most=phq9.MAX_TOTAL))
        if baseline < phq9.CASENESS_FROM:
            what = message("There is no expected course for a baseline below {least}.", least=phq9.CASENESS_FROM)
            raise Refusal(what)
        if any(not (0 <= week < math.inf) for week in weeks):
            raise Refusal(message("Weeks are counted from 0 upwards."))
        return tuple(self.at(baseline, week) for week in weeks)
