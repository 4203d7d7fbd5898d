"""What a new session starts from: the last one's length, phase and hour, and the phases a therapy is known by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.records import Attendance, Modality

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Clinic, Course

WEEK = timedelta(days=7)
_ENDING = message("Relapse prevention")
PHASES: dict[Modality, tuple[Message, ...]] = {
    Modality.CBT: (
        message("Assessment and formulation"),
        message("Behavioural activation"),
        message("Cognitive restructuring"),
        message("Core beliefs"),
        _ENDING,
    ),
    Modality.BA: (
        message("Activity monitoring"),
        message("Activity scheduling"),
        message("Avoidance and problem solving"),
        _ENDING,
    ),
    Modality.CBASP: (
        message("Significant other history"),
        message("Situational analysis"),
        message("Interpersonal discrimination exercise"),
        message("Behavioural skills"),
        _ENDING,
    ),
    Modality.MBCT: (
        message("Attention and automatic pilot"),
        message("Staying present"),
        message("Allowing and letting be"),
        message("Thoughts are not facts"),
        _ENDING,
    ),
    Modality.IPT: (
        message("Initial phase"),
        message("Grief"),
        message("Role dispute"),
        message("Role transition"),
        message("Interpersonal deficits"),
        message("Termination"),
    ),
    Modality.PSYCHODYNAMIC: (message("Opening phase"), message("Middle phase"), message("Termination")),
    Modality.DBT: (
        message("Commitment"),
        message("Mindfulness"),
        message("Distress tolerance"),
        message("Emotion regulation"),
        message("Interpersonal effectiveness"),
    ),
}
_ANY = (message("Assessment"), message("Middle phase"), _ENDING)


@dataclass(frozen=True)
class LastTime:
    """What a new session of a course starts from."""

    minutes: int
    phase: str
    """As in the last session that has one."""
    weekly: bool
    """Whether the last session named a next appointment: then one a week on is proposed."""
    time: str
    used: tuple[str, ...]
    """Phases of earlier sessions, the last first."""

    @classmethod
    def of(cls, dossier: Dossier, course: Course, clinic: Clinic) -> LastTime:
        """Look at the course's sessions so far."""
        sessions = dossier.sessions_of(course)[::-1]
        kept = [s for s in sessions if s.attendance is Attendance.ATTENDED]
        used = tuple(dict.fromkeys(s.phase for s in kept if s.phase))
        last = sessions[0] if sessions else None
        return cls(
            minutes=next((s.minutes for s in kept if s.minutes), clinic.session_minutes),
            phase=used[0] if used else "",
            weekly=bool(last and last.next_date),
            time=last.next_time if last else "",
            used=used,
        )

    def next_after(self, day: date | None) -> date | None:
        """Return the day proposed for the next appointment; None where none is, or the calendar ends."""
        return day + WEEK if self.weekly and day and day.year < day.max.year else None


def phases(course: Course) -> tuple[Message, ...]:
    """Return the phases a course's therapy is known by; after its end, the look back first."""
    known = PHASES.get(course.modality, _ANY)
    return (message("Follow-up"), *known) if course.end else known
