"""The forest plot: what it shows, where, and that nothing overlaps."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent

from chart.evidence import pools
from trdtrack.chart.forest import ForestPlot, diamond
from trdtrack.chart.forest_drawing import forest
from trdtrack.chart.palette import DARK, LIGHT
from trdtrack.domain.pooling import effects, pool
from trdtrack.domain.trials import Confirmed, Published
from trdtrack.evidence_tables import shipped_published, shipped_trials

SIZES = [(520, 460), (600, 520), (720, 560), (900, 460), (900, 640)]


@pytest.fixture
def plot(qtbot):
    widget = ForestPlot()
    qtbot.addWidget(widget)
    widget.resize(900, 640)
    widget.show()
    widget.draw(pools(), shipped_published())
    return widget


def colours(widget, x: float, y: float) -> QColor:
    return widget.grab().toImage().pixelColor(round(x), round(y))


def row_of(sheet, name: str) -> tuple:
    line = next(line for line in sheet.drawing.lines if line.name == name)
    return line, sheet.rows[sheet.drawing.lines.index(line)]


def test_it_shows_the_trials_the_pools_and_what_may_be_drawn():
    drawn = forest(list(reversed(pools())), shipped_published())
    assert [t.name for t in drawn.trials][:2] == ["RefraMED (Lynch 2020)", "TADS (Fonagy 2015)"]
    assert (drawn.trials[0].people, drawn.trials[0].scale, drawn.trials[0].aside) == ("121/62", "PHQ-9", "16.6%")
    assert [t.people for t in drawn.trials[3:5]] == ["26/16", "28/16"]
    assert drawn.trials[0].share == 1
    assert [p.name for p in drawn.pools] == ["Paule–Mandel", "REML"]
    assert drawn.pools[0].spread == "τ² 0.045, I² 41.8%"
    assert drawn.pools[0].prediction == "95% prediction −1.08 to −0.003"
    assert drawn.pools[0].interval == "(−0.78 to −0.30)"
    assert drawn.pools[1].spread == "τ² 0, I² 0%"
    assert [(r.source, len(r.lines)) for r in drawn.reviews] == [
        ("Giguère et al. 2025", 5),
        ("van Bronswijk et al. 2019", 1),
    ]


def test_the_axis_holds_all_but_the_intervals_of_light_trials():
    drawn = forest(pools(), shipped_published())
    assert (drawn.first, drawn.last) == (-2.0, 0.5)
    cut = [t.name for t in drawn.trials if t.low < drawn.first or t.high > drawn.last]
    assert cut == ["Strauss 2012"]
    assert all(drawn.first < line.g < drawn.last for line in drawn.lines)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("without", [(), ("strauss2012",), tuple(t.id for t in shipped_trials()[2:])])
def test_no_two_texts_touch_and_all_stay_inside(plot, size, without):
    plot.resize(*size)
    plot.draw(pools(*without), shipped_published())
    plot.resize(*size)
    plot.grab()
    sheet = plot.picture.sheet
    assert [(a.text, b.text) for a, b in itertools.combinations(sheet.words, 2) if a.touches(b)] == []
    for words in sheet.words:
        assert words.left >= 0
        assert words.right <= sheet.width
        assert words.middle - 5 >= 0
        assert words.middle + 6 <= max(plot.height(), sheet.height)
    assert sheet.height <= plot.height() + 1
    assert plot.height() <= max(size[1], 490)


@pytest.mark.parametrize("size", SIZES)
def test_no_text_lies_under_a_mark_or_the_line_of_no_difference(plot, size):
    plot.resize(*size)
    plot.grab()
    sheet = plot.picture.sheet
    for line, y in zip(sheet.drawing.lines, sheet.rows, strict=True):
        low, high = sheet.x(max(line.low, sheet.drawing.first)), sheet.x(min(line.high, sheet.drawing.last))
        beside = [w for w in sheet.words if abs(w.middle - y) < 6]
        assert all(w.right <= low - 2 or w.left >= high + 2 for w in beside)
    for top, bottom in sheet.blocks:
        within = [w for w in sheet.words if top < w.middle < bottom]
        assert all(w.right < sheet.x(0) - 2 or w.left > sheet.x(0) + 2 for w in within)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_squares_stand_at_their_g_and_their_areas_are_the_weights(plot, palette):
    plot.set_palette(palette)
    sheet, image = plot.picture.sheet, plot.grab().toImage()
    sides = {}
    for trial, y in zip(sheet.drawing.trials, sheet.rows, strict=False):
        x = round(sheet.x(trial.g))
        column = [image.pixelColor(x - 2, round(y) + dy) == QColor(palette.muted) for dy in range(-12, 13)]
        sides[trial.name] = sum(column)
        assert image.pixelColor(x, round(y)) != QColor(palette.surface)
    assert sides["RefraMED (Lynch 2020)"] == max(sides.values())
    assert sides["Harley 2008"] < sides["Nakagawa 2017"]
    assert colours(plot, 3, 3) == QColor(palette.surface)
    _, y = row_of(sheet, "Paule–Mandel")
    assert image.pixelColor(round(sheet.x(sheet.drawing.pools[0].g)), round(y)) == QColor(palette.accent)
    hollow, y = row_of(sheet, "MBCT vs control")
    assert image.pixelColor(round(sheet.x(hollow.g)), round(y)) == QColor(palette.surface)


def test_an_effect_cut_by_the_axis_gets_an_arrow_and_nothing_is_drawn_outside(plot):
    sheet, image = plot.picture.sheet, plot.grab().toImage()
    _, y = row_of(sheet, "Strauss 2012")
    inside = sheet.left + 6
    assert image.pixelColor(round(inside), round(y) + 2).lightness() < 120
    _, other = row_of(sheet, "Harley 2008")
    assert image.pixelColor(round(inside), round(other) + 2) == QColor(LIGHT.surface)
    for row in sheet.rows[: len(sheet.drawing.trials)]:
        for x in (
            *range(round(sheet.left) - 12, round(sheet.left) - 1),
            *range(round(sheet.right) + 2, round(sheet.right) + 12),
        ):
            assert image.pixelColor(x, round(row)) == QColor(LIGHT.surface)


def test_an_effect_far_outside_is_an_arrow_alone(plot):
    found = list(effects(shipped_trials()))
    found[9] = replace(found[9], g=-9.0)
    plot.draw([pool(found)], ())
    sheet, image = plot.picture.sheet, plot.grab().toImage()
    assert sheet.drawing.first == -4
    y = round(sheet.rows[9])
    assert image.pixelColor(round(sheet.left) + 4, y) == QColor(LIGHT.ink)
    assert image.pixelColor(round(sheet.left) - 4, y) == QColor(LIGHT.surface)
    for line in sheet.drawing.pools:
        xs = [corner.x() for corner in diamond(sheet, line, 0, 8)]
        assert sheet.left <= min(xs)
        assert max(xs) <= sheet.right


def test_a_diamond_cut_by_the_axis_keeps_its_slope(plot):
    sheet = plot.picture.sheet
    line = replace(sheet.drawing.pools[0], g=-1.5, low=-2.5, high=-0.5)
    corners = diamond(sheet, line, 100, 8)
    assert min(c.x() for c in corners) == pytest.approx(sheet.left)
    ends = sorted(c.y() for c in corners if c.x() == pytest.approx(sheet.left))
    assert ends == pytest.approx([96, 104])


def test_a_wider_plot_shows_more_columns(plot):
    def texts(width: int) -> set[str]:
        plot.resize(width, 640)
        plot.grab()
        return {words.text for words in plot.picture.sheet.words}

    assert {"PHQ-9", "121/62", "16.6%", "−0.43"} <= texts(900)
    assert {"121/62", "16.6%"} <= texts(620)
    assert {"16.6%", "−0.43", "(−0.74 to −0.12)"} <= texts(520)


def test_it_has_a_name_and_its_figures_in_words(plot):
    assert plot.accessibleName() == "Forest plot"
    words = plot.accessibleDescription()
    assert "Paule–Mandel, k 10: Hedges g −0.54, 95% interval −0.78 to −0.30" in words
    assert "REML, k 10: Hedges g −0.50, 95% interval −0.70 to −0.30" in words
    assert "Giguère et al. 2025, all psychotherapies vs control: −0.49, 95% interval −0.63 to −0.34." in words
    assert "disagree" in words
    assert "Unverified, not drawn" in words


def test_long_names_are_cut_and_many_trials_ask_for_height(plot):
    one = shipped_trials()[0]
    many = [replace(one, id=f"t{i}", study=f"A trial with a remarkably long name, number {i}") for i in range(40)]
    plot.resize(520, 460)
    plot.draw([pool(effects(many))], ())
    plot.grab()
    sheet = plot.picture.sheet
    assert plot.height() >= 40 * 12.5
    assert [(a.text, b.text) for a, b in itertools.combinations(sheet.words, 2) if a.touches(b)] == []
    assert any(words.text.endswith("…") for words in sheet.words)


def test_without_pools_or_without_anything_it_says_so(plot):
    plot.draw([], shipped_published())
    assert not plot.grab().isNull()
    assert len(plot.picture.drawing.reviews) == 2
    unverified = Published(
        id="x", source="X et al.", metric="g", estimate=-1, ci_low=-2, ci_high=0, confirmed=Confirmed.NO
    )
    plot.draw([], [unverified])
    texts = [words.text for words in plot.picture.sheet.words]
    assert "No estimate that may be drawn." in texts
    assert any("Unverified, not drawn: X et al." in text for text in texts)
    plot.draw([], [])
    assert not plot.grab().isNull()


def test_the_mouse_changes_nothing_and_the_wheel_is_left_to_the_page(plot, qtbot):
    before = plot.grab().toImage()
    at = QPointF(300, 200)
    none = Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        at, at, QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    plot.wheelEvent(wheel)
    assert not wheel.isAccepted()
    qtbot.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    qtbot.mouseMove(plot.viewport(), QPoint(400, 300))
    qtbot.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    assert plot.grab().toImage() == before
    assert plot.focusPolicy() == Qt.FocusPolicy.NoFocus
