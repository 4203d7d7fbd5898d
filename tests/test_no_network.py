"""No connection is opened: the whole journey and every command under strace, with no internet socket asked for."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from traced import traced, traced_only

from trdtrack import cli

ROOT = Path(__file__).resolve().parents[1]
LONG = bool(os.environ.get("TRDTRACK_LONG"))
OPTIONS = ("--seccomp-bpf", "-e", "trace=%network")
INTERNET = re.compile(r"\bAF_(?!UNIX\b|LOCAL\b)[A-Z0-9]+")
"""Any family of addresses but the computer's own."""
CSV = "patient,date,total\nA-1,2026-09-10,19\nA-1,2026-10-10,14\nB-2,2026-10-10,20\n"
TRIALS = ROOT / "resources" / "evidence" / "trials.csv"

QUICK = {
    "new": ["new a.trdtrack"],
    "import": ["import a.trdtrack scores.csv"],
    "archive": ["archive a.trdtrack --out all.json"],
    "patients": ["patients a.trdtrack --json"],
    "summary": ["summary a.trdtrack --patient A-1"],
    "export": [f"export a.trdtrack --patient A-1 --format {kind} --out out.{kind}" for kind in ("pdf", "csv", "fhir")],
    "blank": ["blank a.trdtrack --patient A-1 --out blank.pdf"],
    "generate": ["generate many.trdtrack --patients 20"],
    "outcomes": ["outcomes a.trdtrack --json"],
    "service-report": ["service-report many.trdtrack --out report.pdf"],
    "expected": ["expected --baseline 19"],
    "evidence": [f"evidence pool {TRIALS}"],
    "forecast": ["forecast --scores 0:19,2:18,4:15"],
    "check": ["check a.trdtrack"],
    "backup": ["backup a.trdtrack", "backup a.trdtrack --to other"],
    "restore": [],
    "recovery": ["recovery a.trdtrack --out key.pdf"],
    "passphrase": ["passphrase a.trdtrack"],
}
SLOW = {"demo": ["demo --out demo"], "screens": ["screens --out screens"], "selftest": ["selftest"]}
RUN = """
import glob, os, sys
from trdtrack import cli
os.mkdir("other")
for line in open("commands.txt", encoding="utf-8").read().splitlines():
    if (code := cli.main(line.split())) != 0:
        sys.exit(f"{line}: {code}")
for found in glob.glob("other/*.trdtrack"):
    if (code := cli.main(["restore", "a.trdtrack", "--from", found, "--out", "restored.trdtrack"])) != 0:
        sys.exit(f"restore: {code}")
"""
JOURNEY = "tests/ui/test_journey.py::test_the_first_day"
PRINTING = "tests/ui/test_exporting.py::test_printing"


def internet(calls: list[str]) -> list[str]:
    return [call for call in calls if INTERNET.search(call)]


def commands() -> set[str]:
    """The commands there are."""
    (sub,) = (action for action in cli._parser()._actions if action.choices)
    return set(sub.choices)


def test_every_command_is_tried() -> None:
    assert commands() <= set(QUICK) | set(SLOW)


@traced_only
def test_no_command_opens_a_connection(tmp_path: Path) -> None:
    tried = {**QUICK, **(SLOW if LONG else {})}
    lines = [line for name, lines in tried.items() if name in commands() for line in lines]
    (tmp_path / "commands.txt").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "scores.csv").write_text(CSV, encoding="utf-8")
    variables = {
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "TRDTRACK_PASSPHRASE": "seven dry tulips",
        "TRDTRACK_NEW_PASSPHRASE": "eight dry tulips",
    }
    calls = traced([sys.executable, "-c", RUN], *OPTIONS, folder=tmp_path, variables=variables)
    assert internet(calls) == []
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF-")


def at_the_window(test: str, folder: Path) -> list[str]:
    """What a test of the window asks the system for."""
    words = ["-m", "pytest", "--rootdir", ROOT, "-c", ROOT / "pyproject.toml", "--basetemp", folder / "inner"]
    variables = {"PYTHONPATH": str(ROOT)}
    return traced([sys.executable, *words, ROOT / test], *OPTIONS, folder=folder, variables=variables)


@traced_only
def test_the_whole_journey_opens_no_connection(tmp_path: Path) -> None:
    """Start, new file, patient, log, correct, undo, export as PDF and CSV, lock, a wrong passphrase, unlock, close."""
    calls = at_the_window(JOURNEY, tmp_path)
    assert internet(calls) == []
    assert any("AF_UNIX" in call for call in calls), "the first window's own socket is seen"


@traced_only
def test_printing_asks_for_printers_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUPS_SERVER", raising=False)
    calls = at_the_window(PRINTING, tmp_path)
    assert internet(calls) == []


@traced_only
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_a_connection_would_be_caught(tmp_path: Path, family: str) -> None:
    opens = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM).close()"
    calls = traced([sys.executable, "-c", opens], *OPTIONS, folder=tmp_path)
    assert [call for call in internet(calls) if f"socket({family}," in call]
    resolves = "import socket, contextlib\nwith contextlib.suppress(OSError): socket.getaddrinfo('example.invalid', 80)"
    assert internet(traced([sys.executable, "-c", resolves], *OPTIONS, folder=tmp_path))
