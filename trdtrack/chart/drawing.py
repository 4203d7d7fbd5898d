"""What the chart shows, in the chart's own coordinates (days and PHQ-9 points) and in words: no Qt, no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from trdtrack.chart.alongside import NOTHING, Alongside, alongside
from trdtrack.chart.expected import Curve, curves
from trdtrack.chart.outlook import Outlook, outlook
from trdtrack.chart.scale import EVEN, Scale, by_session
from trdtrack.chart.view import EVERYDAY, View
from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Assessment, Attendance
from trdtrack.words import MINUS, say

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

SOLID_DAYS = 28
"""Two scores further apart than this are joined by a dashed line: nothing is known between them."""
LEAST_WEEKS = 26
BEYOND_DAYS = 14
BEYOND_SHARE = 0.04


@dataclass(frozen=True)
class Mark:
    """One total: `x` is the day answered (ordinal), `y` the points."""

    point: Point
    x: float
    y: int
    completeness: Completeness
    counts: bool


@dataclass(frozen=True)
class Stretch:
    """The patient's line from one score to the next."""

    x0: float
    y0: float
    x1: float
    y1: float
    dashed: bool


@dataclass(frozen=True)
class Cross:
    """A withdrawn total, while they are shown."""

    assessment: Assessment
    x: float
    y: int


Stop = Mark | Cross
"""What the arrow keys go through, and the pointer finds."""


@dataclass(frozen=True)
class Corridor:
    """From the baseline on: the totals that differ from it by less than a reliable change."""

    x: float
    low: float
    high: float
    name: str


@dataclass(frozen=True)
class Gain:
    """A possible sudden gain: the marks before and after it."""

    before: Mark
    after: Mark


