"""What the search brings: a record whose words hold everything that was typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from trdtrack.domain.records import Course, Event, FollowUp, Letter, Patient, RiskRecord, RiskReview, Session, Treatment

if TYPE_CHECKING:
    from trdtrack.domain.records import Record

Day = date
"""In a class with a field called `date` the type goes by this name."""


@dataclass(frozen=True)
class Found:
    """A record that was found, its patient, the words around what was typed, and its day where it has one."""

    kind: str
    record: str
    patient: str
    code: str = field(repr=False)
    name: str = field(repr=False)
    snippet: str = field(repr=False)
    date: Day | None


@dataclass(frozen=True)
class Spoken:
    """The words of a record in force that it is found by: a patient's code and name, and all else."""

    patient: str
    day: date | None
    names: str = field(repr=False)
    text: str = field(repr=False)


def spoken(record: Record | None) -> Spoken | None:
    """Return the words a record is found by; None if it has none or is not in force."""
    match record:
        case Patient():
            texts, day = (record.notes, record.referrer, record.gp, record.prescriber, record.consent_note), None
        case Course():
            texts, day = (record.goals, record.therapist, record.medication), record.start
        case Session():
            texts, day = (record.note, record.task, record.phase), record.date
        case Treatment():
            texts, day = (record.drug, record.dose, record.note), record.start
        case Event():
            texts, day = (record.text,), record.date
        case RiskReview():
            texts, day = (record.asked, record.found, record.plan, record.told), record.date
        case RiskRecord():
            texts, day = (record.closing_note,), record.opened
        case FollowUp():
            texts, day = (record.note,), record.due
        case Letter():
            texts, day = (record.text, record.address), record.date
        case _:
            return None
    names = (record.code, record.name) if isinstance(record, Patient) else ()
    found = Spoken(record.patient, day, _joined(names), _joined(texts))
    return None if record.withdrawn is not None or not (found.names or found.text) else found


def _joined(texts: tuple[str, ...]) -> str:
    return "\n".join(text for text in texts if text.strip())
