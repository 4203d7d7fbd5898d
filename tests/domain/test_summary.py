from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.ending import SinceEnd
from trdtrack.domain.outcome import Reliable
from trdtrack.domain.records import Attendance, Course, Episode, Known, Outcome, Patient, Rules, Session
from trdtrack.domain.signals import Signal
from trdtrack.domain.summary import age_on
from trdtrack.words import say, shown

from .making import AT, COURSE, PATIENT, START, asked, day, score, summary, weekly

# 19 -> 12 in week 11. s = ln 12 / ln 27 = 0.7540; E_P = 19 (1 - 0.29 s) = 14.85; sd = sqrt(8 + 36.27 s) = 5.95;
# the middle half runs from 10.84 to 18.85, so 12 is on track. 7/19 = 36.8%, cut to 36.
NINE = [
    score(d, t) for d, t in zip((0, 7, 14, 21, 35, 49, 56, 63, 77), (19, 18, 18, 17, 16, 15, 15, 13, 12), strict=True)
]


def sentence(assessments, **given_):
    return say(summary(assessments, **given_).sentence)


def test_the_sentence_of_an_ordinary_course():
    assert sentence(NINE) == (
        "PHQ-9 19 -> 12 over 11 weeks (9 scores): reliable improvement; 36% below baseline, past the 21% and 32% marks"
        "; on track (near the average course with psychotherapy added to usual care)"
    )
    assert "19 \u2192 12" in shown(sentence(NINE))


def test_figures_of_an_ordinary_course():
    found = summary(NINE)
    assert (found.weeks, found.change, found.percent_change) == (11, -7, pytest.approx(-36.842, abs=0.001))
    assert found.reliable is Reliable.IMPROVEMENT
    assert (found.meaningful_general, found.meaningful_long_lasting) == (True, True)
    assert (found.response, found.partial_response, found.remission, found.recovery) == (False, True, False, False)
    assert say(found.severity) == "moderate"
    assert (found.prorated, found.no_benchmark, found.lines_start) == (False, None, START)
    assert say(found.baseline.rule) == "last score in the 28 days up to week 0"
    at = found.benchmark.at(19, 11)
    assert (round(at.psychotherapy, 2), round(at.sd, 2), round(at.low50, 2)) == (14.85, 5.95, 10.84)


ENOUGH = {
    15: "21% below baseline, past the 21% mark, short of the 32% mark",
    13: "31% below baseline, past the 21% mark, short of the 32% mark",
    16: "15% below baseline, short of the 21% mark",
    9: "52% below baseline, a response (50% or more)",
    4: "78% below baseline, in the range of remission (below 5)",
    19: "level with baseline",
    21: "10% above baseline",
}


@pytest.mark.parametrize("now", ENOUGH)
def test_whether_it_is_enough(now):
    assert f"; {ENOUGH[now]}; " in sentence([score(0, 19), score(30, 17), score(42, now)])


def test_other_shapes():
    assert sentence([]) == "No PHQ-9 total yet."
    assert sentence([asked(0, 1, 1, 1, *(None,) * 6)]) == "No PHQ-9 total yet."
    first = "PHQ-9 19 on 1 Jan 2024 (moderately severe): "
    assert sentence(weekly(19)) == first + "too early to say (before week 4)"
    assert sentence(weekly(19), today=40) == first + "no recent score (the latest is 40 days old)"
    assert sentence(weekly(9, 9, first=5)).startswith("PHQ-9 9 on 12 Feb 2024 (mild): no benchmark (no baseline: ")
    assert sentence([score(0, 19), score(1, 18)]).startswith(
        "PHQ-9 19 -> 18 over 1 day (2 scores): no reliable change; "
    )
    assert " over 6 days " in sentence([score(0, 19), score(6, 18)])
    assert " over 1 week " in sentence([score(0, 19), score(10, 18)])
    assert " over 2 weeks " in sentence([score(0, 19), score(11, 18)])
    assert "; baseline 0, so no percentage; " in sentence([score(0, 0), score(30, 3), score(42, 3)])
    assert "reliable deterioration; 31% above baseline; review (6 points above baseline)" in sentence(weekly(19, 25))
    assert sentence(NINE, course=replace(COURSE, end=day(77))).endswith("; course ended")
    assert sentence(weekly(*[19] * 14)).endswith(
        "no reliable change; level with baseline; plateau (little change for 8 weeks: a reason to think, not a failure)"
    )


