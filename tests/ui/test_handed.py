"""A caseload that macOS hands over by an event is offered, or brought forward in the window that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFileOpenEvent

from trdtrack.ui.handed import HandedFiles
from ui.hands import PASSPHRASE, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from ui.hands import Person

PATIENCE_MS = 20_000


def handed(app: QApplication, person: Person, path: Path) -> None:
    """Double click on a file, as macOS tells it."""
    files = HandedFiles(person.window)
    app.installEventFilter(files)
    try:
        app.sendEvent(app, QFileOpenEvent(str(path)))
        app.sendEvent(app, QEvent(QEvent.Type.User))
    finally:
        app.removeEventFilter(files)


def test_a_file_handed_over_is_offered(qapp: QApplication, newcomer: Callable[[], Person], demo_file: Path) -> None:
    person = newcomer()
    handed(qapp, person, demo_file)
    chosen = person.window.unlock.files.chosen
    assert chosen is not None
    assert chosen.path == demo_file
    assert person.window.unlock.passphrase.hasFocus()


def test_a_file_this_window_has_brings_it_forward(
    qapp: QApplication, qtbot: QtBot, newcomer: Callable[[], Person], empty_file: Path
) -> None:
    person = newcomer()
    window = person.window
    window.opening.open(empty_file, PASSPHRASE, "")
    until(qtbot, lambda: window.workspace is not None)
    window.showMinimized()
    handed(qapp, person, empty_file)
    qtbot.waitUntil(lambda: not window.isMinimized(), timeout=PATIENCE_MS)
    assert window.workspace is not None
