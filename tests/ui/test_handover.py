"""The screen in a patient's hand: questions by keys, nothing of any patient, nowhere to go but the passphrase."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from trdtrack import words
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, Step, altered
from trdtrack.domain.handover import key_of, read_handed
from trdtrack.domain.message import message
from trdtrack.domain.records import Clinic
from trdtrack.paths import resources
from trdtrack.ui.handover.large import TOUCH_PX
from trdtrack.ui.handover.page import HandoverPage
from trdtrack.ui.locking.clip import empty
from trdtrack.words import phq9_wording
from ui.hands import AT, Person, cells, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

CODE = "DEMO-014"
WORDS = phq9_wording()


def course_of(person: Person, code: str = CODE) -> str:
    course = person.caseload.current_course(person.caseload.patient_by_code(code).id)
    assert course is not None
    return course.id


def hand_over(person: Person, code: str = CODE) -> HandoverPage:
    person.show_patient(code)
    person.answers.ready("confirm", answer=True)
    person.press("Ctrl+Shift+H")
    settle()
    return page_of(person)


def page_of(person: Person) -> HandoverPage:
    page = person.window.handing.page
    assert page is not None
    return page


def take_back(person: Person, qtbot: QtBot, passphrase: str = "demo") -> None:
    page = page_of(person)
    if page.stack.currentWidget() is not page.passphrase:
        person.press("Esc")
    person.fill(page.passphrase.field, passphrase)
    person.press("Enter")
    until(qtbot, lambda: not person.window.work.busy)


def kept(path: Path, key: str) -> dict[str, object] | None:
    """What the file itself holds, read by another."""
    other = Caseload.open(path, "demo", who="somebody else")
    try:
        draft = other.draft(key)
    finally:
        other.close()
    return json.loads(draft.text) if draft else None


def texts(person: Person) -> str:
    """Everything that can be read or heard in the window, its title included."""
    found = [person.window.windowTitle()]
    for widget in person.window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            found.append(widget.text())
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
    return "\n".join(found)


def risk_of(person: Person, code: str = CODE) -> str:
    person.press("Ctrl+1")
    person.place.caseload_page.show_list()
    settle()
    return next(row["Risk"] for row in cells(person.place.caseload_page.table) if row["Patient"] == code)


@pytest.fixture
def handed(demo: Person, qtbot: QtBot) -> Iterator[Person]:
    """Somebody who gave the screen away, and takes it back at the end."""
    hand_over(demo)
    yield demo
    if demo.window.handing.under_way:
        take_back(demo, qtbot)


def test_a_whole_pass_by_keys(demo: Person, qtbot: QtBot) -> None:
    key, path = key_of(course_of(demo)), demo.caseload.path
    page = hand_over(demo)
    assert demo.window.isFullScreen()
    for number, digit in enumerate("210000001", start=1):
        assert demo.sees(f"{number} of 9")
        assert page.question.text.text() == WORDS.items[number - 1]
        demo.press(digit)
        now = kept(path, key)
        assert now is not None
        assert now["answers"][number - 1] == int(digit)  # type: ignore[index]
    demo.press("Enter")
    assert demo.sees(WORDS.difficulty)
    demo.press("2")
    assert page.stack.currentWidget() is page.look
    assert [row.answer.text() for row in page.look.rows[:3]] == [WORDS.answers[2], WORDS.answers[1], WORDS.answers[0]]
    assert page.look.rows[-1].answer.text() == WORDS.difficulty_answers[2]
    for _row in range(10):
        demo.press("Down")
    demo.press("Enter")
    assert demo.sees("Thank you.")
    assert page.handed.done
    take_back(demo, qtbot)
    assert not demo.window.isFullScreen()
    assert demo.line == "Answers are waiting: DEMO-014, item 9 answered 1"


def test_it_is_asked_once_and_nothing_happens_on_no(demo: Person) -> None:
    demo.show_patient(CODE)
    demo.answers.ready("confirm", answer=False)
    demo.press("Ctrl+Shift+H")
    assert demo.window.workspace is not None
    assert not demo.window.handing.under_way
    assert len(demo.answers.asked) == 1
    # The demo's passphrase is nobody's secret, and whoever does not know it could not come back.
    demo.window.trying.demo = True
    demo.answers.ready("confirm", answer=False)
    demo.place.patient_page.head.hand_over_button.click()
    assert "The demo's passphrase is demo." in demo.answers.asked[-1]


def read_again() -> None:
    """Read the instruments' wordings from their files when they are asked for next."""
    words._wording.cache_clear()
    words._wordings.cache_clear()


