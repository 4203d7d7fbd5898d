from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from chart.courses import AT, beside, course, usual, week
from pypdf import PdfReader

from report.summaries import (
    MADE,
    alternatives,
    cared_for,
    ended,
    more,
    reader,
    staged,
    text,
    told_everything,
    trial,
)
from trdtrack.domain.records import RiskRecord, RiskReview
from trdtrack.domain.resistance import LOOSER_RULES, criterion_of
from trdtrack.domain.staging import maudsley
from trdtrack.domain.thase_rush import thase_rush
from trdtrack.report.sheet import Size
from trdtrack.report.summary import summary_paper
from trdtrack.words import day, say


def test_late_cancels_are_counted_apart(qapp):
    summary = course((0, 17), (1, 16), missed=(2, 3))
    late = replace(summary.sessions[-1], attendance="late cancel")
    assert "2 attended of 12, 1 late cancel, 1 not attended" in text(reader(beside(summary, late)))


def test_item_9_is_said_without_comfort(qapp):
    found = text(reader(usual()))
    assert "Latest answer 0 (14 Apr 2026); highest 2 (20 Jan 2026); answered in 10 of 13 questionnaires." in found
    assert "no risk" not in found.lower()
    found = text(reader(course((0, 17, "only"))))
    assert "No answer to item 9 is recorded." in found


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
    assert len(reader(many).pages) == 2


def test_each_trial_with_what_it_counts_for_and_both_stagings(qapp):
    summary = staged()
    found = text(reader(summary))
    dossier = summary.dossier
    judged = criterion_of(dossier, summary.rules)
    for given, verdict, _why in judged.trials:
        weeks = "" if given.weeks is None else f"{given.weeks} "
        assert re.search(rf"{re.escape(given.drug)} .*? {weeks}{given.outcome} {verdict}", found), given.drug
    points = maudsley(judged, dossier.treatments, episode=dossier.episode, on=summary.today)
    assert points.total is not None
    assert f"Maudsley Staging Method {say(points.why)}." in found
    assert f"Thase-Rush {say(thase_rush(judged, dossier.treatments, episode=dossier.episode).why)}." in found
    assert say(LOOSER_RULES) in found
    assert "Maudsley" not in text(reader(usual()))


def test_risk_reviews_with_what_opened_them_and_each_word_that_fits(qapp):
    found = text(reader(cared_for(12)))
    assert "Open since 27 Jan 2026, opened by item 9 answered 1" in found
    assert "Reviewed 27 Jan 2026, item 9 answered 1." in found
    for words in ("Asked: about plans and means", "Found: passing thoughts", "Plan: Call the", "Told: GP by telephone"):
        assert words in found
    assert "Look again: 10 Feb 2026" in found
    closed = beside(
        usual(), RiskRecord(patient="-", opened=week(1), closed=week(4), closing_note="settled", entered=AT)
    )
    assert "Closed 3 Feb 2026, opened by hand on 13 Jan 2026: settled" in text(reader(closed))
    assert "No record of risk has been opened." in text(reader(usual()))


def test_a_long_review_is_cut_with_an_ellipsis(qapp):
    record = RiskRecord(patient="-", opened=week(1), entered=AT)
    look = RiskReview(patient="-", risk=record.id, date=week(1), asked="word " * 400, found="found", entered=AT)
    found = text(reader(beside(usual(), record, look)))
    assert re.search(r"Asked: (word )+word… Found: found", found)


PRIVATE = (
    "Åkesson",
    "Møller",
    "1984",
    "Mr Neighbour",
    "the choir",
    "Schwester",
    "secret goal",
    "asked words",
    "told words",
)


@pytest.mark.parametrize("size", Size)
def test_without_names_nothing_is_left_of_them(qapp, size):
    summary = told_everything()
    named = text(reader(summary, size=size))
    assert [word for word in PRIVATE if word not in named and word != "secret goal"] == []
    pdf = reader(summary, size=size, names=False)
    found = text(pdf) + str(pdf.metadata) + pdf.xmp_metadata.stream.get_data().decode() + alternatives(pdf)
    assert [word for word in PRIVATE if word in found] == []
    assert "PHQ-9 summary without names" in found
    assert "Age at week 0 41 years" in found
    assert "A-003" in found
    assert "Reviewed 13 Jan 2026, item 9 answered 1." in found
    assert "What was asked, found, planned and told is left out here." in found
    assert "Medication now recorded in words, left out here" in found
    for point in summary.points:
        assert day(point.date) in found
    assert "without names" not in named


@pytest.mark.parametrize("name", ["山田太郎", "محمد علي", "דוד כהן", "Zoë 😀"])
def test_a_name_in_any_script_still_makes_the_page(qapp, name):
    pdf = reader(usual(name=name))
    assert len(pdf.pages) == 1
    assert "PHQ-9 19" in text(pdf)


def test_medication_is_what_is_still_taken_else_the_courses_words(qapp):
    found = text(reader(ended(6)))
    assert re.search("Medication now (venlafaxine 225 mg, lithium 600 mg|lithium 600 mg, venlafaxine 225 mg)", found)
    assert "Medication now sertraline 200 mg" not in found
    assert "sertraline 150 mg" in text(reader(usual()))
    assert "Medication now not recorded" in text(reader(course((0, 17), medication="")))


def test_format_therapist_and_what_an_unknown_birth_date_means(qapp):
    found = text(reader(ended(6)))
    assert "CBT, individual" in found
    assert "Therapist" in found
    assert "Dr. K. Møller" in found
    bare = text(reader(course((0, 17), born=None, modality="")))
    assert "not recorded: treated as an adult" in bare
    assert "Therapist" not in bare


@pytest.mark.parametrize("name", ['#panic("x") *b* $x$ @a <l>', "\"quoted\" \\ 'name'", "= heading", "// gone"])
def test_names_are_never_markup(qapp, name):
    summary = usual(name=name, medication=name, code=name[:40])
    assert text(reader(summary)).count(name) >= 2


def test_letters_without_a_font_are_reported(qapp):
    paper = summary_paper(course((0, 17), name="\U000f1234"), made=MADE)
    assert paper.dropped is not None
    assert "no claim" in text(PdfReader(io.BytesIO(paper.pdf)))
