"""The pictures of outcomes: what stands where, in words and in pixels, and how a course is reached by keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from domain.outcomes_made import case, outcomes
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from trdtrack.chart.outcome_belief import Belief, Bell
from trdtrack.chart.outcome_course import MeanCourse
from trdtrack.chart.outcome_intervals import Against, Intervals, Share, reach
from trdtrack.chart.outcome_scatter import LEAST, MOST, OutcomeScatter, radius
from trdtrack.chart.palette import DARK, LIGHT
from trdtrack.chart.scatter_drawing import scatter
from trdtrack.domain.caseload_outcomes import CourseOver
from trdtrack.domain.outcome import Reliable


def shown(qtbot, widget, size=(640, 480)):
    qtbot.addWidget(widget)
    widget.resize(*size)
    widget.show()
    QCoreApplication.processEvents()
    return widget


def pixel(widget, at: QPointF) -> QColor:
    return widget.grab().toImage().pixelColor(at.toPoint())


# The scatter


def test_courses_with_the_same_totals_are_one_spot():
    drawn = scatter([case(1, 18, 9), case(2, 18, 9), case(3, 20, None), case(4, 14, 21), case(5, 15, 16)])
    assert [(s.baseline, s.last, len(s.cases)) for s in drawn.spots] == [(14, 21, 1), (15, 16, 1), (18, 9, 2)]
    assert [s.reliable for s in drawn.spots] == [Reliable.DETERIORATION, Reliable.NONE, Reliable.IMPROVEMENT]
    assert (drawn.drawn, drawn.no_outcome, drawn.points) == (4, 1, 6)
    assert drawn.words == (
        "4 courses drawn: 2 reliably better, 1 reliably worse, 1 without a reliable change. "
        "1 course without an outcome is not drawn."
    )


def test_another_rule_is_said():
    drawn = scatter([case(1, 18, 9), case(2, 18, 9), case(3, 18, 11, reliable_points=8, reliable=Reliable.NONE)])
    assert (drawn.points, drawn.other_points) == (6, 1)
    assert "1 course was judged by another number of points than the 6 drawn." in drawn.words


def test_nothing_to_draw():
    drawn = scatter([])
    assert (drawn.spots, drawn.drawn, drawn.points) == ((), 0, 6)


def test_a_spot_lies_by_its_totals_and_is_coloured_by_its_change(qtbot):
    view = shown(qtbot, OutcomeScatter())
    view.show_cases([case(1, 20, 8), case(2, 12, 20), case(3, 20, 20), *(case(n, 26, 4) for n in range(10, 30))])
    by_totals = {(s.baseline, s.last): view.place(s) for s in view.scatter.spots}
    assert by_totals[20, 8].x() == by_totals[20, 20].x()
    assert by_totals[20, 8].y() > by_totals[20, 20].y() == by_totals[12, 20].y()
    assert pixel(view, by_totals[20, 8]) == QColor(LIGHT.accent)
    assert pixel(view, by_totals[12, 20]) == QColor(LIGHT.review)
    assert pixel(view, by_totals[20, 20]) == QColor(LIGHT.surface)
    assert pixel(view, by_totals[26, 4] + QPointF(8, 0)) == QColor(LIGHT.accent)
    view.set_palette(DARK)
    assert pixel(view, by_totals[20, 8]) == QColor(DARK.accent)


def test_by_keys_from_spot_to_spot_and_into_one(qtbot):
    view = shown(qtbot, OutcomeScatter())
    cases = [case(1, 12, 7), case(2, 18, 9), case(3, 18, 9), case(4, 22, 4)]
    view.show_cases(cases)
    opened = []
    view.opened.connect(opened.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened == []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(view, key)
    assert [c.code for c in opened[-1]] == ["A-002", "A-003"]
    assert view.accessibleDescription().startswith("A-002, A-003; 18 → 9. 4 courses drawn")
    QTest.keyClick(view, Qt.Key.Key_End)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.chosen.cases == (cases[3],)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.chosen.cases == (cases[0],)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.chosen is None


def test_by_pointer(qtbot):
    view = shown(qtbot, OutcomeScatter())
    view.show_cases([case(1, 12, 7), case(4, 22, 4)])
    opened = []
    view.opened.connect(opened.append)
    at = view.place(view.scatter.spots[1])
    QTest.mouseMove(view.viewport(), at.toPoint())
    assert view.chosen.cases[0].code == "A-004"
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())
    assert [c.code for c in opened[0]] == ["A-004"]
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=(at + QPointF(60, 60)).toPoint())
    assert len(opened) == 1


def test_a_spot_says_the_code_and_nothing_else_of_who_it_is(qtbot):
    view = shown(qtbot, OutcomeScatter())
    view.show_cases([case(n, 18, 9, therapist="Okafor") for n in range(1, 6)])
    view.choose(view.scatter.spots[0])
    assert view.accessibleDescription().startswith("A-001, A-002, A-003 and 2 more; 18 → 9")
    assert "Okafor" not in view.accessibleDescription()


def test_the_area_of_a_spot_grows_with_its_courses_and_has_an_end():
    assert radius(1, 1) == LEAST
    assert radius(4, 9) == pytest.approx(2 * radius(1, 9))
    assert radius(2000, 2000) == MOST
    assert radius(1, 2000) == LEAST


# Intervals


def test_intervals_stand_beside_what_they_are_held_against(qtbot):
    view = shown(qtbot, Intervals(name="fall"), (600, 120))
    view.show_shares([Share("Observed", 0.33, 0.26, 0.41)], [Against(0.14, "usual care"), Against(0.26, "therapy")])
    assert view.accessibleDescription() == (
        "Observed: 33% (95% interval 26% to 41%). usual care: 14%. therapy: 26%"
    )
    before = view.grab().toImage()
    view.show_shares([Share("Observed", 0.2, 0.15, 0.3)], [Against(0.14, "usual care"), Against(0.26, "therapy")])
    assert view.grab().toImage() != before


def test_a_row_of_its_own_target_says_it():
    words = Share("80% band", 0.77, 0.67, 0.87, target=0.8).words
    assert words == "80% band: 77% (95% interval 67% to 87%), meant to be 80%"


@pytest.mark.parametrize(
    ("ends", "first", "last"),
    [((0.1, 0.2, 0.3), 0.0, 0.5), ((-0.33, -0.1, 0.2), -0.4, 0.6), ((0.2, 0.6, 0.97), 0.0, 1.0)],
)
def test_the_axis_holds_all_that_is_drawn(ends, first, last):
    low, value, high = ends
    found = reach([Share("x", value, low, high)], [])
    assert (pytest.approx(found[0]), pytest.approx(found[1])) == (first, last)
    assert found[2][0] == pytest.approx(first)
    assert found[2][-1] == pytest.approx(last)


def test_nothing_to_hold_against_anything(qtbot):
    view = shown(qtbot, Intervals(name="fall"), (600, 120))
    view.show_shares([])
    assert view.accessibleDescription() == ""
    view.grab()


# The mean course


def test_the_mean_course_in_words(qtbot):
    view = shown(qtbot, MeanCourse())
    course = outcomes().over_weeks
    view.show_course(course)
    week8 = "Week 8: mean 14.6 (n 30), expected 14.9 with psychotherapy, 16.5 on usual care."
    assert week8 in view.accessibleDescription()
    view.show_course(course, by_session=True)
    assert "Session 8: mean 14.6" in view.accessibleDescription()


def test_the_mean_course_is_drawn_where_its_totals_are(qtbot):
    view = shown(qtbot, MeanCourse())
    course = outcomes().over_weeks
    view.show_course(course)
    whole = view.grab().toImage()
    lower = [replace(s, observed=replace(s.observed, value=s.observed.value - 4)) for s in course.steps]
    view.show_course(CourseOver(40, tuple(lower)))
    assert view.grab().toImage() != whole
    view.show_course(CourseOver(0, ()))
    assert view.accessibleDescription() == ""
    view.grab()


# The bells


def test_the_bells_say_mean_and_spread(qtbot):
    view = shown(qtbot, Belief())
    view.show_bells([Bell("Published", 0.29, 0.0949, "muted", dashed=True), Bell("Together", 0.369, 0.051, "accent")])
    assert view.accessibleDescription() == (
        "Published: 29% (standard deviation 9.5 percentage points). "
        "Together: 37% (standard deviation 5.1 percentage points)"
    )
    both = view.grab().toImage()
    view.show_bells([Bell("Published", 0.29, 0.0949, "muted", dashed=True)])
    assert view.grab().toImage() != both
