"""What a drug is called, and the drugs a patient takes now, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.records import Role

if TYPE_CHECKING:
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Course, Treatment


def drug_name(treatment: Treatment) -> str:
    """Return what a treatment is called in a list: its drug, or what it is given as."""
    return treatment.drug or treatment.role.value


def drug_words(treatment: Treatment) -> str:
    """Return a treatment as it is written in a list: "sertraline 150 mg", or "ECT"."""
    return " ".join(part for part in (drug_name(treatment), treatment.dose.strip()) if part)


def current_medication(dossier: Dossier, course: Course | None) -> str:
    """Return the drugs recorded as still taken, else what the course says in the therapist's words; else nothing."""
    taken = [drug_words(t) for t in dossier.treatments if t.still_taken and t.role is not Role.ECT]
    return ", ".join(dict.fromkeys(taken)) or (course.medication if course else "")
