from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from chart.courses import course, long, usual
from chart.evidence import pools
from trdtrack.chart.paper import chart_svg, forest_svg
from trdtrack.evidence_tables import shipped_published

SVG = "{http://www.w3.org/2000/svg}"


def drawn(summary) -> ET.Element:
    return ET.fromstring(chart_svg(summary, width_mm=174, height_mm=92))


@pytest.mark.parametrize("make", [usual, long, course, lambda: course((0, 8))])
def test_the_svg_is_vectors_with_text_and_pens_that_scale(qapp, make):
    text = chart_svg(make(), width_mm=174, height_mm=92).decode()
    assert "vector-effect" not in text
    assert "<image" not in text
    root = ET.fromstring(text)
    widths = {float(g.get("stroke-width")) for g in root.iter() if g.get("stroke") not in (None, "none")}
    assert max(widths) <= 2
    assert min(widths) >= 0.75
    # Nothing but moves and the quarter turn of the axis title: so a pen of 1 prints as 1.
    matrices = set(re.findall(r"matrix\(([^)]*)\)", text))
    assert {tuple(m.split(",")[:4]) for m in matrices} <= {("1", "0", "0", "1"), ("0", "-1", "1", "0")}


def test_it_has_the_paper_size_and_the_words_in_inter(qapp):
    root = drawn(usual())
    texts = [t for t in root.iter(f"{SVG}text") if (t.text or "").strip()]
    assert {t.get("font-family") for t in texts} == {"Inter"}
    words = [(t.text or "").strip() for t in texts]
    for expected in ("baseline 19", "14", "usual care alone", "average with", "moderately severe", "sessions"):
        assert expected in words
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    assert width / height == pytest.approx(174 / 92, abs=0.01)


def test_nothing_is_drawn_past_the_page(qapp):
    root = drawn(course((0, 27), (40, 0)))
    width = float(root.get("viewBox").split()[2])
    for group in root.iter(f"{SVG}g"):
        move = float((group.get("transform") or "matrix(1,0,0,1,0,0)")[7:-1].split(",")[4])
        for line in group.iter(f"{SVG}polyline"):
            xs = [float(pair.split(",")[0]) + move for pair in line.get("points").split()]
            assert min(xs) >= -1
            assert max(xs) <= width + 1


def test_the_forest_plot_is_vectors_with_text_and_pens_that_scale(qapp):
    text = forest_svg(pools(), shipped_published(), width_mm=174, height_mm=140).decode()
    assert "vector-effect" not in text
    assert "<image" not in text
    root = ET.fromstring(text)
    widths = {float(g.get("stroke-width")) for g in root.iter() if g.get("stroke") not in (None, "none")}
    assert 0.75 <= min(widths) <= max(widths) <= 2
    assert {m.split(",")[:4] == ["1", "0", "0", "1"] for m in re.findall(r"matrix\(([^)]*)\)", text)} == {True}
    texts = [t for t in root.iter(f"{SVG}text") if (t.text or "").strip()]
    assert {t.get("font-family") for t in texts} == {"Inter"}
    words = {(t.text or "").strip() for t in texts}
    assert {"RefraMED (Lynch 2020)", "−0.54", "(−0.78 to −0.30)", "no difference"} <= words
    assert "τ² 0.045, I² 41.8%" in "".join((t.text or "").strip("\n") for t in texts)
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    assert width / height == pytest.approx(174 / 140, abs=0.01)


def test_the_digits_of_a_column_stand_under_each_other(qapp):
    root = ET.fromstring(forest_svg(pools(), shipped_published(), width_mm=174, height_mm=140))
    columns: dict[int, list[float]] = {}
    for text in root.iter(f"{SVG}text"):
        if re.fullmatch(r"\(−\d\.\d\d to −\d\.\d\d\)", (text.text or "").strip()):
            xs = [float(x) for x in text.get("x").split()]
            assert len(xs) == len(text.text)
            columns.setdefault(int(text.get("font-weight")), []).append(xs[3])
    assert len(columns[400]) > 8
    for points in columns.values():
        assert max(points) - min(points) < 0.02


def test_a_page_too_low_for_the_forest_plot_grows(qapp):
    root = ET.fromstring(forest_svg(pools(), shipped_published(), width_mm=174, height_mm=40))
    assert float(root.get("viewBox").split()[3]) > 400