@dataclass(frozen=True, eq=False)
class Drawing:
    """One chart. `measured` and `beyond` are the expected course within the trials' weeks and after them."""

    start: float
    end: float
    week_zero: float | None
    view: View = EVERYDAY
    scale: Scale = EVEN
    marks: tuple[Mark, ...] = ()
    crosses: tuple[Cross, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    baseline: Mark | None = None
    latest: Mark | None = None
    corridor: Corridor | None = None
    measured: tuple[Curve, ...] = ()
    beyond: tuple[Curve, ...] = ()
    alongside: Alongside = NOTHING
    gains: tuple[Gain, ...] = ()
    outlook: Outlook | None = None
    """The forecast, while it is asked for."""
    ended: float | None = None
    note: str = ""
    """One remark on the expected course: why there is none, or where its data end."""
    note_from: float | None = None
    empty: str = ""

    @property
    def counting(self) -> tuple[Mark, ...]:
        """The marks the patient's line runs through."""
        return tuple(mark for mark in self.marks if mark.counts)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Every score drawn, in order of its day."""
        return tuple(sorted((*self.marks, *self.crosses), key=lambda stop: stop.x)) if self.crosses else self.marks


def blank(view: View | None = None) -> Drawing:
    """Return the chart of no course: bare axes, no dates, and why."""
    nothing = say(message("No course of care yet."))
    return Drawing(start=0.0, end=7.0 * LEAST_WEEKS, week_zero=None, view=view or EVERYDAY, empty=nothing)


def drawing(summary: Summary, view: View | None = None) -> Drawing:
    """Work out the chart of a course as it is asked for; without scores, empty axes over half a year."""
    view = view or EVERYDAY
    marks = tuple(
        Mark(point, float(point.date.toordinal()), total, point.score.completeness, point.counts)
        for point in summary.points
        if (total := point.score.total) is not None
    )
    counting = [mark for mark in marks if mark.counts]
    baseline = next((m for m in marks if summary.baseline and m.point == summary.baseline.point), None)
    crosses = _crosses(summary) if view.crosses else ()
    start, end = _reach(summary, crosses)
    scale = by_session(_attended(summary)) if view.by_session else Scale()
    measured, beyond = curves(summary, end=end, knots=scale.days)
    note, note_from = _note(summary, view, beyond) if counting else ("", None)
    return Drawing(
        start=start,
        end=end,
        week_zero=float(summary.week_zero.toordinal()) if summary.week_zero else None,
        view=view,
        scale=scale,
        marks=marks,
        crosses=crosses,
        stretches=tuple(Stretch(a.x, a.y, b.x, b.y, dashed=b.x - a.x > SOLID_DAYS) for a, b in pairwise(counting)),
        baseline=baseline,
        latest=counting[-1] if counting else None,
        corridor=_corridor(summary, baseline, view),
        measured=measured,
        beyond=beyond,
        alongside=alongside(summary, view, start=start, end=end),
        gains=() if view.patient else _gains(summary, counting),
        outlook=outlook(summary) if view.forecast else None,
        ended=float(summary.course.end.toordinal()) if summary.ended and summary.course.end else None,
        note=note,
        note_from=note_from,
        empty="" if counting or crosses else say(summary.sentence),
    )


def _attended(summary: Summary) -> list[float]:
    return [float(s.date.toordinal()) for s in summary.sessions if s.attendance is Attendance.ATTENDED]


def _crosses(summary: Summary) -> tuple[Cross, ...]:
    """Return the withdrawn totals of this course; a score moved to another is not among them."""
    withdrawn = [a for a in summary.dossier.withdrawn if isinstance(a, Assessment) and a.course == summary.course.id]
    return tuple(
        Cross(assessment, float(assessment.date.toordinal()), total)
        for assessment in sorted(withdrawn, key=lambda a: (a.date, a.entered))
        if (total := assessment.score(prorate=summary.rules.prorate).total) is not None
    )


def _corridor(summary: Summary, baseline: Mark | None, view: View) -> Corridor | None:
    if baseline is None or not view.corridor:
        return None
    points = summary.outcome.reliable_change if summary.outcome else summary.rules.reliable_change
    name = message("less than {points} points: could be chance", points=points)
    return Corridor(
        x=baseline.x,
        low=float(max(baseline.y - points, 0)),
        high=float(min(baseline.y + points, phq9.MAX_TOTAL)),
        name=say(message("ordinary ups and downs") if view.patient else name),
    )


def _reach(summary: Summary, crosses: tuple[Cross, ...]) -> tuple[float, float]:
    """Return the first and the last day drawn: all there is, and at least up to week 26.

    Of the follow-ups still planned only the next one is looked ahead to.
    """
    days = [point.date.toordinal() for point in summary.points]
    days += [session.date.toordinal() for session in summary.sessions]
    days += [int(cross.x) for cross in crosses]
    follow_ups = [f for f in summary.dossier.follow_ups if f.course == summary.course.id]
    days += [f.done.toordinal() for f in follow_ups if f.done]
    days += [f.due.toordinal() for f in follow_ups if not f.done][:1]
    if summary.ended and summary.course.end:
        days.append(summary.course.end.toordinal())
    begins = [d.toordinal() for d in (summary.week_zero, summary.lines_start) if d]
    start = min(days + begins, default=summary.today.toordinal())
    last = max(days, default=start)
    beyond = last + max(BEYOND_DAYS, BEYOND_SHARE * (last - start)) if days else last
    return float(start), float(max(beyond, max(begins, default=start) + 7 * LEAST_WEEKS))


def _note(summary: Summary, view: View, beyond: tuple[Curve, ...]) -> tuple[str, float | None]:
    if summary.no_benchmark:
        # The reason may be a diagnosis: not for the patient to find on the screen.
        return (
            ("", None) if view.patient else (say(message("No expected course: {why}", why=summary.no_benchmark)), None)
        )
    if beyond and summary.benchmark:
        weeks = round(summary.benchmark.data_end)
        plain = message("little is known beyond {weeks} weeks", weeks=weeks)
        return say(plain if view.patient else message("no PHQ-9 arm data beyond {weeks} weeks", weeks=weeks)), beyond[
            0
        ].x
    return "", None


def _gains(summary: Summary, marks: list[Mark]) -> tuple[Gain, ...]:
    if not summary.sudden_gains:
        return ()
    by_day = {mark.point.date: mark for mark in marks}
    return tuple(Gain(by_day[gain.before.date], by_day[gain.after.date]) for gain in summary.sudden_gains)


def week_words(week: float | None, decimals: int | None = None) -> str:
    """Return a week of care as a short figure; whole weeks without decimals unless told otherwise."""
    if week is None:
        return "\u2013"
    places = int(week != round(week)) if decimals is None else decimals
    return f"{week:.{places}f}".replace("-", MINUS)
