"""The evidence's tables of what we computed: pools, single trials and modalities, the worked course, the routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.chart.forest_words import NAMES, figure, short_source, tau2
from trdtrack.domain.message import Message, message
from trdtrack.domain.routes import BASELINE, NEAR
from trdtrack.words import MINUS, _, figures, say, translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.pooling import Effect, Method, Pooled, Subgroup
    from trdtrack.domain.routes import Route
    from trdtrack.domain.trials import Published, Trial

WORKED_WEEKS = (4.0, 8.0, 12.0, 16.0)
"""Weeks of the worked course, beside the last."""
MARK = "*"


def table(caption: Message | str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return a table as the template sets it."""
    return {"caption": say(caption), "columns": list(columns), "rows": [list(row) for row in rows]}


def interval(low: float, high: float, *, exact: bool = False) -> str:
    """Return an interval in standard deviations: −0.78 to −0.30."""
    ends = {"low": figure(low, exact=exact), "high": figure(high, exact=exact)}
    return say(message("{low} to {high}", **ends))


def pools_table(pooled: Sequence[Pooled]) -> dict[str, Any]:
    """Return all comparisons pooled, a row for each method."""
    rows = [
        [
            say(NAMES[pool.method]),
            str(pool.k),
            figure(pool.g),
            interval(pool.ci_low, pool.ci_high),
            tau2(pool),
            figures(f"{pool.i2:.1f}%"),
            figures(f"{pool.q:.2f}"),
            interval(pool.pi_low, pool.pi_high, exact=True),
        ]
        for pool in pooled
    ]
    columns = [_("Method"), "k", "g", _("95% interval"), "τ²", "I²", "Q", _("95% prediction interval")]
    return table(_("All comparisons pooled, by each method."), columns, rows)


def left_out_table(without: Sequence[tuple[Effect, Pooled]], method: Method) -> dict[str, Any]:
    """Return the pool of all the others for each comparison left out."""
    rows = [
        [
            effect.trial.study,
            figure(rest.g) + MARK * rest.narrowed,
            interval(rest.ci_low, rest.ci_high),
            tau2(rest),
        ]
        for effect, rest in without
    ]
    found = table(
        message("Each comparison left out in turn ({method}).", method=NAMES[method]),
        [_("Without"), "g", _("95% interval"), "τ²"],
        rows,
    )
    narrowed = any(rest.narrowed for _effect, rest in without)
    note = _("* The others agree closer than chance allows: do not lean on the interval.") if narrowed else ""
    return {**found, "note": note}


def by_modality_table(groups: Sequence[Subgroup], method: Method) -> dict[str, Any]:
    """Return each modality pooled by itself, with how few comparisons that is."""
    rows = [
        [
            translated(group.modality) or _("not given"),
            str(group.k),
            figure(group.g),
            interval(group.ci_low, group.ci_high),
        ]
        for group in groups
    ]
    caption = message("Each modality by itself ({method}).", method=NAMES[method])
    return table(caption, [_("Modality"), "k", "g", _("95% interval")], rows)


def worked_table(benchmark: Benchmark) -> dict[str, Any]:
    """Return the expected course from the worked baseline, in points, a column for each week."""
    weeks = (*(week for week in WORKED_WEEKS if week < benchmark.horizon), benchmark.horizon)
    there = benchmark.table(BASELINE, weeks)
    rows = [
        [_("Usual care alone"), *(figures(f"{e.usual_care:.2f}") for e in there)],
        [_("With psychotherapy"), *(figures(f"{e.psychotherapy:.2f}") for e in there)],
    ]
    bands = [benchmark.evidence_band(BASELINE, week) for week in weeks]
    known = [band for band in bands if band is not None]
    if known:
        rows.append([_("Uncertainty of what therapy adds"), *(_points(*band) for band in known)])
    rows += [
        [_("Middle 50% of people"), *(_points(e.low50, e.high50) for e in there)],
        [_("Middle 80% of people"), *(_points(e.low80, e.high80) for e in there)],
    ]
    found = table(
        message("The expected course from a baseline of {b}, in PHQ-9 points.", b=BASELINE),
        [_("Week"), *(figures(f"{week:g}") for week in weeks)],
        rows,
    )
    return {**found, "note": _formula(benchmark)}


def _points(low: float, high: float) -> str:
    return figures(f"{low:.1f}\u2013{high:.1f}")


def _formula(benchmark: Benchmark) -> str:
    b = benchmark
    return say(
        message(
            "Usual care B(1 {minus} {usual:g} s), with psychotherapy B(1 {minus} {therapy:g} s), s = ln(1 + t) / "
            "ln(1 + {horizon:g}) up to week {horizon:g}, then 1; people {plus} z sd around the line with psychotherapy,"
            " sd² = {start:g} + ({end:g} {minus} {start:g}) s, within 0 to 27.",
            minus=MINUS,
            plus="\u00b1",
            usual=b.usual_care_fall,
            therapy=b.psychotherapy_fall,
            horizon=b.horizon,
            start=b.start_variance,
            end=b.end_variance,
        )
    )


def routes_table(routes: Sequence[Route], trials: Sequence[Trial], published: Sequence[Published]) -> dict[str, Any]:
    """Return the routes that agree with the drawn gap beside those that do not, each with its arithmetic and data."""
    names = {row.id: short_source(row) for row in published} | {trial.id: trial.study for trial in trials}
    everything = {trial.id for trial in trials}

    def half(*, agreeing: bool) -> dict[str, Any]:
        rows = [_route(route, names, everything) for route in routes if route.agrees is agreeing]
        near = figures(f"{NEAR:g}")
        caption = (
            message("Routes that end within {near} points of the gap drawn.", near=near)
            if agreeing
            else message("Routes that end further away.")
        )
        return table(caption, [_("Route, arithmetic and data"), _("Points")], rows)

    note = _("R: the difference rests on RefraMED, from which the default lines come.")
    return {"agreeing": half(agreeing=True), "others": half(agreeing=False), "note": note}


def _route(route: Route, names: dict[str, str], everything: set[str]) -> list[str]:
    """Return a route as name, arithmetic with its data, and points."""
    data = _("all comparisons") if set(route.sources) == everything else ", ".join(names[id_] for id_ in route.sources)
    how: Message = route.how
    if route.low is not None and route.high is not None:
        how = message(
            "{how}: {low} to {high}", how=how, low=figures(f"{route.low:.2f}"), high=figures(f"{route.high:.2f}")
        )
    words = message("{how}; data: {data}", how=how, data=data)
    if route.sd_from:
        words = message("{how}; data: {data}; SD: {sd}", how=how, data=data, sd=names[route.sd_from])
    what = say(route.what)
    return [
        what[:1].upper() + what[1:] + (" (R)" if route.same_data else ""),
        say(words).replace(" x ", " \u00d7 ").replace(" - ", f" {MINUS} "),
        figures(f"{route.points:.2f}"),
    ]
