"""The window on real encrypted files, a person before it, and nobody's real dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.ui.window import Window
from ui.hands import AT, PASSPHRASE, Answers, Person, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture(scope="session")
def demo_bytes(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> bytes:
    """The demo caseload's file, closed."""
    caseload = make_demo(at=AT, folder=tmp_path_factory.mktemp("demo"))
    caseload.close()
    return caseload.path.read_bytes()


@pytest.fixture(scope="session")
def empty_bytes(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> bytes:
    """An empty caseload's file, closed."""
    caseload = Caseload.create(tmp_path_factory.mktemp("empty") / "empty.trdtrack", PASSPHRASE, who="test")
    caseload.close()
    return caseload.path.read_bytes()


def _folder(tmp_path: Path) -> Path:
    """A folder no other test's is beside: a file that moved is looked for there."""
    (tmp_path / "files").mkdir(exist_ok=True)
    return tmp_path / "files"


@pytest.fixture
def demo_file(tmp_path: Path, demo_bytes: bytes) -> Path:
    path = _folder(tmp_path) / "demo.trdtrack"
    path.write_bytes(demo_bytes)
    return path


@pytest.fixture
def empty_file(tmp_path: Path, empty_bytes: bytes) -> Path:
    path = _folder(tmp_path) / "clinic.trdtrack"
    path.write_bytes(empty_bytes)
    return path


@pytest.fixture
def newcomer(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[], Person]]:
    """Make a window on its unlock page, and a person before it. Every question laid ready must have been asked."""
    made: list[Person] = []

    def make() -> Person:
        answers = Answers()
        window = Window(who="test", clock=lambda: AT, dialogs=answers)  # type: ignore[arg-type]
        window.show()
        window.activateWindow()
        until(qtbot, window.isActiveWindow)
        made.append(Person(window, answers))
        return made[-1]

    yield make
    for person in made:
        person.answers.done()
        until(qtbot, lambda person=person: not person.window.work.busy)
        if person.window.workspace:
            person.window.workspace.close_form()
        person.window.close()
        person.window.deleteLater()
    made.clear()
    settle()


@pytest.fixture
def at_window(newcomer: Callable[[], Person]) -> Callable[[Path, str], Person]:
    """Open a file, its passphrase known, in a window of its own."""

    def open_(path: Path, passphrase: str = PASSPHRASE) -> Person:
        person = newcomer()
        person.window.show_caseload(Caseload.open(path, passphrase, who="test"))
        settle()
        return person

    return open_


@pytest.fixture
def demo(at_window: Callable[[Path, str], Person], demo_file: Path) -> Person:
    """Somebody with the demo caseload open."""
    return at_window(demo_file, "demo")


@pytest.fixture
def clinic(at_window: Callable[[Path, str], Person], empty_file: Path) -> Person:
    """Somebody with an empty caseload open."""
    return at_window(empty_file, PASSPHRASE)