def test_scores_are_counted_from_the_baseline_on():
    earlier = [score(-40, 15), score(-33, 16)]
    assert "(9 scores)" in sentence([*earlier, *NINE])
    chosen = replace(COURSE, baseline=NINE[4].id, baseline_reason="new drug")
    assert sentence(NINE, course=chosen).startswith("PHQ-9 16 -> 12 over 6 weeks (5 scores)")


def test_a_prorated_total_is_named_so():
    prorated = asked(77, 2, 2, 1, 1, 1, 1, 1, 1, None)
    found = summary([*NINE[:-1], prorated])
    assert (found.latest.total, found.prorated) == (11, True)
    assert "(9 scores, prorated)" in say(found.sentence)
    assert not summary([*NINE[:-1], prorated, score(78, 12)]).prorated
    off = summary([*NINE[:-1], prorated], rules=Rules(prorate=False))
    assert (off.latest.total, off.prorated) == (13, False)


RULES_OF_CHANGE = (
    "change", "percent_change", "reliable", "meaningful_general", "meaningful_long_lasting",
    "response", "partial_response", "recovery", "weeks",
)  # fmt: skip


def test_without_a_baseline_no_rule_of_change_has_a_value():
    found = summary(weekly(18, 17, first=4))
    assert {getattr(found, rule) for rule in RULES_OF_CHANGE} == {None}
    assert (found.baseline, found.benchmark, found.lines_start) == (None, None, None)
    assert found.line_week(day(30)) is None
    assert (found.remission, say(found.severity)) == (False, "moderately severe")


def test_without_a_total_nothing_has_a_value():
    found = summary([])
    assert {getattr(found, rule) for rule in (*RULES_OF_CHANGE, "remission", "severity", "latest")} == {None}
    assert not found.prorated


def test_a_baseline_of_nothing_has_no_shares():
    found = summary([score(0, 0), score(40, 6)])
    shares = (
        "percent_change",
        "meaningful_general",
        "meaningful_long_lasting",
        "response",
        "partial_response",
        "recovery",
    )
    assert {getattr(found, rule) for rule in shares} == {None}
    assert (found.change, found.reliable) == (6, Reliable.DETERIORATION)


def test_recovery_needs_caseness_at_baseline():
    assert summary([score(0, 10), score(40, 9)]).recovery is True
    assert summary([score(0, 9), score(40, 2)]).recovery is None


def test_a_baseline_from_an_earlier_course_is_shown_with_this_one():
    earlier = score(-10, 21, course="earlier")
    older = score(-20, 25, course="earlier")
    found = summary([older, earlier, *weekly(20, 19, first=1)])
    assert found.baseline.point.total == 21
    assert [p.total for p in found.points] == [21, 20, 19]
    assert found.lines_start == START  # the later of week 0 and the baseline's day
    late = summary([score(5, 20)])
    assert late.lines_start == day(5)


def test_sessions_are_numbered_as_attended():
    def session(number, **fields):
        return Session(patient="p", course="c", date=day(number), entered=AT, **fields)

    sessions = (
        session(14),
        session(7, attendance=Attendance.LATE_CANCEL),
        session(0),
        session(3, withdrawn="typed twice"),
    )
    found = summary([], sessions=sessions)
    assert [s.date for s in found.sessions] == [day(0), day(7), day(14)]
    assert [found.session_number(s) for s in found.sessions] == [1, None, 2]
    assert found.attended == 2


def test_week_zero_is_unknown_before_anything_happened():
    found = summary([], course=Course(id="c", patient="p"))
    assert (found.week_zero, found.age) == (None, None)


@pytest.mark.parametrize(
    ("born", "years"), [((2000, 2, 29), 23), ((2000, 2, 28), 24), ((2000, 2, 27), 24), ((2024, 2, 28), 0)]
)
def test_age_in_whole_years(born, years):
    assert age_on(date(*born), date(2024, 2, 28)) == years
    assert age_on(None, date(2024, 2, 28)) is None


