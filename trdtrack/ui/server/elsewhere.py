"""Brings what others change on a server onto the pages by itself, at most once a second, and says when it is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from trdtrack.domain.edit import Touched
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.desk import Desk

EACH_MS = 1000
"""Pages are drawn again no more often than this."""


class Elsewhere(QObject):
    """Hears in another thread, and tells the desk in the window's. Pages look again only at patients they show."""

    _heard = Signal(object)
    _reached = Signal(bool)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.reachable = True
        """Whether the server answered when it was last heard of."""
        self._waiting: Touched | None = None
        self._since = QElapsedTimer()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)
        self._heard.connect(self._add, Qt.ConnectionType.QueuedConnection)
        self._reached.connect(self._say, Qt.ConnectionType.QueuedConnection)
        desk.caseload.listen(self._hear, self._reach)

    @property
    def _desk(self) -> Desk:
        # Not kept: two that hold each other would be let go together by whichever thread tidies up, with their timers.
        return cast("Desk", self.parent())

    # In the other thread: bound methods, so that this lives for as long as it is called.

    def _hear(self, touched: Touched) -> None:
        self._heard.emit(touched)

    def _reach(self, reachable: bool) -> None:  # noqa: FBT001
        self._reached.emit(reachable)

    # In the window's

    def _add(self, touched: Touched) -> None:
        self._waiting = self._waiting.joined(touched) if self._waiting else touched
        if not self._timer.isActive():
            gone = self._since.elapsed() if self._since.isValid() else EACH_MS
            self._timer.start(max(0, EACH_MS - gone))

    def _tell(self) -> None:
        if self._desk.work.busy:
            # It has the caseload: pages that read now would stand still.
            self._timer.start(EACH_MS)
            return
        touched, self._waiting = self._waiting, None
        self._since.start()
        if touched:
            self._desk.changed.emit(touched)

    def _say(self, reachable: bool) -> None:  # noqa: FBT001
        self.reachable = reachable
        self._desk.show(
            _("The clinic's server is back.")
            if reachable
            else _("The clinic's server does not answer. It is tried again by itself.")
        )
        self._desk.reached.emit(reachable)
