"""The summary's two answers in words, whether the change is real and whether it is enough, and the rules in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.domain.ending import END_DAYS, SinceEnd
from trdtrack.domain.message import Message, message
from trdtrack.domain.outcome import MEANINGFUL_GENERAL, MEANINGFUL_LONG_LASTING, RESPONSE, Reliable
from trdtrack.domain.phq9 import CASENESS_FROM, MOST_MISSING, REMISSION_BELOW
from trdtrack.report.sheet import cut
from trdtrack.report.summary_scores import missing
from trdtrack.words import _, say, shown

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary

_SINCE = {
    SinceEnd.RELAPSE: message("possible relapse"),
    SinceEnd.WORSE: message("worse since the end"),
    SinceEnd.HELD: message("no reliable rise since the end"),
    SinceEnd.UNKNOWN: message("no score at the end to compare with"),
}


def findings(summary: Summary) -> dict[str, Any]:
    """Return the two separate answers, each with its rule."""
    points = summary.reliable_points
    # With no score after the baseline there is no change to judge.
    compared = bool(summary.weeks and summary.weeks > 0)
    reliable = {
        Reliable.IMPROVEMENT: _("better"),
        Reliable.DETERIORATION: _("worse"),
        Reliable.NONE: _("no"),
        None: "\u2013",
    }[summary.reliable if compared else None]
    rows = [
        (_("Reliable change"), message("fall or rise of {n} points or more", n=points), reliable),
        (
            _("Meaningful, in general"),
            message("{n}% or more below baseline", n=MEANINGFUL_GENERAL),
            _yes(summary.meaningful_general if compared else None),
        ),
        (
            _("Meaningful, long-lasting"),
            message("{n}% or more below baseline", n=MEANINGFUL_LONG_LASTING),
            _yes(summary.meaningful_long_lasting if compared else None),
        ),
        (
            _("Response"),
            message("{n}% or more below baseline", n=RESPONSE),
            _yes(summary.response if compared else None),
        ),
        (_("Remission"), message("total below {n}", n=REMISSION_BELOW), _yes(summary.remission)),
        (
            _("Below caseness"),
            message("baseline {n} or more, now below", n=CASENESS_FROM),
            _yes(summary.recovery if compared else None),
        ),
    ]
    return {
        "heading": _("Is the change real, and is it enough?"),
        "columns": [_("Question"), _("Rule"), _("Answer")],
        "rows": [[name, say(rule), answer] for name, rule, answer in rows],
        "note": " ".join(
            [
                _(
                    "Reliable: larger than measurement error (NHS Talking Therapies convention); it does not mean "
                    "because of the therapy. Meaningful: what people call worthwhile, in general (Kounali 2022) and "
                    "in long-lasting, drug-resistant depression (Button 2015, on the BDI-II)."
                ),
                *([_("These answers rest on a prorated total.")] if summary.prorated else []),
            ]
        ),
    }


def _yes(held: bool | None) -> str:  # noqa: FBT001 - the answer itself
    return "\u2013" if held is None else _("yes") if held else _("no")


def notes(summary: Summary, *, longest: int) -> list[list[str]]:
    """Return the baseline, the outcome, what is missing, and the rule for each, cut to `longest` characters."""
    notes: list[tuple[str, Message | str]] = []
    if summary.baseline:
        b = summary.baseline
        notes.append(
            (_("Baseline"), message("{total} on {day}: {rule}.", total=b.point.total, day=b.point.date, rule=b.rule))
        )
    else:
        notes.append((_("Baseline"), _("None: no score from 28 days before to 14 days after week 0.")))
    notes += _end(summary)
    rule = (
        message(
            "With up to {n} answers missing the total is prorated (mean of the answered x 9); with more there is none.",
            n=MOST_MISSING,
        )
        if summary.rules.prorate
        else message("A questionnaire with any answer missing has no total.")
    )
    found = say(missing(summary)) if summary.points else ""
    notes.append((_("Missing answers"), f"{found} {say(rule)}".strip().replace(" x ", " \u00d7 ")))
    return [[name, _kept_together(cut(shown(say(text)), longest))] for name, text in notes]


def _end(summary: Summary) -> list[tuple[str, Message]]:
    """Return the outcome as fixed on the record when the course ended, and what the scores after it say."""
    found: list[tuple[str, Message]] = []
    fixed, after = summary.outcome, summary.after_end
    if fixed and fixed.total is not None and fixed.total_date:
        first = message("{baseline} -> ", baseline=fixed.baseline) if fixed.baseline is not None else message("")
        proviso = message(", prorated") if fixed.prorated else message("")
        what = message(
            "{first}{total} ({day}{proviso}).", first=first, total=fixed.total, day=fixed.total_date, proviso=proviso
        )
        found.append((_("Outcome at the end"), what))
    elif summary.ended:
        found.append((_("Outcome at the end"), message("No score in the last {days} days.", days=END_DAYS)))
    if after:
        total, when = after.latest.total, after.latest.date
        found.append(
            (_("Since the end"), message("{total} on {day}: {says}.", total=total, day=when, says=_SINCE[after.says]))
        )
    return found


def _kept_together(text: str) -> str:
    """Return a text whose numbers stay with their week."""
    return text.replace("week 0", "week\u00a00")
