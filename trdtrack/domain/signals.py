"""Where a course stands against its benchmark: one signal, the first rule that holds. Information, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trdtrack.domain import outcome, phq9
from trdtrack.domain.benchmark import Z50, Z80, Benchmark
from trdtrack.domain.message import Message, message, plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.domain.records import Rules
    from trdtrack.domain.trajectory import Baseline, Point

RECENT_DAYS = 28
EARLY_WEEKS = 4
ENOUGH_SCORES = 2


class Signal(StrEnum):
    """The nine signals, and "past the data" for the last three of them beyond the benchmark's data."""

    ENDED = "ended"
    REVIEW = "review"
    NO_RECENT_SCORE = "no recent score"
    TOO_EARLY = "too early"
    PLATEAU = "plateau"
    NO_BENCHMARK = "no benchmark"
    SLOWER = "slower than average"
    AHEAD = "ahead of average"
    ON_TRACK = "on track"
    PAST_DATA = "past the data"


@dataclass(frozen=True)
class Standing:
    """A signal and why it holds, in one phrase; `RULES` has the rule behind it."""

    signal: Signal
    why: Message
    rests_on: tuple[Point, ...] = ()
    """Scores besides the baseline and the latest that decided it: a conclusion from a prorated one says so."""


RULES: dict[Signal, Message] = {
    Signal.ENDED: message("The course is closed."),
    Signal.REVIEW: message(
        "The latest score is a reliable rise above baseline, or the last two (both from week 4 on) lie above the "
        "wide band. A reason to bring the case to supervision; some people improve late."
    ),
    Signal.NO_RECENT_SCORE: message("The latest score is more than 28 days old."),
    Signal.TOO_EARLY: message("Before week 4, or fewer than two scores after baseline."),
    Signal.PLATEAU: message(
        "From week 12: 10 or more, less than 21% below baseline, and no reliable change in 8 weeks. True of about "
        "4 in 10 average courses: a reason to think, not a failure."
    ),
    Signal.NO_BENCHMARK: message("There is no expected course to compare with."),
    Signal.SLOWER: message("Above the middle half of the expected range. The range is wide: average is no prophecy."),
    Signal.AHEAD: message("Below the middle half of the expected range."),
    Signal.ON_TRACK: message("Within the middle half of the expected range at its week."),
    Signal.PAST_DATA: message("No trial data beyond 30 weeks: the lines go on flat and say nothing more."),
}


def standing(
    *,
    points: Sequence[Point],
    baseline: Baseline | None,
    benchmark: Benchmark | None,
    no_benchmark: Message | None,
    lines_start: date | None,
    rules: Rules,
) -> Standing:
    """Return the first signal that holds before the day one asks on is looked at; `on_day` looks at it.

    `points` are those that count; weeks here count from `lines_start`.
    """
    after = [p for p in points if baseline and p.date > baseline.point.date]
    latest = points[-1] if points else None
    if latest is None:
        return Standing(Signal.TOO_EARLY, message("no score yet"))
    if baseline and (review := _review(after, baseline, benchmark, lines_start, rules)):
        return Standing(Signal.REVIEW, *review)
    week = _week(latest, lines_start) if lines_start else latest.week
    if week is not None and week < EARLY_WEEKS:
        return Standing(Signal.TOO_EARLY, message("before week 4"))
    if baseline and len(after) < ENOUGH_SCORES:
        return Standing(Signal.TOO_EARLY, message("fewer than two scores after baseline"))
    if baseline and (then := outcome.plateau(baseline.point.total, points, rules.reliable_change)):
        why = message("little change for 8 weeks: a reason to think, not a failure")
        return Standing(Signal.PLATEAU, why, (then,))
    if baseline is None or benchmark is None or lines_start is None:
        return Standing(Signal.NO_BENCHMARK, no_benchmark or message("no baseline"))
    return _against(benchmark, baseline.point.total, latest, _week(latest, lines_start))


def on_day(found: Standing, *, latest: date | None, ended: bool, today: date) -> Standing:
    """Return the signal on a day and why it holds; `found` is the one before its day is looked at."""
    age = (today - latest).days if latest else 0
    signal = of_day(found.signal, age=age, ended=ended)
    if signal is Signal.ENDED:
        return Standing(signal, message("the course has ended"))
    if age <= RECENT_DAYS:
        return found
    if signal is Signal.REVIEW:
        why = message("{why}, {age}", why=found.why, age=plural("{n} day old", "{n} days old", age))
        return Standing(signal, why, found.rests_on)
    return Standing(signal, plural("the latest is {n} day old", "the latest is {n} days old", age))


def of_day(found: Signal, *, age: int, ended: bool) -> Signal:
    """Return the signal on a day: an end comes before all, and a score that is `age` days old before all but review."""
    if ended:
        return Signal.ENDED
    return Signal.NO_RECENT_SCORE if age > RECENT_DAYS and found is not Signal.REVIEW else found


def _week(point: Point, lines_start: date) -> float:
    return max((point.date - lines_start).days / 7, 0.0)


def _review(
    after: list[Point],
    baseline: Baseline,
    benchmark: Benchmark | None,
    lines_start: date | None,
    rules: Rules,
) -> tuple[Message, tuple[Point, ...]] | None:
    if not after:
        return None
    rise = after[-1].total - baseline.point.total
    if rise >= rules.reliable_change:
        return plural("{n} point above baseline", "{n} points above baseline", rise), ()
    if benchmark is None or lines_start is None or len(after) < ENOUGH_SCORES:
        return None

    def above_wide_band(point: Point) -> bool:
        week = _week(point, lines_start)
        if week < EARLY_WEEKS:
            return False
        edge = benchmark.psychotherapy(baseline.point.total, week) + Z80 * benchmark.sd(week)
        return point.total >= phq9.MAX_TOTAL if edge >= phq9.MAX_TOTAL else point.total > edge

    if all(above_wide_band(point) for point in after[-2:]):
        return message("the last two scores lie above the wide band"), tuple(after[-2:])
    return None


def _against(benchmark: Benchmark, baseline: int, latest: Point, week: float) -> Standing:
    if week > benchmark.data_end:
        return Standing(
            Signal.PAST_DATA, message("no trial data beyond {weeks} weeks", weeks=round(benchmark.data_end))
        )
    centre, reach = benchmark.psychotherapy(baseline, week), Z50 * benchmark.sd(week)
    if latest.total > centre + reach:
        return Standing(Signal.SLOWER, message("above the middle half of the expected range"))
    if latest.total < centre - reach:
        return Standing(Signal.AHEAD, message("below the middle half of the expected range"))
    return Standing(Signal.ON_TRACK, message("near the average course with psychotherapy added to usual care"))
