"""The one window: the unlock page, then the rail with its pages; forms open over the page they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from trdtrack import settings
from trdtrack.paths import is_demo
from trdtrack.ui import theme
from trdtrack.ui.covering import Covering
from trdtrack.ui.dialogs import Dialogs
from trdtrack.ui.first_steps import FirstSteps
from trdtrack.ui.handover.handing import Handing
from trdtrack.ui.locking.lock import Locking
from trdtrack.ui.opening import Opening
from trdtrack.ui.restore.replacing import Restoring
from trdtrack.ui.room import Pages, Room
from trdtrack.ui.shortcuts import bind
from trdtrack.ui.trying import Trying
from trdtrack.ui.unlock import UnlockPage
from trdtrack.ui.work import Work
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from trdtrack.caseload import Caseload
    from trdtrack.ui.workspace import Workspace

LINE_MS = 8000
"""How long a message stays in the line at the foot."""
SMALLEST = (1024, 700)
USUAL = (1280, 820)


class Window(QMainWindow):
    """Holds the unlock page and, while a caseload is open, its workspace. Its title never names a patient."""

    def __init__(self, *, who: str, clock: Callable[[], datetime], dialogs: Dialogs | None = None) -> None:
        super().__init__()
        self._clock = clock
        self.dialogs = dialogs or Dialogs(self)
        self.workspace: Workspace | None = None
        self.trying = Trying(self)
        self.steps = FirstSteps(self)
        self.over = Covering(self)
        self.handing = Handing(self, who=who, clock=clock)
        self.locking = Locking(self, clock=clock)
        self.restoring = Restoring(self, who=who, clock=clock)
        self.unlock = UnlockPage(self.dialogs)
        self.unlock.help_asked.connect(self.over.show_help)
        self.opening = Opening(self, who=who, clock=clock)
        self.stack = Pages()
        self.stack.addWidget(self.unlock)
        self.work = Work()
        self.line = theme.label(tone="muted")
        self.line.setContentsMargins(theme.PAD, 4, theme.PAD, 4)
        self.line.setAccessibleName(_("Message"))
        self._line_timer = QTimer(self, singleShot=True, interval=LINE_MS)
        self._line_timer.timeout.connect(self.line.clear)
        centre = QWidget()
        stack = self.centre = QVBoxLayout(centre)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        stack.addWidget(self.steps)
        stack.addWidget(Room(self.stack), 1)
        stack.addWidget(self.work)
        stack.addWidget(self.line)
        self.setCentralWidget(centre)
        self.setMinimumSize(*SMALLEST)
        self.resize(*USUAL)
        self._name_window(None)
        bind("lock", self, self.lock)
        bind("quit", self, self.close)
        self.unlock.show_opening()
        self.steps.at_unlock()

    def say(self, text: str) -> None:
        """Show a message in the line at the foot, and announce it to a screen reader."""
        self.line.setText(text)
        self.line.setToolTip(text)
        self._line_timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, text))

    # Opening and locking

    def show_caseload(self, caseload: Caseload, *, remark: str = "") -> None:
        """Build the workspace of an opened caseload and show it; say a remark, and what waits to be confirmed."""
        from trdtrack.domain.backups import backup_at
        from trdtrack.ui.caseload.page import CaseloadPage
        from trdtrack.ui.settings.backups import synced_words
        from trdtrack.ui.workspace import Workspace

        self.over.leave()
        self.unlock.forget()
        self.workspace = Workspace(caseload, work=self.work, dialogs=self.dialogs, say=self.say, clock=self._clock)
        self.workspace.lock_asked.connect(self.lock)
        self.workspace.demo_asked.connect(self.trying.begin)
        self.over.listen(self.workspace)
        self.workspace.handover_asked.connect(self.handing.start)
        self.workspace.restore_asked.connect(self.restoring.replace)
        # Queued: the page that asks for it goes.
        self.workspace.anew_asked.connect(self.show_anew, Qt.ConnectionType.QueuedConnection)
        self.stack.addWidget(self.workspace)
        self.stack.setCurrentWidget(self.workspace)
        self.trying.mark(demo=is_demo(caseload.path))
        self._name_window(caseload)
        self.workspace.go(CaseloadPage)
        waits = self.workspace.caseload_page.turn_to_waiting()
        looking = _("You can look, but nothing can be changed: this file was opened read-only.")
        if backup_at(caseload.path):
            looking = _("This is a backup: you can look, but nothing can be changed.")
        program = caseload.backups.synced
        synced = synced_words(program) if program and settings.first_time("synced", caseload.path) else ""
        said = [text for text in (remark, looking if caseload.read_only else "", waits, synced) if text]
        if said:
            self.say("  ".join(said))
        self.locking.opened(self.workspace.desk)
        self.steps.opened(self.workspace)

    def show_anew(self) -> None:
        """Build the pages again, in the size text has now, and come back to the settings."""
        from trdtrack.ui.entry.layout import show_in_scroll
        from trdtrack.ui.settings.page import SettingsPage

        if self.workspace is None:
            return
        caseload = self.workspace.desk.caseload
        if self.leave_workspace() is None:
            return
        self.show_caseload(caseload)
        self.workspace.go(SettingsPage)
        page = self.workspace.pages[SettingsPage]
        if isinstance(page, SettingsPage):
            page.appearance.text_size.setFocus()
            # Once the new page is laid out: before that nobody knows where it stands.
            QTimer.singleShot(0, page.appearance.text_size, lambda: show_in_scroll(page.appearance.text_size))

    def take_focus(self) -> None:
        """Put the keyboard's focus where work goes on."""
        (self.workspace or self.unlock).take_focus()

    def lock(self, *, unattended: bool = False, remark: str = "") -> bool:
        """Close the caseload and destroy its pages; what is typed is kept as a draft. False while something runs.

        `unattended`: there is nobody to answer a question. `remark`: why, for whoever comes back.
        """
        if self.handing.under_way:
            self.handing.ask_passphrase()
            return False
        if self.workspace is None:
            return True
        caseload, backing = self.workspace.desk.caseload, self.workspace.desk.backing
        kept = self.leave_workspace(unattended=unattended)
        if kept is None:
            return False
        # A large file takes a second or two: by then the pages are out of sight.
        self.stack.repaint()
        trouble = backing.leave()
        caseload.close()
        self.locking.locked()
        self._name_window(None)
        self.unlock.refresh()
        was_demo = self.trying.demo
        self.trying.mark(demo=False)
        if self.unlock.files.count() and not was_demo:
            self.unlock.show_opening()
        elif not caseload.on_server and caseload.path.exists():
            self.unlock.choose(caseload.path)
        self.steps.at_unlock()
        safe = _("What you typed is kept. It is on the to-do list.") if kept else ""
        if trouble:
            self.unlock.say(trouble)
        elif was_demo:
            self.unlock.say(self.trying.locked_words(), tone="muted")
        elif remark or safe:
            self.unlock.say(" ".join(text for text in (remark, safe) if text), tone="muted")
        return True

    def leave_workspace(self, *, unattended: bool = False) -> bool | None:
        """Destroy the pages and leave the file open. Returns whether what was typed is kept; None if it has to stay."""
        if self.workspace is None:
            return False
        if self.work.busy:
            self.say(_("Something is still running. Wait for it, or cancel it."))
            return None
        self.over.leave()
        kept, unkept = self.workspace.put_away()
        if unattended:
            self.locking.hold(self.workspace.desk.caseload.place, unkept)
        elif (unkept or not kept) and not self.workspace.may_leave():
            # The file takes no draft: then leaving has to be asked for as everywhere else.
            return None
        self.locking.rest()
        self.workspace.desk.backing.stop()
        self.stack.removeWidget(self.workspace)
        self.steps.rest()
        self.workspace.deleteLater()
        self.workspace = None
        self.line.clear()
        return bool(kept)

    def cover(self, page: QWidget) -> None:
        """Show a page with nothing around it: no title, no message."""
        self.setWindowTitle("")
        self.line.hide()
        self.trying.let_act(able=False)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)

    def uncover(self, page: QWidget) -> None:
        """Take the page that covered everything away."""
        self.stack.removeWidget(page)
        page.deleteLater()
        self.line.show()
        self.trying.let_act(able=True)

    def _name_window(self, caseload: Caseload | None) -> None:
        name = _("Demo: invented people") if self.trying.demo else caseload.path.name if caseload else ""
        self.setWindowTitle(f"{name} – TRDTrack" if caseload else "TRDTrack")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What nobody above had a use for.
        if event.key() == Qt.Key.Key_Escape:
            self.steps.leave()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        activated = event.type() is QEvent.Type.ActivationChange and self.isActiveWindow()
        if activated and self.workspace and not self.work.busy:
            self.workspace.desk.look_again()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.work.busy:
            # A file half made or half written would be left behind by a window that goes now.
            self.say(_("Something is still running. Wait for it, or cancel it."))
            event.ignore()
        elif self.locking.may_close() and self.lock():
            self.opening.first.end()
            event.accept()
        else:
            event.ignore()
