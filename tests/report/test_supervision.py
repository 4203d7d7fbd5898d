from __future__ import annotations

import io
import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import fields
from datetime import date

import pytest
from chart.courses import course, usual, week
from pypdf import PdfReader

from report.held import AT, MADE, TODAY, flat, lived, text
from trdtrack.caseload import Caseload
from trdtrack.domain.cases import Case
from trdtrack.domain.clinic import Clinic
from trdtrack.domain.gist_facts import gist_of
from trdtrack.domain.medication import current_medication
from trdtrack.domain.message import message, plural
from trdtrack.domain.place import Rank, ending_soon
from trdtrack.domain.records import KINDS
from trdtrack.domain.signals import RULES, Signal
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.evidence import default_benchmark
from trdtrack.generate import generate
from trdtrack.report.case_chart import case_svg
from trdtrack.report.case_words import without_days
from trdtrack.report.sheet import Size
from trdtrack.report.supervision import draw_supervision, supervision_data, typeset_supervision
from trdtrack.ui.caseload.roster import Roster
from trdtrack.words import say, shown, signed

OF_NOBODY = {"rules", "clinic", "benchmark"}
ODD = (
    "\u5c71\u7530\u592a\u90ce",
    "\u0645\u062d\u0645\u062f",
    "\u05e2\u05d1\u05e8\u05d9\u05ea",
    "\N{GRINNING FACE}",
    '#panic("x") *b* $x$',
    "x" * 200,
)


@pytest.fixture(scope="module")
def caseload(tmp_path_factory):
    with closing(lived(tmp_path_factory.mktemp("supervision"))) as caseload:
        yield caseload


@pytest.fixture(scope="module")
def everybody(caseload: Caseload) -> list[Case]:
    return caseload.cases(only=[p.id for p in caseload.patients()], today=TODAY)


def sheet(cases, *, size=Size.A4, therapist="Dr Example", **kinds):
    charts = draw_supervision(cases, size=size)
    return typeset_supervision(cases, charts, therapist=therapist, made=MADE, size=size, **kinds)


def case_of(summary) -> Case:
    gist = gist_of(summary.dossier, benchmark=default_benchmark(), rules=summary.rules, clinic=Clinic())
    return Case.of(summary.dossier, summary, gist, today=summary.today)


def on_page(caseload: Caseload, unconfirmed: dict[str, int] | None = None) -> list[str]:
    """Patients as the caseload page lists them."""
    roster = Roster()
    roster.unconfirmed = unconfirmed or {}
    roster.read(caseload.gists(), TODAY)
    return [row.gist.patient for row in roster.ordered]


def blocks(found: str, heads: list[str]) -> list[str]:
    """A sheet's words case by case, each from its head to the next one's; fails if they stand in another order."""
    places, at = [], found.index("Agenda")
    for head in heads:
        at = found.index(head, at)
        places.append(at)
    return [found[a:b] for a, b in zip(places, [*places[1:], found.index("How to read this")], strict=True)]


def test_the_cases_stand_in_the_order_of_the_caseload_page(caseload, everybody):
    assert [case.gist.patient for case in everybody] == on_page(caseload)
    heads = [f"{n} {case.gist.code}" for n, case in enumerate(everybody, start=1)]
    assert len(blocks(text(sheet(everybody).pdf), heads)) == len(caseload.patients()) > 10


def test_an_answer_that_waits_to_be_confirmed_comes_first(caseload):
    last = on_page(caseload)[-3]
    there = caseload.cases(only=[p.id for p in caseload.patients()], unconfirmed={last: 2}, today=TODAY)
    assert [case.gist.patient for case in there] == on_page(caseload, {last: 2})
    assert there[0].gist.patient == last or there[1].gist.patient == last
    assert "item 9 answered 2, not confirmed yet" in text(sheet(there).pdf)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_order_on_a_synthetic_caseload(tmp_path, seed):
    path = tmp_path / "g.trdtrack"
    made = generate(path, "seven dry tulips", patients=60, seed=seed, at=AT, tick=lambda _n, _of: None)
    with closing(made) as caseload:
        found = caseload.cases(only=[p.id for p in caseload.patients()], today=TODAY)
        assert [case.gist.patient for case in found] == on_page(caseload)
        assert len({case.place.rank for case in found}) >= 4
        under_way = [case.gist.patient for case in caseload.cases(today=TODAY)]
        rows = {row.gist.patient: row for row in _rows(caseload)}
        wanted = [p for p in on_page(caseload) if rows[p].under_way or rows[p].place.rank is Rank.RISK]
        assert under_way == wanted
        assert 0 < len(wanted) < 60
        therapist = next(case.gist.therapist for case in found if case.gist.patient in wanted and case.gist.therapist)
        own = [case.gist.patient for case in caseload.cases(therapist=therapist, today=TODAY)]
        assert own == [p for p in wanted if rows[p].gist.therapist == therapist]


