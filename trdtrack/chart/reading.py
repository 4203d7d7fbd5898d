"""One score's exact figures in words: what hovering and the arrow keys show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.chart.drawing import week_words
from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import Completeness, Item9
from trdtrack.words import day

if TYPE_CHECKING:
    from trdtrack.domain.outcome import SuddenGain
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point


def reading(summary: Summary, point: Point) -> list[Message]:
    """Return a score's exact figures, a line each: total, day, how answered, what was expected."""
    total = point.score.total or 0
    lines = [
        message("PHQ-9 {total}, {band}", total=total, band=phq9.band(total).name),
        message("{day}, week {week}", day=day(point.date), week=week_words(point.week))
        if point.week is not None
        else message("{day}", day=day(point.date)),
        message("{how}, {item9}", how=how_answered(point), item9=item9_words(point.item9)),
    ]
    if not point.counts:
        lines.append(message("another total of this day counts"))
    lines.extend(_gain(gain) for gain in summary.sudden_gains if gain.after == point)
    week = summary.line_week(point.date)
    begun = summary.lines_start is not None and point.date > summary.lines_start
    if summary.benchmark and summary.baseline and begun and week is not None:
        if week > summary.benchmark.data_end:
            lines.append(message("past the data of the expected course"))
        else:
            at = summary.benchmark.at(summary.baseline.point.total, week)
            lines.append(
                message(
                    "average then: {therapy} with psychotherapy, {usual} without",
                    therapy=f"{at.psychotherapy:.1f}",
                    usual=f"{at.usual_care:.1f}",
                )
            )
    return lines


def _gain(gain: SuddenGain) -> Message:
    """Name a possible sudden gain where it ended: true of many smooth courses, so never more than possible."""
    proviso = message(", prorated") if gain.prorated else message("")
    return message("possible sudden gain, looking back: {fall} points{proviso}", fall=gain.fall, proviso=proviso)


def how_answered(point: Point) -> Message:
    """Return in words how a total came about."""
    answered, of = point.score.answered, phq9.ITEMS
    match point.score.completeness:
        case Completeness.COMPLETE:
            return message("complete")
        case Completeness.PRORATED:
            return message("prorated, {answered} of {of} answered", answered=answered, of=of)
        case Completeness.TOTAL_ONLY:
            return message("total only")
        case _:
            return message("no total, {answered} of {of} answered", answered=answered, of=of)


def item9_words(answer: int | Item9) -> Message:
    """Return item 9 in words. An answer of 0 is the answer 0, never "no risk"."""
    if isinstance(answer, int):
        return message("item 9: {answer}", answer=answer)
    return message("item 9 not answered") if answer is Item9.NOT_ANSWERED else message("item 9 unknown")
