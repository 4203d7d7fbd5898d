"""What the evidence asks of a patient: whether the TRD criterion is met, and whether other depression is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from trdtrack.domain.records import Episode, Known, Treatment
from trdtrack.domain.resistance import criterion
from trdtrack.outcomes.frames import day, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.caseload_outcomes_rows import Rows
    from trdtrack.domain.records import Rules
    from trdtrack.domain.resistance import Met
    from trdtrack.outcomes.frames import Frame


@dataclass(frozen=True)
class Resisting:
    """The criterion of each of some patients, and those in whom psychotic depression is recorded."""

    met: dict[str, Met]
    psychotic: frozenset[str]

    @classmethod
    def of(cls, patients: Iterable[str], *, episodes: Frame, treatments: Frame, rules: Rules) -> Resisting:
        """Judge patients by their rows, as `resistance.criterion_of` and `Dossier.ruled_out` judge their records."""
        wanted = set(patients)
        current: dict[str, tuple[tuple[bool, str, str], str]] = {}
        for patient, start, psychotic, key in _rows(episodes):
            # ISO days sort as days do.
            place = (bool(start), start or "", key)
            if patient in wanted and (patient not in current or place > current[patient][0]):
                current[patient] = (place, psychotic)
        tried: dict[str, list[Treatment]] = {}
        first = sorted((row for row in _rows(treatments) if row[0] in wanted), key=lambda row: row[0])
        for patient, rows in groupby(first, key=lambda row: row[0]):
            tried[patient] = [_treatment(row) for row in rows]
        return cls(
            {
                patient: criterion(
                    tried.get(patient, ()), episode=_episode(patient, current), weeks=rules.trial_weeks
                ).met
                for patient in wanted
            },
            frozenset(patient for patient, (_, psychotic) in current.items() if psychotic == Known.YES),
        )


def _rows(frame: Frame) -> Rows:
    """Return a frame's rows with None for what is missing, whoever made the frame."""
    return list(zip(*(plain(frame[name]) for name in frame.columns), strict=True))


def _episode(patient: str, current: dict[str, tuple[tuple[bool, str, str], str]]) -> Episode | None:
    if patient not in current:
        return None
    _, start, key = current[patient][0]
    return Episode(id=key, patient=patient, start=day(start), entered=datetime.min.replace(tzinfo=UTC))


def _treatment(row: Any) -> Treatment:
    patient, role, drug, start, end, taken, adequate, weeks, adherence, outcome, in_episode = row
    return Treatment(
        patient=patient,
        role=role,
        drug=drug,
        start=day(start),
        end=day(end),
        still_taken=bool(taken),
        adequate=adequate,
        weeks=None if weeks is None else int(weeks),
        adherence=adherence,
        outcome=outcome,
        in_episode=in_episode,
    )
