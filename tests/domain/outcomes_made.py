"""Caseload outcomes made by hand, with every figure known: what pictures and reports are tested with."""

from __future__ import annotations

from datetime import date, timedelta

from trdtrack.domain.caseload_outcomes import (
    Calibration,
    CaseloadOutcomes,
    Choice,
    Choices,
    CourseOver,
    Ending,
    Fall,
    FollowUps,
    Group,
    LocalBenchmark,
    Mean,
    OfModality,
    OutcomeCase,
    Rate,
    Reached,
    Replay,
    Result,
    Step,
)
from trdtrack.domain.message import message
from trdtrack.domain.outcome import reliable_change
from trdtrack.domain.records import EndReason, Modality, Presentation
from trdtrack.domain.resistance import Met
from trdtrack.evidence import default_benchmark

TODAY = date(2026, 11, 20)
COUNTS = (22, 6, 14, 13, 12, 7)
"""Of 40, 30 of them paired: what was reached, in the order of `Result`."""


def rate(count: int, of: int) -> Rate:
    """A rate whose interval is ten points to either side: known at a glance, not Wilson's."""
    share = count / of if of else None
    if share is None:
        return Rate(count, of, None, None)
    return Rate(count, of, max(share - 0.1, 0), min(share + 0.1, 1))


def mean(value: float | None, n: int) -> Mean:
    return Mean(value, None if value is None else value - 1.5, None if value is None else value + 1.5, n)


def group(n: int, paired: int, counts: tuple[int, ...] = (), *, change: float | None = -6.2, died: int = 0) -> Group:
    counts = counts or (0,) * len(Result)
    return Group(
        n=n,
        paired=rate(paired, n),
        no_outcome=n - paired,
        died=died,
        prorated=0,
        baseline=mean(18.5, n),
        last=mean(None if change is None else 18.5 + change, paired),
        change=mean(change, paired),
        reached=tuple(Reached(r, rate(k, n), rate(k, paired)) for r, k in zip(Result, counts, strict=True)),
    )


def case(number: int, baseline: int, last: int | None, **fields) -> OutcomeCase:
    known = {
        "patient": f"p{number}",
        "code": f"A-{number:03}",
        "course": f"c{number}",
        "therapist": "Okafor",
        "modality": Modality.CBT,
        "presentation": (Presentation.RECURRENT,),
        "criterion": Met.MET,
        "end": TODAY - timedelta(weeks=number),
        "reason": EndReason.COMPLETED,
        "week": None if last is None else 20.0,
        "progress": None if last is None else 0.924,
        "reliable": None if last is None else reliable_change(baseline, last),
        "reliable_points": 6,
        "below_caseness": None if last is None else last < 10,
        "response": None if last is None else 2 * last <= baseline,
        "remission": None if last is None else last < 5,
        "prorated": False,
        "has_benchmark": True,
    }
    return OutcomeCase(baseline=baseline, last=last, **{**known, **fields})


def step(at: int, value: float, n: int) -> Step:
    b = default_benchmark()
    week = float(at)
    return Step(
        at=at,
        observed=mean(value, n),
        usual_care=b.usual_care(18.5, week),
        psychotherapy=b.psychotherapy(18.5, week),
        sd=b.sd(week),
    )


def outcomes(**fields) -> CaseloadOutcomes:
    """Forty closed courses, ten of them without an outcome."""
    totals = [(18, 9), (20, 12), (18, 9), (15, 16), (14, 21), (22, 4), (19, 13), (17, 11), (12, 7), (25, 19)]
    cases = tuple(case(n, *totals[n % 10]) if n % 4 else case(n, totals[n % 10][0], None) for n in range(40))
    steps = [(0, 18.5, 40), (2, 16.9, 38), (4, 15.8, 33), (8, 14.6, 30), (12, 13.4, 25), (16, 12.9, 18), (26, 12.2, 4)]
    known = {
        "today": TODAY,
        "choice": Choice(),
        "choices": Choices(
            modalities=(Modality.CBASP, Modality.CBT),
            therapists=("Okafor", "Weiss"),
            presentations=(Presentation.RECURRENT,),
            criteria=(Met.MET, Met.NOT_MET),
            first_end=date(2024, 2, 1),
            last_end=date(2026, 11, 13),
        ),
        "benchmark": ("Adjunctive psychotherapy in TRD", "1"),
        "no_baseline": 7,
        "below_caseness": 2,
        "all": group(40, 30, COUNTS, died=1),
        "by_criterion": (
            (Met.MET, group(24, 18, (14, 3, 8, 7, 7, 4), change=-6.9)),
            (Met.NOT_MET, group(16, 12, (8, 3, 6, 6, 5, 3), change=-5.1)),
            (Met.CANNOT_TELL, group(0, 0, change=None)),
        ),
        "by_modality": (
            OfModality(Modality.CBASP, group(12, 10, (7, 1, 5, 5, 4, 2), change=-5.0)),
            OfModality(Modality.CBT, group(28, 20, (15, 5, 9, 8, 8, 5), change=-6.8)),
        ),
        "fall": Fall(
            n=30,
            observed=0.334,
            low=0.262,
            high=0.406,
            mean_progress=0.9,
            usual_care_fall=0.16,
            psychotherapy_fall=0.29,
            no_benchmark=0,
        ),
        "over_weeks": CourseOver(40, tuple(step(*s) for s in steps)),
        "over_sessions": CourseOver(40, tuple(step(*s) for s in steps[1:])),
        "endings": (
            Ending(EndReason.COMPLETED, rate(25, 40)),
            Ending(EndReason.DROPPED_OUT, rate(9, 40)),
            Ending(EndReason.REFERRED_ON, rate(5, 40)),
            Ending(EndReason.DIED, rate(1, 40)),
        ),
        "follow_ups": FollowUps(
            due=60,
            done=rate(32, 60),
            seen=rate(20, 40),
            held=rate(12, 19),
            relapse=rate(6, 19),
            worse=rate(1, 19),
            unknown=1,
        ),
        "local": LocalBenchmark(
            n=31,
            prior=0.29,
            prior_sd=0.0949,
            data=0.40,
            se=0.06,
            posterior=0.369,
            posterior_sd=0.051,
            first_end=date(2024, 2, 1),
            last_end=date(2026, 11, 13),
        ),
        "calibration": Calibration(
            (
                Replay(week=0, held50=rate(14, 30), held80=rate(23, 30), error=4.9, carried=6.4),
                Replay(week=8, held50=rate(16, 28), held80=rate(22, 28), error=3.1, carried=3.6),
            )
        ),
        "cases": cases,
        "said": (message("Fewer than half of the courses have a follow-up."),),
    }
    return CaseloadOutcomes(**{**known, **fields})