@pytest.fixture
def second_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A second file beside the English one: no instrument, only words that can be told apart."""
    folder = tmp_path / "instruments"
    folder.mkdir()
    english = (resources() / "instruments" / "phq9.en.toml").read_text("utf-8")
    (folder / "phq9.en.toml").write_text(english, "utf-8")
    other = english.replace('language = "English"', 'language = "Anders"').replace("Little interest", "Xx")
    (folder / "phq9.xx.toml").write_text(other, "utf-8")
    monkeypatch.setattr(words, "resources", lambda: tmp_path)
    read_again()
    yield
    read_again()


@pytest.mark.usefixtures("second_language")
def test_where_there_are_several_languages_it_is_asked_in_which(demo: Person) -> None:
    demo.show_patient(CODE)
    demo.answers.ready("choose", None)
    demo.press("Ctrl+Shift+H")
    assert not demo.window.handing.under_way
    demo.answers.ready("choose", "Anders")
    demo.answers.ready("confirm", answer=True)
    demo.press("Ctrl+Shift+H")
    settle()
    assert demo.window.handing.page is not None
    assert any(text.startswith("Xx or pleasure") for text in (label.text() for label in shown_labels(demo)))


def shown_labels(person: Person) -> list[QLabel]:
    return [label for label in person.window.findChildren(QLabel) if label.isVisible()]


def test_only_a_patients_page_hands_over(demo: Person) -> None:
    demo.press("Ctrl+1")
    demo.press("Ctrl+Shift+H")
    assert demo.line.startswith("Open the patient first")


def test_arrows_enter_back_and_skip(handed: Person) -> None:
    page = page_of(handed)
    handed.press("Enter")
    assert handed.sees("1 of 9"), "Enter alone answers nothing"
    handed.press("Down", "Down", "Enter")
    assert (page.handed.answers[0], handed.sees("2 of 9")) == (1, True)
    handed.press("Right")
    assert (page.handed.answers[1], handed.sees("3 of 9")) == (None, True)
    handed.press("3")
    handed.press("Left", "Left", "Left")
    assert handed.sees("1 of 9")
    assert page.question.choices[1].isChecked()
    handed.press("Left")
    assert handed.sees("1 of 9"), "before the first there is none"
    handed.click("Continue")
    handed.click("Skip")
    assert handed.sees("3 of 9")
    handed.click("Take this answer back")
    assert (page.handed.answers[2], handed.sees("3 of 9")) == (None, True)


def test_the_mouse_and_a_double_click_answers_one_question_only(handed: Person) -> None:
    page = page_of(handed)
    button = page.question.choices[2]
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert handed.sees("2 of 9")
    at = button.mapTo(page.window(), QPoint(20, 20))
    handle = handed.window.windowHandle()
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, pos=at)
    assert page.handed.answered == 2 + 1, "a double click begins with a click of its own"


def test_all_zero_needs_no_difficulty_and_the_last_look_changes_by_choosing(handed: Person) -> None:
    page = page_of(handed)
    handed.press(*"000000000")
    assert page.stack.currentWidget() is page.look
    assert not page.look.rows[-1].isVisible()
    handed.press("Down", "Enter")
    assert page.question.text.text() == WORDS.items[1]
    handed.press("2")
    assert page.stack.currentWidget() is page.look, "an answer chosen there leads back there"
    assert page.handed.answers[1] == 2
    assert page.look.rows[-1].isVisible()
    assert page.look.rows[-1].answer.text() == "not answered"
    assert handed.sees("1 question is not answered.")
    handed.click("Back")
    assert handed.sees(WORDS.difficulty)


def test_item_9_above_0_shows_the_clinics_words_of_help(demo: Person, qtbot: QtBot) -> None:
    clinic = Clinic(emergency="Night line 0800 123 456")
    demo.place.desk.edit(Edit(message("Settings"), (Step(None, clinic),)))
    page = hand_over(demo)
    demo.press(*"000000000")
    assert page.stack.currentWidget() is page.look, "a 0 says nothing"
    demo.press("Up")
    for _row in range(8):
        demo.press("Down")
    demo.press("Enter")
    demo.press("3")
    assert page.stack.currentWidget() is page.help
    assert demo.sees("Night line 0800 123 456")
    assert demo.sees("Please talk about it with your therapist today.")
    demo.press("Enter")
    assert page.stack.currentWidget() is page.look
    take_back(demo, qtbot)


@pytest.mark.parametrize(
    "way", ["Esc", "Ctrl+Q", "Ctrl+L", "Ctrl+K", "Ctrl+Z", "Ctrl+1", "Alt+Left", "Ctrl+N", "close"]
)
def test_whatever_leads_elsewhere_leads_to_the_passphrase(handed: Person, way: str) -> None:
    page = page_of(handed)
    handed.press("2", "1")
    if way == "close":
        assert not handed.window.close()
    else:
        handed.press(way)
    settle()
    assert handed.window.isVisible()
    assert handed.window.workspace is None
    assert page.stack.currentWidget() is page.passphrase
    handed.press("Esc")
    assert page.stack.currentWidget() is page.passphrase
    handed.click("Back to the questions")
    assert handed.sees("3 of 9")
    assert page.handed.answers[:2] == (2, 1)


def test_a_wrong_passphrase_opens_nothing_and_is_not_left_in_the_field(handed: Person, qtbot: QtBot) -> None:
    page = page_of(handed)
    handed.press("2")
    take_back(handed, qtbot, "not this one")
    assert handed.window.handing.under_way
    assert handed.window.workspace is None
    assert page.passphrase.message.text()
    assert page.passphrase.field.text() == ""
    page.passphrase.field.undo()
    assert page.passphrase.field.text() == ""
    handed.press("Enter")
    assert handed.sees("Type the passphrase of this caseload.")


def test_after_the_thanks_nothing_leads_back_to_the_questions(handed: Person) -> None:
    page = page_of(handed)
    handed.press(*"100000000", "1")
    handed.click("I am done")
    handed.press("1", "Left", "Enter")
    assert handed.sees("Thank you.")
    handed.press("Esc")
    assert page.stack.currentWidget() is page.passphrase
    assert not page.passphrase.back_button.isVisible()
    assert page.handed.answers == (1, 0, 0, 0, 0, 0, 0, 0, 0)


def test_nothing_of_any_patient_is_there_meanwhile(demo: Person, qtbot: QtBot) -> None:
    people = [part for p in demo.caseload.patients() for part in (p.code, p.name) if part]
    patient = demo.caseload.patient_by_code(CODE)
    demo.place.desk.edit(altered(message("Correct patient"), patient, replace(patient, name="Somebody Known")))
    old = demo.caseload
    page = hand_over(demo)
    assert demo.window.workspace is None
    assert {type(w).__name__ for w in demo.window.findChildren(QWidget)} & {
        "Workspace",
        "PatientPage",
        "CaseloadPage",
    } == set()
    assert demo.window.windowTitle() == ""
    assert (old.can_undo(), old.can_redo()) == (None, None)
    seen = texts(demo)
    for digit in "1111111111":
        demo.press(digit)
        seen += texts(demo)
        if page.stack.currentWidget() is page.help:
            demo.press("Enter")
    demo.click("I am done")
    seen += texts(demo)
    demo.press("Esc")
    seen += texts(demo)
    assert WORDS.items[4] in seen, "these are the words one reads"
    assert [who for who in [*people, "Somebody Known"] if who in seen] == []
    assert QApplication.topLevelWidgets().count(demo.window) == 1
    take_back(demo, qtbot)
    demo.press("Ctrl+Z")
    assert demo.line == "There is nothing to undo or do again."


class Board:
    """Stands in for the system's clipboard: without a display Qt never owns one."""

    def __init__(self, *, ours: bool) -> None:
        self.ours = ours
        self.cleared: list[QClipboard.Mode] = []

    def ownsClipboard(self) -> bool:  # noqa: N802 - Qt's name
        return self.ours

    def ownsSelection(self) -> bool:  # noqa: N802
        return False

    def clear(self, mode: QClipboard.Mode) -> None:
        self.cleared.append(mode)


