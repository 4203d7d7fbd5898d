"""The lock that falls by itself: idle minutes, the screen, sleep; nothing typed is lost and nothing is left to see."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication, QImage, QInputMethodEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from trdtrack import settings
from trdtrack.caseload import Caseload
from trdtrack.report.sheet import Size
from trdtrack.ui.dialogs import Dialogs
from trdtrack.ui.locking import lock
from trdtrack.ui.settings.lock import OFFERED
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.ui.window import Window
from ui.hands import AT, Person, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QAccessibleInterface
    from pytestqt.qtbot import QtBot

HERE = Path(__file__).parent
MINUTES = 5


class Time:
    """The computer's running time and its clock, set by hand."""

    def __init__(self, person: Person) -> None:
        self.seconds, self.at = 0.0, AT
        self.idle = person.window.locking.idle
        self.idle._elapsed = lambda: self.seconds
        self.idle._clock = lambda: self.at
        self.idle.start()

    def pass_(self, seconds: float) -> None:
        """Let time pass with nobody there."""
        self.seconds += seconds
        self.idle.look()
        settle()


@pytest.fixture
def passing(demo: Person) -> Time:
    return Time(demo)


def locked(person: Person) -> bool:
    return person.window.workspace is None


def typed_in(person: Person, text: str) -> None:
    person.show_patient("DEMO-014")
    person.press("L")
    settle()
    person.press("2", "3")
    person.log.note.setPlainText(text)


# Idle time


def test_it_locks_after_five_minutes_without_a_touch_and_not_before(demo: Person, passing: Time) -> None:
    passing.pass_(60 * MINUTES - 1)
    assert not locked(demo)
    passing.pass_(1)
    assert locked(demo)
    assert demo.sees("Locked after 5 minutes without a touch.")
    assert demo.window.unlock.passphrase.hasFocus()


def test_the_lock_falls_of_its_own_accord(demo: Person, passing: Time, qtbot: QtBot) -> None:
    settings.remember_lock_minutes(1)
    passing.seconds = 59
    passing.idle.look()
    assert not locked(demo)
    passing.seconds = 60
    until(qtbot, lambda: locked(demo))
    assert demo.sees("Locked after 1 minute without a touch.")


def test_half_a_minute_before_it_is_said_and_a_key_takes_that_back(demo: Person, passing: Time) -> None:
    passing.pass_(60 * MINUTES - 31)
    assert demo.line == ""
    passing.pass_(1)
    assert demo.line == "Locking in 30 s"
    passing.pass_(11)
    assert demo.line == "Locking in 19 s"
    demo.press("Down")
    assert demo.line == ""
    passing.pass_(60 * MINUTES - 31)
    assert not locked(demo)
    assert demo.line == "", "it counts from the key"
    passing.pass_(31)
    assert locked(demo)


def wheel(person: Person) -> None:
    none, at = Qt.KeyboardModifier.NoModifier, QPointF(300, 300)
    phase, turned = Qt.ScrollPhase.NoScrollPhase, QPoint(0, -120)
    event = QWheelEvent(at, at, QPoint(), turned, Qt.MouseButton.NoButton, none, phase, False)
    QApplication.sendEvent(person.window.windowHandle(), event)


def composed(_person: Person) -> None:
    event = QInputMethodEvent("山", [])
    QApplication.sendEvent(QGuiApplication.focusObject(), event)


def touched(person: Person) -> None:
    device = QTest.createTouchDevice()
    QTest.touchEvent(person.window.windowHandle(), device).press(0, QPoint(300, 300)).commit()


