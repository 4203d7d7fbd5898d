"""The answers beside the chart: is the change real, is it enough, and what the forecast says in words of ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain import outcome
from trdtrack.domain.forecast import fan, in_ten
from trdtrack.domain.outcome import Reliable
from trdtrack.words import _, say, signed

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary


def chances(s: Summary) -> str:
    """Return the forecast's chances in words of ten, or why there is none."""
    found = fan(s)
    if found.why_not or not found.steps:
        return _("No forecast: {why}.").format(why=say(found.why_not) if found.why_not else "")
    end = found.steps[-1]
    words = _(
        "Of people like this one by our model: reliable improvement {better}, response {response}, "
        "remission {remission}."
    )
    text = words.format(
        better=say(in_ten(end.reliable_improvement)),
        response=say(in_ten(end.response)),
        remission=say(in_ten(end.remission)),
    )
    return text + (" " + _("Rests on a prorated score.") if found.prorated else "")


def _yes(answer: bool | None) -> str:  # noqa: FBT001
    return "–" if answer is None else _("yes") if answer else _("not yet")


def questions(s: Summary) -> list[tuple[str, str, str, str]]:
    """Return question, answer, tone and rule for each line."""
    if s.change is None or s.reliable is None or not s.weeks:
        return []
    points = s.rules.reliable_change
    reliable = {Reliable.IMPROVEMENT: _("improved"), Reliable.DETERIORATION: _("worse"), Reliable.NONE: _("no")}
    tone = "review" if s.reliable is Reliable.DETERIORATION else "ink"
    rule = _("A fall or rise of {n} points or more (NHS Talking Therapies convention)").format(n=points)
    general, lasting = outcome.MEANINGFUL_GENERAL, outcome.MEANINGFUL_LONG_LASTING
    return [
        (_("Since baseline"), signed(s.change), "ink", _("Latest minus baseline: a fall is better")),
        (_("Reliable change"), reliable[s.reliable], tone, rule),
        (
            _("{n}% better").format(n=general),
            _yes(s.meaningful_general),
            "ink",
            _("Meaningful in general (Kounali 2022)"),
        ),
        (
            _("{n}% better").format(n=lasting),
            _yes(s.meaningful_long_lasting),
            "ink",
            _("Felt as better in long-lasting, drug-resistant depression; found on the BDI-II (Button 2015)"),
        ),
        (_("Response"), _yes(s.response), "ink", _("A fall of 50% or more")),
        (_("Below caseness"), _yes(s.recovery), "ink", _("From 10 or more to below 10: the PHQ-9 part of recovery")),
        (_("Remission"), _yes(s.remission), "ink", _("A total below 5")),
    ]
