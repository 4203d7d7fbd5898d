"""The expectation sheet's chart: this patient's own expected range and scores so far, drawn plainly as SVG, no Qt.

Only the expected course and the totals: nothing that judges them, nothing that looks ahead from them. Shades and
strokes differ in lightness and pattern, so that a black-and-white printer tells them apart.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from trdtrack.chart.drawing import SOLID_DAYS
from trdtrack.chart.palette import FONT, LIGHT
from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.refusals import Refusal
from trdtrack.report.sheet import Size
from trdtrack.words import _, figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Baseline, Point

# One unit of the drawing is one typographic point.
WIDTH, HEIGHT = 499.0, 206.0
HEIGHTS = {Size.A4: HEIGHT, Size.LETTER: 160.0}
"""A Letter page is lower: the chart gives way."""
LEFT, RIGHT, TOP, BOTTOM = 26.0, 118.0, 18.0, 44.0
SIZE = 10.5
LABEL_GAP = 14.0
"""Least distance between the labels of two lines."""
WIDE, HALF = "#E8E8E4", "#C6CBCB"
EDGE = f'stroke="{LIGHT.muted}" stroke-width="0.3"'
"""A hairline round the shades, for printers that lose a light grey."""
MOST_WEEKS = 36
"""Up to so many, every fourth has its number."""
CURVE_STEPS = 40
EVERY_TOTAL = (0, 5, 10, 15, 20, 25)


def expected(summary: Summary) -> tuple[Benchmark, Baseline]:
    """Return what the sheet rests on, or refuse in one sentence: without an expected course there is no sheet."""
    if summary.benchmark is None or summary.baseline is None or summary.lines_start is None:
        why = summary.no_benchmark or message("no baseline")
        raise Refusal(message("There is no expectation sheet for this course: {why}.", why=why))
    return summary.benchmark, summary.baseline


def so_far(summary: Summary) -> tuple[Point, ...]:
    """Return the totals from the baseline on: those the expected course is about."""
    _found, baseline = expected(summary)
    return tuple(p for p in summary.counting if p.date >= baseline.point.date)


def draw_expectation(summary: Summary, *, size: Size = Size.A4) -> bytes:
    """Draw this patient's own expected range, both lines and the scores so far, as SVG. Any thread may do it."""
    benchmark, baseline = expected(summary)
    placed = [(_week(summary, p), p) for p in so_far(summary)]
    placed = [(week, p) for week, p in placed if week <= last_week(benchmark)]
    weeks, points = [week for week, _p in placed], [p for _week, p in placed]
    frame = _Frame(min(0.0, *weeks), max(benchmark.horizon, *weeks), benchmark.horizon, height=HEIGHTS[size])
    drawn = [
        *frame.ground(),
        *_range(frame, benchmark, baseline.point.total),
        *_lines(frame, benchmark, baseline.point.total),
        *_scores(frame, points, weeks),
        *_key(frame.height - 9),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {frame.height:g}" '
        f'width="{WIDTH:g}" height="{frame.height:g}" font-family="{FONT}" font-size="{SIZE}">'
        + "".join(drawn)
        + "</svg>"
    ).encode()


def last_week(benchmark: Benchmark) -> float:
    """Return the week up to which the chart may go: beyond the data it says nothing."""
    return max(benchmark.horizon, benchmark.data_end)


def ticks(last: float, horizon: float) -> list[float]:
    """Weeks named under the chart: every fourth, fewer in a long one; where it ends at the horizon, that one too."""
    step = 4 * math.ceil(last / MOST_WEEKS)
    named = [float(week) for week in range(0, int(last) + 1, step)]
    if last != horizon or named[-1] == last:
        return named
    return [*(week for week in named if last - week > step / 2), last]


def _week(summary: Summary, point: Point) -> float:
    assert summary.lines_start is not None  # noqa: S101 - `expected` has asked
    return (point.date - summary.lines_start).days / 7


class _Frame:
    """Where weeks and totals lie on the paper."""

    def __init__(self, first: float, last: float, horizon: float, *, height: float) -> None:
        self.first, self.last, self.horizon, self.height = first, last, horizon, height

    def x(self, week: float) -> float:
        return LEFT + (week - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, total: float) -> float:
        return TOP + (1 - total / phq9.MAX_TOTAL) * (self.height - TOP - BOTTOM)

    def ground(self) -> Iterator[str]:
        """Yield the axes: a hairline for every fifth total, the weeks, and what both are."""
        left, right, foot = self.x(self.first), self.x(self.last), self.y(0)
        yield _text(0, 9, _("PHQ-9 total (lower is better)"), colour=LIGHT.muted)
        for total in EVERY_TOTAL:
            y = self.y(total)
            stroke = LIGHT.muted if total == 0 else LIGHT.line
            yield f'<path d="M{left:.2f} {y:.2f}H{right:.2f}" stroke="{stroke}" stroke-width="0.6"/>'
            yield _text(left - 6, y + 3.7, str(total), anchor="end", colour=LIGHT.muted)
        for week in ticks(self.last, self.horizon):
            x = self.x(week)
            yield f'<path d="M{x:.2f} {foot:.2f}v3.5" stroke="{LIGHT.muted}" stroke-width="0.6"/>'
            yield _text(x, foot + 14, figures(f"{week:g}"), anchor="middle", colour=LIGHT.muted)
        yield _text(right + 10, foot + 14, _("weeks"), colour=LIGHT.muted)