TOUCHES: dict[str, Callable[[Person], None]] = {
    "key": lambda person: person.press("Down"),
    "key alone": lambda person: QTest.keyClick(person.window.windowHandle(), Qt.Key.Key_Shift),
    "mouse moved": lambda person: QTest.mouseMove(person.window.windowHandle(), QPoint(310, 320)),
    "mouse pressed": lambda person: QTest.mousePress(person.window.windowHandle(), Qt.MouseButton.RightButton),
    "wheel": wheel,
    "touch": touched,
    "composed by an input method": composed,
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_every_kind_of_touch_counts(demo: Person, passing: Time, touch: str) -> None:
    demo.press("Ctrl+F")
    passing.pass_(60 * MINUTES - 10)
    TOUCHES[touch](demo)
    settle()
    passing.pass_(60 * MINUTES - 10)
    assert not locked(demo)
    passing.pass_(10)
    assert locked(demo)


def test_what_is_typed_is_kept_without_a_question(
    demo: Person, passing: Time, at_window: Callable[..., Person], qtbot: QtBot
) -> None:
    path = demo.caseload.path
    typed_in(demo, "half a thought 😀")
    passing.pass_(0)
    passing.pass_(60 * MINUTES)
    assert locked(demo)
    assert demo.sees("Locked after 5 minutes without a touch. What you typed is kept. It is on the to-do list.")
    back = at_window(path, "demo")
    (draft,) = back.caseload.drafts()
    assert "half a thought 😀" in draft.text


def test_a_computer_that_slept_is_locked_at_the_first_touch(demo: Person, passing: Time) -> None:
    page = demo.place.caseload_page
    before = page.table.currentIndex().row()
    passing.at += timedelta(hours=8)  # its running time stood still
    demo.press("Down")
    settle()
    assert locked(demo)
    assert before == 0


def test_a_clock_set_back_postpones_nothing(demo: Person, passing: Time) -> None:
    passing.at -= timedelta(days=400)
    passing.pass_(60 * MINUTES)
    assert locked(demo)


def test_after_opening_again_it_counts_again(demo: Person, passing: Time, demo_file: Path) -> None:
    passing.pass_(60 * MINUTES)
    passing.pass_(1000)
    demo.window.show_caseload(Caseload.open(demo_file, "demo", who="test"))
    passing.pass_(60 * MINUTES - 1)
    assert not locked(demo)
    passing.pass_(1)
    assert locked(demo)


# What stands in the way


@pytest.fixture
def with_boxes(qapp: object, demo_file: Path, qtbot: QtBot) -> Iterator[Window]:
    """A window with its real boxes."""
    window = Window(who="test", clock=lambda: AT)
    window.show()
    window.show_caseload(Caseload.open(demo_file, "demo", who="test"))
    settle()
    yield window
    window.close()
    window.deleteLater()
    settle()


def one_page() -> bytes:
    buffer, image = QBuffer(), QImage(80, 120, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def preview(boxes: Dialogs) -> str:
    return boxes.preview(Size.A4, [one_page()], lambda: [one_page()])


BOXES: dict[str, tuple[Callable[[Dialogs], Any], Any]] = {
    "a question": (lambda boxes: boxes.confirm("Erase A-014?", "Erase"), False),
    "a line of text": (lambda boxes: boxes.ask("What?"), None),
    "a file": (lambda boxes: boxes.save_file("Export", "A-014.pdf", "PDF (*.pdf)"), None),
    "a folder": (lambda boxes: boxes.folder("Where?"), None),
    "a text": (lambda boxes: boxes.read("Letter", "Dear Dr. Grey"), None),
    "a paper": (preview, ""),
}


@pytest.mark.parametrize("kind", BOXES)
def test_a_box_is_closed_unanswered(with_boxes: Window, kind: str, qtbot: QtBot) -> None:
    ask, nothing = BOXES[kind]
    seen: list[QWidget | None] = []

    def lock() -> None:
        seen.append(QApplication.activeModalWidget())
        with_boxes.locking.lock()

    QTimer.singleShot(200, lock)
    assert ask(with_boxes.dialogs) == nothing
    assert isinstance(seen[0], QDialog), "the box was open"
    until(qtbot, lambda: with_boxes.workspace is None)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]


def test_a_menu_is_closed_too(demo: Person, qtbot: QtBot) -> None:
    menu = QMenu(demo.window)
    menu.addAction("DEMO-003")
    menu.popup(demo.window.mapToGlobal(QPoint(50, 50)))
    until(qtbot, menu.isVisible)
    demo.window.locking.lock()
    until(qtbot, lambda: locked(demo))
    assert not menu.isVisible()


def test_work_under_way_is_finished_behind_a_cover_and_then_it_locks(demo: Person, passing: Time, qtbot: QtBot) -> None:
    go_on, done = threading.Event(), list[str]()
    demo.show_patient("DEMO-003")
    assert demo.sees("DEMO-003")
    work = demo.window.work
    work.run("Writing DEMO-003.pdf…", lambda _tick: go_on.wait(20) and "whole", done=done.append, failed=done.append)
    try:
        until(qtbot, work.isVisible)
        passing.pass_(60 * MINUTES)
        assert not locked(demo)
        assert not demo.sees("DEMO-003"), "covered"
        assert demo.sees("Locked as soon as what was begun is finished.")
        assert demo.sees("Finishing what was begun…")
        demo.press("Down")
        demo.press("Ctrl+1")
        assert not demo.sees("DEMO-003")
    finally:
        go_on.set()
    until(qtbot, lambda: locked(demo))
    assert done == ["whole"]
    assert demo.window.unlock.isVisible()
    assert demo.window.windowTitle() == "TRDTrack"


def test_the_screen_in_a_patients_hand_is_left_to_the_patient(demo: Person, passing: Time) -> None:
    demo.show_patient("DEMO-014")
    demo.answers.ready("confirm", True)
    demo.press("Ctrl+Shift+H")
    settle()
    page = demo.window.handing.page
    assert page is not None
    for _hour in range(3):
        passing.pass_(3600)
    demo.window.locking.lock()
    settle()
    assert demo.window.handing.page is page
    assert page.question.isVisible()
    assert not demo.sees("Locking in")
    demo.press("2")
    assert page.handed.answered == 1
    page.unlock_asked.emit("demo")
    while demo.window.handing.under_way:
        settle()
    passing.pass_(60 * MINUTES)
    assert locked(demo), "and then it counts again"


def test_what_the_file_does_not_take_is_held_and_given_back(
    demo: Person, passing: Time, demo_file: Path, qtbot: QtBot
) -> None:
    typed_in(demo, "not to be lost")
    demo.window.locking._drafts.setInterval(50)
    other = Caseload.open(demo_file, "demo", who="other")
    with other._store.transaction(write=True):
        passing.pass_(60 * MINUTES)
        assert locked(demo)
        assert not demo.sees("is kept")
        demo.answers.ready("confirm", False)
        assert not demo.window.close()
        assert "lost when the program ends" in demo.answers.asked[-1]
        demo.window.show_caseload(Caseload.open(demo_file, "demo", who="test"))
        assert demo.line.startswith("What you typed before the lock is not in the file yet")
        assert demo.caseload.drafts() == []
    other.close()
    until(qtbot, lambda: len(demo.caseload.drafts()) == 1)
    assert "not to be lost" in demo.caseload.drafts()[0].text


# What is left to see


def heard(interface: QAccessibleInterface | None) -> Iterator[str]:
    """All that a screen reader could be told, from this object down."""
    if interface is None or not interface.isValid():
        return
    for text in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help):
        yield interface.text(text)
    for number in range(interface.childCount()):
        yield from heard(interface.child(number))


