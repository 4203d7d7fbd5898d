"""Pools trials by random effects: arm-level figures to Hedges g, to one estimate with its spread between trials.

The only module that needs scipy; callers import it late.
"""

# scipy has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from scipy.optimize import brentq, minimize_scalar
from scipy.special import stdtrit

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.trials import Trial, pooled_sd, split_control

if TYPE_CHECKING:
    from collections.abc import Sequence

Z95 = 1.959964
"""Standard normal quantile of the middle 95%: the interval of one trial alone."""
_GRID = 200


class Method(StrEnum):
    """How the variance between trials is estimated."""

    PAULE_MANDEL = "PM"
    REML = "REML"


@dataclass(frozen=True)
class Effect:
    """One trial's Hedges g (standard deviations; minus favours psychotherapy) and its sampling variance."""

    trial: Trial
    n_therapy: int
    n_control: int
    """People of the control arm that count here: fewer than the arm had where it is shared."""
    g: float
    variance: float

    @property
    def se(self) -> float:
        """Standard error: the square root of the variance."""
        return math.sqrt(self.variance)

    @property
    def ci_low(self) -> float:
        """Lower end of the trial's own 95% interval: g - 1.96 se."""
        return self.g - Z95 * self.se

    @property
    def ci_high(self) -> float:
        """Upper end of the trial's own 95% interval: g + 1.96 se."""
        return self.g + Z95 * self.se


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """Several effects as one: g with its Hartung-Knapp 95% interval, and how far trials differ."""

    method: Method
    g: float
    se: float
    """Hartung-Knapp standard error."""
    ci_low: float
    ci_high: float
    tau2: float
    """Variance of the true effects between trials."""
    i2: float
    """Percent of the typical total variance that lies between trials."""
    q: float
    """Cochran's Q, chi-square on k - 1 degrees of freedom if all trials had one true effect."""
    pi_low: float
    """95% prediction interval: where the true effect of one more such trial is expected."""
    pi_high: float
    effects: tuple[Effect, ...]
    weights: tuple[float, ...]
    """Percent, in the order of `effects`; they add up to 100."""
    usual_se: float
    """The standard error without Hartung and Knapp's factor, 1/sqrt(sum of w)."""

    @property
    def k(self) -> int:
        """How many comparisons were pooled."""
        return len(self.effects)

    @property
    def narrowed(self) -> bool:
        """Whether the trials agree better than chance allows, so that the interval is too good to lean on."""
        # Where Paule and Mandel find variance, the factor is 1 up to the last digits.
        return self.se < self.usual_se * (1 - 1e-6)


@dataclass(frozen=True)
class Subgroup:
    """The comparisons of one modality. One alone is not pooled: its own g and 95% interval stand for it."""

    modality: str
    k: int
    g: float
    ci_low: float
    ci_high: float
    pooled: Pooled | None


def t_value(df: int) -> float:
    """Two-sided 5% value of Student's t: 2.228 with 10 degrees of freedom."""
    return float(stdtrit(df, 0.975))


def small_sample_factor(df: int) -> float:
    """Hedges' exact factor J = gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)), df = n1 + n2 - 2 (Hedges 1981).

    With df = 10: 0.9227 (the approximation 1 - 3/(4 df - 1) gives 0.9231).
    """
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def hedges_g(trial: Trial, n_control: int) -> Effect:
    """Hedges g = J (m_therapy - m_control) / pooled SD, after treatment.

    Variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)) (Hedges & Olkin 1985). `n_control` is the control arm's n as far as this
    row may count it.
    """
    therapy, control = trial.therapy_after, replace(trial.control_after, n=n_control)
    people = therapy.n + control.n
    g = small_sample_factor(people - 2) * (therapy.mean - control.mean) / pooled_sd(therapy, control)
    return Effect(trial, therapy.n, control.n, g, 1 / therapy.n + 1 / control.n + g**2 / (2 * people))


def effects(trials: Sequence[Trial]) -> tuple[Effect, ...]:
    """Return each row's effect, a shared control arm's n split over the rows that share it."""
    return tuple(hedges_g(trial, split_control(trials, trial)) for trial in trials)


