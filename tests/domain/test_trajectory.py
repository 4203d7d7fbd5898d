from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from trdtrack.domain.records import Attendance, Course, Rules, Session
from trdtrack.domain.trajectory import find_baseline, place, week_zero

from .making import AT, COURSE, START, asked, day, score


def session(number, **fields):
    return Session(patient="p", course="c", date=day(number), entered=AT, **fields)


def baseline_total(*assessments, course=COURSE, start=START):
    found = find_baseline(course, start, place(assessments, start, Rules()))
    return found.point.total if found else None


def test_week_zero_follows_the_first_attended_session_until_it_is_set():
    open_ended = Course(patient="p")
    missed = session(-3, attendance=Attendance.DID_NOT_ATTEND)
    withdrawn = session(-2, withdrawn="typed twice")
    assert week_zero(open_ended, []) is None
    assert week_zero(open_ended, [missed, withdrawn]) is None
    assert week_zero(open_ended, [session(9), missed, session(2), withdrawn]) == day(2)
    assert week_zero(COURSE, [session(2)]) == START


def test_week_is_days_over_seven():
    weeks = [p.week for p in place([score(-7, 10), score(0, 10), score(10, 10)], START, Rules())]
    assert weeks == [-1, 0, pytest.approx(10 / 7)]
    assert [p.week for p in place([score(0, 10)], None, Rules())] == [None]


@pytest.mark.parametrize("before", [0, 1, 28])
def test_baseline_is_at_most_28_days_old(before):
    assert baseline_total(score(-before, 20)) == 20


def test_baseline_older_than_28_days_does_not_count():
    assert baseline_total(score(-29, 20)) is None


@pytest.mark.parametrize(("after", "expected"), [(1, 20), (14, 20), (15, None)])
def test_baseline_after_week_zero(after, expected):
    assert baseline_total(score(after, 20)) == expected


def test_baseline_is_the_last_before_else_the_first_after():
    assert baseline_total(score(-28, 20), score(-3, 19), score(2, 18)) == 19
    assert baseline_total(score(-3, 20), score(0, 19), score(1, 18)) == 19
    assert baseline_total(score(-29, 20), score(3, 18), score(5, 17)) == 18


def test_baseline_may_stand_in_an_earlier_course():
    assert baseline_total(score(-10, 21, course="earlier"), score(2, 18)) == 21


def test_chosen_baseline_goes_first_with_its_reason():
    other = score(60, 16)
    course = replace(COURSE, baseline=other.id, baseline_reason="relapse before restart")
    assert baseline_total(score(0, 20), other, course=course) == 16
    assert baseline_total(other, course=course, start=None) == 16
    found = find_baseline(course, START, place([other], START, Rules()))
    assert found.rule.fields["reason"] == "relapse before restart"


def test_no_baseline_without_week_zero_or_total():
    assert baseline_total(score(0, 20), start=None) is None
    assert baseline_total(asked(0, 1, 1, 1, 1, 1, 1, None, None, None)) is None
    assert baseline_total(score(0, 20, withdrawn="wrong person")) is None


COMPLETE = asked(0, *(2,) * 9)
PRORATED = asked(0, *(1,) * 8, None)
TOTAL = score(0, 5)
BLANK = asked(0, 3, 3, 3, 3, 3, None, None, None, None)


@pytest.mark.parametrize(
    ("same_day", "counts"),
    [
        ((COMPLETE, PRORATED, TOTAL, BLANK), COMPLETE),
        ((TOTAL, PRORATED), PRORATED),
        ((BLANK, TOTAL), TOTAL),
        ((BLANK,), None),
    ],
)
def test_one_total_a_day_counts(same_day, counts):
    for shift in range(len(same_day)):
        # Whatever the order of typing in, completeness goes first.
        typed = [replace(a, entered=AT + timedelta(hours=(i + shift) % len(same_day))) for i, a in enumerate(same_day)]
        points = place(typed, START, Rules())
        assert len(points) == len(same_day)
        assert [p.assessment.id for p in points if p.counts] == ([counts.id] if counts else [])


def test_last_entered_counts_among_equals():
    early, late = score(0, 20), score(0, 12, entered=AT + timedelta(seconds=1))
    for order in ((early, late), (late, early)):
        assert [p.total for p in place(order, START, Rules()) if p.counts] == [12]


def test_without_proration_the_total_only_of_the_day_counts():
    points = place([PRORATED, TOTAL], START, Rules(prorate=False))
    assert [p.total for p in points if p.counts] == [5]


def test_points_stand_in_order_of_the_day_answered():
    later = score(1, 10, entered=AT - timedelta(days=400))
    assert [p.total for p in place([later, score(0, 20)], START, Rules())] == [20, 10]
