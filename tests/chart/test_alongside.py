"""What the lanes hold, in days and in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chart.courses import AT, answers, beside, course, ended, event, full, phased, treatment, usual, week
from trdtrack.chart.alongside import LONGEST, letters, short
from trdtrack.chart.drawing import drawing
from trdtrack.chart.spoken import spoken
from trdtrack.chart.view import View
from trdtrack.domain.records import EndReason, Laterality, RiskRecord, RiskReview, Role


def lanes(summary, view=None):
    return drawing(summary, view).alongside


def raised(*answered, risks=(), reviews=(), **fields):
    """Item 9 week by week, and what was written down about it."""
    summary = course(*((n, answers(15, answer)) for n, answer in enumerate(answered)), **fields)
    return [m.unsettled for m in lanes(beside(summary, *risks, *reviews)).item9]


def review(when, item9, risk="r", hours=1):
    return RiskReview(
        patient="-", risk=risk, date=week(when), item9=item9, asked="a", found="f", entered=AT + timedelta(hours=hours)
    )


def record(opened, closed=None):
    return RiskRecord(
        id="r",
        patient="-",
        opened=week(opened),
        closed=None if closed is None else week(closed),
        closing_note="settled" if closed is not None else "",
        entered=AT,
    )


def test_a_raised_answer_is_unsettled_until_somebody_has_looked_at_it():
    assert raised(0, 1, 2) == [False, True, True]
    assert raised(0, 1, 2, reviews=[review(1, 1)]) == [False, False, True]
    assert raised(0, 1, 2, reviews=[review(2, 1)]) == [False, False, True]
    assert raised(0, 1, 2, reviews=[review(2, 2)]) == [False, False, False]


def test_a_look_before_the_answer_settles_nothing():
    assert raised(1, reviews=[review(0, 1, hours=-1)]) == [True]
    assert raised(1, reviews=[review(0, 1, hours=1)]) == [False]


def test_an_open_record_holds_every_raised_answer_since_it_was_opened_whoever_looked():
    assert raised(1, 1, 0, risks=[record(1)], reviews=[review(2, 3)]) == [False, True, False]
    assert raised(1, 1, 0, risks=[record(1, closed=2)]) == [True, False, False]


def test_after_a_death_open_records_stay_and_nothing_is_asked_for():
    ended_by = {"end": week(3), "end_reason": EndReason.DIED, "today": week(4)}
    assert raised(1, 1, **ended_by) == [False, False]
    assert raised(1, 1, risks=[record(1)], **ended_by) == [False, True]


def test_phases_are_runs_of_one_name_up_to_the_next():
    summary = course(*((n, 15) for n in range(6)))
    found = lanes(beside(summary, *phased(summary, "Activation", "activation ", "exposure", "", "exposure"))).phases
    assert [(p.name, p.x0, p.x1) for p in found] == [
        ("Activation", week(0).toordinal(), week(2).toordinal()),
        ("exposure", week(2).toordinal(), week(5).toordinal()),
    ]
    assert lanes(summary).phases == ()


def bars(*given, **fields):
    found = lanes(beside(course((0, 19), (8, 14), **fields), *given)).treatments
    return [(b.name, b.x0, b.x1, b.ongoing, b.torn) for b in found]


def day(number):
    return float(week(number).toordinal())


def test_a_treatment_lies_where_it_was_taken_and_shows_what_nobody_knows():
    assert bars(treatment("sertraline", "50 mg", since=1, until=3)) == [
        ("sertraline 50 mg", day(1), day(3), False, False)
    ]
    assert bars(treatment("sertraline", since=1, still_taken=True)) == [("sertraline", day(1), day(8), True, False)]
    assert bars(treatment("sertraline", until=3)) == [("sertraline", None, day(3), False, False)]
    assert bars(treatment("sertraline", still_taken=True)) == [("sertraline", None, day(8), True, False)]
    assert bars(treatment("sertraline", since=1, weeks=3)) == [("sertraline", day(1), day(4), False, True)]
    assert bars(treatment("sertraline", since=1)) == [("sertraline", day(1), day(5), False, True)]
    assert bars(treatment("sertraline", since=7)) == [("sertraline", day(7), day(8), False, True)]
    ect = treatment("", role=Role.ECT, since=1, until=2, laterality=Laterality.BILATERAL)
    assert bars(ect)[0][0] == "ECT, bilateral"


def test_a_treatment_outside_the_days_drawn_or_without_any_day_is_left_out():
    assert bars(treatment("sertraline", since=-90, until=-40)) == []
    assert bars(treatment("sertraline")) == []


def test_events_are_lettered_in_order_of_their_day():
    summary = beside(course((0, 19), (8, 14)), event(5, "second"), event(1, "first"), event(-30, "long ago"))
    assert [(e.letter, e.what) for e in lanes(summary).events] == [("A", "first"), ("B", "second")]
    assert [letters(n) for n in (0, 25, 26, 27, 51, 52, 701, 702)] == ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.parametrize("text", ["a\n b\t\u200f c", "x" * 100_000, "😀" * 5000, "שלום"])
def test_long_and_strange_words_take_one_line(text):
    line = short(text)
    assert len(line) <= LONGEST
    assert "\n" not in line
    assert short("a\n  b") == "a b"
    summary = beside(course((0, 19)), event(1, text), treatment(text[:4000], since=0, still_taken=True))
    assert lanes(summary).events[0].what == short(text)


def test_follow_ups_are_flags_and_the_picture_looks_ahead_to_the_next_one():
    figure = drawing(ended())
    flags = [(f.x, f.done) for f in figure.alongside.flags]
    assert flags == [(week(20.5).toordinal(), True), (day(29), True), (day(42), False)]
    assert day(42) < figure.end < day(68)
    assert figure.ended == day(16)


def test_a_course_still_open_has_no_end():
    assert drawing(usual()).ended is None
    assert drawing(course((0, 19), (2, 18), end=week(9))).ended is None


def test_the_lanes_are_said_in_words():
    summary = full()
    said = spoken(summary, drawing(summary, View(ahead=True, withdrawn=True)))
    assert said[0].startswith("PHQ-9 19 → 14 over 17 weeks")
    assert said[1].startswith("Forecast for week 26")
    assert said[2:] == [
        "Item 9 open or not yet reviewed: 1 on 31 Mar 2026",
        "Sessions: 11 attended, 2 not",
        "Phases: activation from 13 Jan 2026, cognitive work from 24 Feb 2026, relapse prevention from 14 Apr 2026",
        (
            "Medication and ECT: zopiclone 7.5 mg, until 13 Jan 2026, start unknown; "
            "venlafaxine 225 mg, 1 Apr 2025 to 27 Jan 2026; sertraline 150 mg, since 27 Jan 2026, still taken; "
            "ECT, bilateral, 10 Feb 2026 to 3 Mar 2026; "
            "lithium 600 mg, augmentation, since 3 Mar 2026, still taken"
        ),
        (
            "Events: A, 20 Jan 2026, life event: Lost her job at the bakery; "
            "B, 10 Mar 2026, life event: Mother moved in; "
            "C, 12 Mar 2026, medication change: Lithium begun; D, 21 Apr 2026, life event: New flat"
        ),
        "2 withdrawn scores shown",
    ]
    said = spoken(ended(), drawing(ended()))
    assert "Follow-up: done 30 May 2026, done 28 July 2026, planned 27 Oct 2026" in said
    assert "The course ended on 28 Apr 2026" in said
