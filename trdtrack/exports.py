"""What a course can be exported as: one function from Summary to bytes each, and a line in the table below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from trdtrack.domain.summary import Summary


@dataclass(frozen=True)
class Made:
    """A finished file, and what has to be said about it, if anything."""

    content: bytes
    remark: Message | None = None


def _pdf(summary: Summary, made: date) -> Callable[[], Made]:
    from trdtrack.report.summary import draw_chart, typeset_summary

    chart = draw_chart(summary)

    def finish() -> Made:
        paper = typeset_summary(summary, chart, made=made)
        return Made(paper.pdf, paper.dropped)

    return finish


def _expectation(summary: Summary, made: date) -> Callable[[], Made]:
    from trdtrack.report.expectation import draw_expectation, typeset_expectation

    chart = draw_expectation(summary)

    def finish() -> Made:
        paper = typeset_expectation(summary, chart, made=made)
        return Made(paper.pdf, paper.dropped)

    return finish


def _csv(summary: Summary, made: date) -> Callable[[], Made]:  # noqa: ARG001 - the same shape for every export
    from trdtrack.exchange.tables import scores_csv

    return lambda: Made(scores_csv(summary))


@dataclass(frozen=True)
class Export:
    """A format: its file ending, its name for people, and how it is made.

    `prepare` runs where Qt's scenes may be drawn; what it returns may finish in any thread.
    """

    suffix: str
    name: Message
    prepare: Callable[[Summary, date], Callable[[], Made]]

    def make(self, summary: Summary, made: date) -> Made:
        """Return the whole file."""
        return self.prepare(summary, made)()


EXPORTS = {
    "pdf": Export(".pdf", message("Summary as PDF"), _pdf),
    "expectation": Export(".pdf", message("Expectation sheet for the patient"), _expectation),
    "csv": Export(".csv", message("Scores as CSV"), _csv),
}
