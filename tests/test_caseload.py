"""The door: edits, undo and redo of every kind of record, what is refused, who is told, and what the readers return."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from clinic import PASSWORD, Clinic

from trdtrack.caseload import UNDO_DEPTH, Caseload, Done
from trdtrack.domain.edit import Edit, Step, Touched, added, altered, joined, withdrawn
from trdtrack.domain.history import describe, title
from trdtrack.domain.message import message
from trdtrack.domain.mistakes import moved
from trdtrack.domain.records import Assessment, Attendance, Course, Modality, Patient, Rules, Session
from trdtrack.domain.records import Clinic as ClinicRecord
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.storage import cipher
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trdtrack.domain.address import Address
    from trdtrack.domain.records import Record

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
TODAY = AT.date()
ADA = Patient(id="a" * 32, code="P-1", name="Ada", date_of_birth=date(1980, 2, 29))
COURSE = Course(id="c" * 32, patient=ADA.id, modality=Modality.CBT, start=date(2026, 1, 7))
SESSION = Session(id="5" * 32, patient=ADA.id, course=COURSE.id, date=date(2026, 1, 7), entered=AT)
SCORE = Assessment(
    id="e" * 32,
    patient=ADA.id,
    course=COURSE.id,
    session=SESSION.id,
    date=date(2026, 1, 7),
    answers=(2, 3, 3, 2, 1, 3, 2, 0, 1),
    entered=AT,
)
CORRECTED: list[tuple[Record, Record]] = [
    (ADA, replace(ADA, name="Ada L.", notes="new")),
    (COURSE, replace(COURSE, medication="sertraline", planned_sessions=20)),
    (SESSION, replace(SESSION, attendance=Attendance.DID_NOT_ATTEND)),
    (SCORE, replace(SCORE, answers=(0, None, *SCORE.answers[2:]))),
    (Rules(), Rules(reliable_change=8, prorate=False)),
]
PASSPHRASE = PASSWORD


@pytest.fixture(scope="module")
def small_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("caseload") / "a.trdtrack"
    caseload = Caseload.create(path, PASSPHRASE, who="Dr Test")
    caseload.edit(added(message("Add"), ADA, COURSE, SESSION, SCORE, Rules()), at=AT)
    caseload.close()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, small_bytes: bytes) -> Path:
    path = tmp_path / "a.trdtrack"
    path.write_bytes(small_bytes)
    return path


@pytest.fixture(scope="module")
def small_clinic(request: pytest.FixtureRequest) -> str:
    """The same in a database, which those of the tests are copies of."""
    cluster = request.getfixturevalue("cluster")
    here = Clinic(cluster, cluster.database(request.getfixturevalue("empty_clinic")))
    with closing(here.open("erna")) as caseload:
        caseload.edit(added(message("Add"), ADA, COURSE, SESSION, SCORE, Rules()), at=AT)
    return here.database


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest) -> Path | Address:
    """Where a caseload of this test's own is: the door is the same."""
    if request.param == "file":
        return request.getfixturevalue("path")
    cluster = request.getfixturevalue("cluster")
    return Clinic(cluster, cluster.database(request.getfixturevalue("small_clinic"))).address("erna")


@pytest.fixture
def caseload(place: Path | Address) -> Iterator[Caseload]:
    with closing(Caseload.open(place, PASSPHRASE, who="Dr Test")) as caseload:
        yield caseload
        assert caseload.check() == ()
        assert caseload.rebuild() == []


@pytest.fixture
def told(caseload: Caseload) -> list[Touched]:
    heard: list[Touched] = []
    caseload.tell = heard.append
    return heard


def everything(caseload: Caseload) -> dict[tuple[str, str], Record]:
    kinds = ("patient", "course", "session", "assessment", "rules")
    return {(r.kind, r.id): r for kind in kinds for r in caseload._store.read(kind)}


def stored(caseload: Caseload, record: Record) -> Record | None:
    return everything(caseload).get((record.kind, record.id))


def new_score(day: date, **more: object) -> Assessment:
    return Assessment(**{"patient": ADA.id, "course": COURSE.id, "date": day, "total": 12, "entered": AT} | more)


# Edits, undo, redo


