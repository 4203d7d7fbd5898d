"""The outcomes of a caseload's closed courses, reckoned by pandas; imported late, never when the program starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.caseload_outcomes import CaseloadOutcomes
from trdtrack.domain.caseload_outcomes_rows import COLUMNS
from trdtrack.domain.ending import outcome_at_end
from trdtrack.evidence import default_benchmark
from trdtrack.outcomes import against, groups, replay
from trdtrack.outcomes.cases import Reckoning, choices, closed_courses, without_outcome
from trdtrack.outcomes.frames import Frames, totals
from trdtrack.outcomes.local import local_benchmark, local_benchmark_edit
from trdtrack.outcomes.placed import placed
from trdtrack.outcomes.said import sentences

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from trdtrack.caseload import Caseload
    from trdtrack.domain.caseload_outcomes import Choice
    from trdtrack.domain.records import Outcome

    Tick = Callable[[int, int], None]

__all__ = ["local_benchmark_edit", "outcomes", "reckoned"]

_STEPS = 5


def outcomes(caseload: Caseload, choice: Choice, *, today: date, tick: Tick | None = None) -> CaseloadOutcomes:
    """Return the outcomes of the closed courses chosen. `tick(done, all)` may raise to cancel."""
    read, of = len(COLUMNS), len(COLUMNS) + _STEPS

    def further(done: int, _all: int = 0) -> None:
        if tick:
            tick(done, of)

    frames = Frames.of(caseload.outcome_rows(tick=further))
    by = Reckoning(rules=caseload.rules(), known=caseload.benchmarks(), published=default_benchmark(), today=today)
    fixed = _fixed(caseload, frames, today=today)
    return reckoned(frames, choice, by, fixed=fixed, tick=lambda done: further(read + done))


def reckoned(
    frames: Frames, choice: Choice, by: Reckoning, *, fixed: dict[str, Outcome], tick: Callable[[int], None]
) -> CaseloadOutcomes:
    """Return the outcomes that frames hold, however they were read. `fixed`: see `closed_courses`."""
    tick(0)
    closed = closed_courses(frames, by, fixed=fixed)
    tick(1)
    chosen = [c for c in closed if c.chosen(choice)]
    kept = [c for c in chosen if c.case]
    cases = tuple(c.case for c in kept if c.case)
    no_baseline = sum(c.baseline is None for c in chosen)
    below = len(chosen) - len(kept) - no_baseline
    scores = placed(kept, totals(frames, by.rules), frames)
    tick(2)
    rows = groups.table(cases)
    weeks, sessions = against.course_over(cases, scores.during, by.published)
    tick(3)
    calibration = replay.calibration(kept, scores.during)
    tick(4)
    return CaseloadOutcomes(
        today=by.today,
        choice=choice,
        choices=choices(closed),
        benchmark=(by.published.name, by.published.version),
        no_baseline=no_baseline,
        below_caseness=below,
        all=groups.group(rows),
        by_criterion=groups.by_criterion(rows),
        by_modality=groups.by_modality(rows),
        fall=against.fall(cases, by.published),
        over_weeks=weeks,
        over_sessions=sessions,
        endings=groups.endings(rows),
        follow_ups=groups.follow_ups(cases, scores.after, frames, by.today),
        local=local_benchmark((c.case for c in closed if c.case), by.published),
        calibration=calibration,
        cases=cases,
        said=tuple(sentences(cases, closed=len(closed), chosen=len(chosen), no_baseline=no_baseline, below=below)),
    )


def _fixed(caseload: Caseload, frames: Frames, *, today: date) -> dict[str, Outcome]:
    """Return the outcome of each closed course that has none on the record, as its scores are now."""
    missing = without_outcome(frames)
    if not missing:
        return {}
    rules = caseload.rules()
    found: dict[str, Outcome] = {}
    for held in caseload.held(only=set(missing.values()), today=today):
        for course in held.dossier.courses:
            outcome = outcome_at_end(held.dossier, course, rules, None) if course.id in missing else None
            if outcome:
                found[course.id] = outcome
    return found