def test_while_locked_no_word_of_a_patient_is_in_titles_or_what_is_read_out(demo: Person, passing: Time) -> None:
    person = demo.caseload.patient_by_code("DEMO-003")
    words = [person.code, "DEMO-", *(part for part in person.name.split() if len(part) > 2)]
    demo.show_patient("DEMO-003")
    spoken = " ".join(heard(QAccessible.queryAccessibleInterface(demo.window)))
    assert person.code in spoken, "this hears what can be heard"
    passing.pass_(60 * MINUTES)
    settle()
    assert locked(demo)
    # Other tests' windows may be about: each is a program of its own.
    others = [w for w in QApplication.topLevelWidgets() if isinstance(w, Window) and w is not demo.window]
    shown = [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible() and not any(widget is other or other.isAncestorOf(widget) for other in others)
    ]
    roots = [QAccessible.queryAccessibleInterface(widget) for widget in shown]
    spoken = " ".join(text for root in roots for text in heard(root))
    assert "Passphrase" in spoken
    titles = [demo.window.windowTitle(), demo.window.windowIconText(), demo.window.windowHandle().title()]
    assert titles[0] == "TRDTrack"
    assert demo.window.windowFilePath() == ""
    for word in words:
        assert word not in spoken
        assert word not in " ".join(titles)
    assert demo.window.line.text() == demo.window.line.toolTip() == ""


