"""What can and cannot be said of some closed courses, in whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.caseload_outcomes import FEW
from trdtrack.domain.ending import END_DAYS
from trdtrack.domain.message import Message, message, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trdtrack.domain.caseload_outcomes import OutcomeCase


def sentences(
    cases: Sequence[OutcomeCase], *, closed: int, chosen: int, no_baseline: int, below: int
) -> Iterator[Message]:
    """Yield what has to be said. `closed`: courses ended in the caseload; `chosen`: of them; the rest: left out."""
    if closed == 0:
        yield message("No course of care has ended yet: there is no outcome to show.")
        return
    if chosen == 0:
        yield message("No closed course is as chosen here.")
        return
    if no_baseline:
        yield plural(
            "{n} closed course is left out: it has no baseline.",
            "{n} closed courses are left out: they have no baseline.",
            no_baseline,
        )
    if below:
        yield plural(
            "{n} closed course is left out: its baseline was below {least}.",
            "{n} closed courses are left out: their baseline was below {least}.",
            below,
            least=phq9.CASENESS_FROM,
        )
    n = len(cases)
    if n == 0:
        yield message(
            "None of the closed courses began at {least} or more: nothing can be said.", least=phq9.CASENESS_FROM
        )
        return
    yield from _of_scores(cases, n)


def _of_scores(cases: Sequence[OutcomeCase], n: int) -> Iterator[Message]:
    last = [c.last for c in cases if c.last is not None]
    if n == 1:
        yield message("One course alone: it shows how one person fared, and says nothing about others.")
    elif n < FEW:
        yield message(
            "Fewer than {few} courses: chance alone moves these figures far; the intervals say how far.", few=FEW
        )
    if not last:
        yield plural(
            "It has no total in the {days} days up to the end: nothing can be said about change.",
            "None has a total in the {days} days up to the end: nothing can be said about change. In the rates over "
            "all they count as not achieved.",
            n,
            days=END_DAYS,
        )
    elif len(last) < n:
        yield plural(
            "{n} course has no total in the {days} days up to the end. It counts as not achieved in the rates over "
            "all; how it ended is not known.",
            "{n} courses have no total in the {days} days up to the end. They count as not achieved in the rates over "
            "all; how they ended is not known.",
            n - len(last),
            days=END_DAYS,
        )
    if all(c.baseline == phq9.MAX_TOTAL for c in cases):
        yield plural(
            "It began at {most}, the highest total: getting worse could not have shown.",
            "All began at {most}, the highest total: getting worse could not have shown.",
            n,
            most=phq9.MAX_TOTAL,
        )
    if last and min(last) == phq9.MAX_TOTAL:
        yield plural(
            "It ended at {most}, the highest total: the scale shows no more.",
            "All totals at the end are {most}, the highest: they differ from each other by nothing the scale shows.",
            len(last),
            most=phq9.MAX_TOTAL,
        )
