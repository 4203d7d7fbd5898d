"""What the clinic writes down, as frozen records that check themselves at birth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from unicodedata import normalize
from uuid import uuid4

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import Answers, Completeness, Score
from trdtrack.domain.refusals import Refusal

MAX_CODE = 40
RELIABLE_CHOICES = range(5, 9)


def new_id() -> str:
    """Return a fresh record id: 32 hexadecimal digits, unique across files, so that caseloads can be merged."""
    return uuid4().hex


def _refuse(field_name: str, what: Message) -> None:
    raise Refusal(what, field=field_name)


def _check_texts(**texts: str) -> None:
    """Refuse half of a surrogate pair, as a broken paste leaves it: no file could hold it."""
    for field_name, text in texts.items():
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            _refuse(field_name, message("This text has a broken character in it: paste or type it again."))


def _check_moment(entered: datetime) -> None:
    if entered.tzinfo is None:
        raise ValueError("a moment needs its time zone")


class Modality(StrEnum):
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


class Presentation(StrEnum):
    """How the depression presents at the course's start; more than one may hold."""

    FIRST = "first episode"
    RECURRENT = "recurrent"
    CHRONIC = "chronic"


class Attendance(StrEnum):
    """Whether the session took place."""

    ATTENDED = "attended"
    LATE_CANCEL = "late cancel"
    DID_NOT_ATTEND = "did not attend"


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A person in care, known by the clinic's code; the name is optional."""

    kind: ClassVar[str] = "patient"

    id: str = field(default_factory=new_id)
    code: str = field(repr=False)
    name: str = field(default="", repr=False)
    date_of_birth: date | None = field(default=None, repr=False)
    notes: str = field(default="", repr=False)
    withdrawn: str | None = field(default=None, repr=False)
    """Why the record was withdrawn; None while it is in force. The same on every record below."""

    def __post_init__(self) -> None:
        code = " ".join(normalize("NFC", self.code).split())
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "name", self.name.strip())
        _check_texts(code=code, name=self.name, notes=self.notes)
        if not code:
            _refuse("code", message("A patient needs a code."))
        if len(code) > MAX_CODE:
            _refuse("code", message("A patient's code has at most {most} characters.", most=MAX_CODE))
        if not code.isprintable():
            _refuse("code", message("A patient's code cannot hold control characters."))

    @property
    def patient(self) -> str:
        """The id of the patient the record is about: its own."""
        return self.id


@dataclass(frozen=True, kw_only=True)
class Course:
    """A course of care: one psychotherapy of one patient, from week 0 to its end."""

    kind: ClassVar[str] = "course"

    id: str = field(default_factory=new_id)
    patient: str
    modality: Modality = Modality.NOT_RECORDED
    presentation: tuple[Presentation, ...] = ()
    start: date | None = None
    """Week 0 as set by hand or import; None while it follows the first attended session."""
    planned_sessions: int | None = None
    medication: str = field(default="", repr=False)
    """The current medication, in the therapist's words: psychotherapy is added to it."""
    baseline: str | None = None
    """The assessment chosen as baseline instead of the rule's, with the reason beside it."""
    baseline_reason: str = field(default="", repr=False)
    benchmark: str = ""
    """Name of the benchmark the course is drawn with; blank: the first one ever shipped."""
    benchmark_version: str = ""
    end: date | None = None
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "modality", Modality(self.modality))
        object.__setattr__(self, "presentation", tuple(Presentation(p) for p in self.presentation))
        _check_texts(medication=self.medication, baseline_reason=self.baseline_reason)
        planned = self.planned_sessions
        if planned is not None and (type(planned) is not int or not 1 <= planned <= 999):
            _refuse("planned_sessions", message("Planned sessions are a whole number from 1 to 999."))
        if self.start and self.end and self.end < self.start:
            _refuse("end", message("A course cannot end before it starts."))
        if self.baseline and not self.baseline_reason.strip():
            _refuse("baseline_reason", message("Choosing another baseline needs a reason."))


