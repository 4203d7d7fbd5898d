"""A case's small chart for the supervision sheet: the totals by week over the expected range, drawn as SVG, no Qt.

There is no day on it, only weeks: it is the same with and without names. Shades differ in lightness alone.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from trdtrack.chart.drawing import SOLID_DAYS
from trdtrack.chart.palette import FONT, LIGHT
from trdtrack.domain import phq9
from trdtrack.domain.phq9 import Completeness
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

# One unit of the drawing is one typographic point.
WIDTH = 176.0
LEFT, RIGHT, TOP, BOTTOM = 22.0, 4.0, 2.0, 12.0
SIZE = 6.5
WIDE, HALF = "#E8E8E4", "#C6CBCB"
TOTALS = (0, 10, 20)
"""The totals that have a hairline: 10 is caseness."""
USUAL_WEEKS = 26.0
"""What the axis spans at least, so that cases can be compared at a glance."""
MOST_NAMED = 8
"""So many weeks at most have their number."""
CURVE_STEPS = 26


def case_svg(summary: Summary | None, *, height: float) -> bytes:
    """Return the chart of a case, `WIDTH` by `height` points; without a score it says so."""
    points = summary.counting if summary else ()
    weeks = [week_of(summary, p) for p in points] if summary else []
    frame = _Frame(min(0.0, *weeks, 0.0), max(USUAL_WEEKS, *weeks, 0.0), height)
    drawn = [*frame.ground()]
    if summary:
        drawn += [*_range(frame, summary), *_scores(frame, points, weeks)]
    if not points:
        middle = (frame.x(frame.first) + frame.x(frame.last)) / 2
        drawn.append(_text(middle, frame.y(13), _("no score yet"), anchor="middle"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" '
        f'width="{WIDTH:g}" height="{height:g}" font-family="{FONT}" font-size="{SIZE}">' + "".join(drawn) + "</svg>"
    ).encode()


def week_of(summary: Summary, point: Point) -> float:
    """Return the week a point stands at: from week 0, or from the first score where there is no week 0."""
    return (point.date - summary.counting[0].date).days / 7 if point.week is None else point.week


class _Frame:
    """Where weeks and totals lie on the paper."""

    def __init__(self, first: float, last: float, height: float) -> None:
        self.first, self.last, self.height = first, last, height

    def x(self, week: float) -> float:
        return LEFT + (week - self.first) / (self.last - self.first) * (WIDTH - LEFT - RIGHT)

    def y(self, total: float) -> float:
        return TOP + (1 - total / phq9.MAX_TOTAL) * (self.height - TOP - BOTTOM)

    def ground(self) -> Iterator[str]:
        """Yield the axes."""
        left, right, foot = self.x(self.first), self.x(self.last), self.y(0)
        for total in TOTALS:
            y = self.y(total)
            stroke = LIGHT.muted if total == 0 else LIGHT.line
            yield f'<path d="M{left:.2f} {y:.2f}H{right:.2f}" stroke="{stroke}" stroke-width="0.5"/>'
            yield _text(left - 3, y + 2.3, str(total), anchor="end")
        step = 4 * math.ceil(self.last / 4 / MOST_NAMED)
        for week in range(0, int(self.last) + 1, step):
            x = self.x(week)
            yield f'<path d="M{x:.2f} {foot:.2f}v2" stroke="{LIGHT.muted}" stroke-width="0.5"/>'
            yield _text(x, foot + 9.2, str(week), anchor="middle")
        yield _text(self.x(0) - 4, foot + 9.2, _("week"), anchor="end")


def _range(frame: _Frame, summary: Summary) -> Iterator[str]:
    """Yield the expected range, where there is one: four in five people, the middle half, the average."""
    if summary.benchmark is None or summary.baseline is None or summary.lines_start is None:
        return
    benchmark, total = summary.benchmark, summary.baseline.point.total
    begin = week_of(summary, summary.baseline.point)
    if summary.week_zero:
        begin = (summary.lines_start - summary.week_zero).days / 7
    span = frame.last - begin
    ts = [span * step / CURVE_STEPS for step in range(CURVE_STEPS + 1)]
    at = [(frame.x(begin + t), benchmark.at(total, t)) for t in ts]
    edge = f'stroke="{LIGHT.muted}" stroke-width="0.25"'
    for colour, low, high in ((WIDE, "low80", "high80"), (HALF, "low50", "high50")):
        over = [(x, frame.y(getattr(e, high))) for x, e in at]
        under = [(x, frame.y(getattr(e, low))) for x, e in reversed(at)]
        yield f'<path d="{_path([*over, *under])}Z" fill="{colour}" {edge}/>'
    yield from _average(frame, benchmark, [(begin + t, x, e.psychotherapy) for t, (x, e) in zip(ts, at, strict=True)])


def _average(frame: _Frame, benchmark: Benchmark, line: list[tuple[float, float, float]]) -> Iterator[str]:
    """Yield the average course with psychotherapy, dotted where the trials have no data any more."""
    begin = line[0][0]
    known = [(x, frame.y(total)) for week, x, total in line if week - begin <= benchmark.data_end]
    beyond = [(x, frame.y(total)) for week, x, total in line if week - begin > benchmark.data_end]
    stroke = f'fill="none" stroke="{LIGHT.accent}" stroke-width="0.9"'
    yield f'<path d="{_path(known)}" {stroke}/>'
    if beyond:
        yield f'<path d="{_path([known[-1], *beyond])}" {stroke} stroke-dasharray="0.9 1.8"/>'


def _scores(frame: _Frame, points: tuple[Point, ...], weeks: list[float]) -> Iterator[str]:
    """Yield the patient's line, dashed across long gaps, and each total: hollow where it is prorated."""
    places = [(frame.x(week), frame.y(p.total)) for week, p in zip(weeks, points, strict=True)]
    for (one, p), (other, q) in pairwise(zip(places, points, strict=True)):
        dashes = ' stroke-dasharray="2 1.5"' if (q.date - p.date).days > SOLID_DAYS else ""
        yield f'<path d="{_path([one, other])}" fill="none" stroke="{LIGHT.ink}" stroke-width="1"{dashes}/>'
    dense = len(points) > 30
    for (x, y), point in zip(places, points, strict=True):
        hollow = point.score.completeness is Completeness.PRORATED
        last = point is points[-1]
        radius = 2.0 if last else 0.8 if dense else 1.4
        fill = LIGHT.surface if hollow else LIGHT.ink
        yield f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius}" fill="{fill}" stroke="{LIGHT.ink}" stroke-width="0.7"/>'


def _path(places: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places)


def _text(x: float, y: float, words: str, *, anchor: str) -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{LIGHT.muted}">{escape(words)}</text>'
