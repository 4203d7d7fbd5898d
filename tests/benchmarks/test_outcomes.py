"""The outcomes at ten thousand patients, against the same reckoning fed by a bare pandas.read_sql of the same file."""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks.scale import now, synthetic
from benchmarks.started import PASSPHRASE
from benchmarks.subjects import runners
from trdtrack.caseload import Caseload
from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.records import Rules
from trdtrack.evidence import benchmarks, default_benchmark
from trdtrack.outcomes import outcomes, reckoned
from trdtrack.outcomes.cases import Reckoning
from trdtrack.outcomes.frames import Frames
from trdtrack.storage import cipher
from trdtrack.storage.outcome_rows import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trdtrack.domain.caseload_outcomes import CaseloadOutcomes

SMALL, LARGE = 100, 10_000


class Pages:
    """What the outcomes page shows, reckoned through the door; and from frames that pandas reads by itself."""

    def __init__(self, patients: int) -> None:
        path = synthetic(patients)
        self._caseload = Caseload.open(path, PASSPHRASE, who="bench")
        salt = cipher.salt_of(path)
        # A connection of its own to the same file, by the driver alone.
        self._raw = cipher.connect(path, cipher.derive_key(PASSPHRASE, salt), salt, mode="rw")
        self._today = now().date()
        self.found: dict[str, CaseloadOutcomes] = {}

    def close(self) -> None:
        self._raw.close()
        self._caseload.close()

    def ours(self) -> float:
        """Told how far it is all along, as the page is."""
        told: list[int] = []
        begin = time.perf_counter()
        self.found["ours"] = outcomes(
            self._caseload, Choice(), today=self._today, tick=lambda done, _of: told.append(done)
        )
        took = time.perf_counter() - begin
        assert told
        return took

    def bare(self) -> float:
        """The same statements read by pandas, and the same sums."""
        by = Reckoning(rules=Rules(), known=benchmarks(), published=default_benchmark(), today=self._today)
        with warnings.catch_warnings():
            # pandas knows sqlite3 and SQLAlchemy, and warns of any other driver that works as they do.
            warnings.simplefilter("ignore", UserWarning)
            begin = time.perf_counter()
            frames = Frames(**{name: pd.read_sql(sql, self._raw) for name, sql in STATEMENTS.items()})
            self.found["bare"] = reckoned(frames, Choice(), by, fixed={}, tick=lambda _done: None)
            return time.perf_counter() - begin


@pytest.fixture
def pages() -> Iterator[Callable[[int], Pages]]:
    made: list[Pages] = []

    def open_one(patients: int) -> Pages:
        made.append(Pages(patients))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


@pytest.mark.bench
def test_the_outcomes_page(race: Callable, compare: Callable, pages: Callable[[int], Pages]) -> None:
    subject = pages(LARGE)
    took = race(runners(subject, "ours", "bare"), rounds=7, warmups=1)
    n = subject.found["ours"].all.n
    what = f"the outcomes of {LARGE:,} patients, {n:,} closed courses, reckoned"
    compare(what, "the same sums over pandas.read_sql of the same file", took["ours"], took["bare"], target=3)
    assert subject.found["ours"] == subject.found["bare"]


def test_both_say_the_same(pages: Callable[[int], Pages]) -> None:
    subject = pages(SMALL)
    assert all(0 < run() < 60 for run in runners(subject, "ours", "bare").values())
    assert subject.found["ours"] == subject.found["bare"]
    assert subject.found["ours"].all.n > SMALL / 2
