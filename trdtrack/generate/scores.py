"""How long a course is and its totals, drawn from the figures, and nine answers that add up to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain import phq9
from trdtrack.domain.records import Clinic
from trdtrack.generate import figures

if TYPE_CHECKING:
    import random


def totals_of(chance: random.Random, sessions: int, *, drift: float | None = None) -> list[int | None]:
    """Draw the totals of intake and sessions: a straight line, then level. None: no score that day.

    `drift`: points a session, instead of drawn.
    """
    intake = chance.gauss(figures.INTAKE_MEAN, figures.INTAKE_SD)
    intake = min(max(intake, figures.INTAKE_LEAST), figures.INTAKE_MOST)
    if drift is None:
        usual = figures.DRIFT_MEAN + figures.DRIFT_PER_POINT * (intake - figures.INTAKE_MEAN)
        drift = chance.gauss(usual, figures.DRIFT_SD)
    found: list[int | None] = []
    gap = chance.random() < figures.GAP_INTAKE
    for occasion in range(sessions + 1):
        level = intake + drift * min(occasion, figures.LEVEL_FROM)
        total = within(level if occasion == 0 else chance.gauss(level, figures.WITHIN_SD))
        found.append(None if gap else total)
        gap = chance.random() < (figures.GAP_AGAIN if gap else figures.GAP_FIRST)
    return found


def sessions_of(chance: random.Random) -> int:
    """Draw how many sessions a course has."""
    if chance.random() < figures.LEFT_EARLY:
        return 2
    more = chance.random() < figures.EXTENDED
    return figures.SESSIONS + (chance.randint(1, Clinic().extra_sessions) if more else 0)


def within(total: float) -> int:
    """Return the total of 0-27 nearest to what was drawn."""
    return min(max(round(total), 0), phq9.MAX_TOTAL)


def answers_for(total: int, nine: int, chance: random.Random, *, gap: bool) -> tuple[int | None, ...]:
    """Return nine answers that add up to a total, item 9 as given where that can be; `gap` leaves item 5 blank."""
    nine = max(min(nine, total), total - 24)
    found: list[int | None] = [0, 0, 0, 0, 0, 0, 0, 0, nine]
    for place in chance.sample(range(24), total - nine):
        found[place // 3] = (found[place // 3] or 0) + 1
    if gap:
        found[4] = None
    return tuple(found)
