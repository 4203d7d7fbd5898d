"""The words of a forest plot: figures as they are printed, what has to be known, what is not drawn and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.trials import TAU2_APART, Confirmed
from trdtrack.words import MINUS, figures, say, translated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.domain.pooling import Pooled
    from trdtrack.domain.trials import Published

NAMES: dict[str, Message] = {"PM": message("Paule\u2013Mandel"), "REML": message("REML")}
"""The methods in the order they are drawn, by their value: importing them would import scipy."""


def figure(value: float, *, exact: bool = False) -> str:
    """Return a g to two decimals with a real minus; `exact` gives a third where two would say 0 of what is not."""
    text = f"{value:.2f}"
    if float(text) == 0:
        text = f"{value:.3f}" if exact and abs(value) >= 0.0005 else "0.00"
    return figures(text).replace("-", MINUS)


def tau2(pool: Pooled) -> str:
    """Return the variance between trials as it is printed; a bare 0 is none."""
    return figures(f"{pool.tau2:.3f}") if pool.tau2 >= 0.0005 else "0"


def short_source(row: Published) -> str:
    """Return a source as one cites it: authors and year, without the journal."""
    authors = re.split(r",| (?=(?:19|20)\d\d\b)", row.source)[0]
    return say(message("{authors} {year}", authors=authors, year=row.year)) if row.year else authors


def remarks_on(pooled: Sequence[Pooled]) -> list[Message]:
    """Say what has to be known to read the pools: where two disagree, where one looks surer than it is."""
    found: list[Message] = []
    if len(pooled) > 1 and abs(pooled[0].tau2 - pooled[1].tau2) >= TAU2_APART:
        one, other = pooled[:2]
        apart = message(
            "{one} and {other} disagree on how far the trials differ (τ² {tau2} against {other_tau2})",
            one=NAMES[one.method],
            other=NAMES[other.method],
            tau2=tau2(one),
            other_tau2=tau2(other),
        )
        g, other_g = figure(one.g), figure(other.g)
        so = message("{apart}, and so on the estimate ({g} against {other_g}).", apart=apart, g=g, other_g=other_g)
        found.append(message("{apart}.", apart=apart) if g == other_g else so)
    found.extend(
        message(
            "{method}: these trials agree closer than chance allows; do not lean on the interval.",
            method=NAMES[pool.method],
        )
        for pool in pooled
        if pool.narrowed
    )
    return found


def key_to(pooled: Sequence[Pooled]) -> str:
    """Say what the marks mean, and where fewer people are counted than the arm had."""
    if not pooled:
        return ""
    method = NAMES[pooled[0].method]
    marks = message("Squares and weights: {method}. Dashed: 95% prediction interval.", method=method)
    effects = pooled[0].effects
    # Its comparisons differ by what stands in brackets.
    shared = dict.fromkeys(e.trial.study.partition(" (")[0] for e in effects if e.n_control < e.trial.control_after.n)
    split = [message("{study}: one control arm, split between its comparisons.", study=study) for study in shared]
    return " ".join(say(words) for words in (marks, *split))


def reasons_left_out(rows: Iterable[Published]) -> list[Message]:
    """Say what is not drawn: unverified, in points, or published without an interval."""
    found: list[Message] = []
    unverified: dict[str, list[str]] = {}
    for row in rows:
        source = short_source(row)
        if row.confirmed is Confirmed.NO:
            unverified.setdefault(source, []).append(row.outcome or row.comparison)
        elif row.drawn and row.estimate is not None and row.ci_low is not None and row.ci_high is not None:
            found.append(
                message(
                    "In points, not on this axis: {source}, {outcome}, {estimate}\u00a0({low}\u00a0to\u00a0{high}).",
                    source=source,
                    outcome=row.outcome or row.comparison,
                    estimate=figure(row.estimate),
                    low=figure(row.ci_low),
                    high=figure(row.ci_high),
                )
            )
        else:
            found.append(
                message("As text only: {source}, {note}.", source=source, note=translated(row.note) or row.comparison)
            )
    listed = [
        message("Unverified, not drawn: {source} ({what}).", source=source, what="; ".join(what))
        for source, what in unverified.items()
    ]
    return [*listed, *found]
