"""Two versions of one record laid side by side, and mine put over theirs: only what I changed goes over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from domain.making import AT, COURSE, PATIENT, asked, day, score
from trdtrack.domain.conflict import Stands, conflicts, put_over
from trdtrack.domain.edit import Edit, Step, altered, withdrawn
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Modality, Session
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.conflict import Conflict
    from trdtrack.domain.records import Record

TITLE = message("Correct")
MINE, THEIRS, BOTH = Stands.MINE, Stands.THEIRS, Stands.BOTH


def now(*records: Record) -> Callable[[Record], Record | None]:
    return lambda sought: next((record for record in records if record.id == sought.id), None)


def shown(conflict: Conflict) -> list[tuple[str, str, str | None, str | None, Stands]]:
    return [
        (
            say(row.label),
            say(row.was),
            None if row.theirs is None else say(row.theirs),
            None if row.mine is None else say(row.mine),
            row.stands,
        )
        for row in conflict.rows
    ]


def test_nothing_changed_meanwhile_is_no_conflict() -> None:
    edit = altered(TITLE, COURSE, replace(COURSE, therapist="A"))
    assert conflicts(edit, now(COURSE)) == ()
    assert put_over(edit, ()) == edit


def test_fields_of_either_and_of_both() -> None:
    mine = replace(COURSE, therapist="A", modality=Modality.CBT, goals="walk", planned_sessions=12)
    theirs = replace(COURSE, therapist="B", modality=Modality.CBT, start=day(7), goals="")
    edit = replace(altered(TITLE, COURSE, mine), why="typed wrong")
    (conflict,) = conflicts(edit, now(theirs))
    assert shown(conflict) == [
        ("modality", "not recorded", "CBT", "CBT", BOTH),
        ("therapist", "not recorded", "B", "A", MINE),
        ("goals", "not recorded", None, "walk", MINE),
        ("week 0", "1 Jan 2024", "8 Jan 2024", None, THEIRS),
        ("planned sessions", "not recorded", None, "12", MINE),
    ]
    put = put_over(edit, (conflict,))
    assert put.steps == (Step(theirs, replace(mine, start=day(7))),)
    assert (put.title, put.why) == (edit.title, edit.why)


def test_answers_are_joined_one_by_one() -> None:
    before = asked(0, 1, 1, 1, 1, 1, 1, 1, 1, 0)
    mine = replace(before, answers=(3, 2, 1, 1, 1, 1, 1, 1, 0))
    theirs = replace(before, answers=(0, 1, 1, 1, 1, 1, 1, 1, 2))
    (conflict,) = conflicts(altered(TITLE, before, mine), now(theirs))
    assert shown(conflict) == [
        ("item 1", "1", "0", "3", MINE),
        ("item 2", "1", None, "2", MINE),
        ("item 9", "0", "2", None, THEIRS),
    ]
    assert conflict.over == replace(before, answers=(3, 2, 1, 1, 1, 1, 1, 1, 2))


def test_halves_that_do_not_go_together_are_not_mixed() -> None:
    before = asked(0, 1, 1, 1, 1, 1, 1, 1, 1, 0)
    mine = replace(before, answers=(3, 1, 1, 1, 1, 1, 1, 1, 0))
    theirs = replace(before, answers=None, total=20)
    (conflict,) = conflicts(altered(TITLE, before, mine), now(theirs))
    assert conflict.over == mine
    assert {row.stands for row in conflict.rows} == {MINE}
    assert ("total", "not recorded", "20", None, MINE) in shown(conflict), "theirs would go, and that is said"


def test_only_what_was_changed_elsewhere_is_asked_about() -> None:
    session = Session(patient=PATIENT.id, course=COURSE.id, date=day(0), entered=AT)
    total = score(0, 19)
    edit = Edit(TITLE, (Step(session, replace(session, note="n")), Step(total, replace(total, total=18))))
    other = replace(total, total=17)
    found = conflicts(edit, now(session, other))
    assert [conflict.step.record for conflict in found] == [replace(total, total=18)]
    assert put_over(edit, found).steps == (edit.steps[0], Step(other, replace(total, total=18)))


def test_withdrawn_meanwhile_stays_withdrawn() -> None:
    theirs = replace(COURSE, withdrawn="typed twice")
    (conflict,) = conflicts(altered(TITLE, COURSE, replace(COURSE, therapist="A")), now(theirs))
    assert ("reason for withdrawing", "not recorded", "typed twice", None, THEIRS) in shown(conflict)
    assert isinstance(conflict.over, Course)
    assert (conflict.over.withdrawn, conflict.over.therapist) == ("typed twice", "A")


def test_a_record_that_is_gone() -> None:
    (conflict,) = conflicts(altered(TITLE, COURSE, replace(COURSE, therapist="A")), now())
    assert (conflict.stored, conflict.over, conflict.rows) == (None, None, ())


def test_both_typed_the_same() -> None:
    mine = replace(COURSE, therapist="A")
    edit = altered(TITLE, COURSE, mine)
    (conflict,) = found = conflicts(edit, now(mine))
    assert shown(conflict) == [("therapist", "not recorded", "A", "A", BOTH)]
    assert put_over(edit, found).steps == ()


def test_what_cannot_be_laid_side_by_side_is_not_asked() -> None:
    theirs = replace(COURSE, therapist="B")
    assert conflicts(Edit(TITLE, (Step(COURSE, None),)), now(theirs)) == ()
    mine = replace(COURSE, therapist="A")
    twice = Edit(TITLE, (Step(COURSE, mine), Step(mine, replace(mine, goals="walk"))))
    assert conflicts(twice, now(theirs)) == ()
    (conflict,) = conflicts(withdrawn(COURSE, "twice"), now(theirs))
    assert conflict.over == replace(theirs, withdrawn="twice")
