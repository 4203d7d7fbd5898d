"""What the outcomes page says of the forecast: both bands count, and few courses tell nothing."""

from __future__ import annotations

import pytest

from trdtrack.domain.caseload_outcomes import Replay
from trdtrack.outcomes.statistics import rate
from trdtrack.ui.outcomes.meanings import verdict
from trdtrack.words import say


def replay(held80: int, held50: int, of: int) -> Replay:
    return Replay(week=4, held50=rate(held50, of), held80=rate(held80, of), error=4.0, carried=5.0)


@pytest.mark.parametrize(
    ("held80", "held50", "of", "said"),
    [
        (80, 50, 100, "That agrees with what it promises"),
        (78, 34, 100, "The 50% band held less often than promised"),
        (60, 50, 100, "The 80% band held less often than promised"),
        (60, 30, 100, "Both held less often than promised"),
        (95, 50, 100, "The 80% band held more often than promised"),
        (80, 70, 100, "The 50% band held more often than promised"),
        (3, 3, 19, "Fewer than 20 courses cannot tell"),
    ],
)
def test_the_verdict_looks_at_both_bands(held80: int, held50: int, of: int, said: str) -> None:
    assert said in say(verdict(replay(held80, held50, of)))
