"""The first few synthetic patients: made to go one way each, so that a small caseload shows what a large one does."""

from __future__ import annotations

from dataclasses import dataclass

from trdtrack.domain.signals import Signal


@dataclass(frozen=True)
class Lean:
    """How one of them is made to go."""

    drift: float
    """Points a week."""
    sessions: int
    """Sessions planned so far, missed ones counted."""
    age: int = 3
    """Days since the last of them."""
    ended: bool = False


FIRST: tuple[tuple[Signal, Lean], ...] = (
    (Signal.REVIEW, Lean(1.3, 8)),
    (Signal.PLATEAU, Lean(0.0, 14)),
    (Signal.NO_RECENT_SCORE, Lean(-0.5, 7, age=40)),
    (Signal.SLOWER, Lean(0.35, 8)),
    (Signal.ON_TRACK, Lean(-0.35, 8)),
    (Signal.AHEAD, Lean(-1.2, 9)),
    (Signal.TOO_EARLY, Lean(-0.5, 2)),
    (Signal.ENDED, Lean(-0.84, 12, age=60, ended=True)),
    (Signal.PAST_DATA, Lean(-0.6, 34)),
    (Signal.NO_BENCHMARK, Lean(-1.0, 8)),
)
"""The first patients between them show every signal: each is drawn again until it shows its own."""
