"""What is offered where a caseload file is damaged or open on another computer: its newest good backup."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from trdtrack.domain.backups import backup_at
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Damaged, OpenElsewhere
from trdtrack.ui import theme
from trdtrack.ui.page import column
from trdtrack.words import _, moment, say


class DamagedOffer(QWidget):
    """Ways on, none taken by itself. Hidden until a file that cannot be opened has a good backup."""

    put_back = Signal(object)
    """The Damaged whose backup is to take the file's place."""
    look = Signal(object)
    """The path of the backup that is to be looked into."""

    def __init__(self) -> None:
        super().__init__()
        self._refused: Damaged | OpenElsewhere | None = None
        self.hide()

    def _build(self) -> None:
        """Make what is seldom needed, and not at every start."""
        stack = column(self, margin=0, spacing=8)
        self._of = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        self._restore = theme.button(_("Restore this backup"), icon_name="history")
        look = theme.button(_("Open it to look"), icon_name="book-open")
        leave = theme.button(_("Leave everything as it is"), flat=True)
        self._restore.clicked.connect(self._put_back)
        look.clicked.connect(self._look)
        leave.clicked.connect(self.hide)
        for widget in (self._of, self._restore, look, leave):
            stack.addWidget(widget)

    def offer(self, refused: Damaged | OpenElsewhere) -> None:
        """Show what can be done, if there is a backup. Only a damaged file is replaced by one."""
        self._refused = refused
        if refused.backup:
            if self.layout() is None:
                self._build()
            when = message("Backup of {moment}.", moment=moment(_made(Path(refused.backup))))
            more = _("What was entered since then is not in it.")
            kept = _("The damaged file is kept.") if isinstance(refused, Damaged) else ""
            self._of.setText(" ".join(filter(None, (say(when), more, kept))))
            self._restore.setVisible(isinstance(refused, Damaged))
        self.setVisible(bool(refused.backup))

    def _put_back(self) -> None:
        if isinstance(self._refused, Damaged):
            self.put_back.emit(self._refused)

    def _look(self) -> None:
        if self._refused:
            self.look.emit(Path(self._refused.backup))


def _made(backup: Path) -> datetime:
    """Return when a backup was made: its name says so, of a copy from before an upgrade the file's time."""
    named = backup_at(backup)
    return named.at if named else datetime.fromtimestamp(backup.stat().st_mtime).astimezone()
