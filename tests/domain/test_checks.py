"""What is refused because of the other records, and what is not: only new or changed facts are checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from trdtrack.domain.checks import check
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.records import (
    Assessment,
    Attendance,
    Course,
    Episode,
    Event,
    FollowUp,
    Outcome,
    Patient,
    Presentation,
    RiskRecord,
    RiskReview,
    Session,
    Treatment,
)
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say

from .making import AT, START, day, score
from .shelf import TITLE, Shelf, add, alter

TODAY = day(400)
BORN = date(1980, 2, 29)
ADA = Patient(id="p", code="P-1", date_of_birth=BORN)
BEA = Patient(id="q", code="P-2")
COURSE = Course(id="c", patient="p", start=START)
ENDED = replace(COURSE, end=day(100))
SESSION = Session(id="s", patient="p", course="c", date=START, entered=AT)
HERS = Course(id="h", patient="q", start=START)
FIRST, RECURRENT, CHRONIC = Presentation


def session(number, **fields):
    return Session(**{"patient": "p", "course": "c", "date": day(number), "entered": AT} | fields)


def risk(**fields):
    return RiskRecord(**{"patient": "p", "opened": day(0), "entered": AT} | fields)


def review(**fields):
    given = {"patient": "p", "risk": "r", "date": day(0), "asked": "a", "found": "f", "entered": AT}
    return RiskReview(**given | fields)


def refused(shelf: Shelf, edit: Edit) -> tuple[str | None, str]:
    with pytest.raises(Refusal) as caught:
        check(edit, shelf.read, today=TODAY)
    return caught.value.field, say(caught.value.what)


def taken(shelf: Shelf, edit: Edit) -> None:
    check(edit, shelf.read, today=TODAY)
    shelf.write(edit)


# Days

PAST = {
    "start": lambda when: Course(patient="p", start=when),
    "end": lambda when: Course(patient="p", end=when),
    "date": lambda when: Event(patient="p", date=when, text="moved house", entered=AT),
    "treatment start": lambda when: Treatment(patient="p", drug="sertraline", start=when),
    "treatment end": lambda when: Treatment(patient="p", drug="sertraline", end=when),
    "episode start": lambda when: Episode(patient="p", start=when, entered=AT),
    "opened": lambda when: risk(opened=when),
    "closed": lambda when: risk(opened=min(when, START), closed=when, closing_note="n"),
    "risk date": lambda when: review(date=when),
    "done": lambda when: FollowUp(patient="p", course="c", due=day(1), done=when),
}
AHEAD = {
    "next_date": lambda when: session(0, date=min(when, START), next_date=when),
    "again": lambda when: review(date=min(when, START), again=when),
    "due": lambda when: FollowUp(patient="p", course="e", due=when),
}


@pytest.mark.parametrize("name", PAST)
def test_what_has_happened_lies_between_birth_and_today(name):
    shelf = Shelf(ADA, risk(id="r"))
    field = name.split()[-1]
    for wrong, words in ((TODAY + timedelta(1), "future"), (BORN - timedelta(1), "born"), (date(1899, 1, 1), "long")):
        named, said = refused(shelf, add(PAST[name](wrong)))
        # A record closed too early was opened too early.
        assert named == ("opened" if field == "closed" and wrong < START else field)
        assert words in said
    for right in (TODAY, BORN):
        check(add(PAST[name](right)), shelf.read, today=TODAY)


@pytest.mark.parametrize("name", AHEAD)
def test_what_is_planned_may_lie_ahead_within_reason(name):
    shelf = Shelf(ADA, risk(id="r"))
    check(add(AHEAD[name](TODAY + timedelta(365))), shelf.read, today=TODAY)
    check(add(AHEAD[name](date(2199, 12, 31))), shelf.read, today=TODAY)
    field, words = refused(shelf, add(AHEAD[name](date(2200, 1, 1))))
    assert (field, "too far ahead" in words) == (name, True)


def test_a_day_that_stays_is_not_checked_again():
    """An old file, or a clock set back: the rest of the record can still be corrected."""
    for name, make in PAST.items():
        wrong = make(TODAY + timedelta(3))
        if isinstance(wrong, Event):
            taken(Shelf(ADA, wrong), alter(wrong, replace(wrong, text="other")))
            assert refused(Shelf(ADA, wrong), alter(wrong, replace(wrong, date=TODAY + timedelta(2))))[0] == "date"
        elif isinstance(wrong, Treatment):
            taken(Shelf(ADA, wrong), alter(wrong, replace(wrong, note=name)))
    withdrawn = Event(patient="p", date=TODAY + timedelta(3), text="t", entered=AT, withdrawn="x")
    assert refused(Shelf(ADA, withdrawn), alter(withdrawn, replace(withdrawn, withdrawn=None)))[0] == "date"


@pytest.mark.parametrize("name", PAST)
def test_a_birth_after_any_record_is_refused(name):
    when = day(50)
    shelf = Shelf(ADA, PAST[name](when))
    earliest = min(d for d in vars(PAST[name](when)).values() if type(d) is date)
    taken(shelf, alter(ADA, older := replace(ADA, date_of_birth=earliest)))
    if name != "done":  # its due day is a plan, and holds no birth back
        field, words = refused(shelf, alter(older, replace(older, date_of_birth=earliest + timedelta(1))))
        assert (field, "before this date of birth" in words) == ("date_of_birth", True)


# Whose is it?


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (session(0, course="h"), "course"),
        (score(0, 9, course="h"), "course"),
        (score(0, 9, session="hs"), "session"),
        (Outcome(patient="p", course="h"), "course"),
        (FollowUp(patient="p", course="h", due=day(300)), "course"),
        (risk(assessment="ha"), "assessment"),
        (review(risk="hr"), "risk"),
        (Course(patient="p", end=day(1), baseline="ha", baseline_reason="better"), "baseline"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_records_of_one_patient_refer_to_that_patients(record, field):
    hers = (
        session(0, id="hs", patient="q", course="h"),
        score(0, 9, id="ha", patient="q", course="h"),
        risk(id="hr", patient="q"),
    )
    shelf = Shelf(ADA, BEA, COURSE, HERS, *hers)
    named, words = refused(shelf, add(record))
    assert named == field
    assert "another patient's" in words


def test_an_outcomes_baseline_is_points_and_no_reference():
    taken(Shelf(ADA, ENDED), add(Outcome(patient="p", course="c", baseline=19)))


def test_a_record_moves_with_what_belongs_to_it():
    answer = score(0, 9, id="a", session="s")
    shelf = Shelf(ADA, BEA, COURSE, HERS, SESSION, answer)
    moved = replace(SESSION, patient="q", course="h")
    assert "move them as well" in refused(shelf, alter(SESSION, moved))[1]
    alone = replace(answer, patient="q", course="h", session=None)
    taken(Shelf(*shelf.records.values()), alter(answer, alone))
    together = Edit(TITLE, (Step(SESSION, moved), Step(answer, replace(alone, session="s"))))
    taken(shelf, together)
    taken(shelf, together.inverse())


def test_nobody_unknown():
    assert "not in the caseload" in refused(Shelf(), add(score(0, 9)))[1]


# Courses side by side


def test_one_open_course():
    open_already = "There is already an open course of care. End it first."
    for other in (COURSE, replace(COURSE, start=None)):
        assert refused(Shelf(ADA, other), add(Course(patient="p", start=day(9)))) == ("start", open_already)
        assert refused(Shelf(ADA, other), add(Course(patient="p"))) == ("start", open_already)
    later = Course(patient="p", start=day(200))
    assert refused(Shelf(ADA, ENDED, later), alter(ENDED, COURSE)) == ("end", open_already)
    assert refused(Shelf(ADA), add(COURSE, later)) == ("start", open_already)
    taken(Shelf(ADA, COURSE), Edit(TITLE, (Step(COURSE, ENDED), Step(None, later))))
    taken(Shelf(ADA, replace(COURSE, withdrawn="x")), add(later))
    taken(Shelf(ADA, BEA, COURSE), add(HERS))


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        (-50, -1, None),
        (-50, 0, None),  # touching on the first day
        (100, 120, None),  # and on the last
        (101, 120, None),
        (-50, 1, "start"),
        (99, 120, "start"),
        (10, 20, "start"),
        (-50, 120, "start"),
        (99, None, "start"),
        (100, None, None),
        (None, None, None),  # waiting: from now on
    ],
)
def test_courses_do_not_lie_over_each_other(start, end, field):
    fields = {"start": None if start is None else day(start), "end": None if end is None else day(end)}
    shelf = Shelf(ADA, ENDED)
    if field is None:
        taken(shelf, add(Course(patient="p", **fields)))
    else:
        named, words = refused(shelf, add(Course(patient="p", **fields)))
        assert (named, words) == (field, "This course of care lies over another one, 1 Jan 2024 to 10 Apr 2024.")


def test_an_end_moved_over_the_next_course():
    later = Course(id="d", patient="p", start=day(120), end=day(200))
    shelf = Shelf(ADA, ENDED, later)
    taken(shelf, alter(ENDED, moved := replace(ENDED, end=day(120))))
    assert refused(shelf, alter(moved, replace(moved, end=day(121))))[0] == "end"
    assert refused(shelf, alter(later, replace(later, start=day(119))))[0] == "start"


def test_a_week_zero_that_follows_the_sessions_counts():
    undated = Course(id="d", patient="p")
    shelf = Shelf(ADA, ENDED, undated)
    assert refused(shelf, add(session(99, course="d")))[0] == "date"
    taken(shelf, add(session(99, course="d", attendance=Attendance.DID_NOT_ATTEND)))
    taken(shelf, add(session(100, course="d")))
    assert refused(shelf, add(session(40, course="d")))[0] == "date"
    moved = session(150, course="d", id="m")
    taken(shelf, add(moved))
    assert refused(shelf, alter(moved, replace(moved, date=day(50))))[0] == "date"
    early = Course(patient="p", start=day(90), end=day(110))
    assert "lies over" in refused(Shelf(ADA, undated, session(100, course="d")), add(early))[1]


def test_a_file_that_breaks_the_rules_can_be_put_right():
    one, two = Course(id="1", patient="p", start=day(0)), Course(id="2", patient="p", start=day(50))
    shelf = Shelf(ADA, one, two)
    taken(shelf, alter(one, earlier := replace(one, start=day(-3))))
    taken(shelf, alter(earlier, goals := replace(earlier, goals="sleep")))
    taken(shelf, alter(goals, ended := replace(goals, end=day(100))))
    taken(shelf, alter(ended, replace(ended, end=day(50))))
    assert refused(shelf, alter(two, replace(two, start=day(49))))[0] == "start"


def test_a_course_drawn_over_another_in_an_old_file_takes_further_sessions():
    undated = Course(id="d", patient="p")
    taken(Shelf(ADA, ENDED, undated, session(50, course="d")), add(session(60, course="d")))


# Sessions, follow-ups, presentation


def test_a_session_before_the_course():
    shelf = Shelf(ADA, COURSE, ok := session(0, id="s"))
    words = "This session is before the course's week 0, 1 Jan 2024."
    assert refused(shelf, add(session(-1))) == ("date", words)
    assert refused(shelf, alter(ok, replace(ok, date=day(-1)))) == ("date", words)
    taken(shelf, add(missed := session(-3, attendance=Attendance.DID_NOT_ATTEND)))
    assert refused(shelf, alter(missed, replace(missed, attendance=Attendance.ATTENDED))) == ("date", words)
    named, said = refused(shelf, alter(COURSE, replace(COURSE, start=day(1))))
    assert (named, said) == ("start", "There is a session of 1 Jan 2024, before this week 0.")
    taken(shelf, alter(COURSE, replace(COURSE, start=day(-30))))


def test_a_session_before_the_course_in_an_old_file():
    shelf = Shelf(ADA, COURSE, old := session(-5, id="o"))
    taken(shelf, alter(old, noted := replace(old, note="typed late")))
    taken(shelf, alter(COURSE, goals := replace(COURSE, goals="sleep")))
    taken(shelf, alter(goals, replace(goals, start=day(3))))
    assert refused(shelf, alter(noted, replace(noted, date=day(-4))))[0] == "date"


def test_sessions_after_the_end_are_follow_ups():
    taken(Shelf(ADA, ENDED), add(session(150)))


def test_a_follow_up_comes_after_the_end():
    shelf = Shelf(ADA, ENDED)
    words = "A follow-up comes after the end of the course, 10 Apr 2024."
    for number in (99, 100):
        assert refused(shelf, add(FollowUp(patient="p", course="c", due=day(number)))) == ("due", words)
    plan = FollowUp(patient="p", course="c", due=day(101))
    assert refused(shelf, add(replace(plan, done=day(100)))) == ("done", words)
    taken(shelf, add(plan))
    taken(Shelf(ADA, COURSE), add(plan))


def test_a_first_episode_is_not_recurrent():
    both = replace(COURSE, presentation=(FIRST, RECURRENT))
    assert refused(Shelf(ADA), add(both)) == ("presentation", "A first episode cannot be recurrent.")
    taken(Shelf(ADA), add(replace(COURSE, presentation=(FIRST, CHRONIC))))
    taken(Shelf(ADA), add(replace(COURSE, presentation=(RECURRENT, CHRONIC))))
    taken(Shelf(ADA, both), alter(both, replace(both, goals="sleep")))


# How much is read


def test_logging_a_session_reads_no_sessions():
    for course in (COURSE, replace(COURSE, start=None), ENDED):
        shelf = Shelf(ADA, course)
        new = session(150, id="n")
        check(add(new, score(150, 9, session="n")), shelf.read, today=TODAY)
        assert sorted(shelf.reads) == ["course", "patient"]


def test_correcting_a_note_or_an_answer_reads_nothing():
    answer = Assessment(patient="p", course="c", date=START, answers=(1,) * 9, entered=AT)
    shelf = Shelf(ADA, COURSE, SESSION, answer)
    check(alter(SESSION, replace(SESSION, note="n")), shelf.read, today=TODAY)
    check(alter(answer, replace(answer, answers=(2,) * 9)), shelf.read, today=TODAY)
    assert shelf.reads == []


def test_a_long_import_reads_once_a_patient():
    shelf = Shelf(ADA, COURSE)
    check(add(*(score(number, 9) for number in range(300))), shelf.read, today=TODAY)
    assert len(shelf.reads) == 2
