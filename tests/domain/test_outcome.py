from __future__ import annotations

from fractions import Fraction

import pytest

from trdtrack.domain import outcome
from trdtrack.domain.outcome import Reliable, fell_by, plateau, rci, reliable_change, whole_percent
from trdtrack.domain.records import Rules
from trdtrack.domain.trajectory import place

from .making import START, score


@pytest.mark.parametrize(("reliability", "points"), [(0.84, 5.5), (0.737, 7.1)])
def test_reliable_change_index_as_in_the_clinical_rules(reliability, points):
    assert round(rci(5.0, reliability), 1) == points


@pytest.mark.parametrize("setting", [5, 6, 7, 8])
def test_reliable_change_counts_from_the_setting_itself(setting):
    assert reliable_change(15, 15 - setting, setting) is Reliable.IMPROVEMENT
    assert reliable_change(15, 15 - setting + 1, setting) is Reliable.NONE
    assert reliable_change(15, 15 + setting, setting) is Reliable.DETERIORATION
    assert reliable_change(15, 15 + setting - 1, setting) is Reliable.NONE


def test_shares_of_baseline_are_whole_number_arithmetic():
    assert fell_by(32, 25, 17) is True  # 8 of 25 is 32% exactly
    assert fell_by(32, 25, 18) is False
    for percent in (21, 25, 32, 50):
        for baseline in range(1, 28):
            for now in range(28):
                assert fell_by(percent, baseline, now) is (Fraction(baseline - now, baseline) >= Fraction(percent, 100))


def test_marks_at_their_edges():
    assert (outcome.MEANINGFUL_GENERAL, outcome.MEANINGFUL_LONG_LASTING) == (21, 32)
    assert (outcome.RESPONSE, outcome.PARTIAL_RESPONSE) == (50, 25)
    assert fell_by(21, 19, 15) is True  # 4/19 = 21.05%
    assert fell_by(21, 19, 16) is False
    assert fell_by(32, 19, 12) is True  # 7/19 = 36.8%
    assert fell_by(32, 19, 13) is False  # 6/19 = 31.6%
    assert fell_by(50, 20, 10) is True
    assert fell_by(50, 21, 11) is False


def test_no_share_of_a_baseline_of_nothing():
    assert fell_by(21, 0, 0) is None
    assert outcome.percent_change(0, 5) is None
    assert whole_percent(0, 5) is None


@pytest.mark.parametrize(
    ("baseline", "now", "percent"), [(19, 12, 36), (25, 17, 32), (27, 14, 48), (12, 4, 66), (3, 1, 66), (20, 26, 30)]
)
def test_one_persons_percentage_is_cut(baseline, now, percent):
    assert whole_percent(baseline, now) == percent
    assert whole_percent(baseline, now) <= abs(outcome.percent_change(baseline, now))


def test_remission_and_recovery():
    assert outcome.remission(4)
    assert not outcome.remission(5)
    assert outcome.recovery(10, 9) is True
    assert outcome.recovery(10, 10) is False
    assert outcome.recovery(9, 2) is None


def standing_still(*days_and_totals, baseline=19, reliable=6):
    points = place([score(d, total) for d, total in days_and_totals], START, Rules())
    return plateau(baseline, points, reliable) is not None


BETWEEN = ((35, 18), (42, 18), (49, 18))


def test_plateau_needs_week_12():
    assert standing_still((28, 18), *BETWEEN, (84, 18))
    assert not standing_still((27, 18), *BETWEEN, (83, 18))


def test_plateau_needs_caseness_and_less_than_the_general_mark():
    assert standing_still((28, 18), *BETWEEN, (84, 16), baseline=20)  # 20% below
    assert not standing_still((28, 18), *BETWEEN, (84, 15), baseline=19)  # 21.05% below
    assert standing_still((28, 10), *BETWEEN, (84, 10), baseline=10)
    assert not standing_still((28, 9), *BETWEEN, (84, 9), baseline=10)


@pytest.mark.parametrize(("gap", "counts"), [(41, False), (42, True), (70, True), (71, False)])
def test_plateau_looks_back_42_to_70_days(gap, counts):
    last = 100
    between = [(last - days, 18) for days in (30, 20, 10)]
    assert standing_still((last - gap, 18), *between, (last, 18)) is counts


def test_plateau_takes_the_score_nearest_to_56_days_and_the_earlier_of_a_tie():
    between = [(70, 18), (77, 18), (84, 18)]
    # 60 and 52 days before are equally near 56: the earlier, at 18, stands still; the later, at 12, would not.
    assert standing_still((40, 18), (48, 12), *between, (100, 18))
    assert not standing_still((40, 12), (48, 18), *between, (100, 18))
    # 55 days before is nearer than 58.
    assert not standing_still((42, 18), (45, 12), *between, (100, 18))


def test_plateau_needs_three_scores_strictly_between():
    assert standing_still((28, 18), (35, 18), (42, 18), (49, 18), (84, 18))
    assert not standing_still((28, 18), (35, 18), (42, 18), (84, 18))


@pytest.mark.parametrize(("then", "counts"), [(12, False), (13, True), (23, True), (24, False)])
def test_plateau_ends_with_a_reliable_change_either_way(then, counts):
    assert standing_still((28, then), *BETWEEN, (84, 18)) is counts


def test_plateau_uses_the_one_setting_of_reliable_change():
    assert not standing_still((28, 13), *BETWEEN, (84, 18), reliable=5)
    assert standing_still((28, 11), *BETWEEN, (84, 18), reliable=8)


def test_no_plateau_without_scores():
    assert not plateau(19, [])
    assert not standing_still((84, 18))
    assert not standing_still((84, 18), baseline=0)