@pytest.mark.parametrize(("before", "after"), CORRECTED, ids=lambda r: r.kind)
def test_correct_undo_redo(caseload: Caseload, told: list[Touched], before: Record, after: Record) -> None:
    touched = Touched(frozenset({ADA.id}) if before.kind != "rules" else frozenset(), frozenset({before.kind}))
    assert caseload.edit(altered(message("Correct"), before, after), at=AT) == touched
    assert stored(caseload, before) == after
    assert caseload.undo(at=AT) == touched
    assert stored(caseload, before) == before
    assert caseload.redo(at=AT) == touched
    assert stored(caseload, before) == after
    assert told == [touched] * 3


@pytest.mark.parametrize("record", [ADA, COURSE, SESSION, SCORE], ids=lambda r: r.kind)
def test_withdraw_undo_redo(caseload: Caseload, told: list[Touched], record: Patient | Course) -> None:
    caseload.edit(withdrawn(record, "a mistake"), at=AT)
    assert stored(caseload, record) == replace(record, withdrawn="a mistake")
    caseload.undo(at=AT)
    assert stored(caseload, record) == record
    caseload.redo(at=AT)
    assert stored(caseload, record) == replace(record, withdrawn="a mistake")
    assert told == [Touched(frozenset({ADA.id}), frozenset({record.kind}))] * 3


@pytest.mark.parametrize(
    "record",
    [
        Patient(code="P-2"),
        Course(patient=ADA.id, start=date(2024, 1, 8), end=date(2024, 6, 3)),
        Session(patient=ADA.id, course=COURSE.id, date=TODAY, entered=AT),
        new_score(TODAY),
    ],
    ids=lambda r: r.kind,
)
def test_add_undo_redo(caseload: Caseload, record: Record) -> None:
    before = everything(caseload)
    caseload.edit(added(message("Add"), record), at=AT)
    assert everything(caseload) == before | {(record.kind, record.id): record}
    caseload.undo(at=AT)
    assert everything(caseload) == before
    caseload.redo(at=AT)
    assert everything(caseload) == before | {(record.kind, record.id): record}


def test_thirty_edits_undone_and_redone_one_by_one(caseload: Caseload) -> None:
    states = [everything(caseload)]
    for n in range(10):
        day = date(2026, 2, 1) + timedelta(n)
        caseload.edit(added(message("Add"), score := new_score(day)), at=AT)
        states.append(everything(caseload))
        caseload.edit(altered(message("Correct"), score, late := replace(score, total=n)), at=AT)
        states.append(everything(caseload))
        caseload.edit(withdrawn(late, "no"), at=AT)
        states.append(everything(caseload))
    for state in reversed(states[:-1]):
        caseload.undo(at=AT)
        assert everything(caseload) == state
    assert caseload.undo(at=AT) is None
    for state in states[1:]:
        caseload.redo(at=AT)
        assert everything(caseload) == state
    assert caseload.redo(at=AT) is None


def test_undo_goes_a_hundred_edits_back(caseload: Caseload) -> None:
    scores = [new_score(date(2025, 1, 1) + timedelta(n)) for n in range(UNDO_DEPTH + 3)]
    for score in scores:
        caseload.edit(added(message("Add"), score), at=AT)
    assert UNDO_DEPTH == 100
    for _ in range(UNDO_DEPTH):
        assert caseload.undo(at=AT)
    assert caseload.can_undo() is None
    assert caseload.undo(at=AT) is None
    assert {a.id for a in caseload.assessments(ADA.id)} == {SCORE.id, *(s.id for s in scores[:3])}


def test_a_new_edit_ends_redo(caseload: Caseload) -> None:
    caseload.edit(added(message("First"), new_score(TODAY)), at=AT)
    caseload.undo(at=AT)
    assert caseload.can_redo() == Done(3, message("First"), 2)
    caseload.edit(added(message("Second"), Patient(code="P-2")), at=AT)
    assert caseload.can_redo() is None
    assert caseload.redo(at=AT) is None
    assert caseload.can_undo() == Done(4, message("Second"), 2)


