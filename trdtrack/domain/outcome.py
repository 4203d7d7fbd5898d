"""Is the change real, and is it enough? Two separate answers, by published rules, in whole numbers throughout.

All totals are PHQ-9 points (0-27); `fall` is baseline minus now, so positive is better.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from trdtrack.domain import phq9

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
