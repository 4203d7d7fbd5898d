"""Intervals of shares, means and ratios of sums: 95% throughout."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import Mean, Rate
from trdtrack.domain.pooling import t_value

if TYPE_CHECKING:
    from collections.abc import Sequence

Z95 = NormalDist().inv_cdf(0.975)


def rate(count: int, of: int) -> Rate:
    """Return a share with Wilson's score interval, without correction for continuity (Newcombe 1998, method 3)."""
    if of == 0:
        return Rate(count, of, None, None)
    share, z2 = count / of, Z95**2
    middle = share + z2 / (2 * of)
    reach = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of**2))
    low, high = ((middle + sign * reach) / (1 + z2 / of) for sign in (-1, 1))
    # At 0 and at all the formula gives 0 and 1 but for the last digit of a float.
    return Rate(count, of, 0.0 if count == 0 else low, 1.0 if count == of else high)


def mean_of(middle: float, sd: float, n: int) -> Mean:
    """Return a mean with its t interval, mean +- t(n-1) SD/sqrt(n); one value has no interval, none has no mean."""
    if n < 2:
        return Mean(middle if n else None, None, None, n)
    reach = t_value(n - 1) * sd / math.sqrt(n)
    return Mean(middle, middle - reach, middle + reach, n)


def spread(departures: Sequence[float]) -> float:
    """Return the standard deviation of departures from a fitted value, with n - 1 below; 0 for fewer than 2."""
    n = len(departures)
    return math.sqrt(math.fsum(d * d for d in departures) / (n - 1)) if n > 1 else 0.0


def ratio(above: Sequence[float], below: Sequence[float]) -> tuple[float, float]:
    """Return p = sum(above)/sum(below) and its standard error SD(above - p below)/(sqrt(n) mean(below)).

    The large-sample error of a ratio of sums (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6). The departures add
    up to 0 by p itself, so that their SD needs no mean taken off.
    """
    n, whole = len(below), math.fsum(below)
    p = math.fsum(above) / whole
    sd = spread([a - p * b for a, b in zip(above, below, strict=True)])
    return p, sd / (math.sqrt(n) * whole / n)