def test_titles_keep_what_they_say(caseload: Caseload) -> None:
    title = message("Import {n} scores", n=3)
    caseload.edit(added(title, new_score(TODAY)), at=AT)
    assert caseload.can_undo() == Done(2, title, 2)
    caseload.undo(at=AT)
    redo = caseload.can_redo()
    assert redo
    assert redo.title.fields == {"n": 3}


def test_an_edit_without_steps_is_no_edit(caseload: Caseload, told: list[Touched]) -> None:
    caseload.edit(added(message("Add"), score := new_score(TODAY)), at=AT)
    caseload.edit(joined(message("Nothing"), []), at=AT)
    assert len(told) == 1
    caseload.undo(at=AT)
    assert caseload.can_undo() is None
    assert stored(caseload, score) is None


def test_a_refused_edit_changes_neither_file_nor_undo(caseload: Caseload, told: list[Touched]) -> None:
    caseload.edit(added(message("Add"), new_score(TODAY)), at=AT)
    caseload.undo(at=AT)
    before, undo, redo = everything(caseload), caseload.can_undo(), caseload.can_redo()
    with pytest.raises(Refusal):
        caseload.edit(added(message("Bad"), Patient(code="P-2"), new_score(TODAY + timedelta(1))), at=AT)
    with pytest.raises(Refusal):
        caseload.edit(added(message("Bad"), Patient(code="P-1")), at=AT)
    assert (everything(caseload), caseload.can_undo(), caseload.can_redo()) == (before, undo, redo)
    assert redo
    assert len(told) == 2


def test_undo_of_what_was_changed_since_is_stale_and_loses_nothing(place: Path | Address) -> None:
    with (
        closing(Caseload.open(place, PASSPHRASE, who="one")) as one,
        closing(Caseload.open(place, PASSPHRASE, who="two")) as two,
    ):
        mine = replace(ADA, name="mine")
        one.edit(altered(message("Mine"), ADA, mine), at=AT)
        assert two.changed_elsewhere()
        assert not one.changed_elsewhere()
        theirs = replace(mine, notes="theirs")
        two.edit(altered(message("Theirs"), mine, theirs), at=AT)
        told: list[Touched] = []
        one.tell = told.append
        with pytest.raises(Stale) as stale:
            one.undo(at=AT)
        assert (stale.value.expected, stale.value.stored) == (mine, theirs)
        assert one.patient(ADA.id) == theirs
        assert told == []
        assert one.can_undo()
        two.undo(at=AT)
        one.undo(at=AT)
        assert two.patient(ADA.id) == ADA
        assert one.check() == ()


def test_two_windows_undo_each_their_own(place: Path | Address) -> None:
    with (
        closing(Caseload.open(place, PASSPHRASE, who="one")) as one,
        closing(Caseload.open(place, PASSPHRASE, who="two")) as two,
    ):
        one.edit(added(message("A"), a := new_score(date(2026, 3, 1))), at=AT)
        two.edit(added(message("B"), b := new_score(date(2026, 3, 2))), at=AT)
        one.undo(at=AT)
        assert {s.id for s in two.assessments(ADA.id)} == {SCORE.id, b.id}
        one.redo(at=AT)
        two.undo(at=AT)
        assert {s.id for s in one.assessments(ADA.id)} == {SCORE.id, a.id}
        assert two.check() == ()


def test_closing_ends_undo(place: Path | Address) -> None:
    caseload = Caseload.open(place, PASSPHRASE, who="x")
    caseload.edit(added(message("A"), new_score(TODAY)), at=AT)
    caseload.close()
    assert caseload.can_undo() is None
    assert caseload.can_redo() is None


# What is refused


@pytest.mark.parametrize(
    ("record", "field", "words"),
    [
        (new_score(TODAY + timedelta(1)), "date", "in the future"),
        (new_score(date(1899, 12, 31)), "date", "too long ago"),
        (new_score(date(1980, 2, 28)), "date", "before the patient was born"),
        (replace(SESSION, id="6" * 32, date=TODAY + timedelta(1)), "date", "in the future"),
        (replace(SESSION, id="6" * 32, date=date(1980, 2, 28)), "date", "before the patient was born"),
        (Course(patient=ADA.id, start=TODAY + timedelta(1)), "start", "in the future"),
        (Course(patient=ADA.id, start=date(1979, 1, 1)), "start", "before the patient was born"),
        (Course(patient=ADA.id, start=TODAY, end=TODAY + timedelta(1)), "end", "in the future"),
        (Patient(code="P-2", date_of_birth=TODAY + timedelta(1)), "date_of_birth", "in the future"),
        (Patient(code="P-2", date_of_birth=date(1850, 1, 1)), "date_of_birth", "too long ago"),
    ],
)
def test_a_wrong_date_is_refused_at_its_field(caseload: Caseload, record: Record, field: str, words: str) -> None:
    before = everything(caseload)
    with pytest.raises(Refusal, match=words) as refused:
        caseload.edit(added(message("Add"), record), at=AT)
    assert refused.value.field == field
    assert everything(caseload) == before


