"""The unlock page's other side: making a new caseload, named and placed, under a passphrase."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from trdtrack.paths import documents
from trdtrack.ui import theme
from trdtrack.ui.page import breakable, column
from trdtrack.ui.passphrase import NewPassphrase
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.dialogs import Dialogs

ENDING = ".trdtrack"
USUAL_NAME = "clinic"


class Making(QFrame):
    """Asks for a name, a folder, and the new passphrase twice; says by signals what was asked for."""

    create_file = Signal(object, str)
    back = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self.setProperty("card", True)  # noqa: FBT003 - Qt's signature
        self._dialogs = dialogs
        self._folder = Path()
        stack = column(self, spacing=12)
        stack.addWidget(theme.label(_("New caseload"), px=theme.HEADLINE_PX, strong=True))
        caption = theme.label(_("Name of the file"), px=theme.SMALL_PX, tone="muted")
        self.name = QLineEdit()
        self.name.setAccessibleName(_("Name of the file"))
        caption.setBuddy(self.name)
        self.name.textChanged.connect(lambda _text: self._show_target())
        self.target = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        other = theme.button(_("Another folder…"), flat=True)
        other.clicked.connect(self._choose_folder)
        self.passphrase = NewPassphrase(_("Passphrase"), then=self._create)
        self.name.returnPressed.connect(self.passphrase.first.setFocus)
        self.message = theme.label(tone="risk", wrap=True)
        note = _(
            "A few unrelated words are easy to keep and hard to guess. A recovery key can be printed afterwards. If "
            "both are lost, nobody can open the file."
        )
        back, self.create_button = theme.button(_("Back")), theme.button(_("Make the caseload"), primary=True)
        back.clicked.connect(self.back.emit)
        self.create_button.clicked.connect(self._create)
        for widget in (caption, self.name, self.target, other, self.passphrase):
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
        self._folder = path.parent
        self.name.setText(path.name.removesuffix(ENDING))
        self._show_target()
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

    @property
    def path(self) -> Path | None:
        """The file as it is named now; None while it has no name."""
        name = self.name.text().strip().removesuffix(ENDING)
        return self._folder / f"{name}{ENDING}" if name else None

    def _show_target(self) -> None:
        self.target.setText(_("Kept here: {path}").format(path=breakable(self.path or self._folder)))

    def _choose_folder(self) -> None:
        folder = self._dialogs.folder(_("Folder for the new caseload"))
        if folder:
            self._folder = folder
            self._show_target()
            self.passphrase.first.setFocus()

    def _create(self) -> None:
        problem = self.passphrase.problem()
        if self.path is None:
            self.say(_("Give the file a name."))
            self.name.setFocus()
        elif problem:
            self.say(problem)
        elif self.passphrase.wanted(self._dialogs):
            self.create_file.emit(self.path, self.passphrase.text)


def usual_place() -> Path:
    """Return where a new caseload is proposed: among the documents, under a name nothing has there."""
    folder = documents()
    names = (f"{USUAL_NAME}{number or ''}{ENDING}" for number in (0, *range(2, 100)))
    return next((folder / name for name in names if not (folder / name).exists()), folder / f"{USUAL_NAME}{ENDING}")
