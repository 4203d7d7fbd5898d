"""The first page: open a caseload, or turn to making one. Imports nothing heavy: it must take keys at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from trdtrack import settings
from trdtrack.ui import theme
from trdtrack.ui.damaged import DamagedOffer
from trdtrack.ui.desk import in_words
from trdtrack.ui.making import Making
from trdtrack.ui.page import card, column, hairline
from trdtrack.ui.passphrase import secret_field
from trdtrack.ui.wrong_tries import TRIES
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.dialogs import Dialogs

CARD_PX = 440
KINDS = _("TRDTrack caseload (*.trdtrack)")
LOOK_MS = 250
"""So often the seconds to wait are shown anew."""


class UnlockPage(QWidget):
    """Says by signals what was asked for; knows no caseload."""

    open_file = Signal(object, str, str)
    """Path, passphrase or recovery key, and what has to be said once it is open, if anything."""
    create_file = Signal(object, str)
    demo = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._why = ""
        """Why the last try failed."""
        self._tried = Path()
        self._asked = False
        """Whether opening was asked for while there is still to wait."""
        self._wait = QTimer(self, interval=LOOK_MS)
        self._wait.timeout.connect(self._count_down)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(theme.label(_("TRDTrack"), px=28, strong=True), alignment=Qt.AlignmentFlag.AlignHCenter)
        # One side is shown and the other hidden: a stack of pages would be as high as the higher of both.
        self.sides = QWidget()
        self.sides.setFixedWidth(CARD_PX)
        both = column(self.sides, margin=0)
        self.opening = self._opening()
        both.addWidget(self.opening)
        self.making = Making(dialogs)
        self.making.create_file.connect(self.create_file)
        self.making.back.connect(self.show_opening)
        both.addWidget(self.making)
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
        self.files = theme.Choice()
        self.files.setAccessibleName(_("Caseload file"))
        self.files.currentIndexChanged.connect(lambda _index: self._stop_waiting())
        self.passphrase = secret_field(_("Passphrase or recovery key"))
        self.passphrase.textEdited.connect(lambda _text: self._ask_no_more())
        self.passphrase.returnPressed.connect(self._open)
        self.message = theme.label(tone="risk", wrap=True)
        self.damaged = DamagedOffer()
        self.open_button = theme.button(_("Open"), primary=True)
        self.open_button.clicked.connect(self._open)
        other = theme.button(_("Another file…"), icon_name="folder-open")
        other.clicked.connect(self._browse)
        self._new = new = theme.button(_("New caseload…"), icon_name="plus")
        new.clicked.connect(self._start_making)
        demo = theme.button(_("Try the demo caseload"), flat=True)
        demo.clicked.connect(self.demo.emit)
        for widget in (
            *(self._caption, self.files, self.passphrase, self.message, self.damaged, self.open_button, hairline()),
        ):
            stack.addWidget(widget)
        more = QHBoxLayout()
        more.addWidget(other)
        more.addWidget(new)
        more.addStretch(1)
        stack.addLayout(more)
        stack.addWidget(demo, alignment=Qt.AlignmentFlag.AlignLeft)
        return sheet

    # Opening

    def refresh(self) -> None:
        """List the recent files, the latest first, and put the cursor into the passphrase."""
        self.files.clear()
        for entry in settings.recent():
            self.files.addItem(entry.path.name, entry)
            self.files.setItemData(self.files.count() - 1, str(entry.path), Qt.ItemDataRole.ToolTipRole)
        self._stop_waiting()
        self._recent_changed()

    def _recent_changed(self) -> None:
        some = self.files.count() > 0
        for widget in (self._caption, self.files, self.passphrase, self.open_button):
            widget.setVisible(some)
        if not some:
            self.say(_("No caseload has been opened here yet: make one, choose one, or try the demo."), tone="muted")

    def _turn(self, side: QWidget) -> None:
        for widget in (self.opening, self.making):
            widget.setVisible(widget is side)

    def choose(self, path: Path) -> None:
        """Offer a file to be opened."""
        entry = settings.Recent(path, settings.identity_of(path))
        listed = [self.files.itemData(number) for number in range(self.files.count())]
        if entry not in listed:
            self.files.insertItem(0, path.name, entry)
            listed.insert(0, entry)
        self.files.setCurrentIndex(listed.index(entry))
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
        entry: settings.Recent | None = self.files.currentData()
        if entry is None:
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
        if TRIES.left(path):
            self._asked = True
            self._wait_for(path)
            return
        # A copy is known by the same bytes as the file itself: say which of them this is.
        remark = "" if path == entry.path else _("{file} was not in its place. This is {path}.")
        self.open_file.emit(path, self.passphrase.text(), remark.format(file=entry.path.name, path=path))

    def refuse(self, path: Path | None, error: BaseException) -> None:
        """Say why a file did not open or was not made, and after a wrong passphrase how long to wait."""
        self._why, self._asked = in_words(error), False
        self.say(self._why)
        if path:
            TRIES.note(path, error)
            self._wait_for(path)

    def _wait_for(self, path: Path) -> None:
        self._tried = path
        if TRIES.left(path):
            self._count_down()
            self._wait.start()

    def _count_down(self) -> None:
        """Say how long to wait; when it is over, try what was asked for meanwhile."""
        left = TRIES.left(self._tried)
        words = _("Opening in {n} s…").format(n=left) if left and self._asked else TRIES.words(self._tried)
        self.say(" ".join(filter(None, (self._why, words))))
        if not left:
            self._wait.stop()
            if self._asked:
                self._asked = False
                self._open()

    def _ask_no_more(self) -> None:
        """Let go of what was asked for while there is to wait: something else is being typed."""
        self._asked = False

    def _stop_waiting(self) -> None:
        self._wait.stop()
        self._why, self._asked = "", False
        self.say("")

    def say(self, text: str, *, tone: str = "risk") -> None:
        """Show one sentence on whichever side is up."""
        self.damaged.hide()
        self.making.say(text, tone=tone)
        self.message.set_tone(tone)
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def forget(self) -> None:
        """Empty the passphrase fields."""
        self.passphrase.clear()
        self.making.passphrase.forget()

    def take_focus(self) -> None:
        """Put the cursor back where typing goes on."""
        if self.making.isHidden():
            self.show_opening()
        else:
            self.making.take_focus()

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001
        """While a file is opened or made nothing else can be asked for."""
        if busy:
            self._stop_waiting()
        self.sides.setEnabled(not busy)

    # Making

    def _start_making(self) -> None:
        path = self._dialogs.save_file(_("Where to keep the new caseload"), "clinic.trdtrack", KINDS)
        if path:
            self.make(path)

    def make(self, path: Path) -> None:
        """Turn to the making side for a new file."""
        self.making.make(path)
        self._stop_waiting()
        self._turn(self.making)
        self.making.passphrase.first.setFocus()
