"""Locks the window when nobody is there: after idle minutes, with the screen, before the computer sleeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from trdtrack import settings
from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.locking.clip import empty
from trdtrack.ui.locking.idle import Idle
from trdtrack.ui.locking.screen import Screen
from trdtrack.ui.page import column
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from trdtrack.domain.address import Address
    from trdtrack.domain.drafts import Draft
    from trdtrack.ui.desk import Desk
    from trdtrack.ui.window import Window

CLIPBOARD_MS = 30_000
"""So long after the lock the clipboard is looked at once more: some desktops let only the window in front empty it."""
_BOX_MS, _WORK_MS, _DRAFT_MS = 50, 250, 5000
"""So soon it is tried again: once a box was closed, while work is under way, while the file takes no draft."""


class Locking(QObject):
    """Never asks: boxes are closed unanswered, work under way is waited for behind a cover, drafts are kept."""

    def __init__(self, window: Window, *, clock: Callable[[], datetime]) -> None:
        super().__init__(window)
        self._window = window
        self._screen: Screen | None = None
        self._cover: QWidget | None = None
        self._desk: Desk | None = None
        self._held: dict[str, list[Draft]] = {}
        """What a caseload did not take when it was locked, by its identity: in memory until it does."""
        self.idle = Idle(self, clock=clock)
        self.idle.soon.connect(self._announce)
        self.idle.back.connect(self._take_back)
        self.idle.over.connect(self._idle_over)
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.lock)
        self._clipboard = QTimer(self, singleShot=True, interval=CLIPBOARD_MS)
        self._clipboard.timeout.connect(_empty_clipboard)
        self._drafts = QTimer(self, interval=_DRAFT_MS)
        self._drafts.timeout.connect(self._keep_held)
        self._announced = self._remark = ""

    # What the window tells

    def opened(self, desk: Desk) -> None:
        """A caseload's pages are shown: watch over them, and give back what the file did not take before."""
        if self._screen is None:
            self._screen = Screen(self)
            self._screen.locked.connect(self.lock)
        self._desk = desk
        self._clipboard.stop()
        self.idle.start()
        if not self._keep_held():
            self._window.say(
                _("What you typed before the lock is not in the file yet: it takes nothing at the moment.")
            )
            self._drafts.start()

    def rest(self) -> None:
        """The pages are gone: there is nothing to watch over."""
        self._take_back()
        self.idle.stop()
        self._again.stop()
        self._drafts.stop()
        self._desk = None
        if self._cover:
            self._window.uncover(self._cover)
            self._cover = None

    def locked(self) -> None:
        """The caseload is closed: nothing of it stays on the clipboard."""
        _empty_clipboard()
        self._clipboard.start()

    def hold(self, place: Path | Address, unkept: Sequence[Draft]) -> None:
        """Take over what a file did not take, until it is opened again."""
        if unkept:
            self._held[settings.identity_of(place)] = list(unkept)

    def may_close(self) -> bool:
        """Whether the program may end: what is held in memory only would go with it."""
        return not self._held or self._window.dialogs.confirm(
            _("What you typed before the lock is not in the file yet and is lost when the program ends."),
            _("End it all the same"),
        )

    # Locking

    def lock(self) -> None:
        """Lock as soon as may be, whoever is there or not."""
        window = self._window
        if window.workspace is None:
            return
        if box := QApplication.activePopupWidget() or QApplication.activeModalWidget():
            # What waits for the box's answer has to end first.
            box.reject() if isinstance(box, QDialog) else box.close()
            self._again.start(_BOX_MS)
        elif window.work.busy:
            self._cover_up()
            self._again.start(_WORK_MS)
        else:
            window.lock(unattended=True, remark=self._remark)
            self._remark = ""

    def _idle_over(self) -> None:
        self._remark = say(
            plural(
                "Locked after {n} minute without a touch.",
                "Locked after {n} minutes without a touch.",
                settings.lock_minutes(),
            )
        )
        self.lock()

    def _announce(self, left: int) -> None:
        """Say it once aloud, then count on in the line alone."""
        first, self._announced = not self._announced, _("Locking in {n} s").format(n=left)
        (self._window.say if first else self._window.line.setText)(self._announced)

    def _take_back(self) -> None:
        if self._window.line.text() == self._announced:
            self._window.line.clear()
        self._announced = ""

    def _cover_up(self) -> None:
        if self._cover:
            return
        self._cover = QWidget()
        said = theme.label(_("Locked as soon as what was begun is finished."), px=theme.HEADLINE_PX, tone="muted")
        column(self._cover).addWidget(said, alignment=Qt.AlignmentFlag.AlignCenter)
        self._window.work.hush()
        self._window.cover(self._cover)

    def _keep_held(self) -> bool:
        """Write down what is held for the file that is open; False if it does not take it yet."""
        desk = self._desk
        if desk is None:
            return True
        identity = settings.identity_of(desk.caseload.place)
        held = self._held.pop(identity, [])
        left = [d for d in held if not desk.keep_draft(d.form, patient=d.patient, text=d.text)]
        if left:
            self._held[identity] = left
        else:
            self._drafts.stop()
        return not left


def _empty_clipboard() -> None:
    empty(QGuiApplication.clipboard())
