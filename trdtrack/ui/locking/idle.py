"""Knows how long nobody has touched the program: no key, no mouse, no wheel, no finger in any of its windows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from trdtrack import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

WARNED_S = 30
"""So long before the lock it is announced."""
_LOOK_S = 30
"""No longer without a look: the minutes may have been set anew, and a computer that slept wakes late."""
_TOUCHED = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.NativeGesture,
    )
)


class Idle(QObject):
    """Counts from the last touch, by the computer's running time and by its clock, whichever says more.

    The running time stands still while a computer sleeps; the clock may be set back. `elapsed` gives seconds.
    """

    soon = Signal(int)
    """Seconds until it has been long enough: again every second, over the last half minute."""
    back = Signal()
    """Touched after that was announced."""
    over = Signal()
    """Long enough."""
    _counting = False  # of the class too: a window that is taken down is still heard once its Python side is gone

    def __init__(
        self, parent: QObject, *, clock: Callable[[], datetime], elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._clock, self._elapsed = clock, elapsed
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        self._announced = False
        self._touch()

    def start(self) -> None:
        """Count from now."""
        self._touch()
        if not self._counting:
            # Each window hears its own; what an input method composes comes to the field alone.
            app = _application()
            app.focusWindowChanged.connect(self._hear)
            app.focusObjectChanged.connect(self._hear)
        self._counting = True
        self._hear(QGuiApplication.focusWindow())
        self.look()

    def stop(self) -> None:
        """Count no more."""
        if self._counting:
            app = _application()
            app.focusWindowChanged.disconnect(self._hear)
            app.focusObjectChanged.disconnect(self._hear)
        self._counting = self._announced = False
        self._timer.stop()

    @property
    def left(self) -> float:
        """Seconds until it has been long enough."""
        return 60 * settings.lock_minutes() - self._idle

    @property
    def _idle(self) -> float:
        return max(self._elapsed() - self._running, (self._clock() - self._moment).total_seconds())

    def look(self) -> None:
        """Say how things stand, and look again when that may change."""
        if not self._counting:
            return
        left = self.left
        if left <= 0:
            self.over.emit()
            return
        if left <= WARNED_S:
            self._announced = True
            self.soon.emit(round(left))
        wait = 1 if left <= WARNED_S else min(left - WARNED_S, _LOOK_S)
        self._timer.start(round(1000 * wait))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not self._counting or event.type() not in _TOUCHED:
            return False
        # Whoever wakes a computer that slept meets the lock. The settings are a file, not to be read at every move.
        if self._idle >= 60 * settings.LOCK_SOONEST and self.left <= 0:
            self.over.emit()
            return True
        if self._announced:
            self._announced = False
            self.back.emit()
            self._timer.start(0)
        self._touch()
        return False

    def _touch(self) -> None:
        self._running, self._moment = self._elapsed(), self._clock()

    def _hear(self, place: QObject | None) -> None:
        # Heard for good: a field of Qt's own may be gone before it could be let go, unseen from here.
        if place is not None:
            place.installEventFilter(self)


def _application() -> QGuiApplication:
    app = QGuiApplication.instance()
    assert isinstance(app, QGuiApplication)  # noqa: S101 - there is a window
    return app
