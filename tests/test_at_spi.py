"""The program as a screen reader gets it: from outside, through AT-SPI, with the demo's patients and real keys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from trdtrack.demo import SHOWN

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"
NEEDED = ("xvfb-run", "dbus-run-session", "xdotool")


def lacking() -> str:
    """What is not here that this needs, empty if all is."""
    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if (
        not missing
        and subprocess.run([SYSTEM_PYTHON, "-c", "import pyatspi"], check=False, capture_output=True).returncode
    ):
        missing.append("python3-pyatspi")
    return ", ".join(missing)


def outside(script: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    """Run a script on a screen and a bus of its own. Where its tools are not here skip; a run that decides must not."""
    if not sys.platform.startswith("linux"):
        pytest.skip("AT-SPI is Linux's")
    if missing := lacking():
        if os.environ.get("CI"):
            pytest.fail(f"a run that decides what lands needs {missing}")
        pytest.skip(f"not here: {missing}")
    # PYTHONPATH: the system's Python must not take the environment's packages for its own.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "QT_", "XDG_", "PYTHON"))}
    env |= {"HOME": str(home), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1400x1000x24", "dbus-run-session", "--"]
    ran = subprocess.run([*screen, *script], capture_output=True, text=True, env=env, check=False, timeout=200)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a screen reader found, from the start of the program to nine answers typed."""
    program = ["env", "PYTHONPATH=" + os.pathsep.join(sys.path), sys.executable, "-m", "trdtrack", "demo"]
    ran = outside([SYSTEM_PYTHON, str(HERE / "at_spi_reader.py"), *program], tmp_path_factory.mktemp("reader"))
    return json.loads(ran.stdout.splitlines()[-1])


def test_the_window_and_its_list_are_found_by_name_and_role(heard: dict[str, Any]) -> None:
    assert heard["window"][1] == "frame"
    assert "DEMO" not in heard["window"][0], "a title names nobody"
    assert heard["list"] == ["Patients", "table"]
    assert f"Patient: {SHOWN}" in heard["patients"]
    assert heard["headings"][:4] == ["Patient", "Name", "Course", "Course so far"]


def test_the_chart_says_what_it_shows_and_its_table_has_the_same_numbers(heard: dict[str, Any]) -> None:
    name, role, words = heard["chart"]
    assert (name, role) == ("PHQ-9 chart", "image")
    assert words.startswith("PHQ-9 19 → 12 over 11 weeks (11 scores): reliable improvement")
    scores = [dict(cell.split(": ", 1) for cell in row) for row in heard["scores"]]
    assert len(scores) == 11
    assert (scores[-1]["Total"], scores[0]["Total"]) == ("19", "12")


def test_the_arrow_keys_read_the_scores_out(heard: dict[str, Any]) -> None:
    scores = [dict(cell.split(": ", 1) for cell in row) for row in heard["scores"]]
    assert len(heard["heard of the chart"]) == 2
    for said, score in zip(heard["heard of the chart"], scores, strict=False):
        assert said.startswith(f"PHQ-9 {score['Total']}, ")
        assert score["Answered"] in said


def test_nine_answers_typed_are_summed_up_aloud(heard: dict[str, Any]) -> None:
    assert heard["question"][0].startswith("1. ")
    assert "Little interest or pleasure in doing things" in heard["question"][0]
    assert heard["question"][1] in {"text", "entry"}
    (said,) = heard["heard while typing"]
    assert said.startswith("6 mild ■ 9 Item 9 is 1")
