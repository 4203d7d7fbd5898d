"""The summary's tables in words: the scores, whether the change is real and enough, and the rules in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.chart.drawing import week_words
from trdtrack.domain.ending import END_DAYS, SinceEnd
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.outcome import MEANINGFUL_GENERAL, MEANINGFUL_LONG_LASTING, RESPONSE, Reliable
from trdtrack.domain.phq9 import CASENESS_FROM, ITEMS, MOST_MISSING, REMISSION_BELOW, Completeness, Item9
from trdtrack.domain.resistance import MET_WORDS, criterion_of
from trdtrack.report.sheet import cut
from trdtrack.words import _, day, say, shown, signed

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

MOST_ROWS = 20
"""More scores than this do not fit beside the rest: the baseline and the latest are shown."""
LONGEST_NOTE = 320
"""Characters of a note that still fit the page; the program has the rest."""
_SINCE = {
    SinceEnd.RELAPSE: message("possible relapse"),
    SinceEnd.WORSE: message("worse since the end"),
    SinceEnd.HELD: message("no reliable rise since the end"),
    SinceEnd.UNKNOWN: message("no score at the end to compare with"),
}
_ITEM9 = {Item9.NOT_ANSWERED: "\u2013", Item9.UNKNOWN: "?"}


def scores(summary: Summary) -> dict[str, Any]:
    """Return the table of scores: all, or the baseline and the latest with the number left out."""
    points, baseline = summary.points, summary.baseline
    kept = list(points)
    if len(points) > MOST_ROWS:
        recent = list(points[-MOST_ROWS:])
        first = baseline.point if baseline else points[0]
        kept = recent if first in recent else [first, *recent[1:]]
    left_out = len(points) - len(kept)
    decimals = int(any(p.week is not None and p.week != round(p.week) for p in kept))
    return {
        "heading": _("Scores"),
        "columns": [_("Date answered"), _("Week"), _("Total"), _("Change"), _("Item 9"), _("Answered")],
        "rows": [_row(summary, point, decimals) for point in kept],
        "none": _("No score yet."),
        "signs": _signs(kept),
        "left_out": say(
            plural(
                "{n} score is left out here; the CSV export has all.",
                "{n} scores are left out here; the CSV export has all.",
                left_out,
            )
        )
        if left_out
        else "",
    }


def _signs(points: list[Point]) -> str:
    """Explain the signs that occur in the table, and no others."""
    signs = [
        (_("(n) another total of that day counts"), any(p.score.total is not None and not p.counts for p in points)),
        (_("item 9 \u2013 not answered"), any(p.item9 is Item9.NOT_ANSWERED for p in points)),
        (_("item 9 ? unknown, as only the total is recorded"), any(p.item9 is Item9.UNKNOWN for p in points)),
    ]
    said = "; ".join(text for text, there in signs if there)
    return say(message("{signs}.", signs=said)) if said else ""


def _row(summary: Summary, point: Point, decimals: int) -> dict[str, Any]:
    baseline = summary.baseline
    is_baseline = baseline is not None and baseline.point == point
    change = ""
    if is_baseline:
        change = _("baseline")
    elif baseline and point.counts and point.date > baseline.point.date:
        change = signed(point.total - baseline.point.total)
    total = "\u2013" if point.score.total is None else str(point.score.total)
    if point.score.total is not None and not point.counts:
        total = say(message("({total})", total=total))
    return {
        "cells": [
            day(point.date),
            week_words(point.week, decimals),
            total,
            change or "\u2013",
            str(point.item9) if isinstance(point.item9, int) else _ITEM9[point.item9],
            say(_answered(point)),
        ],
        "counts": point.counts,
        "raised": isinstance(point.item9, int) and point.item9 > 0,
    }


def _answered(point: Point) -> Message:
    answered, of = point.score.answered, ITEMS
    match point.score.completeness:
        case Completeness.TOTAL_ONLY:
            return message("total only")
        case Completeness.PRORATED:
            return message("{answered} of {of}, prorated", answered=answered, of=of)
        case Completeness.NO_TOTAL:
            return message("{answered} of {of}, no total", answered=answered, of=of)
        case _:
            return message("complete")


def findings(summary: Summary) -> dict[str, Any]:
    """Return the two separate answers, each with its rule."""
    points = summary.rules.reliable_change
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


def notes(summary: Summary) -> list[list[str]]:
    """Return the rules in force and what is known of item 9."""
    notes: list[tuple[str, Message | str]] = []
    if summary.baseline:
        b = summary.baseline
        notes.append(
            (_("Baseline"), message("{total} on {day}: {rule}.", total=b.point.total, day=b.point.date, rule=b.rule))
        )
    else:
        notes.append((_("Baseline"), _("None: no score from 28 days before to 14 days after week 0.")))
    notes += _end(summary)
    notes.append((_("Treatment resistance"), cut(say(_resistance(summary)), LONGEST_NOTE)))
    notes.append((_("Item 9"), _item9(summary)))
    missing = (
        message(
            "With up to {n} answers missing the total is prorated (mean of the answered x 9); with more there is none.",
            n=MOST_MISSING,
        )
        if summary.rules.prorate
        else message("A questionnaire with any answer missing has no total.")
    )
    notes.append((_("Missing answers"), say(missing).replace(" x ", " \u00d7 ")))
    return [[name, _kept_together(shown(text if isinstance(text, str) else say(text)))] for name, text in notes]


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


def _resistance(summary: Summary) -> Message:
    """Return whether the criterion of treatment resistance is met, and by which trials."""
    found = criterion_of(summary.dossier, summary.rules)
    if not found.trials:
        return message("No antidepressant trial is recorded.")
    return message("Criterion {met}: {why}.", met=MET_WORDS[found.met], why=found.why)


def _kept_together(text: str) -> str:
    """Return a text whose numbers stay with their week."""
    return text.replace("week 0", "week\u00a00")


def _item9(summary: Summary) -> str:
    known = [p for p in summary.points if isinstance(p.item9, int)]
    if not known:
        return _("No answer to item 9 is recorded.")
    last = known[-1]
    highest = max(known, key=lambda p: (p.item9, p.date))
    text = say(
        message(
            "Latest answer {last} ({last_day}); highest {highest} ({highest_day}); "
            "answered in {known} of {all} questionnaires.",
            last=last.item9,
            last_day=last.date,
            highest=highest.item9,
            highest_day=highest.date,
            known=len(known),
            all=len(summary.points),
        )
    )
    return text + " " + _("An answer of 0 is an answer to this one question; it does not replace asking.")
