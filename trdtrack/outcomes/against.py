"""The closed courses against the published benchmark: the observed fall, and the mean course beside the lines."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trdtrack.domain.caseload_outcomes import CourseOver, Fall, Step
from trdtrack.domain.pooling import t_value
from trdtrack.outcomes.lines import line, progress
from trdtrack.outcomes.statistics import mean_of, ratio

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.caseload_outcomes import OutcomeCase
    from trdtrack.outcomes.frames import Frame


def fall(cases: Sequence[OutcomeCase], published: Benchmark) -> Fall:
    """Return the observed fall of the paired courses with an expected course, beside what was to be expected."""
    paired = [c for c in cases if c.paired]
    drawn = [c for c in paired if c.has_benchmark]
    found = Fall(
        n=len(drawn),
        observed=None,
        low=None,
        high=None,
        mean_progress=None,
        usual_care_fall=published.usual_care_fall,
        psychotherapy_fall=published.psychotherapy_fall,
        no_benchmark=len(paired) - len(drawn),
    )
    if not drawn:
        return found
    p, se = ratio([c.baseline - (c.last or 0) for c in drawn], [c.baseline for c in drawn])
    reach = t_value(len(drawn) - 1) * se if len(drawn) > 1 else None
    return replace(
        found,
        observed=p,
        low=None if reach is None else p - reach,
        high=None if reach is None else p + reach,
        mean_progress=math.fsum(c.progress or 0.0 for c in drawn) / len(drawn),
    )


def course_over(cases: Sequence[OutcomeCase], during: Frame, published: Benchmark) -> tuple[CourseOver, CourseOver]:
    """Return the mean course by week and by session, of the courses with an expected course.

    `during`: their scores from the baseline to the end (`Placed.during`). By week as far as there are trial data, a
    score standing at the nearest whole week (half a week up); by session by how many were attended by its day.
    """
    drawn = np.array([c.has_benchmark for c in cases], dtype=bool)
    base = np.array([c.baseline for c in cases], dtype=float)
    rows = during[drawn[during["case"].to_numpy()]]
    reached = progress(rows["week"].to_numpy(), published.horizon)
    baselines = base[rows["case"].to_numpy()]
    scores = pd.DataFrame(
        {
            "case": rows["case"].to_numpy(),
            "total": rows["total"].to_numpy(dtype=float),
            "usual_care": line(baselines, published.usual_care_fall, reached),
            "psychotherapy": line(baselines, published.psychotherapy_fall, reached),
            "variance": published.start_variance + (published.end_variance - published.start_variance) * reached,
        }
    )
    week = np.floor(rows["week"].to_numpy() + 0.5).astype(np.int64)
    within = week <= published.data_end
    return _over(scores[within], week[within]), _over(scores, rows["session"].to_numpy())


def _over(scores: Frame, at: Frame) -> CourseOver:
    of_course = scores.assign(at=at).groupby(["at", "case"], as_index=False).mean()
    grouped = of_course.groupby("at")
    means = grouped.mean()
    steps = [
        Step(
            at=int(step),
            observed=mean_of(float(row.total), 0.0 if n == 1 else float(sd), int(n)),
            usual_care=float(row.usual_care),
            psychotherapy=float(row.psychotherapy),
            sd=math.sqrt(row.variance),
        )
        for (step, row), sd, n in zip(means.iterrows(), grouped["total"].std(), grouped.size(), strict=True)
    ]
    return CourseOver(int(of_course["case"].nunique()), tuple(steps))
