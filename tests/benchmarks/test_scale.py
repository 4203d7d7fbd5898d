"""The caseload at ten thousand patients as at a hundred, and a smoke test that runs everything measured once."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.scale import Imports, Opened, Sizes
from benchmarks.subjects import runners
from benchmarks.test_ratios import BARE_WINDOW, FRAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SMALL, MIDDLE, LARGE = SIZES = 100, 1_000, 10_000
remembers = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says what a process holds")


@pytest.fixture
def sizes(tmp_path: Path) -> Sizes:
    return Sizes(tmp_path, SIZES)


@pytest.fixture
def opened(tmp_path: Path, qapp: object) -> Iterator[Callable[[int], Opened]]:
    made: list[Opened] = []

    def open_one(size: int) -> Opened:
        made.append(Opened(size, tmp_path))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


@pytest.mark.bench
def test_starting_at_scale(race: Callable, compare: Callable, sizes: Sizes) -> None:
    took = race(sizes.runners(sizes.start), rounds=11, warmups=1)
    for size in SIZES:
        what = f"process start to a list of {size:,} patients taking keys, key derivation not counted"
        compare(what, BARE_WINDOW, took[str(size)], took["0"], target=2.2)
        if size > SMALL:
            compare(what, f"the same at {SMALL}", took[str(size)], took[str(SMALL)], target=1.3)


@remembers
@pytest.mark.bench
def test_memory_at_scale(race: Callable, compare: Callable, sizes: Sizes) -> None:
    held = race(sizes.runners(sizes.memory), rounds=3, warmups=0)
    for size in SIZES:
        what = f"memory held after unlocking {size:,} patients, at rest"
        compare(what, "the bare window", held[str(size)], held["0"], target=1.8, memory=True)
        if size > SMALL:
            compare(what, f"the same at {SMALL}", held[str(size)], held[str(SMALL)], target=1.25, memory=True)


@pytest.mark.bench
def test_saving_at_scale(race: Callable, compare: Callable, opened: Callable[[int], Opened]) -> None:
    windows = {size: opened(size) for size in SIZES}
    took = race({str(size): window.save for size, window in windows.items()}, rounds=60, warmups=6)
    assert all(window.in_order() for window in windows.values())
    for size in SIZES[1:]:
        what = f"a session saved among {size:,} patients; its chart, then the list, painted"
        compare(what, f"the same at {SMALL}", took[str(size)], took[str(SMALL)], target=1.2)


@pytest.mark.bench
@pytest.mark.parametrize(
    ("way", "what"),
    [
        ("change", f"a course and a session changed among {LARGE:,} patients, and both taken back"),
        ("log_and_take_back", f"a session logged among {LARGE:,} patients, and taken back"),
    ],
)
def test_changing_at_scale(
    race: Callable, compare: Callable, opened: Callable[[int], Opened], way: str, what: str
) -> None:
    windows = {size: opened(size) for size in (SMALL, LARGE)}
    took = race({str(size): getattr(window, way) for size, window in windows.items()}, rounds=60, warmups=6)
    compare(what, f"the same at {SMALL}", took[str(LARGE)], took[str(SMALL)], target=1.2)


@pytest.mark.bench
@pytest.mark.parametrize("size", SIZES)
def test_looking_through_the_list(
    race: Callable, compare: Callable, opened: Callable[[int], Opened], size: int
) -> None:
    took = race(runners(opened(size), "scroll", "type"), rounds=200, warmups=8)
    compare(f"a step of the wheel down {size:,} patients", "one frame", took["scroll"], FRAME, target=1)
    compare(f"a letter typed to find one of {size:,} patients", "one frame", took["type"], FRAME, target=1)


@pytest.mark.bench
def test_importing(race: Callable, compare: Callable, tmp_path: Path) -> None:
    subject = Imports(tmp_path, scores=100_000)
    took = race(runners(subject, "ours", "undo", "bare"), rounds=3, warmups=0)
    what = "100,000 scores of 5,000 patients imported"
    compare(what, "pandas.read_csv, and the rows left by sqlcipher3 alone", took["ours"], took["bare"], target=8)
    compare("that import undone", "the import", took["undo"], took["ours"], target=2)


def test_everything_measured_at_scale_works(tmp_path: Path, opened: Callable[[int], Opened]) -> None:
    sizes = Sizes(tmp_path, (SMALL,))
    assert all(0 < run() < 60 for run in sizes.runners(sizes.start).values())
    window = opened(SMALL)
    for _letter in range(8):
        assert 0 < window.type() < 5
    assert window.page.search.text() == ""
    assert window.table.rows.rowCount() == SMALL
    assert 0 < window.scroll() < 5
    for _patient in range(3):
        assert 0 < window.save() < 5
    before = [row.gist for row in window.table.rows.records]
    assert 0 < window.change() < 5
    assert 0 < window.log_and_take_back() < 5
    assert [row.gist for row in window.table.rows.records] == before
    assert window.in_order()
    subject = Imports(tmp_path, scores=1_000)
    assert all(0 < run() < 30 for run in runners(subject, "ours", "undo", "bare").values())
    assert {"patient", "course", "assessment", "audit", "audit_text", "audit_about", "words"} <= set(subject.rows)


@remembers
def test_memory_is_measured(tmp_path: Path) -> None:
    sizes = Sizes(tmp_path, (SMALL,))
    held = [run() for run in sizes.runners(sizes.memory).values()]
    assert all(20e6 < size < 2e9 for size in held)
