"""A course's end: the score it ended with, the outcome fixed on the record, and what the scores after it say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from trdtrack.domain import phq9, trajectory
from trdtrack.domain.message import Worded
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Course, Rules
    from trdtrack.domain.trajectory import Baseline, Point

END_DAYS = 28
"""The end score is the last total in this many days up to and including the end."""


class SinceEnd(Worded):
    """What the latest total after the end says against the end score."""

    RELAPSE = "possible relapse"
    WORSE = "worse since the end"
    HELD = "no reliable rise"
    UNKNOWN = "no end score to compare with"


@dataclass(frozen=True)
class AfterEnd:
    """The latest total after a course's end, and its rise above the end score in points (None without one)."""

    latest: Point
    rise: int | None
    says: SinceEnd


def end_score(counting: Sequence[Point], end: date) -> Point | None:
    """Return the last total in the 28 days up to and including the end. `counting`: the course's, by date."""
    near = [p for p in counting if end - timedelta(days=END_DAYS) <= p.date <= end]
    return near[-1] if near else None


def after_end(counting: Sequence[Point], end: date, end_total: int | None, reliable: int = 6) -> AfterEnd | None:
    """Compare the latest total after the end with the end score; None while there is none."""
    later = [p for p in counting if p.date > end]
    if not later:
        return None
    latest = later[-1]
    rise = None if end_total is None else latest.total - end_total
    return AfterEnd(latest, rise, since_end(latest.total, end_total, reliable))


def since_end(latest: int, end_total: int | None, reliable: int = 6) -> SinceEnd:
    """Say what a total after the end means against the end score.

    Our own rule: `reliable` points or more above the end score and now 10 or more is a possible relapse if the end
    score was below 10, otherwise "worse since the end".
    """
    if end_total is None:
        return SinceEnd.UNKNOWN
    if latest - end_total < reliable or latest < phq9.CASENESS_FROM:
        return SinceEnd.HELD
    return SinceEnd.RELAPSE if end_total < phq9.CASENESS_FROM else SinceEnd.WORSE


def placed(dossier: Dossier, course: Course, rules: Rules) -> tuple[Baseline | None, tuple[Point, ...]]:
    """Return a course's baseline and its points: its own assessments, and the baseline's if written in another."""
    start = dossier.week_zero(course)
    baseline = trajectory.find_baseline(course, start, trajectory.place(dossier.assessments, start, rules))
    own = [
        a for a in dossier.assessments if a.course == course.id or (baseline and a.id == baseline.point.assessment.id)
    ]
    return baseline, trajectory.place(own, start, rules)


def outcome_at_end(dossier: Dossier, course: Course, rules: Rules, fixed: Outcome | None) -> Outcome | None:
    """Return the outcome a course has on the record as its scores are now; None while it is open.

    `fixed` is the outcome as it stands: its rule of reliable change stays, whatever the clinic has set since.
    """
    if course.end is None:
        return None
    baseline, points = placed(dossier, course, rules)
    last = end_score([p for p in points if p.counts], course.end)
    first = baseline.point if baseline else None
    known = fixed or Outcome(patient=course.patient, course=course.id, reliable_change=rules.reliable_change)
    return replace(
        known,
        patient=course.patient,
        baseline=first.total if first else None,
        baseline_date=first.date if first else None,
        total=last.total if last else None,
        total_date=last.date if last else None,
        prorated=any(p is not None and p.score.completeness is Completeness.PRORATED for p in (first, last)),
    )
