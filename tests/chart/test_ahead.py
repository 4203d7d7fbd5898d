"""The forecast's fan on the trajectory chart."""

from __future__ import annotations

import itertools
import re
import statistics
import time
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from chart.courses import START, answers, course, long, sudden, usual, week
from chart.test_trajectory import CASES, colour
from trdtrack.chart.drawing import drawing
from trdtrack.chart.labels import placed
from trdtrack.chart.palette import DARK, LIGHT
from trdtrack.chart.paper import chart_svg
from trdtrack.chart.strokes import hatching
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.chart.view import View
from trdtrack.domain.forecast import fan

AHEAD = {
    "flat": lambda: course((0, 19), (2, 19), (4, 18), (6, 19), (8, 18)),
    "between the lines": lambda: course((0, 21), (2, 20), (4, 21), (6, 19), (24, 17)),
    "at the bottom": lambda: course((0, 18), (2, 12), (4, 8), (6, 4), (8, 2), (9, 2)),
    "at the top": lambda: course((0, 27), (2, 27), (4, 27)),
    "prorated": lambda: course((0, 19), (2, 19), (4, answers(16, 0, (1,)))),
    "week 26": lambda: course((0, 19), (2, 18), (26, 15)),
    "sudden": sudden,
}
NONE_AHEAD = {
    "after week 26": lambda: course((0, 19), (27, 12)),
    "today after week 26": lambda: course((0, 19), (20, 12), today=week(27)),
    "no benchmark": CASES["no benchmark"],
    "no baseline": CASES["no baseline"],
    "ended": lambda: course((0, 19), (4, 12), end=week(5), today=week(6)),
    "no scores": course,
}


@pytest.fixture
def chart(qtbot):
    widget = TrajectoryChart()
    qtbot.addWidget(widget)
    widget.resize(900, 480)
    widget.show()
    return widget


def test_the_fan_is_the_forecast_from_the_last_score_to_week_26():
    summary = AHEAD["flat"]()
    found, steps = drawing(summary, View(ahead=True)).outlook, fan(summary).steps
    assert [step.at for step in found.steps] == list(steps)
    assert found.steps[0].x == week(8).toordinal()
    assert found.steps[-1].x == week(26).toordinal()
    last = found.steps[-1].at
    assert (round(last.mean, 2), round(last.sd, 2)) == (16.14, 4.28)
    assert found.reach == "11 to 22"
    assert found.words == "Forecast for week 26: 16, 80% range 11 to 22"


def test_a_fan_that_rests_on_a_prorated_total_says_so():
    found = drawing(AHEAD["prorated"](), View(ahead=True)).outlook
    assert found.name == "forecast, prorated"
    assert "prorated" in found.words


@pytest.mark.parametrize("name", NONE_AHEAD)
def test_there_is_no_fan_where_there_is_no_forecast(chart, name):
    summary = NONE_AHEAD[name]()
    assert fan(summary).why_not
    assert drawing(summary, View(ahead=True)).outlook is None
    chart.draw(summary)
    before = chart.grab().toImage()
    chart.show_forecast(on=True)
    assert chart.grab().toImage() == before
    assert not any("forecast" in row for box in placed(chart.stage) for row in box.label.rows)


def test_the_fan_is_off_at_first_kept_from_course_to_course_and_costs_nothing_while_off(chart, monkeypatch):
    assert drawing(usual()).outlook is None
    chart.draw(usual())
    assert chart.stage.drawing.outlook is None
    plain = chart.grab().toImage()
    chart.show_forecast(on=True)
    shown = chart.grab().toImage()
    assert shown != plain
    assert "Forecast for week 26, prorated" in chart.accessibleDescription()
    chart.draw(sudden())
    assert chart.stage.drawing.outlook
    chart.draw(None)
    chart.draw(usual())
    assert chart.grab().toImage() == shown
    chart.show_forecast(on=False)
    assert chart.grab().toImage() == plain
    assert "Forecast" not in chart.accessibleDescription()

    def no_more(_summary):
        raise AssertionError

    monkeypatch.setattr("trdtrack.chart.drawing.outlook", no_more)
    chart.draw(sudden())


def test_turning_the_fan_on_keeps_the_chosen_score(chart):
    chart.draw(usual())
    chart.choose(chart.stage.drawing.marks[3])
    figures = chart.figures
    chart.show_forecast(on=True)
    assert chart.chosen is chart.stage.drawing.marks[3]
    assert chart.accessibleDescription().startswith(figures)


def test_the_fan_is_painted_where_its_figures_lie(chart):
    chart.draw(AHEAD["flat"]())
    stage = chart.stage
    step = fan(AHEAD["flat"]()).steps[9]
    x = stage.x(START.toordinal() + 7 * step.week)

    def around(points: float) -> set[str]:
        at = [chart.on_widget(QPointF(x + dx, stage.y(points) + dy)) for dx in range(-6, 7) for dy in (-1, 0, 1)]
        return {colour(chart, place).name() for place in at}

    before = [around(points) for points in (step.centre, *step.band80)]
    chart.show_forecast(on=True)
    assert all(around(p) != b for p, b in zip((step.centre, *step.band80), before, strict=True))
    assert LIGHT.forecast.lower() in around(step.centre)
    beyond = chart.on_widget(QPointF(x, stage.y(step.band80[1] + 1)))
    with_fan = colour(chart, beyond)
    chart.show_forecast(on=False)
    assert colour(chart, beyond) == with_fan


