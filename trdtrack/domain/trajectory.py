"""One course as dated totals: week 0, which total counts on a day, and the baseline (clinical rules, 1 and 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import Completeness, Item9, Score
from trdtrack.domain.records import Attendance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.records import Assessment, Course, Rules, Session

BEFORE_DAYS = 28
"""A baseline is at most this many days older than week 0."""
AFTER_DAYS = 14
"""Where there is none before, the first total up to this many days after week 0."""
PREFERENCE = (Completeness.TOTAL_ONLY, Completeness.PRORATED, Completeness.COMPLETE)


@dataclass(frozen=True)
class Point:
    """One assessment placed in its course. `week` = days since week 0 / 7, None while there is no week 0.

    `counts` is False for a total that gives way to another of the same day, and where there is no total.
    """

    assessment: Assessment
    date: date
    week: float | None
    score: Score
    item9: int | Item9
    counts: bool

    @property
    def total(self) -> int:
        """The total, in points; only for points that count."""
        assert self.score.total is not None  # noqa: S101 - `counts` promises it
        return self.score.total


@dataclass(frozen=True)
class Baseline:
    """The total a course is measured against, and the rule that chose it, in words."""

    point: Point
    rule: Message


def week_zero(course: Course, sessions: Iterable[Session]) -> date | None:
    """Return the course's start as set, else the day of the first attended session, else None."""
    if course.start:
        return course.start
    attended = (s.date for s in sessions if not s.withdrawn and s.attendance is Attendance.ATTENDED)
    return min(attended, default=None)


def place(assessments: Iterable[Assessment], start: date | None, rules: Rules) -> tuple[Point, ...]:
    """Order assessments by the day they were answered and mark the one total of each day that counts.

    Complete before prorated before total only, then the last entered. Withdrawn ones are left out.
    """
    scored = [(a, a.score(prorate=rules.prorate)) for a in assessments if not a.withdrawn]
    scored.sort(key=lambda pair: (pair[0].date, pair[0].entered, pair[0].id))
    best: dict[date, tuple[int, str]] = {}
    for assessment, score in scored:
        if score.total is None:
            continue
        rank = PREFERENCE.index(score.completeness)
        if rank >= best.get(assessment.date, (-1, ""))[0]:
            best[assessment.date] = (rank, assessment.id)
    return tuple(
        Point(
            assessment=assessment,
            date=assessment.date,
            week=(assessment.date - start).days / 7 if start else None,
            score=score,
            item9=phq9.item9(assessment.answers),
            counts=best.get(assessment.date, (0, ""))[1] == assessment.id,
        )
        for assessment, score in scored
    )


def find_baseline(course: Course, start: date | None, points: Iterable[Point]) -> Baseline | None:
    """Return the baseline: the chosen score, else the last 0-28 days before week 0, else the first 1-14 days after.

    `points` are all of the patient's, whichever course they were written in.
    """
    counting = [p for p in points if p.counts]
    if course.baseline:
        for point in counting:
            if point.assessment.id == course.baseline:
                return Baseline(point, message("chosen by the therapist: {reason}", reason=course.baseline_reason))
    if start is None:
        return None
    earliest, latest = start - timedelta(days=BEFORE_DAYS), start + timedelta(days=AFTER_DAYS)
    before = [p for p in counting if earliest <= p.date <= start]
    if before:
        return Baseline(before[-1], message("last score in the {days} days up to week 0", days=BEFORE_DAYS))
    after = [p for p in counting if start < p.date <= latest]
    if after:
        return Baseline(after[0], message("first score in the {days} days after week 0", days=AFTER_DAYS))
    return None
