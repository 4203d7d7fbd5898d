"""The self-test finds a sound installation sound, and fails where one part of it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import ROOT, TODAY, Program, environment, run

from trdtrack import evidence
from trdtrack.caseload import Caseload
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.exports import EXPORTS, Made
from trdtrack.ui import selftest as tried
from trdtrack.ui.screens import scenes


def test_a_sound_installation(tmp_path: Path) -> None:
    lines = run("selftest", folder=tmp_path, passphrase=None).done.splitlines()
    assert all(line.startswith("ok  ") for line in lines)
    done = [line.removeprefix("ok  ") for line in lines]
    assert {"the fonts", "undo", "redo", "scores imported from a CSV", "the chart", "the export as PDF"} <= set(done)
    assert {"the page caseload", "the page log", "the page evidence", "the page unlock"} <= set(done)
    assert list(tmp_path.iterdir()) == [], "nothing is left where it was started"


@pytest.fixture
def program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], qapp: object
) -> Program:
    return Program(tmp_path, monkeypatch, capsys)


def _wrong_lines(patch: pytest.MonkeyPatch) -> None:
    wrong = replace(evidence.default_benchmark(), psychotherapy_fall=0.3)
    patch.setattr(tried, "default_benchmark", lambda: wrong)


def _no_undo(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Caseload, "undo", lambda _self, at: None)


def _faulty_file(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Caseload, "check", lambda _self: ("page 3",))


def _empty_chart(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(TrajectoryChart, "draw", lambda _self, _summary: None)


def _not_a_pdf(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(EXPORTS, "pdf", replace(EXPORTS["pdf"], course=lambda *_: Made.whole(b"SELFTEST-1")))


def _any_passphrase(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tried, "_opens", lambda _path, _passphrase: True)


@pytest.mark.parametrize(
    ("broken", "at"),
    [
        (_wrong_lines, "the expected course"),
        (_no_undo, "undo"),
        (_any_passphrase, "a wrong passphrase refused"),
        (_faulty_file, "the file whole when opened again"),
        (_empty_chart, "the chart"),
        (_not_a_pdf, "the export as PDF"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_fails_where_something_is_broken(
    program: Program, monkeypatch: pytest.MonkeyPatch, broken: object, at: str
) -> None:
    monkeypatch.setattr(tried, "scenes", lambda today: iter(()))
    broken(monkeypatch)
    said = program("selftest", passphrase=None)
    assert said.refused == f"The self-test failed at {at}: this installation is damaged."
    assert f"ok  {at}\n" not in said.out


def test_a_blank_page_is_found(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def blank(today: object) -> object:
        for name, window in scenes(TODAY):
            window.centralWidget().hide()
            yield name, window
            break

    monkeypatch.setattr(tried, "scenes", blank)
    assert program("selftest", passphrase=None).refused.startswith("The self-test failed at the page caseload")


@pytest.mark.parametrize("lost", ["fonts", "instruments/phq9.en.toml", "evidence/adjunctive-trd.toml"])
def test_an_incomplete_installation(tmp_path: Path, lost: str) -> None:
    for part in ("trdtrack", "resources"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    gone = tmp_path / "resources" / lost
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "trdtrack", "selftest"],
        cwd=tmp_path,
        env=environment(tmp_path) | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
