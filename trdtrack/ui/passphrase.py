"""A passphrase typed: one to open with, or a new one, twice, with how hard it is to guess in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.ui.dialogs import Dialogs

WEAKEST = 2
"""Below this of zxcvbn's 0-4 a warning is shown; the choice stays the person's."""
STRENGTH = (_("very weak"), _("weak"), _("fair"), _("good"), _("strong"))
_LONGEST_READ = 72
"""zxcvbn raises above so many characters; more only make a passphrase stronger."""


def strength(passphrase: str) -> int:
    """Return zxcvbn's estimate, 0 (guessed at once) to 4 (strong)."""
    from zxcvbn import zxcvbn

    return int(zxcvbn(passphrase[:_LONGEST_READ])["score"])


def secret_field(name: str) -> QLineEdit:
    """Return a field that shows no letter of what is typed.

    It cuts nothing off: half a passphrase taken without a word would open nothing elsewhere.
    """
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setPlaceholderText(name)
    made.setAccessibleName(name)
    return made


class NewPassphrase(QWidget):
    """Two fields for the same new passphrase, its strength in words between them. Enter in the last goes on."""

    def __init__(self, name: str, *, then: Callable[[], None]) -> None:
        super().__init__()
        self.first, self.second = secret_field(name), secret_field(_("The same again"))
        self.strength = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        self.first.textChanged.connect(self._rate)
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(then)
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(12)
        for widget in (self.first, self.strength, self.second):
            stack.addWidget(widget)
        self._rate()

    @property
    def text(self) -> str:
        """What is typed in the first field."""
        return self.first.text()

    def problem(self) -> str:
        """Return what is wrong with what is typed, empty if nothing is."""
        if not self.text:
            return _("Type a passphrase.")
        return "" if self.text == self.second.text() else _("The two passphrases are not the same.")

    def wanted(self, dialogs: Dialogs) -> bool:
        """Whether it is to be used: one that is easy to guess only after a question."""
        easy = _("This passphrase is easy to guess. Whoever gets the file could open it. Use it all the same?")
        return strength(self.text) >= WEAKEST or dialogs.confirm(easy, _("Use it"))

    def forget(self) -> None:
        """Empty both fields."""
        self.first.clear()
        self.second.clear()

    def _rate(self) -> None:
        if not self.text:
            self.strength.setText(_("Strength is shown as you type"))
            self.strength.set_tone("muted")
            return
        score = strength(self.text)
        self.strength.setText(_("Strength: {words}").format(words=STRENGTH[score]))
        self.strength.set_tone("risk" if score < WEAKEST else "accent")
