"""Saves by itself what a lost connection kept from being saved: the form stays, with all that is typed in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from trdtrack.domain.message import message
from trdtrack.domain.refusals import ConnectionLost, Refusal
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.ui.desk import Desk
    from trdtrack.ui.entry.form import Form

AGAIN_MS = 2000
"""So often it is tried, as long as the server is not known to be away."""


class SavingAgain(QObject):
    """Waits for the server with one form, and never saves more than the person asked to be saved."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._form: Form | None = None
        self._typed: dict[str, Any] = {}
        """What stood in the form when it was to be saved."""
        self._doubt = False
        """Whether it may have been saved: nobody heard the end of it."""
        self._save: Callable[[], None] | None = None
        self._saved: Callable[[], None] | None = None
        self._timer = QTimer(self, interval=AGAIN_MS)
        self._timer.timeout.connect(self._look)
        desk.reached.connect(self._reached)

    def wait(self, form: Form, lost: ConnectionLost, *, save: Callable[[], None], saved: Callable[[], None]) -> None:
        """Say what became of a save, and try it again until the server answers; `saved` where it was made after all."""
        form.refuse(Refusal(message("{why} It is tried again by itself.", why=lost.what)))
        self._form, self._typed, self._save, self._saved = form, form.state(), save, saved
        self._doubt = lost.saved is None
        self._timer.start()

    def stop(self) -> None:
        """Wait no more: the form is saved, or left."""
        self._timer.stop()
        self._form, self._doubt = None, False

    def clear(self) -> bool:
        """Before a save that somebody asks for: find out what became of the last. False where nothing more is to do."""
        if self._doubt and not (self._desk.elsewhere.reachable and self._settle()):
            return False
        self.stop()
        return True

    def _reached(self, reachable: bool) -> None:  # noqa: FBT001
        if reachable and self._timer.isActive():
            self._look()

    def _look(self) -> None:
        form, save = self._form, self._save
        if form is None or save is None or self._desk.work.busy or not self._desk.elsewhere.reachable:
            return
        if self._doubt and not self._settle():
            return
        unchanged = form.state() == self._typed
        self.stop()
        form.refuse(None)
        if unchanged:
            save()
        else:  # half a sentence is not what anybody asked to be saved
            self._desk.show(_("The clinic's server is back. Save when you are ready."))

    def _settle(self) -> bool:
        """Find out whether the last save was made. True where it was not, and nothing is in doubt any more."""
        form, saved = self._form, self._saved
        try:
            there = self._desk.caseload.settle()
        except ConnectionLost:
            return False
        self._doubt = False
        if not there or form is None or saved is None:
            return True
        unchanged = form.state() == self._typed
        self.stop()
        if unchanged:
            saved()
        else:
            form.refuse(
                Refusal(
                    message(
                        "What you typed until the connection was lost is saved. Open it again to change what you "
                        "typed since."
                    )
                )
            )
        return False
