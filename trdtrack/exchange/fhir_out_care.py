"""The person, courses, sessions, drugs and open risk as FHIR R4 resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.medication import drug_name
from trdtrack.domain.message import message
from trdtrack.domain.records import Attendance, Role
from trdtrack.exchange.fhir_out_parts import TERMINOLOGY, UNITS, coding, id_of, period, present, reference, subject
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import RiskRecord, Session, Treatment
    from trdtrack.domain.summary import Summary
    from trdtrack.exchange.fhir_out_parts import Resource

_ACT = f"{TERMINOLOGY}/v3-ActCode"


def patient_of(dossier: Dossier, *, names: bool) -> Resource:
    """Return the Patient, identified by the clinic's code."""
    patient = dossier.patient
    born = patient.date_of_birth
    return present(
        {
            "resourceType": "Patient",
            "id": id_of(patient.id),
            "identifier": [{"use": "usual", "value": patient.code}],
            "active": patient.closed is None,
            "name": [{"text": patient.name}] if names and patient.name else [],
            "birthDate": born.isoformat() if names and born else "",
            "deceasedBoolean": dossier.died or None,
        }
    )


def episode_of_care(summary: Summary, *, names: bool) -> Resource:
    """Return the EpisodeOfCare of a course: planned until week 0 is known, then active, then finished."""
    course = summary.course
    status = "finished" if summary.ended else "active" if summary.week_zero else "planned"
    kind = ", ".join(word for word in (course.modality.value, course.format.value) if word)
    said = message("Psychotherapy: {kind}", kind=kind) if kind else message("Psychotherapy")
    return present(
        {
            "resourceType": "EpisodeOfCare",
            "id": id_of(course.id),
            "status": status,
            "type": [{"text": say(said)}],
            "patient": subject(course),
            "period": period(summary.week_zero, course.end),
            "careManager": {"display": course.therapist.strip()} if names and course.therapist.strip() else {},
        }
    )


def encounter(session: Session) -> Resource:
    """Return the Encounter of a session: finished where it was attended, else cancelled, its type saying how."""
    attended = session.attendance is Attendance.ATTENDED
    said = message("Psychotherapy session")
    if not attended:
        said = message("Psychotherapy session: {attendance}", attendance=session.attendance.value)
    length = {"value": session.minutes, "unit": "min", "system": UNITS, "code": "min"}
    return present(
        {
            "resourceType": "Encounter",
            "id": id_of(session.id),
            "status": "finished" if attended else "cancelled",
            "class": coding(_ACT, "AMB", "ambulatory"),
            "type": [{"text": say(said)}],
            "subject": subject(session),
            "episodeOfCare": [reference(id_of(session.course))],
            "period": period(session.date, session.date),
            "length": length if attended and session.minutes else {},
        }
    )


def taken(treatment: Treatment) -> Resource:
    """Return a drug as a MedicationStatement, a series of ECT as a Procedure; unknown where no end is recorded."""
    when = period(treatment.start, treatment.end)
    over = "completed" if treatment.end else "unknown"
    if treatment.role is Role.ECT:
        return present(
            {
                "resourceType": "Procedure",
                "id": id_of(treatment.id),
                "status": "in-progress" if treatment.still_taken else over,
                "code": {"text": _("Electroconvulsive therapy")},
                "subject": subject(treatment),
                "performedPeriod": when,
            }
        )
    return present(
        {
            "resourceType": "MedicationStatement",
            "id": id_of(treatment.id),
            "status": "active" if treatment.still_taken else over,
            "medicationCodeableConcept": {"text": drug_name(treatment)},
            "subject": subject(treatment),
            "effectivePeriod": when,
            "dosage": [{"text": treatment.dose.strip()}] if treatment.dose.strip() else [],
        }
    )


def flag(risk: RiskRecord) -> Resource:
    """Return the Flag of an open risk record: that it is open, and since when; it rates nothing."""
    return {
        "resourceType": "Flag",
        "id": id_of(risk.id),
        "status": "active",
        "category": [{"coding": [coding(f"{TERMINOLOGY}/flag-category", "safety", "Safety")]}],
        "code": {"text": _("Risk record open")},
        "subject": subject(risk),
        "period": period(risk.opened, None),
    }
