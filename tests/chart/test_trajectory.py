from __future__ import annotations

import itertools
import statistics
import time

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from chart.courses import START, course, long, usual
from trdtrack.chart.alongside import Item9Mark
from trdtrack.chart.figures import figures, point_size
from trdtrack.chart.labels import placed
from trdtrack.chart.packing import SQUARE, squares
from trdtrack.chart.palette import DARK, LIGHT
from trdtrack.chart.trajectory import TrajectoryChart

CASES = {
    "usual": usual,
    "four years": long,
    "one score": lambda: course((0, 17)),
    "one day apart": lambda: course((0, 15), (1 / 7, 14)),
    "far apart": lambda: course((0, 21), (300, 3)),
    "no scores": course,
    "no baseline": lambda: course((4, 18), (9, 16)),
    "no benchmark": lambda: course((0, 8), (6, 4)),
    "no week 0": lambda: course((-4, 18), start=None),
    "highest": lambda: course((0, 27), (5, 26)),
    "lowest": lambda: course((0, 10), (9, 0)),
    "nobody": lambda: None,
}


@pytest.fixture
def chart(qtbot):
    widget = TrajectoryChart()
    qtbot.addWidget(widget)
    widget.resize(900, 480)
    widget.show()
    return widget


def colour(chart, at: QPointF) -> QColor:
    image = chart.grab().toImage()
    scale = image.devicePixelRatio()
    return image.pixelColor(round(at.x() * scale), round(at.y() * scale))


def test_a_point_is_painted_where_its_figures_lie(chart):
    chart.draw(course((0, 19), (1, 25), (3, 3)))
    low, high = (chart.place(m) for m in (chart.stage.drawing.marks[2], chart.stage.drawing.marks[1]))
    assert colour(chart, low) == QColor(LIGHT.ink)
    assert colour(chart, high) == QColor(LIGHT.ink)
    assert colour(chart, low + QPointF(0, 40)) != QColor(LIGHT.ink)
    assert (low - high).y() == pytest.approx(22 / 28 * chart.stage.height, abs=1)
    box = chart.box.mapSceneToView(chart.mapToScene(low.toPoint()))
    assert box.x() == pytest.approx(chart.stage.drawing.marks[2].x, abs=1)
    assert box.y() == pytest.approx(3, abs=0.1)


def test_a_prorated_point_is_hollow_and_a_bare_total_is_square(chart):
    chart.draw(usual())
    marks = chart.stage.drawing.counting
    prorated, bare, full = marks[4], marks[7], marks[3]
    assert colour(chart, chart.place(prorated)) == QColor(LIGHT.surface)
    corner = QPointF(3, 3)
    assert colour(chart, chart.place(bare) + corner).lightness() < 125
    assert colour(chart, chart.place(full) + corner).lightness() > 140


def test_the_axis_is_the_same_for_everybody(chart):
    for make in CASES.values():
        chart.draw(make())
        assert chart.box.viewRange()[1] == [-0.5, 27.5]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", [(900, 480), (640, 400), (360, 260)])
def test_every_course_paints_and_no_two_names_touch(chart, name, size):
    chart.resize(*size)
    chart.draw(CASES[name]())
    assert not chart.grab().isNull()
    boxes = placed(chart.stage)
    assert not any(a.touches(b) for a in boxes for b in boxes if a is not b)
    assert all(box.left >= 0 and box.top >= -1 for box in boxes)
    texts = {" ".join(box.label.rows) for box in boxes}
    if size[1] >= 400:
        assert {"minimal", "mild", "moderate", "moderately severe", "severe"} <= texts
    if chart.stage.drawing.measured:
        assert "usual care alone" in texts
        assert any("psychotherapy" in text for text in texts)


def test_every_day_drawn_lies_inside_the_plot(chart):
    for make in CASES.values():
        chart.draw(make())
        stage = chart.stage
        for x in (*(m.x for m in stage.drawing.marks), *(s.x for s in stage.drawing.alongside.sessions)):
            assert 0 < stage.x(x) <= stage.edge
        assert stage.edge < stage.width


