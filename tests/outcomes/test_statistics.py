"""Intervals against published figures."""

from __future__ import annotations

import pytest

from trdtrack.outcomes.statistics import mean_of, rate, ratio


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(count, of, low, high):
    """Newcombe, Stat Med 1998;17:857, table I, method 3."""
    found = rate(count, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    mirrored = rate(of - count, of)
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low))


def test_a_rate_of_nobody_has_no_share():
    assert rate(0, 0).share is rate(0, 0).low is rate(0, 0).high is None
    assert rate(20, 20).high == 1.0


def test_the_t_interval_as_published():
    """NIST/SEMATECH e-Handbook 1.3.5.2, ZARR13.DAT: n 195, mean 9.261460, SD 0.02278881."""
    found = mean_of(9.261460, 0.02278881, 195)
    # The mean is printed to six places.
    assert (found.low, found.high) == pytest.approx((9.258242, 9.264679), abs=2e-6)


def test_one_value_has_no_interval_and_none_has_no_mean():
    assert mean_of(3.0, float("nan"), 1).low is None
    assert mean_of(3.0, float("nan"), 1).value == 3.0
    assert mean_of(float("nan"), float("nan"), 0).value is None


def test_a_ratio_of_sums_by_hand():
    """Falls 4, 6, 2 of baselines 10, 20, 10: p 12/40; departures 1, 0, -1, SD 1, so SE 1/(sqrt(3) 40/3)."""
    p, se = ratio([4, 6, 2], [10, 20, 10])
    assert p == pytest.approx(0.3)
    assert se == pytest.approx(1 / (3**0.5 * 40 / 3))
