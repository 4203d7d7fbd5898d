"""The gist says on any day what the summary, the risk and what is due say; and a row's place follows from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.demo.stories import STORIES
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.due import DueKind, due, next_appointment
from trdtrack.domain.gist import Gist, packed, unpacked
from trdtrack.domain.gist_facts import NOTE_LETTERS, TOTALS, gist_of
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.people import natural
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.place import (
    Rank,
    follow_ups_on,
    next_on,
    place_of,
    prorated_on,
    reviews_on,
    sessions_left,
    signal_on,
    why_here,
)
from trdtrack.domain.records import (
    Assessment,
    Attendance,
    Clinic,
    Course,
    EndReason,
    Episode,
    FollowUp,
    Known,
    Modality,
    Patient,
    RiskRecord,
    RiskReview,
    Rules,
    Session,
)
from trdtrack.domain.risk import risk_state
from trdtrack.domain.signals import Signal
from trdtrack.domain.summary import summarise
from trdtrack.evidence import default_benchmark
from trdtrack.words import say

from .making import AT, COURSE, PATIENT, START, asked, day, score, weekly

DAYS = st.integers(0, 420)
CLINIC = Clinic()


def gist(*records: Any, patient: Patient = PATIENT, rules: Rules | None = None) -> Gist:
    dossier = Dossier.of(patient, records)
    return gist_of(dossier, benchmark=default_benchmark(), rules=rules or Rules(), clinic=CLINIC)


def session(number: int, **fields: Any) -> Session:
    return Session(**{"patient": "p", "course": "c", "date": day(number), "entered": AT} | fields)


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    """A patient with what may be on record, in every order; all of it happened by day 420."""
    patient = replace(
        PATIENT,
        date_of_birth=draw(st.sampled_from([None, date(1980, 1, 1), date(2007, 1, 1)])),
        bipolar=draw(st.sampled_from([Known.NOT_RECORDED, Known.NOT_RECORDED, Known.YES])),
        closed=draw(st.sampled_from([None, None, day(100), day(500)])),
    )
    records: list[Any] = []
    for name in draw(st.sampled_from([(), ("c",), ("c",), ("c", "d")])):
        start = draw(st.none() | DAYS)
        end = draw(st.none() | st.integers(start or 0, 420))
        records.append(
            Course(
                id=name,
                patient="p",
                start=None if start is None else day(start),
                end=None if end is None else day(end),
                end_reason="" if end is None else draw(st.sampled_from(["", "completed", "completed", "died"])),
                modality=draw(st.sampled_from(Modality)),
                planned_sessions=draw(st.none() | st.integers(1, 8)),
                review_months=draw(st.sampled_from([(), (1, 2, 4), (6,)])),
            )
        )
        moments = st.integers(0, 400).map(lambda hours: AT + timedelta(hours=hours))
        for number in draw(st.lists(DAYS, max_size=8)):
            ahead = draw(st.none() | st.integers(number, number + 60))
            records.append(
                session(
                    number,
                    course=name,
                    attendance=draw(st.sampled_from(Attendance)),
                    next_date=None if ahead is None else day(ahead),
                    next_time="" if ahead is None else draw(st.sampled_from(["", "14:30"])),
                    review=draw(st.booleans()),
                    finished=draw(st.booleans()),
                    note=draw(st.sampled_from(["", "Slept badly. Went out."])),
                    entered=draw(moments),
                )
            )
        for number in draw(st.lists(DAYS, max_size=9)):
            answers = draw(st.none() | st.tuples(*[st.sampled_from([0, 1, 2, 3, None])] * 8, st.sampled_from([0, 1])))
            total = draw(st.integers(0, 27)) if answers is None else None
            fields = {"patient": "p", "course": name, "answers": answers, "total": total, "entered": draw(moments)}
            records.append(Assessment(date=day(number), **fields))
        for due_on, done in draw(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=3)):
            done_on = None if done is None else day(done)
            records.append(FollowUp(patient="p", course=name, due=day(due_on), done=done_on))
    for number in draw(st.lists(DAYS, max_size=2)):
        closed = draw(st.none() | st.integers(number, 420))
        note = "" if closed is None else "seen"
        record = RiskRecord(
            patient="p",
            opened=day(number),
            closed=None if closed is None else day(closed),
            closing_note=note,
            entered=AT,
        )
        records.append(record)
        again = draw(st.none() | st.integers(number, 420))
        when = None if again is None else day(again)
        looked = {"asked": "plans", "found": "none", "item9": draw(st.sampled_from([None, 1]))}
        records.append(RiskReview(patient="p", risk=record.id, date=day(number), again=when, entered=AT, **looked))
    if draw(st.booleans()):
        records.append(Episode(patient="p", psychotic=draw(st.sampled_from(Known)), entered=AT))
    return Dossier.of(patient, records)


def agrees(dossier: Dossier, today: date, rules: Rules) -> Gist:
    """The gist says on this day what everything else says of the patient."""
    course = dossier.current_course
    benchmark = default_benchmark() if course else None
    g = gist_of(dossier, benchmark=benchmark, rules=rules, clinic=CLINIC)
    assert (g.patient, g.code, g.name) == (dossier.patient.id, dossier.patient.code, dossier.patient.name)
    state = risk_state(dossier, today=today)
    known = state.item9 if isinstance(state.item9, int) else None
    assert (g.risk_open, g.risk_due, g.risk_again, g.item9) == (len(state.open), state.asking, state.again, known)
    asked_for = due(dossier, clinic=CLINIC, today=today)
    days = {what: sorted(d.day for d in asked_for if d.what is what) for what in DueKind}
    assert sorted(g.unfinished) == days[DueKind.NOT_FINISHED]
    assert sorted(reviews_on(g, today)) == days[DueKind.COURSE_REVIEW]
    assert sorted(follow_ups_on(g, today)) == days[DueKind.FOLLOW_UP]
    coming = next_appointment(dossier, today)
    assert next_on(g, today) == ((coming.next_date, coming.next_time) if coming else None)
    if course is None:
        assert (g.course, g.totals, signal_on(g, today)[1].text) == ("", (), "no course yet")
        return g
    s = summarise(dossier, course, benchmark=default_benchmark(), rules=rules, today=today)
    assert signal_on(g, today) == (s.standing.signal, s.standing.why)
    assert say(signal_on(g, today)[1]) == say(s.standing.why)
    assert (g.course, g.modality, g.week_zero, g.attended) == (course.id, course.modality, s.week_zero, s.attended)
    assert g.latest == (s.latest.total if s.latest else None)
    assert g.latest_date == (s.latest.date if s.latest else None)
    assert (g.change, prorated_on(g, today), g.lines_start) == (s.change, s.prorated, s.lines_start)
    assert g.baseline == (s.baseline.point.total if s.baseline else None)
    assert g.latest_prorated is bool(s.latest and s.latest.score.completeness is Completeness.PRORATED)
    assert g.benchmark == ((s.benchmark.name, s.benchmark.version) if s.benchmark else ("", ""))
    assert g.totals[-1:] == ((g.latest_date, g.latest),) * bool(s.latest)
    return g


@given(dossiers(), st.integers(420, 900), st.sampled_from([Rules(), Rules(reliable_change=8, prorate=False)]))
def test_on_any_day_the_gist_says_what_the_record_says(dossier, today, rules):
    agrees(dossier, day(today), rules)


@given(dossiers(), st.integers(-30, 900))
def test_what_is_due_agrees_on_days_gone_by_as_well(dossier, today):
    course = dossier.current_course
    g = gist_of(dossier, benchmark=default_benchmark() if course else None, rules=Rules(), clinic=CLINIC)
    asked_for = due(dossier, clinic=CLINIC, today=day(today))
    found = Counter(d.day for d in asked_for if d.what in {DueKind.COURSE_REVIEW, DueKind.FOLLOW_UP})
    assert Counter([*reviews_on(g, day(today)), *follow_ups_on(g, day(today))]) == found
    coming = next_appointment(dossier, day(today))
    assert next_on(g, day(today)) == ((coming.next_date, coming.next_time) if coming else None)


def test_the_demo_agrees(tmp_path):
    from trdtrack.demo import make_demo  # noqa: PLC0415 - the one test that opens a file

    at = datetime(2026, 11, 20, 9, 30).astimezone()
    caseload = make_demo(at=at, folder=tmp_path)
    dossiers = [caseload.dossier(p.id) for p in caseload.patients()]
    caseload.close()
    assert len(dossiers) >= len(STORIES)
    for ahead in (0, 1, 8, 40, 400):
        today = at.date() + timedelta(days=ahead)
        signals = {signal_on(agrees(dossier, today, Rules()), today)[0] for dossier in dossiers}
        assert signals >= {Signal.ENDED, Signal.REVIEW, Signal.NO_RECENT_SCORE}


def test_an_appointment_named_before_the_last_comes_back_once_that_is_missed():
    planned = session(0, next_date=day(60), next_time="09:00")
    g = gist(
        COURSE,
        planned,
        session(7, attendance=Attendance.DID_NOT_ATTEND, next_date=day(14), entered=AT + timedelta(days=7)),
    )
    assert next_on(g, day(14)) == (day(14), "")
    assert next_on(g, day(15)) == (day(60), "09:00")
    assert next_on(g, day(61)) is None


def test_the_last_totals_begin_with_the_baseline():
    g = gist(COURSE, *weekly(*range(20, 0, -1)))
    assert len(g.totals) == TOTALS
    assert g.totals[0] == (START, 20)
    assert [total for _, total in g.totals[1:]] == list(range(11, 0, -1))
    assert [total for _, total in gist(COURSE, *weekly(*range(TOTALS))).totals] == list(range(TOTALS))


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("", ""),
        ("Slept badly. Went out.", "Slept badly."),
        ("  Slept 4.5 hours\nWent out.", "Slept 4.5 hours"),
        ("Why not? Because.", "Why not?"),
        ("no stop at all", "no stop at all"),
    ],
)
def test_the_first_sentence_of_the_last_note(note, said):
    told = gist(COURSE, session(0, note="Older."), session(7, note=note), session(14))
    assert told.last_note == (said or "Older.")


def test_a_long_sentence_is_cut_between_words():
    told = gist(COURSE, session(0, note="word " * 100)).last_note
    assert len(told) <= NOTE_LETTERS
    assert told.endswith("word\N{HORIZONTAL ELLIPSIS}")


RAISED = asked(0, 1, 1, 1, 1, 1, 1, 1, 1, 2, id="a")
OPEN = RiskRecord(id="r", patient="p", opened=day(0), entered=AT)
PLANNED = replace(COURSE, planned_sessions=8)
FLAT = weekly(*[19] * 14)


@pytest.mark.parametrize(
    ("records", "today", "rank", "why"),
    [
        ([COURSE, RAISED, OPEN], 3, Rank.RISK, "open risk: item 9 answered 2, to be answered"),
        ([COURSE, OPEN], 3, Rank.RISK, "open risk record"),
        ([COURSE, score(0, 12), score(7, 18)], 8, Rank.REVIEW, "review: 6 points above baseline"),
        ([COURSE, *FLAT], 91, Rank.PLATEAU, "plateau: little change for 8 weeks: a reason to think, not a failure"),
        ([COURSE, score(0, 19)], 29, Rank.NO_RECENT_SCORE, "no recent score: the latest is 29 days old"),
        ([COURSE, score(70, 19)], 84, Rank.DUE, "review of the course due on 1 Apr 2024"),
        (
            [replace(COURSE, end=day(60)), FollowUp(patient="p", course="c", due=day(90))],
            83,
            Rank.DUE,
            "follow-up due on 31 Mar 2024",
        ),
        (
            [replace(COURSE, planned_sessions=3), score(0, 19), session(0)],
            8,
            Rank.ENDING,
            "ending soon: 2 planned sessions left",
        ),
        (
            [replace(COURSE, planned_sessions=1), session(0), session(7)],
            8,
            Rank.ENDING,
            "ending soon: 0 planned sessions left",
        ),
        (
            [PLANNED, *weekly(*[19] * 9)[:9], score(70, 25)],
            71,
            Rank.REVIEW,
            "review: 6 points above baseline",
        ),
        (
            [PLANNED, *weekly(19, 19, 19, 19, 19, 19, 19, 20, 21)],
            57,
            Rank.SLOWER,
            "slower than average: above the middle half of the expected range",
        ),
        ([COURSE, score(0, 19)], 8, Rank.REST, "nothing presses: before week 4"),
        ([replace(COURSE, end=day(60)), score(0, 19)], 800, Rank.REST, "the course has ended"),
        ([], 8, Rank.REST, "no course yet"),
    ],
)
def test_every_rank(records, today, rank, why):
    found = gist(*records)
    assert (place_of(found, day(today)).rank, say(why_here(found, day(today)))) == (rank, why)


def test_an_open_risk_of_a_dead_patient_asks_nothing_and_does_not_raise_the_row():
    died = replace(COURSE, end=day(60), end_reason=EndReason.DIED)
    g = gist(died, RAISED, OPEN, session(60, finished=False))
    assert g.risk_open == 1
    assert (g.risk_due, g.unfinished) == (None, ())
    assert place_of(g, day(61)).rank == Rank.REST
    assert say(why_here(g, day(61))) == "died"


def test_a_patient_no_longer_in_care_is_raised_by_open_risk_alone():
    closed = replace(PATIENT, closed=day(60))
    rising = [PLANNED, score(0, 12), score(7, 20)]
    assert place_of(gist(*rising, patient=closed), day(59)).rank == Rank.REVIEW
    assert place_of(gist(*rising, patient=closed), day(60)).rank == Rank.REST
    assert sessions_left(gist(*rising, patient=closed), day(60)) is None
    assert place_of(gist(*rising, OPEN, patient=closed), day(60)).rank == Rank.RISK


def test_within_a_rank_the_most_pressing_comes_first_and_then_the_code():
    def named(code: str, *records: Any) -> Gist:
        return gist(*records)._replace(code=code, sort=natural(code))

    today = day(64)
    high = [PLANNED, *weekly(19, 19, 19, 19, 19, 19, 19, 24, 24)]
    expected = [
        named("P-4", COURSE, RAISED, OPEN),
        named("P-3", COURSE, OPEN),
        named("P-2", PLANNED, score(0, 12), score(56, 20)),
        named("P-1", PLANNED, score(0, 12), score(56, 18)),
        named("P-8", *high),
        named("P-0", PLANNED, score(0, 19)),
        named("P-9", PLANNED, score(50, 19)),
        named("P-10", PLANNED, score(50, 19)),
        named("P-5", replace(COURSE, end=day(10)), score(0, 19)),
    ]
    assert signal_on(expected[4], today)[0] is Signal.REVIEW
    keys = [place_of(g, today) for g in expected]
    assert all(a < b for a, b in pairwise(keys))


@given(st.lists(dossiers(), min_size=2, max_size=4), st.integers(0, 500))
def test_places_can_always_be_compared(found, today):
    gists = [gist_of(d, benchmark=default_benchmark(), rules=Rules(), clinic=CLINIC) for d in found]
    coded = [g._replace(code=code, sort=natural(code)) for g, code in zip(gists, ("P-1", "7", "Ä2", "x"), strict=False)]
    ranked = [place_of(g, day(today)) for g in coded]
    assert [p.rank for p in sorted(ranked)] == sorted(p.rank for p in ranked)


def test_codes_are_read_as_people_read_them():
    assert sorted(["P-10", "p-9", "P-1a", "9", "\u00b2"], key=natural) == ["9", "P-1a", "p-9", "P-10", "\u00b2"]


@given(st.lists(st.tuples(st.integers(0, 10**12), st.sampled_from("abß")), min_size=2, max_size=2))
def test_numbers_in_codes_sort_by_size(pairs):
    one, other = pairs
    assert (natural(f"P-{one[0]}{one[1]}") < natural(f"P-{other[0]}{other[1]}")) is (one < other)


@pytest.mark.parametrize(
    "what",
    [
        message("no score yet"),
        message("{why}, seen on {day}", why=plural("{n} point", "{n} points", 6), day=START),
        message("{text} {number}", text='say "ä"', number=7),
    ],
)
def test_a_message_reads_back_as_it_was_packed(what: Message):
    assert unpacked(packed(what)) == what
    assert say(unpacked(packed(what))) == say(what)


def test_a_row_that_rests_on_a_prorated_total_says_so():
    gap = asked(56, None, 3, 3, 3, 3, 3, 3, 3, 0)
    g = gist(PLANNED, score(0, 12), gap)
    assert (g.latest, g.latest_prorated, g.change_prorated) == (24, True, True)
    assert say(why_here(g, day(57))) == "review: 12 points above baseline, prorated"
    whole = gist(PLANNED, score(0, 12), score(56, 24))
    assert say(why_here(whole, day(57))) == "review: 12 points above baseline"
