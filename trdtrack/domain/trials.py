"""What trials reported: arm by arm, and pooled estimates as published. Only falls and shared arms are computed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TAU2_APART = 0.01
"""Two methods whose tau² differ by this much are said to disagree on how far the trials differ."""


@dataclass(frozen=True)
class Arm:
    """One arm at one time: people analysed, mean and standard deviation in points of the trial's scale."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One comparison of a trial: psychotherapy against a control, after treatment and, where reported, before.

    Higher scores are worse. Rows with the same `control_group` share one control arm.
    """

    id: str
    study: str
    year: int | None = None
    population: str = ""
    therapy: str = ""
    modality: str = ""
    comparator: str = ""
    scale: str = ""
    scale_max: float | None = None
    rating: str = ""
    weeks: float | None = None
    """Weeks from the start to `therapy_after`; None where not reported."""
    therapy_before: Arm | None = None
    therapy_after: Arm
    control_before: Arm | None = None
    control_after: Arm
    note: str = ""
    control_group: str = ""


class Confirmed(StrEnum):
    """Whether somebody has opened the paper; "text" is confirmed but has no figure to draw."""

    YES = "yes"
    NO = "no"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class Published:
    """A pooled estimate as published, with its 95% interval; minus favours psychotherapy."""

    id: str
    source: str
    year: int | None = None
    doi: str = ""
    population: str = ""
    comparison: str = ""
    outcome: str = ""
    metric: str
    """SMD or g (standard deviations), or MD (points of the outcome's scale)."""
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    k: int | None = None
    n: int | None = None
    confirmed: Confirmed
    note: str = ""

    @property
    def drawn(self) -> bool:
        """Whether a forest plot may show it: confirmed, and a figure with its interval."""
        return self.confirmed is Confirmed.YES and None not in (self.estimate, self.ci_low, self.ci_high)


def pooled_sd(first: Arm, second: Arm) -> float:
    """SD over two arms in points: sqrt([(n1-1) SD1^2 + (n2-1) SD2^2] / (n1+n2-2)); RefraMED 5.0 before, 7.26 after."""
    squares = (first.n - 1) * first.sd**2 + (second.n - 1) * second.sd**2
    return math.sqrt(squares / (first.n + second.n - 2))


def shared_control(trials: Sequence[Trial], trial: Trial) -> int:
    """How many rows of the table share this row's control arm; 1 where it has its own."""
    if not trial.control_group:
        return 1
    return sum(other.control_group == trial.control_group for other in trials)


def split_control(trials: Sequence[Trial], trial: Trial) -> int:
    """People of the control arm that this row may count: n / number of rows sharing it, cut to a whole number.

    So nobody counts twice (Cochrane Handbook, 23.3.4); a remainder counts in no row, which is on the careful side and
    does not depend on the rows' order. 32 shared by two is 16 and 16; 33 is 16 and 16, too.
    """
    return trial.control_after.n // shared_control(trials, trial)


def mean_falls(trials: Sequence[Trial]) -> tuple[float, float]:
    """Share of the arm's own baseline mean lost after treatment: (control, therapy), averaged over comparisons.

    1 - m1/m0 per arm, weighted by the people analysed after treatment (a shared control split as above). Rows without
    a mean before treatment are left out. The ten self-rated rows give 14% and 30%; unweighted they give 10% and 32%.
    """
    control = therapy = 0.0
    control_n = therapy_n = 0
    for trial in trials:
        if trial.control_before is None or trial.therapy_before is None:
            continue
        n = split_control(trials, trial)
        control += n * (1 - trial.control_after.mean / trial.control_before.mean)
        control_n += n
        therapy += trial.therapy_after.n * (1 - trial.therapy_after.mean / trial.therapy_before.mean)
        therapy_n += trial.therapy_after.n
    if not therapy_n:
        raise ValueError("no row has a mean before treatment")
    return control / control_n, therapy / therapy_n