@given(
    st.lists(st.tuples(st.integers(-60, 400), st.integers(0, 27)), max_size=25),
    st.one_of(st.none(), st.integers(0, 400)),
    st.booleans(),
)
def test_any_course_can_be_summed_up_in_words(scores, end, started):
    course = Course(id="c", patient="p", start=START if started else None, end=day(end) if end is not None else None)
    assessments = [
        score(d, t, entered=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=i)) for i, (d, t) in enumerate(scores)
    ]
    found = summary(assessments, course=course, today=400)
    text = say(found.sentence) + say(found.standing.why)
    assert "{" not in text
    assert len({p.date for p in found.counting}) == len(found.counting) == len({d for d, _ in scores})
    assert (found.benchmark is None) is (found.no_benchmark is not None)
    if found.baseline and found.latest and found.latest.date >= found.baseline.point.date:
        unscored_end = found.ended and (found.course.end - found.latest.date).days > 28
        assert found.change == (None if unscored_end else found.latest.total - found.baseline.point.total)
    if found.standing.signal in {Signal.SLOWER, Signal.AHEAD, Signal.ON_TRACK, Signal.PAST_DATA}:
        assert found.benchmark is not None


def test_names_never_show_in_a_summary():
    named = replace(PATIENT, name="Anna Example", notes="a note", date_of_birth=date(1980, 1, 1))
    text = repr(summary(NINE, patient=named))
    assert not [secret for secret in ("Anna", "a note", "TRD-1", "1980") if secret in text]


def ended(*totals: tuple[int, int], end: int, outcome: Outcome | None = None, today: int = 400, **fields):
    """A course from day 0 to day `end`, with totals by day."""
    course = Course(id="c", patient="p", start=START, end=day(end))
    scores = [score(when, total) for when, total in totals]
    more = (outcome,) if outcome else ()
    return summary(scores, course=course, today=today, more=more, **fields)


def test_an_ended_course_is_judged_by_its_end_score_and_not_by_what_came_later():
    found = ended((0, 19), (70, 8), (84, 7), (130, 15), end=84)
    assert (found.ended, found.latest.total, found.change, found.recovery) == (True, 7, -12, True)
    assert found.standing.signal is Signal.ENDED
    assert say(found.sentence).startswith("PHQ-9 19 -> 7 over 12 weeks (3 scores): reliable improvement; 63% below")
    assert (found.after_end.says, found.after_end.rise) == (SinceEnd.RELAPSE, 8)


def test_without_a_score_in_the_last_28_days_an_ended_course_has_no_outcome():
    found = ended((0, 19), (55, 8), end=84)
    assert (found.change, found.reliable, found.response, found.remission) == (None, None, None, None)
    assert "course ended without a score in its last 28 days" in say(found.sentence)
    assert ended((0, 19), (56, 8), end=84).change == -11


def test_the_outcome_fixed_on_the_record_keeps_its_rule():
    fixed = Outcome(patient="p", course="c", baseline=19, total=13, reliable_change=8)
    found = ended((0, 19), (84, 13), end=84, outcome=fixed)
    assert (found.change, found.reliable) == (-6, Reliable.NONE)
    assert ended((0, 19), (84, 13), end=84).reliable is Reliable.IMPROVEMENT


@pytest.mark.parametrize(
    ("patient", "episode", "why"),
    [
        (Patient(id="p", code="x", bipolar=Known.YES), None, "bipolar depression recorded"),
        (Patient(id="p", code="x"), Episode(patient="p", psychotic=Known.YES, entered=AT), "psychotic depression"),
        (Patient(id="p", code="x", bipolar=Known.NO), Episode(patient="p", psychotic=Known.NO, entered=AT), None),
        (Patient(id="p", code="x", bipolar=Known.UNSURE), Episode(patient="p", entered=AT), None),
    ],
)
def test_only_a_recorded_yes_stops_the_benchmark(patient, episode, why):
    found = summary([score(0, 19), score(7, 18)], patient=patient, more=(episode,) if episode else ())
    assert (found.benchmark is None) is (why is not None)
    assert why is None or say(found.no_benchmark).startswith(why)
