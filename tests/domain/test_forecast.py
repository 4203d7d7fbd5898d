"""The forecast: reference values of the clinical rules, what it refuses, the fan on a course, chances in words."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.forecast import fan, forecast, in_ten
from trdtrack.domain.records import Rules
from trdtrack.domain.refusals import Refusal
from trdtrack.evidence import benchmarks, default_benchmark
from trdtrack.words import say

from .making import COURSE, asked, day, score, summary, weekly

BENCHMARK, RULES = default_benchmark(), Rules()
SEM2, DRIFT = 4.0, 44.27 - 8.0
REFERENCE = {
    ((0, 19),): (13.49, 6.65),
    ((0, 19), (2, 19), (4, 18), (6, 19), (8, 18)): (16.14, 4.28),
    ((0, 19), (2, 15), (4, 12), (6, 9), (8, 8)): (6.95, 4.28),
}


def ahead(*scores: tuple[float, int], at: float = 26, rules: Rules = RULES, benchmark=BENCHMARK):
    return forecast(benchmark, scores, at, rules)


def refused(*scores: tuple[float, int], at: float = 26) -> str:
    with pytest.raises(Refusal) as caught:
        ahead(*scores, at=at)
    return say(caught.value.what)


@pytest.mark.parametrize("scores", REFERENCE)
def test_reference_values(scores):
    found = ahead(*scores)
    assert (round(found.mean, 2), round(found.sd, 2)) == REFERENCE[scores]


def test_one_step_by_hand():
    # s(8) = 2/3, E_P(8) = 19 (1 - 0.29 x 2/3) = 15.3267; P = 4 + 36.27 x 2/3 = 28.18; gain 28.18/32.18 = 0.87570;
    # m = 0.87570 x (18 - 15.3267) = 2.3411; mean 13.49 + 2.3411; variance 4 x 0.87570 + 36.27/3 + 4 = 19.5928.
    found = ahead((0, 19), (8, 18))
    assert found.mean == pytest.approx(13.49 + 2.3411, abs=1e-3)
    assert found.sd**2 == pytest.approx(19.5928, abs=1e-3)


@given(st.integers(10, 27), st.floats(0, 26), st.sampled_from(benchmarks()))
def test_the_baseline_alone_gives_the_individual_band(baseline, week, benchmark):
    found, drawn = ahead((0, baseline), at=week, benchmark=benchmark), benchmark.at(baseline, week)
    assert found.mean == pytest.approx(drawn.psychotherapy)
    assert found.sd == pytest.approx(drawn.sd)
    assert found.band50 == pytest.approx((drawn.low50, drawn.high50))
    assert found.band80 == pytest.approx((drawn.low80, drawn.high80))


some = st.tuples(
    st.integers(10, 27),
    st.lists(st.tuples(st.integers(1, 25), st.integers(0, 27)), max_size=12, unique_by=lambda pair: pair[0]),
)


@given(some)
def test_the_filter_is_the_conditional_normal(drawn):
    """The same prediction from the joint normal of all scores, the level's start made very unsure."""
    import numpy as np  # noqa: PLC0415

    baseline, later = drawn
    scores = [(0, baseline), *sorted(later)]
    s = np.array([BENCHMARK.progress(week) for week, _ in scores])
    gap = np.array([total - BENCHMARK.psychotherapy(baseline, week) for week, total in scores])
    unsure = 1e7
    among = unsure + DRIFT * np.minimum.outer(s, s) + SEM2 * np.eye(len(s))
    to_end = unsure + DRIFT * s
    weights = np.linalg.solve(among, to_end)
    found = ahead(*scores)
    assert found.mean == pytest.approx(BENCHMARK.psychotherapy(baseline, 26) + weights @ gap, abs=1e-2)
    assert found.sd**2 == pytest.approx(unsure + DRIFT - weights @ to_end + SEM2, abs=1e-1)


@given(some)
def test_a_higher_last_score_forecasts_higher_and_nothing_narrows_below_one_measurement(drawn):
    baseline, later = drawn
    scores = [(0, baseline), *sorted(later), (26, 10)]
    low, high = ahead(*scores), ahead(*scores[:-1], (26, 11))
    assert low.mean < high.mean
    assert math.sqrt(SEM2) < low.sd <= ahead(*scores[:-1]).sd
    for edges in (low.band80, low.band50):
        assert 0 <= edges[0] <= low.centre <= edges[1] <= 27


def test_what_is_refused():
    assert refused() == "A forecast needs the baseline at least."
    assert refused((0, 19), (2, 18), (2, 17)) == "The scores are given in order of their weeks, and no week twice."
    assert refused((0, 19), (4, 18), (2, 17)) == "The scores are given in order of their weeks, and no week twice."
    assert refused((0, 19), (8, 18), at=7.9) == "A forecast looks ahead: its week is that of the last score or later."
    assert refused((0, 19), at=26.01) == "There is no forecast after week 26."
    assert refused((0, 19), at=math.nan) == "There is no forecast after week 26."
    assert refused((0, 19), (27, 18), at=27) == "There is no forecast after week 26."
    assert refused((0, 9)) == "There is no expected course for a baseline below 10."
    assert refused((1, 19)) == "The first score is the baseline, and the weeks count from it: it is at week 0."
    for total in (-1, 28):
        assert refused((0, 19), (2, total)) == "A PHQ-9 total is a whole number from 0 to 27."
    for week in (-1, math.nan, math.inf):
        assert refused((0, 19), (week, 18)) == "Weeks are counted from 0 upwards."


