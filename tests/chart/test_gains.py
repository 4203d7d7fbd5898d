"""The evidence strip and possible sudden gains on the trajectory chart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QLineF, QPointF

from chart.courses import START, course, sudden, usual, week
from chart.test_trajectory import colour
from trdtrack.chart.drawing import drawing
from trdtrack.chart.reading import reading
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.evidence import default_benchmark
from trdtrack.words import say


@pytest.fixture
def chart(qtbot):
    widget = TrajectoryChart()
    qtbot.addWidget(widget)
    widget.resize(900, 480)
    widget.show()
    return widget


def test_the_evidence_strip_is_the_benchmarks_and_only_where_it_gives_one(chart):
    given = drawing(course((0, 19), (8, 18)))
    at = {round((c.x - START.toordinal()) / 7, 6): c for c in given.measured}
    low, high = at[26].evidence
    assert (low, high) == default_benchmark().evidence_band(19, 26)
    assert (round(1 - low / 19, 2), round(1 - high / 19, 2)) == (0.33, 0.25)
    assert low < at[26].at.psychotherapy < high
    bare = replace(default_benchmark(), added_effect=None)
    assert all(c.evidence is None for c in drawing(course((0, 19), benchmark=bare)).measured)
    chart.draw(course((0, 19)))
    stage = chart.stage
    place = chart.on_widget(
        QPointF(stage.x(week(25).toordinal()), stage.y(default_benchmark().psychotherapy(19, 25) + 0.5))
    )
    dark = colour(chart, place)
    chart.draw(course((0, 19), benchmark=bare))
    assert dark.lightness() < colour(chart, place).lightness()


def test_a_possible_sudden_gain_is_marked_between_its_two_scores(chart):
    summary = sudden()
    chart.draw(summary)
    (gain,) = chart.stage.drawing.gains
    assert (gain.before.y, gain.after.y) == (19, 12)
    assert (gain.before.x, gain.after.x) == (week(3).toordinal(), week(4).toordinal())
    middle, spot = chart.gains.middle(gain), chart.gains.spot(gain)
    assert QLineF(middle, spot).length() <= 26
    assert not drawing(usual()).gains
    words = [say(line) for line in reading(summary, gain.after.point)]
    assert "possible sudden gain, looking back: 7 points" in words
    assert not any("sudden" in say(line) for line in reading(summary, gain.before.point))


@pytest.mark.parametrize("size", [(900, 480), (640, 400), (360, 260)])
def test_the_mark_of_a_sudden_gain_hides_no_score_and_is_read_on_hover(chart, qtbot, size):
    chart.resize(*size)
    chart.draw(sudden())
    stage = chart.stage
    (gain,) = stage.drawing.gains
    spot = chart.gains.spot(gain)
    assert 0 < spot.x() < stage.edge
    assert 0 < spot.y() < stage.height
    assert all(QLineF(spot, QPointF(stage.x(m.x), stage.y(m.y))).length() > 8 for m in stage.drawing.marks)
    if size[0] > 600:
        qtbot.mouseMove(chart.viewport(), chart.on_widget(spot).toPoint())
        assert chart.chosen is gain.after
        assert "possible sudden gain" in chart.figures
