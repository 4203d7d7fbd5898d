"""The rows of the closed courses as pandas frames, and the scores placed: which total counts on a day, and its week."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trdtrack.domain import phq9
from trdtrack.domain.caseload_outcomes_rows import COLUMNS, OutcomeRows
from trdtrack.domain.phq9 import Completeness
from trdtrack.domain.trajectory import PREFERENCE

if TYPE_CHECKING:
    from trdtrack.domain.records import Rules

Frame = Any
"""A pandas.DataFrame, Series or numpy array: pandas has no types."""
_ALL_ANSWERED = len(json.dumps([0] * phq9.ITEMS, separators=(",", ":")))


@dataclass(frozen=True, kw_only=True)
class Frames:
    """A frame a table, with the columns of `caseload_outcomes_rows.COLUMNS`."""

    courses: Frame
    scores: Frame
    sessions: Frame
    follow_ups: Frame
    episodes: Frame
    treatments: Frame

    @classmethod
    def of(cls, rows: OutcomeRows) -> Frames:
        """Return rows as frames."""
        made = {
            name: pd.DataFrame(list(getattr(rows, name)), columns=list(columns), dtype=object)
            for name, columns in COLUMNS.items()
        }
        return cls(**made)


def plain(column: Frame) -> list[Any]:
    """Return a column's values with None for what is missing: a frame read by pandas itself has NaN there."""
    return [None if value is None or value != value else value for value in column.tolist()]  # noqa: PLR0124


def day(text: str | None) -> date | None:
    """Return the day a text stands for."""
    return date.fromisoformat(text) if text else None


def ordinals(days: Frame) -> Frame:
    """Return days as `date.toordinal` numbers, each different one read once; none may be missing."""
    codes, different = pd.factorize(days)
    return np.array([date.fromisoformat(day).toordinal() for day in different], dtype=np.int64)[codes]


def week_zeros(frames: Frames) -> dict[str, date]:
    """Return the day of each course's first attended session: week 0 where none is set (`trajectory.week_zero`)."""
    first = pd.Series(ordinals(frames.sessions["date"])).groupby(frames.sessions["course"].to_numpy()).min()
    return {course: date.fromordinal(int(number)) for course, number in first.items()}


def totals(frames: Frames, rules: Rules) -> Frame:
    """Return the totals that count, one a course and day: columns course, day (ordinal), total; by course and day.

    As `trajectory.place` has it: complete before prorated before total only, then the last entered.
    """
    scores = frames.scores
    total, rank = _scored(scores, rules)
    placed = pd.DataFrame(
        {"course": scores["course"].to_numpy(), "day": ordinals(scores["date"]), "total": total, "rank": rank}
    )
    placed["entered"], placed["id"] = scores["entered"].to_numpy(), scores["id"].to_numpy()
    placed = placed[placed["total"] >= 0]
    twice = placed.duplicated(["course", "day"], keep=False)
    best = placed[twice].sort_values(["rank", "entered", "id"]).drop_duplicates(["course", "day"], keep="last")
    return pd.concat([placed[~twice], best])[["course", "day", "total"]]


def _scored(scores: Frame, rules: Rules) -> tuple[Frame, Frame]:
    """Return totals (-1: none) and the rank of how each came about."""
    n = len(scores)
    total, rank = np.full(n, -1, dtype=np.int64), np.zeros(n, dtype=np.int64)
    answers = scores["answers"].to_numpy(dtype=object)
    only = np.array([a is None or a != a for a in answers], dtype=bool)  # noqa: PLR0124 - NaN: pandas' own missing
    whole = np.array([not o and len(a) == _ALL_ANSWERED for a, o in zip(answers, only, strict=True)], dtype=bool)
    if whole.any():
        # All nine answered: "[1,2,...,0]" has its digits in every second place.
        letters = np.frombuffer("".join(answers[whole]).encode("ascii"), dtype=np.uint8)
        digits = letters.reshape(-1, _ALL_ANSWERED)[:, 1::2].astype(np.int64) - ord("0")
        total[whole] = digits.sum(axis=1)
        rank[whole] = PREFERENCE.index(Completeness.COMPLETE)
    total[only] = np.array(list(scores["total"].to_numpy(dtype=object)[only]), dtype=np.int64)
    rank[only] = PREFERENCE.index(Completeness.TOTAL_ONLY)

    @cache
    def score(text: str) -> phq9.Score:
        return phq9.score(json.loads(text), prorate=rules.prorate)

    for place in np.flatnonzero(~only & ~whole):
        found = score(answers[place])
        if found.total is not None:
            total[place], rank[place] = found.total, PREFERENCE.index(found.completeness)
    return total, rank
