"""Nothing of a patient lies about after a session: settings, logs, caches, temporary files, what was printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from whole_session import ASKED_FOR, NAMES

HERE = Path(__file__).parent
SHARE = 4
"""Letters of a name that are enough to know a word of it by."""


def spellings(name: str) -> set[bytes]:
    """A name as a file may hold it: as it is, in small and capital letters, escaped; UTF-8 or UTF-16."""
    cases = {name, name.lower(), name.upper(), name.casefold()}
    cases |= {json.dumps(text)[1:-1] for text in cases}
    return {text.encode(code) for text in cases for code in ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
            if code != "latin-1" or text.isascii()}  # fmt: skip


def words() -> set[str]:
    """The planted names, and each longer word of one alone."""
    return set(NAMES.values()) | {word for name in NAMES.values() for word in name.split() if len(word) > SHARE + 3}


def found(root: Path) -> list[tuple[str, str]]:
    """Every file below a folder that holds a planted name, or is called by one."""
    hits: list[tuple[str, str]] = []
    sought = {word: spellings(word) for word in words()}
    for file in sorted(root.rglob("*")):
        content = file.read_bytes() if file.is_file() else b""
        held = (content, content.lower(), os.fsencode(file.name), os.fsencode(file.name.lower()))
        hits += [
            (str(file.relative_to(root)), word)
            for word, spelled in sought.items()
            if any(one in text for one in spelled for text in held)
        ]
    return hits


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session's whole world after it: home, temporary files, and what the process printed."""
    world = tmp_path_factory.mktemp("world")
    asked, incoming, home, temporary = (world / name for name in ("asked", "incoming", "home", "tmp"))
    for folder in (asked, incoming, home, temporary):
        folder.mkdir()
    (incoming / "scores.csv").write_text(f"patient,date,total\n{NAMES['imported']},2026-01-05,19\n", encoding="utf-8")
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(HERE)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(temporary),
        **{f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "CACHE", "DATA", "STATE")},
        **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)),
    }
    temporary.chmod(0o700)
    with (home / "xsession-errors").open("wb") as printed:
        ran = subprocess.run(
            [sys.executable, str(HERE / "whole_session.py"), str(home), str(asked), str(incoming)],
            env=env, stdout=printed, stderr=subprocess.STDOUT, check=False, timeout=400,
        )  # fmt: skip
    assert ran.returncode == 0, (home / "xsession-errors").read_text()
    return world


def test_twenty_names_are_planted_and_the_session_did_what_it_should(lived: Path) -> None:
    assert len(set(NAMES.values())) == 20
    exported = found(lived / "asked")
    assert ("asked-for.json", NAMES["name"]) in exported, "what was asked for does hold them, and is found"
    assert {file.name for file in (lived / "asked").iterdir()} == {f"asked-for.{kind}" for kind in ASKED_FOR}


def test_after_a_session_none_of_them_is_left_anywhere(lived: Path) -> None:
    assert found(lived / "home") == []
    assert found(lived / "tmp") == []
    assert list((lived / "tmp").iterdir()) == [], "no temporary file at all"
    files = {str(file.relative_to(lived / "home")) for file in (lived / "home").rglob("*") if file.is_file()}
    assert files >= {"clinic.trdtrack", "xsession-errors", "config/trdtrack/settings.json"}


def test_bugs_with_a_name_in_what_they_say_are_noted_by_kind_and_place(lived: Path) -> None:
    (log,) = (lived / "home").rglob("bugs.log")
    lines = log.read_text().splitlines()
    assert len(lines) == 3, "in a slot, in a thread, and where nobody can catch it"
    for line in lines:
        assert " ValueError whole_session.py:" in line
        assert " broken" in line
    printed = (lived / "home" / "xsession-errors").read_text()
    assert "Traceback" not in printed
    assert printed.endswith("done\n")


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_name_that_did_lie_about_is_caught(tmp_path: Path, code: str) -> None:
    for number, name in enumerate(NAMES.values()):
        for written in (name, name.upper(), name.lower(), json.dumps(name)):
            log = tmp_path / f"{number}.log"
            log.write_bytes(b"\x00 an error: " + written.encode(code))
            assert (log.name, name) in found(tmp_path), (written, code)
            log.unlink()
    (tmp_path / f"{NAMES['code']}.part").touch()
    assert found(tmp_path) == [(f"{NAMES['code']}.part", NAMES["code"])]


_CRASH = """
import os, resource, sys
from trdtrack import bugs
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
bugs.prepare_for_a_crash()
print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)

def falls(name):
    kept = {name: [name]}
    os.abort()

falls(sys.argv[1])
"""


def test_a_crash_names_its_place_and_no_patient_and_leaves_no_memory_behind(tmp_path: Path) -> None:
    script = tmp_path / "crash.py"
    script.write_text(_CRASH)
    env = {**os.environ, "PYTHONPATH": str(HERE.parent), "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)}
    words = [sys.executable, str(script), NAMES["name"]]
    ran = subprocess.run(words, env=env, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert ran.returncode < 0
    assert ran.stdout.decode().strip() == "(0, 0)"
    (log,) = tmp_path.rglob("crash.log")
    told = log.read_text()
    assert "Aborted" in told
    assert "falls" in told
    assert log.stat().st_mode & 0o077 == 0
    script.unlink()
    assert found(tmp_path) == []
    assert not any(NAMES["name"].encode() in said for said in (ran.stdout, ran.stderr))
