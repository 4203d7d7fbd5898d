"""What is installed is what was locked: each package in one version, by its hashes, and the audit passes none over."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "packaging" / "lock.txt"
DEV = ROOT / "packaging" / "dev.py"


LOCKS = sorted(LOCK.parent.glob("lock*.txt"))


def locked(lock: Path = LOCK) -> dict[str, list[str]]:
    """Each locked package's hashes."""
    found: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
        head, *rest = (line.strip().removesuffix("\\").strip() for line in entry.splitlines())
        name = re.fullmatch(r"([a-z0-9-]+)==[0-9][^ ;]*( ;.*)?", head)
        assert name, head
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in rest), head
        found[name[1]] = rest
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_has_one_version_and_its_hashes(lock: Path) -> None:
    packages = locked(lock)
    assert len(packages) > (2 if lock.stem == "lock-check" else 30)
    assert [name for name, hashes in packages.items() if not hashes] == []


def test_what_is_shipped_is_what_was_tested() -> None:
    """Of each package that two locks name, the same hashes."""
    tested, shipped = locked(), locked(LOCK.with_name("lock-runtime.txt"))
    assert set(shipped) < set(tested)
    assert {name for name, hashes in shipped.items() if hashes != tested[name]} == set()


def test_everything_asked_for_is_locked_and_nothing_comes_from_elsewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups, needed = project["dependency-groups"], project["project"]["dependencies"]
    for name, wanted in {
        "lock": needed + groups["test"],
        "lock-runtime": needed,
        "lock-check": groups["check"],
        "lock-build": groups["build"],
    }.items():
        names = {re.split(r"[^A-Za-z0-9.-]", one)[0].lower().replace(".", "-") for one in wanted}
        assert names <= set(locked(LOCK.with_name(f"{name}.txt"))), name
    assert "://" not in "".join(lock.read_text(encoding="utf-8") for lock in LOCKS)


def test_a_package_that_is_not_what_was_locked_is_not_installed(tmp_path: Path) -> None:
    """The options an environment is made with, on a package of the test's own whose hash is another."""
    made_by = ROOT / "packaging" / "environment.py"
    options = re.search(r"options = (\[.*--require-hashes.*\])", made_by.read_text(encoding="utf-8"))
    assert options
    wheel = tmp_path / "own_thing-1.0-py3-none-any.whl"
    made = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z: z.writestr('own_thing.py', '')"
    subprocess.run([sys.executable, "-c", made, wheel], check=True)
    (tmp_path / "lock.txt").write_text(f"own-thing==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    words = [word.strip(' "') for word in options[1].strip("[]").split(",")]
    where = ["--no-index", "--find-links", tmp_path, "--target", tmp_path / "site", "-r", tmp_path / "lock.txt"]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        pytest.skip("this Python has no pip")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *words, *where], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_the_audit_says_plainly_that_it_cannot_look(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, DEV, "audit"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was looked up: there is no pip-audit")


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
def test_the_audit_hands_over_the_lock_and_answers_as_it_is_answered(tmp_path: Path) -> None:
    stand_in = tmp_path / "pip-audit"
    stand_in.write_text('#!/bin/sh\necho "$@"\nexit 1\n', encoding="utf-8")
    stand_in.chmod(0o755)
    done = subprocess.run(
        [sys.executable, DEV, "audit", "--verbose"],
        env={"PATH": f"{tmp_path}:/bin:/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    words = done.stdout.split()
    assert {"--require-hashes", "--strict", "--verbose", str(LOCK)} <= set(words)
    assert "could not look" in done.stderr
