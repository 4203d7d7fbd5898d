"""The unlock page's side for a clinic's server: address, login, password; remembered but for the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from served import ANNA, PASSWORD, Served

from trdtrack import passwords, settings
from trdtrack.domain.address import Address
from ui.hands import Person, focus, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

ADDRESS = Address.parse("postgresql://anna@db.example/clinic")


class InMemory(KeyringBackend):
    """A keyring that takes and gives, for as long as the test runs."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """The computer's own keyring is none of a test's business."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def ring(no_keyring: None, monkeypatch: pytest.MonkeyPatch) -> InMemory:
    made = InMemory()
    monkeypatch.setattr(passwords, "ENCRYPTED", (InMemory.__module__.rpartition(".")[2],))
    keyring.set_keyring(made)
    return made


@pytest.fixture
def person(newcomer: Callable[[], Person]) -> Person:
    made = newcomer()
    made.click("A clinic's server…")
    return made


def log_in(person: Person, served: Served, qtbot: QtBot, *, password: str = PASSWORD) -> None:
    side = person.window.unlock.server
    side.address.setText(served.address(ANNA, tcp=True).of_user("").text.replace(f"{ANNA}@", ""))
    side.login.setText(ANNA)
    side.password.setText(password)
    side._open()
    until(qtbot, lambda: not person.window.work.busy)


def by_port(served: Served) -> Address:
    if not served.cluster.own:
        pytest.skip("whether the server that TRDTRACK_TEST_POSTGRES names asks for a password is not ours to say")
    return served.address(ANNA, tcp=True)


def written_down(home: Path) -> str:
    """Everything this computer keeps of it."""
    return "".join(path.read_text(errors="replace") for path in home.rglob("*") if path.is_file())


def test_logged_in_with_the_password_and_the_address_remembered(
    person: Person, served: Served, qtbot: QtBot, own_home: Path
) -> None:
    address = by_port(served)
    assert focus() is person.window.unlock.server.address
    log_in(person, served, qtbot)
    assert person.caseload.on_server
    assert [line.who for line in person.caseload.history(limit=1)]
    assert person.window.windowTitle() == f"{served.database} – TRDTrack"
    assert settings.servers() == [settings.Server(address, keyring=False)]
    assert PASSWORD not in written_down(own_home)
    # Locked, it is the one offered; the password is asked for again.
    person.lock()
    unlock = person.window.unlock
    assert unlock.files.currentText() == f"127.0.0.1/{served.database} as {ANNA}"
    assert unlock.passphrase.placeholderText() == "Password"
    assert focus() is unlock.passphrase
    person.write(PASSWORD)
    person.press("Enter")
    until(qtbot, lambda: not person.window.work.busy)
    assert person.caseload.on_server


def test_a_wrong_password_is_told_and_nothing_typed_is_lost(person: Person, served: Served, qtbot: QtBot) -> None:
    by_port(served)
    log_in(person, served, qtbot, password="wet tulips")
    side = person.window.unlock.server
    assert person.window.workspace is None
    assert "does not know this name with this password" in side.message.text()
    assert side.login.text() == ANNA
    assert focus() is side.password
    assert settings.servers() == []
    log_in(person, served, qtbot, password="")
    assert side.message.text() == f"Type your password for 127.0.0.1/{served.database}."
    log_in(person, served, qtbot)
    assert person.caseload.on_server


def test_a_server_that_is_away_is_told(person: Person, served: Served, qtbot: QtBot) -> None:
    side = person.window.unlock.server
    side.address.setText("postgresql://127.0.0.1:1/clinic")
    side.login.setText(ANNA)
    side._open()
    until(qtbot, lambda: not person.window.work.busy)
    assert "127.0.0.1/clinic does not answer" in side.message.text()


@pytest.mark.parametrize(
    ("address", "login", "said"),
    [
        ("clinic.trdtrack", ANNA, "This is no address of a server."),
        ("postgresql://anna:secret@db.example/clinic", "", "An address holds no password"),
        ("postgresql://db.example/clinic?sslmode=disable", ANNA, "not encrypted"),
        ("postgresql://db.example/clinic", "", "Type your login."),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_asked_for(
    person: Person, address: str, login: str, said: str
) -> None:
    side = person.window.unlock.server
    side.address.setText(address)
    side.login.setText(login)
    person.press("Enter")
    assert said in side.message.text()
    assert not person.window.work.busy


def test_without_a_keyring_that_is_said(person: Person) -> None:
    side = person.window.unlock.server
    assert not side.keep.isVisible()
    assert person.sees("This computer has no keyring for passwords: it is asked for each time.")
    person.click("Back")
    assert not side.isVisible()


def test_the_password_kept_in_the_keyring_on_asking_and_let_go_on_asking(
    newcomer: Callable[[], Person], ring: InMemory, served: Served, qtbot: QtBot, own_home: Path
) -> None:
    address = by_port(served)
    person = newcomer()
    person.click("A clinic's server…")
    side = person.window.unlock.server
    assert side.keep.isVisible()
    assert not side.keep.isChecked(), "only what was asked for is kept"
    side.keep.setChecked(True)
    log_in(person, served, qtbot, password="wet tulips")
    assert ring.kept == {}, "a wrong one is not kept"
    log_in(person, served, qtbot)
    assert ring.kept == {("TRDTrack", address.text): PASSWORD}
    assert settings.servers() == [settings.Server(address, keyring=True)]
    assert PASSWORD not in written_down(own_home)
    # Nothing has to be typed any more.
    person.lock()
    unlock = person.window.unlock
    assert "keyring" in unlock.passphrase.placeholderText()
    person.press("Enter")
    until(qtbot, lambda: not person.window.work.busy)
    assert person.caseload.on_server
    # Changed on the server: said, and asked for.
    person.lock()
    ring.kept["TRDTrack", address.text] = "an old one"
    person.press("Enter")
    until(qtbot, lambda: not person.window.work.busy)
    assert unlock.message.text() == "The password in the keyring is not right any more. Type the one there is now."
    # The tick taken away, it is let go.
    person.click("A clinic's server…")
    assert side.keep.isChecked()
    assert (side.login.text(), focus()) == (ANNA, side.password)
    side.keep.setChecked(False)
    log_in(person, served, qtbot)
    assert ring.kept == {}
    assert settings.servers() == [settings.Server(address, keyring=False)]


def test_the_latest_server_comes_first_and_a_password_never_into_the_settings(own_home: Path) -> None:
    other = Address.parse("service=clinic user=bo")
    settings.remember_server(ADDRESS, keyring=True)
    settings.remember_server(other, keyring=False)
    settings.remember_server(ADDRESS, keyring=False)
    assert settings.servers() == [settings.Server(ADDRESS, keyring=False), settings.Server(other, keyring=False)]
    assert "password" not in written_down(own_home)


def test_settings_that_cannot_be_read_are_no_error(own_home: Path) -> None:
    settings.remember_server(ADDRESS, keyring=True)
    (path,) = own_home.rglob("settings.json")
    for spoilt in ('{"servers": 3}', '{"servers": [3]}', '{"servers": [{"address": "x", "keyring": true}]}'):
        path.write_text(spoilt)
        assert settings.servers() == []
    settle()