def test_the_clipboard_is_emptied_with_the_lock_and_once_more_while_it_lasts(
    demo: Person, demo_file: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    emptied: list[bool] = []
    monkeypatch.setattr(lock, "empty", lambda _board: emptied.append(locked(demo)))
    demo.lock()
    assert emptied == [True]
    again = demo.window.locking._clipboard
    assert again.isActive()
    assert again.interval() == 30_000
    again.start(20)
    until(qtbot, lambda: emptied == [True, True])
    demo.window.show_caseload(Caseload.open(demo_file, "demo", who="test"))
    demo.lock()
    demo.window.show_caseload(Caseload.open(demo_file, "demo", who="test"))
    assert not again.isActive(), "what is copied after opening again stays"


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="there is no xvfb-run here")
def test_what_was_copied_here_goes_with_the_lock_and_another_programs_stays(tmp_path: Path) -> None:
    found = apart("xvfb-run", "-a", script="on_a_screen.py", folder=tmp_path, platform="xcb")
    assert found["a cell"], "the other program could paste it"
    assert found["a cell, locked"] == ""
    assert found["another program's, locked"] == "not ours"


def apart(*before: str, script: str, folder: Path, platform: str) -> dict[str, Any]:
    """Run a script of ours in a process and a world of its own; return what it printed."""
    env = {**os.environ, "QT_QPA_PLATFORM": platform, "PYTHONPATH": os.pathsep.join(sys.path)}
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        env.pop(name, None)
    words = [*before, sys.executable, str(HERE / script), str(folder)]
    ran = subprocess.run(words, capture_output=True, text=True, env=env, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


# With the screen, by D-Bus


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="there is no dbus-run-session here")
def test_it_locks_with_the_screen_of_this_session_and_before_sleep(tmp_path: Path) -> None:
    said = apart("dbus-run-session", "--", script="on_a_bus.py", folder=tmp_path, platform="offscreen")
    assert said["asked"] == ["GetSession", "7"]
    assert said["locked"] == {
        "screen saver on": True,
        "screen saver off": False,
        "GNOME on": True,
        "session locked": True,
        "another session locked": False,
        "going to sleep": True,
        "awake again": False,
    }


# The setting


def test_the_minutes_are_set_on_the_settings_page_for_this_computer(demo: Person, passing: Time) -> None:
    demo.press("Ctrl+4")
    page = demo.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    choice = page.lock.minutes
    assert choice.currentData() == MINUTES
    assert OFFERED[0] == 1
    assert OFFERED[-1] == 60
    choice.setCurrentIndex(choice.findData(10))
    choice.activated.emit(choice.currentIndex())
    assert demo.line == "Locks by itself after 10 minutes."
    assert settings.lock_minutes() == 10
    passing.pass_(60 * 10 - 1)
    assert not locked(demo)
    passing.pass_(1)
    assert locked(demo)


def test_never_is_no_choice_and_a_damaged_setting_is_five_minutes() -> None:
    assert settings.lock_minutes() == MINUTES
    for asked, kept in ((0, 1), (-3, 1), (1, 1), (60, 60), (10**9, 60)):
        settings.remember_lock_minutes(asked)
        assert settings.lock_minutes() == kept
    for damaged in ("never", None, True, 5.5):
        settings._store(lock_minutes=damaged)
        assert settings.lock_minutes() == MINUTES


def test_what_is_typed_in_the_settings_is_kept_too(demo: Person, passing: Time, demo_file: Path) -> None:
    demo.press("Ctrl+4")
    page = demo.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    page.clinic.slots["emergency"].widget.setPlainText("Crisis line 116 123")
    passing.pass_(60 * MINUTES)
    assert locked(demo)
    demo.window.show_caseload(Caseload.open(demo_file, "demo", who="test"))
    settle()
    assert [draft.form for draft in demo.caseload.drafts()] == ["settings"]
    demo.press("Ctrl+4")
    settle()
    assert demo.line == "What was typed here before the lock is put back, not saved yet."
    page = demo.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    assert page.clinic.slots["emergency"].widget.toPlainText() == "Crisis line 116 123"
    demo.click("Save the clinic's settings")
    assert demo.caseload.clinic().emergency == "Crisis line 116 123"
    assert demo.caseload.drafts() == []
