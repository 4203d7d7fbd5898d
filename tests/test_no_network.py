"""No connection is opened: the whole journey and every command under strace, with no internet socket asked for."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clinic import PASSWORD
from traced import traced, traced_only

from trdtrack import cli
from trdtrack.domain.address import Address

if TYPE_CHECKING:
    from clinic import Clinic

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
    "clinic": [],  # on a server, below
}
SLOW = {
    "demo": ["demo --out demo"],
    "screens": ["screens --out screens --theme light --scale 100"],
    "selftest": ["selftest"],
}
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
HERE = {"AF_INET": "127.0.0.1", "AF_INET6": "::1"}
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


# A server that somebody named

ON_SERVER = (
    "patients {} --json",
    "check {}",
    "clinic assign {} tina --patient P-1",
    "clinic move {} out.trdtrack",
)
ASKED = re.compile(
    r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*sin6?_port=htons\((\d+)\)"
    r'.*?(?:sin_addr=inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"'
)
START = """
from trdtrack import settings
from trdtrack.domain.address import Address
from trdtrack.ui.app import application
from trdtrack.ui.desk import now
from trdtrack.ui.screens import settle
from trdtrack.ui.window import Window
settings.remember_server(Address.parse({address!r}), keyring=False)
application()
window = Window(who="test", clock=now)
window.show()
settle()
assert window.unlock.files.count() == 1
window.close()
"""


def asked_for(calls: list[str]) -> set[tuple[str, int]]:
    """Every address of a network, and its port, that was asked for anything."""
    return {(found[2], int(found[1])) for call in calls if (found := ASKED.search(call))}


@traced_only
def test_a_server_somebody_named_is_the_only_address_asked_for(clinic: Clinic, tmp_path: Path) -> None:
    if not clinic.cluster.own:
        pytest.skip("which address the server that TRDTRACK_TEST_POSTGRES names has is not ours to say")
    address = Address.parse(clinic.cluster.address(clinic.database, "erna", tcp=True))
    lines = [line.format(address.text) for line in ON_SERVER]
    (tmp_path / "commands.txt").write_text("\n".join(lines), encoding="utf-8")
    variables = {
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "TRDTRACK_SERVER_PASSWORD": PASSWORD,
        "TRDTRACK_PASSPHRASE": "seven dry tulips",
    }
    calls = traced([sys.executable, "-c", RUN], *OPTIONS, folder=tmp_path, variables=variables)
    assert asked_for(calls) == {("127.0.0.1", int(dict(address.parts)["port"]))}
    assert (tmp_path / "out.trdtrack").exists()


@traced_only
def test_a_server_that_is_remembered_is_not_asked_before_somebody_opens_it(tmp_path: Path) -> None:
    script = START.format(address="postgresql://anna@127.0.0.1:5432/clinic")
    variables = {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    calls = traced([sys.executable, "-c", script], *OPTIONS, folder=tmp_path, variables=variables)
    assert internet(calls) == []


@traced_only
@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_a_connection_would_be_caught(tmp_path: Path, family: str) -> None:
    sends = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM).connect(({HERE[family]!r}, 9))"
    assert asked_for(traced([sys.executable, "-c", sends], *OPTIONS, folder=tmp_path)) == {(HERE[family], 9)}
    opens = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM).close()"
    calls = traced([sys.executable, "-c", opens], *OPTIONS, folder=tmp_path)
    assert [call for call in internet(calls) if f"socket({family}," in call]
    resolves = "import socket, contextlib\nwith contextlib.suppress(OSError): socket.getaddrinfo('example.invalid', 80)"
    assert internet(traced([sys.executable, "-c", resolves], *OPTIONS, folder=tmp_path))