def _range(frame: _Frame, benchmark: Benchmark, baseline: int) -> Iterator[str]:
    there = [benchmark.at(baseline, week) for week in _curve(frame)]
    for low, high, shade in (("low80", "high80", WIDE), ("low50", "high50", HALF)):
        edge = [(frame.x(e.week), frame.y(getattr(e, high))) for e in there]
        edge += [(frame.x(e.week), frame.y(getattr(e, low))) for e in reversed(there)]
        yield f'<path d="{_path(edge)}Z" fill="{shade}" {EDGE}/>'


def _lines(frame: _Frame, benchmark: Benchmark, baseline: int) -> Iterator[str]:
    there = [benchmark.at(baseline, week) for week in _curve(frame)]
    usual = [(frame.x(e.week), frame.y(e.usual_care)) for e in there]
    therapy = [(frame.x(e.week), frame.y(e.psychotherapy)) for e in there]
    yield f'<path d="{_path(usual)}" fill="none" stroke="{LIGHT.muted}" stroke-width="1.5" stroke-dasharray="5 3"/>'
    yield f'<path d="{_path(therapy)}" fill="none" stroke="{LIGHT.accent}" stroke-width="2.4"/>'
    # The labels keep apart where the lines end close together.
    upper, lower = sorted((usual[-1][1], therapy[-1][1]))
    apart = max(LABEL_GAP - (lower - upper), 0) / 2
    for end, words, colour, weight in (
        (usual[-1], _("usual care only"), LIGHT.muted, 400),
        (therapy[-1], _("with therapy added"), LIGHT.accent, 600),
    ):
        y = end[1] + (apart if end[1] == lower else -apart)
        yield _text(frame.x(frame.last) + 8, y + 3.7, words, colour=colour, weight=weight)


def _scores(frame: _Frame, points: Sequence[Point], weeks: Sequence[float]) -> Iterator[str]:
    places = [(frame.x(week), frame.y(p.total)) for week, p in zip(weeks, points, strict=True)]
    for (a, b), (first, second) in zip(pairwise(places), pairwise(points), strict=True):
        dash = ' stroke-dasharray="2 3"' if (second.date - first.date).days > SOLID_DAYS else ""
        yield f'<path d="{_path([a, b])}" fill="none" stroke="{LIGHT.ink}" stroke-width="1.3"{dash}/>'
    for place, point in zip(places, points, strict=True):
        yield _dot(*place, hollow=_estimated(point))


def _key(y: float) -> Iterator[str]:
    """Yield what the shapes mean, in one row under the chart."""
    x = LEFT
    for shape, room, words in (
        (_dot(4, y, hollow=False), 14, _("your scores")),
        (_swatch(HALF, y, 5), 27, _("about half of people")),
        (_swatch(WIDE, y, 7) + _swatch(HALF, y, 3, edge=""), 27, _("about 4 in 5 people")),
    ):
        yield f'<g transform="translate({x:.2f} 0)">{shape}</g>'
        yield _text(x + room, y + 3.7, words)
        x += room + _breadth(words) + 22


def _estimated(point: Point) -> bool:
    return point.score.completeness is Completeness.PRORATED


def _breadth(words: str) -> float:
    """Return about how wide a text is: Inter's letters are a good half of their size."""
    return len(words) * SIZE * 0.5


def _curve(frame: _Frame) -> list[float]:
    """Weeks at which the curves are worked out: closer at the start, where they bend."""
    return [frame.last * (step / CURVE_STEPS) ** 2 for step in range(CURVE_STEPS + 1)]


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places)


def _dot(x: float, y: float, *, hollow: bool) -> str:
    fill, stroke = (LIGHT.surface, LIGHT.ink) if hollow else (LIGHT.ink, LIGHT.surface)
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="3.6" fill="{fill}" stroke="{stroke}" stroke-width="1.2"/>'


def _swatch(shade: str, y: float, half: float, *, edge: str = EDGE) -> str:
    return f'<rect x="0" y="{y - half:.2f}" width="20" height="{2 * half:g}" fill="{shade}" {edge}/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = LIGHT.ink, weight: int = 400) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{colour}" font-weight="{weight}">'
        f"{escape(words)}</text>"
    )