@pytest.mark.parametrize("name", [*CASES, *AHEAD])
@pytest.mark.parametrize("size", [(900, 480), (640, 400), (360, 260)])
def test_with_the_fan_no_two_names_touch_and_all_stay_inside(chart, name, size):
    chart.resize(*size)
    chart.show_forecast(on=True)
    chart.draw((CASES | AHEAD)[name]())
    assert not chart.grab().isNull()
    boxes = placed(chart.stage)
    assert not any(a.touches(b) for a, b in itertools.combinations(boxes, 2))
    assert all(box.left >= 0 and box.top >= -1 for box in boxes)
    texts = " ".join(row for box in boxes for row in box.label.rows)
    if chart.stage.drawing.outlook:
        forecast = next(box for box in boxes if box.label.rows[0].startswith("forecast"))
        assert forecast.left + forecast.width <= chart.stage.width
        assert forecast.top + forecast.label.height <= chart.stage.height + 1
        assert chart.stage.drawing.outlook.reach in texts
    if chart.stage.drawing.measured:
        assert "usual care alone" in texts
        assert "80% of people" in texts


def test_the_name_of_a_fan_between_the_lines_stands_between_their_names(chart):
    chart.show_forecast(on=True)
    chart.draw(AHEAD["between the lines"]())
    order = [b.label.rows[0] for b in sorted(placed(chart.stage), key=lambda b: b.top) if not b.label.right]
    assert order[:3] == ["usual care alone", "forecast", "average with"]


@pytest.mark.parametrize("name", AHEAD)
def test_the_fan_stays_within_the_axes(name):
    found = drawing(AHEAD[name](), View(ahead=True))
    for step in found.outlook.steps:
        assert found.start <= step.x <= found.end
        assert 0 <= step.at.band80[0] <= step.at.band50[0] <= step.at.centre
        assert step.at.centre <= step.at.band50[1] <= step.at.band80[1] <= 27


def test_hatching_fills_a_band_and_never_leaves_it():
    top = [QPointF(0, 40), QPointF(50, 10), QPointF(90, 30)]
    bottom = [QPointF(0, 60), QPointF(50, 90), QPointF(90, 35)]
    lines = hatching(top, bottom, 7)
    assert len(lines) > 15

    def height(run: list[QPointF], x: float) -> float:
        a, b = next((a, b) for a, b in itertools.pairwise(run) if a.x() <= x <= b.x())
        return a.y() + (b.y() - a.y()) * (x - a.x()) / (b.x() - a.x())

    for line in lines:
        assert line.y1() + line.x1() == pytest.approx(line.y2() + line.x2())
        for share in (0.01, 0.5, 0.99):
            at = line.pointAt(share)
            assert height(top, at.x()) - 1e-6 <= at.y() <= height(bottom, at.x()) + 1e-6
    across = sum(line.length() for line in lines) * 7 / 2**0.5
    assert across == pytest.approx(50 * 50 + 40 * 42.5, rel=0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_fan_follows_the_palette(chart, palette):
    chart.show_forecast(on=True)
    chart.draw(AHEAD["flat"]())
    chart.set_palette(palette)
    image = chart.grab().toImage()
    at = chart.on_widget(QPointF(chart.stage.x(week(20).toordinal()), chart.stage.y(16.5)))
    column = {
        image.pixelColor(round(at.x()) + dx, round(at.y()) + dy).name() for dx in range(12) for dy in range(-9, 9)
    }
    assert QColor(palette.forecast).name() in column


def test_the_fan_prints_as_vectors_with_its_words(qapp):
    text = chart_svg(usual(), width_mm=174, height_mm=92, forecast=True).decode()
    assert "vector-effect" not in text
    assert "<image" not in text
    assert "<pattern" not in text
    words = {(t.text or "").strip() for t in ET.fromstring(text).iter("{http://www.w3.org/2000/svg}text")}
    assert {"forecast, prorated", "80%: 8 to 16", "14"} <= words
    matrices = {tuple(m.split(",")[:4]) for m in re.findall(r"matrix\(([^)]*)\)", text)}
    assert matrices <= {("1", "0", "0", "1"), ("0", "-1", "1", "0")}
    assert "forecast" not in chart_svg(usual(), width_mm=174, height_mm=92).decode()


def test_the_fan_redraws_within_three_times_the_ordinary_chart(chart):
    took: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(15):
        for on in (False, True):
            chart.show_forecast(on=on)
            chart.draw(long(8))
            chart.grab()
            begin = time.perf_counter()
            chart.draw(AHEAD["flat"]())
            chart.grab()
            took[on].append(time.perf_counter() - begin)
    assert statistics.median(took[True]) <= 3 * statistics.median(took[False])
