"""The observed fall, the mean course and the rates, against the same sums done by hand or a course at a time."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict

import pytest
from scipy.stats import t as student

from trdtrack.domain.caseload_outcomes import Choice, Result
from trdtrack.domain.outcome import Reliable
from trdtrack.domain.records import Modality
from trdtrack.domain.resistance import Met
from trdtrack.evidence import default_benchmark
from trdtrack.outcomes import outcomes

from .clinics import TODAY, clinic, course_of

BENCHMARK = default_benchmark()


def test_three_courses_by_hand(tmp_path):
    """20 -> 10 and 10 -> 11 over 8 weeks, 20 and lost: fall (10 - 1)/30; reliable 1 of 3 and 1 of 2."""
    caseload = clinic(
        tmp_path,
        course_of(1, [20, 18, 17, 15, 14, 13, 12, 11, 10], modality=Modality.CBT),
        course_of(2, [10, 11, 10, 11, 12, 11, 10, 11, 11], modality=Modality.BA),
        course_of(3, [20, 19], lost=True, modality=Modality.CBT),
        died=frozenset({2}),
    )
    found = outcomes(caseload, Choice(), today=TODAY)
    group, fall = found.all, found.fall
    assert (group.n, group.paired.count, group.no_outcome, group.died, group.few) == (3, 2, 1, 1, True)
    assert (group.change.value, group.change.n) == (-4.5, 2)
    half = student.ppf(0.975, 1) * statistics.stdev([-10, 1]) / math.sqrt(2)
    assert (group.change.low, group.change.high) == pytest.approx((-4.5 - half, -4.5 + half))
    assert {r.result: (r.of_all.count, r.of_all.of, r.of_paired.of) for r in group.reached} == {
        Result.RELIABLE_IMPROVEMENT: (1, 3, 2),
        Result.RELIABLE_DETERIORATION: (0, 3, 2),
        Result.BELOW_CASENESS: (0, 3, 2),
        Result.RELIABLE_RECOVERY: (0, 3, 2),
        Result.RESPONSE: (1, 3, 2),
        Result.REMISSION: (0, 3, 2),
    }
    s = math.log(9) / math.log(27)
    assert (fall.n, fall.observed, fall.mean_progress) == (2, pytest.approx(0.3), pytest.approx(s))
    assert (fall.usual_care, fall.psychotherapy) == pytest.approx((0.16 * s, 0.29 * s))
    # Departures 10 - 0.3 x 20 = 4 and -1 - 0.3 x 10 = -4: SD sqrt(32), SE sqrt(32)/(sqrt(2) 15).
    reach = student.ppf(0.975, 1) * math.sqrt(32) / (math.sqrt(2) * 15)
    assert (fall.low, fall.high) == pytest.approx((0.3 - reach, 0.3 + reach))
    assert [(one.modality, one.group.n) for one in found.by_modality] == [(Modality.BA, 1), (Modality.CBT, 2)]
    assert [step.at for step in found.over_weeks.steps] == list(range(9))
    last = found.over_weeks.steps[-1]
    assert (last.observed.n, last.observed.value) == (2, 10.5)
    assert last.psychotherapy == pytest.approx(15 * (1 - 0.29 * s))
    assert last.usual_care == pytest.approx(15 * (1 - 0.16 * s))
    assert last.sd == pytest.approx(BENCHMARK.sd(8))
    assert {step.at for step in found.over_sessions.steps} == {0}, "nobody recorded a session"
    caseload.close()


def test_the_rates_are_those_of_the_summaries(drawn):
    found, summaries = drawn.found, drawn.summaries
    cases = [summaries[c.course] for c in found.cases]
    counts = {
        Result.RELIABLE_IMPROVEMENT: sum(s.reliable is Reliable.IMPROVEMENT for s in cases if s.change is not None),
        Result.RELIABLE_DETERIORATION: sum(s.reliable is Reliable.DETERIORATION for s in cases),
        Result.BELOW_CASENESS: sum(bool(s.recovery) for s in cases),
        Result.RELIABLE_RECOVERY: sum(bool(s.recovery) and s.reliable is Reliable.IMPROVEMENT for s in cases),
        Result.RESPONSE: sum(bool(s.response) for s in cases),
        Result.REMISSION: sum(bool(s.remission) for s in cases if s.change is not None),
    }
    assert {r.result: r.of_all.count for r in found.all.reached} == counts
    assert min(counts.values()) > 0
    changes = [s.change for s in cases if s.change is not None]
    assert found.all.paired.count == len(changes) == found.all.change.n
    assert found.all.change.value == pytest.approx(statistics.fmean(changes))
    half = student.ppf(0.975, len(changes) - 1) * statistics.stdev(changes) / math.sqrt(len(changes))
    assert found.all.change.high == pytest.approx(statistics.fmean(changes) + half)


def test_the_groups_add_up_to_all(drawn):
    found = drawn.found
    for groups in ([g for _met, g in found.by_criterion], [one.group for one in found.by_modality]):
        assert sum(g.n for g in groups) == found.all.n
        assert sum(g.died for g in groups) == found.all.died
        for place, reached in enumerate(found.all.reached):
            assert sum(g.reached[place].of_all.count for g in groups) == reached.of_all.count
    assert [met for met, _group in found.by_criterion] == list(Met)
    names = [one.modality.value for one in found.by_modality]
    assert names == sorted(names, key=str.casefold)


def test_the_fall_leaves_out_whom_the_lines_are_not_about(drawn):
    cases = [c for c in drawn.found.cases if c.paired]
    with_lines = [c for c in cases if c.has_benchmark]
    fall = drawn.found.fall
    assert (fall.n, fall.no_benchmark) == (len(with_lines), len(cases) - len(with_lines))
    assert fall.no_benchmark > 0
    assert fall.observed == pytest.approx(
        sum(c.baseline - c.last for c in with_lines) / sum(c.baseline for c in with_lines)
    )


@pytest.mark.parametrize("unit", ["week", "session"])
def test_the_mean_course_a_score_at_a_time(drawn, unit):
    at: dict[int, dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
    for closed in drawn.closed:
        s = drawn.summaries[closed.case.course]
        if s.benchmark is None:
            continue
        first = s.baseline.point
        attended = [v.date for v in s.sessions if v.attendance.value == "attended"]
        for p in (first, *(p for p in s.during if p.date > first.date)):
            week = s.line_week(p.date)
            step = math.floor(week + 0.5) if unit == "week" else sum(day <= p.date for day in attended)
            if p.date <= s.course.end and (unit == "session" or step <= 30):
                at[step][s.course.id].append((p.total, BENCHMARK.psychotherapy(first.total, week)))
    course = drawn.found.over_weeks if unit == "week" else drawn.found.over_sessions
    assert [step.at for step in course.steps] == sorted(at)
    for step in course.steps:
        means = [statistics.fmean(total for total, _ in scores) for scores in at[step.at].values()]
        lines = [statistics.fmean(expected for _, expected in scores) for scores in at[step.at].values()]
        assert step.observed.n == len(means)
        assert step.observed.value == pytest.approx(statistics.fmean(means))
        assert step.psychotherapy == pytest.approx(statistics.fmean(lines))
        if len(means) > 1:
            half = student.ppf(0.975, len(means) - 1) * statistics.stdev(means) / math.sqrt(len(means))
            assert step.observed.low == pytest.approx(statistics.fmean(means) - half)
    assert len(course.steps) > 10
