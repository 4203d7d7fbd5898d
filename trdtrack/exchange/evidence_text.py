"""Pooled trials and forecasts as lines of text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.forecast import in_ten
from trdtrack.domain.trials import TAU2_APART
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.forecast import Forecast
    from trdtrack.domain.pooling import Effect, Pooled, Subgroup


HEADING = "Hedges g, minus favours psychotherapy"


def pooled(
    found: Pooled, other: Pooled, without: Iterable[tuple[Effect, Pooled]], modalities: Iterable[Subgroup]
) -> Iterator[str]:
    """Yield the trials, the pool by the chosen method and by the other, and what it rests on."""
    width = max(len(HEADING), *(len(effect.trial.study) + len("without ") for effect in found.effects))

    def line(name: str, g: float, low: float, high: float, more: str = "") -> str:
        return f"{name:<{width}}  {g:>6.3f}  {f'{low:.3f} to {high:.3f}':<17}  {more}".rstrip()

    yield f"{HEADING:<{width}}       g  95% interval       weight"
    for effect, weight in zip(found.effects, found.weights, strict=True):
        yield line(effect.trial.study, effect.g, effect.ci_low, effect.ci_high, f"{weight:>5.1f}%")
    for pool in (found, other):
        yield line(f"all {pool.k}, {pool.method.value}, Hartung-Knapp", pool.g, pool.ci_low, pool.ci_high)
        yield (
            f"    tau2 {pool.tau2:.3f}, I2 {pool.i2:.1f}%, Q {pool.q:.2f}, "
            f"95% prediction interval {pool.pi_low:.3f} to {pool.pi_high:.3f}{_narrowed(pool)}"
        )
    if abs(found.tau2 - other.tau2) >= TAU2_APART:
        yield "The two methods disagree on how far the trials' true effects lie apart (tau2)."
    for effect, rest in without:
        yield line(f"without {effect.trial.study}", rest.g, rest.ci_low, rest.ci_high, _narrowed(rest))
    for group in modalities:
        name = f"{group.modality or 'modality not given'} alone, k {group.k}"
        yield line(name, group.g, group.ci_low, group.ci_high)
    yield "With so few trials of each, no modality can be said to do better than another."


def _narrowed(pool: Pooled) -> str:
    return " (these agree closer than chance: do not lean on the interval)" if pool.narrowed else ""


def forecast(found: Forecast, benchmark: Benchmark) -> Iterator[str]:
    """Yield the forecast in figures and its chances in words of ten."""
    yield f"{benchmark.name}, version {benchmark.version}; baseline {found.baseline}, week {found.week:g}, PHQ-9 points"
    yield f"mean {found.mean:.2f}, sd {found.sd:.2f}"
    for name, (low, high) in (("50%", found.band50), ("80%", found.band80)):
        yield f"middle {name}  {low:.1f}-{high:.1f}"
    for name, chance in (
        ("reliable improvement", found.reliable_improvement),
        ("response", found.response),
        ("remission", found.remission),
    ):
        yield f"{name}: {say(in_ten(chance))}"
    yield "Of people like this one by our model; it does not say which of them this person is."