def _rows(caseload):
    roster = Roster()
    roster.read(caseload.gists(), TODAY)
    return roster.ordered


@pytest.mark.parametrize("size", Size)
def test_each_block_says_what_the_summary_says(everybody, size):
    heads = [f"{n} {case.gist.code}" for n, case in enumerate(everybody, start=1)]
    for case, found in zip(everybody, blocks(text(sheet(everybody, size=size).pdf), heads), strict=True):
        s, code = case.summary, case.gist.code
        assert flat(shown(say(case.why))) in found, code
        assert "For supervision" in found
        if s is None:
            assert "No course of care yet." in found
            continue
        assert flat(shown(say(s.sentence))) in found, code
        if s.change is not None and s.weeks and not s.ended:
            assert f"{s.baseline.point.total} \u2192 {s.latest.total} {signed(s.change)}" in found, code
        if s.week is not None and not s.ended:
            assert f"week {s.week}" in found, code
        if s.sessions:
            planned = f" of {s.course.planned_sessions}" if s.course.planned_sessions else ""
            assert f"session {s.attended}{planned}" in found, code
        assert (f"{s.missed} missed" in found) == bool(s.missed), code
        assert say(SIGNAL_WORDS[case.signal]) in found
        assert (current_medication(case.dossier, s.course) or "Medication not recorded") in found, code
        assert ("open risk" in found) == (case.place.rank is Rank.RISK), code
        assert flat(case.gist.last_note) in found, code
        for risk in case.dossier.risks:
            if risk.closed is None:
                assert f"since {risk.opened.day} " in found, code


def test_risk_medication_and_the_next_appointment(everybody):
    case = next(case for case in everybody if case.gist.code == "DEMO-003")
    found = text(sheet([case]).pdf)
    assert "1 record open since 2 Sept 2026; item 9 answered 1 on 18 Nov 2026" in found
    assert "sertraline 150 mg, lithium 600 mg" in found
    assert "25 Nov 2026 10:00" in found
    assert "age 42" in found
    assert "Reviewed the first half of the course together with the chart." in found


def test_the_agenda_counts(everybody):
    wanted = (
        sum(case.place.rank is Rank.RISK for case in everybody),
        sum(case.signal is Signal.REVIEW for case in everybody),
        sum(case.signal is Signal.PLATEAU for case in everybody),
        sum(ending_soon(case.gist, TODAY) for case in everybody),
    )
    assert all(wanted)
    found = text(sheet(everybody).pdf)
    assert "Agenda open risk {} \u00b7 review {} \u00b7 plateau {} \u00b7 ending soon {} ".format(*wanted) in found
    assert f"Dr Example \u00b7 20 Nov 2026 \u00b7 {len(everybody)} cases" in found


def test_the_rule_behind_every_signal_on_the_sheet_is_told_and_no_other(everybody):
    some = [case for case in everybody if case.signal in {Signal.PLATEAU, Signal.ON_TRACK}]
    found = text(sheet(some).pdf)
    for signal, rule in RULES.items():
        assert (say(rule) in found) == (signal in {Signal.PLATEAU, Signal.ON_TRACK}), signal
    assert "do not predict this person" in found
    assert "not a diagnostic or risk tool" in found


def test_without_names_the_codes_stay(everybody):
    found = text(sheet(everybody, names=False).pdf)
    for case in everybody:
        assert case.gist.code in found
        assert len(case.gist.name) < 3 or case.gist.name not in found
    assert "Zo\u00eb" in text(sheet(everybody).pdf)


def test_de_identified_nothing_tells_who_it_is(caseload, everybody):
    paper = sheet(everybody, identified=False)
    data = supervision_data(everybody, therapist="Dr Example", made=MADE, size=Size.A4, names=True, identified=False)
    # The words as handed to the page, alternative texts included, and as read back from it.
    for found in (text(paper.pdf), str(data)):
        assert not re.search(r"\d{1,2} (Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)", found)
        assert not re.search(r"\d{4}-\d\d|\d\d:\d\d", found)
        assert "DEMO-" not in found
        assert "Example" not in found
        for kind in KINDS:
            for record in caseload.records(kind):
                for field in fields(record):
                    # Whatever is written freely is kept out of a record's repr.
                    held = getattr(record, field.name)
                    if not field.repr and isinstance(held, str) and len(held) > 2 and kind not in OF_NOBODY:
                        assert flat(held) not in found, (kind, field.name)
    assert PdfReader(io.BytesIO(paper.pdf)).metadata.creation_date.date() == date(2026, 1, 1)


