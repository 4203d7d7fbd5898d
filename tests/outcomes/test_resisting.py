"""The criterion of many patients at once, held against the domain's for every kind of treatment there can be."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pandas as pd

from trdtrack.domain.caseload_outcomes_rows import COLUMNS
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import Episode, Known, Patient, Role, Rules, Treatment, TrialOutcome
from trdtrack.domain.resistance import Met, criterion_of
from trdtrack.outcomes.resisting import Resisting

DAY = date(2024, 3, 1)
ENTERED = datetime(2026, 1, 1, tzinfo=UTC)


def person(chance: random.Random, number: int) -> Dossier:
    def a_day(*, none: float) -> date | None:
        return None if chance.random() < none else DAY + timedelta(days=chance.randint(-60, 60))

    def known(*, yes: float) -> Known:
        return Known.YES if chance.random() < yes else chance.choice(list(Known))

    def treatment() -> Treatment:
        days = sorted(day for day in (a_day(none=0.2), a_day(none=0.4)) if day)
        taken = chance.random() < 0.3
        return Treatment(
            patient=patient.id,
            role=chance.choice((*[Role.ANTIDEPRESSANT] * 8, *Role)),
            drug=chance.choice(("sertraline", "Sertraline ", "lithium", "mirtazapine", "bupropion")),
            start=days[0] if days else None,
            end=days[1] if len(days) > 1 and not taken else None,
            still_taken=taken,
            adequate=known(yes=0.8),
            weeks=chance.choice((None, 3, 4, 5, 5, 12, 30)),
            adherence=known(yes=0.8),
            outcome=chance.choice((TrialOutcome.NO_RESPONSE, TrialOutcome.NO_RESPONSE, *TrialOutcome)),
            in_episode=chance.choice((Known.NOT_RECORDED, Known.NOT_RECORDED, *Known)),
        )

    patient = Patient(id=f"p{number}", code=f"T-{number}")
    episodes = [
        Episode(patient=patient.id, start=a_day(none=0.3), psychotic=known(yes=0.2), entered=ENTERED)
        for _ in range(chance.choice((0, 1, 1, 1, 2)))
    ]
    return Dossier.of(patient, [*episodes, *(treatment() for _ in range(chance.randint(0, 5)))])


def table(name: str, records: list) -> pd.DataFrame:
    """Records as the rows of a table, days as text."""
    rows = [[getattr(r, column) for column in COLUMNS[name]] for r in records]
    plain = [[v.isoformat() if isinstance(v, date) else str(v) if isinstance(v, Known) else v for v in r] for r in rows]
    return pd.DataFrame(plain, columns=list(COLUMNS[name]), dtype=object)


def test_every_patient_as_the_domain_judges_them():
    chance = random.Random(21)
    people = [person(chance, number) for number in range(1_500)]
    for rules in (Rules(), Rules(trial_weeks=5), Rules(trial_weeks=1)):
        found = Resisting.of(
            [d.patient.id for d in people],
            episodes=table("episodes", [e for d in people for e in d.episodes]),
            treatments=table("treatments", [t for d in people for t in d.treatments]),
            rules=rules,
        )
        for dossier in people:
            assert found.met[dossier.patient.id] is criterion_of(dossier, rules).met
            psychotic = dossier.episode is not None and dossier.episode.psychotic is Known.YES
            assert (dossier.patient.id in found.psychotic) == psychotic
        assert set(found.met.values()) == set(Met)
