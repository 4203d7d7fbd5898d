from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient
from trdtrack.domain.refusals import Problems
from trdtrack.exchange.scores_import import ScoreRow, plan, read_scores
from trdtrack.words import say

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DATA = Path(__file__).parent / "data"
KNOWN = Patient(id="k", code="K 1")
OPEN = Course(id="open", patient="k", start=date(2024, 1, 1))


def row(code: str, day: str, total: int = 10, line: int = 2) -> ScoreRow:
    return ScoreRow(line, code, date.fromisoformat(day), total)


def planned(*rows, patients=(), courses=(), assessments=(), **given):
    return plan(rows, patients=patients, courses=courses, assessments=assessments, at=AT, **given)


def records(edit):
    assert all(step.before is None for step in edit.steps)
    return [step.after for step in edit.steps]


def problems(*rows, **there):
    with pytest.raises(Problems) as caught:
        planned(*rows, **there)
    return [(p.line, p.column, say(p.what)) for p in caught.value.problems]


def test_the_example_file_as_one_edit():
    edit = plan(read_scores(DATA / "scores_long.csv", today=AT.date()), patients=(), courses=(), assessments=(), at=AT)
    kinds = [record.kind for record in records(edit)]
    assert (say(edit.title), edit.undoes) == ("Import scores", None)
    assert [kinds.count(kind) for kind in ("patient", "course", "assessment")] == [43, 43, 563]


def test_a_new_code_becomes_a_patient_with_a_course_from_the_first_score():
    edit = planned(row("A", "2024-03-01", 19), row("A", "2024-02-01", 20), title=message("Import of a file"))
    patient, course, first, second = records(edit)
    assert edit.title.text == "Import of a file"
    assert (patient.code, course.patient, course.start) == ("A", patient.id, date(2024, 2, 1))
    for assessment, total in ((first, 19), (second, 20)):
        assert (assessment.patient, assessment.course) == (patient.id, course.id)
        assert (assessment.total, assessment.answers, assessment.entered) == (total, None, AT)


def test_each_record_refers_only_to_those_before_it():
    seen = set()
    for record in records(planned(row("B", "2024-01-01"), row("A", "2024-01-01"), row("B", "2024-01-02"))):
        if record.kind != "patient":
            assert record.patient in seen
        if record.kind == "assessment":
            assert record.course in seen
        seen.add(record.id)


def test_a_known_patient_gets_scores_on_the_newest_open_course():
    closed = Course(id="closed", patient="k", start=date(2025, 1, 1), end=date(2025, 2, 1))
    gone = Course(id="gone", patient="k", start=date(2026, 1, 1), withdrawn="wrong person")
    other = Course(id="other", patient="x", start=date(2026, 1, 1))
    waiting = Course(id="waiting", patient="k")

    def home(*courses):
        (assessment,) = records(planned(row("K 1", "2024-03-01"), patients=[KNOWN], courses=courses))
        return assessment.course

    assert home(OPEN, closed, gone, other) == "open"
    assert home(closed, replace(OPEN, end=date(2024, 6, 1)), gone) == "closed"
    assert home(OPEN, replace(OPEN, id="newer", start=date(2024, 2, 1))) == "newer"
    assert home(waiting, OPEN) == "waiting"


def test_a_known_patient_without_a_course_gets_one():
    gone = Course(id="gone", patient="k", withdrawn="wrong person")
    course, assessment = records(planned(row("K 1", "2024-03-01"), patients=[KNOWN], courses=[gone]))
    assert (course.patient, course.start, assessment.course) == ("k", date(2024, 3, 1), course.id)


def test_codes_match_exactly():
    new, *_ = records(planned(row("k 1", "2024-03-01"), patients=[KNOWN]))
    assert new.code == "k 1"


def test_a_day_that_already_has_a_score():
    there = Assessment(patient="k", course="earlier", date=date(2024, 3, 1), total=5, entered=AT)
    rows = (row("K 1", "2024-03-01", line=7), row("K 1", "2024-03-02", line=8))
    given = {"patients": [KNOWN], "courses": [OPEN]}
    assert problems(*rows, **given, assessments=[there]) == [
        (7, "date", "This patient already has a score on that day.")
    ]
    assert len(planned(*rows, **given, assessments=[replace(there, withdrawn="wrong day")]).steps) == 2


def test_importing_a_file_twice_adds_nothing():
    rows = read_scores(DATA / "scores_long.csv", today=AT.date())
    new = records(plan(rows, patients=(), courses=(), assessments=(), at=AT))
    there = {kind: [r for r in new if r.kind == kind] for kind in ("patient", "course", "assessment")}
    found = problems(*rows, patients=there["patient"], courses=there["course"], assessments=iter(there["assessment"]))
    assert [line for line, _, _ in found] == list(range(2, 565))
    assert {column for _, column, _ in found} == {"Date"}


def test_withdrawn_patients_and_shared_codes():
    gone = replace(KNOWN, withdrawn="duplicate")
    assert problems(row("K 1", "2024-03-01"), patients=[gone]) == [(2, "patient", "This patient is withdrawn.")]
    twin = replace(KNOWN, id="twin")
    assert problems(row("K 1", "2024-03-01"), patients=[KNOWN, twin]) == [
        (2, "patient", "More than one patient has this code.")
    ]
    assert planned(row("K 1", "2024-03-01"), patients=[gone, twin]).touched.patients == {"twin"}


def test_before_birth():
    born = replace(KNOWN, date_of_birth=date(2024, 3, 1))
    given = {"patients": [born], "courses": [OPEN]}
    assert problems(row("K 1", "2024-02-29"), **given) == [(2, "date", "This day is before the patient's birth.")]
    assert planned(row("K 1", "2024-03-01"), **given).steps


def test_every_problem_is_listed_and_nothing_is_planned():
    gone = Patient(id="g", code="G", withdrawn="x")
    found = problems(
        row("G", "2024-01-01"), row("N", "2024-01-01", line=3), row("G", "2024-01-02", line=4), patients=[gone]
    )
    assert [line for line, _, _ in found] == [2, 4]


def test_progress_is_told_and_may_cancel():
    rows = [row(f"P{i}", "2024-01-01") for i in range(1100)]
    told = []
    planned(*rows, tick=lambda done, of: told.append((done, of)))
    assert told == [(500, 1100), (1000, 1100), (1100, 1100)]

    def cancel(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        planned(*rows, tick=cancel)
