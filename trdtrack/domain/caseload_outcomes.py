"""What the closed courses of a caseload achieved, against the evidence (clinical rules, 8): figures, without the sums.

Totals and changes are PHQ-9 points; shares, rates and falls are fractions of 1, never percent; weeks are days / 7.
Every interval is a 95% one. Only closed courses with a baseline of 10 or more are in the figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes_evidence import (
    LOCAL_FROM,
    Calibration,
    CourseOver,
    Fall,
    LocalBenchmark,
    Replay,
    Step,
)
from trdtrack.domain.caseload_outcomes_groups import (
    FEW,
    RESULT_WORDS,
    Ending,
    FollowUps,
    Group,
    Mean,
    OfModality,
    OutcomeCase,
    Rate,
    Reached,
    Result,
)

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Modality, Presentation
    from trdtrack.domain.resistance import Met

__all__ = [
    "FEW",
    "LOCAL_FROM",
    "RESULT_WORDS",
    "Calibration",
    "CaseloadOutcomes",
    "Choice",
    "Choices",
    "CourseOver",
    "Ending",
    "Fall",
    "FollowUps",
    "Group",
    "LocalBenchmark",
    "Mean",
    "OfModality",
    "OutcomeCase",
    "Rate",
    "Reached",
    "Replay",
    "Result",
    "Step",
]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which closed courses to look at; None: all. `since` and `until` bound the day a course ended, both included."""

    since: date | None = None
    until: date | None = None
    modality: Modality | None = None
    """`Modality.NOT_RECORDED` is a choice of its own."""
    therapist: str | None = None
    """As written in the course; the empty text: those without one."""
    presentation: Presentation | None = None
    criterion: Met | None = None


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen: all that occurs among the closed courses of the caseload, in alphabetical order."""

    modalities: tuple[Modality, ...] = ()
    therapists: tuple[str, ...] = ()
    presentations: tuple[Presentation, ...] = ()
    criteria: tuple[Met, ...] = ()
    first_end: date | None = None
    last_end: date | None = None


@dataclass(frozen=True, kw_only=True)
class CaseloadOutcomes:
    """Everything the outcomes page, the service report and the command say."""

    today: date
    choice: Choice
    choices: Choices
    benchmark: tuple[str, str]
    """Name and version of the published benchmark compared with."""
    no_baseline: int
    """Closed courses chosen and left out: no baseline."""
    below_caseness: int
    """Closed courses chosen and left out: a baseline below 10."""
    all: Group
    by_criterion: tuple[tuple[Met, Group], ...]
    """Those meeting the TRD criterion first, then not met, then cannot tell."""
    by_modality: tuple[OfModality, ...]
    """In alphabetical order: no ranking."""
    fall: Fall
    over_weeks: CourseOver
    over_sessions: CourseOver
    endings: tuple[Ending, ...]
    follow_ups: FollowUps
    local: LocalBenchmark
    calibration: Calibration
    cases: tuple[OutcomeCase, ...]
    """By the patient's code, then the day the course ended."""
    said: tuple[Message, ...]
    """What can and cannot be said, in whole sentences; empty where nothing needs saying."""
