"""What a synthetic person brings to therapy: the episode, the drugs tried so far."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trdtrack.domain.records import (
    Episode,
    Event,
    EventKind,
    Known,
    Record,
    Role,
    Severity,
    Treatment,
    TrialOutcome,
)
from trdtrack.generate import words

if TYPE_CHECKING:
    import random
    from datetime import date, datetime


def drawn_id(chance: random.Random) -> str:
    """Return a record id: of the form of any other, but drawn, so that the same seed gives the same."""
    return f"{chance.getrandbits(128):032x}"


def before_therapy(chance: random.Random, patient: str, first: date, *, at: datetime) -> list[Record]:
    """Draw the episode, the drugs tried before the first session, and now and then an event of its week."""
    begun = first - timedelta(weeks=chance.randint(30, 160))
    severity = chance.choice((Severity.MILD, Severity.MODERATE, Severity.MODERATE, Severity.SEVERE))
    found: list[Record] = [
        Episode(id=drawn_id(chance), patient=patient, start=begun, psychotic=Known.NO, severity=severity, entered=at)
    ]
    tried = chance.sample(words.DRUGS, chance.choice((1, 2, 2, 2, 3, 4)))
    span = (first - begun) / len(tried)
    for place, (drug, drug_class, dose) in enumerate(tried):
        start = begun + place * span
        end = None if place == len(tried) - 1 else start + span
        found.append(
            Treatment(
                id=drawn_id(chance),
                patient=patient,
                drug=drug,
                drug_class=drug_class,
                dose=dose,
                start=start,
                end=end,
                still_taken=end is None,
                adequate=chance.choice((Known.YES, Known.YES, Known.UNSURE)),
                weeks=max(span.days // 7 - 1, 0),
                adherence=Known.YES,
                outcome=chance.choice((TrialOutcome.NO_RESPONSE, TrialOutcome.PARTIAL)),
            )
        )
    if chance.random() < 0.3:
        drug, dose = chance.choice(words.AUGMENTATIONS)
        key = drawn_id(chance)
        found.append(
            Treatment(
                id=key, patient=patient, role=Role.AUGMENTATION, drug=drug, dose=dose, start=first, still_taken=True
            )
        )
    if chance.random() < 0.3:
        text = chance.choice(words.EVENTS)
        found.append(
            Event(id=drawn_id(chance), patient=patient, date=first, what=EventKind.LIFE, text=text, entered=at)
        )
    return found
