"""What the clinic writes down: every kind of record, frozen and checked at birth, by one name to import from."""

from __future__ import annotations

from trdtrack.domain.assessments import Assessment, check_answer, check_total
from trdtrack.domain.clinic import RELIABLE_CHOICES, BenchmarkFile, Clinic, Rules
from trdtrack.domain.courses import (
    Attendance,
    Course,
    EndReason,
    FollowUp,
    Format,
    Modality,
    Outcome,
    Presentation,
    Session,
)
from trdtrack.domain.letter_records import Letter, Recipient
from trdtrack.domain.people import MAX_CODE, Known, Patient
from trdtrack.domain.record_checks import new_id
from trdtrack.domain.risk_records import RiskRecord, RiskReview
from trdtrack.domain.treatments import (
    DrugClass,
    Episode,
    Event,
    EventKind,
    Laterality,
    Role,
    Severity,
    Treatment,
    TrialOutcome,
)

OfPatient = (
    Course | Session | Assessment | Outcome | FollowUp | Episode | Treatment | Event | RiskRecord | RiskReview | Letter
)
"""A record about one patient, beside the patient's own."""
Record = Patient | OfPatient | Rules | Clinic | BenchmarkFile
KINDS: dict[str, type[Record]] = {
    cls.kind: cls
    for cls in (
        Patient,
        Course,
        Session,
        Assessment,
        Outcome,
        FollowUp,
        Episode,
        Treatment,
        Event,
        RiskRecord,
        RiskReview,
        Letter,
        Rules,
        Clinic,
        BenchmarkFile,
    )
}
"""In an order in which each may refer only to those before it."""

__all__ = [
    "KINDS",
    "MAX_CODE",
    "RELIABLE_CHOICES",
    "Assessment",
    "Attendance",
    "BenchmarkFile",
    "Clinic",
    "Course",
    "DrugClass",
    "EndReason",
    "Episode",
    "Event",
    "EventKind",
    "FollowUp",
    "Format",
    "Known",
    "Laterality",
    "Letter",
    "Modality",
    "OfPatient",
    "Outcome",
    "Patient",
    "Presentation",
    "Recipient",
    "Record",
    "RiskRecord",
    "RiskReview",
    "Role",
    "Rules",
    "Session",
    "Severity",
    "Treatment",
    "TrialOutcome",
    "check_answer",
    "check_total",
    "new_id",
]