def test_the_clipboard_is_emptied_where_what_it_holds_was_copied_here() -> None:
    ours, others = Board(ours=True), Board(ours=False)
    for board in (ours, others):
        empty(board)  # type: ignore[arg-type]
    assert (ours.cleared, others.cleared) == ([QClipboard.Mode.Clipboard], [])


def test_a_second_start_shows_only_its_own_unlock_page(handed: Person, newcomer: Callable[[], Person]) -> None:
    second = newcomer()
    assert second.window.workspace is None
    assert second.window.stack.currentWidget() is second.window.unlock
    assert "DEMO-" not in texts(second)
    handed.window.activateWindow()


def test_what_was_typed_before_is_a_draft_and_comes_back_with_the_answers(demo: Person, qtbot: QtBot) -> None:
    demo.show_patient(CODE)
    demo.press("L")
    settle()
    demo.log.note.setPlainText("began to talk about work")
    demo.answers.ready("confirm", answer=True)
    demo.press("Ctrl+Shift+H")
    settle()
    demo.press(*"1111", "Right")
    take_back(demo, qtbot)
    demo.show_patient(CODE)
    demo.press("L")
    settle()
    assert demo.log.note.toPlainText() == "began to talk about work"
    assert [field.text() for field in demo.log.answers[:5]] == ["1", "1", "1", "1", ""]
    assert demo.sees("The patient did not finish.")
    demo.answers.ready("confirm", answer=True)
    demo.press("Esc")
    settle()
    assert [d.form for d in demo.caseload.drafts()] == [key_of(course_of(demo))], "the answers are not typed here"