def test_today_and_the_day_of_birth_are_allowed(caseload: Caseload) -> None:
    caseload.edit(added(message("Add"), new_score(TODAY), new_score(date(1980, 2, 29))), at=AT)


@pytest.mark.parametrize("zone", [-11, 0, 13])
def test_today_is_the_therapists_own(caseload: Caseload, zone: int) -> None:
    local = AT.astimezone(timezone(timedelta(hours=zone)))
    caseload.edit(added(message("Add"), new_score(local.date())), at=local)
    with pytest.raises(Refusal, match="future"):
        caseload.edit(added(message("Add"), new_score(local.date() + timedelta(1))), at=local)


@pytest.mark.parametrize("record", [COURSE, SESSION, SCORE], ids=lambda r: r.kind)
def test_a_birth_after_the_first_record_is_refused(caseload: Caseload, record: Record) -> None:
    for other in (SCORE, SESSION, COURSE):
        if other is not record:
            undated = replace(other, start=None) if isinstance(other, Course) else replace(other, withdrawn="x")
            caseload.edit(altered(message("Out of the way"), other, undated), at=AT)
    with pytest.raises(Refusal, match="before this date of birth") as refused:
        caseload.edit(altered(message("Correct"), ADA, replace(ADA, date_of_birth=date(2026, 1, 8))), at=AT)
    assert refused.value.field == "date_of_birth"
    caseload.edit(altered(message("Correct"), ADA, replace(ADA, date_of_birth=date(2026, 1, 7))), at=AT)


def test_a_withdrawn_record_does_not_hold_the_birth_back(caseload: Caseload) -> None:
    caseload.edit(added(message("Add"), wrong := new_score(date(1985, 1, 1))), at=AT)
    caseload.edit(withdrawn(wrong, "wrong year"), at=AT)
    caseload.edit(altered(message("Correct"), ADA, replace(ADA, date_of_birth=date(1990, 1, 1))), at=AT)
    assert caseload.patient(ADA.id).date_of_birth == date(1990, 1, 1)


def test_birth_and_dates_corrected_in_one_edit(caseload: Caseload) -> None:
    """And undone: the check looks at the whole edit, whatever the order of its steps."""
    early = new_score(date(1975, 1, 1))
    older = replace(ADA, date_of_birth=date(1970, 1, 1))
    caseload.edit(Edit(message("Both"), (Step(None, early), Step(ADA, older))), at=AT)
    caseload.undo(at=AT)
    assert caseload.patient(ADA.id) == ADA
    caseload.redo(at=AT)
    later = replace(early, date=date(1985, 1, 1))
    caseload.edit(Edit(message("Back"), (Step(older, ADA), Step(early, later))), at=AT)
    caseload.undo(at=AT)
    with pytest.raises(Refusal, match="before this date of birth"):
        caseload.edit(altered(message("Birth alone"), older, ADA), at=AT)


def test_undo_is_checked_as_an_edit_is(place: Path | Address) -> None:
    """Otherwise undo could bring back a score from before a birth that was set elsewhere since."""
    with (
        closing(Caseload.open(place, PASSPHRASE, who="one")) as one,
        closing(Caseload.open(place, PASSPHRASE, who="two")) as two,
    ):
        one.edit(added(message("Add"), old := new_score(date(1985, 1, 1))), at=AT)
        one.edit(altered(message("Correct"), old, replace(old, date=date(1995, 1, 1))), at=AT)
        two.edit(altered(message("Birth"), ADA, replace(ADA, date_of_birth=date(1990, 1, 1))), at=AT)
        with pytest.raises(Refusal, match="before the patient was born"):
            one.undo(at=AT)
        assert one.can_undo()


