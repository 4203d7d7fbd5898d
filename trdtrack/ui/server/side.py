"""The unlock page's side for a clinic's server: its address, the login, the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from trdtrack.domain.address import Address
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.page import column
from trdtrack.ui.passphrase import secret_field
from trdtrack.words import _, say

if TYPE_CHECKING:
    from trdtrack.settings import Server


class ServerSide(QFrame):
    """Asks where the caseload is and who logs in; says by signals what was asked for."""

    open_server = Signal(object, str, bool)
    """Address with the login, password, and whether it is to be kept in the keyring."""
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", True)  # noqa: FBT003 - Qt's signature
        stack = column(self, spacing=theme.GAP)
        stack.addWidget(theme.label(_("A clinic's server"), px=theme.HEADLINE_PX, strong=True))
        note = _("Whoever looks after the clinic's server gives you its address and your login.")
        stack.addWidget(theme.label(note, px=theme.SMALL_PX, tone="muted", wrap=True))
        self.address, self.login = QLineEdit(), QLineEdit()
        self.address.setPlaceholderText("postgresql://server/caseload")
        self.password = secret_field(_("Password"))
        self.password.setPlaceholderText("")
        fields = ((_("Address"), self.address), (_("Login"), self.login), (_("Password"), self.password))
        for name, field in fields:
            field.setAccessibleName(name)
            field.returnPressed.connect(self._open)
            caption = theme.label(name, px=theme.SMALL_PX, tone="muted")
            caption.setBuddy(field)
            stack.addSpacing(4)
            stack.addWidget(caption)
            stack.addWidget(field)
        self.keep = theme.Check(_("Keep the password in this computer's keyring"))
        self.no_keyring = theme.label(
            _("This computer has no keyring for passwords: it is asked for each time."),
            px=theme.SMALL_PX,
            tone="muted",
            wrap=True,
        )
        self.message = theme.label(tone="risk", wrap=True)
        for widget in (self.keep, self.no_keyring, self.message):
            stack.addWidget(widget)
        back, self.open_button = theme.button(_("Back")), theme.button(_("Open"), primary=True)
        back.clicked.connect(self.back.emit)
        self.open_button.clicked.connect(self._open)
        buttons = QHBoxLayout()
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        stack.addLayout(buttons)
        self.hide()

    def ask(self, known: Server | None) -> None:
        """Ask anew, with what is known of a server opened before."""
        from trdtrack import passwords

        there = passwords.available()
        self.keep.setVisible(there)
        self.no_keyring.setVisible(not there)
        self.keep.setChecked(there and known is not None and known.keyring)
        self.address.setText(known.address.of_user("").text if known else "")
        self.login.setText(known.address.user if known else "")
        self.password.clear()
        self.say("")

    def say(self, text: str, *, tone: str = "risk") -> None:
        """Show one sentence."""
        self.message.set_tone(tone)
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def take_focus(self) -> None:
        """Put the cursor where something is still to be typed."""
        empty = (field for field in (self.address, self.login) if not field.text())
        field = next(empty, self.password)
        field.setFocus()
        field.selectAll()

    def _open(self) -> None:
        try:
            address = Address.parse(self.address.text()).of_user(self.login.text().strip())
        except Refusal as refusal:
            self.say(say(refusal.what))
            self.address.setFocus()
            return
        if not address.user:
            self.say(_("Type your login."))
            self.login.setFocus()
            return
        self.open_server.emit(address, self.password.text(), self.keep.isChecked())
