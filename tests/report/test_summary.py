from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, datetime

import pytest
from chart.courses import answers, course, long, usual

from report.summaries import (
    MADE,
    NAME,
    alternatives,
    asked,
    cared_for,
    ended,
    fullest,
    reader,
    row_of,
    staged,
    tagged,
    text,
)
from trdtrack.demo import make_demo
from trdtrack.domain.records import Rules
from trdtrack.report.sheet import Size
from trdtrack.report.summary import summary_pdf
from trdtrack.words import day, phq9_wording, say, shown


@pytest.mark.parametrize("size", Size)
def test_each_score_is_on_paper_answer_by_answer(qapp, size):
    few = (1, None, 2, None, 0, 3, None, 1, None)
    rows = [(0, answers(19, 1), 2), (1, (3, 0, 2, 1, None, 0, 1, 2, 3), None), (2, few, 0), (3, answers(27), 3)]
    for summary in (asked(*rows), usual(name=NAME)):
        found = text(reader(summary, size=size))
        for point in summary.points:
            assert row_of(point, summary) in found, point.date
    assert "1 – 2 – 0 3 – 1 – 0 5 of 9, no total" in text(reader(asked(*rows), size=size))


def test_the_columns_are_explained_in_the_instruments_own_words(qapp):
    wording = phq9_wording()
    found = text(reader(asked((0, answers(19, 1), 2))))
    for number, words in enumerate(wording.answers):
        assert f"{number} {words}" in found
    for number, words in enumerate(wording.difficulty_answers):
        assert f"{number} {words}" in found
    assert wording.difficulty_answers[2] not in text(reader(usual()))


def test_the_figures_on_paper_are_the_summarys(qapp):
    summary = usual(name=NAME)
    found = text(reader(summary))
    assert shown(say(summary.sentence)) in found
    assert f"{summary.attended} attended of 12, 2 not attended" in found
    assert "2 Mar 1984, aged 41 at week 0" in found
    assert "sertraline 150 mg" in found
    assert NAME in found
    assert "9 of 13 questionnaires complete, 2 prorated, 2 with the total only." in found


def test_both_answers_stand_with_their_rules(qapp):
    summary = course((0, 20), (4, 15), (8, 9), rules=Rules(reliable_change=7, prorate=False))
    found = text(reader(summary))
    assert "Reliable change fall or rise of 7 points or more better" in found
    assert "Meaningful, in general 21% or more below baseline yes" in found
    assert "Meaningful, long-lasting 32% or more below baseline yes" in found
    assert "Response 50% or more below baseline yes" in found
    assert "Remission total below 5 no" in found
    assert "Below caseness baseline 10 or more, now below yes" in found
    assert "A questionnaire with any answer missing has no total." in found


def test_one_score_has_no_change_to_judge(qapp):
    found = text(reader(course((0, 17))))
    assert "Reliable change fall or rise of 6 points or more –" in found
    assert "Remission total below 5 no" in found


def test_the_benchmark_its_caveats_and_the_licence_are_on_the_page(qapp):
    summary = usual()
    found = text(reader(summary))
    plain = found.replace("−", "-")
    for caveat in summary.benchmark.caveats:
        assert caveat in plain
    for source in summary.benchmark.sources:
        assert source.cite in found
    assert f"{summary.benchmark.name}, version {summary.benchmark.version}" in found
    assert phq9_wording().licence in found
    assert say(summary.baseline.rule).replace("week 0", "") in found.replace("\u00a0", " ").replace("week 0", "")


