"""The history: what its lines hold, that every change behind the program's back shows, and that erasure is lawful."""

from __future__ import annotations

import functools
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from behind import sql
from sqlalchemy.exc import SQLAlchemyError

from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.storage import journal
from trdtrack.storage import records as records_module

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Sample

    from trdtrack.storage.store import Store


def test_lines_hold_who_when_what_before_and_after(opened: Store, sample: type[Sample]) -> None:
    after = replace(sample.patient, name="Trillian")
    number = sample.write(opened, altered(message("Correct patient"), sample.patient, after))
    [line] = sql(
        opened,
        "SELECT edit, undoes, at, who, title, kind, record, before, after FROM audit JOIN audit_text USING (seq) "
        "WHERE edit = ?",
        number,
    )
    assert line[:7] == (
        len(sample.records) + 1,
        None,
        "2026-05-04T10:00:00+00:00",
        "Dr Test",
        "Correct patient",
        "patient",
        sample.patient.id,
    )
    assert json.loads(line[7])["name"] == "Zaphod Beeblebrox"
    assert json.loads(line[8])["name"] == "Trillian"


def test_undo_and_redo_have_lines_of_their_own(opened: Store, sample: type[Sample]) -> None:
    edit = altered(message("Correct"), sample.patient, replace(sample.patient, name="Trillian"))
    first = sample.write(opened, edit)
    back = sample.write(opened, replace(opened.edit(first).inverse(), undoes=first), role="undo")
    sample.write(opened, replace(opened.edit(back).inverse(), undoes=back), role="redo")
    lines = sql(opened, "SELECT edit, undoes, title FROM audit WHERE edit >= ? ORDER BY seq", first)
    assert lines == [(first, None, "Correct"), (back, first, "undo: Correct"), (back + 1, back, "redo: Correct")]
    assert opened.edit(first).steps == edit.steps
    assert opened.faults() == ()


def test_an_edit_is_read_back_as_it_was_written(opened: Store, sample: type[Sample]) -> None:
    for number, record in enumerate(sample.records, start=1):
        assert opened.edit(number) == added(message("Add"), record)


def test_one_edit_of_many_kinds_has_one_number_and_unbroken_lines(opened: Store, sample: type[Sample]) -> None:
    new = Patient(code="N")
    steps = (
        Step(sample.scores[0], None),
        Step(None, new),
        Step(sample.course, replace(sample.course, medication="none")),
        Step(sample.scores[1], replace(sample.scores[1], withdrawn="typo")),
        Step(new, replace(new, code="N2")),
        Step(replace(new, code="N2"), replace(new, code="N3")),
    )
    number = sample.write(opened, Edit(message("Much"), steps))
    assert opened.edit(number).steps == steps
    assert opened.faults() == ()
    sample.write(opened, opened.edit(number).inverse(), role="undo")
    assert sample.read(opened) == {(r.kind, r.id): r for r in sample.records}
    assert opened.faults() == ()


def test_why_is_kept_given_back_and_not_repeated_by_undo(opened: Store, sample: type[Sample]) -> None:
    edit = altered(message("Correct"), sample.patient, replace(sample.patient, name="Trillian"))
    number = sample.write(opened, replace(edit, why="misheard"))
    assert opened.edit(number).why == "misheard"
    assert opened.faults() == ()


def test_lines_know_whom_they_are_about(opened: Store, sample: type[Sample]) -> None:
    """A record that moves is about both; rules are about nobody."""
    other = Patient(code="P-2")
    course = replace(sample.course, id="9" * 32, patient=other.id)
    moved = replace(sample.session, patient=other.id, course=course.id)
    number = sample.write(
        opened, Edit(message("Move"), (Step(None, other), Step(None, course), Step(sample.session, moved)))
    )
    about = "SELECT patient FROM audit_about JOIN audit USING (seq) WHERE edit = ? ORDER BY seq, patient"
    assert sorted(sql(opened, about, number)) == sorted([(other.id,)] * 3 + [(sample.patient.id,)])
    assert sql(opened, about, 1) == [], "the rules"
    with opened.transaction(write=False) as connection:
        read = functools.partial(journal.lines, connection)
        mine = read(patient=sample.patient.id, before=None, limit=500)
        everything = read(patient=None, before=None, limit=500)
        assert [line.record for line in mine] == [moved.id, *(r.id for r in reversed(sample.records[1:]))]
        assert (mine[0].before, mine[0].after, mine[0].who) == (sample.session, moved, "Dr Test")
        assert [line.number for line in everything] == list(range(len(sample.records) + 3, 0, -1))
        pages = [read(patient=None, before=before, limit=5) for before in (None, everything[4].number)]
        assert pages == [everything[:5], everything[5:10]]
        assert read(patient=sample.patient.id, before=mine[2].number, limit=2) == mine[3:5]
        assert read(patient="x", before=None, limit=5) == []


