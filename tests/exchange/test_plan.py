"""Scores fitted to the records already there."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.score_file import Choices, Reading, ScoreRow, Unknown, examine, fitted, guess, open_table
from trdtrack.exchange.scores_import import import_edit
from trdtrack.words import say

from .conftest import AT

DATA = Path(__file__).parent / "data"
KNOWN = Patient(id="k", code="K 1")
OPEN = Course(id="open", patient="k", start=date(2024, 1, 1))
THERE = Assessment(patient="k", course="open", date=date(2024, 3, 1), total=5, entered=AT)


@pytest.fixture
def planned(tmp_path):
    """Fit rows to a caseload that holds the records given."""
    made = []

    def planned(*rows, there=(), unknown=Unknown.CREATE, match=None, tick=None):
        caseload = Caseload.create(tmp_path / f"{len(made)}.trdtrack", "seven dry tulips", who="test")
        made.append(caseload)
        if there:
            caseload.edit(added(message("Add"), *there), at=AT)
        read = Reading("scores.csv", rows, len(rows))
        return fitted(read, caseload, unknown=unknown, match=match or {}, at=AT, tick=tick)

    yield planned
    for caseload in made:
        caseload.close()


def row(code: str, day: str, total: int = 10, line: int = 2, **more) -> ScoreRow:
    return ScoreRow(line, code, date.fromisoformat(day), total, **more)


def records(found):
    edit = found.refuse()
    assert all(step.before is None for step in edit.steps)
    return [step.after for step in edit.steps]


def problems(found):
    assert found.edit is None
    return [(p.line, p.column, say(p.what)) for p in found.problems]


def said(found):
    return [say(notice) for notice in found.notices]


def test_a_new_code_becomes_a_patient_with_a_course_from_the_first_score(planned):
    found = planned(row("A", "2024-03-01", 19), row("A", "2024-02-01", 20))
    patient, course, first, second = records(found)
    assert (patient.code, course.patient, course.start) == ("A", patient.id, date(2024, 2, 1))
    for assessment, total in ((first, 19), (second, 20)):
        assert (assessment.patient, assessment.course) == (patient.id, course.id)
        assert (assessment.total, assessment.answers, assessment.entered) == (total, None, AT)
    assert (found.scores, found.patients, found.of, found.unknown) == (2, 1, 1, ("A",))


def test_each_record_refers_only_to_those_before_it(planned):
    seen = set()
    for record in records(planned(row("B", "2024-01-01"), row("A", "2024-01-01"), row("B", "2024-01-02"))):
        if record.kind != "patient":
            assert record.patient in seen
        if record.kind == "assessment":
            assert record.course in seen
        seen.add(record.id)


def test_a_known_patients_scores_go_to_the_course_in_force_on_the_day(planned):
    closed = Course(id="closed", patient="k", start=date(2023, 1, 1), end=date(2023, 6, 1))
    gone = Course(id="gone", patient="k", start=date(2022, 1, 1), withdrawn="wrong person")
    followed = Course(id="followed", patient="k")
    attended = Session(patient="k", course="followed", date=date(2024, 2, 1), entered=AT)

    def home(day, *there):
        (assessment,) = records(planned(row("K 1", day), there=[KNOWN, *there]))
        return assessment.course

    assert home("2024-03-01", OPEN, closed, gone) == "open"
    assert home("2023-03-01", OPEN, closed, gone) == "closed"
    assert home("2023-06-01", OPEN, closed) == "closed", "the last day belongs to it"
    assert home("2023-07-01", OPEN, closed) == "open", "between two: the newest open one"
    assert home("2024-03-01", closed, gone) == "closed", "after the end, with no other"
    assert home("2024-03-01", closed, followed) == "followed", "one still waiting is the newest"
    early = replace(OPEN, end=date(2024, 1, 31))
    assert home("2024-03-01", early, followed, attended) == "followed", "its first session started it"
    assert home("2024-01-10", early, followed, attended) == "open"


def test_a_known_patient_without_a_course_gets_one(planned):
    gone = Course(id="gone", patient="k", withdrawn="wrong person")
    course, assessment = records(planned(row("K 1", "2024-03-01"), there=[KNOWN, gone]))
    assert (course.patient, course.start, assessment.course) == ("k", date(2024, 3, 1), course.id)


def test_codes_that_nearly_match_are_named_and_may_be_matched(planned):
    rows = (row("k1", "2024-03-01"), row("K 1", "2024-03-02"), row("X", "2024-03-03"))
    found = planned(*rows, there=[KNOWN, OPEN])
    assert (found.unknown, found.near, found.patients) == (("k1", "X"), {"k1": ("K 1",)}, 2)
    found = planned(*rows, there=[KNOWN, OPEN], match={"k1": "K 1"})
    assert (found.unknown, found.near, found.patients, found.of) == (("X",), {}, 1, 2)
    assert [r.patient for r in records(found) if r.kind == "assessment"][:2] == ["k", "k"]
    found = planned(*rows, there=[KNOWN, OPEN], match={"k1": "k1"}, unknown=Unknown.SKIP)
    assert (found.unknown, found.patients, found.skipped) == (("X",), 1, 1), "matched to itself is a new patient"
    with pytest.raises(Refusal) as caught:
        planned(*rows, match={"k1": "K 9"})
    assert say(caught.value.what) == "There is no patient with the code K 9."


def test_matched_rows_of_one_day_are_the_same_day_twice(planned):
    found = planned(row("k1", "2024-03-01"), row("K 1", "2024-03-01", line=3), there=[KNOWN, OPEN], match={"k1": "K 1"})
    assert problems(found) == [(3, "date", "The same patient and day already stand on line 2.")]


def test_unknown_codes_are_left_out_where_that_is_chosen(planned):
    rows = (row("N", "2024-03-01"), row("K 1", "2024-03-02"))
    found = planned(*rows, there=[KNOWN, OPEN], unknown=Unknown.SKIP)
    assert [r.kind for r in records(found)] == ["assessment"]
    assert (found.skipped, found.patients) == (1, 0)
    assert said(found) == ["1 code is nobody's in the caseload, and its rows are left out."]


def test_a_day_that_already_has_a_score(planned):
    other = row("K 1", "2024-03-01", 6, line=7)
    found = planned(other, row("K 1", "2024-03-02", line=8), there=[KNOWN, OPEN, THERE])
    assert problems(found) == [(7, "date", "This patient already has another score on that day.")]
    assert found.scores == 1
    gone = replace(THERE, withdrawn="wrong day")
    assert planned(other, there=[KNOWN, OPEN, gone]).scores == 1


def test_the_same_score_is_left_out_and_said(planned):
    same = row("K 1", "2024-03-01", 5)
    found = planned(same, row("K 1", "2024-03-08", 4), there=[KNOWN, OPEN, THERE])
    assert [r.date for r in records(found)] == [date(2024, 3, 8)]
    assert (found.scores, found.skipped) == (1, 1)
    assert said(found) == ["1 score is already in the caseload as it is here, and is left out."]
    answers = (1, 1, 1, 1, 1, 0, 0, 0, 0)
    assert planned(replace(same, answers=answers), there=[KNOWN, OPEN, THERE]).problems, "answers say more than a total"


def test_a_file_already_imported_is_said(tmp_path):
    path = tmp_path / "twice.trdtrack"
    with closing(Caseload.create(path, "seven dry tulips", who="test")) as caseload:
        file = DATA / "scores_long.csv"
        caseload.edit(import_edit(file, caseload, columns=None, at=AT, tick=None), at=AT)
        table = open_table(file)
        found = examine(table, Choices(guess(table)), caseload, at=AT)
        assert (found.problems, found.scores, found.skipped, found.edit) == ((), 0, 563, None)
        assert said(found) == ["All of this is already in the caseload: there is nothing new to import."]
        with pytest.raises(Refusal, match="already in the caseload"):
            import_edit(file, caseload, columns=None, at=AT, tick=None)
        assert caseload.check() == ()


def test_withdrawn_patients(planned):
    gone = replace(KNOWN, withdrawn="duplicate")
    assert problems(planned(row("K 1", "2024-03-01"), there=[gone])) == [(2, "patient", "This patient is withdrawn.")]


def test_before_birth(planned):
    born = replace(KNOWN, date_of_birth=date(2024, 3, 1))
    course = replace(OPEN, start=date(2024, 3, 1))
    found = planned(row("K 1", "2024-02-29"), there=[born, course])
    assert problems(found) == [(2, "date", "This day is before the patient's birth.")]
    assert planned(row("K 1", "2024-03-01"), there=[born, course]).edit


def test_every_problem_is_listed_and_shown_in_its_row(planned):
    gone = Patient(id="g", code="G", withdrawn="x")
    found = planned(
        row("G", "2024-01-01"), row("N", "2024-01-01", line=3), row("G", "2024-01-02", line=4), there=[gone]
    )
    assert [line for line, _, _ in problems(found)] == [2, 4]
    withdrawn = "patient: This patient is withdrawn."
    assert [(shown.line, shown.problem) for shown in found.preview] == [(2, withdrawn), (3, ""), (4, withdrawn)]


def test_progress_is_told_and_may_cancel(planned):
    first = date(2020, 1, 1)
    rows = [row("P", (first + timedelta(days=i)).isoformat(), line=i + 2) for i in range(1100)]
    told = []
    planned(*rows, tick=lambda done, of: told.append((done, of)))
    assert told == [(500, 1100), (1000, 1100), (1100, 1100)]

    def cancel(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        planned(*rows, tick=cancel)
