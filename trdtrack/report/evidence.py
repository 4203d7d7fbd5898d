"""The evidence on paper: what trials found, how that becomes two lines, and where every figure comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.chart.forest_drawing import forest
from trdtrack.domain.message import message
from trdtrack.domain.pooling import by_modality, leave_one_out
from trdtrack.paths import resources
from trdtrack.report import evidence_words as words
from trdtrack.report.evidence_figures import (
    by_modality_table,
    left_out_table,
    pools_table,
    routes_table,
    worked_table,
)
from trdtrack.report.evidence_sources import parameters_table, published_table, sources, trials_table
from trdtrack.report.sheet import foot, real_minus
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, manner, say, stated_day, translated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.pooling import Pooled
    from trdtrack.domain.routes import Route
    from trdtrack.domain.trials import Published, Trial

FOREST_MM = (176.0, 118.0)


def draw_evidence(pooled: Sequence[Pooled], published: Sequence[Published]) -> bytes:
    """Draw the forest plot at paper size, as SVG: where Qt's scenes may be drawn, on the main thread."""
    from trdtrack.chart.paper import forest_svg  # noqa: PLC0415 - Qt and pyqtgraph, which a worker does without

    return forest_svg(pooled, published, width_mm=FOREST_MM[0], height_mm=FOREST_MM[1])


def typeset_evidence(  # noqa: PLR0917 - each a thing of its own kind, in the order of the pages
    benchmark: Benchmark,
    pooled: Sequence[Pooled],
    published: Sequence[Published],
    trials: Sequence[Trial],
    routes: Sequence[Route],
    svg: bytes,
    *,
    made: date,
) -> Paper:
    """Typeset the evidence around a forest plot drawn before.

    `pooled` are all comparisons pooled by each method, the one in force first; the tables of single trials and
    modalities are by that one.
    """
    template = (resources() / "report" / "evidence.typ").read_text(encoding="utf-8")
    data = evidence_data(benchmark, pooled, published, trials, routes, made=made)
    return compile_pdf(template, data, images={"forest": svg}, made=made)


def evidence_data(
    benchmark: Benchmark,
    pooled: Sequence[Pooled],
    published: Sequence[Published],
    trials: Sequence[Trial],
    routes: Sequence[Route],
    *,
    made: date,
) -> dict[str, Any]:
    """Return all the words and figures of the pages; the template only sets them."""
    chosen = pooled[0]
    groups = by_modality(chosen.effects, chosen.method)
    return {
        "language": manner().language,
        "title": _("Where the numbers come from"),
        "kind": _("Evidence"),
        "about": say(
            message(
                "Expected course in force: {name}, version {version} ({date}). {population}",
                name=benchmark.name,
                version=benchmark.version,
                date=stated_day(benchmark.date),
                population=translated(benchmark.population),
            )
        ),
        "pooling": {
            "heading": _("What trials found"),
            "lead": words.lead(chosen),
            "caption": _(
                "Psychotherapy against its comparator after treatment, standardised. Left of 0 favours psychotherapy. "
                "Published estimates stand beside our own; only confirmed ones are drawn."
            ),
            "alt": forest(pooled, published).words,
            "pools": pools_table(pooled),
            "between": words.between(pooled),
            "how": [
                _(
                    "Hedges g with the exact small-sample factor, variance 1/n₁ + 1/n₂ + g²/(2(n₁ + n₂)); random "
                    "effects; Hartung\u2013Knapp interval; prediction interval by t on k \u2212 1 degrees of freedom; "
                    "I² from τ² and the typical variance."
                ),
                *words.shared(trials),
            ],
            "without": left_out_table(leave_one_out(chosen.effects, chosen.method), chosen.method),
            "modalities": by_modality_table(groups, chosen.method),
            "warning": words.warning(groups),
        },
        "lines": {
            "heading": _("What usual care does, what therapy adds"),
            "words": words.two_lines(benchmark),
            "worked": worked_table(benchmark),
        },
        "routes": {
            "heading": _("From effect to points"),
            "words": words.routes_in_words(routes),
            **routes_table(routes, trials, published),
        },
        "limits": {
            "heading": _("What the evidence does not say"),
            "items": [
                *(real_minus(translated(caveat)) for caveat in benchmark.caveats),
                _("There are few trials of each modality: none can be said to do better than another."),
            ],
        },
        "parameters": {
            "heading": _("Every parameter of the expected course"),
            "table": parameters_table(benchmark),
            **sources(benchmark),
        },
        "trials": {
            "heading": _("The trials"),
            "table": trials_table(trials),
            "published": published_table(published),
        },
        "words": {"table": _("Table"), "figure": _("Figure")},
        "footer": foot(made),
    }


__all__ = ["draw_evidence", "evidence_data", "typeset_evidence"]
