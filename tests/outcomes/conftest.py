"""One disordered caseload for all tests here, with everything held of it and its outcomes."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from trdtrack.demo import make_demo
from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.evidence import default_benchmark
from trdtrack.outcomes import outcomes
from trdtrack.outcomes.cases import Closed, Reckoning, closed_courses
from trdtrack.outcomes.frames import Frames, totals
from trdtrack.outcomes.placed import Placed, placed

from .clinics import AT, TODAY, disordered

if TYPE_CHECKING:
    from trdtrack.caseload import Caseload
    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes
    from trdtrack.domain.summary import Summary


@dataclass(frozen=True)
class Seen:
    """A caseload, every ended course summed up, and what the outcomes make of it."""

    caseload: Caseload
    summaries: dict[str, Summary]
    found: CaseloadOutcomes
    closed: list[Closed]
    scores: Placed


def seen(caseload: Caseload) -> Seen:
    held = [s for h in caseload.held(today=TODAY) for s in h.summaries if s.ended]
    frames = Frames.of(caseload.outcome_rows())
    by = Reckoning(rules=caseload.rules(), known=caseload.benchmarks(), published=default_benchmark(), today=TODAY)
    found = outcomes(caseload, Choice(), today=TODAY)
    fixed = {s.course.id: s.dossier.outcome_of(s.course) for s in held}
    kept = [c for c in closed_courses(frames, by, fixed={**_missing(held), **_known(fixed)}) if c.case]
    return Seen(caseload, {s.course.id: s for s in held}, found, kept, placed(kept, totals(frames, by.rules), frames))


def _known(fixed: dict) -> dict:
    return {course: outcome for course, outcome in fixed.items() if outcome}


def _missing(held: list[Summary]) -> dict:
    from trdtrack.domain.ending import outcome_at_end  # noqa: PLC0415

    return {s.course.id: outcome_at_end(s.dossier, s.course, s.rules, None) for s in held if not s.outcome}


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    with closing(disordered(tmp_path_factory.mktemp("outcomes"), patients=260)) as caseload:
        yield seen(caseload)


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    with closing(make_demo(at=AT, folder=tmp_path_factory.mktemp("demo"))) as caseload:
        yield seen(caseload)
