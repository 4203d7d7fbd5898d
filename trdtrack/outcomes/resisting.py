"""What the evidence asks of a patient: whether the TRD criterion is met, and whether other depression is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from trdtrack.domain.records import Episode, Known, Treatment
from trdtrack.domain.resistance import criterion
from trdtrack.outcomes.frames import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.caseload_outcomes_rows import Rows
    from trdtrack.domain.records import Rules
    from trdtrack.domain.resistance import Met
    from trdtrack.outcomes.frames import Frame

    Trial = tuple[Any, ...]

_DAY = date(2000, 1, 1)
"""Stands for the start of any episode."""


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
        tried: dict[str, list[Any]] = {patient: [] for patient in wanted}
        for patient, *treatment in _rows(treatments):
            if patient in wanted:
                tried[patient].append(treatment)
        starts = {patient: place[1] for patient, (place, _) in current.items()}
        met = {
            patient: _met(_alike(found, starts.get(patient), rules.trial_weeks), starts.get(patient), rules.trial_weeks)
            for patient, found in tried.items()
        }
        return cls(met, frozenset(patient for patient, (_, known) in current.items() if known == Known.YES))


def _rows(frame: Frame) -> Rows:
    """Return a frame's rows with None for what is missing, whoever made the frame."""
    return list(zip(*(plain(frame[name]) for name in frame.columns), strict=True))


def _alike(treatments: Iterable[Any], start: str | None, least: int) -> tuple[Trial, ...]:
    """Return treatments with no more than the criterion asks of them, so that many patients are alike.

    Drugs by number, days as whether they lie in the episode, weeks as whether they are enough.
    """
    drugs: dict[str, str] = {}
    return tuple(
        (
            role,
            drugs.setdefault(" ".join(drug.casefold().split()), f"drug {len(drugs)}") if drug else "",
            begun and begun >= (start or ""),
            ended and ended >= (start or ""),
            bool(taken),
            adequate,
            weeks if weeks is None else weeks >= least,
            *others,
        )
        for role, drug, begun, ended, taken, adequate, weeks, *others in treatments
    )


@cache
def _judged(trials: tuple[Trial, ...], *, episode: bool, dated: bool, least: int) -> Met:
    """Return the criterion of all who have such treatments: the domain's own rule, on records that stand for theirs."""
    found = [
        Treatment(
            patient="",
            role=role,
            drug=drug,
            start=_day(within=begun),
            end=_day(within=ended),
            still_taken=taken,
            adequate=adequate,
            weeks=weeks if weeks is None else least - (not weeks),
            adherence=adherence,
            outcome=outcome,
            in_episode=in_episode,
        )
        for role, drug, begun, ended, taken, adequate, weeks, adherence, outcome, in_episode in trials
    ]
    entered = datetime.min.replace(tzinfo=UTC)
    now = Episode(patient="", start=_DAY if dated else None, entered=entered) if episode else None
    return criterion(found, episode=now, weeks=least).met


def _met(trials: tuple[Trial, ...], start: str | None, least: int) -> Met:
    return _judged(trials, episode=start is not None, dated=bool(start), least=least)


def _day(*, within: bool | str | None) -> date | None:
    """Return a day that lies in the episode or before it, as the one it stands for; None for none."""
    return None if within is None else _DAY if within else _DAY - timedelta(days=1)