@dataclass(frozen=True, kw_only=True)
class Session:
    """An appointment of a course: kept, cancelled late or missed. Its number is computed over attended sessions."""

    kind: ClassVar[str] = "session"

    id: str = field(default_factory=new_id)
    patient: str
    course: str
    date: date
    attendance: Attendance = Attendance.ATTENDED
    note: str = field(default="", repr=False)
    entered: datetime
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "attendance", Attendance(self.attendance))
        _check_texts(note=self.note)
        _check_moment(self.entered)


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """One administration of an instrument, dated by the day the patient answered.

    Either `answers` (one entry an item, None where left blank) or, where only that is known, `total`.
    """

    kind: ClassVar[str] = "assessment"

    id: str = field(default_factory=new_id)
    patient: str
    course: str
    session: str | None = None
    instrument: str = "phq9"
    date: date
    answers: Answers | None = field(default=None, repr=False)
    difficulty: int | None = field(default=None, repr=False)
    """Item 10 (function), 0-3: never part of the total."""
    total: int | None = field(default=None, repr=False)
    entered: datetime
    """When it was typed in (UTC): decides between two totals of one day, never the place on the chart."""
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        _check_moment(self.entered)
        if self.instrument != "phq9":
            _refuse("instrument", message("Only the PHQ-9 can be recorded so far."))
        check_answer(self.difficulty, phq9.ITEMS + 1)
        if self.answers is None:
            if self.total is None:
                _refuse("answers", message("A PHQ-9 needs its nine answers, or a total where only that is known."))
            else:
                check_total(self.total)
            return
        if self.total is not None:
            _refuse("total", message("A PHQ-9 with answers has its total computed, not typed."))
        if len(self.answers) != phq9.ITEMS:
            _refuse("answers", message("A PHQ-9 has nine answers."))
        for number, answer in enumerate(self.answers, start=1):
            check_answer(answer, number)
        if all(answer is None for answer in self.answers):
            _refuse("answers", message("None of the nine questions is answered: there is nothing to record."))

    def score(self, *, prorate: bool = True) -> Score:
        """Score the answers, or pass on the recorded total."""
        if self.answers is None:
            return Score(self.total, Completeness.TOTAL_ONLY, 0)
        return phq9.score(self.answers, prorate=prorate)


def check_answer(answer: int | None, number: int) -> None:
    """Refuse an answer that is not 0, 1, 2 or 3 (None is a gap, and allowed)."""
    if answer is not None and (type(answer) is not int or not 0 <= answer <= phq9.MAX_ANSWER):
        what = message("Question {number} takes 0, 1, 2 or 3.", number=number)
        raise Refusal(what, field=f"answers.{number}")


def check_total(total: object) -> None:
    """Refuse a total that is not a whole number of 0-27 points."""
    if type(total) is not int or not 0 <= total <= phq9.MAX_TOTAL:
        what = message("A PHQ-9 total is a whole number from 0 to {most}.", most=phq9.MAX_TOTAL)
        raise Refusal(what, field="total")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The two clinical rules a clinic may set; everything else is fixed with its source."""

    kind: ClassVar[str] = "rules"
    patient: ClassVar[str] = ""

    id: str = "rules"
    reliable_change: int = 6
    """Points of fall or rise that count as reliable (NHS Talking Therapies convention 6; 5-8)."""
    prorate: bool = True
    """Whether one or two missing answers are filled with the mean of the others."""

    def __post_init__(self) -> None:
        if self.reliable_change not in RELIABLE_CHOICES:
            _refuse("reliable_change", message("Reliable change is set to 5, 6, 7 or 8 points."))


@dataclass(frozen=True, kw_only=True)
class BenchmarkFile:
    """A benchmark of the clinic's own, kept as the text of its file: what it was drawn with can always be read."""

    kind: ClassVar[str] = "benchmark"
    patient: ClassVar[str] = ""

    id: str = field(default_factory=new_id)
    name: str
    version: str
    text: str = field(repr=False)


Record = Patient | Course | Session | Assessment | Rules | BenchmarkFile
KINDS: dict[str, type[Record]] = {cls.kind: cls for cls in (Patient, Course, Session, Assessment, Rules, BenchmarkFile)}
