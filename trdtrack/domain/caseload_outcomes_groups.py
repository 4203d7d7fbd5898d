"""Counts, means and single courses of a caseload's outcomes: what was reached at the end, and what came after.

PHQ-9 points; shares are fractions of 1; every interval is a 95% one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.outcome import Reliable
    from trdtrack.domain.records import EndReason, Modality, Presentation
    from trdtrack.domain.resistance import Met

FEW = 20
"""Below so many courses a group of one modality is shown with a warning."""


@dataclass(frozen=True)
class Rate:
    """A count out of how many, with its Wilson interval (Wilson, J Am Stat Assoc 1927;22:209); None where `of` is 0."""

    count: int
    of: int
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """The share as counted."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Mean:
    """A mean with its t interval (mean +- t(n-1) SD/sqrt(n)); the edges are None below 2 values, the mean without."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class Result(StrEnum):
    """What a course may have reached at its end, by the rules of `domain/outcome.py`."""

    RELIABLE_IMPROVEMENT = "reliable improvement"
    RELIABLE_DETERIORATION = "reliable deterioration"
    BELOW_CASENESS = "below caseness"
    RELIABLE_RECOVERY = "reliable recovery"
    RESPONSE = "response"
    REMISSION = "remission"


RESULT_WORDS: dict[Result, Message] = {
    Result.RELIABLE_IMPROVEMENT: message("reliable improvement"),
    Result.RELIABLE_DETERIORATION: message("reliable deterioration"),
    Result.BELOW_CASENESS: message("below caseness"),
    Result.RELIABLE_RECOVERY: message("reliable recovery"),
    Result.RESPONSE: message("response"),
    Result.REMISSION: message("remission"),
}


@dataclass(frozen=True)
class Reached:
    """How many reached a result: of all courses (no outcome counts as not reached), and of the paired alone."""

    result: Result
    of_all: Rate
    of_paired: Rate


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of closed courses. Paired: with a last total in the 28 days up to and including the end."""

    n: int
    paired: Rate
    no_outcome: int
    """How many are not paired; they stay in `n`."""
    died: int
    """How many ended because the patient died; they stay in `n`."""
    prorated: int
    """In how many baseline or last total is prorated."""
    baseline: Mean
    """Over all n."""
    last: Mean
    """Over the paired."""
    change: Mean
    """Last minus baseline over the paired: negative is better."""
    reached: tuple[Reached, ...]
    """One for each `Result`, in that order."""

    @property
    def few(self) -> bool:
        """Whether there are too few to go by: below `FEW`."""
        return self.n < FEW


@dataclass(frozen=True)
class OfModality:
    """The courses of one modality."""

    modality: Modality
    group: Group


@dataclass(frozen=True)
class Ending:
    """How many courses ended for one reason."""

    reason: EndReason
    rate: Rate


@dataclass(frozen=True, kw_only=True)
class FollowUps:
    """What is known of the time after the end, a course counting once by its latest total after the end."""

    due: int
    """Follow-ups planned for a day that has come."""
    done: Rate
    """Of those due."""
    seen: Rate
    """Courses with a total after the end, of all."""
    held: Rate
    """No reliable rise; this and the next two of the seen that have an end score to compare with."""
    relapse: Rate
    """Possible relapse."""
    worse: Rate
    """Worse since the end."""
    unknown: int
    """Seen, but without an end score to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCase:
    """One closed course with a baseline of 10 or more."""

    patient: str
    code: str
    course: str
    therapist: str
    modality: Modality
    presentation: tuple[Presentation, ...]
    criterion: Met
    """As the patient's page says it now (`resistance.criterion_of`)."""
    end: date
    reason: EndReason
    baseline: int
    last: int | None
    """The end score as fixed on the record; None: no outcome. What follows is None with it."""
    week: float | None
    """Of the last total, counted from where the expected lines begin."""
    progress: float | None
    """s(t) of the published benchmark at that week."""
    reliable: Reliable | None
    """By the rule in force when the course ended."""
    reliable_points: int
    below_caseness: bool | None
    response: bool | None
    remission: bool | None
    prorated: bool
    has_benchmark: bool
    """False where no expected course is drawn: bipolar or psychotic depression recorded, or under 18."""

    @property
    def paired(self) -> bool:
        """Whether there is an end score."""
        return self.last is not None