def pool(found: Sequence[Effect], method: Method = Method.PAULE_MANDEL) -> Pooled:
    """Random effects: g = sum(w g)/sum(w), w = 1/(v + tau^2), tau^2 by Paule & Mandel 1982 or REML.

    Hartung-Knapp: se^2 = [sum(w (g_i - g)^2)/(k-1)] / sum(w), interval by t on k - 1 degrees of freedom, the factor
    not held at 1 or more (as metafor's test="knha"). I^2 = 100 tau^2/(tau^2 + v~), v~ = (k-1) sum(u)/(sum(u)^2 -
    sum(u^2)), u = 1/v (Higgins & Thompson 2002). Prediction interval g +- t sqrt(tau^2 + se^2), t on k - 1.
    """
    if len(found) < 2:
        raise Refusal(message("Pooling needs two comparisons or more."))
    y, v = [e.g for e in found], [e.variance for e in found]
    tau2 = _paule_mandel(y, v) if method is Method.PAULE_MANDEL else _reml(y, v)
    w = [1 / (variance + tau2) for variance in v]
    u = [1 / variance for variance in v]
    df, total, mean = len(y) - 1, sum(w), _mean(y, w)
    usual_se = 1 / math.sqrt(total)
    se = math.sqrt(_spread(y, v, tau2) / df) * usual_se
    typical = df * sum(u) / (sum(u) ** 2 - sum(weight**2 for weight in u))
    t = t_value(df)
    reach = t * math.sqrt(tau2 + se**2)
    return Pooled(
        method=method,
        g=mean,
        se=se,
        ci_low=mean - t * se,
        ci_high=mean + t * se,
        tau2=tau2,
        i2=100 * tau2 / (tau2 + typical),
        q=_spread(y, v, 0.0),
        pi_low=mean - reach,
        pi_high=mean + reach,
        effects=tuple(found),
        weights=tuple(100 * weight / total for weight in w),
        usual_se=usual_se,
    )


def leave_one_out(found: Sequence[Effect], method: Method = Method.PAULE_MANDEL) -> tuple[tuple[Effect, Pooled], ...]:
    """Return each effect with the pool of all the others; effects stay as they are (a shared control stays split)."""
    if len(found) < 3:
        return ()
    return tuple((out, pool([e for e in found if e is not out], method)) for out in found)


def by_modality(found: Sequence[Effect], method: Method = Method.PAULE_MANDEL) -> tuple[Subgroup, ...]:
    """Return each modality's comparisons pooled by themselves, with a tau^2 of their own, in order of first mention."""
    groups: list[Subgroup] = []
    for modality in dict.fromkeys(e.trial.modality for e in found):
        own = [e for e in found if e.trial.modality == modality]
        if len(own) == 1:
            groups.append(Subgroup(modality, 1, own[0].g, own[0].ci_low, own[0].ci_high, None))
        else:
            all_in = pool(own, method)
            groups.append(Subgroup(modality, len(own), all_in.g, all_in.ci_low, all_in.ci_high, all_in))
    return tuple(groups)


def _mean(y: Sequence[float], w: Sequence[float]) -> float:
    return sum(weight * effect for weight, effect in zip(w, y, strict=True)) / sum(w)


def _spread(y: Sequence[float], v: Sequence[float], tau2: float) -> float:
    """Weighted squares about the weighted mean: Cochran's Q where tau2 is 0."""
    w = [1 / (variance + tau2) for variance in v]
    mean = _mean(y, w)
    return sum(weight * (effect - mean) ** 2 for weight, effect in zip(w, y, strict=True))


def _paule_mandel(y: Sequence[float], v: Sequence[float]) -> float:
    """Return the tau^2 at which the spread equals its expectation, k - 1; 0 where it is no more than that without."""
    df = len(y) - 1
    if _spread(y, v, 0.0) <= df:
        return 0.0
    high = 1.0
    while _spread(y, v, high) > df:
        high *= 2

    def excess(tau2: float) -> float:
        return _spread(y, v, tau2) - df

    return cast("float", brentq(excess, 0.0, high, xtol=1e-14))


def _reml(y: Sequence[float], v: Sequence[float]) -> float:
    """Return the tau^2 of the highest restricted likelihood: a grid first, for it can have more than one top."""

    def cost(tau2: float) -> float:
        w = [1 / (variance + tau2) for variance in v]
        return -sum(math.log(weight) for weight in w) + math.log(sum(w)) + _spread(y, v, tau2)

    # Beyond the squared range of the effects no variance between trials fits better.
    most = (max(y) - min(y)) ** 2
    grid = [most * (step / _GRID) ** 3 for step in range(_GRID + 1)]
    best = min(range(_GRID + 1), key=lambda i: cost(grid[i]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, _GRID)]
    if high <= low:
        return 0.0
    bottom: Any = minimize_scalar(cost, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    found = float(bottom.x)
    return found if cost(found) < cost(0.0) else 0.0
