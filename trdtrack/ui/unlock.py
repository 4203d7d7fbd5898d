"""The first page: open a caseload, or make one. Imports nothing heavy: it must take keys at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from trdtrack import settings
from trdtrack.ui import theme
from trdtrack.ui.page import breakable, card, column, hairline
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.dialogs import Dialogs

CARD_PX = 440
KINDS = _("TRDTrack caseload (*.trdtrack)")
WEAKEST = 2
"""Below this of zxcvbn's 0-4 a warning is shown; the choice stays the person's."""
STRENGTH = (_("very weak"), _("weak"), _("fair"), _("good"), _("strong"))


class UnlockPage(QWidget):
    """Says by signals what was asked for; knows no caseload."""

    open_file = Signal(object, str, str)
    """Path, passphrase, and what has to be said once it is open, if anything."""
    create_file = Signal(object, str)
    demo = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        self._chosen: Path | None = None
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(theme.label(_("TRDTrack"), px=28, strong=True), alignment=Qt.AlignmentFlag.AlignHCenter)
        self.stack = QStackedWidget()
        self.stack.setFixedWidth(CARD_PX)
        self.stack.addWidget(self._opening())
        self.stack.addWidget(self._making())
        outer.addSpacing(theme.PAD)
        # In a row of its own: only so is its height asked for at its own width, where its texts wrap.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.stack)
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
        self.files.currentIndexChanged.connect(lambda _index: self.say(""))
        self.passphrase = _secret(_("Passphrase"))
        self.passphrase.returnPressed.connect(self._open)
        self.message = theme.label(tone="risk", wrap=True)
        self.open_button = theme.button(_("Open"), primary=True)
        self.open_button.clicked.connect(self._open)
        other = theme.button(_("Another file…"), icon_name="folder-open")
        other.clicked.connect(self._browse)
        self._new = new = theme.button(_("New caseload…"), icon_name="plus")
        new.clicked.connect(self._start_making)
        demo = theme.button(_("Try the demo caseload"), flat=True)
        demo.clicked.connect(self.demo.emit)
        for widget in (self._caption, self.files, self.passphrase, self.message, self.open_button, hairline()):
            stack.addWidget(widget)
        more = QHBoxLayout()
        more.addWidget(other)
        more.addWidget(new)
        more.addStretch(1)
        stack.addLayout(more)
        stack.addWidget(demo, alignment=Qt.AlignmentFlag.AlignLeft)
        return sheet

    def _making(self) -> QFrame:
        sheet = card()
        stack = column(sheet, spacing=12)
        stack.addWidget(theme.label(_("New caseload"), px=theme.HEADLINE_PX, strong=True))
        self.target = theme.label(tone="muted", wrap=True)
        self.first, self.second = _secret(_("Passphrase")), _secret(_("The same again"))
        self.strength = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        self.first.textChanged.connect(self._rate)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self._create)
        self.making_message = theme.label(tone="risk", wrap=True)
        note = _("A few unrelated words are easy to keep and hard to guess. If it is lost, nobody can open the file.")
        back, self.create_button = theme.button(_("Back")), theme.button(_("Make the caseload"), primary=True)
        back.clicked.connect(self.show_opening)
        self.create_button.clicked.connect(self._create)
        for widget in (self.target, self.first, self.strength, self.second):
            stack.addWidget(widget)
        stack.addWidget(theme.label(note, px=theme.SMALL_PX, tone="muted", wrap=True))
        stack.addWidget(self.making_message)
        buttons = QHBoxLayout()
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self.create_button)
        stack.addLayout(buttons)
        return sheet

    # Opening

    def refresh(self) -> None:
        """List the recent files, the latest first, and put the cursor into the passphrase."""
        self.files.clear()
        for entry in settings.recent():
            self.files.addItem(entry.path.name, entry)
            self.files.setItemData(self.files.count() - 1, str(entry.path), Qt.ItemDataRole.ToolTipRole)
        self.say("")
        self._recent_changed()

    def _recent_changed(self) -> None:
        some = self.files.count() > 0
        for widget in (self._caption, self.files, self.passphrase, self.open_button):
            widget.setVisible(some)
        if not some:
            self.say(_("No caseload has been opened here yet: make one, choose one, or try the demo."), tone="muted")

    def _turn(self, side: int) -> None:
        """Show one side; the card is as high as that side, not as the higher of both."""
        for number in range(self.stack.count()):
            fit = QSizePolicy.Policy.Preferred if number == side else QSizePolicy.Policy.Ignored
            widget = self.stack.widget(number)
            if widget:
                widget.setSizePolicy(QSizePolicy.Policy.Preferred, fit)
        self.stack.setCurrentIndex(side)

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
        self._turn(0)
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
        # A copy is known by the same bytes as the file itself: say which of them this is.
        remark = "" if path == entry.path else _("{file} was not in its place. This is {path}.")
        self.open_file.emit(path, self.passphrase.text(), remark.format(file=entry.path.name, path=path))

    def say(self, text: str, *, tone: str = "risk") -> None:
        """Show one sentence on whichever side is up."""
        for widget in (self.message, self.making_message):
            widget.set_tone(tone)
            widget.setText(text)
            widget.setVisible(bool(text))

    def forget(self) -> None:
        """Empty the passphrase fields."""
        for field in (self.passphrase, self.first, self.second):
            field.clear()

    def take_focus(self) -> None:
        """Put the cursor back where typing goes on."""
        if self.stack.currentIndex() == 0:
            self.show_opening()
        else:
            self.first.setFocus()
            self.first.selectAll()

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001
        """While a file is opened or made nothing else can be asked for."""
        self.stack.setEnabled(not busy)

    # Making

    def _start_making(self) -> None:
        path = self._dialogs.save_file(_("Where to keep the new caseload"), "clinic.trdtrack", KINDS)
        if path:
            self.make(path)

    def make(self, path: Path) -> None:
        """Turn to the making side for a new file."""
        self._chosen = path if path.suffix == ".trdtrack" else path.with_name(path.name + ".trdtrack")
        self.target.setText(breakable(self._chosen))
        self.say("")
        self._rate()
        self._turn(1)
        self.first.setFocus()

    def _rate(self) -> None:
        text = self.first.text()
        if not text:
            self.strength.setText(_("Strength is shown as you type"))
            self.strength.set_tone("muted")
            return
        score = strength(text)
        self.strength.setText(_("Strength: {words}").format(words=STRENGTH[score]))
        self.strength.set_tone("risk" if score < WEAKEST else "accent")

    def _create(self) -> None:
        if not self.first.text():
            self.say(_("Type a passphrase."))
        elif self.first.text() != self.second.text():
            self.say(_("The two passphrases are not the same."))
        elif self._chosen:
            if strength(self.first.text()) < WEAKEST and not self._dialogs.confirm(
                _("This passphrase is easy to guess. Whoever gets the file could open it. Use it all the same?"),
                _("Use it"),
            ):
                return
            self.create_file.emit(self._chosen, self.first.text())


def strength(passphrase: str) -> int:
    """Return zxcvbn's estimate, 0 (guessed at once) to 4 (strong)."""
    from zxcvbn import zxcvbn

    # It raises above 72 characters; longer only makes it stronger.
    return int(zxcvbn(passphrase[:72])["score"])


def _secret(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setMaxLength(1000)
    made.setPlaceholderText(name)
    made.setAccessibleName(name)
    return made
