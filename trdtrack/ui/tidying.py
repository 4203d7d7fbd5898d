"""Looks for what Python has no more use for in the window's thread alone.

Left to itself Python looks wherever it happens to be, also in a thread beside the window. What it finds may be a form
or a timer of Qt's, and those must go in the thread they live in: elsewhere the program falls.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Signal

LOOK_MS = 1000
OBJECTS_BETWEEN_COLLECTIONS = 50_000
"""Python looks after so many new objects; its default, 700, is for smaller programs."""


class Tidying(QObject):
    """Looks once a second, from `begin` on."""

    warm = Signal()
    """From any thread: what was made until now stays, and need not be looked through again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(tidy)
        self.warm.connect(self._warmed)

    def begin(self) -> None:
        """Look from now on."""
        self._timer.start()

    def rest(self) -> None:
        """Look no more until it is warm: during the start it would take a tenth of the time."""
        self._timer.stop()

    def _warmed(self) -> None:
        gc.freeze()
        self.begin()


def tidy() -> None:
    """Collect the oldest generation that is due, as Python does it by itself."""
    counted = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, most) in enumerate(counted) if count > most]
    if due:
        gc.collect(due[-1])
