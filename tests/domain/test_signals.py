from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from trdtrack.domain.records import Course, Patient, Rules
from trdtrack.domain.signals import RULES, Signal
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.evidence import default_benchmark
from trdtrack.words import say

from .making import COURSE, START, day, score, summary, weekly

# No spread at all: the lines' edges are whole numbers, so that a tie can be tested. B 20 -> 10 at week 26.
SHARP = replace(default_benchmark(), psychotherapy_fall=0.5, end_variance=0.0, start_variance=0.0)


def signal(assessments, **given):
    return summary(assessments, **given).standing.signal


def why(assessments, **given):
    return say(summary(assessments, **given).standing.why)


def test_every_signal_has_its_words_and_its_rule():
    assert set(RULES) == set(SIGNAL_WORDS) == set(Signal)


def test_1_ended_goes_before_everything():
    course = replace(COURSE, end=day(21))
    assert signal(weekly(19, 27), course=course, today=21) is Signal.ENDED
    assert signal(weekly(19, 27), course=course, today=20) is Signal.REVIEW
    assert signal([], course=course, today=21) is Signal.ENDED


def test_2_review_by_a_reliable_rise_after_one_score_at_any_week():
    assert signal(weekly(19, 25)) is Signal.REVIEW
    assert signal(weekly(19, 24)) is Signal.TOO_EARLY
    assert why(weekly(19, 25)) == "6 points above baseline"
    assert signal(weekly(19, 24), rules=Rules(reliable_change=5)) is Signal.REVIEW
    assert signal(weekly(5, 11)) is Signal.REVIEW  # below caseness at the start: no lines, but a rise all the same
    assert signal([*weekly(19), score(280, 25)]) is Signal.REVIEW
    assert signal(weekly(19, 25, 24)) is Signal.TOO_EARLY  # only the latest counts


def test_2_review_says_how_old_it_is():
    assert why(weekly(19, 25), today=7 + 28) == "6 points above baseline"
    assert why(weekly(19, 25), today=7 + 29) == "6 points above baseline, 29 days old"
    assert signal(weekly(19, 25), today=400) is Signal.REVIEW


def test_2_review_by_two_scores_above_the_wide_band():
    # B 19: the 80% edge lies at 22.8 in week 4, 22.6 in week 8.
    assert signal([score(0, 19), score(28, 23), score(35, 23)]) is Signal.REVIEW
    assert signal([score(0, 19), score(28, 22), score(35, 23)]) is Signal.SLOWER
    assert signal([score(0, 19), score(28, 23), score(35, 22)]) is Signal.SLOWER
    assert signal([score(0, 19), score(27, 23), score(35, 23)]) is Signal.SLOWER  # not both from week 4 on


def test_2_where_the_edge_is_off_the_scale_27_counts():
    # B 25: the edge lies at 27.4 in week 8, 26.0 in week 26; B 24: 26.6 in week 8.
    assert signal([score(0, 25), score(56, 27), score(63, 27)]) is Signal.REVIEW
    assert signal([score(0, 25), score(56, 26), score(63, 26)]) is Signal.SLOWER
    assert signal([score(0, 25), score(56, 27), score(63, 26)]) is Signal.SLOWER
    assert signal([score(0, 24), score(56, 27), score(63, 27)]) is Signal.REVIEW
    assert signal([score(0, 24), score(56, 26), score(63, 26)]) is Signal.SLOWER


def test_ties_are_not_beyond():
    at_horizon = [score(0, 20), score(175, 10), score(182, 10)]
    assert signal(at_horizon, benchmark=SHARP) is Signal.ON_TRACK
    above = [score(0, 20), score(182, 10), score(189, 11)]
    assert signal(above, benchmark=SHARP) is Signal.SLOWER
    assert signal([*above, score(196, 11)], benchmark=SHARP) is Signal.REVIEW
    assert signal([*above, score(196, 10)], benchmark=SHARP) is Signal.ON_TRACK
    assert signal([*above, score(196, 9)], benchmark=SHARP) is Signal.AHEAD


def test_3_no_recent_score():
    assert signal(weekly(19, 18, 17, 16, 16, 15), today=35 + 28) is Signal.ON_TRACK
    assert signal(weekly(19, 18, 17, 16, 16, 15), today=35 + 29) is Signal.NO_RECENT_SCORE
    assert why(weekly(19), today=29) == "the latest is 29 days old"
    assert signal([score(-60, 19)], today=0) is Signal.NO_RECENT_SCORE


