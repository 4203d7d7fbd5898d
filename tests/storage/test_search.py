"""The search finds what is in force as one types, whatever one types, and keeps up with every edit."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    Assessment,
    Course,
    Event,
    FollowUp,
    Patient,
    Record,
    RiskRecord,
    RiskReview,
    Session,
    Treatment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
DAY = date(2026, 3, 1)
ADA = Patient(id="a" * 32, code="A-003", name="Ada Ünal", notes="violin", gp="Dr Grün")
BOB = Patient(id="b" * 32, code="B-1", name="Bob O'Neill", notes="knows Ada")
COURSE = Course(id="c" * 32, patient=ADA.id, goals="to laugh", therapist="Frau Rot", medication="lithium", start=DAY)
SESSION = Session(
    id="d" * 32,
    patient=ADA.id,
    course=COURSE.id,
    date=DAY,
    note="slept badly",
    task="diary",
    phase="Opening",
    entered=AT,
)
RISK = RiskRecord(id="f" * 32, patient=ADA.id, opened=DAY, closed=DAY, closing_note="calm for weeks", entered=AT)
RECORDS: tuple[Record, ...] = (
    ADA,
    BOB,
    COURSE,
    SESSION,
    Assessment(id="e" * 32, patient=ADA.id, course=COURSE.id, date=DAY, total=12, entered=AT),
    FollowUp(id="1" * 32, patient=ADA.id, course=COURSE.id, due=date(2026, 9, 1), note="by letter"),
    Treatment(id="2" * 32, patient=ADA.id, drug="sertraline", dose="150 mg", note="nausea"),
    Event(id="3" * 32, patient=ADA.id, date=date(2026, 4, 1), text="moved house", entered=AT),
    RISK,
    RiskReview(
        id="4" * 32,
        patient=ADA.id,
        risk=RISK.id,
        date=DAY,
        asked="plans",
        found="nothing",
        plan="weekly",
        told="sister",
        entered=AT,
    ),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseload]:
    path = tmp_path_factory.mktemp("search") / "a.trdtrack"
    with closing(Caseload.create(path, "seven dry tulips", who="Dr Test")) as caseload:
        caseload._store.write(added(message("Add"), *RECORDS), who="Dr Test", at=AT)
        yield caseload


@pytest.fixture
def caseload(filled: Caseload) -> Iterator[Caseload]:
    """The filled caseload, put back as it was."""
    yield filled
    while filled.undo(at=AT):
        pass
    assert kinds(filled, "ada") == ["patient", "patient"]
    assert filled.check() == ()


def kinds(caseload: Caseload, typed: str) -> list[str]:
    return [found.kind for found in caseload.find(typed)]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("A-003", "patient"),
        ("a-00", "patient"),
        ("ünal", "patient"),
        ("UNAL ada", "patient"),
        ("o'ne", "patient"),
        ("viol", "patient"),
        ("grun", "patient"),
        ("laugh", "course"),
        ("rot", "course"),
        ("lith", "course"),
        ("bad slept", "session"),
        ("diar", "session"),
        ("openi", "session"),
        ("sertr 150", "treatment"),
        ("nausea", "treatment"),
        ("hous", "event"),
        ("calm", "risk"),
        *((word, "risk_review") for word in ("plans", "nothing", "weekly", "sister")),
        ("letter", "follow_up"),
    ],
)
def test_every_word_of_the_record_is_found(filled: Caseload, typed: str, kind: str) -> None:
    assert kinds(filled, typed) == [kind]


@pytest.mark.parametrize("typed", ["", " ", "lept", "zzz", "violin lithium", "12", "phq"])
def test_what_no_record_holds_is_not_found(filled: Caseload, typed: str) -> None:
    assert filled.find(typed) == []


def test_what_is_found_names_patient_words_and_day(filled: Caseload) -> None:
    [found] = filled.find("badly")
    assert (found.kind, found.record, found.patient, found.code, found.name) == (
        "session",
        SESSION.id,
        ADA.id,
        "A-003",
        "Ada Ünal",
    )
    assert "slept badly" in found.snippet
    assert found.date == DAY
    assert "slept" not in repr(found)
    assert [filled.find(w)[0].date for w in ("sertraline", "letter", "ünal")] == [None, date(2026, 9, 1), None]


def test_patients_come_first_the_exact_code_before_all_then_the_newest(caseload: Caseload) -> None:
    assert [f.record for f in caseload.find("ada")] == [ADA.id, BOB.id], "a name before a note"
    other = Patient(id="0" * 32, code="LITHIUM-2")
    exact = Patient(id="9" * 32, code="LITHIUM")
    sessions = [
        Session(patient=ADA.id, course=COURSE.id, date=date(2026, 3, day), note="lithium", entered=AT)
        for day in (5, 9, 2, 7)
    ]
    caseload.edit(added(message("Add"), other, exact, *sessions), at=AT)
    found = caseload.find("LITHIUM")
    assert [f.record for f in found[:2]] == [exact.id, other.id]
    assert [f.date and f.date.day for f in found[2:]] == [9, 7, 5, 2, 1]
    assert [f.record for f in caseload.find("LITHIUM", limit=3)] == [f.record for f in found[:3]]


def test_the_search_keeps_up_with_edits_undo_and_redo(caseload: Caseload) -> None:
    changed = replace(SESSION, note="walked daily", date=date(2026, 3, 4))
    caseload.edit(altered(message("Correct"), SESSION, changed), at=AT)
    assert (kinds(caseload, "slept"), [f.date for f in caseload.find("walked")]) == ([], [date(2026, 3, 4)])
    caseload.undo(at=AT)
    assert (kinds(caseload, "slept"), kinds(caseload, "walked")) == (["session"], [])
    caseload.redo(at=AT)
    caseload.edit(altered(message("Withdraw"), changed, replace(changed, withdrawn="no")), at=AT)
    assert kinds(caseload, "walked") == []
    caseload.undo(at=AT)
    assert kinds(caseload, "walked") == ["session"]
    caseload.edit(altered(message("Silence"), changed, replace(changed, note="", task="", phase="")), at=AT)
    assert kinds(caseload, "walked") == []


def test_nothing_of_a_withdrawn_patient_is_found(caseload: Caseload) -> None:
    caseload.edit(altered(message("Withdraw"), ADA, replace(ADA, withdrawn="no")), at=AT)
    for typed in ("A-003", "ünal", "slept", "sertraline", "lithium"):
        assert kinds(caseload, typed) == []


def test_a_session_that_moves_is_found_at_its_new_patient(caseload: Caseload) -> None:
    course = Course(patient=BOB.id)
    moved = replace(SESSION, patient=BOB.id, course=course.id)
    caseload._store.write(Edit(message("Move"), (Step(None, course), Step(SESSION, moved))), who="x", at=AT)
    assert [f.code for f in caseload.find("slept")] == ["B-1"]
    back = Edit(message("Back"), (Step(moved, SESSION), Step(course, None)))
    caseload._store.write(back, who="x", at=AT)
    assert [f.code for f in caseload.find("slept")] == ["A-003"]


def test_a_score_without_words_costs_the_search_nothing(caseload: Caseload) -> None:
    seen: list[str] = []
    caseload._store._raw.set_trace_callback(seen.append)
    score = Assessment(patient=ADA.id, course=COURSE.id, date=DAY, total=9, entered=AT)
    caseload._store.write(added(message("Add"), score), who="x", at=AT)
    changed = replace(SESSION, minutes=50)
    caseload._store.write(altered(message("Correct"), SESSION, changed), who="x", at=AT)
    caseload._store._raw.set_trace_callback(None)
    assert seen
    assert not any("words" in statement for statement in seen)
    caseload._store.write(altered(message("Back"), changed, SESSION), who="x", at=AT)


@given(st.text(st.characters(), max_size=40))
@example('"')
@example('a" OR "b')
@example("ada* NEAR(x y) AND -b ^c {names}: x")
@example("'; DROP TABLE words;--")
@example("😀 👩‍👩‍👧")
@example("مرحبا שלום")
@example("\0 a\0b")
@example("\ud800 ada")
@example("a " * 2000)
def test_whatever_is_typed_is_an_answer(filled: Caseload, typed: str) -> None:
    for found in filled.find(typed):
        assert found.code in {"A-003", "B-1"}


@pytest.mark.parametrize("name", ["مرحبا", "שלום", "Ærø", 'O\'Hara "Pip"', "x; DROP TABLE patient", "山田太郎"])
def test_names_of_every_script_are_found(caseload: Caseload, name: str) -> None:
    patient = Patient(code="N-1", name=name)
    caseload.edit(added(message("Add"), patient), at=AT)
    assert [f.name for f in caseload.find(name)] == [name]
    assert [f.record for f in caseload.find(name.split(maxsplit=1)[0][:3])][:1] == [patient.id]
