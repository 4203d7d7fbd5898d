"""A course of care and what happens in it and after it: sessions, the outcome at the end, follow-ups."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from trdtrack.domain.message import Worded, message
from trdtrack.domain.record_checks import (
    check_moment,
    check_months,
    check_order,
    check_texts,
    check_whole,
    new_id,
    refuse,
)

Day = date
"""In a class with a field called `date` the type goes by this name."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Made once: every record read from the file passes its checks.
_MINUTES = message("A session lasts 1 to 600 minutes.")
_NEXT_BEFORE = message("The next appointment cannot be before this session.")
_PLANNED = message("Planned sessions are a whole number from 1 to 999.")
_EXTRA = message("Further sessions are a whole number from 0 to 999.")
_END_BEFORE = message("A course cannot end before it starts.")


class Modality(Worded):
    """The kind of psychotherapy; empty where nobody recorded it."""

    NOT_RECORDED = ""
    CBT = "CBT"
    BA = "BA"
    CBASP = "CBASP"
    MBCT = "MBCT"
    IPT = "IPT"
    PSYCHODYNAMIC = "psychodynamic"
    DBT = "DBT"
    OTHER = "other"


class Format(Worded):
    """Whether the therapy is given to one person or to a group; empty where nobody recorded it."""

    NOT_RECORDED = ""
    INDIVIDUAL = "individual"
    GROUP = "group"


class Presentation(Worded):
    """How the depression presents at the course's start; more than one may hold."""

    FIRST = "first episode"
    RECURRENT = "recurrent"
    CHRONIC = "chronic"


class EndReason(Worded):
    """Why a course ended; empty where nobody recorded it. `DIED` stops every prompt for the patient."""

    NOT_RECORDED = ""
    COMPLETED = "completed"
    DROPPED_OUT = "dropped out"
    REFERRED_ON = "referred on"
    DIED = "died"
    OTHER = "other"


class Attendance(Worded):
    """Whether the session took place."""

    ATTENDED = "attended"
    LATE_CANCEL = "late cancel"
    DID_NOT_ATTEND = "did not attend"


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course of care: one psychotherapy of one patient, from week 0 to its end."""

    kind: ClassVar[str] = "course"

    id: str = field(default_factory=new_id)
    patient: str
    modality: Modality = Modality.NOT_RECORDED
    format: Format = Format.NOT_RECORDED
    presentation: tuple[Presentation, ...] = ()
    therapist: str = field(default="", repr=False)
    goals: str = field(default="", repr=False)
    """In the patient's words."""
    start: date | None = None
    """Week 0 as set by hand or import; None while it follows the first attended session."""
    planned_sessions: int | None = None
    extra_sessions: int | None = None
    """Up to how many more may be added to those planned."""
    review_months: tuple[int, ...] = ()
    """Months after week 0 at which the course is reviewed with the patient."""
    medication: str = field(default="", repr=False)
    """The current medication in the therapist's words, where no treatment is recorded as still taken."""
    baseline: str | None = None
    """The assessment chosen as baseline instead of the rule's, with the reason beside it."""
    baseline_reason: str = field(default="", repr=False)
    benchmark: str = ""
    """Name of the benchmark the course is drawn with; blank: the first one ever shipped."""
    benchmark_version: str = ""
    end: date | None = None
    end_reason: EndReason = EndReason.NOT_RECORDED
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "modality", Modality(self.modality))
        object.__setattr__(self, "format", Format(self.format))
        object.__setattr__(self, "end_reason", EndReason(self.end_reason))
        object.__setattr__(self, "presentation", tuple(Presentation(p) for p in self.presentation))
        check_texts(medication=self.medication, baseline_reason=self.baseline_reason, therapist=self.therapist)
        check_texts(goals=self.goals)
        check_whole("planned_sessions", self.planned_sessions, 999, _PLANNED)
        check_whole("extra_sessions", self.extra_sessions, 999, _EXTRA, least=0)
        check_months("review_months", self.review_months)
        check_order("end", self.start, self.end, _END_BEFORE)
        if self.end_reason and not self.end:
            refuse("end", message("A course with a reason for ending needs the day it ended."))
        if self.baseline and not self.baseline_reason.strip():
            refuse("baseline_reason", message("Choosing another baseline needs a reason."))


@dataclass(frozen=True, kw_only=True)
class Session:
    """An appointment of a course: kept, cancelled late or missed. Its number is computed over attended sessions."""

    kind: ClassVar[str] = "session"

    id: str = field(default_factory=new_id)
    patient: str
    course: str
    date: date
    attendance: Attendance = Attendance.ATTENDED
    minutes: int | None = None
    phase: str = field(default="", repr=False)
    """Phase of the therapy, in the modality's own words."""
    task: str = field(default="", repr=False)
    """What the patient does until next time."""
    note: str = field(default="", repr=False)
    next_date: Day | None = None
    next_time: str = ""
    """Time of the next appointment as "14:30"; empty where only the day is known."""
    review: bool = False
    """Whether the course was reviewed with the patient in this session."""
    finished: bool = True
    """False while the note or what item 9 asks for is still to be written."""
    entered: datetime
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "attendance", Attendance(self.attendance))
        check_texts(note=self.note, phase=self.phase, task=self.task)
        check_moment(self.entered)
        check_whole("minutes", self.minutes, 600, _MINUTES)
        check_order("next_date", self.date, self.next_date, _NEXT_BEFORE)
        if self.next_time and not _TIME.fullmatch(self.next_time):
            refuse("next_time", message("A time is written as 14:30."))
        if self.next_time and not self.next_date:
            refuse("next_date", message("The next appointment needs its day."))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a course ended, fixed on the record: computed when it ends, again only when one of its scores is corrected.

    Totals in points. `total` is the end score, the last total in the 28 days up to and including the end; None where
    there is none. `reliable_change` is the rule in force when it was fixed.
    """

    kind: ClassVar[str] = "outcome"

    id: str = field(default_factory=new_id)
    patient: str
    course: str
    baseline: int | None = None
    baseline_date: date | None = None
    total: int | None = None
    total_date: date | None = None
    prorated: bool = False
    """Whether baseline or end score is prorated."""
    reliable_change: int = 6
    withdrawn: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """A look back planned for after a course's end, and when it was done."""

    kind: ClassVar[str] = "follow_up"

    id: str = field(default_factory=new_id)
    patient: str
    course: str
    due: date
    done: date | None = None
    note: str = field(default="", repr=False)
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_texts(note=self.note)
