"""What a clinic sets for all its patients."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from trdtrack.domain.letter_template import check_template
from trdtrack.domain.message import message
from trdtrack.domain.record_checks import check_months, check_texts, check_whole, new_id, refuse

RELIABLE_CHOICES = range(5, 9)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The clinical rules a clinic may set; everything else is fixed with its source."""

    kind: ClassVar[str] = "rules"
    patient: ClassVar[str] = ""

    id: str = "rules"
    reliable_change: int = 6
    """Points of fall or rise that count as reliable (NHS Talking Therapies convention 6; 5-8)."""
    prorate: bool = True
    """Whether one or two missing answers are filled with the mean of the others."""
    trial_weeks: int = 4
    """Weeks at an adequate dose from which an antidepressant trial counts (4 or more is suggested)."""

    def __post_init__(self) -> None:
        if self.reliable_change not in RELIABLE_CHOICES:
            refuse("reliable_change", message("Reliable change is set to 5, 6, 7 or 8 points."))
        weeks = message("An antidepressant trial counts from 1 to 52 weeks.")
        check_whole("trial_weeks", self.trial_weeks, 52, weeks)


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """The templates of a course of care and of a letter, the words about risk, and how long records are kept."""

    kind: ClassVar[str] = "clinic"
    patient: ClassVar[str] = ""

    id: str = "clinic"
    planned_sessions: int = 12
    extra_sessions: int = 6
    review_months: tuple[int, ...] = (3, 6, 9, 12)
    """Months after week 0 at which a course is reviewed."""
    follow_up_months: tuple[int, ...] = (1, 3, 6, 12)
    """Months after the end at which one looks back."""
    session_minutes: int = 50
    risk_prompt: str = field(default="", repr=False)
    """What the form says where item 9 asks for an answer; blank: the program's own words."""
    emergency: str = field(default="", repr=False)
    """Local emergency numbers and contacts, shown beside the prompt."""
    retention_years: int | None = None
    """Years after a course's end for which the clinic keeps its record; None: nothing is listed."""
    letterhead: str = field(default="", repr=False)
    """The clinic's name and address at the head of a letter, a line each."""
    letter: str = field(default="", repr=False)
    """The template of a letter; blank: the program's own (`letter_template.DEFAULT_LETTER`)."""

    def __post_init__(self) -> None:
        check_texts(risk_prompt=self.risk_prompt, emergency=self.emergency, letterhead=self.letterhead)
        check_template("letter", self.letter)
        check_months("review_months", self.review_months)
        check_months("follow_up_months", self.follow_up_months)
        planned = message("Planned sessions are a whole number from 1 to 999.")
        check_whole("planned_sessions", self.planned_sessions, 999, planned)
        extra = message("Further sessions are a whole number from 0 to 999.")
        check_whole("extra_sessions", self.extra_sessions, 999, extra, least=0)
        check_whole("session_minutes", self.session_minutes, 600, message("A session lasts 1 to 600 minutes."))
        check_whole("retention_years", self.retention_years, 100, message("Records are kept for 1 to 100 years."))


@dataclass(frozen=True, kw_only=True)
class BenchmarkFile:
    """A benchmark of the clinic's own, kept as the text of its file: what it was drawn with can always be read."""

    kind: ClassVar[str] = "benchmark"
    patient: ClassVar[str] = ""

    id: str = field(default_factory=new_id)
    name: str
    version: str
    text: str = field(repr=False)
