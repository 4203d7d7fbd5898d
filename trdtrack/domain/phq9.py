"""The PHQ-9 as an instrument: scoring, missing answers, severity bands and the depressive-syndrome algorithm.

Source: Kroenke, Spitzer & Williams, J Gen Intern Med 2001;16:606. The items' validated wording is not here but in
`resources/instruments/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message

if TYPE_CHECKING:
    from collections.abc import Sequence

ITEMS = 9
MAX_ANSWER = 3
MAX_TOTAL = ITEMS * MAX_ANSWER
MOST_MISSING = 2
"""With up to this many answers missing the total is prorated; published rules disagree (clinical rules, section 1)."""
REMISSION_BELOW = 5
CASENESS_FROM = 10
"""10 or more is a case by the NHS Talking Therapies convention."""

Answers = tuple[int | None, ...]


@dataclass(frozen=True)
class Band:
    """A severity band: totals from `low` to `high`, both included."""

    low: int
    high: int
    name: Message


BANDS = (
    Band(0, 4, message("minimal")),
    Band(5, 9, message("mild")),
    Band(10, 14, message("moderate")),
    Band(15, 19, message("moderately severe")),
    Band(20, 27, message("severe")),
)
assert all(lower.high + 1 == upper.low for lower, upper in pairwise(BANDS))  # noqa: S101 - a table that must tile 0-27


class Completeness(StrEnum):
    """How a total came about, in the order in which same-day totals are preferred."""

    COMPLETE = "complete"
    PRORATED = "prorated"
    TOTAL_ONLY = "total only"
    NO_TOTAL = "no total"


class Item9(StrEnum):
    """What is known of item 9 when it has no number."""

    NOT_ANSWERED = "not answered"
    UNKNOWN = "unknown"


class Syndrome(StrEnum):
    """Result of the depressive-syndrome algorithm: a screening result, never a diagnosis."""

    MAJOR = "major depressive syndrome"
    OTHER = "other depressive syndrome"
    NONE = "no depressive syndrome"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Score:
    """A total (points, 0-27, or None), how it came about, and how many of the nine were answered."""

    total: int | None
    completeness: Completeness
    answered: int

    @property
    def complete(self) -> bool:
        """Whether all nine were answered."""
        return self.completeness is Completeness.COMPLETE


def score(answers: Sequence[int | None], *, prorate: bool = True) -> Score:
    """Score nine answers (0-3, or None where missing).

    None missing: the sum. One or two missing: mean of the answered x 9, rounded half up ("prorated"), unless
    `prorate` is off. Three or more missing: no total. A missing answer never counts as 0.
    """
    given = [answer for answer in answers if answer is not None]
    if len(given) == ITEMS:
        return Score(sum(given), Completeness.COMPLETE, ITEMS)
    if prorate and len(given) >= ITEMS - MOST_MISSING:
        half_up = (2 * sum(given) * ITEMS + len(given)) // (2 * len(given))
        return Score(half_up, Completeness.PRORATED, len(given))
    return Score(None, Completeness.NO_TOTAL, len(given))


def item9(answers: Answers | None) -> int | Item9:
    """Return the answer to item 9, or why there is none: left blank, or unknown because only a total was recorded."""
    if answers is None:
        return Item9.UNKNOWN
    answer = answers[ITEMS - 1]
    return Item9.NOT_ANSWERED if answer is None else answer


def band(total: int) -> Band:
    """Return the severity band of a total of 0-27 points."""
    return next(b for b in BANDS if b.low <= total <= b.high)


def _syndrome_of(answers: Sequence[int]) -> Syndrome:
    present = [answer >= 2 for answer in answers[:-1]] + [answers[-1] >= 1]
    if not (present[0] or present[1]):
        return Syndrome.NONE
    count = sum(present)
    if count >= 5:
        return Syndrome.MAJOR
    return Syndrome.OTHER if count >= 2 else Syndrome.NONE


def syndrome(answers: Sequence[int | None]) -> Syndrome:
    """Depressive syndrome by the PHQ-9 algorithm (Kroenke 2001).

    Five or more items at 2 or more (item 9 counts at 1 or more), item 1 or 2 among them: major. Two to four: other.
    Where missing answers could change the result, it cannot be told: the count only grows with the answers, so
    comparing all gaps at 0 with all gaps at 3 decides it.
    """
    least = _syndrome_of([answer or 0 for answer in answers])
    most = _syndrome_of([MAX_ANSWER if answer is None else answer for answer in answers])
    return least if least is most else Syndrome.CANNOT_TELL
