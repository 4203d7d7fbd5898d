"""One process of the start-up races: says when its window is painted and has taken a key, and ends.

Run as `python started.py bare|unlock|caseload [FILE KEY [PATIENTS]]`; prints the monotonic clock, which all processes
share. With `-memory` behind the first word it prints how much memory the process holds once it has come to rest.
"""

# Every import stands where the program it belongs to makes it: what is measured is when they happen.
# ruff: noqa: PLC0415
from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
SIZE = (1280, 820)
"""The program's own usual size."""
PASSPHRASE = "seven dry tulips"
REST_MS = 4000
"""By then all that the program brings in behind its window is there."""
measure = ""


def bare() -> None:
    """A window with a pyqtgraph plot and nothing else."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Plot(pg.PlotWidget):
        taken = False

        def keyPressEvent(self, _event):  # noqa: N802
            self.taken = True

    app = QApplication([])
    window = QMainWindow()
    plot = Plot()
    plot.plot(range(9), (19, 18, 19, 17, 16, 15, 15, 13, 12), symbol="o")
    window.setCentralWidget(plot)
    window.resize(*SIZE)
    window.show()
    plot.setFocus()
    when_painted(plot.viewport(), lambda: press(plot, "x", lambda: plot.taken, told))
    app.exec()


def unlock(file: str, then=None) -> None:
    """The unlock window, by the way `python -m trdtrack FILE` takes."""
    from trdtrack.ui import app

    shown = app._window

    def window():
        made = shown()
        field = made.unlock.passphrase
        after = partial(then, made) if then else told
        when_painted(field, partial(press, field, "x", lambda: field.text() == "x", after))
        return made

    app.application()
    app._window = window
    app.run([file])


def caseload(file: str, key: str, patients: str = "1") -> None:
    """The list of all patients: the passphrase is typed at once, the key handed over instead of derived."""
    from argon2 import low_level

    low_level.hash_secret_raw = lambda *_, **__: bytes.fromhex(key)

    def opened(window):
        from PySide6.QtCore import Qt

        window.unlock.passphrase.setText(PASSPHRASE)
        press(window.unlock.passphrase, Qt.Key.Key_Return, lambda: window.workspace is not None, lambda: listed(window))

    def listed(window):
        from PySide6.QtCore import Qt

        table = window.workspace.caseload_page.table
        before = table.currentIndex().row()

        def moved():
            return table.model().rowCount() >= int(patients) and table.currentIndex().row() not in {before, -1}

        when_painted(table.viewport(), lambda: press(table, Qt.Key.Key_Down, moved, told))

    unlock(file, then=opened)


def when_painted(widget, then) -> None:
    """Call `then` in the event loop's next turn after the widget was first painted."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Eye(QObject):
        def eventFilter(self, _watched, event):  # noqa: N802
            if event.type() == QEvent.Type.Paint:
                widget.removeEventFilter(self)
                QTimer.singleShot(0, then)
            return False

    widget.eye = Eye(widget)
    widget.installEventFilter(widget.eye)


def press(widget, key, arrived, then) -> None:
    """Press a key on the widget; call `then` once what it does is seen, turning the event loop meanwhile."""
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest

    assert widget.isEnabled()
    assert widget.isVisible()
    QTest.keyClick(widget, key)

    def look() -> None:
        if arrived():
            then()
        else:
            QTimer.singleShot(1, look)

    QTimer.singleShot(0, look)


def told() -> None:
    """Say when, or how much once at rest, and leave at once: taking a window down is not part of the race."""
    if measure == "memory":
        from PySide6.QtCore import QTimer

        QTimer.singleShot(REST_MS, lambda: say(resident()))
    else:
        say(time.monotonic())


def say(figure: float) -> None:
    sys.stdout.write(f"{figure}\n")
    sys.stdout.flush()
    os._exit(0)


def resident() -> int:
    """Bytes this process holds in memory now; Linux alone says so without a further library."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    which, _, measure = sys.argv[1].partition("-")
    {"bare": bare, "unlock": unlock, "caseload": caseload}[which](*sys.argv[2:])
