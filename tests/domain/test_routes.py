"""The routes to about 2.5 points, figure by figure as in the clinical rules, section 4."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trdtrack.domain.pooling import Method, effects, pool
from trdtrack.domain.routes import points, routes
from trdtrack.evidence import default_benchmark
from trdtrack.evidence_tables import shipped_published, shipped_trials
from trdtrack.words import say

TEN = effects(shipped_trials())
POOLED = [
    pool(TEN).g,
    pool(TEN, Method.REML).g,
    pool([e for e in TEN if e.trial.id != "strauss2012"]).g,
]


def found(**changed):
    given = {
        "trials": shipped_trials(),
        "published": shipped_published(),
        "pooled": POOLED,
        "benchmark": default_benchmark(),
    }
    return {route.id: route for route in routes(**{**given, **changed})}


def test_every_route_with_its_figure():
    assert {name: round(route.points, 2) for name, route in found().items()} == {
        "review_sd_before": 2.45,
        "review_sd_after": 3.56,
        "reframed_changes": 2.44,
        "reframed_end": 3.14,
        "flatt": 2.48,
        "rows_effect": 2.50,
        "rows_falls": 3.04,
    }


def test_the_arithmetic_is_shown_with_its_sd():
    how = {name: say(route.how) for name, route in found().items()}
    assert how["review_sd_before"] == "0.49 x 5.0"
    assert how["review_sd_after"] == "0.49 x 7.26"
    assert how["reframed_changes"] == "5.57 − 3.13"
    assert how["reframed_end"] == "16.56 − 13.42"
    assert how["rows_effect"] == "0.46 to 0.54 x 5.0"
    assert how["rows_falls"] == "(30% − 14%) of 19"


def test_ranges_and_intervals():
    flatt, rows = found()["flatt"], found()["rows_effect"]
    assert (flatt.low, flatt.high) == (1.23, 3.72)
    assert (round(rows.low, 1), round(rows.high, 1)) == (2.3, 2.7)


def test_those_that_agree_with_the_drawn_lines_and_those_that_do_not():
    agree = {name for name, route in found().items() if route.agrees}
    assert agree == {"review_sd_before", "reframed_changes", "flatt", "rows_effect"}
    assert {round(route.drawn, 2) for route in found().values()} == {2.47}
    assert all(2 <= route.points <= 4 for route in found().values())


def test_refra_med_is_no_second_witness():
    same = {name for name, route in found().items() if route.same_data}
    assert same == {"reframed_changes", "reframed_end", "rows_effect", "rows_falls"}
    assert found()["review_sd_after"].sd_from == "lynch2020"


def test_every_source_is_a_row_of_the_tables():
    known = {row.id for row in (*shipped_trials(), *shipped_published())}
    for route in found().values():
        assert route.sources
        assert set(route.sources) <= known


def test_a_difference_in_points():
    assert points(0.49, 5.0) == pytest.approx(2.45)


def test_a_lost_figure_is_noticed():
    lost = [replace(p, estimate=None) for p in shipped_published()]
    with pytest.raises(ValueError, match="missing"):
        found(published=lost)
