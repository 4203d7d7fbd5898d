"""The routes from trials to "about 2.5 points": each computed from its figures, the agreeing and the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.message import Figure, Message, message
from trdtrack.domain.trials import mean_falls, pooled_sd

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.trials import Published, Trial

BASELINE = 19
"""The total at which the routes are compared: RefraMED's mean before treatment, rounded."""
NEAR = 0.5
"""A route agrees if it ends within half a point of the gap between the drawn lines; our own choice."""
REFRAMED, REVIEW, FLATT = "lynch2020", "giguere2025", "flatt2017"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One way to the points that psychotherapy adds to usual care by the end of treatment; positive is a gain."""

    id: str
    what: Message
    how: Message
    """The arithmetic, with the SD where one was used."""
    points: float
    low: float | None = None
    """The ends of a range or of the 95% interval, where the route has one."""
    high: float | None = None
    sources: tuple[str, ...]
    """Ids of the rows in trials.csv or pooled.csv that the difference comes from."""
    sd_from: str = ""
    """Id of the row the SD comes from, where one was used."""
    drawn: float
    """Points between the two drawn lines at the horizon, from the same baseline."""

    @property
    def agrees(self) -> bool:
        """Whether it ends within half a point of the drawn gap."""
        return abs(self.points - self.drawn) <= NEAR

    @property
    def same_data(self) -> bool:
        """Whether its difference rests on RefraMED, from which the default lines come: no second witness then."""
        return REFRAMED in self.sources


def points(smd: float, sd: float) -> float:
    """Return a standardised difference in points: SMD x SD, the SD being that of the scale the points are on."""
    return smd * sd


def routes(
    *, trials: Sequence[Trial], published: Iterable[Published], pooled: Sequence[float], benchmark: Benchmark
) -> tuple[Route, ...]:
    """Return the routes of the clinical rules, section 4, from the shipped tables.

    `pooled` are the g of all rows (minus favours therapy), pooled by each method and without the outlier.
    """
    drawn = benchmark.usual_care(BASELINE, benchmark.horizon) - benchmark.psychotherapy(BASELINE, benchmark.horizon)
    by_id = {row.id: row for row in published}
    reframed = next(trial for trial in trials if trial.id == REFRAMED)
    return (
        *_from_review(by_id[REVIEW], reframed, drawn),
        *_from_reframed(reframed, drawn),
        _from_flatt(by_id[FLATT], drawn),
        *_from_rows(trials, pooled, _sd_before(reframed), drawn),
    )


def _sd_before(trial: Trial) -> float:
    assert trial.therapy_before is not None and trial.control_before is not None  # noqa: S101, PT018 - shipped with both
    return round(pooled_sd(trial.therapy_before, trial.control_before), 1)


def _from_review(review: Published, reframed: Trial, drawn: float) -> tuple[Route, Route]:
    smd = -_figure(review.estimate)
    before, after = _sd_before(reframed), round(pooled_sd(reframed.therapy_after, reframed.control_after), 2)
    return (
        Route(
            id="review_sd_before",
            what=message("the 2025 review, with RefraMED's SD before treatment"),
            how=message("{smd} x {sd}", smd=Figure(f"{smd:.2f}"), sd=Figure(f"{before:.1f}")),
            points=points(smd, before),
            sources=(REVIEW,),
            sd_from=REFRAMED,
            drawn=drawn,
        ),
        Route(
            id="review_sd_after",
            what=message("the 2025 review, with RefraMED's SD after treatment"),
            how=message("{smd} x {sd}", smd=Figure(f"{smd:.2f}"), sd=Figure(f"{after:.2f}")),
            points=points(smd, after),
            sources=(REVIEW,),
            sd_from=REFRAMED,
            drawn=drawn,
        ),
    )


def _from_reframed(trial: Trial, drawn: float) -> tuple[Route, Route]:
    therapy, control = trial.therapy_before, trial.control_before
    assert therapy is not None and control is not None  # noqa: S101, PT018 - shipped with both
    falls = (therapy.mean - trial.therapy_after.mean, control.mean - trial.control_after.mean)
    ends = (trial.control_after.mean, trial.therapy_after.mean)
    return (
        Route(
            id="reframed_changes",
            what=message("RefraMED, difference of the two falls"),
            how=message(
                "{therapy} \u2212 {control}", therapy=Figure(f"{falls[0]:.2f}"), control=Figure(f"{falls[1]:.2f}")
            ),
            points=falls[0] - falls[1],
            sources=(REFRAMED,),
            drawn=drawn,
        ),
        Route(
            id="reframed_end",
            what=message("RefraMED, difference after treatment"),
            how=message(
                "{control} \u2212 {therapy}", control=Figure(f"{ends[0]:.2f}"), therapy=Figure(f"{ends[1]:.2f}")
            ),
            points=ends[0] - ends[1],
            sources=(REFRAMED,),
            drawn=drawn,
        ),
    )


def _from_flatt(flatt: Published, drawn: float) -> Route:
    return Route(
        id="flatt",
        what=message("FLATT, CBT by an app: PHQ-9 at week 9, asked by telephone"),
        how=message("as published, with its 95% interval"),
        points=-_figure(flatt.estimate),
        low=-_figure(flatt.ci_high),
        high=-_figure(flatt.ci_low),
        sources=(FLATT,),
        drawn=drawn,
    )


def _from_rows(trials: Sequence[Trial], pooled: Sequence[float], sd: float, drawn: float) -> tuple[Route, Route]:
    least, most = min(-g for g in pooled), max(-g for g in pooled)
    control, therapy = (round(share, 2) for share in mean_falls(trials))
    ids = tuple(trial.id for trial in trials)
    return (
        Route(
            id="rows_effect",
            what=message("the trials of our own table pooled, by each method and without the outlier"),
            how=message(
                "{least} to {most} x {sd}",
                least=Figure(f"{least:.2f}"),
                most=Figure(f"{most:.2f}"),
                sd=Figure(f"{sd:.1f}"),
            ),
            points=points((least + most) / 2, sd),
            low=points(least, sd),
            high=points(most, sd),
            sources=ids,
            sd_from=REFRAMED,
            drawn=drawn,
        ),
        Route(
            id="rows_falls",
            what=message("the mean falls of the same trials' arms"),
            how=message("({therapy:.0%} \u2212 {control:.0%}) of {b}", therapy=therapy, control=control, b=BASELINE),
            points=(therapy - control) * BASELINE,
            sources=ids,
            drawn=drawn,
        ),
    )


def _figure(found: float | None) -> float:
    if found is None:
        raise ValueError("a figure that a route needs is missing from the table")
    return found
