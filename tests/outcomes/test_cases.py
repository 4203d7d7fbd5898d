"""Each closed course as the outcomes have it, held against what the summary says of it, patient by patient."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.ending import SinceEnd, end_score
from trdtrack.domain.outcome import Reliable
from trdtrack.domain.records import EndReason, Modality, Presentation
from trdtrack.domain.resistance import Met, criterion_of
from trdtrack.evidence import default_benchmark
from trdtrack.outcomes import outcomes

from .clinics import TODAY


@pytest.fixture(params=["drawn", "demo"])
def seen(request):
    return request.getfixturevalue(request.param)


def first_and_last(summary):
    """Baseline and end score as the summary compares them."""
    if summary.outcome:
        return summary.outcome.baseline, summary.outcome.total
    last = end_score(summary.during, summary.course.end)
    return summary.baseline.point.total if summary.baseline else None, last.total if last else None


def test_every_ended_course_is_there_or_counted(seen):
    bases = {course: first_and_last(s)[0] for course, s in seen.summaries.items()}
    assert {c.course for c in seen.found.cases} == {course for course, b in bases.items() if b is not None and b >= 10}
    assert seen.found.no_baseline == sum(b is None for b in bases.values())
    assert seen.found.below_caseness == sum(b is not None and b < 10 for b in bases.values())
    assert len(seen.found.cases) == seen.found.all.n


def test_each_case_says_what_its_summary_says(seen):
    for case in seen.found.cases:
        s = seen.summaries[case.course]
        baseline, last = first_and_last(s)
        assert (case.baseline, case.last) == (baseline, last)
        assert (case.patient, case.code, case.end) == (s.patient.id, s.patient.code, s.course.end)
        assert (case.therapist, case.modality, case.reason) == (
            s.course.therapist,
            s.course.modality,
            s.course.end_reason,
        )
        assert case.presentation == s.course.presentation
        assert case.criterion is criterion_of(s.dossier, s.rules).met
        assert case.has_benchmark == (s.benchmark is not None), s.no_benchmark
        assert case.reliable_points == s.reliable_points
        if last is None:
            assert (case.reliable, case.below_caseness, case.response, case.remission, case.week) == (None,) * 5
        else:
            assert last - baseline == s.change
            assert (case.reliable, case.below_caseness, case.response) == (s.reliable, s.recovery, s.response)
            assert case.remission == s.remission
            day = end_score(s.during, s.course.end).date
            assert case.week == s.line_week(day)
            assert case.progress == default_benchmark().progress(case.week)


def test_what_happens_in_clinics_did_happen_here(drawn):
    cases = drawn.found.cases
    assert len(cases) > 250
    assert Counter(c.has_benchmark for c in cases)[False] > 20
    assert {c.reliable for c in cases} == {*Reliable, None}
    assert {c.criterion for c in cases} == set(Met)
    assert {c.reliable_points for c in cases} == {6, 8}
    assert any(s.outcome is None for s in drawn.summaries.values())
    assert any(c.prorated for c in cases)
    assert any(s.course.baseline for s in drawn.summaries.values())
    assert any(s.course.start for s in drawn.summaries.values())
    assert drawn.found.no_baseline
    assert drawn.found.below_caseness


def test_scores_stand_in_the_week_and_session_the_summary_gives_them(seen):
    during = dict(iter(seen.scores.during.groupby("case")))
    after = dict(iter(seen.scores.after.groupby("case")))
    for place, closed in enumerate(seen.closed):
        s = seen.summaries[closed.case.course]
        first = s.baseline.point
        points = [p for p in (first, *(p for p in s.during if p.date > first.date)) if p.date <= s.course.end]
        attended = [v.date for v in s.sessions if v.attendance.value == "attended"]
        expected = [(s.line_week(p.date), p.total, sum(day <= p.date for day in attended)) for p in points]
        rows = during[place][["week", "total", "session"]].to_numpy().tolist() if place in during else []
        assert rows == [list(row) for row in expected]
        later = [p.total for p in s.counting if p.date > s.course.end]
        assert (after[place]["total"].tolist() if place in after else []) == later


def test_what_came_after_the_end_is_what_each_summary_says(seen):
    found, said = seen.found.follow_ups, Counter()
    for case in seen.found.cases:
        after = seen.summaries[case.course].after_end
        said[after.says if after else None] += 1
    assert found.seen.count == found.seen.of - said[None]
    assert found.seen.of == len(seen.found.cases)
    counts = (found.held.count, found.relapse.count, found.worse.count, found.unknown)
    assert counts == tuple(said[s] for s in (SinceEnd.HELD, SinceEnd.RELAPSE, SinceEnd.WORSE, SinceEnd.UNKNOWN))
    kept = {c.course for c in seen.found.cases}
    planned = [f for s in seen.summaries.values() for f in s.dossier.follow_ups if f.course == s.course.id in kept]
    assert found.due == sum(f.due <= TODAY or f.done is not None for f in planned)
    assert found.done.count == sum(f.done is not None for f in planned)


@pytest.mark.parametrize(
    ("choice", "keeps"),
    [
        (Choice(modality=Modality.CBT), lambda c: c.modality is Modality.CBT),
        (Choice(therapist="Dr Falke"), lambda c: c.therapist == "Dr Falke"),
        (Choice(presentation=Presentation.CHRONIC), lambda c: Presentation.CHRONIC in c.presentation),
        (Choice(criterion=Met.MET), lambda c: c.criterion is Met.MET),
        (Choice(since=TODAY - timedelta(days=300)), lambda c: c.end >= TODAY - timedelta(days=300)),
        (Choice(until=TODAY - timedelta(days=300)), lambda c: c.end <= TODAY - timedelta(days=300)),
    ],
    ids=["modality", "therapist", "presentation", "criterion", "since", "until"],
)
def test_a_choice_keeps_what_was_chosen(drawn, choice, keeps):
    found = outcomes(drawn.caseload, choice, today=TODAY)
    kept = [c for c in drawn.found.cases if keeps(c)]
    assert list(found.cases) == kept
    assert 0 < len(kept) < len(drawn.found.cases)
    assert found.choices == drawn.found.choices, "what can be chosen does not depend on what is"
    assert found.local == drawn.found.local, "one line for all: the local benchmark rests on the whole caseload"
    assert found.calibration.replays[0].n < drawn.found.calibration.replays[0].n


def test_both_ends_of_a_period_belong_to_it(drawn):
    day = drawn.found.cases[0].end
    found = outcomes(drawn.caseload, Choice(since=day, until=day), today=TODAY)
    assert {c.end for c in found.cases} == {day}
    assert not outcomes(drawn.caseload, Choice(since=day, until=day), today=day - timedelta(days=1)).cases


def test_what_can_be_chosen_is_what_occurs(drawn):
    choices, cases = drawn.found.choices, drawn.found.cases
    courses = [s.course for s in drawn.summaries.values()]
    assert choices.modalities == tuple(sorted({c.modality for c in courses}, key=str.casefold))
    assert choices.therapists == tuple(sorted({c.therapist for c in courses}))
    assert set(choices.presentations) == {p for c in courses for p in c.presentation}
    assert choices.criteria == (Met.MET, Met.NOT_MET, Met.CANNOT_TELL)
    assert (choices.first_end, choices.last_end) == (min(c.end for c in courses), max(c.end for c in courses))
    assert [c.code for c in cases] == sorted(c.code for c in cases)


def test_died_has_a_line_of_its_own_and_stays_in_n(drawn):
    dead = sum(c.reason is EndReason.DIED for c in drawn.found.cases)
    assert drawn.found.all.died == dead
    assert sum(e.rate.count for e in drawn.found.endings) == drawn.found.all.n
    assert replace(drawn.found.all, n=1).few
