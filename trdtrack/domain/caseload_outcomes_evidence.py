"""A caseload's closed courses against the evidence, and the program's own forecast against what came.

PHQ-9 points; falls are fractions of the baseline; weeks are days / 7; every interval is a 95% one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.caseload_outcomes_groups import Mean, Rate
    from trdtrack.domain.message import Message

LOCAL_FROM = 30
"""From so many closed courses with an outcome at week 4 or later there is a local benchmark."""


@dataclass(frozen=True, kw_only=True)
class Fall:
    """The observed fall beside the expected ones, over the paired courses that have an expected course.

    Observed: p = sum(B-y)/sum(B). Its interval is that of a ratio of sums, p +- t(n-1) SE with
    SE = SD(B-y-pB)/(sqrt(n) mean(B)) (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6; the form of the clinical
    rules, 8). Expected: the published falls times the mean s(t) of the same courses.
    """

    n: int
    observed: float | None
    low: float | None
    high: float | None
    mean_progress: float | None
    """Mean s(t) at the last totals' weeks."""
    usual_care_fall: float
    """By the horizon, as published (0.16)."""
    psychotherapy_fall: float
    """By the horizon, as published (0.29)."""
    no_benchmark: int
    """Paired courses left out here: bipolar or psychotic depression recorded, or under 18."""

    @property
    def usual_care(self) -> float | None:
        """The fall expected of usual care alone at the same weeks."""
        return None if self.mean_progress is None else self.usual_care_fall * self.mean_progress

    @property
    def psychotherapy(self) -> float | None:
        """The fall expected with psychotherapy added at the same weeks."""
        return None if self.mean_progress is None else self.psychotherapy_fall * self.mean_progress


@dataclass(frozen=True, kw_only=True)
class Step:
    """The courses with a score at one week or session: their mean total, and the lines' means at the same scores."""

    at: int
    """Whole week since the lines began, or number of the session."""
    observed: Mean
    """One value a course: the mean of its totals there."""
    usual_care: float
    psychotherapy: float
    sd: float
    """Of one person around the line, root mean square over the same scores (points)."""


@dataclass(frozen=True)
class CourseOver:
    """The mean course beside the expected one, over the courses that have one; fewer courses at each later step."""

    courses: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class LocalBenchmark:
    """The expected fall by the horizon learnt from all closed courses of the caseload, whatever is chosen.

    Prior and data are normal; the posterior weights each by 1/variance. Only the fall with psychotherapy is learnt.
    """

    n: int
    """Courses it rests on: with an expected course, and the last total at week 4 or later."""
    prior: float
    prior_sd: float
    data: float | None = None
    """p = sum(B-y)/sum(B s(t))."""
    se: float | None = None
    """SD(B-y-p B s)/(sqrt(n) mean(B s))."""
    posterior: float | None = None
    posterior_sd: float | None = None
    why_not: Message | None = None
    """Why there is no posterior; None where there is one."""
    first_end: date | None = None
    last_end: date | None = None


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What the forecast would have said at one moment of each closed course, against how the course went on.

    Made from the scores up to `week` (at 0 the baseline alone, later at least one more), for the last total up to the
    end and the horizon, where that lies 4 weeks or more after the last score used. One forecast a course.
    """

    week: int
    held50: Rate
    """How often the last total lay within the 50% band, its edges included."""
    held80: Rate
    error: float | None
    """Mean absolute error of the forecast (points), its centre cut to 0-27."""
    carried: float | None
    """Mean absolute error of carrying the last score forward (points)."""

    @property
    def n(self) -> int:
        """How many courses it was tried on."""
        return self.held50.of


@dataclass(frozen=True)
class Calibration:
    """The program's own forecast tried on closed courses, at fixed moments."""

    replays: tuple[Replay, ...]
