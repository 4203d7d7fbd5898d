from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime

import pytest
from chart.courses import answers, course, long, usual, week
from pypdf import PdfReader

from trdtrack.demo import make_demo
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.ending import outcome_at_end
from trdtrack.domain.merging import every_record
from trdtrack.domain.records import Role, Rules, Treatment
from trdtrack.domain.summary import Summary, summarise
from trdtrack.evidence import default_benchmark
from trdtrack.report.summary import summary_paper, summary_pdf
from trdtrack.words import phq9_wording, say, shown, signed

MADE = date(2026, 5, 2)
NAME = "Zoë Åkesson-O’Neill"


def reader(summary) -> PdfReader:
    return PdfReader(io.BytesIO(summary_pdf(summary, made=MADE)))


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def trial(drug: str, **fields) -> Treatment:
    """A failed trial that counts towards the criterion, unless told otherwise."""
    yes = dict.fromkeys(("adequate", "adherence", "in_episode"), "yes")
    return Treatment(patient="p", drug=drug, **{**yes, "weeks": 8, "outcome": "no response", **fields})


def more(summary: Summary, *records: Treatment, **fields) -> Summary:
    """The same course with treatments and further facts; its outcome fixed where it has ended."""
    care = replace(summary.course, **fields)
    known = [r for r in every_record(summary.dossier) if r.id != care.id]
    dossier = Dossier.of(summary.patient, [care, *known, *records])
    fixed = outcome_at_end(dossier, care, summary.rules, None)
    if fixed:
        dossier = Dossier.of(summary.patient, [*every_record(dossier), fixed])
    return summarise(dossier, care, benchmark=default_benchmark(), rules=summary.rules, today=summary.today)


