"""Possible sudden gains: each of the three criteria at its edge, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trdtrack.domain.outcome import SUDDEN_T, sudden_gain
from trdtrack.domain.records import Rules
from trdtrack.domain.trajectory import place

from .making import COURSE, START, asked, day, score, summary, weekly


def falls(*totals: int, days: tuple[int, ...] | None = None, reliable: int = 6) -> list[tuple[int, int]]:
    """(before, after) of each possible sudden gain in weekly totals, or on these days."""
    days = days or tuple(range(0, 7 * len(totals), 7))
    points = place([score(d, total) for d, total in zip(days, totals, strict=True)], START, Rules())
    return [(gain.before.total, gain.after.total) for gain in sudden_gain(points, reliable)]


def test_a_clear_one():
    assert falls(20, 19, 20, 12, 11, 12) == [(20, 12)]
    (gain,) = sudden_gain(place(weekly(17, 20, 19, 20, 12, 11, 12, 13), START, Rules()))
    assert (gain.fall, gain.before.date, gain.after.date) == (8, day(21), day(28))
    assert [p.total for p in gain.rests_on] == [20, 19, 20, 12, 11, 12]
    assert not gain.prorated


def test_six_points_or_the_clinics_setting():
    assert falls(18, 18, 12, 12) == [(18, 12)]
    assert falls(18, 18, 13, 13) == []
    assert falls(18, 18, 13, 13, reliable=5) == [(18, 13)]
    assert falls(18, 18, 12, 12, reliable=7) == []


def test_a_quarter_of_the_earlier():
    assert falls(24, 24, 18, 18) == [(24, 18)]  # 6 of 24 is 25% exactly
    assert falls(25, 25, 19, 19) == []  # 24%


def test_at_most_fourteen_days_apart():
    assert falls(20, 20, 12, 12, days=(0, 7, 21, 28)) == [(20, 12)]
    assert falls(20, 20, 12, 12, days=(0, 7, 22, 29)) == []


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        # df 2: means 19 and 11, s_p^2 2: t = 8/1.4142 = 5.66 > 4.303; 19 and 13: 6/1.4142 = 4.243.
        ((20, 18, 12, 10), [(18, 12)]),
        ((20, 18, 12, 14), []),
        # df 3: 19 and 13.5, s_p^2 6.5/3: t = 5.5/sqrt(2.1667 x 5/6) = 4.09 > 3.182; 19 and 14, s_p^2 10/3: 3.00.
        ((20, 19, 18, 12, 15), [(18, 12)]),
        ((20, 19, 18, 12, 16), []),
        # df 4: 20 and 14, s_p^2 (8 + 8)/4: t = 6/sqrt(4 x 2/3) = 3.67 > 2.776; 20 and 15.33, s_p^2 (8 + 18.67)/4: 2.21.
        ((20, 22, 18, 12, 14, 16), [(18, 12)]),
        ((20, 22, 18, 12, 16, 18), []),
    ],
)
def test_the_scores_around_it_differ(totals, found):
    assert falls(*totals) == found


def test_two_scores_on_each_side_at_least():
    assert falls(20, 12, 12, 12) == []
    assert falls(20, 20, 20, 12) == []
    assert falls(20, 20, 12, 12) == [(20, 12)]  # no spread at all, and a fall
    assert falls() == falls(20) == []


def test_only_three_on_each_side_are_looked_at():
    assert falls(2, 20, 20, 20, 12, 12, 12, 27) == [(20, 12)]


def test_a_dip_within_ups_and_downs_is_none():
    assert falls(12, 20, 12, 20, 12, 20) == []


def test_critical_values_are_those_of_t():
    from scipy.special import stdtrit  # noqa: PLC0415

    for df, critical in SUDDEN_T.items():
        assert float(critical) == pytest.approx(float(stdtrit(df, 0.975)), abs=5e-4)


def test_on_the_summary_as_possible_and_looking_back():
    found = summary(weekly(19, 20, 19, 11, 11, 10))
    assert [(g.before.date, g.after.date) for g in found.sudden_gains] == [(day(14), day(21))]
    # On the day itself nobody can tell.
    assert summary(weekly(19, 20, 19, 11)).sudden_gains == ()
    assert summary(weekly(19, 20, 19, 11, 11), rules=Rules(reliable_change=8)).sudden_gains
    assert not summary(weekly(19, 20, 19, 12, 11), rules=Rules(reliable_change=8)).sudden_gains


def test_between_totals_of_one_course():
    earlier = [score(-14, 20, course="earlier"), score(-7, 20, course="earlier")]
    found = summary([*earlier, *weekly(12, 12)])
    assert found.sudden_gains == ()
    assert summary(weekly(20, 20, 12, 12), course=replace(COURSE, start=day(7))).sudden_gains


def test_one_that_rests_on_a_prorated_total_says_so():
    half = asked(21, 1, 1, 1, 1, 1, 2, 2, 2, None)
    (gain,) = summary([*weekly(20, 20, 12), half]).sudden_gains
    assert gain.prorated
