"""What a forest plot shows, in standard deviations and in words: no Qt, no pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.chart.forest_words import NAMES, figure, key_to, reasons_left_out, remarks_on, short_source, tau2
from trdtrack.domain.message import message
from trdtrack.words import figures, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.domain.pooling import Effect, Pooled
    from trdtrack.domain.trials import Published

STEP = 0.5
"""The axis ends on a multiple of this."""
LEAST = (-1.0, 0.5)
MOST = (-4.0, 4.0)
"""The axis shows at least, and at most, this; what lies outside becomes an arrow head."""
LIGHT_WEIGHT = 5.0
"""Percent. The interval of a trial that weighs less may be cut by the axis; its square never is."""
STANDARDISED = ("SMD", "g")
"""Metrics that have a place on the axis; points of a scale have none."""


@dataclass(frozen=True)
class Line:
    """One effect with its 95% interval, in standard deviations; minus favours psychotherapy."""

    name: str
    g: float
    low: float
    high: float
    aside: str = ""
    """The last column: the weight in percent, or how many comparisons were pooled."""

    @property
    def interval(self) -> str:
        """The interval as it is printed."""
        return say(message("({low} to {high})", low=figure(self.low), high=figure(self.high)))


@dataclass(frozen=True)
class TrialLine(Line):
    """One comparison of a trial."""

    people: str = ""
    """Analysed in therapy/control, a shared control arm split."""
    scale: str = ""
    share: float = 1.0
    """Its weight as a share of the heaviest: the area of its square."""


@dataclass(frozen=True)
class PoolLine(Line):
    """All comparisons as one, by one method."""

    spread: str = ""
    prediction: str = ""
    pi_low: float = 0.0
    pi_high: float = 0.0


@dataclass(frozen=True)
class Review:
    """The estimates one source has published."""

    source: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, eq=False)
class ForestDrawing:
    """One forest plot, from `first` to `last` on the axis."""

    first: float = LEAST[0]
    last: float = LEAST[1]
    trials: tuple[TrialLine, ...] = ()
    pools: tuple[PoolLine, ...] = ()
    reviews: tuple[Review, ...] = ()
    remarks: tuple[str, ...] = ()
    """What has to be known to read the pooled figures."""
    left_out: tuple[str, ...] = ()
    """What was published but is not drawn, and why."""
    words: str = ""
    """The figures in words, for who does not see them."""
    key: str = ""
    """What the marks mean."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line of the figure from the top."""
        return (*self.trials, *self.pools, *(line for review in self.reviews for line in review.lines))


def forest(pooled: Sequence[Pooled], published: Sequence[Published]) -> ForestDrawing:
    """Work out a forest plot: the trials of the first pool, the pools, the published estimates that may be drawn."""
    ordered = sorted(pooled, key=lambda pool: list(NAMES).index(pool.method))
    trials = _trials(ordered[0]) if ordered else ()
    pools = tuple(_pool(pool) for pool in ordered)
    placed = [row for row in published if row.drawn and row.metric in STANDARDISED]
    sources: dict[str, list[Line]] = {}
    for row in placed:
        sources.setdefault(short_source(row), []).append(_published(row))
    reviews = tuple(Review(source, tuple(lines)) for source, lines in sources.items())
    heavy = [
        effect
        for pool in ordered
        for effect, weight in zip(pool.effects, pool.weights, strict=True)
        if weight >= LIGHT_WEIGHT
    ]
    first, last = _reach(trials, heavy, pools, [line for review in reviews for line in review.lines])
    remarks = tuple(say(remark) for remark in remarks_on(ordered))
    left_out = tuple(say(reason) for reason in reasons_left_out([row for row in published if row not in placed]))
    return ForestDrawing(
        first=first,
        last=last,
        trials=trials,
        pools=pools,
        reviews=reviews,
        remarks=remarks,
        left_out=left_out,
        key=key_to(ordered),
        words=" ".join((*_in_words(pools, reviews), *remarks, *left_out)),
    )


def _trials(pool: Pooled) -> tuple[TrialLine, ...]:
    heaviest = max(pool.weights)
    return tuple(
        TrialLine(
            name=effect.trial.study,
            g=effect.g,
            low=effect.ci_low,
            high=effect.ci_high,
            aside=figures(f"{weight:.1f}%"),
            people=f"{effect.n_therapy}/{effect.n_control}",
            scale=effect.trial.scale,
            share=weight / heaviest,
        )
        for effect, weight in zip(pool.effects, pool.weights, strict=True)
    )


def _pool(pool: Pooled) -> PoolLine:
    low, high = figure(pool.pi_low, exact=True), figure(pool.pi_high, exact=True)
    i2 = figures(f"{pool.i2:.1f}") if pool.i2 >= 0.05 else "0"
    return PoolLine(
        name=say(NAMES[pool.method]),
        g=pool.g,
        low=pool.ci_low,
        high=pool.ci_high,
        aside=say(message("k {k}", k=pool.k)),
        spread=say(message("τ² {tau2}, I² {i2}%", tau2=tau2(pool), i2=i2)),
        prediction=say(message("95% prediction {low} to {high}", low=low, high=high)),
        pi_low=pool.pi_low,
        pi_high=pool.pi_high,
    )


def _published(row: Published) -> Line:
    assert row.estimate is not None and row.ci_low is not None and row.ci_high is not None  # noqa: S101, PT018 - `drawn` promises it
    aside = say(message("k {k}", k=row.k)) if row.k else ""
    return Line(row.comparison or row.outcome, row.estimate, row.ci_low, row.ci_high, aside)


def _reach(
    trials: Iterable[Line], heavy: Iterable[Effect], pools: Iterable[PoolLine], published: Iterable[Line]
) -> tuple[float, float]:
    """Return the axis' ends: every point and pooled interval, and the intervals of trials that weigh enough."""
    values = [*LEAST, *(line.g + side for line in trials for side in (-STEP / 5, STEP / 5))]
    values += [end for effect in heavy for end in (effect.ci_low, effect.ci_high)]
    values += [end for pool in pools for end in (pool.low, pool.high, pool.pi_low, pool.pi_high)]
    values += [end for line in published for end in (line.low, line.high)]
    first, last = math.floor(min(values) / STEP) * STEP, math.ceil(max(values) / STEP) * STEP
    return max(first, MOST[0]), min(last, MOST[1])


def _in_words(pools: Iterable[PoolLine], reviews: Iterable[Review]) -> list[str]:
    found = [
        say(
            message(
                "{method}, {k}: Hedges g {g}, 95% interval {interval}, {prediction}, {spread}.",
                method=pool.name,
                k=pool.aside,
                g=figure(pool.g),
                interval=pool.interval.strip("()"),
                prediction=pool.prediction,
                spread=pool.spread,
            )
        )
        for pool in pools
    ]
    found += [
        say(
            message(
                "{source}, {name}: {g}, 95% interval {interval}.",
                source=review.source,
                name=line.name,
                g=figure(line.g),
                interval=line.interval.strip("()"),
            )
        )
        for review in reviews
        for line in review.lines
    ]
    return found
