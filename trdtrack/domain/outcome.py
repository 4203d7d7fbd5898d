"""Is the change real, and is it enough? Two separate answers, by published rules, in whole numbers throughout.

All totals are PHQ-9 points (0-27); `fall` is baseline minus now, so positive is better.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.phq9 import Completeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.trajectory import Point

MEANINGFUL_GENERAL = 21
"""Percent of baseline: smallest fall people call worthwhile, primary-care depression (Kounali 2022)."""
MEANINGFUL_LONG_LASTING = 32
"""Percent of baseline needed to feel better in long-lasting, drug-resistant depression; BDI-II (Button 2015)."""
RESPONSE = 50
PARTIAL_RESPONSE = 25
PLATEAU_FROM_WEEK = 12
PLATEAU_DAYS = range(42, 71)
PLATEAU_NEAR = 56
PLATEAU_BETWEEN = 3
SUDDEN_DAYS = 14
SUDDEN_PERCENT = 25
SUDDEN_AROUND = 3
"""Scores looked at on either side of a possible sudden gain; two are the least."""
SUDDEN_T = {2: Fraction("4.303"), 3: Fraction("3.182"), 4: Fraction("2.776")}
"""Two-sided 5% value of t by degrees of freedom."""


class Reliable(StrEnum):
    """Whether a change is larger than measurement error; never that the therapy caused it."""

    IMPROVEMENT = "improvement"
    DETERIORATION = "deterioration"
    NONE = "none"


def reliable_change(baseline: int, now: int, points: int = 6) -> Reliable:
    """Fall or rise of `points` or more (NHS Talking Therapies convention: 6).

    Our check: RCI = 1.96 sqrt(2) SD sqrt(1 - r) = 5.5 with SD 5.0 and r 0.84; 7.1 with r 0.737 (setting 8).
    """
    if baseline - now >= points:
        return Reliable.IMPROVEMENT
    return Reliable.DETERIORATION if now - baseline >= points else Reliable.NONE


def rci(sd: float, reliability: float) -> float:
    """Reliable change index in points: 1.96 sqrt(2) SD sqrt(1 - r) (Jacobson & Truax 1991)."""
    return 1.96 * 2**0.5 * sd * (1 - reliability) ** 0.5


def fell_by(percent: int, baseline: int, now: int) -> bool | None:
    """Whether the total fell by `percent` of baseline or more: 100 fall >= percent B. None where B is 0."""
    return None if baseline == 0 else 100 * (baseline - now) >= percent * baseline


def percent_change(baseline: int, now: int) -> float | None:
    """Change in percent of baseline, negative is better; None where B is 0."""
    return None if baseline == 0 else 100 * (now - baseline) / baseline


def whole_percent(baseline: int, now: int) -> int | None:
    """Size of the change in percent of baseline, cut and never rounded up; None where B is 0."""
    return None if baseline == 0 else 100 * abs(now - baseline) // baseline


def remission(now: int) -> bool:
    """Total below 5 (convention)."""
    return now < phq9.REMISSION_BELOW


def recovery(baseline: int, now: int) -> bool | None:
    """Baseline at caseness (10 or more) and now below it; None where the baseline was below caseness.

    The PHQ-9 part of NHS recovery only (which also asks for a GAD-7 below 8): on screen "below caseness".
    """
    return now < phq9.CASENESS_FROM if baseline >= phq9.CASENESS_FROM else None


def plateau(baseline: int, points: Sequence[Point], reliable: int = 6) -> Point | None:
    """Return the score of 8 weeks before if the course has stood still since, else None.

    Our own rule: a reason to think, not a failure.

    From week 12: latest total 10 or more, less than 21% below B, and less than `reliable` points either way from the
    score 8 weeks before (nearest to 56 days, within 42-70; tie: the earlier), with 3 or more scores strictly between.
    `points` are those that count, in order of date.
    """
    if not points:
        return None
    latest = points[-1]
    if latest.week is None or latest.week < PLATEAU_FROM_WEEK or latest.total < phq9.CASENESS_FROM:
        return None
    if fell_by(MEANINGFUL_GENERAL, baseline, latest.total) is not False:
        return None
    gaps = [(latest.date - point.date).days for point in points]
    earlier = [i for i, gap in enumerate(gaps) if gap in PLATEAU_DAYS]
    if not earlier:
        return None
    then = min(earlier, key=lambda i: (abs(gaps[i] - PLATEAU_NEAR), -gaps[i]))
    between = len(points) - then - 2
    still = abs(latest.total - points[then].total) < reliable and between >= PLATEAU_BETWEEN
    return points[then] if still else None


@dataclass(frozen=True)
class SuddenGain:
    """A possible sudden gain: the score before the fall and the score after it. Only ever seen looking back."""

    before: Point
    after: Point
    rests_on: tuple[Point, ...]
    """The up to three scores on either side, these two among them, in order of date."""

    @property
    def fall(self) -> int:
        """Points of fall between the two."""
        return self.before.total - self.after.total

    @property
    def prorated(self) -> bool:
        """Whether a total it rests on is prorated."""
        return any(point.score.completeness is Completeness.PRORATED for point in self.rests_on)


def sudden_gain(points: Sequence[Point], reliable: int = 6) -> tuple[SuddenGain, ...]:
    """Return each possible sudden gain (after Tang & DeRubeis 1999, J Consult Clin Psychol 67:894).

    Between two neighbouring totals at most 14 days apart: a fall of `reliable` points or more, 25% or more of the
    earlier, and the up to 3 scores on either side (2 at least) differ: (mean before - mean after) / (s_p sqrt(1/n1 +
    1/n2)) above the two-sided 5% value of t; s_p = 0 with a fall counts. `points` are those of one course that count,
    in order of date. It fires falsely, the more the steeper the course (clinical rules: 30-64% of smooth ones; in our
    simulations 10% along the average line, 38% of 19 to 5 in 12 weeks): always "possible", and nothing rests on it.
    """
    found: list[SuddenGain] = []
    for i, (earlier, later) in enumerate(pairwise(points), start=1):
        fall = earlier.total - later.total
        before, after = points[max(i - SUDDEN_AROUND, 0) : i], points[i : i + SUDDEN_AROUND]
        if (
            (later.date - earlier.date).days <= SUDDEN_DAYS
            and fall >= reliable
            and fell_by(SUDDEN_PERCENT, earlier.total, later.total)
            and _differ([p.total for p in before], [p.total for p in after])
        ):
            found.append(SuddenGain(earlier, later, (*before, *after)))
    return tuple(found)


def _differ(before: list[int], after: list[int]) -> bool:
    """Whether the scores before lie above those after by the t test of Tang and DeRubeis' third criterion."""
    if min(len(before), len(after)) < 2:
        return False
    means = [Fraction(sum(side), len(side)) for side in (before, after)]
    drop = means[0] - means[1]
    df = len(before) + len(after) - 2
    squares = sum((score - mean) ** 2 for side, mean in zip((before, after), means, strict=True) for score in side)
    # Squared, so that whole numbers stay exact: t^2 = drop^2 / (s_p^2 (1/n1 + 1/n2)).
    error = squares / df * (Fraction(1, len(before)) + Fraction(1, len(after)))
    return drop > 0 and drop**2 > SUDDEN_T[df] ** 2 * error