def ended(scores: int, *, later: int = 17) -> Summary:
    """A course of weekly scores from 19 down, ended with the last, and one score two months on, all facts recorded."""
    rows = [(n, answers(19 - n // 2, 0, (1,) if n % 5 == 0 else ())) for n in range(scores)]
    return more(
        course(*rows, (scores + 8, answers(later)), name=NAME, therapist="Dr. K. Møller", format="individual"),
        trial("sertraline", dose="200 mg"),
        trial("venlafaxine", dose="225 mg", still_taken=True),
        trial("lithium", dose="600 mg", role=Role.AUGMENTATION, still_taken=True),
        trial("mirtazapine", weeks=None),
        trial("amitriptyline", adequate="unsure"),
        end=week(scores - 1),
        end_reason="completed",
    )


def test_the_figures_on_paper_are_the_summarys(qapp):
    summary = usual(name=NAME)
    found = text(reader(summary))
    assert shown(say(summary.sentence)) in found
    for point in summary.counting[1:]:
        change = signed(point.total - summary.baseline.point.total)
        day = f"{point.date.day} {point.date:%b} {point.date.year}"
        assert re.search(rf"{day} {point.week:.0f} {point.total} {change} ", found), day
    assert "30 Dec 2025 −1 19 baseline 1 complete" in found
    assert "17 Feb 2026 6 (17) – ? total only" in found
    assert "3 Feb 2026 4 16 −3 0 8 of 9, prorated" in found
    assert "12 attended of 12" not in found
    assert f"{summary.attended} attended of 12" in found
    assert "2 Mar 1984, aged 41 at week 0" in found
    assert "sertraline 150 mg" in found
    assert NAME in found


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


def test_item_9_is_said_without_comfort(qapp):
    found = text(reader(usual()))
    assert "Latest answer 0 (14 Apr 2026); highest 2 (20 Jan 2026); answered in 10 of 13 questionnaires." in found
    assert "no risk" not in found.lower()
    found = text(reader(course((0, 17, "only"))))
    assert "No answer to item 9 is recorded." in found


def test_every_page_carries_code_number_program_and_day(qapp):
    for summary in (usual(code="A-003"), course((0, 15), code="B", name="n " * 300, medication="m " * 3000)):
        pdf = reader(summary)
        for number, sheet in enumerate(pdf.pages, start=1):
            foot = " ".join(sheet.extract_text().split())
            assert summary.patient.code in foot
            assert f"page {number} of {len(pdf.pages)}" in foot
            assert "TRDTrack 0.1.0, made 2 May 2026" in foot
            assert "Confidential" in foot


@pytest.mark.parametrize("count", [0, 1, 13, 20])
def test_a_usual_course_is_one_page(qapp, count):
    summary = course(*((n, answers(19 - n // 2, 0, (1,) if n % 5 == 0 else ())) for n in range(count)))
    assert len(reader(summary).pages) == 1


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


@pytest.mark.parametrize("count", [1, 6, 13, 20])
def test_an_ended_course_with_all_its_facts_is_one_page_too(qapp, count):
    assert len(reader(ended(count)).pages) == 1


def test_an_ended_course_says_how_it_ended_and_what_came_after(qapp):
    found = text(reader(ended(19)))
    assert "Outcome at the end 18 → 10 (12 May 2026, prorated)." in found
    assert "Since the end 17 on 14 July 2026: worse since the end." in found
    open_course = text(reader(usual()))
    assert "Outcome at the end" not in open_course
    assert "Since the end" not in open_course


def test_the_criterion_of_resistance_with_its_reason(qapp):
    found = text(reader(ended(6)))
    trials = "Criterion met: 2 failed antidepressant trials count ("
    assert trials in found
    assert "No antidepressant trial is recorded." in text(reader(usual()))
    unsure = more(course((0, 17)), trial("sertraline"), trial("mirtazapine", weeks=None))
    expected = "cannot tell: 1 failed antidepressant trial counts (sertraline); still open: mirtazapine (weeks)."
    assert expected in text(reader(unsure))
    many = more(course((0, 17)), *(trial(f"antidepressant {n}", adequate="unsure") for n in range(40)))
    assert "…" in text(reader(many))
    assert len(reader(many).pages) == 1


def test_medication_is_what_is_still_taken_else_the_courses_words(qapp):
    found = text(reader(ended(6)))
    assert re.search("Medication (venlafaxine 225 mg, lithium 600 mg|lithium 600 mg, venlafaxine 225 mg)", found)
    assert "sertraline 200 mg" not in found
    assert "sertraline 150 mg" in text(reader(usual()))
    assert "Medication not recorded" in text(reader(course((0, 17), medication="")))


def test_format_therapist_and_what_an_unknown_birth_date_means(qapp):
    found = text(reader(ended(6)))
    assert "CBT, individual" in found
    assert "Therapist" in found
    assert "Dr. K. Møller" in found
    bare = text(reader(course((0, 17), born=None, modality="")))
    assert "not recorded: treated as an adult" in bare
    assert "Therapist" not in bare


def test_more_scores_than_fit_are_counted_and_the_baseline_stays(qapp):
    summary = long()
    found = text(reader(summary))
    assert "180 scores are left out here; the CSV export has all." in found
    assert re.search(r"6 Jan 2026 0\.0 8 baseline", found)
    assert len(reader(summary).pages) == 1


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


@pytest.mark.parametrize("name", ['#panic("x") *b* $x$ @a <l>', "\"quoted\" \\ 'name'", "= heading", "// gone"])
def test_names_are_never_markup(qapp, name):
    summary = usual(name=name, medication=name, code=name[:40])
    assert text(reader(summary)).count(name) >= 2


def test_letters_without_a_font_are_reported(qapp):
    paper = summary_paper(course((0, 17), name="\U000f1234"), made=MADE)
    assert paper.dropped is not None
    assert "no claim" in text(PdfReader(io.BytesIO(paper.pdf)))


def test_the_same_summary_makes_the_same_file(qapp):
    summary = usual()
    assert summary_pdf(summary, made=MADE) == summary_pdf(summary, made=MADE)


def test_a_long_sentence_still_leaves_one_page(qapp, tmp_path):
    caseload = make_demo(at=datetime(2026, 11, 20, 9, 30).astimezone(), folder=tmp_path)
    for code in ("DEMO-003", "DEMO-007", "DEMO-011", "DEMO-014", "DEMO-018", "DEMO-030", "DEMO-036"):
        care = caseload.current_course(caseload.patient_by_code(code).id)
        assert len(reader(caseload.summary(care, today=date(2026, 11, 20))).pages) == 1, code
    caseload.close()