def test_the_therapist_confirms_and_the_draft_goes(demo: Person, qtbot: QtBot) -> None:
    assert risk_of(demo) == ""
    hand_over(demo)
    demo.press(*"111111112", "Enter", "1")
    demo.click("I am done")
    take_back(demo, qtbot)
    assert risk_of(demo) == "■ confirm item 9: 2"
    page = demo.place.caseload_page
    row = page.roster.rows[demo.caseload.patient_by_code(CODE).id]
    assert page.roster.ordered.index(row) <= 1
    page.tabs.setCurrentIndex(1)
    page.to_do.choose_waiting()
    task = page.to_do.table.chosen()
    assert task is not None
    assert cells(page.to_do.table)[page.to_do.table.currentIndex().row()]["What"] == (
        "Handed answers to confirm: item 9 answered 2"
    )
    demo.press("Enter")
    settle()
    assert "".join(field.text() for field in demo.log.answers) == "1111111121"
    assert demo.sees("Answered by the patient on 20 Nov 2026, 09:30.")
    demo.press("Esc")
    settle()
    assert demo.place.form is None, "nothing was typed, so nothing is asked"
    assert risk_of(demo) == "■ confirm item 9: 2"
    demo.show_patient(CODE)
    demo.press("L")
    settle()
    demo.press("Ctrl+Enter")
    settle()
    assert demo.place.form is None
    assert demo.caseload.drafts() == []
    assert risk_of(demo) == "■ answer item 9: 2"
    latest = demo.caseload.assessments(demo.caseload.patient_by_code(CODE).id)[-1]
    assert (latest.answers, latest.difficulty, latest.date) == ((1, 1, 1, 1, 1, 1, 1, 1, 2), 1, AT.date())


def test_discarding_asks_and_clears_the_risk(demo: Person, qtbot: QtBot) -> None:
    hand_over(demo)
    demo.press(*"000000001")
    take_back(demo, qtbot)
    page = demo.place.caseload_page
    assert page.tabs.currentWidget() is page.to_do, "unlocking leads there"
    for answer in (False, True):
        page.tabs.setCurrentIndex(1)
        page.to_do.choose_waiting()
        demo.answers.ready("confirm", answer=answer)
        demo.click("Discard draft")
        assert "The patient's own answers are then gone" in demo.answers.asked[-1]
        assert risk_of(demo) == ("" if answer else "■ confirm item 9: 1")
    assert demo.caseload.drafts() == []


def test_answers_that_wait_are_not_written_over(demo: Person, qtbot: QtBot) -> None:
    hand_over(demo)
    demo.press(*"0000000000")
    demo.click("I am done")
    take_back(demo, qtbot)
    assert demo.line == "Answers are waiting: DEMO-014"
    demo.show_patient(CODE)
    demo.press("Ctrl+Shift+H")
    assert demo.line.startswith("Answers of 20 Nov 2026 are waiting.")
    assert demo.window.workspace is not None


def test_unfinished_answers_of_the_day_are_gone_on_with(demo: Person, qtbot: QtBot) -> None:
    hand_over(demo)
    demo.press("3", "2")
    take_back(demo, qtbot)
    page = hand_over(demo)
    assert demo.sees("3 of 9")
    assert page.handed.answers[:3] == (3, 2, None)
    take_back(demo, qtbot)


def test_where_nothing_was_answered_nothing_waits(demo: Person, qtbot: QtBot) -> None:
    hand_over(demo)
    demo.press("1", "Left")
    demo.click("Take this answer back")
    take_back(demo, qtbot)
    assert demo.caseload.drafts() == []
    assert demo.line == ""


