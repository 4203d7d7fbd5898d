"""The settings page's card about backups: when and where the last one was made, make one, restore one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.backing_up import TroubleLine, last_said
from trdtrack.ui.page import breakable, card, column
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.desk import Desk


class BackupsCard(QWidget):
    """Draws itself again whenever a backup was made or could not be."""

    restore_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        stack.addWidget(theme.label(_("Backups"), px=theme.HEADLINE_PX, strong=True))
        self.last = theme.label(wrap=True)
        self.place = theme.label(tone="muted", wrap=True)
        self.synced = theme.label(tone="review", wrap=True)
        rule = _(
            "Encrypted copies with the same passphrase, each opened and checked. Made by themselves when something "
            "was saved: every half hour, on locking, and before an import or a restore. Kept: all of a day, 12 daily, "
            "10 weekly, 9 monthly. Keep one on another disk as well."
        )
        for part in (self.last, self.place, TroubleLine(desk.backing), self.synced):
            stack.addWidget(part)
        stack.addWidget(theme.label(rule, px=theme.SMALL_PX, tone="muted", wrap=True))
        self.now = theme.button(_("Back up now"))
        self.now.clicked.connect(self._now)
        self.other = theme.button(_("Other folder…"))
        self.other.clicked.connect(self._choose)
        self.restore = theme.button(_("Restore…"))
        self.restore.clicked.connect(self.restore_asked.emit)
        across = theme.row()
        for button in (self.now, self.other, self.restore):
            across.addWidget(button)
        across.addStretch(1)
        stack.addLayout(across)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(sheet)
        desk.backing.turned.connect(self.draw)

    def draw(self) -> None:
        """Show what there is now."""
        backups = self._desk.caseload.backups
        self.now.setEnabled(not self._desk.backing.busy)
        self.last.setText(last_said(backups.listed()))
        self.place.setText(breakable(backups.folder))
        self.synced.setText(synced_words(backups.synced))
        self.synced.setVisible(bool(backups.synced))

    def _now(self) -> None:
        self._desk.backing.now()
        self.now.setEnabled(False)

    def _choose(self) -> None:
        folder = self._desk.dialogs.folder(_("Folder for backups"))
        if folder is not None:
            self._desk.caseload.backups.choose_folder(folder)
            self.draw()
            self._now()


def synced_words(program: str) -> str:
    """Return what to say of a caseload that lies in a folder which is copied to other computers."""
    return _(
        "{program} copies this folder to other computers. Open the caseload on one of them at a time, or its copies "
        "may not fit together; better keep it in a folder that stays here, and let {program} have the backups."
    ).format(program=program)
