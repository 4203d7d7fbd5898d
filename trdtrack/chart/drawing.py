"""What the chart shows, in the chart's own coordinates (days and PHQ-9 points) and in words: no Qt, no pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from trdtrack.chart.outlook import Outlook, outlook
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.records import Attendance
from trdtrack.words import MINUS, say

if TYPE_CHECKING:
    from trdtrack.domain.benchmark import Expected
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

SOLID_DAYS = 28
"""Two scores further apart than this are joined by a dashed line: nothing is known between them."""
LEAST_WEEKS = 26
BEYOND_DAYS = 14
BEYOND_SHARE = 0.04
CURVE_STEPS = 36


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
class Item9Mark:
    """Item 9 on one day: the answer as text, `?` where there is none; `raised` from 1 up."""

    x: float
    text: str
    raised: bool


@dataclass(frozen=True)
class Curve:
    """The expected course at one day."""

    x: float
    at: Expected
    evidence: tuple[float, float] | None = None
    """From where to where the average may lie, for all that is known of what therapy adds; None: not given."""


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
    marks: tuple[Mark, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    baseline: Mark | None = None
    latest: Mark | None = None
    measured: tuple[Curve, ...] = ()
    beyond: tuple[Curve, ...] = ()
    item9: tuple[Item9Mark, ...] = ()
    sessions: tuple[tuple[float, bool], ...] = ()
    gains: tuple[Gain, ...] = ()
    outlook: Outlook | None = None
    """The forecast, while it is asked for."""
    note: str = ""
    """One remark on the expected course: why there is none, or where its data end."""
    note_from: float | None = None
    empty: str = ""

    @property
    def counting(self) -> tuple[Mark, ...]:
        """The marks the patient's line runs through."""
        return tuple(mark for mark in self.marks if mark.counts)


def blank() -> Drawing:
    """Return the chart of no course: bare axes, no dates."""
    return Drawing(start=0.0, end=7.0 * LEAST_WEEKS, week_zero=None)


def drawing(summary: Summary, *, ahead: bool = False) -> Drawing:
    """Work out the chart of a course, `ahead` with its forecast; without scores, empty axes over half a year."""
    marks = tuple(
        Mark(point, float(point.date.toordinal()), total, point.score.completeness, point.counts)
        for point in summary.points
        if (total := point.score.total) is not None
    )
    counting = [mark for mark in marks if mark.counts]
    start, end = _reach(summary)
    measured, beyond = _expected(summary, end)
    note, note_from = _note(summary, beyond) if counting else ("", None)
    return Drawing(
        start=start,
        end=end,
        week_zero=float(summary.week_zero.toordinal()) if summary.week_zero else None,
        marks=marks,
        stretches=tuple(Stretch(a.x, a.y, b.x, b.y, dashed=b.x - a.x > SOLID_DAYS) for a, b in pairwise(counting)),
        baseline=next((m for m in marks if summary.baseline and m.point == summary.baseline.point), None),
        latest=counting[-1] if counting else None,
        measured=measured,
        beyond=beyond,
        item9=_item9(summary.points),
        sessions=tuple((float(s.date.toordinal()), s.attendance is Attendance.ATTENDED) for s in summary.sessions),
        gains=_gains(summary, counting),
        outlook=outlook(summary) if ahead else None,
        note=note,
        note_from=note_from,
        empty="" if counting else say(summary.sentence),
    )


def _reach(summary: Summary) -> tuple[float, float]:
    """Return the first and the last day drawn: all there is, and at least up to week 26."""
    days = [point.date.toordinal() for point in summary.points]
    days += [session.date.toordinal() for session in summary.sessions]
    begins = [d.toordinal() for d in (summary.week_zero, summary.lines_start) if d]
    start = min(days + begins, default=summary.today.toordinal())
    last = max(days, default=start)
    beyond = last + max(BEYOND_DAYS, BEYOND_SHARE * (last - start)) if days else last
    return float(start), float(max(beyond, max(begins, default=start) + 7 * LEAST_WEEKS))


def _expected(summary: Summary, end: float) -> tuple[tuple[Curve, ...], tuple[Curve, ...]]:
    benchmark, begins, baseline = summary.benchmark, summary.lines_start, summary.baseline
    if benchmark is None or begins is None or baseline is None:
        return (), ()
    first, last = begins.toordinal(), (end - begins.toordinal()) / 7

    def curve(week: float) -> Curve:
        total = baseline.point.total
        return Curve(first + 7 * week, benchmark.at(total, week), benchmark.evidence_band(total, week))

    # The lines fall fast and then slowly: more steps where they bend.
    weeks = [benchmark.horizon * (step / CURVE_STEPS) ** 2 for step in range(CURVE_STEPS + 1)]
    if last > benchmark.horizon:
        weeks.append(min(last, benchmark.data_end))
    beyond = (curve(benchmark.data_end), curve(last)) if last > benchmark.data_end else ()
    return tuple(curve(week) for week in weeks), beyond


def _note(summary: Summary, beyond: tuple[Curve, ...]) -> tuple[str, float | None]:
    if summary.no_benchmark:
        return say(message("No expected course: {why}", why=summary.no_benchmark)), None
    if beyond and summary.benchmark:
        weeks = round(summary.benchmark.data_end)
        return say(message("no PHQ-9 arm data beyond {weeks} weeks", weeks=weeks)), beyond[0].x
    return "", None


def _gains(summary: Summary, marks: list[Mark]) -> tuple[Gain, ...]:
    if not summary.sudden_gains:
        return ()
    by_day = {mark.point.date: mark for mark in marks}
    return tuple(Gain(by_day[gain.before.date], by_day[gain.after.date]) for gain in summary.sudden_gains)


def _item9(points: tuple[Point, ...]) -> tuple[Item9Mark, ...]:
    """Return one mark a day: of several answers the highest, and any answer before none."""
    days: dict[int, int] = {}
    for point in points:
        known = point.item9 if isinstance(point.item9, int) else -1
        days[point.date.toordinal()] = max(known, days.get(point.date.toordinal(), -1))
    return tuple(Item9Mark(float(x), "?" if n < 0 else str(n), raised=n > 0) for x, n in sorted(days.items()))


def week_words(week: float | None, decimals: int | None = None) -> str:
    """Return a week of care as a short figure; whole weeks without decimals unless told otherwise."""
    if week is None:
        return "\u2013"
    places = int(week != round(week)) if decimals is None else decimals
    return f"{week:.{places}f}".replace("-", MINUS)
