"""The PHQ-9 in FHIR R4: the form, the answers given to it, and the total."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.phq9 import Completeness
from trdtrack.exchange import loinc
from trdtrack.exchange.fhir_out_parts import (
    TERMINOLOGY,
    UNITS,
    coding,
    derived_id,
    id_of,
    present,
    reference,
    subject,
)
from trdtrack.words import phq9_wording, say

if TYPE_CHECKING:
    from collections.abc import Collection

    from trdtrack.domain.records import Assessment
    from trdtrack.domain.trajectory import Point
    from trdtrack.exchange.fhir_out_parts import Resource

FORM = f"{loinc.SYSTEM}/q/{loinc.PANEL}"
"""The canonical URL of the panel as a Questionnaire."""
_TOTAL_NAME = "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]"
_ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_SCORE = "{score}"


def questionnaire() -> Resource:
    """Return the PHQ-9 in its validated English wording, under the linkIds of the answers."""
    wording = phq9_wording("en")
    stem = {"linkId": "stem", "type": "display", "text": wording.stem}
    return {
        "resourceType": "Questionnaire",
        "id": id_of(FORM),
        "url": FORM,
        "name": "PHQ9",
        "title": wording.name,
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": wording.licence,
        "code": [coding(loinc.SYSTEM, loinc.PANEL)],
        "item": [stem, *(_question(code, text, scale) for code, text, scale in _questions())],
    }


@cache
def _questions() -> tuple[tuple[str, str, list[Resource]], ...]:
    """Return the LOINC code, the text and the possible answers of each question, by points."""
    wording = phq9_wording("en")
    answers, difficulties = (
        _scale(loinc.ANSWERS, wording.answers),
        _scale(loinc.DIFFICULTIES, wording.difficulty_answers),
    )
    asked = ((code, text, answers) for code, text in zip(loinc.ITEMS, wording.items, strict=True))
    return (*asked, (loinc.DIFFICULTY, wording.difficulty, difficulties))


def _scale(codes: dict[str, int], words: tuple[str, ...]) -> list[Resource]:
    return [coding(loinc.SYSTEM, code, words[points]) for code, points in sorted(codes.items(), key=lambda c: c[1])]


def _question(code: str, text: str, scale: list[Resource]) -> Resource:
    return {
        "linkId": f"/{code}",
        "code": [coding(loinc.SYSTEM, code)],
        "text": text,
        "type": "choice",
        "required": False,
        "answerOption": [
            {"valueCoding": {"extension": [{"url": _ORDINAL, "valueDecimal": points}], **answer}}
            for points, answer in enumerate(scale)
        ],
    }


def response(point: Point, sessions: Collection[str]) -> Resource:
    """Return the answers given; a question left blank is not there. `sessions`: ids of those exported."""
    assessment = point.assessment
    given = (*(assessment.answers or (None,) * phq9.ITEMS), assessment.difficulty)
    items = [
        {"linkId": f"/{code}", "text": text, "answer": [{"valueCoding": scale[points]}]}
        for (code, text, scale), points in zip(_questions(), given, strict=True)
        if points is not None
    ]
    return present(
        {
            "resourceType": "QuestionnaireResponse",
            "id": id_of(assessment.id),
            "questionnaire": FORM,
            "status": "completed",
            "subject": subject(assessment),
            "encounter": _encounter(assessment, sessions),
            "authored": assessment.date.isoformat(),
            "item": items,
        }
    )


def observation(point: Point, sessions: Collection[str]) -> Resource:
    """Return the total, derived from the answers where there are any; a note says if it is prorated or stands alone."""
    assessment = point.assessment
    answered = {"answered": point.score.answered, "of": phq9.ITEMS}
    notes = {
        Completeness.PRORATED: message("Prorated: {answered} of {of} questions answered.", **answered),
        Completeness.TOTAL_ONLY: message("Only the total is known, not the answers."),
    }
    said = notes.get(point.score.completeness)
    return present(
        {
            "resourceType": "Observation",
            "id": derived_id(assessment.id, loinc.TOTAL),
            "status": "final",
            "category": [{"coding": [coding(f"{TERMINOLOGY}/observation-category", "survey", "Survey")]}],
            "code": {"coding": [coding(loinc.SYSTEM, loinc.TOTAL, _TOTAL_NAME)]},
            "subject": subject(assessment),
            "encounter": _encounter(assessment, sessions),
            "effectiveDateTime": assessment.date.isoformat(),
            "valueQuantity": {"value": point.score.total, "unit": _SCORE, "system": UNITS, "code": _SCORE},
            "note": [{"text": say(said)}] if said else [],
            "derivedFrom": [reference(id_of(assessment.id))] if assessment.answers else [],
        }
    )


def _encounter(assessment: Assessment, sessions: Collection[str]) -> Resource:
    return reference(id_of(assessment.session)) if assessment.session in sessions and assessment.session else {}
