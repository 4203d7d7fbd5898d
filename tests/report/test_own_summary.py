from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime

import pytest
from chart.courses import answers, beside, course, crowded, ended, event, full, long, usual, week
from pypdf import PdfReader

from report.summaries import MADE, NAME, alternatives, tagged, told_everything
from trdtrack.demo import make_demo
from trdtrack.domain.plain_words import for_patient
from trdtrack.domain.records import EndReason, FollowUp
from trdtrack.domain.refusals import Refusal
from trdtrack.report.own_summary import draw_own, own_data, own_paper
from trdtrack.report.sheet import Size
from trdtrack.words import day, phq9_wording, say

FORBIDDEN = (
    "risk",
    "signal",
    "item 9",
    "notes",
    "diagnos",
    "suicid",
    "forecast",
    "plateau",
    "sudden",
    "caseness",
    "remission",
    "deteriorat",
    "relapse",
    "benchmark",
    "failed",
    "on track",
    "slower than",
    "ahead of",
    "no recent score",
    "resistan",
)


def reader(summary, **how) -> PdfReader:
    return PdfReader(io.BytesIO(own_paper(summary, made=MADE, **how).pdf))


def text(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.parametrize("size", Size)
@pytest.mark.parametrize(
    "summary",
    [
        usual(name=NAME),
        full(name="Maximiliane von und zu Hohenfels " * 8, code="W" * 40),
        course(),
        course((0, 17)),
        course((0, 8), (3, 6)),
        course((6, 15), (8, 14)),
        course((0, 12), (4, 19)),
        course((0, 19), (2, 19)),
        ended(),
        crowded(),
        long(),
    ],
    ids=["usual", "full", "empty", "one", "low", "no baseline", "worse", "level", "ended", "crowded", "long"],
)
def test_it_is_one_page_without_a_word_that_is_not_for_the_patient(qapp, summary, size):
    pdf = reader(summary, size=size)
    assert len(pdf.pages) == 1
    for found in (text(pdf), alternatives(pdf), draw_own(summary, size=size).decode(), str(pdf.metadata)):
        assert [word for word in FORBIDDEN if word in found.lower()] == []


def test_the_patients_words_and_scores_are_the_summarys(qapp):
    summary = course((0, 20), (3, 9), (6, 12), planned_sessions=20)
    found = text(reader(summary))
    for sentence in for_patient(summary):
        assert say(sentence) in found
    assert f"Where you began {day(summary.baseline.point.date)} {summary.baseline.point.total}" in found
    assert f"Lowest score {day(summary.lowest.date)} {summary.lowest.total}" in found
    assert f"Latest score {day(summary.latest.date)} {summary.latest.total}" in found
    assert summary.lowest.total == 9
    assert f"We have met {summary.attended} times so far." in found
    assert "14 or less (6 points down, or more)" in found
    assert "Adjunctive psychotherapy in TRD, version 1" in found
    assert phq9_wording().licence in found


def test_the_lowest_is_not_named_twice(qapp):
    falling = text(reader(course((0, 20), (3, 15), (6, 12))))
    assert "Latest score, the lowest 17 Feb 2026 12" in falling
    assert "Lowest score" not in falling
    assert "Lowest score" not in text(reader(course((0, 12), (4, 19))))


def test_an_ended_course_has_the_score_at_the_end_and_what_came_after(qapp):
    summary = ended()
    found = text(reader(summary))
    assert f"Score at the end, the lowest {day(summary.latest.date)} {summary.latest.total}" in found
    after = summary.after_end.latest
    assert f"Latest score since then {day(after.date)} {after.total}" in found
    assert f"We met {summary.attended} times." in found


def test_a_mark_the_patient_began_below_is_not_promised(qapp):
    found = text(reader(course((0, 8), (3, 6))))
    assert "2 or less (6 points down, or more)" in found
    assert "Below 5: few signs of depression, or none." in found
    assert "Below 10: under the mark" not in found
    assert "or less" not in text(reader(course((0, 4), (3, 4))))


def test_what_was_agreed_is_said_else_there_is_a_line_to_write_on(qapp):
    summary = course((0, 20), (3, 15))
    assert "We will look at this together on" in text(reader(summary))
    last = replace(summary.sessions[-1], next_date=week(4), next_time="14:30")
    found = text(reader(beside(summary, last, today=week(3.5))))
    assert f"Your next appointment is on {day(week(4))} at 14:30." in found
    assert "We will look at this together on" not in found
    reviewed = text(reader(course((0, 20), (3, 15), review_months=(3, 6))))
    assert "Around 6 Apr 2026 we look back together at how it has gone as a whole." in reviewed
    later = FollowUp(patient="-", course="-", due=week(40))
    assert f"Around {day(week(40))} we look back together once more." in text(reader(beside(ended(), later)))


@pytest.mark.parametrize("size", Size)
def test_without_names_and_never_with_what_was_written_for_the_record(qapp, size):
    summary = told_everything()
    named = text(reader(summary, size=size)) + draw_own(summary, size=size).decode()
    assert f"A-003 · {NAME} · Confidential page 1 of 1" in named
    for word in ("Møller", "Mr Neighbour", "the choir", "Schwester", "secret goal", "asked words", "told words"):
        assert word not in named
    pdf = reader(summary, size=size, names=False)
    assert "Åkesson" not in text(pdf) + str(pdf.metadata) + alternatives(pdf)
    assert "A-003 · Confidential page 1 of 1" in text(pdf)


def test_its_chart_is_the_patients(qapp):
    drawn = draw_own(beside(usual(), event(3, "Lost her job"))).decode()
    assert "ordinary ups and downs" in drawn
    assert "Lost her job" not in drawn
    assert [image for sheet in reader(usual()).pages for image in sheet.images] == []


def test_it_is_tagged_titled_in_a_language_and_has_its_size(qapp):
    pdf = reader(usual(), size=Size.LETTER)
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("en")
    assert pdf.metadata.title == "Your progress, A-003"
    assert "pdfuaid:part" in pdf.xmp_metadata.stream.get_data().decode()
    box = pdf.pages[0].mediabox
    assert (round(float(box.width)), round(float(box.height))) == (612, 792)
    tags = [tag for tag, _alt in tagged(pdf)]
    assert [tags.count(tag) for tag in ("/H1", "/Table", "/TH", "/Figure")] == [1, 1, 3, 1]
    assert all(f"{p.total} on {day(p.date)}" in alternatives(pdf) for p in usual().counting)


def test_its_type_is_large_enough_to_read(qapp):
    sizes: list[tuple[float, str]] = []

    def note(words, _cm, tm, _font, size) -> None:
        if words.strip():
            sizes.append((size * abs(tm[3]), words))

    page = reader(usual()).pages[0]
    page.extract_text(visitor_text=note)
    small = " ".join(words for size, words in sizes if size < 10.9)
    for words in (*own_data(usual(), made=MADE)["better"]["marks"], "Where you began", "You began at 19."):
        assert words not in " ".join(small.split())
    assert any(size >= 10.9 for size, _words in sizes)


def test_there_is_none_for_a_patient_who_died(qapp):
    summary = course((0, 20), (3, 15), end=week(4), end_reason=EndReason.DIED, today=week(5))
    with pytest.raises(Refusal):
        draw_own(summary)


@pytest.mark.parametrize("name", ["山田太郎", "محمد علي", "דוד כהן", "Zoë 😀", '#panic("x") *b*'])
def test_any_name_makes_the_page(qapp, name):
    assert len(reader(usual(name=name)).pages) == 1


def test_the_demo_patients_have_one_page_each(qapp, tmp_path):
    at = datetime(2026, 11, 20, 9, 30).astimezone()
    caseload = make_demo(at=at, folder=tmp_path)
    for held in caseload.held(today=at.date()):
        for summary in held.summaries:
            pdf = reader(summary, size=Size.LETTER)
            assert len(pdf.pages) == 1, summary.patient.code
            assert "Demo data, not a real patient" in text(pdf)
            assert re.search("risk|item 9|signal", text(pdf).lower()) is None
    caseload.close()


def test_a_prorated_score_is_owned_up_to(qapp):
    assert "prorated, open circles" in text(reader(course((0, 19), (2, answers(18, 0, (1,))))))
    assert "prorated" not in text(reader(course((0, 19), (2, 18))))
