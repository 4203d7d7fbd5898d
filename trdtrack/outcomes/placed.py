"""The scores of closed courses as rows: each in its week since the lines began and at its number of sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from trdtrack.outcomes.frames import ordinals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.outcomes.cases import Closed
    from trdtrack.outcomes.frames import Frame, Frames

_FAR = 10_000_000
"""More days than any date has: keeps the days of one course apart from the next one's."""


@dataclass(frozen=True)
class Placed:
    """Rows of scores: columns case (place in the list of courses), day, week, total, session; by case, then day."""

    during: Frame
    """The baseline, and what counts after it up to the end."""
    after: Frame
    """What counts after the end."""


def placed(closed: Sequence[Closed], totals: Frame, frames: Frames) -> Placed:
    """Place the totals of courses with a case. `week`: since the lines began, never below 0 (`Summary.line_week`)."""
    places = {c.case.course: place for place, c in enumerate(closed) if c.case}
    facts = [(c.baseline_day, c.lines_start, c.end.toordinal(), c.baseline or 0) for c in closed]
    first, begun, end, base = np.array(facts, dtype=np.int64).reshape(-1, 4).T
    case = totals["course"].map(places).to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(case)
    case, day, total = (
        column[known].astype(np.int64) for column in (case, totals["day"].to_numpy(), totals["total"].to_numpy())
    )
    # The day's total is the baseline's, which may have been written in another course, and even after the end.
    later = (day != first[case]) & (day > np.minimum(first, end)[case])
    rows = pd.DataFrame(
        {
            "case": np.concatenate([np.arange(len(closed)), case[later]]),
            "day": np.concatenate([first, day[later]]),
            "total": np.concatenate([base, total[later]]),
        }
    ).sort_values(["case", "day"], ignore_index=True)
    at = rows["case"].to_numpy()
    rows["week"] = np.maximum(rows["day"].to_numpy() - begun[at], 0) / 7
    rows["session"] = _sessions(rows, places, frames)
    ended = rows["day"].to_numpy() > end[at]
    return Placed(rows[~ended].reset_index(drop=True), rows[ended].reset_index(drop=True))


def _sessions(rows: Frame, places: dict[str, int], frames: Frames) -> Frame:
    """Return how many sessions of its course were attended by the day of each score, that day's included."""
    case = frames.sessions["course"].map(places).to_numpy(dtype=float, na_value=np.nan)
    known = ~np.isnan(case)
    attended = pd.Series(case[known].astype(np.int64) * _FAR + ordinals(frames.sessions["date"])[known]).sort_values()
    start = rows["case"].to_numpy() * _FAR
    return attended.searchsorted(start + rows["day"].to_numpy(), side="right") - attended.searchsorted(start)