def test_de_identified_the_figures_stay(everybody):
    found = text(sheet(everybody, identified=False).pdf)
    heads = [f"Case {n} " for n in range(1, len(everybody) + 1)]
    for case, block in zip(everybody, blocks(found, heads), strict=True):
        s = case.summary
        if s and s.change is not None and s.weeks and not s.ended:
            assert f"{s.baseline.point.total} \u2192 {s.latest.total} {signed(s.change)}" in block
            assert flat(shown(say(s.sentence))) in block
        if s and s.age is not None:
            assert "in the" in block or "under 20" in block or "80 or older" in block
    assert "De-identified" in found
    assert "antidepressant (SSRI), augmentation" in found
    assert "Demo data, not a real patient" in found


def test_a_day_becomes_its_week():
    case = case_of(course((0, 19), (6, 17)))
    inner = message("due on {day}", day=week(7))
    said = say(without_days(plural("{n}: {what}", "{n} of {what}", 2, what=inner), case))
    assert said == "2 of due on a day in week 7"
    assert say(without_days(message("{day}", day=week(-2)), case)) == "a day before week 0"
    one = case_of(course((0, 12)))
    found = text(sheet([one], identified=False).pdf)
    assert "PHQ-9 12 on a day in week 0 (moderate)" in found


def test_ages_by_decade():
    ages = {date(1984, 3, 2): "in the 40s", date(2008, 1, 1): "under 20", date(1930, 1, 1): "80 or older"}
    for born, said in ages.items():
        found = text(sheet([case_of(course((0, 19), born=born))], identified=False).pdf)
        assert said in found


def test_the_chart_holds_each_total_at_its_place():
    s = usual()
    svg = case_svg(s, height=74).decode()
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="[\d.]+" fill="(#\w+)"', svg)
    assert len(dots) == len(s.counting)
    heights = {p.total: float(y) for p, (_x, y, _f) in zip(s.counting, dots, strict=True)}
    weeks = {p.week: float(x) for p, (x, _y, _f) in zip(s.counting, dots, strict=True)}
    (low, at_low), (high, at_high) = min(heights.items()), max(heights.items())
    for total, y in heights.items():
        assert y == pytest.approx(at_low + (total - low) / (high - low) * (at_high - at_low), abs=0.02)
    (first, at_first), (last, at_last) = min(weeks.items()), max(weeks.items())
    for when, x in weeks.items():
        assert x == pytest.approx(at_first + (when - first) / (last - first) * (at_last - at_first), abs=0.02)
    hollow = [fill == "#FFFFFF" for *_at, fill in dots]
    assert hollow == [p.score.completeness.value == "prorated" for p in s.counting]
    assert any(hollow)
    assert svg.count("stroke-dasharray") == 1
    assert "Z" in svg


def test_without_expected_course_or_score_the_chart_says_what_there_is():
    assert "Z" not in case_svg(course((0, 8), (3, 6)), height=74).decode()
    assert "no score yet" in case_svg(course(), height=74).decode()
    assert "no score yet" in case_svg(None, height=74).decode()


def test_the_file_claims_to_be_tagged_and_is_titled(everybody):
    paper = sheet(everybody, size=Size.LETTER)
    assert paper.dropped is None
    pdf = PdfReader(io.BytesIO(paper.pdf))
    assert (pdf.pages[0].mediabox.width, pdf.pages[0].mediabox.height) == (612, 792)
    assert pdf.trailer["/Root"]["/Lang"].lower().startswith("en")
    assert pdf.metadata.title == "Supervision sheet"
    assert "pdfuaid:part" in pdf.xmp_metadata.stream.get_data().decode()
    assert [image for page in pdf.pages for image in page.images] == []
    for number, page in enumerate(pdf.pages, start=1):
        assert f"page {number} of {len(pdf.pages)}" in page.extract_text()


def test_each_chart_is_a_tagged_figure(everybody, tmp_path):
    pdfinfo = shutil.which("pdfinfo")
    if pdfinfo is None:
        pytest.skip("pdfinfo is not installed")
    (tmp_path / "s.pdf").write_bytes(sheet(everybody).pdf)
    run = subprocess.run([pdfinfo, "-struct-text", tmp_path / "s.pdf"], capture_output=True, check=True)
    tags = run.stdout.decode(errors="replace")  # it writes a heading beyond ASCII in UTF-16
    assert len(re.findall(r"^\s*Figure\b", tags, re.MULTILINE)) == len(everybody)
    assert re.search(r"^\s*H1\b", tags, re.MULTILINE)


def test_five_cases_fit_a_page(everybody):
    usual_ones = [case for case in everybody if case.summary][:10]
    for size in Size:
        pdf = PdfReader(io.BytesIO(sheet(usual_ones, size=size).pdf))
        assert [page.extract_text().count("For supervision") for page in pdf.pages][:2] == [5, 5]


def test_nobody_and_odd_names_still_make_a_sheet():
    assert "There is no case to bring." in text(sheet([]).pdf)
    for name in ODD:
        paper = sheet([case_of(usual(name=name, code=name[:40]))])
        assert paper.pdf.startswith(b"%PDF")
        assert len(PdfReader(io.BytesIO(paper.pdf)).pages) == 1
