"""What an export is: whose data leave and with what on it, how it is made, and the file that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.report.sheet import Size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.records import Letter, Patient
    from trdtrack.domain.summary import Held, Summary
    from trdtrack.report.typeset import Paper

    Draw = Callable[[Callable[[], Any]], Any]
    """Calls a function where Qt's scenes may be drawn and returns what it gives."""
    Tick = Callable[[int, int], None]


T = TypeVar("T")


def at_once(make: Callable[[], T]) -> T:
    """Draw at once: for who has but one thread."""
    return make()


def untold(_done: int, _of: int) -> None:
    """Tell nobody how far it has come."""


class Option(StrEnum):
    """What a person may choose of an export."""

    SIZE = "size"
    NAMES = "names"
    IDENTIFIED = "identified"


@dataclass(frozen=True)
class Wishes:
    """What was chosen; an export takes no notice of what it has no option for."""

    size: Size = Size.A4
    names: bool = True
    identified: bool = True
    """Whether the code, the days and the words stand on it."""
    outcomes: Choice = field(default_factory=Choice)
    """Which closed courses a service report is about."""


@dataclass(frozen=True)
class Source:
    """Whose data leave, and out of which caseload. `course`: the one meant instead of a patient's current one."""

    caseload: Caseload
    patients: tuple[str, ...]
    at: datetime
    """The moment, with its zone."""
    today: date
    """The day where the clinic is."""
    course: str = ""
    therapist: str = ""
    """Whose cases these are, where they are one therapist's."""
    letters: Mapping[str, Letter] = field(default_factory=dict[str, "Letter"])
    """By patient the letter meant, stored yet or not."""
    unconfirmed: Mapping[str, int] = field(default_factory=dict[str, int])
    """By patient the answer of 1-3 to item 9 that waits to be confirmed."""

    def meant(self, held: Held) -> Summary | None:
        """Return the course meant, of all that a patient has; None where there is none."""
        current = held.dossier.current_course
        wanted = self.course or (current.id if current else "")
        return next((s for s in held.summaries if s.course.id == wanted), None)

    def held(self, tick: Tick) -> Iterator[Held]:
        """Yield what is held about each patient, telling how far that has come."""
        for number, held in enumerate(self.caseload.held(only=self.patients, today=self.today)):
            tick(number, len(self.patients))
            yield held
        tick(len(self.patients), len(self.patients))


@dataclass(frozen=True)
class Made:
    """A finished file, what has to be said about it, and the same to be printed, where it is a paper."""

    parts: Iterable[bytes]
    """Its bytes, one after another: a large file need never be in memory whole."""
    remark: Message | None = None
    paper: Paper | None = None

    @classmethod
    def whole(cls, content: bytes) -> Made:
        """Return bytes as a file."""
        return cls((content,))

    @classmethod
    def of(cls, paper: Paper) -> Made:
        """Return a paper as a file."""
        return cls((paper.pdf,), paper.dropped, paper)

    @property
    def content(self) -> bytes:
        """All of it; parts that are made as they go can be had but once."""
        return b"".join(self.parts)


@dataclass(frozen=True)
class Export:
    """A kind of export: how its file ends, its name and what it holds in words, and how it is made.

    Just one of four: `course` makes a file of one course of care, `patient` of one patient, `letter` of a letter,
    `together` of all patients given. Each may run in any thread; `draw` takes it to where charts are drawn.
    """

    key: str
    """What it is called on the command line."""
    suffix: str
    name: Message
    about: Message
    options: frozenset[Option] = frozenset()
    course: Callable[[Summary, Source, Wishes, Draw], Made] | None = None
    patient: Callable[[str, Source, Wishes], Made] | None = None
    letter: Callable[[Letter, Source, Wishes], Made] | None = None
    together: Callable[[Source, Wishes, Tick], Made] | None = None

    @property
    def drawn(self) -> bool:
        """Whether charts are drawn for it."""
        return self.course is not None

    @property
    def needs_course(self) -> bool:
        """Whether a patient without a course of care has none."""
        return self.course is not None or self.letter is not None

    @property
    def printed(self) -> bool:
        """Whether it is a paper."""
        return self.suffix == ".pdf"

    def file_name(self, code: str, day: date) -> str:
        """Return a name for a file of it, of letters any system takes; `code` may be blank."""
        parts = [safe(code), str(day), *([] if self.suffix == f".{self.key}" else [self.key])]
        return "-".join(part for part in parts if part) + self.suffix

    def make(self, source: Source, wishes: Wishes, *, draw: Draw, tick: Tick) -> Made:
        """Return the one file of the patients given; refuses several where each would have a file of its own."""
        if self.together:
            return self.together(source, wishes, tick)
        [(_code, made)] = self.each(source, wishes, draw=draw, tick=tick)
        if isinstance(made, Refusal):
            raise made
        return made

    def each(self, source: Source, wishes: Wishes, *, draw: Draw, tick: Tick) -> Iterator[tuple[str, Made | Refusal]]:
        """Yield (code, file) for each patient, or (code, why there is none)."""
        for held in source.held(tick):
            try:
                made = self._of_one(held, source, wishes, draw)
            except Refusal as refusal:
                made = refusal
            yield held.dossier.patient.code, made

    def _of_one(self, held: Held, source: Source, wishes: Wishes, draw: Draw) -> Made:
        patient = held.dossier.patient
        if self.patient:
            return self.patient(patient.id, source, wishes)
        if self.letter and (letter := source.letters.get(patient.id)):
            return self.letter(letter, source, wishes)
        if self.course and (summary := source.meant(held)):
            return self.course(summary, source, wishes, draw)
        raise NoCourse(patient)


class NoCourse(Refusal):
    """What is said of a patient without a course of care."""

    def __init__(self, patient: Patient) -> None:
        super().__init__(message("{code} has no course of care yet.", code=patient.code))


def safe(text: str) -> str:
    """Return a text as part of a file name any system takes."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in text)
