"""Takes a caseload that macOS hands over by an event; other systems name it on the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QProcess
from PySide6.QtGui import QFileOpenEvent

if TYPE_CHECKING:
    from trdtrack.ui.window import Window


class HandedFiles(QObject):
    """To be installed on the application: a double click offers the file here, or in a window of its own."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - Qt's own form
        if not isinstance(event, QFileOpenEvent):
            return False
        path = Path(event.file())
        if self._window.stack.currentWidget() is self._window.unlock:
            self._window.unlock.choose(path)
        else:
            own = [] if getattr(sys, "frozen", False) else ["-m", "trdtrack"]
            # If a window has that file already, the second one brings it forward and ends.
            QProcess.startDetached(sys.executable, [*own, str(path)])
        return True