def test_an_item_9_in_an_unfinished_log_is_open_risk_and_said_on_unlocking(demo: Person, qtbot: QtBot) -> None:
    demo.show_patient(CODE)
    demo.press("L")
    settle()
    demo.press(*"000000003")
    path = demo.caseload.path
    demo.lock()
    demo.window.unlock.choose(path)
    demo.fill(demo.window.unlock.passphrase, "demo")
    demo.press("Enter")
    until(qtbot, lambda: demo.window.workspace is not None)
    assert demo.line == "Not saved yet: DEMO-014, item 9 answered 3"
    assert risk_of(demo) == "■ confirm item 9: 3"
    row = demo.place.caseload_page.roster.ordered[0]
    assert row.gist.code == CODE, "3 comes before the 2 on record of another"


def test_a_correction_that_leaves_item_9_alone_asks_for_nothing_new(demo: Person) -> None:
    patient = demo.caseload.patient_by_code("DEMO-007")
    raised = next(a for a in demo.caseload.assessments(patient.id) if a.answers and a.answers[-1] == 2)
    typed = [str(answer) for answer in raised.answers or ()] + ["", ""]
    before = risk_of(demo, "DEMO-007")
    for sheet, shown in ((typed, before), ([*typed[:8], "3", "", ""], "■ confirm item 9: 3")):
        text = json.dumps({"at": AT.isoformat(), "fields": {"sheet": sheet}})
        demo.caseload.keep_draft(f"correct:{raised.id}", patient=patient.id, text=text, at=AT)
        demo.press("Ctrl+2")
        assert risk_of(demo, "DEMO-007") == shown


def test_answers_the_file_could_not_take_are_said_and_kept_later(demo: Person, qtbot: QtBot) -> None:
    key, path = key_of(course_of(demo)), demo.caseload.path
    page = hand_over(demo)
    held = demo.window.handing._caseload
    assert held is not None
    # As on a full disk: the file takes nothing now.
    held._store.writable = False
    demo.press("2")
    assert demo.sees("The last answers could not be kept yet.")
    assert kept(path, key) is None
    held._store.writable = True
    until(qtbot, lambda: page.kept)
    now = kept(path, key)
    assert now is not None
    assert now["answers"][0] == 2  # type: ignore[index]
    take_back(demo, qtbot)


def test_a_read_only_file_is_not_handed_over(demo: Person) -> None:
    demo.show_patient(CODE)
    demo.caseload._store.writable = False
    demo.press("Ctrl+Shift+H")
    assert demo.line == "This file is in a read-only place: answers could not be kept."
    demo.caseload._store.writable = True


def test_every_stop_is_large_and_has_a_name(handed: Person) -> None:
    page = page_of(handed)
    for button in page.question.choices:
        assert button.height() >= TOUCH_PX
    assert page.question.text.font().pixelSize() >= 28
    assert page.question.accessibleName() == f"1 of 9. {WORDS.items[0]}"
    handed.press(*"111111111", "Enter", "1")
    for view in (page.question, page.help, page.look, page.thanks, page.passphrase):
        page.stack.setCurrentWidget(view)
        for widget in view.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                interface = QAccessible.queryAccessibleInterface(widget)
                assert interface.text(QAccessible.Text.Name), type(widget).__name__


CRASH = """
import os, sys
from pathlib import Path
from trdtrack.ui.app import application
from ui.hands import AT, Answers, Person, settle
from trdtrack.caseload import Caseload
from trdtrack.ui.window import Window
app = application()
answers = Answers()
window = Window(who="test", clock=lambda: AT, dialogs=answers)
window.show()
window.activateWindow()
window.show_caseload(Caseload.open(Path(sys.argv[1]), "demo", who="test"))
settle()
person = Person(window, answers)
person.show_patient("DEMO-014")
answers.ready("confirm", True)
window.workspace.hand_over()
settle()
for digit in "20":
    window.handing.page.question.answered.emit(int(digit))
window.handing.page._change(8)
window.handing.page.question.answered.emit(1)
os.kill(os.getpid(), 9)
"""


def test_a_crash_in_the_middle_loses_no_answer(newcomer: Callable[[], Person], demo_file: Path, qtbot: QtBot) -> None:
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(demo_file)],
        env={**os.environ, "PYTHONPATH": paths},
        timeout=60,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr.decode()
    person = newcomer()
    person.window.unlock.choose(demo_file)
    person.fill(person.window.unlock.passphrase, "demo")
    person.press("Enter")
    until(qtbot, lambda: person.window.workspace is not None)
    assert person.line == "Answers are waiting: DEMO-014, item 9 answered 1"
    assert risk_of(person) == "■ confirm item 9: 1"
    draft = person.caseload.draft(key_of(course_of(person)))
    assert draft is not None
    read = read_handed(draft.text)
    assert read is not None
    assert (read.answers, read.done) == ((2, 0, None, None, None, None, None, None, 1), False)
