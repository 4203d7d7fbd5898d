from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from chart.courses import START, answers, course, long, usual
from pypdf import PdfReader

from trdtrack.chart.palette import LIGHT
from trdtrack.domain.records import Rules
from trdtrack.domain.refusals import Refusal
from trdtrack.report.expectation import draw_expectation, expectation_data, expectation_paper, halves
from trdtrack.report.expected_chart import BOTTOM, HALF, HEIGHT, HEIGHTS, LEFT, RIGHT, TOP, WIDE, WIDTH, so_far, ticks
from trdtrack.report.sheet import Size
from trdtrack.words import day, say

MADE = date(2026, 5, 2)
FORBIDDEN = (
    "forecast",
    "signal",
    "risk",
    "suicid",
    "plateau",
    "benchmark",
    "caseness",
    "remission",
    "deteriorat",
    "relapse",
    "chance",
    "outlook",
    "verdict",
    "failed",
    "probab",
    "percent",
    "confidence",
    "interval",
    "baseline",
    "deviation",
)
PHRASES = ("item 9", "on track", "slower than", "ahead of", "too early", "past the data", "no recent score", "review")
LONG_NAME = "Maximiliane von und zu Hohenfels-Brandenstein " * 5


def reader(summary, **how) -> PdfReader:
    return PdfReader(io.BytesIO(expectation_paper(summary, made=MADE, **how).pdf))


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def thirty(**fields):
    return course(*((n, answers(max(3, 20 - n // 2), 0, (1,) if n % 5 == 0 else ())) for n in range(30)), **fields)


@pytest.mark.parametrize("baseline", [10, 14, 19, 27])
def test_the_ranges_on_paper_are_the_benchmarks(baseline):
    summary = course((0, baseline), (3, baseline - 2))
    found = text(reader(summary))
    for there in summary.benchmark.table(baseline, (8, 12, 26)):
        when = day(START + timedelta(weeks=there.week))
        low, high = int(there.low80 + 0.5), int(there.high80 + 0.5)
        assert f"{low} to {high}" in found
        assert f"around {when}" in found
    assert f"You start at {baseline} (6 Jan 2026)." in found
    assert f"{baseline - 6} or less (6 points down, or more)" in found


def test_the_worked_patient_reads_as_in_the_clinical_rules():
    found = text(reader(usual()))
    assert "Week 8 8 to 23" in found
    assert "Week 12 7 to 22" in found
    assert "Week 26 5 to 22" in found
    assert "by about 3 points in 26 weeks, on average. With therapy added it is about 5½." in found
    assert "Keep taking your medication, unless you and the person who prescribes it have agreed otherwise." in found
    assert "We will look at this together on" in found
    assert "Adjunctive psychotherapy in TRD, version 1" in found


def test_the_clinics_own_setting_of_a_real_change_counts():
    assert "11 or less (8 points down, or more)" in text(reader(course((0, 19), rules=Rules(reliable_change=8))))


@pytest.mark.parametrize(
    "summary",
    [
        usual(),
        usual(code="W" * 40, name=LONG_NAME),
        thirty(code="W" * 40, name=LONG_NAME),
        thirty(code="DEMO-1", name="x" * 400),
        course((0, 10)),
        course((0, 27)),
        course((-4, 22), (-1, 21)),
        long(),
        course((0, 20), *((n, 20) for n in range(1, 60))),
        course((0, 19), end=START + timedelta(weeks=20), today=START + timedelta(weeks=40)),
    ],
    ids=["usual", "named", "thirty", "demo", "ten", "top", "early", "low-baseline", "year", "ended"],
)
@pytest.mark.parametrize("size", Size)
def test_it_is_one_page_and_never_speaks_of_what_is_not_for_the_patient(summary, size):
    if summary.benchmark is None:
        with pytest.raises(Refusal):
            reader(summary)
        return
    pdf = reader(summary, size=size)
    assert len(pdf.pages) == 1
    words = expectation_data(summary, made=MADE)
    for found in (text(pdf), words["chart_alt"], words["title"], draw_expectation(summary).decode()):
        assert [word for word in (*FORBIDDEN, *PHRASES) if word in found.lower()] == []


def test_its_sentences_are_short():
    words = expectation_data(usual(), made=MADE)
    plain = [
        words["opening"],
        words["range"]["words"],
        words["range"]["after"],
        words["average"]["words"],
        *words["better"]["marks"],
        words["worse"]["words"],
    ]
    for sentence in re.split(r"(?<=[.:?])\s", " ".join(plain)):
        assert len(sentence.split()) <= 24, sentence


@pytest.mark.parametrize(
    ("summary", "why"),
    [
        (course((0, 8), (3, 6)), "baseline below 10"),
        (course((6, 15)), "no baseline: no score from 28 days before to 14 days after week 0"),
        (course((0, 15), born=date(2010, 1, 1)), "age under 18"),
    ],
)
def test_without_an_expected_course_it_is_refused_with_the_reason(summary, why):
    for make in (draw_expectation, reader):
        with pytest.raises(Refusal) as caught:
            make(summary)
        assert say(caught.value.what) == f"There is no expectation sheet for this course: {why}."


def test_the_code_and_the_name_stand_in_the_foot():
    found = text(reader(usual(name="Zoë Åkesson-O’Neill")))
    assert "A-003 · Zoë Åkesson-O’Neill · Confidential page 1 of 1" in found
    assert "made 2 May 2026" in found
    assert "A-003 · Confidential" in text(reader(usual()))


def test_without_names_the_code_alone_stands_in_the_foot():
    pdf = reader(usual(name="Zoë Åkesson-O’Neill"), names=False)
    assert "Åkesson" not in text(pdf) + str(pdf.metadata)
    assert "A-003 · Confidential page 1 of 1" in text(pdf)


@pytest.mark.parametrize(("size", "points"), [(Size.A4, (595, 842)), (Size.LETTER, (612, 792))])
def test_the_page_has_the_size_asked_for(size, points):
    box = reader(usual(), size=size).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == points


def test_the_points_of_a_letter_page_lie_at_their_totals_too():
    summary = course((0, 19), (2, 18), (5, 14))
    root = ET.fromstring(draw_expectation(summary, size=Size.LETTER))
    dots = [part.attrib for part in root.iter() if part.tag.endswith("circle")][:-1]
    high = HEIGHTS[Size.LETTER] - TOP - BOTTOM
    assert [27 * (1 - (float(d["cy"]) - TOP) / high) for d in dots] == pytest.approx([19, 18, 14], abs=0.05)


def test_demo_data_says_so():
    assert "Demo data, not a real patient" in text(reader(usual(code="DEMO-12")))
    assert "Demo data" not in text(reader(usual()))


def test_prorated_and_later_scores_are_owned_up_to():
    assert "worked out from the others (prorated, open circles)" in text(reader(usual()))
    assert "prorated" not in text(reader(course((0, 19), (2, 18))))
    assert "The studies end at week 30: later scores are not drawn." in text(reader(course((0, 19), (40, 18))))


def shapes(summary):
    root = ET.fromstring(draw_expectation(summary))
    return [(part.tag.split("}")[1], part.attrib) for part in root.iter()]


def total_at(y: float) -> float:
    return 27 * (1 - (y - TOP) / (HEIGHT - TOP - BOTTOM))


def week_at(x: float, last: float) -> float:
    return last * (x - LEFT) / (WIDTH - LEFT - RIGHT)


def test_the_points_lie_at_their_weeks_and_totals():
    summary = course((0, 19), (2, 18), (5, 14), (9, 15))
    dots = [part for tag, part in shapes(summary) if tag == "circle"][:-1]
    drawn = [(week_at(float(dot["cx"]), 26), total_at(float(dot["cy"]))) for dot in dots]
    assert drawn == [pytest.approx((p.week, p.total), abs=0.05) for p in so_far(summary)]


def test_the_lines_end_where_the_benchmark_does():
    summary = course((0, 19))
    there = summary.benchmark.at(19, 26)
    paths = [part for tag, part in shapes(summary) if tag == "path"]
    ends = {
        part["stroke-width"]: [float(n) for n in part["d"].split("L")[-1].split()]
        for part in paths
        if part.get("fill") == "none"
    }
    assert total_at(ends["2.4"][1]) == pytest.approx(there.psychotherapy, abs=0.05)
    assert total_at(ends["1.5"][1]) == pytest.approx(there.usual_care, abs=0.05)
    ranges = {
        part["fill"]: re.findall(r"([\d.]+) ([\d.]+)", part["d"]) for part in paths if part.get("fill") in (WIDE, HALF)
    }
    for shade, low, high in ((WIDE, there.low80, there.high80), (HALF, there.low50, there.high50)):
        edge = [total_at(float(y)) for x, y in ranges[shade] if week_at(float(x), 26) == pytest.approx(26, abs=0.01)]
        assert sorted(edge) == pytest.approx([low, high], abs=0.05)


def test_a_prorated_score_is_an_open_circle():
    dots = [part["fill"] for tag, part in shapes(course((0, 19), (2, answers(18, 0, (1,))))) if tag == "circle"]
    assert dots == [LIGHT.ink, LIGHT.surface, LIGHT.ink]


def test_scores_past_the_data_are_not_drawn():
    dots = [part for tag, part in shapes(course(*((n, 19) for n in range(0, 60, 5)))) if tag == "circle"]
    assert len(dots) == 7 + 1


def test_the_shades_differ_in_lightness():
    def light(colour: str) -> int:
        return sum(bytes.fromhex(colour[1:]))

    assert light(LIGHT.surface) - light(WIDE) > 60
    assert light(WIDE) - light(HALF) > 70


@pytest.mark.parametrize(
    ("last", "expected"),
    [(26, [0, 4, 8, 12, 16, 20, 26]), (29.3, [0, 4, 8, 12, 16, 20, 24, 28]), (52, [0, 8, 16, 24, 32, 40, 48])],
)
def test_weeks_are_named_where_they_stand_apart(last, expected):
    assert ticks(last, 26) == expected


@pytest.mark.parametrize(("points", "words"), [(13.49, "13½"), (15.96, "16"), (0.5, "½"), (0.1, "0"), (3.04, "3")])
def test_halves_are_said_as_people_say_them(points, words):
    assert halves(points) == words


def test_it_is_tagged_titled_and_in_a_language(tmp_path):
    pdf = reader(usual())
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("en")
    assert pdf.metadata.title == "What to expect, A-003"
    metadata = pdf.xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    assert [image for sheet in pdf.pages for image in sheet.images] == []
    pdfinfo = shutil.which("pdfinfo")
    if pdfinfo is None:
        pytest.skip("pdfinfo is not installed")
    (tmp_path / "e.pdf").write_bytes(expectation_paper(usual(), made=MADE).pdf)
    run = subprocess.run([pdfinfo, "-struct-text", tmp_path / "e.pdf"], capture_output=True, check=True)
    tags = run.stdout.decode(errors="replace")  # it writes a heading with curly quotes in UTF-16
    for tag in ("H1", "H2", "Figure", "L"):
        assert re.search(rf"^\s*{tag}\b", tags, re.MULTILINE), tag


@pytest.mark.parametrize("name", ['#panic("x") *b* $x$ @a <l>', "\"quoted\" \\ 'name'", "= heading", "// gone"])
def test_names_are_never_markup(name):
    found = text(reader(usual(name=name, code=name[:40])))
    assert found.count(name) >= 2


def test_letters_without_a_font_are_reported():
    paper = expectation_paper(course((0, 17), name="\U000f1234"), made=MADE)
    assert paper.dropped is not None
    pdf = PdfReader(io.BytesIO(paper.pdf))
    assert "no claim" in text(pdf)
    assert len(pdf.pages) == 1


def test_the_same_summary_makes_the_same_file():
    assert expectation_paper(usual(), made=MADE).pdf is not None
    summary = usual()
    assert expectation_paper(summary, made=MADE) == expectation_paper(summary, made=MADE)
