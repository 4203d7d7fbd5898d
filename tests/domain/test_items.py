"""The nine items side by side: what changed most, and which scores stand beside one another."""

from trdtrack.domain.items import NAMES, answered, beside, changed_most, changes

from .making import asked, score, summary

FIRST = asked(0, 3, 3, 2, 2, 1, 3, 2, 0, 1)
SECOND = asked(7, 3, 2, 2, 2, 1, 3, 2, 1, 1)
THIRD = asked(14, 1, 2, 2, None, 1, 0, 2, 2, 0)


def test_there_is_a_name_for_each_item():
    assert len(NAMES) == 9


def test_the_answers_stand_first_previous_this():
    found = summary([FIRST, score(3, 17), SECOND, THIRD])
    assert [p.assessment for p in answered(found)] == [FIRST, SECOND, THIRD]
    there = beside(found, answered(found)[2])
    assert (there.first.assessment, there.previous.assessment, there.this.assessment) == (FIRST, SECOND, THIRD)
    assert there.rows()[0] == (3, 3, 1)
    assert there.rows()[3] == (2, 2, None)


def test_the_first_score_has_nothing_beside_it_and_a_bare_total_has_no_answers():
    found = summary([FIRST, score(7, 17)])
    assert beside(found, found.points[0]).rows()[0] == (None, None, 3)
    assert beside(found, found.points[1]).rows()[5] == (3, 3, None)


def test_what_changed_most_since_the_baseline_comes_first():
    found = summary([FIRST, SECOND, THIRD])
    assert changes(found) == (-2, -1, 0, None, 0, -3, 0, 2, -1)
    assert changed_most(found) == (5, 0, 7, 1, 8, 2, 4, 6, 3)


def test_with_one_score_nothing_changed_and_the_order_is_the_papers():
    assert changes(summary([FIRST])) == (None,) * 9
    assert changed_most(summary([FIRST])) == tuple(range(9))
    assert changed_most(summary([])) == tuple(range(9))
