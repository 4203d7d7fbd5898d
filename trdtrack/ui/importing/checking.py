"""A file read or checked beside the window, again whenever a choice is another: only the last one asked for is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.ui.work import Tick, Work

    Job = Callable[[Tick], Any]
    Then = Callable[[Any], None]

PAUSE_MS = 150
"""Going through a list of columns by the arrow keys asks once, where one stops."""


class Checking(QObject):
    """Runs one job at a time. A job that is overtaken by the next is stopped and says nothing."""

    def __init__(self, work: Work, what: str, *, failed: Callable[[BaseException], None], parent: QObject) -> None:
        """`failed` is told why a job came to nothing: `Cancelled` where the person stopped it."""
        super().__init__(parent)
        self._work, self._what, self._failed = work, what, failed
        self._wanted: tuple[Job, Then] | None = None
        self._running: tuple[Job, Then] | None = None
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._run)

    @property
    def busy(self) -> bool:
        """Whether somebody waits for what comes of it."""
        return self._wanted is not None

    def ask(self, job: Job, then: Then) -> None:
        """Have this done next, and `then` told what it returned."""
        self._wanted = job, then
        if self._running:
            self._work.cancel()
        else:
            self._timer.start()

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._wanted = None
        self._timer.stop()
        if self._running:
            self._work.cancel()

    def _run(self) -> None:
        if self._wanted:
            self._running = job, then = self._wanted
            self._work.run(self._what, job, done=self._over(then), failed=self._over(self._failed))

    def _over(self, then: Then) -> Then:
        def over(result: Any) -> None:
            if not isValid(self):
                return
            ran, self._running = self._running, None
            if self._wanted is ran:
                self._wanted = None
                then(result)
            else:
                self._run()

        return over
