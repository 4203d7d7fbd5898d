"""The patient summary's table of scores: each questionnaire answer by answer, a gap shown as a gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.chart.drawing import week_words
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.phq9 import ITEMS, Completeness, Item9
from trdtrack.words import _, day, phq9_wording, say, signed

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

MOST_ROWS = 60
"""More scores than this do not fit a page of their own: the baseline and the latest are shown."""
GAP, UNKNOWN = "\u2013", "?"


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
        "heading": _("Scores, answer by answer"),
        "before": [_("Date answered"), _("Week"), _("Total"), _("Change")],
        "items": [str(number) for number in range(1, ITEMS + 2)],
        "after": _("Answered"),
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


def _row(summary: Summary, point: Point, decimals: int) -> dict[str, Any]:
    baseline = summary.baseline
    change = ""
    if baseline is not None and baseline.point == point:
        change = _("baseline")
    elif baseline and point.counts and point.date > baseline.point.date:
        change = signed(point.total - baseline.point.total)
    total = GAP if point.score.total is None else str(point.score.total)
    if point.score.total is not None and not point.counts:
        total = say(message("({total})", total=total))
    given = point.assessment.answers
    return {
        "before": [day(point.date), week_words(point.week, decimals), total, change or GAP],
        "items": [] if given is None else [_answer(a) for a in given],
        "unknown": _("not recorded"),
        "difficulty": _answer(point.assessment.difficulty),
        "after": say(_answered(point)),
        "counts": point.counts,
        "raised": isinstance(point.item9, int) and point.item9 > 0,
    }


def _answer(answer: int | None) -> str:
    return GAP if answer is None else str(answer)


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


def _signs(points: list[Point]) -> str:
    """Explain the columns, and of the signs those that occur in the table."""
    if not points:
        return ""
    wording = phq9_wording()
    functions = any(p.assessment.difficulty is not None for p in points)
    gaps = any(None in (p.assessment.answers or ()) for p in points)
    columns = [message("Items 1 to {last}: {answers}", last=ITEMS, answers=_scale(wording.answers))]
    if functions:
        answers = _scale(wording.difficulty_answers)
        columns.append(message("item {number}, function: {answers}", number=ITEMS + 1, answers=answers))
    signs = [
        (_("(n) another total of that day counts"), any(p.score.total is not None and not p.counts for p in points)),
        (_("\u2013 not answered"), gaps or any(p.assessment.difficulty is None for p in points)),
        (
            _("? item 9 unknown, as only the total is recorded"),
            any(p.item9 is Item9.UNKNOWN for p in points),
        ),
    ]
    said = "; ".join([*(say(c) for c in columns), *(text for text, there in signs if there)])
    return say(message("{signs}.", signs=said))


def _scale(answers: tuple[str, ...]) -> str:
    """Return the validated answers with their numbers, letter by letter."""
    return ", ".join(say(message("{n} {answer}", n=n, answer=answer)) for n, answer in enumerate(answers))


def missing(summary: Summary) -> Message:
    """Say how many questionnaires are whole, and how the others count."""
    counts = {kind: sum(p.score.completeness is kind for p in summary.points) for kind in Completeness}
    found = message("{n} of {all} questionnaires complete", n=counts[Completeness.COMPLETE], all=len(summary.points))
    for kind, words in (
        (Completeness.PRORATED, message("{n} prorated", n=counts[Completeness.PRORATED])),
        (Completeness.TOTAL_ONLY, message("{n} with the total only", n=counts[Completeness.TOTAL_ONLY])),
        (Completeness.NO_TOTAL, message("{n} without a total", n=counts[Completeness.NO_TOTAL])),
    ):
        if counts[kind]:
            found = message("{before}, {more}", before=found, more=words)
    return message("{found}.", found=found)
