"""Looking into a course: wheel, drag and keys, which never lose the scores from sight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from chart.courses import course, crowded, ended, full, long, usual, week
from trdtrack.chart import window as windows
from trdtrack.chart.drawing import blank, drawing
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.chart.view import View

DRAWINGS = [
    drawing(make(), view)
    for make in (usual, full, ended, long, lambda: course((0, 21), (300, 3)), lambda: course((0, 15), (1 / 7, 14)))
    for view in (View(), View(by_session=True))
]
MONTH = windows.MONTH


@pytest.fixture
def chart(qtbot):
    widget = TrajectoryChart()
    qtbot.addWidget(widget)
    widget.resize(760, 440)
    widget.show()
    return widget


def turn(chart, at, notches, *, across=0, keys=Qt.KeyboardModifier.NoModifier):
    delta = QPoint(across * 120, notches * 120)
    wheel = QWheelEvent(at, at, QPoint(), delta, Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False)
    chart.wheelEvent(wheel)
    return wheel.isAccepted()


def shown(chart):
    """The first and the last day between the edges."""
    seen = chart.stage.window or windows.whole(chart.stage.drawing)
    return tuple(chart.stage.drawing.scale.day(place) for place in seen)


def in_sight(chart):
    """Whether a score, or the line between two, is within the plot."""
    stage = chart.stage
    xs = [stage.x(stop.x) for stop in stage.drawing.stops]
    return min(xs) <= stage.edge and max(xs) >= 0


@given(st.sampled_from(DRAWINGS), st.floats(-1e6, 1e6), st.floats(0, 1e5))
def test_no_window_loses_the_scores_or_leaves_the_course(figure, begin, width):
    first, last = windows.whole(figure)
    found = windows.kept((first + begin, first + begin + width), figure)
    if found is None:
        return
    least = windows.LEAST_SESSIONS if figure.scale.days else windows.LEAST_DAYS
    assert least - 1e-6 <= found[1] - found[0] < last - first
    assert found[0] >= first - 1e-6
    assert found[1] <= last + 1e-6
    assert figure.scale.place(figure.stops[0].x) < found[1]
    assert figure.scale.place(figure.stops[-1].x) > found[0]


@given(st.sampled_from(DRAWINGS), st.lists(st.sampled_from(["in", "out", "left", "right"]), max_size=40))
def test_whatever_one_does_scores_stay_in_sight(figure, steps):
    seen = None
    for step in steps:
        at = seen or windows.whole(figure)
        wide = at[1] - at[0]
        wanted = {
            "in": windows.about(at, at[0] + wide / 3, 0.8),
            "out": windows.about(at, at[0] + wide / 3, 1.25),
            "left": windows.moved(at, -0.2 * wide),
            "right": windows.moved(at, 0.2 * wide),
        }[step]
        seen = windows.kept(wanted, figure)
        begin, end = seen or windows.whole(figure)
        places = [figure.scale.place(stop.x) for stop in figure.stops]
        assert places[0] <= end
        assert places[-1] >= begin


def test_with_fewer_than_two_scores_there_is_nothing_to_look_into(chart):
    for make in (lambda: None, course, lambda: course((0, 17))):
        chart.draw(make())
        chart.zoom(3)
        assert chart.stage.window is None
        assert not turn(chart, QPointF(300, 200), 1)
    assert windows.months(blank(), 3) is None


def test_three_months_end_at_the_last_score(chart):
    chart.draw(long())
    first, last = shown(chart)
    told = []
    chart.zoomed.connect(told.append)
    chart.zoom(3)
    begin, end = shown(chart)
    newest = chart.stage.drawing.latest.x
    assert end - begin == pytest.approx(3 * MONTH)
    assert newest < end < newest + 0.05 * 3 * MONTH
    assert chart.stage.x(newest) < chart.stage.edge
    chart.zoom(6)
    assert shown(chart)[1] - shown(chart)[0] == pytest.approx(6 * MONTH)
    chart.zoom(None)
    assert shown(chart) == (first, last)
    assert told == [3, 6, None]


def test_a_course_shorter_than_that_begins_with_its_first_day(chart):
    chart.draw(course((0, 19), (2, 18), (4, 17)))
    chart.zoom(3)
    assert shown(chart)[0] == week(0).toordinal()
    assert shown(chart)[1] == pytest.approx(week(0).toordinal() + 3 * MONTH)


@pytest.mark.parametrize("by_session", [False, True])
def test_the_wheel_zooms_about_the_pointer(chart, by_session):
    chart.show_view(View(by_session=by_session))
    chart.draw(long())
    at = QPointF(300, 200)
    under = chart.stage.day(chart.on_plot(at).x())
    for _ in range(4):
        assert turn(chart, at, 1)
        assert chart.stage.day(chart.on_plot(at).x()) == pytest.approx(under, abs=0.01)
    assert chart.box.viewRange()[1] == [-0.5, 27.5]
    assert chart.months == pytest.approx((shown(chart)[1] - shown(chart)[0]) / MONTH, abs=0.01)
    for _ in range(3):
        turn(chart, at, -1)
    assert chart.stage.window is not None
    for _ in range(9):
        turn(chart, at, -1)
    assert chart.months is None
    assert chart.stage.window is None
    # There is no more to show: the page may scroll.
    assert not turn(chart, at, -1)


def test_dragging_moves_the_days_under_the_pointer_and_stops_at_the_ends(chart, qtbot):
    chart.draw(long())
    chart.zoom(6)
    told = []
    chart.zoomed.connect(told.append)
    at = QPoint(300, 150)
    under = chart.stage.day(chart.on_plot(at.toPointF()).x())
    qtbot.mousePress(chart.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(chart.viewport(), at + QPoint(120, 20))
    assert chart.stage.day(chart.on_plot((at + QPoint(120, 20)).toPointF()).x()) == pytest.approx(under, abs=0.01)
    qtbot.mouseMove(chart.viewport(), at + QPoint(90_000, 0))
    assert shown(chart)[0] == pytest.approx(chart.stage.drawing.start)
    qtbot.mouseMove(chart.viewport(), at - QPoint(90_000, 0))
    qtbot.mouseRelease(chart.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert in_sight(chart)
    assert shown(chart)[1] <= chart.stage.drawing.end + 1e-6
    assert (chart.months, told) == (6, [])


def test_what_is_wholly_shown_cannot_be_dragged(chart, qtbot):
    chart.draw(long())
    before = chart.box.viewRange()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
        qtbot.mousePress(chart.viewport(), button, pos=QPoint(200, 200))
        qtbot.mouseMove(chart.viewport(), QPoint(400, 300))
        qtbot.mouseRelease(chart.viewport(), button, pos=QPoint(400, 300))
    assert chart.box.viewRange() == before


def test_the_keys(chart, qtbot):
    chart.draw(long())
    full_width = shown(chart)[1] - shown(chart)[0]
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    qtbot.keyClick(chart, Qt.Key.Key_Equal)
    assert shown(chart)[1] - shown(chart)[0] == pytest.approx(0.64 * full_width)
    begin = shown(chart)[0]
    qtbot.keyClick(chart, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert shown(chart)[0] == pytest.approx(begin - 0.2 * 0.64 * full_width)
    qtbot.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert shown(chart)[0] == pytest.approx(begin)
    assert chart.chosen is None
    qtbot.keyClick(chart, Qt.Key.Key_Minus)
    assert shown(chart)[1] - shown(chart)[0] == pytest.approx(0.8 * full_width)
    qtbot.keyClick(chart, Qt.Key.Key_0)
    assert chart.months is None
    assert chart.stage.window is None


def test_sideways_and_shifted_wheel_pan(chart):
    chart.draw(long())
    chart.zoom(6)
    begin = shown(chart)[0]
    assert turn(chart, QPointF(300, 200), 0, across=1)
    earlier = shown(chart)[0]
    assert earlier < begin
    assert turn(chart, QPointF(300, 200), -1, keys=Qt.KeyboardModifier.ShiftModifier)
    assert shown(chart)[0] == pytest.approx(begin)
    assert chart.months == 6


def test_the_arrows_bring_a_score_out_of_sight_into_it(chart, qtbot):
    chart.draw(long())
    chart.zoom(3)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert chart.chosen is chart.stage.drawing.marks[0]
    assert 0 <= chart.stage.x(chart.chosen.x) <= chart.stage.edge
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert 0 <= chart.stage.x(chart.chosen.x) <= chart.stage.edge


def test_the_same_course_stays_zoomed_and_another_is_shown_wholly(chart):
    one = long()
    chart.draw(one)
    chart.zoom(3)
    seen = shown(chart)
    chart.draw(one)
    assert shown(chart) == seen
    chart.show_forecast(on=True)
    chart.show_view(View(by_session=True))
    assert shown(chart) == pytest.approx(seen, abs=7)
    chart.draw(crowded())
    assert chart.stage.window is None
    assert chart.months is None


def test_only_what_is_in_sight_is_found_and_painted_under_the_pointer(chart, qtbot):
    chart.draw(long())
    chart.zoom(3)
    hidden = chart.stage.drawing.marks[0]
    assert chart.near(chart.place(hidden)) is None
    there = chart.stage.drawing.marks[-2]
    assert chart.near(chart.place(there)) is there


def test_a_click_or_enter_opens_a_score_and_a_drag_does_not(chart, qtbot):
    summary = long()
    chart.draw(summary)
    chart.zoom(3)
    opened = []
    chart.pointOpened.connect(opened.append)
    at = chart.place(chart.stage.drawing.marks[-3]).toPoint()
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(2, 2))
    assert opened == [summary.points[-3]]
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(700, 60))
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.RightButton, pos=at)
    qtbot.mousePress(chart.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(chart.viewport(), at + QPoint(60, 0))
    qtbot.mouseRelease(chart.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
    assert len(opened) == 1
    chart.choose(None)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert len(opened) == 1
    qtbot.keyClick(chart, Qt.Key.Key_End)
    qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert opened[1:] == [summary.points[-1]]


def test_a_withdrawn_score_opens_as_its_assessment(chart, qtbot):
    chart.show_view(View(withdrawn=True))
    chart.draw(full())
    opened = []
    chart.pointOpened.connect(opened.append)
    cross = chart.stage.drawing.crosses[0]
    qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.place(cross).toPoint())
    assert opened == [cross.assessment]
    assert chart.figures == "PHQ-9 24, withdrawn; 10 Feb 2026; typed for another patient"
