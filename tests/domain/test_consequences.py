"""What follows from an edit, and that nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trdtrack.domain.checks import check
from trdtrack.domain.consequences import with_consequences
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.records import (
    Assessment,
    Attendance,
    Clinic,
    Course,
    EndReason,
    FollowUp,
    Outcome,
    Patient,
    RiskRecord,
    Rules,
    Session,
)
from trdtrack.domain.risk import risk_state

from .making import AT, COURSE, PATIENT, START, asked, day, score
from .shelf import TITLE, Shelf, add, alter

BEA = Patient(id="q", code="P-2")
HERS = Course(id="h", patient="q", start=START)
END = day(120)
ENDED = replace(COURSE, end=END, end_reason=EndReason.COMPLETED)
DIED = replace(ENDED, end_reason=EndReason.DIED)


def follow(shelf: Shelf, edit: Edit, *, rules: Rules | None = None, clinic: Clinic | None = None) -> Edit:
    """Follow an edit, and on the way see that following it twice adds nothing and that one undo takes it all back."""
    rules, clinic = rules or Rules(), clinic or Clinic()
    done = with_consequences(edit, shelf.read, rules=lambda: rules, clinic=lambda: clinic, at=AT)
    assert done.steps[: len(edit.steps)] == edit.steps
    assert with_consequences(done, shelf.read, rules=lambda: rules, clinic=lambda: clinic, at=AT) == done
    check(done, shelf.read, today=AT.date())
    before = dict(shelf.records)
    shelf.write(done)
    after = dict(shelf.records)
    shelf.write(done.inverse())
    assert shelf.records == before
    shelf.write(done)
    assert shelf.records == after
    return done


def nine(answer, number=0, **fields):
    return asked(number, 1, 1, 1, 1, 1, 1, 1, 1, answer, **fields)


def session(number, **fields):
    return Session(**{"patient": "p", "course": "c", "date": day(number), "entered": AT} | fields)


# A risk record opens


@pytest.mark.parametrize(("answer", "opens"), [(0, False), (None, False), (1, True), (2, True), (3, True)])
def test_an_answer_of_one_or_more_opens_a_record(answer, opens):
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, add(new := nine(answer, 7)))
    found = shelf.all(RiskRecord)
    assert bool(found) is opens
    if found:
        assert (found[0].patient, found[0].opened, found[0].assessment) == ("p", day(7), new.id)
        assert (found[0].closed, found[0].entered) == (None, AT)


def test_a_total_alone_opens_none_and_many_blanks_do_not_stop_it():
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, add(score(0, 27)))
    assert shelf.all(RiskRecord) == []
    follow(shelf, add(asked(7, *[None] * 8, 1)))
    assert len(shelf.all(RiskRecord)) == 1


def test_one_open_record_is_enough():
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, add(nine(1)))
    follow(shelf, add(nine(3, 7)))
    assert len(shelf.all(RiskRecord)) == 1
    by_hand = RiskRecord(patient="p", opened=day(0), entered=AT)
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, add(nine(3), by_hand))
    assert shelf.all(RiskRecord) == [by_hand]


def test_a_closed_or_withdrawn_record_is_no_open_one():
    for gone in ({"closed": day(1), "closing_note": "settled"}, {"withdrawn": "typed twice"}):
        shelf = Shelf(PATIENT, COURSE, RiskRecord(id="r", patient="p", opened=day(0), entered=AT, **gone))
        follow(shelf, add(nine(1, 7)))
        assert len(shelf.all(RiskRecord)) == 2


def test_many_answers_open_one_record_for_the_latest():
    shelf = Shelf()
    answers = [nine(2, 7, patient="q", course="h"), nine(1, 30), nine(3, 2), nine(0, 40)]
    follow(shelf, add(PATIENT, BEA, COURSE, HERS, *answers))
    assert {(r.patient, r.assessment) for r in shelf.all(RiskRecord)} == {("q", answers[0].id), ("p", answers[1].id)}
    # The earlier, higher answer is not lost: it is what asks first.
    assert risk_state(shelf.dossier(), today=day(50)).due == answers[2]


@pytest.mark.parametrize(
    ("before", "after", "opens"),
    [(0, 1, True), (1, 2, True), (None, 1, True), (1, 1, False), (2, 1, False), (1, 0, False)],
)
def test_a_corrected_answer_opens_one_where_it_was_raised(before, after, opens):
    old = nine(before, id="a")
    shelf = Shelf(PATIENT, COURSE, old)
    follow(shelf, alter(old, replace(nine(after, id="a"), difficulty=1)))
    assert bool(shelf.all(RiskRecord)) is opens


def test_a_restored_or_moved_answer_opens_one():
    shelf = Shelf(PATIENT, COURSE, gone := nine(1, withdrawn="x"))
    follow(shelf, alter(gone, back := replace(gone, withdrawn=None)))
    assert [r.patient for r in shelf.all(RiskRecord)] == ["p"]
    shelf = Shelf(PATIENT, BEA, COURSE, HERS, back)
    follow(shelf, alter(back, replace(back, patient="q", course="h")))
    assert [r.patient for r in shelf.all(RiskRecord)] == ["q"]


def test_merging_two_records_of_one_person_opens_none():
    closed = RiskRecord(id="r", patient="p", opened=day(0), closed=day(3), closing_note="settled", entered=AT)
    answer = nine(1, id="a")
    shelf = Shelf(PATIENT, BEA, COURSE, HERS, answer, closed)
    records = (
        Step(COURSE, replace(COURSE, withdrawn="merged")),
        Step(answer, replace(answer, patient="q", course="h")),
        Step(closed, replace(closed, patient="q")),
        Step(PATIENT, replace(PATIENT, withdrawn="merged")),
    )
    follow(shelf, Edit(TITLE, records))
    assert len(shelf.all(RiskRecord)) == 1


# The outcome at the end


def scored(*pairs):
    return [score(number, total, id=f"a{number}") for number, total in pairs]


def test_the_outcome_is_fixed_at_the_end_and_follows_its_scores():
    shelf = Shelf(PATIENT, COURSE, *scored((0, 20), (60, 15), (110, 9)))
    follow(shelf, alter(COURSE, ENDED), rules=Rules(reliable_change=5))
    [outcome] = shelf.all(Outcome)
    assert (outcome.baseline, outcome.baseline_date) == (20, day(0))
    assert (outcome.total, outcome.total_date, outcome.reliable_change) == (9, day(110), 5)
    # A correction of its score has its own step; the rule stays as it was.
    old = shelf.records["assessment", "a110"]
    done = follow(shelf, alter(old, replace(old, total=12)))
    assert done.steps[1:] == (Step(outcome, replace(outcome, total=12)),)
    # A score that is not its own has none.
    middle = shelf.records["assessment", "a60"]
    assert len(follow(shelf, alter(middle, replace(middle, total=3))).steps) == 1
    # A withdrawn one leaves the course without an end score.
    last = shelf.records["assessment", "a110"]
    follow(shelf, alter(last, replace(last, withdrawn="wrong person")))
    assert shelf.all(Outcome)[0].total is None


def test_an_open_course_has_no_outcome():
    shelf = Shelf(PATIENT, COURSE)
    assert len(follow(shelf, add(*scored((0, 20), (7, 15)))).steps) == 2


def test_a_reopened_course_has_none_and_ended_again_has_it_back():
    shelf = Shelf(PATIENT, COURSE, *scored((0, 20), (110, 9)))
    follow(shelf, alter(COURSE, ENDED))
    follow(shelf, alter(ENDED, COURSE))
    [outcome] = shelf.all(Outcome)
    assert outcome.withdrawn == "course reopened"
    follow(shelf, add(score(118, 4)))
    follow(shelf, alter(COURSE, ENDED), rules=Rules(reliable_change=7))
    assert shelf.all(Outcome) == [replace(outcome, withdrawn=None, total=4, total_date=day(118), reliable_change=7)]


def test_a_baseline_written_in_another_course_counts():
    earlier = Course(id="d", patient="p", start=day(-100), end=day(-20))
    base = score(-5, 22, course="d")
    shelf = Shelf(PATIENT, earlier, COURSE, base, score(110, 9))
    follow(shelf, alter(COURSE, ENDED))
    follow(shelf, alter(base, replace(base, total=18)))
    assert [o.baseline for o in shelf.all(Outcome) if o.course == "c"] == [18]


def test_a_chosen_baseline_counts_however_late():
    chosen = replace(ENDED, baseline="late", baseline_reason="the first she was sure of")
    late = score(200, 17, id="late", course="d")
    shelf = Shelf(PATIENT, chosen, Course(id="d", patient="p", start=day(190)), late)
    follow(shelf, alter(late, replace(late, total=16)))
    assert [o.baseline for o in shelf.all(Outcome)] == [16]


def test_a_first_session_that_moves_moves_the_baseline():
    undated = replace(ENDED, start=None)
    first = session(0)
    shelf = Shelf(PATIENT, undated, first, score(0, 20), score(40, 16))
    follow(shelf, alter(undated, replace(undated, goals="sleep")))
    assert [o.baseline for o in shelf.all(Outcome)] == [20]
    follow(shelf, alter(first, replace(first, date=day(41))))
    assert [o.baseline for o in shelf.all(Outcome)] == [16]


# Follow-ups


def planned(shelf):
    return sorted((f for f in shelf.all(FollowUp) if not f.withdrawn), key=lambda f: f.due)


def test_follow_ups_are_planned_at_the_end():
    shelf = Shelf(PATIENT, COURSE)
    end = date(2024, 10, 31)
    follow(shelf, alter(COURSE, replace(COURSE, end=end)), clinic=Clinic(follow_up_months=(1, 4, 12)))
    assert [f.due for f in planned(shelf)] == [date(2024, 11, 30), date(2025, 2, 28), date(2025, 10, 31)]
    assert all((f.patient, f.course, f.done) == ("p", "c", None) for f in planned(shelf))


def test_none_are_planned_where_there_are_some_or_none_are_wanted():
    own = FollowUp(patient="p", course="c", due=day(300))
    shelf = Shelf(PATIENT, COURSE, own)
    follow(shelf, alter(COURSE, ENDED))
    assert planned(shelf) == [own]
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, alter(COURSE, DIED))
    assert planned(shelf) == []
    shelf = Shelf(PATIENT)
    follow(shelf, add(ENDED))  # a course written down long after it was over
    assert planned(shelf) == []


def test_an_end_that_moves_takes_along_what_is_not_done():
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, alter(COURSE, ended := replace(COURSE, end=date(2024, 4, 30))))
    follow(shelf, add(by_hand := FollowUp(patient="p", course="c", due=date(2024, 6, 11))))
    first = planned(shelf)[0]
    follow(shelf, alter(first, replace(first, done=date(2024, 5, 29))))
    follow(shelf, alter(ended, replace(ended, end=date(2024, 5, 10))))
    days = [f.due for f in planned(shelf)]
    assert days == [date(2024, 5, 30), date(2024, 6, 21), date(2024, 8, 10), date(2024, 11, 10), date(2025, 5, 10)]
    assert shelf.records["follow_up", by_hand.id].due == date(2024, 6, 21)


def test_a_reopened_course_looks_back_no_longer():
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, alter(COURSE, ENDED))
    first, *_ = planned(shelf)
    follow(shelf, alter(first, done := replace(first, done=day(150))))
    follow(shelf, alter(ENDED, COURSE))
    assert planned(shelf) == [done]
    assert {f.withdrawn for f in shelf.all(FollowUp)} == {None, "course reopened"}


def test_death_withdraws_every_follow_up_not_done():
    later = Course(id="d", patient="p", start=day(200))
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, alter(COURSE, ENDED))
    first, *_ = planned(shelf)
    follow(shelf, alter(first, done := replace(first, done=day(150))))
    follow(shelf, add(later))
    follow(shelf, alter(later, dead := replace(later, end=day(220), end_reason=EndReason.DIED)))
    assert planned(shelf) == [done]
    assert {f.withdrawn for f in shelf.all(FollowUp)} == {None, "died"}
    # Put right, the course is looked back at as any other.
    follow(shelf, alter(dead, replace(dead, end_reason=EndReason.DROPPED_OUT)))
    assert {f.course for f in planned(shelf) if not f.done} == {"d"}


@pytest.mark.parametrize(
    ("number", "marked"),
    [
        (120, None),  # the day of the end
        (121, None),
        (135, None),
        (136, 0),  # 14 days before the first, of day 150
        (150, 0),
        (196, 0),
        (197, 1),  # 14 days before the second, of day 211
        (290, 2),
        (900, 3),
    ],
)
def test_a_score_or_session_after_the_end_is_the_follow_up(number, marked):
    months = Clinic(follow_up_months=(1, 3, 6, 12))
    for visit in (score(number, 8), session(number), session(number, attendance=Attendance.DID_NOT_ATTEND)):
        shelf = Shelf(PATIENT, COURSE)
        # Day 120 is 30 April 2024.
        follow(shelf, alter(COURSE, ENDED), clinic=months)
        follow(shelf, add(visit))
        came = not (isinstance(visit, Session) and visit.attendance is Attendance.DID_NOT_ATTEND)
        expected = [day(number) if came and place == marked else None for place in range(4)]
        assert [f.done for f in planned(shelf)] == expected


def test_what_happens_on_the_last_day_belongs_to_the_course():
    soon = FollowUp(patient="p", course="c", due=day(125))
    for number, done in ((120, None), (121, day(121))):
        shelf = Shelf(PATIENT, ENDED, soon)
        follow(shelf, add(session(number), score(number, 8)))
        assert [f.done for f in planned(shelf)] == [done]


def test_a_follow_up_once_done_stays_so():
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, alter(COURSE, ENDED))
    visit = session(150, id="v")
    follow(shelf, add(visit, score(150, 8, session="v")))
    follow(shelf, add(score(152, 9)))
    assert [f.done for f in planned(shelf)] == [day(150), None, None, None]


def test_a_score_of_the_next_course_is_no_follow_up():
    shelf = Shelf(PATIENT, COURSE)
    follow(shelf, alter(COURSE, ENDED))
    follow(shelf, add(Course(id="d", patient="p", start=day(140)), score(150, 8, course="d")))
    assert [f.done for f in planned(shelf)] == [None] * 4


# How much is read


def reads(shelf, edit):
    shelf.reads.clear()
    done = with_consequences(edit, shelf.read, rules=Rules, clinic=Clinic, at=AT)
    return done, shelf.reads


def test_a_plain_log_reads_once_and_stays_the_edit_it_is():
    shelf = Shelf(PATIENT, COURSE, *scored((0, 20)))
    edit = add(session(7, id="n"), nine(0, 7, session="n"))
    done, read = reads(shelf, edit)
    assert done is edit
    assert read == ["course"]
    old = session(0)
    assert reads(Shelf(PATIENT, COURSE, old), alter(old, replace(old, note="n")))[1] == []
    assert reads(Shelf(PATIENT), alter(PATIENT, replace(PATIENT, name="Ada")))[1] == []


def test_a_long_import_reads_once_a_patient():
    shelf = Shelf(PATIENT, COURSE)
    edit = add(*(score(number, 9) for number in range(500)))
    assert reads(shelf, edit) == (edit, ["course"])
    new = add(BEA, HERS, *(nine(1, number, patient="q", course="h") for number in range(500)))
    done, read = reads(Shelf(), new)
    assert len(done.steps) == len(new.steps) + 1
    assert read == []


# Whole lives


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("nasewrdx"), st.integers(0, 40), st.integers(0, 3)), max_size=14))
def test_whatever_happens_nothing_follows_twice_and_no_risk_record_closes(acts):
    """`follow` holds the edit to it at every step."""
    shelf = Shelf(PATIENT, COURSE)
    opened: set[str] = set()
    for what, number, answer in acts:
        course = shelf.records["course", "c"]
        scores = sorted(shelf.all(Assessment), key=lambda a: a.id)
        chosen = scores[number % len(scores)] if scores else None
        days = 10 * number
        if what == "n":
            follow(shelf, add(nine(answer, days)))
        elif what == "s":
            follow(shelf, add(session(days)))
        elif what == "e":
            follow(shelf, alter(course, replace(course, end=day(days), end_reason=EndReason.OTHER)))
        elif what == "d":
            follow(shelf, alter(course, replace(course, end=day(days), end_reason=EndReason.DIED)))
        elif what == "r":
            follow(shelf, alter(course, replace(course, end=None, end_reason=EndReason.NOT_RECORDED)))
        elif chosen and what == "w":
            follow(shelf, alter(chosen, replace(chosen, withdrawn=None if chosen.withdrawn else "x")))
        elif chosen and what == "a":
            follow(shelf, alter(chosen, replace(chosen, answers=(*chosen.answers[:8], answer))))
        elif chosen and what == "x":
            follow(shelf, alter(chosen, replace(chosen, date=day(days))))
        records = shelf.all(RiskRecord)
        assert all(record.closed is None and record.withdrawn is None for record in records)
        assert opened <= {record.id for record in records}
        assert len(records) <= 1
        opened = {record.id for record in records}
        course = shelf.records["course", "c"]
        assert sum(not outcome.withdrawn for outcome in shelf.all(Outcome)) == bool(course.end)
        if course.end is None or course.end_reason is EndReason.DIED:
            assert all(f.done for f in planned(shelf))
