"""One score's exact figures in words: what hovering and the arrow keys show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.chart.alongside import short
from trdtrack.chart.drawing import week_words
from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import Completeness, Item9
from trdtrack.words import day, figures

if TYPE_CHECKING:
    from trdtrack.chart.drawing import Cross
    from trdtrack.domain.outcome import SuddenGain
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

LONGEST_WHY = 60


def reading(summary: Summary, point: Point, *, patient: bool = False) -> list[Message]:
    """Return a score's exact figures, a line each: total, day, how answered, what was expected.

    For the patient's eyes without item 9 and without anything that judges.
    """
    total = point.score.total or 0
    lines = [message("PHQ-9 {total}, {band}", total=total, band=phq9.band(total).name), _when(point)]
    how = how_answered(point)
    lines.append(how if patient else message("{how}, {item9}", how=how, item9=item9_words(point.item9)))
    if not point.counts:
        lines.append(message("another total of this day counts"))
    if not patient:
        lines.extend(_gain(gain) for gain in summary.sudden_gains if gain.after == point)
    if then := _then(summary, point, patient=patient):
        lines.append(then)
    return lines


def _when(point: Point) -> Message:
    if point.week is None:
        return message("{day}", day=day(point.date))
    return message("{day}, week {week}", day=day(point.date), week=week_words(point.week))


def reading_of_withdrawn(cross: Cross) -> list[Message]:
    """Return what is left of a withdrawn score: total, day, and why it was withdrawn."""
    assessment = cross.assessment
    return [
        message("PHQ-9 {total}, withdrawn", total=cross.y),
        message("{day}", day=day(assessment.date)),
        message("{why}", why=short(assessment.withdrawn or "", LONGEST_WHY)),
    ]


def _then(summary: Summary, point: Point, *, patient: bool) -> Message | None:
    """Return what was expected on a score's day, if it lies on the expected course."""
    week = summary.line_week(point.date)
    begun = summary.lines_start is not None and point.date > summary.lines_start
    if not (summary.benchmark and summary.baseline and begun and week is not None):
        return None
    if week > summary.benchmark.data_end:
        return None if patient else message("past the data of the expected course")
    at = summary.benchmark.at(summary.baseline.point.total, week)
    fields = {"therapy": figures(f"{at.psychotherapy:.1f}"), "usual": figures(f"{at.usual_care:.1f}")}
    if patient:
        return message("people then, on average: {therapy} with therapy, {usual} without", **fields)
    return message("average then: {therapy} with psychotherapy, {usual} without", **fields)


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
