"""Figures of outcomes as they are written on the page: shares, points, intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.words import MINUS, _, figures, say

if TYPE_CHECKING:
    from trdtrack.domain.caseload_outcomes import Mean, Rate

NONE = "\u2013"


def percent(share: float | None) -> str:
    """Return a share as whole percents: 29%, −4%."""
    return NONE if share is None else figures(f"{share:.0%}").replace("-", MINUS)


def points(value: float | None) -> str:
    """Return points of the PHQ-9 to one decimal: −6.2."""
    return NONE if value is None else figures(f"{value + 0.0:.1f}").replace("-", MINUS)


def between(low: str, high: str) -> str:
    """Return an interval: 45% to 65%; nothing where there is none."""
    return "" if NONE in {low, high} else say(message("{low} to {high}", low=low, high=high))


def rate_words(rate: Rate) -> str:
    """Return a rate with its interval: 22 of 40, 55% (45% to 65%)."""
    if not rate.of:
        return NONE
    known = {"n": rate.count, "of": rate.of, "share": percent(rate.share)}
    return say(message("{n} of {of}, {share} ({ends})", ends=between(percent(rate.low), percent(rate.high)), **known))


def short_rate(rate: Rate) -> str:
    """Return a rate with its interval where its whole is known: 22, 55% (45–65)."""
    if rate.share is None or rate.low is None or rate.high is None:
        return NONE
    ends = {"low": f"{100 * rate.low:.0f}", "high": f"{100 * rate.high:.0f}"}
    return say(message("{n}, {share} ({low}\u2013{high})", n=rate.count, share=percent(rate.share), **ends))


def mean_words(mean: Mean) -> str:
    """Return a mean with its interval: −6.2 (−7.7, −4.7); without one where there is a single value."""
    if mean.value is None:
        return NONE
    ends = _("no interval") if mean.low is None else between(points(mean.low), points(mean.high))
    return f"{points(mean.value)} ({ends})"
