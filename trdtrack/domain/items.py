"""The nine items one by one: how each moved since the baseline, and the answers to set side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trajectory import Point

NAMES: tuple[Message, ...] = (
    message("Interest"),
    message("Mood"),
    message("Sleep"),
    message("Energy"),
    message("Appetite"),
    message("Self-worth"),
    message("Concentration"),
    message("Movement"),
    message("Death, self-harm"),
)
"""Short names of the nine items for tables. Ours, not the instrument's wording, which stands beside them in full."""


@dataclass(frozen=True)
class Beside:
    """One score and the two to compare it with: the first with answers in the course, and the one before."""

    this: Point
    first: Point | None
    previous: Point | None

    def rows(self) -> tuple[tuple[int | None, int | None, int | None], ...]:
        """Return for each of the nine items the answer first, previous and this time; None where there is none."""
        points = (self.first, self.previous, self.this)
        return tuple(
            tuple(None if p is None or p.assessment.answers is None else p.assessment.answers[i] for p in points)  # pyright: ignore[reportReturnType]
            for i in range(phq9.ITEMS)
        )


def answered(summary: Summary) -> tuple[Point, ...]:
    """Return the course's points that have answers, one column each of the table of items, by day."""
    return tuple(p for p in summary.points if p.assessment.answers is not None)


def beside(summary: Summary, point: Point) -> Beside:
    """Return a score with the first one of the course and the one before it, of those with answers."""
    earlier = [p for p in answered(summary) if (p.date, p.assessment.entered) < (point.date, point.assessment.entered)]
    return Beside(point, earlier[0] if earlier else None, earlier[-1] if earlier else None)


def changes(summary: Summary) -> tuple[int | None, ...]:
    """Return for each item its latest answer minus that at the baseline, in points; None where either is missing."""
    points = answered(summary)
    start = next((p for p in points if summary.baseline and p == summary.baseline.point), points[0] if points else None)
    last = points[-1] if points else None
    if start is None or last is None or start is last:
        return (None,) * phq9.ITEMS
    before, now = start.assessment.answers or (), last.assessment.answers or ()
    return tuple(None if a is None or b is None else b - a for a, b in zip(before, now, strict=True))


def changed_most(summary: Summary) -> tuple[int, ...]:
    """Return the items' places (0-8), those that changed most since the baseline first, ties in the paper's order."""
    moved = changes(summary)
    return tuple(sorted(range(phq9.ITEMS), key=lambda i: (-abs(moved[i] or 0), moved[i] is None, i)))
