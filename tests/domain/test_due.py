"""What is due on a day, in which order, and what is not asked for any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.due import DueKind, due, next_appointment
from trdtrack.domain.months import months_later
from trdtrack.domain.records import Attendance, Clinic, Course, EndReason, FollowUp, RiskRecord, RiskReview, Session
from trdtrack.domain.risk import risk_state
from trdtrack.words import say

from .making import AT, COURSE, PATIENT, asked, day

REVIEWED = replace(COURSE, review_months=(3, 6, 9, 12))
"""Week 0 is 1 Jan 2024: reviews on 1 Apr, 1 July, 1 Oct 2024 and 1 Jan 2025."""
END = date(2024, 4, 30)
ENDED = replace(COURSE, end=END, end_reason=EndReason.COMPLETED)
RISK = RiskRecord(id="r", patient="p", opened=day(0), entered=AT)
NINE = asked(0, 1, 1, 1, 1, 1, 1, 1, 1, 2, id="a")


def session(when, **fields):
    return Session(**{"patient": "p", "course": "c", "date": when, "entered": AT} | fields)


def found(*records, today, patient=PATIENT, clinic=None, state=None):
    return due(Dossier.of(patient, records), clinic=clinic or Clinic(), today=today, state=state)


def kinds(*records, today, **more):
    return [d.what for d in found(*records, today=today, **more)]


def test_nothing_is_due_where_nothing_is():
    assert found(today=day(0)) == []
    assert found(COURSE, session(day(0)), today=day(1)) == []


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2024, 3, 24), None),
        (date(2024, 3, 25), (3, False)),
        (date(2024, 4, 1), (3, False)),
        (date(2024, 4, 2), (3, True)),
        (date(2024, 6, 23), (3, True)),
        (date(2024, 6, 24), (6, False)),
        (date(2026, 1, 1), (12, True)),
    ],
)
def test_the_review_of_a_course(today, expected):
    reviews = found(REVIEWED, today=today)
    assert [(r.what, r.record, r.patient) for r in reviews] == [(DueKind.COURSE_REVIEW, "c", "p")] * bool(expected)
    if expected:
        months, overdue = expected
        assert reviews[0].day == months_later(date(2024, 1, 1), months)
        assert reviews[0].overdue is overdue
        assert say(reviews[0].words) == f"review of the course at {months} months"


@pytest.mark.parametrize(
    ("held", "today", "asked_for"),
    [
        (date(2024, 3, 3), date(2024, 4, 10), True),  # 29 days before
        (date(2024, 3, 4), date(2024, 4, 10), False),
        (date(2024, 6, 2), date(2024, 6, 3), False),  # the day before the next one's time
        (date(2024, 6, 3), date(2024, 6, 10), True),
        (date(2024, 6, 3), date(2024, 6, 24), False),  # it counts as the second
        (date(2024, 4, 1), date(2024, 6, 24), True),
        (date(2024, 7, 1), date(2024, 9, 1), False),  # the first was missed, and is not asked for again
        (date(2030, 1, 1), date(2030, 1, 1), False),  # the last goes on
    ],
)
def test_a_review_is_held_in_a_session_marked_so(held, today, asked_for):
    assert bool(found(REVIEWED, session(held, review=True), today=today)) is asked_for
    assert found(REVIEWED, session(held), today=today)
    missed = session(held, review=True, attendance=Attendance.DID_NOT_ATTEND)
    assert found(REVIEWED, missed, today=today)


def test_reviews_follow_the_first_session_and_the_clinics_months():
    undated = replace(COURSE, start=None)
    assert kinds(undated, today=date(2026, 1, 1)) == []
    assert kinds(undated, session(day(0)), today=date(2024, 3, 24)) == []
    assert kinds(undated, session(day(0)), today=date(2024, 3, 25)) == [DueKind.COURSE_REVIEW]
    assert kinds(COURSE, today=date(2024, 1, 30), clinic=Clinic(review_months=(1,))) == [DueKind.COURSE_REVIEW]
    assert say(found(COURSE, today=date(2024, 2, 1), clinic=Clinic(review_months=(1,)))[0].words).endswith("1 month")
    assert kinds(replace(REVIEWED, end=date(2024, 3, 30)), today=date(2024, 4, 1)) == []


def test_follow_ups_until_done_or_a_newer_course():
    plan = FollowUp(id="f", patient="p", course="c", due=date(2024, 5, 30))
    assert kinds(ENDED, plan, today=date(2024, 5, 22)) == []
    [first] = found(ENDED, plan, today=date(2024, 5, 23))
    assert (first.what, first.day, first.record, first.overdue) == (DueKind.FOLLOW_UP, plan.due, "f", False)
    assert say(first.words) == "follow-up of 30 May 2024"
    assert not found(ENDED, plan, today=plan.due)[0].overdue
    assert found(ENDED, plan, today=date(2024, 5, 31))[0].overdue
    assert kinds(ENDED, replace(plan, done=date(2024, 5, 25)), today=date(2024, 6, 1)) == []
    assert kinds(replace(ENDED, withdrawn="x"), plan, today=date(2024, 6, 1)) == []
    newer = Course(id="d", patient="p", review_months=(60,))
    assert kinds(ENDED, plan, newer, today=date(2024, 6, 1)) == [DueKind.FOLLOW_UP]
    assert kinds(ENDED, plan, replace(newer, start=date(2024, 5, 20)), today=date(2024, 6, 1)) == []
    earlier = replace(newer, start=date(2020, 1, 1), end=date(2021, 1, 1))
    assert kinds(ENDED, plan, earlier, today=date(2024, 6, 1)) == [DueKind.FOLLOW_UP]


EVERYTHING = (
    replace(REVIEWED, id="e", start=date(2023, 1, 1)),
    ENDED,
    RISK,
    NINE,
    RiskReview(patient="p", risk="r", date=day(-1), item9=1, asked="a", found="f", again=day(20), entered=AT),
    session(day(9), id="later", finished=False),
    session(day(5), id="earlier", finished=False),
    FollowUp(id="f2", patient="p", course="e", due=date(2024, 4, 25)),
    FollowUp(id="f1", patient="p", course="e", due=date(2024, 4, 24)),
)
TODAY = date(2024, 4, 28)
ORDER = [
    (DueKind.RISK_UNANSWERED, "a"),
    (DueKind.RISK_LOOK_AGAIN, "r"),
    (DueKind.NOT_FINISHED, "earlier"),
    (DueKind.NOT_FINISHED, "later"),
    (DueKind.COURSE_REVIEW, "e"),
]


def test_the_order_and_the_words():
    # The follow-ups belong to a course that a newer one has followed.
    things = found(*EVERYTHING, today=TODAY)
    assert [(d.what, d.record) for d in things] == ORDER
    assert [say(d.words) for d in things] == [
        "item 9 answered 2: to be answered",
        "look at the risk again",
        "session of 6 Jan 2024 not finished",
        "session of 10 Jan 2024 not finished",
        "review of the course at 12 months",
    ]
    assert all(d.overdue for d in things)
    alone = [r for r in EVERYTHING if r is not ENDED and getattr(r, "course", "") != "c"]
    follow_ups = [(DueKind.FOLLOW_UP, "f1"), (DueKind.FOLLOW_UP, "f2")]
    assert [(d.what, d.record) for d in found(*alone, today=TODAY)][-2:] == follow_ups


def test_what_is_of_today_is_not_overdue():
    new = replace(NINE, date=TODAY)
    look = RiskReview(patient="p", risk="r", date=day(-1), asked="a", found="f", again=TODAY, entered=AT)
    things = found(COURSE, RISK, new, look, session(TODAY, finished=False), today=TODAY)
    assert [d.overdue for d in things if d.what is not DueKind.COURSE_REVIEW] == [False] * 3


def test_a_state_known_already_is_taken():
    dossier = Dossier.of(PATIENT, EVERYTHING)
    state = risk_state(dossier, today=TODAY)
    assert due(dossier, clinic=Clinic(), today=TODAY, state=state) == due(dossier, clinic=Clinic(), today=TODAY)
    quiet = replace(state, due=None, again_due=False)
    assert due(dossier, clinic=Clinic(), today=TODAY, state=quiet)[0].what is DueKind.NOT_FINISHED


def test_a_patient_no_longer_in_care_is_asked_for_risk_and_notes_alone():
    closed = replace(PATIENT, closed=TODAY)
    assert [(d.what, d.record) for d in found(*EVERYTHING, today=TODAY, patient=closed)] == ORDER[:4]
    assert len(found(*EVERYTHING, today=TODAY, patient=replace(PATIENT, closed=TODAY + timedelta(1)))) == len(ORDER)


def test_death_ends_every_reminder():
    died = replace(ENDED, end_reason=EndReason.DIED)
    records = [died if r is ENDED else r for r in EVERYTHING]
    planned = session(TODAY, next_date=TODAY + timedelta(7))
    assert found(*records, planned, today=TODAY) == []
    assert next_appointment(Dossier.of(PATIENT, [*records, planned]), TODAY) is None


def test_the_next_appointment():
    def following(*sessions, today=10):
        return next_appointment(Dossier.of(PATIENT, [COURSE, *sessions]), day(today))

    first = session(day(0), next_date=day(14))
    assert following() is None
    assert following(session(day(0))) is None
    assert following(first) == first
    assert following(first, today=14) == first
    assert following(first, today=15) is None
    # Held earlier than planned, and nothing agreed: nothing is known to come.
    assert following(first, session(day(8))) is None
    later = session(day(8), next_date=day(21))
    assert following(first, later) == later
    # A session missed in between leaves it; one missed on the day was it.
    missed = Attendance.DID_NOT_ATTEND
    assert following(first, session(day(8), attendance=missed)) == first
    assert following(first, session(day(14), attendance=missed), today=14) is None
    assert following(first, replace(later, withdrawn="x")) == first
    # Of two, the one entered last.
    typed = session(day(0), next_date=day(12), entered=AT + timedelta(hours=1))
    assert following(first, typed) == typed


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 10, 31), 3, date(2025, 1, 31)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
        (date(2024, 11, 30), 1, date(2024, 12, 30)),
    ],
)
def test_months(start, months, expected):
    assert months_later(start, months) == expected


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_months_keep_the_day_where_there_is_one(start, months):
    later = months_later(start, months)
    assert (later.year - start.year) * 12 + later.month - start.month == months
    assert later.day == start.day or (later.day < start.day and (later + timedelta(1)).day == 1)
