"""When to think of psychotherapy, and of which: information with its source and its limits, never an instruction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.months import months_later
from trdtrack.domain.records import Modality, Presentation
from trdtrack.domain.resistance import Met
from trdtrack.domain.summary import ADULT_YEARS, age_on

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Course
    from trdtrack.domain.resistance import Criterion

RECENT_MONTHS = 6
"""For so many months after a course's end psychotherapy is not proposed again."""
ADDED = message("Psychotherapy is added to ongoing medication, which goes on as the prescriber has it.")


@dataclass(frozen=True)
class Guidance:
    """What is known of one modality for this kind of patient. `applies`: it fits how the depression presents."""

    modality: Modality
    words: Message
    source: Message
    limits: Message
    applies: bool


def referral_prompt(dossier: Dossier, criterion: Criterion, *, today: date) -> Message | None:
    """Return the proposal to think of psychotherapy, or None where `why_no_prompt` has a reason."""
    if why_no_prompt(dossier, criterion, today=today):
        return None
    return message(
        "The criterion of treatment resistance is met. Pooled trials support adding psychotherapy to medication at "
        "this point, not as a last resort; the average gain is modest. Discuss it with the patient and the prescriber."
    )


def why_no_prompt(dossier: Dossier, criterion: Criterion, *, today: date) -> Message | None:
    """Return why psychotherapy is not proposed, the first reason that holds; None where it is."""
    patient = dossier.patient
    age = age_on(patient.date_of_birth, today)
    if dossier.died:
        return message("the patient has died")
    if patient.closed:
        return message("the patient's record is closed")
    if criterion.met is Met.CANNOT_TELL:
        return message("it cannot be told yet whether the criterion of treatment resistance is met")
    if criterion.met is Met.NOT_MET:
        return message("the criterion of treatment resistance is not met")
    if any(c.end is None or c.end > today for c in dossier.courses):
        return message("a course of psychotherapy is open")
    if any(c.end and today <= months_later(c.end, RECENT_MONTHS) for c in dossier.courses):
        return message("a course of psychotherapy ended within {months} months", months=RECENT_MONTHS)
    if age is not None and age < ADULT_YEARS:
        return message("age under {years}", years=ADULT_YEARS)
    if dossier.ruled_out:
        return dossier.ruled_out
    if patient.declined:
        return message("psychotherapy was offered and declined")
    return None


def modality_guidance(course: Course | None) -> tuple[Guidance, ...]:
    """Return what is known of each modality, those that fit the course's presentation marked."""
    presents = course.presentation if course else ()
    return (
        Guidance(
            Modality.CBT,
            message("A first choice."),
            message("Giguère et al. 2025, J Pers Med 15(8):338; in the CoBalT trial its gains lasted to 46 months."),
            message("The average gain is modest; trials defined resistance differently and had varied controls."),
            applies=True,
        ),
        Guidance(
            Modality.BA,
            message("Behavioural activation: a first choice beside CBT."),
            message("Clinical convention."),
            message("The 2025 review of psychotherapy in treatment-resistant depression has no figure for it."),
            applies=True,
        ),
        Guidance(
            Modality.CBASP,
            message("For chronic presentations."),
            message("European Psychiatric Association (EPA) 2016 recommends it."),
            message("The REVAMP trial (n = 491) found no advantage; the 2025 review has no figure for it."),
            applies=Presentation.CHRONIC in presents,
        ),
        Guidance(
            Modality.MBCT,
            message("For recurrent patterns."),
            message(
                "NICE recommends it to prevent relapse. In treatment-resistant depression SMD -0.51 "
                "(Giguère et al. 2025, J Pers Med 15(8):338)."
            ),
            message("Preventing relapse is not the same as treating an episode that does not respond."),
            applies=Presentation.RECURRENT in presents,
        ),
    )