def test_the_week_of_the_last_score_itself_may_be_asked():
    # A second score on the same day: P = 4 after one score, and its own error of 4.
    assert ahead((0, 19), at=0).sd == pytest.approx(math.sqrt(8))
    assert ahead((0, 19), (26, 12)).mean == pytest.approx(12, abs=0.7)


def test_chances_come_from_the_unclipped_normal_with_half_a_point():
    found = ahead((0, 19))

    def phi(edge: float) -> float:
        return (1 + math.erf((edge - found.mean) / found.sd / math.sqrt(2))) / 2

    assert found.reliable_improvement == pytest.approx(phi(13.5))
    assert found.response == pytest.approx(phi(9.5))  # floor(19/2) = 9
    assert found.remission == pytest.approx(phi(4.5))
    assert [round(p, 2) for p in (found.reliable_improvement, found.response, found.remission)] == [0.50, 0.27, 0.09]
    assert ahead((0, 19), rules=Rules(reliable_change=8)).reliable_improvement == pytest.approx(phi(11.5))
    assert ahead((0, 20)).chance_of(10) == ahead((0, 20)).response


def test_the_mean_is_not_cut_but_the_bands_are():
    found = ahead((0, 12), (4, 4), (8, 0), (12, 0))
    assert found.mean < 0
    assert (found.centre, found.band80[0]) == (0, 0)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0, "fewer than 1 in 10"),
        (0.0499, "fewer than 1 in 10"),
        (0.05, "about 1 in 10"),
        (0.149, "about 1 in 10"),
        (0.15, "about 2 in 10"),
        (0.25, "about 3 in 10"),
        (0.3, "about 3 in 10"),
        (0.85, "about 9 in 10"),
        (0.95, "about 9 in 10"),
        (0.951, "more than 9 in 10"),
        (1, "more than 9 in 10"),
    ],
)
def test_chances_in_words_of_ten(chance, words):
    assert say(in_ten(chance)) == words


def test_the_fan_runs_from_the_last_score_to_the_horizon():
    found = fan(summary(weekly(19, 18, 18, 15, 16)))
    assert found.why_not is None
    assert [step.week for step in found.steps] == [4, *range(5, 27)]
    scores = tuple(enumerate((19, 18, 18, 15, 16)))
    assert found.steps[-1] == ahead(*scores)
    assert found.steps[0] == ahead(*scores, at=4)
    assert [step.sd for step in found.steps] == sorted(step.sd for step in found.steps)


def test_the_fan_starts_between_weeks_where_the_last_score_is_there():
    found = fan(summary([score(0, 19), score(10, 18)]))
    assert [step.week for step in found.steps[:3]] == [10 / 7, 2, 3]
    assert found.steps[-1].week == 26
    assert [step.week for step in fan(summary([score(0, 19), score(182, 11)])).steps] == [26]


def test_the_fan_of_the_baseline_alone_is_the_individual_band():
    found = fan(summary(weekly(19)))
    for step in found.steps:
        drawn = BENCHMARK.at(19, step.week)
        assert step.band80 == pytest.approx((drawn.low80, drawn.high80))


def test_the_fan_uses_the_reliable_change_in_force():
    rules = Rules(reliable_change=8)
    assert fan(summary(weekly(19, 18), rules=rules)).steps[-1] == ahead((0, 19), (1, 18), rules=rules)


def test_the_fan_skips_no_score_after_the_baseline():
    half = asked(14, 2, 2, 2, 2, 2, 2, 2, 2, None)
    found = fan(summary([score(0, 19), score(7, 17), half]))
    assert found.steps[-1] == ahead((0, 19), (1, 17), (2, 18))
    assert found.prorated
    assert not fan(summary([score(0, 19), score(7, 17)])).prorated
    # Scores before the baseline are no part of it.
    chosen = score(14, 17)
    course = replace(COURSE, baseline=chosen.id, baseline_reason="new drug")
    restarted = fan(summary([score(0, 19), chosen, score(28, 15)], course=course))
    assert restarted.steps[-1] == ahead((0, 17), (2, 15))


def test_scores_between_a_chosen_baseline_and_week_0_all_count_there():
    chosen = score(-20, 19)
    course = replace(COURSE, baseline=chosen.id, baseline_reason="the last of the old form")
    found = fan(summary([chosen, score(-6, 17), score(14, 16)], course=course))
    # At week 0 the level is known from two scores, 0 and -2 from the line: m = -1, P = 2.
    alone = fan(summary([chosen, score(-6, 17)], course=course))
    assert alone.steps[0].mean == pytest.approx(18)
    assert alone.steps[0].sd ** 2 == pytest.approx(2 + 4)
    assert found.steps[0].week == 2


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"assessments": []}, "no baseline: no score from 28 days before to 14 days after week 0"),
        ({"assessments": [score(0, 9), score(30, 8)]}, "baseline below 10"),
        ({"assessments": weekly(19, 18), "course": replace(COURSE, end=day(7))}, "the course has ended"),
        ({"assessments": weekly(19, 18), "today": 183}, "no forecast after week 26"),
        ({"assessments": [score(0, 19), score(183, 18)]}, "no forecast after week 26"),
    ],
)
def test_no_fan_and_why(given_, why):
    found = fan(summary(**given_))
    assert (found.steps, say(found.why_not)) == ((), why)
