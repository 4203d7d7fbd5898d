"""The expected course for many scores at once: the formulas of `domain/benchmark.py` over columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from trdtrack.outcomes.frames import Frame


def progress(weeks: Frame, horizon: Frame | float) -> Frame:
    """Return s(t) of each week (`Benchmark.progress`)."""
    return np.where(weeks >= horizon, 1.0, np.log1p(weeks) / np.log1p(horizon))


def line(baselines: Frame, fall: Frame | float, reached: Frame) -> Frame:
    """Return the line's total at each share reached, B(1 - fall s) (`Benchmark.psychotherapy`, `usual_care`)."""
    return baselines * (1 - fall * reached)
