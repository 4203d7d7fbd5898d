"""The settings page's card about the lock: after how many minutes it falls by itself, on this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from trdtrack import settings
from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.entry.fields import Labelled
from trdtrack.ui.settings.titled import titled
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.ui.desk import Desk

OFFERED = (1, 2, 3, 5, 10, 15, 20, 30, 45, 60)


class LockCard(QWidget):
    """Holds at once; it belongs to this computer and is no edit of the caseload."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        stack = titled(self, _("Locking"))
        self.minutes = theme.Choice()
        theme.as_wide(self.minutes, 160)
        for minutes in sorted({*OFFERED, settings.lock_minutes()}):
            self.minutes.addItem(say(plural("{n} minute", "{n} minutes", minutes)), minutes)
        self.minutes.setCurrentIndex(self.minutes.findData(settings.lock_minutes()))
        self.minutes.activated.connect(self._save)
        stack.addWidget(
            Labelled(_("Without a key or the mouse, lock after"), self.minutes, hint=_("Shorter where others pass by"))
        )
        hint = _(
            "Ctrl+L locks at once. On Linux the program also locks with the screen and before the computer sleeps. "
            "What is typed is kept, and what was copied from here is taken off the clipboard."
        )
        stack.addWidget(theme.label(hint, px=theme.SMALL_PX, tone="muted", wrap=True))

    def _save(self) -> None:
        settings.remember_lock_minutes(self.minutes.currentData())
        self._desk.show(_("Locks by itself after {time}.").format(time=self.minutes.currentText()))
