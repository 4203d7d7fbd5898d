"""Jobs beside the window: one at a time in a thread of its own, its end told in the window's thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable


_under_way: set[Beside] = set()
"""Kept until their end is told: what a job refers to, forms above all, must never go in the thread it ran in."""


class Beside(QObject):
    """Has no parent in Qt, so that a form may go while its job is under way."""

    over = Signal(object, object)
    """What a job returned, and the error it ended with instead; in the window's thread."""
    _ended = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._thread: threading.Thread | None = None
        self._job: Callable[[], Any] | None = None
        self._ended.connect(self._tell)

    @property
    def busy(self) -> bool:
        """Whether a job is under way, or its end not told yet."""
        return self._thread is not None

    def start(self, job: Callable[[], Any]) -> bool:
        """Run a job; False if another is under way."""
        if self.busy:
            return False

        def run() -> None:
            try:
                result, error = job(), None
            except BaseException as raised:  # noqa: BLE001 - carried to the window's thread and dealt with there
                result, error = None, raised
            self._ended.emit(result, error)

        self._job = job
        self._thread = threading.Thread(target=run, daemon=True)
        _under_way.add(self)
        self._thread.start()
        return True

    def _tell(self, result: Any, error: BaseException | None) -> None:
        self.wait()
        self._thread = self._job = None
        _under_way.discard(self)
        self.over.emit(result, error)

    def wait(self) -> None:
        """Wait until nothing is under way."""
        thread = self._thread
        if thread:
            thread.join()
