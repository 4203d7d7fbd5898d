"""The pre-post scatter without pixels: the courses gathered by their pair of totals, and the figures in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.outcome import Reliable
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trdtrack.domain.caseload_outcomes import OutcomeCase

USUAL_POINTS = 6
"""Points of reliable change drawn while there is no course to tell."""
NAMED = 3
"""So many codes are read out at a spot."""


@dataclass(frozen=True)
class Spot:
    """All courses that began at one total and ended at another; they are drawn as one, larger the more they are."""

    baseline: int
    last: int
    cases: tuple[OutcomeCase, ...]

    @property
    def reliable(self) -> Reliable:
        """How the most of them changed."""
        return Counter(case.reliable or Reliable.NONE for case in self.cases).most_common(1)[0][0]

    @property
    def words(self) -> list[Message]:
        """What is said of it: who by the code alone, and from where to where."""
        codes = ", ".join(case.code for case in self.cases[:NAMED])
        more = len(self.cases) - NAMED
        who = message("{codes}", codes=codes)
        if more > 0:
            who = plural("{codes} and {n} more", "{codes} and {n} more", more, codes=codes)
        return [who, message("{baseline} -> {last}", baseline=self.baseline, last=self.last)]


@dataclass(frozen=True)
class Scatter:
    """The spots by baseline and last total, the points of reliable change drawn, and what is not drawn."""

    spots: tuple[Spot, ...] = ()
    points: int = USUAL_POINTS
    other_points: int = 0
    """Courses judged by another number of points."""
    no_outcome: int = 0

    @property
    def drawn(self) -> int:
        """How many courses are drawn."""
        return sum(len(spot.cases) for spot in self.spots)

    @property
    def notes(self) -> list[str]:
        """What has to be known to read it."""
        said: list[Message] = []
        if self.no_outcome:
            said.append(
                plural(
                    "{n} course without an outcome is not drawn.",
                    "{n} courses without an outcome are not drawn.",
                    self.no_outcome,
                )
            )
        if self.other_points:
            said.append(
                plural(
                    "{n} course was judged by another number of points than the {points} drawn.",
                    "{n} courses were judged by another number of points than the {points} drawn.",
                    self.other_points,
                    points=self.points,
                )
            )
        return [say(one) for one in said]

    @property
    def words(self) -> str:
        """The picture in words."""
        counted = Counter(case.reliable for spot in self.spots for case in spot.cases)
        summed = message(
            "{n} courses drawn: {better} reliably better, {worse} reliably worse, {same} without a reliable change",
            n=self.drawn,
            better=counted[Reliable.IMPROVEMENT],
            worse=counted[Reliable.DETERIORATION],
            same=counted[Reliable.NONE],
        )
        return " ".join([say(summed) + ".", *self.notes])


def scatter(cases: Sequence[OutcomeCase]) -> Scatter:
    """Gather closed courses by their totals; those without an outcome are counted."""
    at: dict[tuple[int, int], list[OutcomeCase]] = {}
    for case in cases:
        if case.last is not None:
            at.setdefault((case.baseline, case.last), []).append(case)
    points = Counter(case.reliable_points for case in _all(at.values())).most_common(1)
    usual = points[0][0] if points else USUAL_POINTS
    drawn = sum(map(len, at.values()))
    return Scatter(
        spots=tuple(Spot(*pair, tuple(found)) for pair, found in sorted(at.items())),
        points=usual,
        other_points=drawn - points[0][1] if points else 0,
        no_outcome=len(cases) - drawn,
    )


def _all(groups: Iterable[list[OutcomeCase]]) -> Iterable[OutcomeCase]:
    return (case for group in groups for case in group)
