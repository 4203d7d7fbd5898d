"""The chart taken along as pixels and as vectors, beside what the screen shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from chart.courses import crowded, ended, full, long, usual
from trdtrack.chart.palette import DARK
from trdtrack.chart.paper import PIXEL, chart_svg
from trdtrack.chart.picture import chart_png, picture, picture_svg, png
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.chart.view import View

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def chart(qtbot):
    widget = TrajectoryChart()
    qtbot.addWidget(widget)
    widget.resize(760, 440)
    widget.show()
    return widget


def painted(svg: bytes, width: int, height: int) -> QImage:
    """Return a vector picture as Qt paints it, on white."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


def apart(one: QImage, other: QImage) -> float:
    """Mean difference in lightness between two pictures, block by block of 8 x 8 pixels, in 255ths."""
    small = [
        i.convertToFormat(QImage.Format.Format_Grayscale8).scaled(i.width() // 8, i.height() // 8) for i in (one, other)
    ]
    assert small[0].size() == small[1].size()
    cells = [(x, y) for x in range(small[0].width()) for y in range(small[0].height())]
    return sum(abs(small[0].pixelColor(*c).lightness() - small[1].pixelColor(*c).lightness()) for c in cells) / len(
        cells
    )


STATES = {
    "full": (full, View(), None),
    "ahead": (full, View(ahead=True), None),
    "sessions": (full, View(by_session=True), None),
    "patient": (full, View(patient=True), None),
    "zoomed": (full, View(), 2),
    "ended": (ended, View(), None),
    "crowded, zoomed": (crowded, View(), 6),
    "long": (long, View(), None),
    "long, zoomed": (long, View(), 3),
}


@pytest.mark.parametrize("name", STATES)
def test_the_vectors_are_the_picture_on_the_screen(chart, name):
    make, view, months = STATES[name]
    chart.show_view(view)
    chart.draw(make())
    chart.zoom(months)
    screen = chart.grab().toImage()
    paper = painted(picture_svg(chart), 760, 440)
    assert apart(screen, paper) < 2.5
    # The measure can tell: the same without one layer.
    chart.show_view(View(corridor=False, patient=view.patient, by_session=view.by_session))
    chart.zoom(None if months else 2)
    assert apart(chart.grab().toImage(), paper) > 2.5


@pytest.mark.parametrize("name", STATES)
def test_the_vectors_hold_no_bitmap_no_clip_no_pattern_and_only_pens_that_scale(chart, name):
    make, view, months = STATES[name]
    chart.show_view(view)
    chart.draw(make())
    chart.zoom(months)
    text = picture_svg(chart).decode()
    for never in ("<image", "clip-path", "clipPath", "<pattern", "vector-effect", "stroke-dasharray", "Gradient"):
        assert never not in text
    matrices = {tuple(m.split(",")[:4]) for m in re.findall(r"matrix\(([^)]*)\)", text)}
    assert matrices <= {("1", "0", "0", "1"), ("0", "-1", "1", "0")}
    widths = {float(w) for w in re.findall(r'stroke-width="([\d.]+)"', text)}
    assert max(widths) <= 2
    assert min(widths) >= 0.75


@pytest.mark.parametrize("name", ["zoomed", "crowded, zoomed", "long, zoomed"])
def test_what_is_out_of_sight_is_cut_at_the_axes(chart, name):
    """Nothing is clipped on paper, so no line may reach past the plot, nor past the names of the lanes."""
    make, view, months = STATES[name]
    chart.show_view(view)
    chart.draw(make())
    chart.zoom(months)
    stage = chart.stage
    left = chart.on_widget(chart.box.boundingRect().topLeft()).x()
    root = ET.fromstring(picture_svg(chart))
    seen = 0
    for group in root.iter(f"{SVG}g"):
        move = float((group.get("transform") or "matrix(1,0,0,1,0,0)")[7:-1].split(",")[4])
        if not move:
            continue
        for line in (*group.findall(f"{SVG}polyline"), *group.findall(f"{SVG}polygon")):
            xs = [float(pair.split(",")[0]) + move for pair in line.get("points").split()]
            seen += 1
            assert min(xs) >= left - 10
            assert max(xs) <= 761
        for circle in group.findall(f"{SVG}circle"):
            seen += 1
            assert left - 1 <= float(circle.get("cx")) + move <= left + stage.edge + 1
    assert seen > 50


def test_a_copied_picture_is_twice_as_dense_light_and_without_card_or_withdrawn_scores(chart):
    summary = full()
    chart.draw(summary)
    plain = picture(chart)
    assert (plain.width(), plain.height(), plain.devicePixelRatio()) == (1520, 880, 2.0)
    chart.set_palette(DARK)
    chart.show_view(View(withdrawn=True))
    chart.choose(chart.stage.drawing.marks[4])
    assert picture(chart) == plain
    assert picture_svg(chart) == picture_svg(chart)
    chart.zoom(2)
    assert picture(chart) != plain
    assert chart.stage.palette is DARK
    assert chart.chosen is chart.stage.drawing.marks[4]


def test_the_copied_picture_is_the_one_on_the_screen(chart):
    chart.draw(full())
    chart.zoom(2)
    once = picture(chart, scale=1)
    assert apart(once, chart.grab().toImage()) < 0.5


def test_a_png_of_a_course_has_its_size(qapp):
    data = chart_png(usual(), width_px=500, height_px=300)
    image = QImage.fromData(data, "PNG")
    assert (image.width(), image.height()) == (1000, 600)
    assert data.startswith(b"\x89PNG")
    patient = chart_png(full(), width_px=500, height_px=300, view=View(patient=True, withdrawn=True))
    assert patient == chart_png(full(), width_px=500, height_px=300, view=View(patient=True))
    assert png(image).startswith(b"\x89PNG")


def test_the_patients_version_prints_with_larger_type_and_no_scaling(qapp):
    text = chart_svg(full(), width_mm=174, height_mm=92, view=View(patient=True)).decode()
    root = ET.fromstring(text)
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    assert width == pytest.approx(174 / PIXEL * 3 / 4, abs=1)
    assert width / height == pytest.approx(174 / 92, abs=0.02)
    matrices = {tuple(m.split(",")[:4]) for m in re.findall(r"matrix\(([^)]*)\)", text)}
    assert matrices <= {("1", "0", "0", "1"), ("0", "-1", "1", "0")}
