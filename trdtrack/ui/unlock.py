"""The first page: open a caseload, or turn to making one. Imports nothing heavy: it must take keys at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from trdtrack import settings
from trdtrack.ui import theme
from trdtrack.ui.damaged import DamagedOffer
from trdtrack.ui.desk import in_words
from trdtrack.ui.making import Making, usual_place
from trdtrack.ui.page import card, column, hairline
from trdtrack.ui.passphrase import secret_field
from trdtrack.ui.recent import RecentPlaces
from trdtrack.ui.server.side import ServerSide
from trdtrack.ui.shortcuts import WITHIN, bind
from trdtrack.ui.wrong_tries import Waiting
from trdtrack.words import _

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.ui.dialogs import Dialogs

CARD_PX = 440
KINDS = _("TRDTrack caseload (*.trdtrack)")


class UnlockPage(QWidget):
    """Says by signals what was asked for; knows no caseload."""

    open_file = Signal(object, str, str)
    """Path, passphrase or recovery key, and what has to be said once it is open, if anything."""
    open_server = Signal(object, str, bool)
    """Address with the login, password, and whether it is kept in the keyring."""
    create_file = Signal(object, str)
    demo = Signal()
    help_asked = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._waiting = Waiting(self)
        self._waiting.said.connect(self.say)
        self._waiting.over.connect(self._open)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(theme.label(_("TRDTrack"), px=28, strong=True), alignment=Qt.AlignmentFlag.AlignHCenter)
        # One side is shown and the other hidden: a stack of pages would be as high as the higher of both.
        self.sides = QWidget()
        self.sides.setFixedWidth(theme.px(CARD_PX))
        both = column(self.sides, margin=0)
        self.opening = self._opening()
        both.addWidget(self.opening)
        self.making = Making(dialogs)
        self.making.create_file.connect(self.create_file)
        self.making.back.connect(self.show_opening)
        both.addWidget(self.making)
        self.server = ServerSide()
        self.server.open_server.connect(self.open_server)
        self.server.back.connect(self.show_opening)
        both.addWidget(self.server)
        outer.addSpacing(theme.PAD)
        # In a row of its own: only so is its height asked for at its own width, where its texts wrap.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.sides)
        across.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(3)
        self.refresh()

    def _opening(self) -> QFrame:
        sheet = card()
        stack = column(sheet, spacing=12)
        self._caption = theme.label(_("Caseload"), px=theme.SMALL_PX, tone="muted")
        self.files = RecentPlaces()
        self.files.currentIndexChanged.connect(lambda _index: self._turned())
        self.passphrase = secret_field("")
        self.passphrase.textEdited.connect(lambda _text: self._waiting.ask_no_more())
        self.passphrase.returnPressed.connect(self._open)
        self.message = theme.label(tone="risk", wrap=True)
        self.damaged = DamagedOffer()
        self.open_button = theme.button(_("Open"), primary=True)
        self.open_button.clicked.connect(self._open)
        other = theme.button(_("Another file…"), icon_name="folder-open")
        other.clicked.connect(self._browse)
        self._new = new = theme.button(_("New caseload…"), icon_name="plus")
        new.clicked.connect(self.start_making)
        server = theme.button(_("A clinic's server…"), icon_name="users-round")
        server.clicked.connect(self.ask_server)
        demo = theme.button(_("Try the demo caseload"), flat=True)
        demo.clicked.connect(self.demo.emit)
        for widget in (
            *(self._caption, self.files, self.passphrase, self.message, self.damaged, self.open_button, hairline()),
        ):
            stack.addWidget(widget)
        help_ = theme.button(_("Help"), flat=True)
        help_.setToolTip(_("Help (F1)"))
        help_.clicked.connect(self.help_asked.emit)
        bind("help", self, self.help_asked.emit, WITHIN)
        for pair in ((other, new), (server, demo, help_)):
            more = theme.row()
            for button in pair:
                more.addWidget(button)
            more.addStretch(1)
            stack.addLayout(more)
        return sheet

    # Opening

    def refresh(self) -> None:
        """List the recent files, the latest first, and put the cursor into the passphrase."""
        self.files.fill()
        self._turned()
        self._recent_changed()

    def _turned(self) -> None:
        """Another caseload is chosen: say what is to be typed for it."""
        self._waiting.stop()
        name = _("Passphrase or recovery key")
        if isinstance(self.files.chosen, settings.Server):
            kept = self.files.chosen.keyring
            name = _("Password (left empty: the one in the keyring)") if kept else _("Password")
        self.passphrase.setPlaceholderText(name)
        self.passphrase.setAccessibleName(name)

    def _recent_changed(self) -> None:
        some = self.files.count() > 0
        for widget in (self._caption, self.files, self.passphrase, self.open_button):
            widget.setVisible(some)
        if not some:
            self.say(_("No caseload has been opened here yet: make one, choose one, or try the demo."), tone="muted")

    def _turn(self, side: QWidget) -> None:
        for widget in (self.opening, self.making, self.server):
            widget.setVisible(widget is side)

    def choose(self, path: Path) -> None:
        """Offer a file to be opened."""
        self.files.choose(path)
        self._recent_changed()
        self.show_opening()

    def show_opening(self) -> None:
        """Turn to the opening side, ready to type."""
        self._turn(self.opening)
        if self.files.count():
            self.passphrase.setFocus()
            self.passphrase.selectAll()
        else:
            self._new.setFocus()

    def _browse(self) -> None:
        path = self._dialogs.open_file(_("Open a caseload"), KINDS)
        if path:
            self.choose(path)

    def _open(self) -> None:
        entry = self.files.chosen
        if entry is None:
            return
        if isinstance(entry, settings.Server):
            self.open_server.emit(entry.address, self.passphrase.text(), entry.keyring)
            return
        if not self.passphrase.text():
            self.say(_("Type the passphrase of this caseload."))
            return
        path = entry.find()
        if path is None:
            self.say(
                _("{file} is not in {folder} any more. Choose it with Another file.").format(
                    file=entry.path.name, folder=entry.path.parent
                )
            )
            return
        if self._waiting.holds(path):
            return
        # A copy is known by the same bytes as the file itself: say which of them this is.
        remark = "" if path == entry.path else _("{file} was not in its place. This is {path}.")
        self.open_file.emit(path, self.passphrase.text(), remark.format(file=entry.path.name, path=path))

    def refuse(self, path: Path | None, error: BaseException) -> None:
        """Say why a caseload did not open or was not made, and after a wrong passphrase how long to wait."""
        self._waiting.refused(in_words(error), path, error)

    def say(self, text: str, *, tone: str = "risk") -> None:
        """Show one sentence on whichever side is up."""
        self.damaged.hide()
        self.making.say(text, tone=tone)
        self.server.say(text, tone=tone)
        self.message.set_tone(tone)
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def forget(self) -> None:
        """Empty the passphrase fields."""
        self.passphrase.clear()
        self.making.passphrase.forget()
        self.server.password.clear()

    def take_focus(self) -> None:
        """Put the cursor back where typing goes on."""
        for side in (self.making, self.server):
            if not side.isHidden():
                side.take_focus()
                return
        self.show_opening()

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001
        """While a file is opened or made nothing else can be asked for."""
        if busy:
            self._waiting.stop()
        self.sides.setEnabled(not busy)

    def ask_server(self) -> None:
        """Turn to the side for a clinic's server, with what is known of the one chosen."""
        known = self.files.chosen
        self.server.ask(known if isinstance(known, settings.Server) else None)
        self._turn(self.server)
        self.server.take_focus()

    # Making

    def start_making(self) -> None:
        """Turn to the making side with a name and a place proposed."""
        self.make(usual_place())
        self.making.name.setFocus()
        self.making.name.selectAll()

    def make(self, path: Path) -> None:
        """Turn to the making side for a new file."""
        self.making.make(path)
        self._waiting.stop()
        self._turn(self.making)
        self.making.passphrase.first.setFocus()
