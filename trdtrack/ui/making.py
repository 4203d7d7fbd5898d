"""The unlock page's other side: making a new caseload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from trdtrack.ui import theme
from trdtrack.ui.page import breakable, column
from trdtrack.ui.passphrase import NewPassphrase
from trdtrack.words import _

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.ui.dialogs import Dialogs


class Making(QFrame):
    """Asks for the new passphrase, twice; says by signals what was asked for."""

    create_file = Signal(object, str)
    back = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self.setProperty("card", True)  # noqa: FBT003 - Qt's signature
        self._dialogs = dialogs
        self._chosen: Path | None = None
        stack = column(self, spacing=12)
        stack.addWidget(theme.label(_("New caseload"), px=theme.HEADLINE_PX, strong=True))
        self.target = theme.label(tone="muted", wrap=True)
        self.passphrase = NewPassphrase(_("Passphrase"), then=self._create)
        self.message = theme.label(tone="risk", wrap=True)
        note = _(
            "A few unrelated words are easy to keep and hard to guess. A recovery key can be printed afterwards. If "
            "both are lost, nobody can open the file."
        )
        back, self.create_button = theme.button(_("Back")), theme.button(_("Make the caseload"), primary=True)
        back.clicked.connect(self.back.emit)
        self.create_button.clicked.connect(self._create)
        for widget in (self.target, self.passphrase):
            stack.addWidget(widget)
        stack.addWidget(theme.label(note, px=theme.SMALL_PX, tone="muted", wrap=True))
        stack.addWidget(self.message)
        buttons = QHBoxLayout()
        buttons.addWidget(back)
        buttons.addStretch(1)
        buttons.addWidget(self.create_button)
        stack.addLayout(buttons)

    def make(self, path: Path) -> None:
        """Ask for the passphrase of a new file."""
        self._chosen = path if path.suffix == ".trdtrack" else path.with_name(path.name + ".trdtrack")
        self.target.setText(breakable(self._chosen))
        self.say("")

    def say(self, text: str, *, tone: str = "risk") -> None:
        """Show one sentence."""
        self.message.set_tone(tone)
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def take_focus(self) -> None:
        """Put the cursor where typing goes on."""
        self.passphrase.first.setFocus()
        self.passphrase.first.selectAll()

    def _create(self) -> None:
        problem = self.passphrase.problem()
        if problem:
            self.say(problem)
        elif self._chosen and self.passphrase.wanted(self._dialogs):
            self.create_file.emit(self._chosen, self.passphrase.text)
