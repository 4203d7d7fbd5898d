"""Work that takes longer than a frame: done beside the window, with a progress bar and a cancel that leaves nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.beside import Beside
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    Tick = Callable[[int, int], None]
    Job = Callable[[Tick], Any]

T = TypeVar("T")
_LOOK_S = 0.1
"""So often a job that waits for the window looks whether it was cancelled."""
SHOW_AFTER_MS = 150
"""Work shorter than this shows no bar: a flash is worse than none."""


class Cancelled(Refusal):
    """The person stopped the work."""

    def __init__(self) -> None:
        super().__init__(message("Stopped. Nothing was changed."))


class _Asked:
    """Something to be made in the window's thread, and what came of it."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make, self.over = make, threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None


def _do(asked: _Asked) -> None:
    try:
        asked.result = asked.make()
    except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
        asked.error = error
    asked.over.set()


class Work(QWidget):
    """A bar at the foot of the window that runs one job at a time in a thread of its own."""

    _progress = Signal(int, int)
    _asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cancel = threading.Event()
        self._done: Callable[[Any], None] | None = None
        self._failed: Callable[[BaseException], None] | None = None
        self._beside = Beside()
        self._beside.over.connect(self._end)
        self._what = theme.label()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(_("Progress"))
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._stop = theme.button(_("Cancel"))
        self._stop.clicked.connect(self.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PAD, theme.GAP, theme.PAD, theme.GAP)
        row.setSpacing(theme.PAD)
        for widget in (self._what, self._bar, self._stop):
            row.addWidget(widget)
        self._timer = QTimer(self, singleShot=True, interval=SHOW_AFTER_MS)
        self._timer.timeout.connect(self.show)
        self._progress.connect(self._advance)
        self._asked.connect(_do, Qt.ConnectionType.QueuedConnection)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._done is not None

    def run(self, what: str, job: Job, *, done: Callable[[Any], None], failed: Callable[[BaseException], None]) -> None:
        """Run `job(tick)` in a thread; then `done(result)` or `failed(error)` here. `tick` raises when cancelled."""
        if self.busy:
            failed(Refusal(message("Something else is still running. Wait for it, or cancel it.")))
            return
        self._cancel.clear()
        self._done, self._failed = done, failed
        self._what.setText(what)
        self._advance(0, 0)
        self._stop.setEnabled(True)
        self._timer.start()
        self._beside.start(lambda: self._carry_out(job))

    def _carry_out(self, job: Job) -> Any:
        self._tick(0, 0)
        return job(self._tick)

    def _tick(self, done: int, total: int) -> None:
        if self._cancel.is_set():
            raise Cancelled
        self._progress.emit(done, total)

    def here(self, make: Callable[[], T]) -> T:
        """Have something made in the window's thread by its next turn, for the job under way: a chart, say."""
        asked = _Asked(make)
        self._asked.emit(asked)
        while not asked.over.wait(_LOOK_S):
            if self._cancel.is_set():
                raise Cancelled
        if asked.error:
            raise asked.error
        return asked.result

    def hush(self) -> None:
        """Name nothing and nobody in the bar any more: what runs on is seen while the window is covered."""
        self._what.setText(_("Finishing what was begun…"))

    def cancel(self) -> None:
        """Ask the job to stop at its next step."""
        self._cancel.set()
        self._stop.setEnabled(False)

    def _advance(self, done: int, total: int) -> None:
        # Empty, not full, while nobody knows yet how much there is.
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def _end(self, result: Any, error: BaseException | None) -> None:
        self._timer.stop()
        self.hide()
        done, failed = self._done, self._failed
        self._done = self._failed = None
        if error is not None and failed:
            failed(error)
        elif done:
            done(result)