def test_a_clock_set_back_does_not_hold_up_corrections(caseload: Caseload) -> None:
    caseload.edit(added(message("Add"), score := new_score(TODAY)), at=AT)
    yesterday = AT - timedelta(days=1)
    caseload.edit(altered(message("Correct"), score, other := replace(score, total=20)), at=yesterday)
    caseload.edit(withdrawn(other, "clock"), at=yesterday)
    with pytest.raises(Refusal, match="future"):
        caseload.edit(added(message("Add"), new_score(TODAY)), at=yesterday)


def test_the_course_of_another_patient_is_refused(caseload: Caseload) -> None:
    other, course = Patient(code="P-2"), Course(id="9" * 32, patient="b" * 32)
    other = replace(other, id="b" * 32)
    caseload.edit(added(message("Add"), other, course), at=AT)
    for wrong in (new_score(TODAY, course=course.id), replace(SESSION, id="7" * 32, patient=other.id)):
        with pytest.raises(Refusal, match="another patient's") as refused:
            caseload.edit(added(message("Add"), wrong), at=AT)
        assert refused.value.field == "course"
    caseload.edit(moved(SCORE, to=course, dossier=caseload.dossier(ADA.id), with_scores=False, why="mixed up"), at=AT)
    assert caseload.assessments(ADA.id) == []
    assert caseload.assessments(other.id) == [replace(SCORE, patient=other.id, course=course.id, session=None)]


def test_moving_a_score_tells_both_pages(caseload: Caseload, told: list[Touched]) -> None:
    other, course = Patient(id="b" * 32, code="P-2"), Course(id="9" * 32, patient="b" * 32)
    caseload.edit(added(message("Add"), other, course), at=AT)
    caseload.edit(moved(SCORE, to=course, dossier=caseload.dossier(ADA.id), with_scores=False, why=""), at=AT)
    assert told[-1].concerns(other.id)
    assert told[-1].concerns(ADA.id)


def test_nobody_unknown_gets_a_score(caseload: Caseload) -> None:
    with pytest.raises(Refusal, match="not in the caseload any more"):
        caseload.edit(added(message("Add"), new_score(TODAY, patient="x" * 32)), at=AT)
    with pytest.raises(Refusal, match="one it belongs to is gone"):
        caseload.edit(added(message("Add"), new_score(TODAY, course="x" * 32)), at=AT)


@pytest.mark.parametrize("code", ["P-1", "  P-1", "P-1\t"])
def test_two_patients_with_one_code_are_refused(caseload: Caseload, code: str) -> None:
    with pytest.raises(Refusal, match="already a patient with the code") as refused:
        caseload.edit(added(message("Add"), Patient(code=code)), at=AT)
    assert (refused.value.field, refused.value.what.fields) == ("code", {"code": "P-1"})
    caseload.edit(added(message("Add"), other := Patient(code="P-2")), at=AT)
    with pytest.raises(Refusal, match="already a patient with the code"):
        caseload.edit(altered(message("Correct"), other, replace(other, code="P-1")), at=AT)


# Long edits


class CancelledError(Exception):
    pass


def batch(size: int) -> Edit:
    patient = Patient(code="IMPORTED")
    course = Course(patient=patient.id, start=date(2010, 1, 1))
    scores = [
        Assessment(patient=patient.id, course=course.id, date=date(2010, 1, 1) + timedelta(n), total=n % 28, entered=AT)
        for n in range(size)
    ]
    return added(message("Import scores"), patient, course, *scores)


def test_an_import_is_one_edit(caseload: Caseload, told: list[Touched]) -> None:
    before, seen = everything(caseload), []
    edit = batch(600)
    caseload.edit(edit, at=AT, tick=lambda done, of: seen.append((done, of)))
    assert len(everything(caseload)) == len(before) + 602
    assert seen[-1] == (604, 604)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    caseload.undo(at=AT)
    assert everything(caseload) == before
    caseload.redo(at=AT)
    assert everything(caseload) == before | {(s.record.kind, s.record.id): s.record for s in edit.steps}
    assert told == [edit.touched] * 3


