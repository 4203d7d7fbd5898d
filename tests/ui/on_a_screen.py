"""A window on a real X11 screen, and another program beside it that copies and pastes: run by test_locking.

Prints a line of JSON: what the other program found on the clipboard, step by step.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from threading import Thread

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.ui.app import application
from trdtrack.ui.screens import Quiet, settle
from trdtrack.ui.window import Window


def beside() -> None:
    """The other program: a line `put TEXT` copies, a line `get` pastes."""
    app = QGuiApplication(["other"])
    board = app.clipboard()
    while True:
        app.processEvents()
        if not select.select([sys.stdin], [], [], 0.01)[0]:
            continue
        line = sys.stdin.readline()
        if not line:
            return
        what, _space, text = line.rstrip("\n").partition(" ")
        if what == "put":
            board.setText(text)
        sys.stdout.write(json.dumps(board.text()) + "\n")
        sys.stdout.flush()


class Other:
    """A handle on the other program, which answers while our own events go on."""

    def __init__(self) -> None:
        pipe = subprocess.PIPE
        self._ran = subprocess.Popen(
            [sys.executable, __file__, "--beside"], stdin=pipe, stdout=pipe, text=True, bufsize=1
        )

    def does(self, line: str) -> str:
        assert self._ran.stdin
        assert self._ran.stdout
        self._ran.stdin.write(line + "\n")
        self._ran.stdin.flush()
        found: list[str] = []
        reading = Thread(target=lambda: found.append(self._ran.stdout.readline()))  # type: ignore[union-attr]
        reading.start()
        while reading.is_alive():
            QTest.qWait(10)
        return json.loads(found[0])

    def ends(self) -> None:
        self._ran.communicate(timeout=20)


def main(folder: Path) -> None:
    application()
    at = datetime.now().astimezone()
    made = make_demo(at=at, folder=folder)
    code = made.patients()[0].code
    made.close()
    window = Window(who="test", clock=lambda: at, dialogs=Quiet())  # type: ignore[arg-type]
    window.show()
    other, found = Other(), {}

    def open_one() -> None:
        window.show_caseload(Caseload.open(made.path, "demo", who="test"))
        assert window.workspace
        window.workspace.open_patient(window.workspace.desk.caseload.patient_by_code(code).id)
        settle()

    open_one()
    assert window.workspace
    table = window.workspace.patient_page.scores.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    found["a cell"] = other.does("get")
    window.lock()
    found["a cell, locked"] = other.does("get")

    open_one()
    window.workspace.acts.copy_sentence()
    # A program just begun: to X the old one's hour is past, for nobody has pressed a key in it.
    third = Other()
    third.does("put not ours")
    window.lock()
    found["another program's, locked"] = other.does("get")
    third.ends()
    sys.stdout.write(json.dumps(found) + "\n")
    other.ends()
    window.close()


if __name__ == "__main__":
    if "--beside" in sys.argv:
        beside()
    else:
        main(Path(sys.argv[1]))