def test_every_page_carries_code_number_program_and_day(qapp):
    for summary in (usual(code="A-003"), course((0, 15), code="B", name="n " * 300, medication="m " * 3000)):
        pdf = reader(summary)
        for number, sheet in enumerate(pdf.pages, start=1):
            foot = " ".join(sheet.extract_text().split())
            assert summary.patient.code in foot
            assert f"page {number} of {len(pdf.pages)}" in foot
            assert "TRDTrack 0.1.0, made 2 May 2026" in foot
            assert "Confidential" in foot


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("count", [0, 1, 13, 20])
def test_a_course_with_little_beside_is_one_page(qapp, count, size):
    summary = course(*((n, answers(19 - n // 2, 0, (1,) if n % 5 == 0 else ())) for n in range(count)))
    assert len(reader(summary, size=size).pages) == 1


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize("count", [12, 16])
def test_a_usual_course_with_drugs_and_a_risk_review_is_one_page(qapp, count, size):
    summary = cared_for(count)
    pdf = reader(summary, size=size)
    assert len(pdf.pages) == 1
    found = text(pdf)
    for point in summary.points:
        assert row_of(point, summary) in found
    assert "left out" not in found


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize(("count", "left_out"), [(30, 0), (60, 0), (90, 30)])
def test_a_long_course_is_two_pages_and_says_what_is_left_out(qapp, count, left_out, size):
    summary = cared_for(count)
    pdf = reader(summary, size=size)
    assert len(pdf.pages) == 2
    found = text(pdf)
    shown_ = [p for p in summary.points if row_of(p, summary) in found]
    assert len(shown_) == count - left_out
    assert summary.points[-1] in shown_
    assert summary.points[0] in shown_
    assert (f"{left_out} scores are left out here; the CSV export has all." in found) is bool(left_out)


@pytest.mark.parametrize("size", Size)
def test_a_page_has_the_size_asked_for(qapp, size):
    box = reader(usual(), size=size).pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == {"a4": (595, 842), "us-letter": (612, 792)}[size]


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "W" * 40, "name": "x" * 400, "medication": "y" * 5000},
        {"name": "Maximiliane von und zu " * 20, "medication": "sertraline 150 mg; " * 300},
    ],
)
def test_long_texts_wrap_and_never_take_more_than_two_pages(qapp, fields):
    assert len(reader(long(20)).pages) == 1
    assert len(reader(course(*((n, 15) for n in range(30)), **fields)).pages) <= 2


@pytest.mark.parametrize("size", Size)
def test_the_fullest_record_is_two_pages(qapp, size):
    summary = fullest()
    pdf = reader(summary, size=size)
    assert len(pdf.pages) == 2
    found = text(pdf)
    assert re.search(r"\d+ earlier treatments are left out here\.", found)
    assert re.search(r"\d+ risk reviews are left out here\.", found)


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (6, 1), (13, 1), (20, 2)])
def test_an_ended_course_with_all_its_facts(qapp, count, pages):
    assert len(reader(ended(count)).pages) == pages


def test_the_tag_tree_has_headings_tables_and_one_figure(qapp):
    tags = [tag for tag, _alt in tagged(reader(staged()))]
    assert tags.count("/H1") == 1
    assert tags.count("/H2") == 5
    assert tags.count("/Table") == 3
    assert tags.count("/Figure") == 1
    assert tags.count("/TH") == 15 + 3 + 5


def test_the_chart_has_its_words_in_the_tag_tree(qapp):
    summary = usual()
    found = alternatives(reader(summary))
    assert shown(say(summary.sentence)) in found
    assert all(f"{p.total} on {day(p.date)}" in found for p in summary.counting)


def test_more_scores_than_fit_are_counted_and_the_baseline_stays(qapp):
    summary = long()
    found = text(reader(summary))
    assert "140 scores are left out here; the CSV export has all." in found
    assert re.search(r"6 Jan 2026 0\.0 8 baseline", found)
    assert len(reader(summary).pages) == 2


def test_it_is_tagged_titled_and_in_a_language(qapp):
    pdf = reader(usual())
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"].lower().startswith("en")
    assert pdf.metadata.title == "PHQ-9 summary, A-003"
    metadata = pdf.xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata


def test_the_tag_tree_has_headings_tables_and_the_charts_words(qapp, tmp_path):
    pdfinfo = shutil.which("pdfinfo")
    if pdfinfo is None:
        pytest.skip("pdfinfo is not installed")
    (tmp_path / "s.pdf").write_bytes(summary_pdf(usual(), made=MADE))
    run = subprocess.run([pdfinfo, "-struct-text", tmp_path / "s.pdf"], capture_output=True, text=True, check=True)
    for tag in ("H1", "H2", "Table", "TH", "Figure"):
        assert re.search(rf"^\s*{tag}\b", run.stdout, re.MULTILINE), tag


def test_the_chart_is_vectors_with_text(qapp):
    pdf = reader(usual())
    assert [image for sheet in pdf.pages for image in sheet.images] == []
    found = text(pdf)
    for words in (
        "usual care alone",
        "with psychotherapy",
        "baseline 19",
        "moderately severe",
        "PHQ-9 total (lower is better)",
    ):
        assert words in found


def test_demo_data_says_so(qapp):
    assert "Demo data, not a real patient" in text(reader(usual(code="DEMO-12")))
    assert "Demo data" not in text(reader(usual()))


def test_without_expected_course_the_reason_is_given(qapp):
    found = text(reader(course((0, 8), (3, 6))))
    assert "None drawn: baseline below 10." in found
    assert "This is not a diagnostic or risk tool." in found


def test_the_same_summary_makes_the_same_file(qapp):
    summary = usual()
    assert summary_pdf(summary, made=MADE) == summary_pdf(summary, made=MADE)


def test_a_long_sentence_still_leaves_one_page(qapp, tmp_path):
    caseload = make_demo(at=datetime(2026, 11, 20, 9, 30).astimezone(), folder=tmp_path)
    for code in ("DEMO-003", "DEMO-007", "DEMO-011", "DEMO-014", "DEMO-018", "DEMO-030", "DEMO-036"):
        care = caseload.current_course(caseload.patient_by_code(code).id)
        assert len(reader(caseload.summary(care, today=date(2026, 11, 20))).pages) == 1, code
    caseload.close()