def test_the_palette_switches(chart):
    chart.draw(usual())
    chart.set_palette(DARK)
    assert colour(chart, QPointF(30, 470)) == QColor(DARK.surface)
    assert colour(chart, chart.place(chart.stage.drawing.counting[3])) == QColor(DARK.ink)


def test_arrow_keys_go_from_score_to_score_and_say_its_figures(chart, qtbot):
    summary = usual()
    chart.draw(summary)
    said: list[str] = []
    chart.pointChanged.connect(said.append)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.chosen.point is summary.points[-1]
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert said[-1].startswith("PHQ-9 11, moderate; 14 Apr 2026, week 14; complete, item 9: 0")
    assert chart.accessibleDescription().startswith(said[-1])
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    assert chart.chosen.point is summary.points[0]
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.chosen.point is summary.points[-1]
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.chosen is None
    assert said[-1] == ""


def test_hovering_chooses_the_nearest_score_and_leaving_lets_go(chart, qtbot):
    chart.draw(usual())
    mark = chart.stage.drawing.counting[2]
    qtbot.mouseMove(chart.viewport(), chart.place(mark).toPoint() + QPoint(3, 3))
    assert chart.chosen is mark
    qtbot.mouseMove(chart.viewport(), QPoint(700, 40))
    assert chart.chosen is None


def test_the_card_hides_no_chosen_point_and_stays_inside(chart):
    for make in (usual, CASES["highest"], CASES["lowest"]):
        chart.draw(make())
        for mark in chart.stage.drawing.marks:
            at = QPointF(chart.stage.x(mark.x), chart.stage.y(mark.y))
            card = chart.callout.room(at, 280, 80)
            assert not card.contains(at)
            assert QRectF(0, 0, chart.stage.width, chart.stage.height).contains(card)


def test_it_has_a_name_and_the_sentence_for_a_screen_reader(chart):
    summary = usual()
    chart.draw(summary)
    assert chart.accessibleName() == "PHQ-9 chart"
    assert chart.accessibleDescription().startswith("PHQ-9 19 → 14 over 17 weeks")
    chart.draw(None)
    assert chart.accessibleDescription() == ""


def test_item_9_squares_never_overlap_and_raised_answers_come_first():
    marks = tuple(Item9Mark(float(i), "2" if i % 20 == 3 else "0", raised=i % 20 == 3) for i in range(200))
    xs = [i * 3.5 for i in range(200)]
    room = squares(marks, xs)
    kept = sorted(xs[i] for i in room)
    assert all(b - a > SQUARE for a, b in itertools.pairwise(kept))
    assert {i for i in range(200) if marks[i].raised} <= room


def test_a_second_patient_of_200_scores_draws_within_four_times_a_bare_plot(chart, qtbot):
    few, many = usual(), long()
    chart.resize(720, 600)
    bare = pg.PlotWidget(background="w")
    qtbot.addWidget(bare)
    bare.resize(720, 600)
    bare.show()
    xs, ys = [p.date.toordinal() for p in many.counting], [p.total for p in many.counting]
    curve = bare.plot(xs, ys, pen=pg.mkPen("k", width=2), symbol="o", symbolSize=7)
    ours, theirs = [], []
    for _ in range(15):
        chart.draw(few)
        chart.grab()
        begin = time.perf_counter()
        chart.draw(many)
        chart.grab()
        ours.append(time.perf_counter() - begin)
        curve.setData(xs[:9], ys[:9])
        bare.grab()
        begin = time.perf_counter()
        curve.setData(xs, ys)
        bare.grab()
        theirs.append(time.perf_counter() - begin)
    assert statistics.median(ours) <= 4 * statistics.median(theirs)
    assert START.toordinal() == chart.stage.drawing.marks[0].x


@pytest.mark.parametrize("size", [1.0, 2.0])
def test_the_latest_total_keeps_clear_of_the_baseline_s_words(chart, size):
    chart.resize(880, 360)
    chart.set_text_size(size)
    chart.draw(course((0, 15), (1, 14)))
    first, latest = figures(chart.stage, point_size(chart.stage))
    assert (first.text, latest.text) == ("baseline 15", "14")
    assert not first.box.intersects(latest.box)
