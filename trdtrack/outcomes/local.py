"""The clinic's own benchmark: what its closed courses say of the fall with psychotherapy, weighed with the trials."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import LOCAL_FROM, LocalBenchmark
from trdtrack.domain.edit import Edit, added
from trdtrack.domain.message import Figure, Message, marked, message, plural
from trdtrack.domain.records import BenchmarkFile
from trdtrack.domain.refusals import Refusal
from trdtrack.evidence import default_benchmark, parse_benchmark
from trdtrack.outcomes.statistics import ratio
from trdtrack.words import say, translated

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trdtrack.caseload import Caseload
    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.caseload_outcomes import OutcomeCase

PRIOR_SE = 0.03
"""Standard error of RefraMED's fall with psychotherapy."""
PRIOR_SPREAD = 0.09
"""Paule-Mandel spread of the fall in ten therapy arms, pre-post r 0.5 assumed."""
EARLIEST = 4
"""Week from which a last total says something about the fall."""
NAME = message("This clinic's own courses")


def local_benchmark(cases: Iterable[OutcomeCase], published: Benchmark) -> LocalBenchmark:
    """Weigh the trials' fall (normal prior) with that of a caseload's closed courses (normal data)."""
    used = [c for c in cases if c.has_benchmark and c.week is not None and c.week >= EARLIEST]
    prior, prior_sd = published.psychotherapy_fall, math.hypot(PRIOR_SE, PRIOR_SPREAD)
    ends = [c.end for c in used]
    first, last = min(ends, default=None), max(ends, default=None)

    def found(**more: float | Message) -> LocalBenchmark:
        return LocalBenchmark(
            n=len(used),
            prior=prior,
            prior_sd=prior_sd,
            first_end=first,
            last_end=last,
            **more,  # pyright: ignore[reportArgumentType]
        )

    if len(used) < LOCAL_FROM:
        few = plural(
            "A benchmark of our own needs {least} closed courses with a last total at week {week} or later; "
            "there is {n}.",
            "A benchmark of our own needs {least} closed courses with a last total at week {week} or later; "
            "there are {n}.",
            len(used),
            least=LOCAL_FROM,
            week=EARLIEST,
        )
        return found(why_not=few)
    falls = [c.baseline - (c.last or 0) for c in used]
    p, se = ratio(falls, [c.baseline * (c.progress or 0.0) for c in used])
    if se < 1e-9:
        why = message("All courses fell by the same share: their spread, and so how much they weigh, cannot be told.")
        return found(data=p, se=se, why_not=why)
    posterior, posterior_sd = weighed(prior, prior_sd, p, se)
    if not 0 < posterior < 1:
        why = message("Together with the trials these courses do not give a fall: no expected course can be drawn.")
        return found(data=p, se=se, why_not=why)
    return found(data=p, se=se, posterior=posterior, posterior_sd=posterior_sd)


def weighed(prior: float, prior_sd: float, data: float, se: float) -> tuple[float, float]:
    """Return mean and SD of a normal prior and normal data together: each weighs 1/variance."""
    weights = prior_sd**-2, se**-2
    mean = (prior * weights[0] + data * weights[1]) / sum(weights)
    return mean, sum(weights) ** -0.5


def local_benchmark_edit(caseload: Caseload, local: LocalBenchmark, *, today: date) -> Edit:
    """Return the edit that keeps a local benchmark among the clinic's own, as its next version.

    No course is drawn with it until somebody chooses so. Refuses where there is no posterior.
    """
    if local.posterior is None:
        raise Refusal(local.why_not or message("There is no benchmark of our own to save."))
    name = say(NAME)
    taken = {b.version for b in caseload.benchmarks() if b.name == name}
    version = next(str(n) for n in range(1, len(taken) + 2) if str(n) not in taken)
    text = file_text(local, default_benchmark(), name=name, version=version, today=today)
    parse_benchmark(text, file=name)
    return added(message("Add benchmark"), BenchmarkFile(name=name, version=version, text=text))


def file_text(local: LocalBenchmark, published: Benchmark, *, name: str, version: str, today: date) -> str:
    """Return a benchmark file, as `resources/evidence/*.toml`: only the fall with psychotherapy is the clinic's own.

    It gives no evidence band: that one is about what trials say therapy adds.
    """
    gives = message(
        "fall with psychotherapy {posterior} (SD {sd}): {data} (SE {se}) in {n} closed courses that ended {first} to "
        "{last}, weighed with {prior} (SD {prior_sd}) from the trials",
        posterior=Figure(f"{local.posterior:.3f}"),
        sd=Figure(f"{local.posterior_sd:.3f}"),
        data=Figure(f"{local.data:.3f}"),
        se=Figure(f"{local.se:.3f}"),
        n=local.n,
        first=local.first_end,
        last=local.last_end,
        prior=Figure(f"{local.prior:.2f}"),
        prior_sd=Figure(f"{local.prior_sd:.3f}"),
    )
    own = message("This clinic's closed courses, {day}", day=today)
    sources = [{"cite": say(own), "gives": say(gives)}]
    sources += [{"cite": s.cite, "gives": s.gives} | ({"doi": s.doi} if s.doi else {}) for s in published.sources]
    head = {"name": name, "version": version, "date": today.isoformat(), "population": say(_POPULATION)}
    parameters = {
        "usual_care_fall": published.usual_care_fall,
        "psychotherapy_fall": round(local.posterior or 0.0, 4),
        "start_variance": published.start_variance,
        "end_variance": published.end_variance,
        "horizon": published.horizon,
        "data_end": published.data_end,
    }
    lines = [_pair(key, value) for key, value in head.items()]
    lines += ["", _list("caveats", _CAVEATS), _list("assumptions", _ASSUMPTIONS), "", "[parameters]"]
    lines += [_pair(key, value) for key, value in parameters.items()]
    for source in sources:
        lines += ["", "[[sources]]", *(_pair(key, value) for key, value in source.items())]
    return "\n".join(lines) + "\n"


def _pair(key: str, value: str | float) -> str:
    # A JSON text is a TOML text too.
    return f"{key} = {json.dumps(value)}"


def _list(key: str, texts: Iterable[str]) -> str:
    return "\n".join([f"{key} = [", *(f"  {json.dumps(translated(text))}," for text in texts), "]"])


_POPULATION = message(
    "Adults whose course of care in this clinic began at 10 or more and ended with a last total at week 4 or later, "
    "without bipolar or psychotic depression."
)
_CAVEATS = marked(
    "The line with psychotherapy is an average of people treated here and of groups in trials, no forecast of one.",
    "Nobody here was on usual care alone: how much of the fall is due to the therapy cannot be told.",
    "The line of usual care and the width of the band are still the published ones.",
    "Only courses that ended with a score are in it: people who left without one may have fared otherwise.",
    "It was learnt from the same people whose courses it may later be laid beside.",
    "This is not a diagnostic or risk tool.",
)
_ASSUMPTIONS = marked(
    "SEM 2.0 points at every score.",
    "The fall is reached by week 26; a last total of another week stands for the same line.",
    "The log shape over the weeks.",
    "Spread that grows with the share of the expected fall reached, as published.",
    "One line for all modalities, presentations and therapists.",
    "The trials' fall and this clinic's are normal, and each weighs by its variance.",
    "This clinic is one more setting like those of the trials: spread 0.09 between ten therapy arms (pre-post r 0.5).",
)
