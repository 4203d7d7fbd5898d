"""The benchmarks of the main job, and a smoke test that runs everything measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from benchmarks.subjects import Beginnings, Charts, Saves, Starts, Turning, runners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FRAME = 0.016
FIFTY = 0.050
BARE_WINDOW = "a bare PySide6 + pyqtgraph window taking a key"


@pytest.fixture
def starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starts:
    return Starts(tmp_path, monkeypatch)


@pytest.fixture
def saves(tmp_path: Path) -> Iterator[Saves]:
    made = Saves(tmp_path)
    yield made
    made.close()


@pytest.fixture
def charts(qapp: object) -> Iterator[Charts]:
    made = Charts()
    yield made
    made.close()


@pytest.fixture
def turning(qapp: object) -> Iterator[Turning]:
    made = Turning()
    yield made
    made.close()


@pytest.mark.bench
def test_starting(race: Callable, compare: Callable, starts: Starts) -> None:
    took = race(runners(starts, "bare", "unlock", "caseload"), rounds=11, warmups=1)
    compare("process start to the unlock window taking keys", BARE_WINDOW, took["unlock"], took["bare"], target=0.6)
    what = "process start to the demo's list of patients taking keys, key derivation not counted"
    compare(what, BARE_WINDOW, took["caseload"], took["bare"], target=2)


@pytest.mark.bench
def test_saving(race: Callable, compare: Callable, saves: Saves) -> None:
    took = race(runners(saves, "door", "core", "driver"), rounds=300, warmups=30)
    what = "one session with its PHQ-9 saved"
    compare(
        what, "the same rows and history lines by sqlcipher3, one FULL commit", took["door"], took["driver"], target=8
    )
    compare(what, "the same statements by SQLAlchemy Core", took["door"], took["core"], target=1.5)


@pytest.mark.bench
def test_drawing(race: Callable, compare: Callable, charts: Charts) -> None:
    took = race(runners(charts, "ours", "bare"), rounds=100, warmups=10)
    what = "another patient of 200 scores, all lanes on, drawn in the open chart"
    compare(what, "the same points in a pyqtgraph plot", took["ours"], took["bare"], target=4)


@pytest.mark.bench
def test_turning_to_the_next_patient(race: Callable, compare: Callable, turning: Turning) -> None:
    took = race(runners(turning, "turn"), rounds=48, warmups=12)
    compare("the next patient opened from the list, painted", "50 ms", took["turn"], FIFTY, target=1)


@pytest.mark.bench
def test_looking_into_a_chart(race: Callable, compare: Callable, charts: Charts) -> None:
    took = race(runners(charts, "hover", "zoom", "bare_zoom"), rounds=100, warmups=10)
    for way, what in (
        ("hover", "another of 400 scores under the pointer"),
        ("zoom", "a step of the wheel over 400 scores"),
    ):
        compare(what, "a step of the wheel in a pyqtgraph plot of 400", took[way], took["bare_zoom"], target=4)
        compare(what, "one frame", took[way], FRAME, target=1)


@pytest.mark.bench
def test_the_first_chart(race: Callable, compare: Callable, qapp: object) -> None:
    took = race(runners(Beginnings(), "ours", "bare"), rounds=30, warmups=3)
    what = "a chart made, filled with 200 scores, all lanes on, and painted"
    compare(what, "the same points in a new pyqtgraph plot", took["ours"], took["bare"], target=8)


def test_everything_measured_works(starts: Starts, saves: Saves, charts: Charts, turning: Turning) -> None:
    assert starts.bare() > 0
    assert starts.unlock() > 0
    assert starts.caseload() > 0
    for subject, ways in (
        (saves, ("door", "core", "driver")),
        (charts, ("ours", "bare", "hover", "zoom", "bare_zoom")),
        (Beginnings(), ("ours", "bare")),
        (turning, ("turn",)),
    ):
        assert all(0 < run() < 5 for run in runners(subject, *ways).values())


def test_the_saves_are_the_same(saves: Saves) -> None:
    """The same statements by Core, the same rows by the driver, under the same pragmas."""
    said: list[list[str]] = []
    for way in ("door", "core"):
        lines: list[str] = []
        said.append(lines)
        hear = lambda _c, _cursor, sql, *_, lines=lines: lines.append(sql.replace('"', ""))  # noqa: E731
        event.listen(saves.files[way]._store._engine, "before_cursor_execute", hear)
        runners(saves, way)[way]()
    assert said[0] == said[1]
    assert len(said[0]) == 23
    saves.driver()
    tables = ("patient", "course", "session", "assessment", "audit", "audit_text", "audit_about", "words", "gist")
    for find in (*(f"SELECT count(*) FROM {table}" for table in tables), "PRAGMA synchronous", "PRAGMA journal_mode"):
        found = [caseload._store._raw.execute(find).fetchone() for caseload in saves.files.values()]
        assert found[0] == found[1] == found[2], find
    assert saves.files["driver"].check(), "its hashes are not computed, and the check finds that"
    assert saves.files["door"].check() == ()


def test_every_drawing_is_of_another_patient(charts: Charts) -> None:
    seen = []
    for _round in range(3):
        charts.ours()
        charts.bare()
        ours = [mark.y for mark in charts.chart.stage.drawing.marks]
        assert ours == list(charts.curve.getData()[1])
        assert len(ours) == 200
        seen.append(ours)
    assert seen[0] != seen[1]
    assert seen[0] == seen[2]
    assert charts.chart.size() == charts.plot.size()
