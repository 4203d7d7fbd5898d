"""Passwords in the system's keyring: a real one on a private bus keeps them encrypted; without one nothing is kept."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backends import fail

from trdtrack import passwords
from trdtrack.domain.address import Address

ROOT = Path(__file__).resolve().parents[1]
ANNA = Address.parse("postgresql://anna@db.example/clinic")
BO = ANNA.of_user("bo")
SECRET = "dry tulips by the door"
SAID = """
import json
from trdtrack import passwords
from trdtrack.domain.address import Address
anna = Address.parse("postgresql://anna@db.example/clinic")
bo = anna.of_user("bo")
said = [passwords.available(), passwords.kept(anna), passwords.keep(anna, "dry tulips by the door")]
said += [passwords.kept(anna), passwords.kept(bo)]
passwords.forget(bo)
passwords.forget(anna) if "forget" in __import__("sys").argv else None
said += [passwords.kept(anna)]
print(json.dumps(said))
"""
real_keyring = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="there is no dbus-run-session or no gnome-keyring-daemon here",
)


def on_a_bus(home: Path, *words: str) -> list[object]:
    """Run what is above on a bus of its own, with a keyring that was just unlocked."""
    script = home / "said.py"
    script.write_text(SAID, encoding="utf-8")
    run = (
        f'printf unlocked | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "{sys.executable}" -P "$@"'
    )
    variables = {"HOME": home, "XDG_DATA_HOME": home / "data", "XDG_RUNTIME_DIR": home, "PYTHONPATH": ROOT}
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", run, "sh", script, *words],
        env=os.environ | {name: str(value) for name, value in variables.items()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@real_keyring
def test_a_real_keyring_keeps_it_encrypted(tmp_path: Path) -> None:
    assert on_a_bus(tmp_path) == [True, "", True, SECRET, "", SECRET]
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]
    assert on_a_bus(tmp_path, "forget") == [True, SECRET, True, SECRET, "", ""]


@pytest.fixture
def as_set() -> None:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


class PlainText(keyring.backend.KeyringBackend):
    """A keyring as some computers have it: it would write what it is given into a file."""

    priority = 9
    taken: list[str] = []  # noqa: RUF012

    def get_password(self, _service: str, _name: str) -> str:
        return "from a file"

    def set_password(self, _service: str, _name: str, password: str) -> None:
        self.taken.append(password)


def test_a_keyring_that_is_not_known_to_encrypt_is_given_nothing(as_set: None) -> None:
    keyring.set_keyring(PlainText())
    assert not passwords.available()
    assert passwords.keep(ANNA, SECRET) is False
    assert passwords.kept(ANNA) == ""
    assert PlainText.taken == []


def test_without_a_keyring_nothing_is_kept(as_set: None) -> None:
    keyring.set_keyring(fail.Keyring())
    assert not passwords.available()
    assert passwords.keep(BO, SECRET) is False
    assert passwords.kept(BO) == ""
    passwords.forget(BO)
