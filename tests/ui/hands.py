"""A person at the window: keys as Qt delivers them, answers ready for its questions, and what can be seen."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from trdtrack.domain.records import KINDS
from trdtrack.ui.entry.log import LogForm
from trdtrack.ui.entry.person import PersonForm
from trdtrack.ui.screens import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget

    from trdtrack.caseload import Caseload
    from trdtrack.domain.records import Record
    from trdtrack.report.sheet import Size
    from trdtrack.ui.window import Window
    from trdtrack.ui.workspace import Workspace

AT = datetime(2026, 11, 20, 9, 30).astimezone()
TODAY = AT.date()
PASSPHRASE = "seven dry tulips"
WAIT_MS = 20_000

KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Tab": Qt.Key.Key_Tab,
    "Back": Qt.Key.Key_Backspace,
    "Del": Qt.Key.Key_Delete,
    "Esc": Qt.Key.Key_Escape,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
    "Left": Qt.Key.Key_Left,
    "Right": Qt.Key.Key_Right,
    "Home": Qt.Key.Key_Home,
    "End": Qt.Key.Key_End,
    "Space": Qt.Key.Key_Space,
    "F1": Qt.Key.Key_F1,
}
MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}


class Answers:
    """Stands in for the window's boxes: gives the answers laid ready, and remembers what was asked.

    A question nobody laid an answer for fails the test.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._ready: deque[tuple[str, Any]] = deque()

    def ready(self, kind: str, answer: Any) -> None:
        """Lay an answer ready for the next question, which has to be of this kind."""
        self._ready.append((kind, answer))

    def _answer(self, kind: str, question: str) -> Any:
        self.asked.append(question)
        assert self._ready, f"nobody expected to be asked: {question}"
        expected, answer = self._ready.popleft()
        assert expected == kind, f"expected {expected}, was asked: {question}"
        return answer

    def confirm(self, question: str, _yes: str, *, no: str = "") -> bool:
        return self._answer("confirm", question)

    def ask(self, question: str) -> str | None:
        return self._answer("ask", question)

    def choose(self, question: str, _offered: Any) -> str | None:
        return self._answer("choose", question)

    def open_file(self, title: str, _kinds: str) -> Path | None:
        return self._answer("open", title)

    def save_file(self, _title: str, suggested: str, _kinds: str) -> Path | None:
        return self._answer("save", suggested)

    def folder(self, title: str) -> Path | None:
        return self._answer("folder", title)

    def show_folder(self, folder: Path) -> bool:
        return self._answer("show", str(folder))

    def printer(self, size: Size) -> QPrinter | None:
        return self._answer("printer", size.value)

    def preview(self, size: Size, pages: Sequence[bytes], fine: Callable[[], Sequence[bytes]]) -> str:
        return self._answer("preview", size.value)(pages, fine)

    def read(self, title: str, text: str) -> None:
        self.asked.append(f"{title}\n{text}")

    def done(self) -> None:
        """All answers laid ready were asked for."""
        assert not self._ready, f"never asked for: {list(self._ready)}"


class Person:
    """Somebody at the window, with a keyboard and eyes."""

    def __init__(self, window: Window, answers: Answers) -> None:
        self.window, self.answers = window, answers
        self.pressed = 0
        """Keys pressed so far; a key with its modifiers counts once."""

    # Hands

    def press(self, *keys: str) -> None:
        """Press keys by name: "L", "5", "Tab", "Ctrl+Enter". They go to the window's focus, or an open menu."""
        for name in keys:
            *modifiers, key = name.split("+")
            held = Qt.KeyboardModifier.NoModifier
            for modifier in modifiers:
                held |= MODIFIERS[modifier]
            QTest.keyClick(self.window.windowHandle(), KEYS.get(key) or Qt.Key(ord(key.upper())), held)
            self.pressed += 1

    def write(self, text: str) -> None:
        """Type a text. Letters no US keyboard has come as an input method sends them."""
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(QApplication.focusWidget(), letter)
            else:
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                    QCoreApplication.sendEvent(QApplication.focusWidget(), event)
            self.pressed += 1

    def fill(self, field: QWidget, text: str) -> None:
        """Replace what is in a field."""
        field.setFocus()
        self.press("Ctrl+A", "Del")
        self.write(text)

    def click(self, text: str) -> None:
        """Click the button with this text."""
        found = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible() and b.text().strip() == text]
        assert len(found) == 1, f"{len(found)} buttons say {text}"
        QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)
        settle()

    # Eyes

    def sees(self, text: str) -> bool:
        """Whether a text can be read somewhere in the window."""
        return any(text in label.text() for label in self.window.findChildren(QLabel) if label.isVisible())

    @property
    def line(self) -> str:
        """The message at the foot of the window."""
        return self.window.line.text()

    @property
    def place(self) -> Workspace:
        assert self.window.workspace is not None
        return self.window.workspace

    @property
    def caseload(self) -> Caseload:
        return self.place.desk.caseload

    @property
    def log(self) -> LogForm:
        """The log form that is open."""
        assert isinstance(self.place.form, LogForm)
        return self.place.form

    @property
    def person(self) -> PersonForm:
        """The patient form that is open."""
        assert isinstance(self.place.form, PersonForm)
        return self.place.form

    def field(self, key: str) -> QWidget:
        """The input of the open form that is bound to an attribute."""
        assert self.place.form is not None
        return self.place.form.slots[key].widget

    # Going about

    def export(self, kind: str, target: Path | None) -> None:
        """Export the patient shown to a file and wait until it is written; None: nowhere, when asked where."""
        self.answers.ready("save", target)
        self.place.export(kind)
        settle()
        self.press("Ctrl+Enter")
        while self.window.work.busy:
            settle()
        settle()

    def show_patient(self, code: str) -> None:
        self.place.open_patient(self.caseload.patient_by_code(code).id)
        settle()

    def lock(self) -> None:
        assert self.window.lock()
        settle()


def focus() -> QWidget | None:
    """Where the keys go."""
    return QApplication.focusWidget()


def cells(table: Any) -> list[dict[str, str]]:
    """What a table shows, row by row, each cell under its column's heading."""
    model = table.model()
    headings = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())]
    return [
        {heading: model.index(row, column).data() for column, heading in enumerate(headings)}
        for row in range(model.rowCount())
    ]


def scores(person: Person) -> list[dict[str, str]]:
    """The score list of the patient shown, newest first."""
    return cells(person.place.patient_page.scores.table)


def dump(caseload: Caseload) -> dict[tuple[str, str], Record]:
    """Every record of a caseload, withdrawn ones included."""
    return {(record.kind, record.id): record for kind in KINDS for record in caseload.records(kind)}


def until(qtbot: Any, true: Callable[[], bool]) -> None:
    """Turn the event loop until something holds."""
    qtbot.waitUntil(true, timeout=WAIT_MS)
    settle()
