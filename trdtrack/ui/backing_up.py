"""Backs up the caseload that is open, by itself and when asked; says once if it cannot, and shows it until it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from trdtrack.domain.backups import Kind
from trdtrack.ui import theme
from trdtrack.ui.beside import Beside
from trdtrack.words import _, moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from trdtrack.caseload import Caseload
    from trdtrack.domain.backups import Backup

FIRST_MS = 60_000
"""What was saved before a crash is backed up soon after the next opening."""
LOOK_MS = 5 * 60_000
"""So often it is looked whether one is due: half an hour after the last, if something was saved."""


class BackingUp(QObject):
    """Silent while all is well."""

    turned = Signal()
    """A backup was made, or could not be."""

    def __init__(
        self,
        caseload: Caseload,
        *,
        clock: Callable[[], datetime],
        show: Callable[[str], None],
        words: Callable[[BaseException], str],
    ) -> None:
        super().__init__()
        self.caseload = caseload
        self._clock, self._show, self._words = clock, show, words
        self.trouble = ""
        """Why the last one could not be made, or not where it should be; empty if all is well."""
        self._asked = False
        self._beside = Beside()
        self._beside.over.connect(self._over)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self, singleShot=True, interval=FIRST_MS)
        self._first.timeout.connect(self.look)
        if not caseload.read_only:
            self._timer.start()
            self._first.start()

    @property
    def busy(self) -> bool:
        """Whether one is being made."""
        return self._beside.busy

    def look(self) -> None:
        """Make a backup beside the window if one is due."""
        at = self._clock()
        self._beside.start(lambda: self.caseload.backups.make_if_due(at=at))

    def now(self) -> None:
        """Make one because somebody asks, and say where it is."""
        at = self._clock()
        self._asked = self._beside.start(lambda: self.caseload.backups.make(at=at, kind=Kind.USUAL))

    def _over(self, made: Any, error: BaseException | None) -> None:
        asked, self._asked = self._asked, False
        before = self.trouble
        self._note(made, error)
        if self.trouble and (asked or not before):
            self._show(self.trouble)
        elif made and asked:
            self._show(_("Backed up and checked: {path}").format(path=made.path))
        self.turned.emit()

    def _note(self, made: Backup | None, error: BaseException | None) -> None:
        if error is not None:
            self.trouble = _("No backup could be made. {why}").format(why=self._words(error))
        elif made is not None:
            self.trouble = _missing(self.caseload.backups.folder, made) if self.caseload.backups.folder_missing else ""

    def stop(self) -> None:
        """Look no more: the pages are going."""
        self._timer.stop()
        self._first.stop()

    def leave(self) -> str:
        """Back up what was saved since the last one, for the file is being closed; return what is wrong, if anything.

        By now the pages are gone, so that nobody waits before them.
        """
        self.stop()
        self._beside.over.disconnect(self._over)
        self._beside.wait()
        before = self.trouble
        try:
            self._note(self.caseload.backups.make_if_due(at=self._clock(), at_once=True), None)
        except Exception as error:  # noqa: BLE001 - locking never fails for want of a backup
            self._note(None, error)
        return "" if self.trouble == before else self.trouble


def _missing(folder: Path, made: Backup) -> str:
    return _("The folder for backups, {folder}, is not there now. The backup was put into {beside} instead.").format(
        folder=folder, beside=made.path.parent
    )


class TroubleLine(theme.Text):
    """One line that stands where work is listed, as long as backups cannot be made as they should be."""

    def __init__(self, backing: BackingUp) -> None:
        super().__init__(tone="risk")
        self._backing = backing
        self.setWordWrap(True)
        backing.turned.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setText(self._backing.trouble)
        self.setVisible(bool(self._backing.trouble))


def last_said(found: list[Backup]) -> str:
    """Return when the last backup was made and how many there are, in a sentence."""
    if not found:
        return _("There is no backup yet. The first is made when you lock or close the caseload.")
    return _("Last backup: {moment}, checked. Backups kept: {n}.").format(moment=moment(found[0].at), n=len(found))