def test_undoing_an_import_is_refused_if_one_record_was_corrected_since(place: Path | Address) -> None:
    with (
        closing(Caseload.open(place, PASSPHRASE, who="one")) as one,
        closing(Caseload.open(place, PASSPHRASE, who="two")) as two,
    ):
        edit = batch(600)
        one.edit(edit, at=AT)
        score = edit.steps[300].record
        assert isinstance(score, Assessment)
        two.edit(altered(message("Correct"), score, replace(score, total=27)), at=AT)
        state = everything(one)
        with pytest.raises(Stale) as stale:
            one.undo(at=AT)
        assert stale.value.expected == score
        assert everything(one) == state
        two.undo(at=AT)
        one.undo(at=AT)
        assert len(everything(one)) == 5


@pytest.mark.parametrize("at_call", [1, 2, 3, 4])
def test_a_cancelled_edit_leaves_nothing_behind(caseload: Caseload, told: list[Touched], at_call: int) -> None:
    before, calls = everything(caseload), []

    def tick(done: int, of: int) -> None:
        calls.append(done)
        if len(calls) == at_call:
            raise CancelledError

    edit = batch(600)
    with pytest.raises(CancelledError):
        caseload.edit(edit, at=AT, tick=tick)
    assert everything(caseload) == before
    assert caseload.can_undo() is None
    assert told == []
    caseload.edit(edit, at=AT)
    assert len(everything(caseload)) == len(before) + 602


# Reading


def test_codes_are_in_the_order_people_expect(caseload: Caseload) -> None:
    codes = ["P-10", "p-2", "P-9", "A-1", "10", "9", "P-9b", "P-9a", "Z", "ä", "P-", "P-100", "²", "P-٣"]
    caseload.edit(added(message("Add"), *[Patient(code=code) for code in codes]), at=AT)
    shown = [p.code for p in caseload.patients()]
    expected = ["9", "10", "A-1", "P-", "P-1", "p-2", "P-٣", "P-9", "P-9a", "P-9b", "P-10", "P-100", "Z", "²", "ä"]
    assert shown == expected
    assert [row.patient.code for row in caseload.rows(today=TODAY)] == expected


def test_withdrawn_patients_are_not_listed(caseload: Caseload) -> None:
    caseload.edit(withdrawn(ADA, "moved"), at=AT)
    assert caseload.patients() == []
    assert caseload.rows(today=TODAY) == []
    assert caseload.rows(today=TODAY, only=[ADA.id]) == []
    assert caseload.rows(today=TODAY, only=[ADA.id, "x"]) == []
    with pytest.raises(Refusal, match="no patient with the code"):
        caseload.patient_by_code("P-1")


def test_a_patient_is_found_by_code(caseload: Caseload) -> None:
    assert caseload.patient_by_code(" P-1 ") == ADA
    assert caseload.patient(ADA.id) == ADA
    with pytest.raises(Refusal, match="no patient with the code") as refused:
        caseload.patient_by_code("P-7")
    assert refused.value.what.fields == {"code": "P-7"}
    with pytest.raises(Refusal, match="not in the caseload any more"):
        caseload.patient("x")


def test_the_current_course_is_the_open_one_else_the_latest(caseload: Caseload) -> None:
    assert caseload.current_course(ADA.id) == COURSE
    ended = replace(COURSE, end=date(2026, 2, 1))
    earlier = Course(patient=ADA.id, start=date(2020, 1, 1), end=date(2021, 1, 1))
    caseload.edit(Edit(message("x"), (Step(COURSE, ended), Step(None, earlier))), at=AT)
    assert caseload.current_course(ADA.id) == ended
    waiting = Course(patient=ADA.id)
    caseload.edit(added(message("x"), waiting), at=AT)
    assert caseload.courses(ADA.id) == [earlier, ended, waiting]
    assert caseload.current_course(ADA.id) == waiting
    caseload.edit(withdrawn(waiting, "no"), at=AT)
    assert caseload.current_course(ADA.id) == ended


