"""The evidence's sentences: what the pool says, where methods disagree, the two lines and the routes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.chart.forest_words import NAMES, figure, tau2
from trdtrack.domain.message import message, plural
from trdtrack.domain.records import Rules
from trdtrack.domain.routes import BASELINE, NEAR
from trdtrack.domain.trials import TAU2_APART
from trdtrack.report.evidence_figures import interval
from trdtrack.words import figures, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.pooling import Pooled, Subgroup
    from trdtrack.domain.routes import Route
    from trdtrack.domain.trials import Trial


def lead(chosen: Pooled) -> str:
    """Give the pool in one line."""
    return say(
        message(
            "{k} comparisons pooled: g {g} (95% interval {low} to {high}); minus favours psychotherapy.",
            k=chosen.k,
            g=figure(chosen.g),
            low=figure(chosen.ci_low),
            high=figure(chosen.ci_high),
        )
    )


def between(pooled: Sequence[Pooled]) -> str:
    """Say whether the methods agree on how far trials differ, and where one more such trial is expected."""
    spread = [pool.tau2 for pool in pooled]
    differ = message("The methods agree on how far the trials differ.")
    if max(spread) - min(spread) >= TAU2_APART:
        each = [message("{tau2} by {method}", tau2=tau2(pool), method=NAMES[pool.method]) for pool in pooled]
        differ = message(
            "The methods disagree on how far the true effects of the trials lie apart: τ² is {each}. So few "
            "comparisons cannot settle it.",
            each=_listed([say(one) for one in each]),
        )
    expected = [
        message(
            "{interval} by {method}",
            interval=interval(pool.pi_low, pool.pi_high, exact=True),
            method=NAMES[pool.method],
        )
        for pool in pooled
    ]
    one_more = message(
        "The true effect of one more such trial is expected from {expected} (95% prediction interval).",
        expected=_listed([say(one) for one in expected]),
    )
    return f"{say(differ)} {say(one_more)}"


def shared(trials: Sequence[Trial]) -> list[str]:
    """Name the comparisons that share a control group, whose people are split between them."""
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        if trial.control_group:
            groups.setdefault(trial.control_group, []).append(trial)
    return [
        say(
            message(
                "{studies} share one control group: its {n} people are split between them.",
                studies=_listed([row.study for row in rows]),
                n=rows[0].control_after.n,
            )
        )
        for rows in groups.values()
    ]


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return say(message("{first} and {last}", first=", ".join(names[:-1]), last=names[-1]))


def warning(groups: Sequence[Subgroup]) -> str:
    """Say what the modalities' own pools do not show."""
    overlap = max(group.ci_low for group in groups) <= min(group.ci_high for group in groups)
    start = message("All these intervals overlap") if overlap else message("Each of these rests on few comparisons")
    return say(
        message(
            "{start}: no modality can be said to do better than another, and none moves the expected course. "
            "An interval from two comparisons cannot be leaned on, wide or narrow; from one it is that trial's own.",
            start=start,
        )
    )


def two_lines(benchmark: Benchmark) -> list[str]:
    """Say what usual care does and what therapy adds to it, from the worked baseline."""
    last = benchmark.at(BASELINE, benchmark.horizon)
    return [
        say(sentence)
        for sentence in (
            message(
                "A pooled effect is a difference between groups, never one person's gain. So two lines are drawn, both "
                "from the patient's own baseline. From {b}, usual care alone goes to {usual} by week {week}, a fall of "
                "{usual_fall:.0%}; with psychotherapy added it goes to {therapy}, a fall of {therapy_fall:.0%}.",
                b=BASELINE,
                usual=figures(f"{last.usual_care:.1f}"),
                week=figures(f"{benchmark.horizon:g}"),
                usual_fall=benchmark.usual_care_fall,
                therapy=figures(f"{last.psychotherapy:.1f}"),
                therapy_fall=benchmark.psychotherapy_fall,
            ),
            message(
                "People on usual care improve too. What psychotherapy adds on average is the gap, {gap} points: less "
                "than the {reliable} that make one person's change reliable.",
                gap=figures(f"{last.usual_care - last.psychotherapy:.1f}"),
                reliable=Rules().reliable_change,
            ),
        )
    ]


def routes_in_words(routes: Sequence[Route]) -> str:
    """Say how many routes come near the drawn gap, and how many of these are no second witness."""
    near = [route for route in routes if route.agrees]
    own = sum(route.same_data for route in near)
    parts = [
        message(
            "The gap drawn is {drawn} points from a baseline of {b}; other routes end between {least} and {most}.",
            drawn=figures(f"{routes[0].drawn:.1f}"),
            b=BASELINE,
            least=figures(f"{min(route.points for route in routes):.1f}"),
            most=figures(f"{max(route.points for route in routes):.1f}"),
        ),
        plural(
            "Of {all} routes, {n} ends within {near} points of it.",
            "Of {all} routes, {n} end within {near} points of it.",
            len(near),
            all=len(routes),
            near=figures(f"{NEAR:g}"),
        ),
    ]
    if own:
        parts.append(
            plural(
                "But {n} of these rests on RefraMED, from which the default lines come, and is no second witness.",
                "But {n} of these rest on RefraMED, from which the default lines come, and are no second witness.",
                own,
            )
        )
    return " ".join(say(part) for part in parts)
