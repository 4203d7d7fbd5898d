"""The evidence's tables of what others reported: trials, published estimates, and where each parameter is stated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from trdtrack.chart.forest_words import figure
from trdtrack.domain.message import Message, message
from trdtrack.domain.trials import Confirmed
from trdtrack.report.evidence_figures import interval, table
from trdtrack.report.sheet import real_minus
from trdtrack.words import _, figures, say, translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.trials import Arm, Published, Trial

SEM, SD_AFTER, EXPLAINED = 2.0, 7.26, 0.16
"""What the shipped variances are worked out from (clinical rules, 4): a file with others gives no derivation."""
ROUNDED = 0.005


def trials_table(trials: Sequence[Trial]) -> dict[str, Any]:
    """Return the trials as they were read: id, study, population, therapy, comparator, scale, n and arm means."""
    rows = [
        [
            trial.study,
            " \u00b7 ".join(part for part in (trial.id, str(trial.year or "")) if part),
            trial.population,
            trial.therapy,
            say(message("against {comparator}", comparator=trial.comparator)) if trial.comparator else "",
            trial.scale,
            say(message("week {week}", week=figures(f"{trial.weeks:g}"))) if trial.weeks else "",
            f"{trial.therapy_after.n}/{trial.control_after.n}",
            _means(trial.therapy_before, trial.therapy_after),
            _means(trial.control_before, trial.control_after),
        ]
        for trial in trials
    ]
    found = table(
        _(
            "The comparisons as read from the Metapsy depression database, release 24.0.2, and the papers named. "
            "Scale, with the week of measurement where reported; n: people analysed after treatment, therapy/control; "
            "means of both arms before \u2192 after, in points of the scale."
        ),
        [_("Study"), _("Population"), _("Therapy and comparator"), _("Scale"), "n", _("Therapy arm"), _("Control arm")],
        rows,
    )
    notes = [message("{study}: {note}.", study=trial.study, note=trial.note) for trial in trials if trial.note]
    return {**found, "note": " ".join(say(note) for note in notes)}


def _means(before: Arm | None, after: Arm) -> str:
    start = figures(f"{before.mean:g}") if before else "?"
    return f"{start} \u2192 {figures(f'{after.mean:g}')}"


def published_table(published: Sequence[Published]) -> dict[str, Any]:
    """Return the published estimates with their sources, the unverified ones marked as such."""
    confirmed = {Confirmed.YES: _("yes"), Confirmed.NO: _("unverified"), Confirmed.TEXT: _("text only")}
    rows: list[list[str]] = []
    above: Published | None = None
    for row in published:
        same = above is not None and (above.source, above.doi) == (row.source, row.doi)
        rows.append(
            [
                _("as above") if same else row.source,
                f"doi\u00a0{row.doi}" if row.doi and not same else "",
                row.comparison,
                "" if above and same and _about(above) == _about(row) else _about(row),
                str(row.k or "\u2013"),
                str(row.n or "\u2013"),
                _estimate(row),
                confirmed[row.confirmed],
            ]
        )
        above = row
    return table(
        _("Published estimates with their 95% intervals. Unverified: nobody has opened the paper, never drawn."),
        [_("Source"), _("Comparison"), "k", "n", _("Estimate"), _("Confirmed")],
        rows,
    )


def _about(row: Published) -> str:
    note = "" if row.drawn or row.estimate is not None else translated(row.note)
    return "; ".join(part for part in (row.population, row.outcome, note) if part)


def _estimate(row: Published) -> str:
    if row.estimate is None or row.ci_low is None or row.ci_high is None:
        return "\u2013"
    return say(
        message(
            "{metric} {estimate} ({interval})",
            metric=row.metric,
            estimate=figure(row.estimate),
            interval=interval(row.ci_low, row.ci_high),
        )
    )


def parameters_table(benchmark: Benchmark) -> dict[str, Any]:
    """Return each parameter with its value and with the sources or assumptions of the file that state its figure.

    The file names sources for the whole; a figure is followed to those whose words contain it, and where none does the
    table says so.
    """
    b, added = benchmark, benchmark.added_effect
    rows: list[tuple[str, str, list[str]]] = [
        (
            say(message("Fall on usual care alone by week {week}", week=figures(f"{b.horizon:g}"))),
            figures(f"{b.usual_care_fall:.0%}"),
            [f"{b.usual_care_fall:.0%}"],
        ),
        (
            say(message("Fall with psychotherapy by week {week}", week=figures(f"{b.horizon:g}"))),
            figures(f"{b.psychotherapy_fall:.0%}"),
            [f"{b.psychotherapy_fall:.0%}"],
        ),
        (_("Variance at the start (points²)"), *_start(b.start_variance)),
        (_("Variance at the end (points²)"), *_end(b.end_variance)),
        (
            _("Week by which the fall is reached"),
            figures(f"{b.horizon:g}"),
            [f"week {b.horizon:g}", f"{b.horizon:g} weeks"],
        ),
        (
            _("Week after which there are no data"),
            figures(f"{b.data_end:g}"),
            [f"week {b.data_end:g}", f"{b.data_end:g} weeks"],
        ),
    ]
    if added is not None:
        rows += [
            (_("What therapy adds, at least (SMD)"), figures(f"{added.smd_low:.2f}"), [f"{added.smd_low:.2f}"]),
            (_("What therapy adds, at most (SMD)"), figures(f"{added.smd_high:.2f}"), [f"{added.smd_high:.2f}"]),
            (_("SD that turns it into points"), figures(f"{added.sd:.1f}"), [f"{added.sd:.1f}"]),
            (_("Baseline it is a share of"), figures(f"{added.baseline:g}"), [f"baseline of {added.baseline:g}"]),
        ]
    return table(
        _("Parameters, and the sources (S) and assumptions (A) that state them."),
        [_("Parameter"), _("Value"), _("Stated in")],
        [[name, value, _stated(benchmark, figures)] for name, value, figures in rows],
    )


def _start(variance: float) -> tuple[str, list[str]]:
    return figures(f"{variance:.2f}"), [f"SEM {SEM}"] if _from_sem(variance) else [f"{variance:g}"]


def _end(variance: float) -> tuple[str, list[str]]:
    return figures(f"{variance:.2f}"), [f"{SD_AFTER}", f"{EXPLAINED}"] if _from_spread(variance) else [f"{variance:g}"]


def _from_sem(variance: float) -> bool:
    return abs(variance - 2 * SEM**2) < ROUNDED


def _from_spread(variance: float) -> bool:
    return abs(variance - SD_AFTER**2 * (1 - EXPLAINED)) < ROUNDED


def _derived(benchmark: Benchmark) -> str:
    """Say how the variances were worked out, where they are those of the clinical rules."""
    start, end = benchmark.start_variance, benchmark.end_variance
    words: list[Message] = []
    if _from_sem(start):
        words.append(message("{v} = 2 SEM², SEM {sem}.", v=figures(f"{start:.2f}"), sem=SEM))
    if _from_spread(end):
        words.append(
            message(
                "{v} = {sd}² \u00d7 (1 \u2212 {share}): the squared SD after treatment, less the share that the "
                "baseline explains.",
                v=figures(f"{end:.2f}"),
                sd=SD_AFTER,
                share=EXPLAINED,
            )
        )
    return " ".join([*(say(part) for part in words), _("Not stated: a choice of this file.")])


def _stated(benchmark: Benchmark, figures: Sequence[str]) -> str:
    """Say which sources and assumptions of the file contain one of these figures, by number."""
    wanted = re.compile("|".join(rf"(?<![\d.]){re.escape(text)}(?!\d|\.\d)" for text in figures))
    named = [f"S{i}" for i, source in enumerate(benchmark.sources, 1) if wanted.search(source.gives)]
    ours = [f"A{i}" for i, text in enumerate(benchmark.assumptions, 1) if wanted.search(text)]
    return ", ".join([*named, *ours]) or _("not stated")


def sources(benchmark: Benchmark) -> dict[str, Any]:
    """Return the file's sources and its own assumptions, numbered as the table refers to them."""
    return {
        "sources_heading": _("Sources (S)"),
        "sources": [
            real_minus(
                say(
                    message(
                        "{cite}: {gives}{doi}{unverified}.",
                        cite=source.cite,
                        gives=translated(source.gives),
                        doi=f"; doi {source.doi}" if source.doi else "",
                        unverified="" if source.confirmed else _("; unverified"),
                    )
                )
            )
            for source in benchmark.sources
        ],
        "assumptions_heading": _("Our own assumptions (A)"),
        "assumptions": [translated(text) for text in benchmark.assumptions],
        "note": _derived(benchmark),
    }
