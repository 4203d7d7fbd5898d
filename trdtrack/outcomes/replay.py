"""The forecast tried on closed courses: what `domain/forecast.py` would have said, for all courses at once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from trdtrack.domain import phq9
from trdtrack.domain.benchmark import Z50, Z80
from trdtrack.domain.caseload_outcomes import Calibration, Replay
from trdtrack.outcomes.lines import line, progress
from trdtrack.outcomes.statistics import rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.outcomes.cases import Closed
    from trdtrack.outcomes.frames import Frame

MOMENTS = (0, 4, 8, 12)
"""Weeks since the lines began from which a forecast is tried."""
AHEAD = 4
"""A forecast is tried on a total that lies so many weeks or more after the last score it used."""


@dataclass(frozen=True)
class Filtered:
    """Scores of courses, by course and week, with the forecast's state after each: departure m, its variance p."""

    case: Frame
    week: Frame
    total: Frame
    reached: Frame
    """s at each score, by the course's own benchmark."""
    first: Frame
    """Whether the score is its course's first, the baseline."""
    m: Frame
    p: Frame


@dataclass(frozen=True)
class Model:
    """The parameters of each course's benchmark, a value a course."""

    baseline: Frame
    fall: Frame
    drift: Frame
    error: Frame
    horizon: Frame

    @classmethod
    def of(cls, baselines: Sequence[int], drawn: Sequence[Benchmark]) -> Model:
        """Return the parameters of the benchmark that each course is drawn with."""
        return cls(
            np.array(baselines, dtype=float),
            np.array([b.psychotherapy_fall for b in drawn], dtype=float),
            np.array([b.end_variance - b.start_variance for b in drawn], dtype=float),
            np.array([b.start_variance / 2 for b in drawn], dtype=float),
            np.array([b.horizon for b in drawn], dtype=float),
        )

    def expected(self, case: Frame, reached: Frame) -> Frame:
        """Return E_P where a share of each course's fall is reached."""
        return line(self.baseline[case], self.fall[case], reached)


def calibration(closed: Sequence[Closed], during: Frame) -> Calibration:
    """Replay the forecasts of the courses with an expected course at every moment. `during`: `Placed.during`."""
    tried = [c for c in closed if c.case and c.drawn]
    model = Model.of([c.baseline or 0 for c in tried], [c.drawn for c in tried if c.drawn])
    drawn = np.array([bool(c.case and c.case.has_benchmark) for c in tried], dtype=bool)
    case = during["case"].to_numpy()
    kept = during[drawn[case] & (during["week"].to_numpy() <= model.horizon[case])]
    scores = filtered(model, *(kept[name].to_numpy() for name in ("case", "week", "total")))
    return Calibration(tuple(_replay(model, scores, moment) for moment in MOMENTS))


def filtered(model: Model, case: Frame, week: Frame, total: Frame) -> Filtered:
    """Run the local-level Kalman filter of `forecast.forecast` over every course, all courses a score at a time."""
    first = np.concatenate([[True], case[1:] != case[:-1]])[: len(case)]
    place = np.arange(len(case)) - np.maximum.accumulate(np.where(first, np.arange(len(case)), 0))
    reached = progress(week, model.horizon[case])
    departure = total - model.expected(case, reached)
    m, p = departure.astype(float), model.error[case].copy()
    for now in _turns(place):
        before = p[now - 1] + model.drift[case[now]] * (reached[now] - reached[now - 1])
        gain = before / (before + model.error[case[now]])
        m[now] = m[now - 1] + gain * (departure[now] - m[now - 1])
        p[now] = before * (1 - gain)
    return Filtered(case, week, total, reached, first, m, p)


def _turns(place: Frame) -> Iterator[Frame]:
    """Yield the rows that are second in their course, then the third, and so on. `place`: each row's, from 0."""
    order = place.argsort(kind="stable")
    edges = place[order].searchsorted(range(1, place.max(initial=0) + 2))
    for low, high in pairwise(edges.tolist()):
        yield order[low:high]


def _replay(model: Model, scores: Filtered, moment: int) -> Replay:
    rows = np.arange(len(scores.case))
    last = rows[np.concatenate([scores.first[1:], [True]])[: len(rows)]]
    # The last row of each course that a forecast made then could know.
    known = scores.first if moment == 0 else scores.week <= moment
    used = np.maximum.accumulate(np.where(known, rows, 0))[last] if len(rows) else last
    tried = scores.week[last] - scores.week[used] >= AHEAD
    if moment:
        tried &= ~scores.first[used]
    used, last = used[tried], last[tried]
    case, total = scores.case[last], scores.total[last]
    centre = model.expected(case, scores.reached[last]) + scores.m[used]
    ahead = model.drift[case] * (scores.reached[last] - scores.reached[used])
    sd = np.sqrt(scores.p[used] + ahead + model.error[case])
    held = [int(_within(total, centre - z * sd, centre + z * sd).sum()) for z in (Z50, Z80)]
    n = len(last)
    return Replay(
        week=moment,
        held50=rate(held[0], n),
        held80=rate(held[1], n),
        error=float(np.abs(_cut(centre) - total).mean()) if n else None,
        carried=float(np.abs(scores.total[used] - total).mean()) if n else None,
    )


def _within(total: Frame, low: Frame, high: Frame) -> Frame:
    """Whether totals lie within bands cut to the scale, their edges included."""
    return (_cut(low) <= total) & (total <= _cut(high))


def _cut(points: Frame) -> Frame:
    return np.clip(points, 0, phq9.MAX_TOTAL)