def test_rules_have_a_default_and_are_then_the_clinics(tmp_path: Path) -> None:
    with closing(Caseload.create(tmp_path / "a.trdtrack", "x", who="x")) as caseload:
        assert caseload.rules() == Rules()
        caseload.edit(added(message("Set"), Rules(reliable_change=5)), at=AT)
        assert caseload.rules() == Rules(reliable_change=5)
        caseload.undo(at=AT)
        assert caseload.rules() == Rules()


def test_the_clinic_has_a_default_and_is_then_the_clinics_own(caseload: Caseload) -> None:
    assert caseload.clinic() == ClinicRecord()
    caseload.edit(added(message("Set"), ClinicRecord(session_minutes=45)), at=AT)
    assert caseload.clinic() == ClinicRecord(session_minutes=45)


def test_the_history_tells_each_act_its_reason_and_its_undo(caseload: Caseload) -> None:
    edit = altered(message("Correct"), SCORE, replace(SCORE, answers=(0, *SCORE.answers[1:])))
    caseload.edit(replace(edit, why="typing error"), at=AT)
    caseload.undo(at=AT)
    caseload.redo(at=AT)
    redo, undo, first, *_ = caseload.history(ADA.id)
    assert [line.why for line in (redo, undo, first)] == ["", "", "typing error"]
    assert [say(title(line)) for line in (redo, undo, first)] == ["Redo: Correct", "Undo: Correct", "Correct"]
    assert say(describe(first)) == "PHQ-9 of 7 Jan 2026: item 1 changed 2 -> 0, typing error"
    assert (undo.undoes, redo.undoes) == (first.edit, undo.edit)
    assert caseload.history(before=first.number, limit=2) == caseload.history()[3:5]
    assert {line.kind for line in caseload.history()} - {line.kind for line in caseload.history(ADA.id)} == {"rules"}


def test_the_caseload_agrees_with_each_patients_page(caseload: Caseload) -> None:
    chance = random.Random(7)
    records: list[Record] = []
    for n in range(40):
        born = chance.choice([None, date(1970, 1, 1), date(2012, 1, 1)])
        patient = Patient(code=f"Q-{n}", date_of_birth=born, withdrawn=chance.choice([None] * 9 + ["x"]))
        records.append(patient)
        for number in range(chance.randrange(3)):
            # One course after the other, the last of them open or not yet begun.
            start = date(2025, 1, 1) + timedelta(200 * number + chance.randrange(60))
            end = start + timedelta(30) if number == 0 else chance.choice([None, start + timedelta(30)])
            start = start if end else chance.choice([None, start])
            gone = chance.choice([None, None, None, "x"])
            course = Course(patient=patient.id, start=start, end=end, withdrawn=gone)
            records.append(course)
            for _ in range(chance.randrange(9)):
                when = (start or date(2026, 1, 1)) + timedelta(chance.randrange(120))
                typed = AT - timedelta(minutes=chance.randrange(5))
                gone = chance.choice([None, None, None, "x"])
                home = {"patient": patient.id, "course": course.id, "date": when, "entered": typed, "withdrawn": gone}
                kind = chance.choice(list(Attendance))
                records.append(Session(**home, attendance=kind))
                answers = tuple(chance.choice([0, 1, 2, 3, None]) for _ in range(8))
                records.append(Assessment(**home, answers=(*answers, 1)))
                records.append(Assessment(**home, total=chance.randrange(28)))
    caseload.edit(added(message("Add"), *records), at=AT)
    rows = caseload.rows(today=TODAY)
    assert [row.patient for row in rows] == caseload.patients()
    assert sum(row.summary is not None for row in rows) > 15
    for row in rows:
        course = caseload.current_course(row.patient.id)
        assert row.summary == (course and caseload.summary(course, today=TODAY))
        assert caseload.rows(today=TODAY, only=[row.patient.id]) == [row]
    some = [row.patient.id for row in rows[::3]]
    assert caseload.rows(today=TODAY, only=some) == rows[::3]


def test_read_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "writable", lambda _path: False)
    with closing(Caseload.open(path, PASSPHRASE, who="x")) as caseload:
        assert caseload.read_only
        assert caseload.path == path
        with pytest.raises(Refusal, match="opened read-only"):
            caseload.edit(added(message("Add"), new_score(TODAY)), at=AT)
        assert caseload.can_undo() is None