def test_a_line_of_an_older_version_is_read_with_todays_defaults(opened: Store, sample: type[Sample]) -> None:
    bare = json.dumps({"id": "q", "code": "Q", "name": "", "date_of_birth": None, "notes": "", "withdrawn": None})
    sql(opened, "UPDATE audit_text SET after = ? WHERE seq = 2", bare)
    with opened.transaction(write=False) as connection:
        [line] = journal.lines(connection, patient=None, before=3, limit=1)
    assert line.after == Patient(id="q", code="Q")


def test_an_edit_whose_text_was_erased_cannot_be_taken_back_by_halves(opened: Store, sample: type[Sample]) -> None:
    number = sample.add(opened, Patient(code="A"), Patient(code="B"))
    sql(opened, "DELETE FROM audit_text WHERE seq = (SELECT max(seq) FROM audit)")
    with pytest.raises(Refusal, match="history was erased"):
        opened.edit(number)


def test_the_code_that_is_taken_is_named(opened: Store, sample: type[Sample]) -> None:
    before = sample.read(opened)
    many = [Patient(code=f"N-{n}") for n in range(20)]
    with pytest.raises(Refusal) as refused:
        sample.add(opened, *many, Patient(code=" P-1 "), Patient(code="N-30"))
    assert (refused.value.field, refused.value.what.fields) == ("code", {"code": "P-1"})
    with pytest.raises(Refusal) as refused:
        sample.add(opened, *many, Patient(code="N-7"))
    assert refused.value.what.fields == {"code": "N-7"}
    assert sample.read(opened) == before
    assert opened.faults() == ()


def test_the_code_of_a_withdrawn_patient_is_told_apart(opened: Store, sample: type[Sample]) -> None:
    sample.write(opened, altered(message("Withdraw"), sample.patient, replace(sample.patient, withdrawn="moved")))
    with pytest.raises(Refusal, match="A withdrawn patient has the code"):
        sample.add(opened, Patient(code="P-1"))


def test_a_record_others_belong_to_cannot_go(opened: Store, sample: type[Sample]) -> None:
    with pytest.raises(Refusal, match="Other records belong to this one"):
        sample.write(opened, Edit(message("Remove"), (Step(sample.patient, None),)))
    orphan = replace(sample.session, id="0" * 32, course="gone")
    with pytest.raises(Refusal, match="the one it belongs to is gone"):
        sample.add(opened, orphan)
    assert opened.faults() == ()


def cancel_at(calls: int) -> Callable[[int, int], None]:
    seen: list[int] = []

    def tick(done: int, of: int) -> None:
        assert 0 < done <= of
        assert seen == [] or done > seen[-1]
        seen.append(done)
        if len(seen) == calls:
            raise KeyboardInterrupt

    return tick


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_cancelling_leaves_nothing_behind(opened: Store, sample: type[Sample], calls: int) -> None:
    before = sample.read(opened)
    lines = sql(opened, "SELECT count(*) FROM audit")
    many = [Patient(code=f"N-{n}") for n in range(records_module.BATCH * 2 + 10)]
    with pytest.raises(KeyboardInterrupt):
        sample.write(opened, added(message("Import"), *many), tick=cancel_at(calls))
    assert sample.read(opened) == before
    assert sql(opened, "SELECT count(*) FROM audit") == lines
    sample.add(opened, *many)
    assert opened.faults() == ()


SECRET = "Marvin-the-paranoid"


@pytest.mark.parametrize("table", ["patient", "audit", "audit_text"])
def test_an_error_of_the_database_holds_no_patients_words(opened: Store, sample: type[Sample], table: str) -> None:
    for statement in ("PRAGMA foreign_keys = OFF", f"DROP TABLE {table}"):
        opened._raw.execute(statement)
    with pytest.raises(SQLAlchemyError) as error:
        sample.add(opened, Patient(code="M-1", name=SECRET, notes=SECRET))
    seen: BaseException | None = error.value
    kinds = []
    while seen is not None:
        kinds.append(type(seen))
        assert SECRET not in f"{seen} {seen!r} {seen.args}"
        assert "M-1" not in f"{seen} {seen!r} {seen.args}"
        seen = seen.__cause__ or seen.__context__
    assert any(issubclass(kind, SQLAlchemyError) for kind in kinds)


def test_refusals_hold_no_patients_words(opened: Store, sample: type[Sample]) -> None:
    mine = replace(sample.patient, name=SECRET)
    with pytest.raises(Stale) as stale:
        sample.write(opened, altered(message("Correct"), mine, replace(mine, notes=SECRET)))
    assert SECRET not in f"{stale.value} {stale.value!r} {stale.value.expected!r} {stale.value.stored!r}"


def test_the_repr_of_a_record_holds_no_patients_words(sample: type[Sample]) -> None:
    scores = replace(sample.scores[0], difficulty=3), replace(sample.scores[0], answers=None, total=26)
    shown = repr([*sample.records, *scores])
    for word in (*sample.words, "P-1", "answers", "26", "difficulty"):
        assert word not in shown.replace("2026", ""), word
    assert repr(Edit(message("x"), (Step(None, sample.patient),))).count("Zaphod") == 0
