"""What the therapist asks the chart to show, and what the patient is shown."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QPointF

from chart.courses import AT, answers, beside, course, ended, full, sudden, usual, week
from chart.test_trajectory import CASES, colour
from trdtrack.chart.drawing import drawing
from trdtrack.chart.labels import placed
from trdtrack.chart.palette import LIGHT
from trdtrack.chart.paper import chart_svg
from trdtrack.chart.remarks import remarks
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.chart.view import View
from trdtrack.domain.records import Assessment, Rules

SIZES = [(1200, 700), (760, 440), (640, 400), (480, 300)]


@pytest.fixture
def chart(qtbot):
    widget = TrajectoryChart()
    qtbot.addWidget(widget)
    widget.resize(900, 480)
    widget.show()
    return widget


def words(summary, view) -> str:
    root = ET.fromstring(chart_svg(summary, width_mm=174, height_mm=120, view=view))
    return " ".join((t.text or "").strip() for t in root.iter("{http://www.w3.org/2000/svg}text"))


def test_withdrawn_scores_are_crosses_only_while_asked_for_and_never_the_patients_business(chart):
    summary = full()
    assert drawing(summary).crosses == ()
    crosses = drawing(summary, View(withdrawn=True)).crosses
    assert [(c.x, c.y) for c in crosses] == [(week(5).toordinal(), 24), (week(13).toordinal(), 22)]
    assert drawing(summary, View(withdrawn=True, patient=True)).crosses == ()
    chart.draw(summary)
    plain = chart.grab().toImage()
    chart.show_view(View(withdrawn=True))
    figure = chart.stage.drawing
    assert chart.grab().toImage() != plain
    assert [m.y for m in figure.counting] == [m.y for m in drawing(summary).counting]
    assert figure.latest.y == 14
    assert sorted(figure.stops, key=lambda stop: stop.x) == list(figure.stops)
    chart.show_view(View())
    assert chart.grab().toImage() == plain


def test_withdrawn_scores_are_never_on_paper():
    summary = full()
    assert View(withdrawn=True, ahead=True).printed == View(ahead=True)
    asked = chart_svg(summary, width_mm=174, height_mm=92, view=View(withdrawn=True))
    assert asked == chart_svg(summary, width_mm=174, height_mm=92)


def test_a_withdrawn_score_of_another_course_leaves_nothing():
    summary = full()
    other = Assessment(
        patient=summary.patient.id, course="other", date=week(3), answers=answers(9), entered=AT, withdrawn="moved"
    )
    more = beside(summary)
    object.__setattr__(more.dossier, "withdrawn", (other,))
    assert drawing(more, View(withdrawn=True)).crosses == ()


def test_the_corridor_is_the_baseline_plus_and_minus_a_reliable_change(chart):
    strip = drawing(usual()).corridor
    assert (strip.x, strip.low, strip.high) == (week(-1).toordinal(), 13, 25)
    assert strip.name == "less than 6 points: could be chance"
    eight = drawing(usual(rules=Rules(reliable_change=8))).corridor
    assert (eight.low, eight.high, eight.name) == (11, 27, "less than 8 points: could be chance")
    assert drawing(course((0, 3))).corridor.low == 0
    assert drawing(usual(), View(corridor=False)).corridor is None
    assert drawing(CASES["no baseline"]()).corridor is None
    chart.draw(usual())
    inside = chart.on_widget(QPointF(chart.stage.x(week(18).toordinal()), chart.stage.y(24)))
    with_strip = colour(chart, inside).lightness()
    chart.show_view(View(corridor=False))
    assert colour(chart, inside).lightness() > with_strip


@pytest.mark.parametrize("view", [View(), View(ahead=True), View(patient=True), View(by_session=True)])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*CASES, "full", "ended", "sudden"])
def test_no_word_in_the_plot_touches_another_nor_a_score(chart, name, size, view):
    chart.resize(*size)
    chart.show_view(view)
    chart.draw((CASES | {"full": full, "ended": ended, "sudden": sudden})[name]())
    for months in (None, 2):
        chart.zoom(months)
        assert not chart.grab().isNull()
        stage = chart.stage
        names = placed(stage)
        assert not any(a.touches(b) for a, b in itertools.combinations(names, 2))
        assert all(b.left + b.width <= stage.width + 0.5 for b in names)
        found = remarks(stage)
        assert not any(a.box.intersects(b.box) for a, b in itertools.combinations(found, 2))
        for remark in found:
            if stage.drawing.note.startswith(remark.text[:-1]):
                assert remark.box.right() <= stage.width
            else:
                assert remark.box.right() <= stage.edge + 3
                points = [QPointF(stage.x(s.x), stage.y(s.y)) for s in stage.drawing.stops]
                assert not any(remark.box.contains(point) for point in points)


def test_the_corridor_has_its_name_in_every_ordinary_course(chart):
    for make in (usual, full, ended, sudden, CASES["one score"], CASES["four years"], CASES["highest"]):
        for size in SIZES[:3]:
            chart.resize(*size)
            chart.draw(make())
            chart.grab()
            texts = [remark.text for remark in remarks(chart.stage)]
            assert chart.stage.drawing.corridor.name in texts, (make, size)


def test_the_patient_sees_the_same_numbers_and_nothing_that_judges():
    summary = full()
    mine, theirs = words(summary, View()), words(summary, View(patient=True))
    for said in ("item 9", "baseline", "usual care", "chance", "80%"):
        assert said in mine
        assert said not in theirs
    for said in ("with therapy", "medication alone", "most people", "half of people", "ordinary ups and downs"):
        assert said in theirs
    for figure in ("14", "severe", "sertraline 150 mg", "week 0"):
        assert figure in mine
        assert figure in theirs
    drawn = drawing(summary, View(patient=True))
    assert drawn.alongside.item9 == ()
    assert [(m.x, m.y) for m in drawn.marks] == [(m.x, m.y) for m in drawing(summary).marks]
    assert drawing(sudden(), View()).gains
    assert not drawing(sudden(), View(patient=True)).gains


def test_a_diagnosis_is_not_given_away_to_whoever_looks_at_the_patients_screen():
    summary = course((0, 8), (4, 6))
    assert drawing(summary).note == "No expected course: baseline below 10"
    assert drawing(summary, View(patient=True)).note == ""
    assert drawing(ended(), View(patient=True)).note == "little is known beyond 30 weeks"


def test_in_the_patient_view_figures_and_screen_reader_keep_quiet_too(chart):
    chart.draw(full())
    chart.choose(chart.stage.drawing.marks[2])
    assert "item 9: 2" in chart.figures
    chart.turn_to_patient(on=True)
    assert chart.chosen is chart.stage.drawing.marks[2]
    assert chart.figures == (
        "PHQ-9 19, moderately severe; 20 Jan 2026, week 2; complete; "
        "people then, on average: 17.2 with therapy, 18.0 without"
    )
    chart.choose(None)
    said = chart.accessibleDescription()
    assert said.startswith("PHQ-9 19 at the start, 14 on 28 Apr 2026. Sessions: 11 attended")
    assert "9 open" not in said
    assert "reliable" not in said
    chart.turn_to_patient(on=False)
    assert "Item 9 open" in chart.accessibleDescription()


def test_the_forecast_is_the_patients_only_while_the_therapist_asks_for_it_there(chart):
    chart.draw(usual())
    chart.show_forecast(on=True)
    chart.turn_to_patient(on=True)
    assert chart.stage.drawing.outlook is None
    chart.show_forecast(on=True)
    assert chart.stage.drawing.outlook
    chart.turn_to_patient(on=False)
    assert chart.stage.drawing.outlook
    chart.turn_to_patient(on=True)
    assert chart.stage.drawing.outlook is None
    chart.show_forecast(on=True)
    chart.draw(sudden())
    assert chart.stage.drawing.outlook is None


def height_of(chart, mark) -> int:
    """How many pixels of ink a point has from top to bottom."""
    at = chart.place(mark)
    return sum(colour(chart, at + QPointF(0, dy)).lightness() < 110 for dy in range(-9, 10))


def test_in_the_patient_view_everything_is_a_third_larger(chart, qtbot):
    chart.draw(usual())
    plot = chart.box.sceneBoundingRect()
    before = height_of(chart, chart.stage.drawing.counting[3])
    chart.turn_to_patient(on=True)
    assert chart.viewportTransform().m11() == pytest.approx(4 / 3)
    there = chart.box.sceneBoundingRect()
    right = chart.viewportTransform().map(there.bottomRight())
    assert right.x() == pytest.approx(plot.right(), abs=1)
    # What is painted lies where the pointer finds it.
    mark = chart.stage.drawing.counting[3]
    assert height_of(chart, mark) == pytest.approx(4 / 3 * before, abs=1.5)
    assert chart.near(chart.place(mark) + QPointF(5, 5)) is mark
    chart.resize(640, 400)
    assert colour(chart, chart.place(mark)).name() == LIGHT.ink.lower()
    chart.turn_to_patient(on=False)
    assert chart.viewportTransform().isIdentity()
    assert colour(chart, chart.place(chart.stage.drawing.counting[3])).name() == LIGHT.ink.lower()


def test_by_session_the_axis_counts_sessions_and_scores_before_them_stand_left(chart):
    summary = course((-12, 20), (-2, 19), (0, 18), (3, 16), (8, 15), missed=(5,))
    chart.show_view(View(by_session=True))
    chart.draw(summary)
    stage = chart.stage
    marks = stage.drawing.marks
    gaps = [stage.x(b.x) - stage.x(a.x) for a, b in itertools.pairwise(marks[2:])]
    assert gaps[0] == pytest.approx(gaps[1])
    assert 0 < stage.x(marks[0].x) < stage.x(marks[1].x) < stage.x(marks[2].x)
    said = words(summary, View(by_session=True))
    assert "session 1" in said
    assert "week" in said
    assert "Jan 2026" not in said
    chart.show_view(View())
    assert stage.x(marks[4].x) - stage.x(marks[3].x) > stage.x(marks[3].x) - stage.x(marks[2].x)


def test_the_end_of_a_course_is_a_line_with_its_name(chart):
    chart.draw(ended())
    assert "end" in [remark.text for remark in remarks(chart.stage)]
    x = chart.stage.x(week(16).toordinal())
    at = chart.on_widget(QPointF(round(x), chart.stage.y(3)))
    assert colour(chart, at).lightness() < colour(chart, at + QPointF(6, 0)).lightness() - 60
    chart.draw(usual())
    assert "end" not in [remark.text for remark in remarks(chart.stage)]


def test_hovering_repaints_only_what_lies_over_the_picture(chart):
    chart.draw(usual())
    plain = chart.grab().toImage()
    kept = chart._picture
    chart.choose(chart.stage.drawing.marks[4])
    assert chart.grab().toImage() != plain
    chart.choose(None)
    assert chart.grab().toImage() == plain
    assert chart._picture is kept
    chart.draw(sudden())
    chart.grab()
    assert chart._picture is not kept
