"""What is held about people as one FHIR R4 Bundle (a collection), written a person at a time.

First the PHQ-9 as a Questionnaire, then of each person: Patient, EpisodeOfCare for each course, Encounter for each
session, QuestionnaireResponse with the answers given and Observation of the total for each PHQ-9, MedicationStatement
for each drug (Procedure for ECT), Flag for each open risk record. Every reference leads to an entry of the Bundle. Ids
follow from the records' own, so that a second export names the same things. Left out: withdrawn records, notes and all
other free texts, and what R4 has no place for (adequacy and outcome of a trial, risk reviews, outcomes).

Sources: clinical rules, section 1 (LOINC codes); HL7 FHIR R4 (hl7.org/fhir/R4); linkIds as in US Core ("/44250-9").
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from trdtrack.domain.chain_head import LETTERS
from trdtrack.exchange.fhir_out_care import encounter, episode_of_care, flag, patient_of, taken
from trdtrack.exchange.fhir_out_scores import observation, questionnaire, response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from trdtrack.domain.chain_head import ChainHead
    from trdtrack.domain.summary import Held
    from trdtrack.exchange.fhir_out_parts import Resource

CHAIN_HEAD = "urn:trdtrack:chain-head"
"""System of the Bundle's tag that says where the caseload's history ended: its last line's number and hash."""


def fhir_bundle(
    people: Iterable[Held], *, at: datetime, head: ChainHead | None = None, names: bool = True
) -> Iterator[bytes]:
    """Yield the Bundle as UTF-8 JSON in parts, an entry a line.

    Without `names` neither name nor day of birth nor therapist is in it: the patient goes by the clinic's code. `at` is
    the moment of writing, with its zone.
    """
    stamp = at.isoformat(timespec="seconds")
    meta = ""
    if head:
        tag = {"system": CHAIN_HEAD, "code": f"{head.number}-{head.hash[:LETTERS]}"}
        meta = f'"meta":{json.dumps({"tag": [tag]})},'
    yield f'{{"resourceType":"Bundle",{meta}"type":"collection","timestamp":"{stamp}","entry":[\n'.encode()
    yield _entry(questionnaire())
    for held in people:
        yield b"".join(b",\n" + _entry(resource) for resource in _resources(held, names=names))
    yield b"\n]}\n"


def _entry(resource: Resource) -> bytes:
    entry = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()


def _resources(held: Held, *, names: bool) -> Iterator[Resource]:
    dossier = held.dossier
    yield patient_of(dossier, names=names)
    for summary in held.summaries:
        yield episode_of_care(summary, names=names)
        yield from map(encounter, summary.sessions)
        sessions = {session.id for session in summary.sessions}
        for point in summary.points:
            # A baseline written in another course stands with that one.
            if point.assessment.course != summary.course.id:
                continue
            if point.assessment.answers:
                yield response(point, sessions)
            if point.score.total is not None:
                yield observation(point, sessions)
    yield from map(taken, dossier.treatments)
    yield from (flag(risk) for risk in dossier.risks if risk.closed is None)
