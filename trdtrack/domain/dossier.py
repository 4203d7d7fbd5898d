"""Everything held about one patient, so that no rule has to be handed eleven lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from trdtrack.domain import trajectory
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import (
    Assessment,
    Course,
    EndReason,
    Episode,
    Event,
    FollowUp,
    Known,
    Letter,
    Outcome,
    RiskRecord,
    RiskReview,
    Session,
    Treatment,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trdtrack.domain.records import OfPatient, Patient, Record

T = TypeVar("T", bound="OfPatient")


@dataclass(frozen=True)
class Dossier:
    """A patient and every record about them in force, each kind in order of its day; `withdrawn` has the others."""

    patient: Patient
    courses: tuple[Course, ...] = ()
    sessions: tuple[Session, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    episodes: tuple[Episode, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    events: tuple[Event, ...] = ()
    risks: tuple[RiskRecord, ...] = ()
    reviews: tuple[RiskReview, ...] = ()
    letters: tuple[Letter, ...] = ()
    withdrawn: tuple[OfPatient, ...] = ()

    @classmethod
    def of(cls, patient: Patient, records: Iterable[Record]) -> Dossier:
        """Sort a patient's records into their kinds."""
        everything = list(records)
        kept = [r for r in everything if not getattr(r, "withdrawn", None)]
        sessions = _dated(Session, kept)

        def started(course: Course) -> tuple[bool, int, str]:
            day = trajectory.week_zero(course, (s for s in sessions if s.course == course.id))
            return (day is None, day.toordinal() if day else 0, course.id)

        return cls(
            patient,
            courses=tuple(sorted((r for r in kept if isinstance(r, Course)), key=started)),
            sessions=sessions,
            assessments=_dated(Assessment, kept),
            outcomes=tuple(r for r in kept if isinstance(r, Outcome)),
            follow_ups=tuple(sorted((r for r in kept if isinstance(r, FollowUp)), key=lambda f: (f.due, f.id))),
            episodes=_spans(Episode, kept),
            treatments=_spans(Treatment, kept),
            events=_dated(Event, kept),
            risks=tuple(sorted((r for r in kept if isinstance(r, RiskRecord)), key=lambda r: (r.opened, r.entered))),
            reviews=_dated(RiskReview, kept),
            letters=_dated(Letter, kept),
            withdrawn=tuple(r for r in everything if getattr(r, "withdrawn", None)),  # pyright: ignore[reportArgumentType]
        )

    @property
    def current_course(self) -> Course | None:
        """The open course, else the latest, else None."""
        still_open = [c for c in self.courses if c.end is None]
        return (still_open or self.courses or (None,))[-1]

    @property
    def died(self) -> bool:
        """Whether the patient died: then nothing is asked for, proposed or signalled any more."""
        return any(c.end_reason is EndReason.DIED for c in self.courses)

    @property
    def episode(self) -> Episode | None:
        """The current episode, the last in order of start; None where nobody recorded one."""
        return self.episodes[-1] if self.episodes else None

    @property
    def ruled_out(self) -> Message | None:
        """Which other depression is recorded, that the evidence pooled here is not about; None where neither is."""
        if self.patient.bipolar is Known.YES:
            return message("bipolar depression recorded")
        if self.episode and self.episode.psychotic is Known.YES:
            return message("psychotic depression recorded")
        return None

    def sessions_of(self, course: Course) -> tuple[Session, ...]:
        """Return a course's sessions, by date."""
        return tuple(s for s in self.sessions if s.course == course.id)

    def week_zero(self, course: Course) -> date | None:
        """Return the day a course's weeks count from."""
        return trajectory.week_zero(course, self.sessions_of(course))

    def outcome_of(self, course: Course) -> Outcome | None:
        """Return a course's outcome as fixed at its end."""
        return next((o for o in self.outcomes if o.course == course.id), None)


def _dated(kind: type[T], records: Iterable[Any]) -> tuple[T, ...]:
    found = (r for r in records if isinstance(r, kind))
    return tuple(sorted(found, key=lambda r: (r.date, r.entered, r.id)))  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownLambdaType]


def _spans(kind: type[T], records: Iterable[Any]) -> tuple[T, ...]:
    """Return what has a start, those without one first: they are the oldest as far as anybody knows."""
    found = (r for r in records if isinstance(r, kind))
    return tuple(sorted(found, key=lambda r: (r.start is not None, r.start.toordinal() if r.start else 0, r.id)))  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownLambdaType]
