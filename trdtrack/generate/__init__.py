"""Synthetic caseloads of any size, made through the one door: for trying the program at scale, never a patient.

What scores are drawn from, and which figures come from real data, is told in `figures`.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from trdtrack.caseload import Caseload
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS, Rules
from trdtrack.domain.signals import Signal
from trdtrack.domain.summary import summarise
from trdtrack.evidence import default_benchmark
from trdtrack.generate.first import FIRST
from trdtrack.generate.lives import PREFIX, Life, life

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from trdtrack.domain.records import Record

__all__ = ["FIRST", "MOST_PATIENTS", "PREFIX", "generate", "lives"]

MOST_PATIENTS = 99_999
BATCH = 100
"""Patients an edit: large enough to be quick, small enough to hold in memory twice."""
_ORDER = tuple(KINDS)


def generate(
    path: Path, passphrase: str, *, patients: int, seed: int, at: datetime, tick: Callable[[int, int], None]
) -> Caseload:
    """Make a caseload of synthetic patients and return it open; on failure no file is left. `tick(done, all)`."""
    caseload = Caseload.create(path, passphrase, who="generate")
    try:
        done = 0
        while done < patients:
            drawn = list(lives(range(done + 1, min(done + BATCH, patients) + 1), seed=seed, at=at))
            # A kind at a time, each after those it refers to: records of one kind are written in one go.
            records = sorted((r for one in drawn for r in one.records), key=lambda r: _ORDER.index(r.kind))
            steps = tuple(Step(None, record) for record in records)
            caseload.edit(Edit(message("Generate synthetic patients"), steps), at=at)
            later = tuple(step for one in drawn for step in one.later)
            caseload.edit(Edit(message("Close what is over"), later), at=at)
            done += len(drawn)
            tick(done, patients)
    except BaseException:
        caseload.close()
        path.unlink(missing_ok=True)
        raise
    return caseload


def lives(numbers: range, *, seed: int, at: datetime) -> Iterator[Life]:
    """Draw the people of these numbers, counted from 1. Who they are does not depend on how many there are."""
    for number in numbers:
        if number > len(FIRST):
            yield life(number, seed=seed, at=at)
            continue
        wanted, lean = FIRST[number - 1]
        tries = (life(number, seed=seed, at=at, lean=lean, attempt=attempt) for attempt in count())
        yield next(one for one in tries if _signal(one, at.date()) is wanted)


def _signal(one: Life, today: date) -> Signal | None:
    records: list[Record] = one.records
    dossier = Dossier.of(one.patient, records)
    course = dossier.current_course
    if course is None:
        return None
    return summarise(dossier, course, benchmark=default_benchmark(), rules=Rules(), today=today).standing.signal
