"""Interleaved races, and the table of their ratios at the end of the run."""

from __future__ import annotations

import os
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Runner = Callable[[], float]
    """Does the thing once and returns how many seconds of it count."""

WANTED = os.environ.get("TRDTRACK_BENCH") == "1"


@dataclass(frozen=True)
class Ratio:
    """A line of the table."""

    what: str
    against: str
    ours: float
    theirs: float
    target: float
    memory: bool = False

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    def __str__(self) -> str:
        said = _megabytes if self.memory else _time
        medians = f"{said(self.ours)} / {said(self.theirs)}"
        return f"| {self.what} | {self.against} | {self.ratio:.2f}x | <= {self.target:g}x | {medians} |"


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.0f} MB"


HEAD = ("| What | Against | Ratio | Target | Medians |", "| --- | --- | --- | --- | --- |")
_taken: list[Ratio] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the races out of ordinary runs, and say so: "n deselected"."""
    races = [item for item in items if item.get_closest_marker("bench")]
    if races and not WANTED:
        config.hook.pytest_deselected(items=races)
        items[:] = [item for item in items if item not in races]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table as the README carries it."""
    if _taken:
        terminalreporter.write_line("")
        for line in (*HEAD, *map(str, _taken)):
            terminalreporter.write_line(line)


@pytest.fixture
def compare() -> Iterator[Callable[..., None]]:
    """Add a line to the table; in the end all lines of the test have to keep their targets."""
    mine: list[Ratio] = []

    def compare(what: str, against: str, ours: float, theirs: float, *, target: float, memory: bool = False) -> None:
        mine.append(Ratio(what, against, ours, theirs, target, memory))

    yield compare
    _taken.extend(mine)
    missed = [str(line) for line in mine if line.ratio > line.target]
    assert not missed, "\n".join(missed)


@pytest.fixture
def race(benchmark: object) -> Callable[..., dict[str, float]]:
    """Run several runners in turn, each round beginning with another, and return the median seconds of each."""

    def race(runners: dict[str, Runner], *, rounds: int, warmups: int) -> dict[str, float]:
        names = list(runners)
        times: dict[str, list[float]] = {name: [] for name in names}
        turn = 0

        def once() -> None:
            nonlocal turn
            first = turn % len(names)
            turn += 1
            for name in names[first:] + names[:first]:
                times[name].append(runners[name]())

        benchmark.pedantic(once, rounds=rounds, warmup_rounds=warmups)
        medians = {name: statistics.median(found[warmups:]) for name, found in times.items()}
        benchmark.extra_info.update(medians)
        return medians

    return race