def test_4_too_early():
    assert signal([]) is Signal.TOO_EARLY
    assert signal(weekly(19)) is Signal.TOO_EARLY
    assert signal([score(0, 19), score(20, 15), score(27, 15)]) is Signal.TOO_EARLY
    assert signal([score(0, 19), score(20, 15), score(28, 15)]) is Signal.ON_TRACK
    assert signal([score(0, 19), score(28, 15)]) is Signal.TOO_EARLY
    assert signal(weekly(8, 7)) is Signal.TOO_EARLY  # before "no benchmark"
    assert signal([score(20, 15)]) is Signal.TOO_EARLY  # no baseline, but before week 4 all the same


def test_5_plateau_goes_before_no_benchmark():
    still = weekly(*[19] * 13)
    assert signal(still) is Signal.PLATEAU
    assert signal(still[:-1]) is not Signal.PLATEAU
    child = Patient(id="p", code="T", date_of_birth=date(2010, 1, 1))
    assert signal(still, patient=child) is Signal.PLATEAU
    assert signal(still[:-1], patient=child) is Signal.NO_BENCHMARK


def test_6_no_benchmark_with_the_reason():
    assert why(weekly(9, 9, 9, 9, 9, 9)) == "baseline below 10"
    assert why(weekly(9, 9, first=5)).startswith("no baseline")
    assert signal(weekly(10, 9, 9, 9, 9, 9)) is not Signal.NO_BENCHMARK


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2006, 1, 2), Signal.NO_BENCHMARK),  # 17 on week 0, the day before the birthday
        (date(2006, 1, 1), Signal.ON_TRACK),  # 18 that day
        (date(1960, 5, 5), Signal.ON_TRACK),
        (None, Signal.ON_TRACK),
    ],
)
def test_6_age_under_18_at_week_zero(born, expected):
    patient = Patient(id="p", code="T", date_of_birth=born)
    found = summary(weekly(19, 18, 17, 16, 16, 15), patient=patient)
    assert found.standing.signal is expected
    assert (found.benchmark is None) is (expected is Signal.NO_BENCHMARK)


def test_6_a_child_with_a_chosen_baseline_and_no_week_zero_has_no_lines():
    first = score(0, 19)
    course = Course(id="c", patient="p", baseline=first.id, baseline_reason="no sessions entered")
    child = Patient(id="p", code="T", date_of_birth=date(2010, 1, 1))
    scores = [first, *weekly(18, 17, 16, 16, 15, first=1)]
    assert signal(scores, course=course, patient=child) is Signal.NO_BENCHMARK
    assert signal(scores, course=course) is Signal.ON_TRACK


# B 19, week 26: middle half 13.49 -+ 0.674 x 6.65 = 9.01 to 17.97.
@pytest.mark.parametrize(
    ("total", "expected"),
    [(18, Signal.SLOWER), (17, Signal.ON_TRACK), (10, Signal.ON_TRACK), (9, Signal.AHEAD)],
)
def test_7_8_9_against_the_middle_half(total, expected):
    assert signal([score(0, 19), score(100, 14), score(182, total)]) is expected


@pytest.mark.parametrize("total", [18, 14, 9])
def test_past_the_data_after_week_30(total):
    course = [score(0, 19), score(203, 14)]
    assert signal([*course, score(210, total)]) is not Signal.PAST_DATA
    assert signal([*course, score(211, total)]) is Signal.PAST_DATA
    assert why([*course, score(211, total)]) == "no trial data beyond 30 weeks"


def test_review_and_plateau_hold_past_the_data():
    assert signal([score(0, 19), score(220, 23), score(227, 23)]) is Signal.REVIEW
    assert signal(weekly(*[19] * 40)) is Signal.PLATEAU


def test_a_course_that_never_moves_is_slower_from_about_week_12():
    signals = {week: signal([score(0, 19), score(14, 19), score(7 * week, 19)]) for week in range(4, 27)}
    slower = [week for week, found in signals.items() if found is Signal.SLOWER]
    assert slower == list(range(slower[0], 27))
    assert 10 <= slower[0] <= 14


def test_a_chosen_baseline_restarts_the_lines():
    chosen = score(70, 17)
    course = replace(COURSE, baseline=chosen.id, baseline_reason="changed drug")
    scores = [*weekly(22, 21, 20), chosen, score(84, 16), score(91, 16)]
    assert signal(scores, course=course) is Signal.TOO_EARLY  # week 3 of the new lines
    found = summary([*scores, score(98, 15)], course=course)
    assert found.standing.signal is Signal.ON_TRACK
    assert found.lines_start == day(70)
    assert found.line_week(day(98)) == 4
    assert found.line_week(START) == 0
