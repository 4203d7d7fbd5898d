"""The history in words: every kind and field has a name, and each sort of change reads as a person would say it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from trdtrack.domain import history
from trdtrack.domain.history import Line, describe, details, title
from trdtrack.domain.history_labels import NOUNS, label, named
from trdtrack.domain.records import (
    KINDS,
    Assessment,
    Clinic,
    Course,
    EndReason,
    Event,
    Known,
    Modality,
    Patient,
    Record,
    Role,
    Rules,
    Session,
    Treatment,
)
from trdtrack.words import say

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
ADA = Patient(id="a" * 32, code="A-003", name="Ada")
COURSE = Course(id="c" * 32, patient=ADA.id)
SESSION = Session(id="d" * 32, patient=ADA.id, course=COURSE.id, date=date(2026, 5, 4), note="first", entered=AT)
SCORE = Assessment(
    id="e" * 32,
    patient=ADA.id,
    course=COURSE.id,
    date=date(2026, 5, 3),
    answers=(1, 1, 1, 2, 1, 1, 1, 0, None),
    entered=AT,
)
DRUG = Treatment(id="f" * 32, patient=ADA.id, drug="sertraline", dose="100 mg")


def line(before: Record | None, after: Record | None, **more: object) -> Line:
    record = after or before or ADA
    said = {"number": 1, "edit": 1, "at": AT, "who": "Dr Test", "title": "Act", "kind": record.kind}
    return Line(**said | {"record": record.id, "before": before, "after": after} | more)


def answered(*answers: int | None) -> Assessment:
    return replace(SCORE, answers=answers)


SAID = [
    (None, ADA, "", "Patient A-003 added"),
    (ADA, None, "", "Patient A-003 removed"),
    (
        SCORE,
        answered(1, 1, 1, 1, 1, 1, 1, 0, None),
        "typing error",
        "PHQ-9 of 3 May 2026: item 4 changed 2 -> 1, typing error",
    ),
    (
        SCORE,
        answered(0, 1, 1, 2, 1, 1, 1, 0, 3),
        "",
        "PHQ-9 of 3 May 2026: item 1 changed 1 -> 0; item 9 changed blank -> 3",
    ),
    (SCORE, replace(SCORE, difficulty=2), "", "PHQ-9 of 3 May 2026: item 10 set to 2"),
    (SCORE, replace(SCORE, date=date(2026, 5, 2)), "", "PHQ-9 of 3 May 2026: date changed 3 May 2026 -> 2 May 2026"),
    (SCORE, replace(SCORE, withdrawn="of another patient"), "", "PHQ-9 of 3 May 2026 withdrawn: of another patient"),
    (SCORE, replace(SCORE, withdrawn="-"), "", "PHQ-9 of 3 May 2026 withdrawn"),
    (replace(SCORE, withdrawn="-"), SCORE, "", "PHQ-9 of 3 May 2026 restored"),
    (SESSION, replace(SESSION, note="second"), "", "Session of 4 May 2026: note changed"),
    (SESSION, replace(SESSION, course="9" * 32), "", "Session of 4 May 2026 moved to another course"),
    (
        SESSION,
        replace(SESSION, patient="9" * 32, course="8" * 32, minutes=50),
        "wrong page",
        "Session of 4 May 2026 moved to another patient; minutes set to 50, wrong page",
    ),
    (DRUG, replace(DRUG, dose="150 mg"), "", "Treatment sertraline: dose changed 100 mg -> 150 mg"),
    (
        DRUG,
        replace(DRUG, dose="", adequate=Known.NO),
        "",
        "Treatment sertraline: dose 100 mg taken out; dose adequate set to no",
    ),
    (None, Treatment(patient=ADA.id, role=Role.ECT), "", "Treatment ECT added"),
    (
        COURSE,
        replace(COURSE, start=date(2026, 1, 1), end=date(2026, 5, 1), end_reason=EndReason.DIED, review_months=(3, 6)),
        "",
        (
            "Course of care: week 0 set to 1 Jan 2026; review months set to 3, 6; end set to 1 May 2026; "
            "reason for ending set to died"
        ),
    ),
    (
        COURSE,
        replace(COURSE, baseline=SCORE.id, baseline_reason="complete"),
        "",
        "Course of care: chosen baseline changed; reason for the baseline changed",
    ),
    (ADA, replace(ADA, declined=True), "", "Patient A-003: declined psychotherapy changed no -> yes"),
    (ADA, replace(ADA, name="x" * 61), "", "Patient A-003: name changed"),
    (ADA, replace(ADA, name="{braces} %s"), "", "Patient A-003: name changed Ada -> {braces} %s"),
    (Rules(), Rules(reliable_change=8), "", "Clinical rules: points of reliable change changed 6 -> 8"),
    (ADA, ADA, "", "Patient A-003 saved again unchanged"),
]


@pytest.mark.parametrize(("before", "after", "why", "said"), SAID, ids=[said[-1][:40] for said in SAID])
def test_a_line_reads_as_a_person_would_say_it(before: Record, after: Record, why: str, said: str) -> None:
    assert say(describe(line(before, after, why=why))) == said


def test_what_was_erased_says_so_and_no_more() -> None:
    assert say(describe(line(None, None, kind="session", erased=True))) == (
        "Session: its words were erased on a lawful request"
    )
    assert say(describe(line(None, None, kind="patient"))) == "A patient was erased on a lawful request"
    assert details(line(None, None, kind="session", erased=True)) == []


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("Log session", "Log session"),
        ("undo: Log session", "Undo: Log session"),
        ("redo: Import {n} scores", "Redo: Import scores"),
        ("Odd {thing", "Odd {thing"),
    ],
)
def test_titles(stored: str, said: str) -> None:
    assert say(title(line(None, ADA, title=stored))) == said


def test_details_give_the_long_texts_in_full() -> None:
    after = replace(SESSION, note="second\nline", minutes=50, next_date=date(2026, 5, 11))
    assert [tuple(map(say, row)) for row in details(line(SESSION, after))] == [
        ("minutes", "not recorded", "50"),
        ("note", "first", "second\nline"),
        ("next appointment", "not recorded", "11 May 2026"),
    ]


def test_details_of_what_is_new_or_gone_name_only_what_it_holds() -> None:
    new = [tuple(map(say, row)) for row in details(line(None, SCORE))]
    assert ("date", "", "3 May 2026") in new
    assert ("item 4", "", "2") in new
    assert not any("item 9" in row for row in new)
    gone = [tuple(map(say, row)) for row in details(line(Course(patient=ADA.id, modality=Modality.CBT), None))]
    assert gone == [("modality", "CBT", "")]


def test_no_id_is_ever_said() -> None:
    moved = replace(SCORE, patient="9" * 32, course="8" * 32, session="7" * 32)
    for change in (line(SCORE, moved), line(None, moved), line(moved, None), line(moved, SCORE)):
        said = say(describe(change)) + "".join(say(part) for row in details(change) for part in row)
        assert not any(run in said for run in ("a" * 8, "7" * 8, "8" * 8, "9" * 8))


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_has_a_name(kind: str) -> None:
    assert say(NOUNS[kind])
    for field in fields(KINDS[kind]):
        if field.name not in {"id", *(("patient",) if kind == "patient" else ())}:
            assert say(label(kind, field.name)), field.name
    texts = {f.name for f in fields(KINDS[kind]) if f.type == "str" and not f.repr and f.name not in {"code", "name"}}
    short = {"phase", "task", "therapist", "drug", "dose"}
    assert texts - short <= history._LONG | short


def test_a_clinics_words_are_long() -> None:
    assert say(describe(line(Clinic(), Clinic(risk_prompt="Ask")))) == "Clinic settings: words about risk changed"
    assert say(named(Event(patient=ADA.id, date=date(2026, 5, 4), text="x", entered=AT))) == "Event of 4 May 2026"
