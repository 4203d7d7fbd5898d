"""What the evidence page shows, computed in a worker: the trials pooled, the routes to points, and their tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from trdtrack.evidence_tables import shipped_published, shipped_trials

if TYPE_CHECKING:
    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.pooling import Pooled
    from trdtrack.domain.routes import Route
    from trdtrack.domain.trials import Published, Trial

OUTLIER = "strauss2012"
"""Marked as the outlier in the table of trials: the routes are shown with and without it."""


@dataclass(frozen=True)
class Findings:
    """The evidence behind one benchmark, ready to be shown, exported and traced."""

    benchmark: Benchmark
    trials: tuple[Trial, ...]
    published: tuple[Published, ...]
    pooled: tuple[Pooled, ...]
    """All rows by each method, the one in force first."""
    routes: tuple[Route, ...]
    tables: dict[str, dict[str, Any]]
    """By name, each with caption, columns and rows: the very tables of the evidence on paper."""


@cache
def find(benchmark: Benchmark) -> Findings:
    """Pool the shipped trials and follow every figure of a benchmark to its source. Takes scipy's half second."""
    from trdtrack.domain.pooling import Method, by_modality, effects, leave_one_out, pool
    from trdtrack.domain.routes import routes
    from trdtrack.report import evidence_figures as figures
    from trdtrack.report import evidence_sources as sources

    trials, published = shipped_trials(), shipped_published()
    found = effects(trials)
    pooled = (pool(found, Method.PAULE_MANDEL), pool(found, Method.REML))
    without = pool([e for e in found if e.trial.id != OUTLIER])
    ways = routes(trials=trials, published=published, pooled=[p.g for p in (*pooled, without)], benchmark=benchmark)
    tables = {
        "parameters": sources.parameters_table(benchmark),
        "worked": figures.worked_table(benchmark),
        "pooled": figures.pools_table(pooled),
        "left out": figures.left_out_table(leave_one_out(found), pooled[0].method),
        "modalities": figures.by_modality_table(by_modality(found), pooled[0].method),
    }
    return Findings(benchmark, trials, published, pooled, ways, tables)
