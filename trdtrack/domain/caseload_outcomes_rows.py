"""What the outcomes of a caseload are reckoned from: plain columns of the records in force, days as ISO 8601 text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    Rows = Sequence[Sequence[Any]]

COLUMNS: dict[str, tuple[str, ...]] = {
    "courses": (
        *("course", "patient", "code", "date_of_birth", "bipolar", "therapist", "modality", "presentation", "start"),
        *("end", "end_reason", "benchmark", "benchmark_version", "outcome", "baseline", "baseline_date", "total"),
        *("total_date", "prorated", "reliable_change"),
    ),
    "scores": ("course", "date", "answers", "total", "entered", "id"),
    "sessions": ("course", "date"),
    "follow_ups": ("due", "done", "course"),
    "episodes": ("patient", "start", "psychotic", "id"),
    "treatments": (
        *("patient", "role", "drug", "start", "end", "still_taken", "adequate", "weeks", "adherence", "outcome"),
        "in_episode",
    ),
}
"""The columns of each table of `OutcomeRows`, in order."""


@dataclass(frozen=True, kw_only=True)
class OutcomeRows:
    """The rows of the courses with an end, of patients in force; lists within a record are JSON, as stored."""

    courses: Rows
    """One a course, with the outcome fixed at its end (`outcome` None where there is none)."""
    scores: Rows
    """Of these courses. `answers` is None where only a total is known."""
    sessions: Rows
    """The attended ones of these courses."""
    follow_ups: Rows
    """Of these courses."""
    episodes: Rows
    """Of all patients."""
    treatments: Rows
    """Of all patients."""
