"""The questions the window asks in boxes of its own. Handed in, so that tests answer them without patching anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QInputDialog, QMessageBox, QPlainTextEdit

from trdtrack.ui import theme
from trdtrack.ui.page import column
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget


class Dialogs:
    """Real boxes over a window."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def confirm(self, question: str, yes: str) -> bool:
        """Ask a question; the button `yes` says what happens."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, _("TRDTrack"), question, parent=self._parent)
        agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is agreed

    def ask(self, question: str) -> str | None:
        """Ask for a line of text; None if the person thinks better of it."""
        text, given = QInputDialog.getText(self._parent, _("TRDTrack"), question)
        return text.strip() if given else None

    def choose(self, question: str, offered: Sequence[str]) -> str | None:
        """Ask for one of several texts, or another that is typed; None if the person thinks better of it."""
        text, given = QInputDialog.getItem(self._parent, _("TRDTrack"), question, list(offered))
        return text.strip() if given else None

    def open_file(self, title: str, kinds: str) -> Path | None:
        """Ask which file to read."""
        name, _kind = QFileDialog.getOpenFileName(self._parent, title, "", kinds)
        return Path(name) if name else None

    def save_file(self, title: str, suggested: str, kinds: str) -> Path | None:
        """Ask where to write; the system's box asks before replacing."""
        name, _kind = QFileDialog.getSaveFileName(self._parent, title, suggested, kinds)
        return Path(name) if name else None

    def read(self, title: str, text: str) -> None:
        """Show a longer text that can be copied."""
        box = QDialog(self._parent)
        box.setWindowTitle(_("TRDTrack"))
        box.resize(640, 420)
        stack = column(box, margin=theme.PAD)
        stack.addWidget(theme.label(title, px=theme.HEADLINE_PX, strong=True, wrap=True))
        body = QPlainTextEdit(text)
        body.setReadOnly(True)
        body.setAccessibleName(title)
        stack.addWidget(body, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(box.reject)
        stack.addWidget(buttons)
        box.exec()
