"""Every figure of the clinical rules' section 4, from the shipped benchmark file."""

from __future__ import annotations

import math

import pytest

from trdtrack.domain.benchmark import Z50, Z80
from trdtrack.domain.refusals import Refusal
from trdtrack.evidence import default_benchmark

BENCHMARK = default_benchmark()
# week: usual care, psychotherapy, 80% band; B = 19
PRINTED = {
    4: (17.52, 16.31, 9.8, 22.8),
    8: (16.97, 15.33, 8.1, 22.6),
    12: (16.63, 14.71, 7.0, 22.4),
    16: (16.39, 14.26, 6.2, 22.3),
    26: (15.96, 13.49, 5.0, 22.0),
}


@pytest.mark.parametrize("week", PRINTED)
def test_worked_values(week):
    at = BENCHMARK.at(19, week)
    found = (round(at.usual_care, 2), round(at.psychotherapy, 2), round(at.low80, 1), round(at.high80, 1))
    assert found == PRINTED[week]


def test_parameters_follow_from_the_published_figures():
    assert BENCHMARK.usual_care_fall == round((19.69 - 16.56) / 19.69, 2) == 0.16
    assert BENCHMARK.psychotherapy_fall == round((18.99 - 13.42) / 18.99, 2) == 0.29
    assert BENCHMARK.start_variance == 2 * 2.0**2
    assert BENCHMARK.end_variance == round(7.26**2 * (1 - 0.16), 2) == 44.27
    assert round(BENCHMARK.sd(26), 2) == 6.65
    assert (BENCHMARK.horizon, BENCHMARK.data_end) == (26, 30)


def test_the_lines_end_two_and_a_half_points_apart():
    at = BENCHMARK.at(19, 26)
    assert round(at.usual_care - at.psychotherapy, 1) == 2.5


def test_band_multipliers_are_the_normal_quantiles():
    for z, share in ((Z50, 0.50), (Z80, 0.80)):
        assert math.erf(z / math.sqrt(2)) == pytest.approx(share, abs=5e-4)


def test_progress_runs_from_nothing_to_all_and_stays():
    assert BENCHMARK.progress(0) == 0
    assert BENCHMARK.progress(26) == BENCHMARK.progress(52) == 1
    assert BENCHMARK.progress(8) == pytest.approx(math.log(9) / math.log(27)) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="week 0"):
        BENCHMARK.progress(-0.1)


def test_start_of_the_lines_is_the_baseline_itself():
    at = BENCHMARK.at(19, 0)
    assert (at.usual_care, at.psychotherapy) == (19, 19)
    assert at.sd == pytest.approx(math.sqrt(8))


def test_bands_stay_on_the_scale():
    for baseline in range(10, 28):
        for week in range(31):
            at = BENCHMARK.at(baseline, week)
            edges = (0, at.low80, at.low50, at.psychotherapy, at.high50, at.high80, 27)
            assert list(edges) == sorted(edges)
    assert BENCHMARK.at(10, 26).low80 == 0
    assert BENCHMARK.at(27, 4).high80 == 27


def test_table():
    weeks = (0.0, 4.0, 26.0)
    assert [row.week for row in BENCHMARK.table(19, weeks)] == list(weeks)
    assert BENCHMARK.table(10, ()) == ()


@pytest.mark.parametrize("baseline", [-1, 0, 9, 28])
def test_table_refuses_a_baseline_without_a_course(baseline):
    with pytest.raises(Refusal):
        BENCHMARK.table(baseline, (4,))


@pytest.mark.parametrize("week", [-1, -0.001, math.inf, math.nan])
def test_table_refuses_weeks_that_are_none(week):
    with pytest.raises(Refusal):
        BENCHMARK.table(19, (4, week))
