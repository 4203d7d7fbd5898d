"""The outcomes of a caseload as lines of text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import FEW, RESULT_WORDS
from trdtrack.domain.ending import END_DAYS
from trdtrack.domain.resistance import MET_WORDS
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, CourseOver, Group, LocalBenchmark, Mean, Rate

_WIDE = 24


def outcomes(found: CaseloadOutcomes) -> Iterator[str]:
    """Yield every figure, each table with a heading."""
    group = found.all
    yield f"{group.n} closed courses of care with a baseline of 10 or more; PHQ-9 points, intervals 95%"
    yield f"left out: {found.no_baseline} without a baseline, {found.below_caseness} with one below 10"
    yield from map(say, found.said)
    if group.n == 0:
        return
    yield ""
    yield f"paired (a last total in the {END_DAYS} days up to the end): {_rate(group.paired)}"
    yield f"no outcome: {group.no_outcome}; died: {group.died}; resting on a prorated total: {group.prorated}"
    yield f"baseline, mean: {_mean(group.baseline)}"
    yield f"last total, mean of the paired: {_mean(group.last)}"
    yield f"change, mean of the paired (minus is better): {_mean(group.change)}"
    yield ""
    yield f"{'':<{_WIDE}}  {'of all':<32}  of the paired"
    for reached in group.reached:
        name = say(RESULT_WORDS[reached.result])
        yield f"{name:<{_WIDE}}  {_rate(reached.of_all):<32}  {_rate(reached.of_paired)}"
    yield from _apart(found)
    yield from _against(found)
    yield from _over("by week since the lines begin", "week", found.over_weeks)
    yield from _over("by attended sessions", "session", found.over_sessions)
    yield from _afterwards(found)
    yield ""
    yield from _local(found.local)
    yield from _calibration(found)


def _apart(found: CaseloadOutcomes) -> Iterator[str]:
    columns = f"{'n':>5}  {'paired':>6}  {'mean change':<24}  reliable improvement, of all"
    yield ""
    yield f"{'TRD criterion':<{_WIDE}}  {columns}"
    for met, group in found.by_criterion:
        yield _group(say(MET_WORDS[met]), group)
    yield f"{'modality (no ranking)':<{_WIDE}}  {columns}"
    for one in found.by_modality:
        few = f"  (fewer than {FEW}: too few to go by)" if one.group.few else ""
        yield _group(one.modality.value or "not recorded", one.group) + few


def _group(name: str, group: Group) -> str:
    improved = _rate(group.reached[0].of_all)
    return f"{name:<{_WIDE}}  {group.n:>5}  {group.paired.count:>6}  {_mean(group.change):<24}  {improved}"


def _against(found: CaseloadOutcomes) -> Iterator[str]:
    fall = found.fall
    yield ""
    yield f"against {found.benchmark[0]}, version {found.benchmark[1]}: {fall.n} paired courses with an expected course"
    if fall.no_benchmark:
        yield f"left out here: {fall.no_benchmark} (bipolar or psychotic depression recorded, or under 18)"
    if fall.observed is None:
        return
    yield f"observed fall, share of baseline: {_percent(fall.observed)}{_interval(fall.low, fall.high, '%')}"
    yield (
        f"expected at the same weeks (mean s {fall.mean_progress:.2f}): usual care {_percent(fall.usual_care)}, "
        f"with psychotherapy {_percent(fall.psychotherapy)}"
    )


def _over(what: str, unit: str, course: CourseOver) -> Iterator[str]:
    if not course.steps:
        return
    yield ""
    yield f"the mean course of {course.courses} courses {what}"
    yield f"{unit:>7}  courses  {'mean total':<24}  usual care  + psychotherapy    sd"
    for step in course.steps:
        yield (
            f"{step.at:>7}  {step.observed.n:>7}  {_mean(step.observed):<24}  {step.usual_care:>10.1f}"
            f"  {step.psychotherapy:>15.1f}  {step.sd:>4.1f}"
        )


def _afterwards(found: CaseloadOutcomes) -> Iterator[str]:
    yield ""
    yield "reasons for ending"
    for ending in found.endings:
        yield f"{ending.reason.value or 'not recorded':<{_WIDE}}  {_rate(ending.rate)}"
    later = found.follow_ups
    yield "after the end"
    for name, rate in (
        ("follow-ups done, of due", later.done),
        ("courses with a score", later.seen),
        ("no reliable rise", later.held),
        ("possible relapse", later.relapse),
        ("worse since the end", later.worse),
    ):
        yield f"{name:<{_WIDE}}  {_rate(rate)}"
    if later.unknown:
        yield f"{'no end score to compare':<{_WIDE}}  {later.unknown}"


def _local(local: LocalBenchmark) -> Iterator[str]:
    yield f"benchmark of our own, from all closed courses of the caseload: {local.n} with an outcome at week 4 or later"
    yield f"fall by week 26 from the trials: {local.prior:.3f}, SD {local.prior_sd:.3f}"
    if local.data is not None and local.se is not None:
        yield f"from our own courses: {local.data:.3f}, SE {local.se:.3f}"
    if local.posterior is not None and local.posterior_sd is not None:
        yield f"both together: {local.posterior:.3f}, SD {local.posterior_sd:.3f}"
    if local.why_not:
        yield say(local.why_not)


def _calibration(found: CaseloadOutcomes) -> Iterator[str]:
    yield ""
    yield "our own forecast, tried on these courses: the last total by week 26 from the scores up to a week"
    bands = f"{'within the 50% band':<28}  {'within the 80% band':<28}"
    yield f"{'from week':>9}  courses  {bands}  mean error  last score kept"
    for one in found.calibration.replays:
        error, carried = ("-" if points is None else f"{points:.1f}" for points in (one.error, one.carried))
        yield (
            f"{one.week:>9}  {one.n:>7}  {_rate(one.held50):<28}  {_rate(one.held80):<28}  {error:>10}  {carried:>15}"
        )


def _rate(rate: Rate) -> str:
    if rate.share is None:
        return f"{rate.count} of {rate.of}"
    return f"{rate.count} of {rate.of}, {_percent(rate.share)}{_interval(rate.low, rate.high, '%')}"


def _mean(mean: Mean) -> str:
    return "-" if mean.value is None else f"{mean.value:.1f}{_interval(mean.low, mean.high)}"


def _interval(low: float | None, high: float | None, unit: str = "") -> str:
    if low is None or high is None:
        return ""
    return f" ({_percent(low)} to {_percent(high)})" if unit else f" ({low:.1f} to {high:.1f})"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f}%"
