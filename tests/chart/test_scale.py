"""Days and places: evenly, or one step a session."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart.courses import course, ended, week
from trdtrack.chart.drawing import drawing
from trdtrack.chart.scale import EVEN, by_session
from trdtrack.chart.view import View

DAYS = st.lists(st.integers(700_000, 740_000).map(float), min_size=1, max_size=60).map(sorted)


def test_sessions_stand_one_step_apart_and_days_between_them_in_proportion():
    scale = by_session([100.0, 107.0, 128.0])
    assert [scale.place(day) for day in (100, 107, 128)] == [1, 2, 3]
    assert scale.place(103.5) == 1.5
    assert scale.place(114) == pytest.approx(2 + 7 / 21)
    # Outside a step is as long as the median of 7 and 21 days.
    assert scale.step == 14
    assert scale.place(86) == 0
    assert scale.place(156) == 5


def test_of_two_sessions_on_one_day_the_later_number_counts():
    scale = by_session([100.0, 107.0, 107.0, 114.0])
    assert [scale.place(day) for day in (100, 107, 114)] == [1, 3, 4]


def test_without_sessions_days_stay_days():
    assert by_session([]) is EVEN
    assert EVEN.place(123.25) == EVEN.day(123.25) == 123.25
    figure = drawing(course((0, 19), missed=(0,)), View(by_session=True))
    assert figure.scale.days == (float(week(0).toordinal()),)
    assert drawing(course(), View(by_session=True)).scale is EVEN


@given(DAYS, st.floats(690_000, 750_000))
def test_places_rise_with_days_and_lead_back(days, day):
    scale = by_session(days)
    assert scale.place(day) < scale.place(day + 1)
    assert scale.day(scale.place(day)) == pytest.approx(day, abs=1e-3)
    assert all(scale.place(when) == number for when, number in zip(scale.days, scale.places, strict=True))


def test_the_expected_course_has_a_step_at_every_session():
    summary = ended()
    figure = drawing(summary, View(by_session=True))
    steps = {curve.x for curve in figure.measured}
    assert {float(s.date.toordinal()) for s in summary.sessions} <= steps
    assert len(steps) == len(figure.measured)
    plain = drawing(summary)
    assert figure.measured[0].at == plain.measured[0].at
    assert figure.measured[-1].at == plain.measured[-1].at
