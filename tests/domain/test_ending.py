"""The score a course ended with, the outcome fixed with it, and what the scores after the end say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.ending import SinceEnd, after_end, end_score, outcome_at_end
from trdtrack.domain.records import Outcome, Rules
from trdtrack.domain.trajectory import place

from .making import COURSE, PATIENT, START, asked, day, score

END = day(100)
ENDED = replace(COURSE, end=END)


def points(*pairs):
    placed = place([score(number, total) for number, total in pairs], START, Rules())
    return [p for p in placed if p.counts]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], None),
        ([(71, 9)], None),
        ([(72, 9)], 9),
        ([(72, 9), (100, 7)], 7),
        ([(72, 9), (101, 7)], 9),
        ([(101, 7)], None),
    ],
)
def test_the_end_score_is_the_last_of_28_days(pairs, expected):
    found = end_score(points(*pairs), END)
    assert (found.total if found else None) == expected


@pytest.mark.parametrize(
    ("end_total", "later", "reliable", "says", "rise"),
    [
        (4, 10, 6, SinceEnd.RELAPSE, 6),
        (9, 15, 6, SinceEnd.RELAPSE, 6),
        (5, 10, 6, SinceEnd.HELD, 5),
        (5, 10, 5, SinceEnd.RELAPSE, 5),
        (3, 9, 6, SinceEnd.HELD, 6),  # still below 10
        (10, 16, 6, SinceEnd.WORSE, 6),
        (10, 15, 6, SinceEnd.HELD, 5),
        (20, 4, 6, SinceEnd.HELD, -16),
        (None, 25, 6, SinceEnd.UNKNOWN, None),
    ],
)
def test_since_the_end(end_total, later, reliable, says, rise):
    found = after_end(points((90, 3), (130, later)), END, end_total, reliable)
    assert (found.latest.total, found.says, found.rise) == (later, says, rise)


def test_the_latest_score_after_the_end_speaks():
    assert after_end(points((100, 5)), END, 5) is None
    found = after_end(points((110, 20), (140, 6)), END, 5)
    assert (found.latest.total, found.says) == (6, SinceEnd.HELD)


def outcome(*assessments, fixed=None, rules=None, course=ENDED):
    return outcome_at_end(Dossier.of(PATIENT, [course, *assessments]), course, rules or Rules(), fixed)


def test_an_open_course_has_no_outcome():
    assert outcome(score(0, 20), course=COURSE) is None


def test_the_outcome_holds_both_totals_and_the_rule():
    found = outcome(score(0, 20), score(95, 8), rules=Rules(reliable_change=7))
    expected = Outcome(
        id=found.id,
        patient="p",
        course="c",
        baseline=20,
        baseline_date=day(0),
        total=8,
        total_date=day(95),
        reliable_change=7,
    )
    assert found == expected
    assert outcome(score(0, 20), score(95, 8), fixed=found, rules=Rules(reliable_change=5)) == found
    empty = outcome()
    assert (empty.baseline, empty.total, empty.prorated) == (None, None, False)


@pytest.mark.parametrize(("first", "last"), [(True, False), (False, True)])
def test_an_outcome_that_rests_on_a_prorated_total_says_so(first, last):
    def nine(number, gap):
        return asked(number, *[2] * 8, None if gap else 0)

    assert outcome(nine(0, first), nine(95, last)).prorated
    assert not outcome(nine(0, gap=False), nine(95, gap=False)).prorated
