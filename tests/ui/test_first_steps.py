"""The first steps: from no file to a first chart with one key for each step, and never again once they were left."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from trdtrack import settings
from trdtrack.caseload import Caseload
from trdtrack.ui.dialogs import Dialogs
from trdtrack.ui.making import usual_place
from ui.hands import PASSPHRASE, Person, focus, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def strip(person: Person) -> str:
    """What the strip says now; empty while it is not there."""
    steps = person.window.steps
    return f"{steps.step.text()}: {steps.words.text()}" if steps.isVisible() else ""


def pressed(person: Person, qtbot: QtBot, true: Callable[[], bool]) -> None:
    """Press Enter on the button that has the focus, and wait until it did what it says."""
    person.press("Enter")
    until(qtbot, true)


def new_patient(person: Person, qtbot: QtBot) -> None:
    pressed(person, qtbot, lambda: person.place.form is not None)


def make(person: Person, qtbot: QtBot) -> None:
    """Take the first step by keys alone, and print no recovery sheet."""
    pressed(person, qtbot, lambda: focus() is person.window.unlock.making.name)
    person.press("Enter")
    person.write(PASSPHRASE)
    person.press("Enter")
    person.write(PASSPHRASE)
    person.answers.ready("confirm", answer=False)
    person.press("Enter")
    until(qtbot, lambda: person.window.workspace is not None and bool(person.answers.asked))


@pytest.fixture
def made(newcomer: Callable[[], Person], qtbot: QtBot) -> Person:
    """Somebody who took the first step."""
    person = newcomer()
    make(person, qtbot)
    return person


def test_from_nothing_to_a_chart_by_what_the_strip_says(made: Person, own_home: Path, qtbot: QtBot) -> None:
    assert list(own_home.glob("**/*.trdtrack")) == [own_home / "clinic.trdtrack"]
    assert strip(made).startswith("2 of 3: Your first patient: Enter or Ctrl+N.")
    new_patient(made, qtbot)
    assert strip(made).startswith("2 of 3: A code such as A-003 is enough.")
    assert focus() is made.field("code")
    made.write("A-003")
    made.press("Ctrl+Enter")
    settle()
    assert strip(made) == "3 of 3: The first PHQ-9: Enter or L, then nine digits."
    pressed(made, qtbot, lambda: made.place.form is not None)
    assert strip(made).startswith("3 of 3: Type the nine answers as digits 0 to 3")
    made.press(*"233213201", "Ctrl+Enter")
    settle()
    assert strip(made).startswith("3 of 3: Your first chart: the baseline, and two lines")
    summary = made.place.patient_page.summary
    assert summary is not None
    assert summary.baseline is not None
    assert summary.baseline.point.total == 17
    assert made.window.steps.leave_button.text() == "Done"
    made.press("X")
    settle()
    assert made.place.form is not None, "X leads to the export, as the strip says"


def test_the_first_step_is_in_front_of_a_newcomers_eyes(newcomer: Callable[[], Person], qtbot: QtBot) -> None:
    person = newcomer()
    assert strip(person).startswith("1 of 3: Make a caseload")
    pressed(person, qtbot, lambda: focus() is person.window.unlock.making.name)
    assert person.window.unlock.making.path == usual_place()


@pytest.mark.parametrize("how", ["Esc", "Not now"])
def test_once_left_they_come_again_only_when_asked_for(
    made: Person, how: str, at_window: Callable[..., Person]
) -> None:
    path = made.caseload.path
    if how == "Esc":
        made.press("Esc")
        settle()
    else:
        made.click(how)
    assert strip(made) == ""
    assert made.line == "The help (F1) leads to the first steps again."
    assert made.window.isAncestorOf(focus())
    made.lock()
    assert strip(made) == ""
    again = at_window(path)
    assert strip(again) == ""
    again.window.over.show_help()
    settle()
    again.click("The first steps again")
    assert again.window.over.help is None
    assert strip(again).startswith("2 of 3")


def test_once_done_they_do_not_come_for_the_next_caseload(made: Person, empty_file: Path, qtbot: QtBot) -> None:
    new_patient(made, qtbot)
    made.write("A-003")
    made.press("Ctrl+Enter", "L", *"233213200", "Ctrl+Enter")
    settle()
    made.lock()
    assert strip(made) == ""
    made.window.show_caseload(Caseload.open(empty_file, PASSPHRASE, who="test"))
    settle()
    assert strip(made) == ""


def test_a_lock_in_between_loses_none_of_them(made: Person) -> None:
    path = made.caseload.path
    made.lock()
    assert strip(made) == ""
    made.window.show_caseload(Caseload.open(path, PASSPHRASE, who="test"))
    settle()
    assert strip(made).startswith("2 of 3")


def test_they_are_not_for_who_has_a_caseload(newcomer: Callable[[], Person], demo_file: Path) -> None:
    settings.remember(demo_file)
    assert strip(newcomer()) == ""


def test_a_caseload_that_was_not_made_here_shows_none(clinic: Person) -> None:
    assert strip(clinic) == ""


def test_escape_belongs_to_the_form_first(made: Person, qtbot: QtBot) -> None:
    new_patient(made, qtbot)
    made.press("Esc")
    settle()
    assert made.place.form is None
    assert strip(made).startswith("2 of 3: Your first patient")


def test_a_chart_without_expected_lines_is_called_so(made: Person, qtbot: QtBot) -> None:
    new_patient(made, qtbot)
    made.write("A-003")
    made.fill(made.field("date_of_birth"), "2012-04-03")
    made.press("Ctrl+Enter")
    settle()
    made.press("L", *"233213200", "Ctrl+Enter")
    settle()
    summary = made.place.patient_page.summary
    assert summary is not None
    assert summary.benchmark is None, "nobody's lines are for a child"
    assert strip(made).startswith("3 of 3: Your first chart. Beside it stands why it has no expected lines.")


def test_without_a_name_no_file_is_made(newcomer: Callable[[], Person]) -> None:
    person = newcomer()
    person.click("New caseload…")
    person.press("Ctrl+A", "Del")
    person.click("Make the caseload")
    assert person.sees("Give the file a name.")
    assert focus() is person.window.unlock.making.name


def test_the_name_proposed_is_nobodys(own_home: Path) -> None:
    for name in ("clinic", "clinic2"):
        assert usual_place() == own_home / f"{name}.trdtrack"
        usual_place().touch()
    assert usual_place() == own_home / "clinic3.trdtrack"
    (own_home / "Documents").mkdir()
    assert usual_place() == own_home / "Documents" / "clinic.trdtrack"


def test_boxes_begin_among_the_documents_and_then_where_one_was(newcomer: Callable[[], Person], own_home: Path) -> None:
    (own_home / "Documents" / "Papers").mkdir(parents=True)
    dialogs, seen = Dialogs(newcomer().window), list[Path]()

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QFileDialog)
        seen.append(Path(box.directory().absolutePath()))
        box.setDirectory(str(own_home / "Documents" / "Papers"))
        box.accept()

    for _time in range(2):
        QTimer.singleShot(300, answer)
        written = dialogs.save_file("Summary", "A-003.pdf", "Summary (*.pdf)")
        assert written == own_home / "Documents" / "Papers" / "A-003.pdf"
    assert seen == [own_home / "Documents", own_home / "Documents" / "Papers"]
