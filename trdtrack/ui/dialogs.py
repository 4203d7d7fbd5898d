"""The questions the window asks in boxes of its own. Handed in, so that tests answer them without patching anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QInputDialog, QMessageBox, QPlainTextEdit

from trdtrack.paths import documents
from trdtrack.ui import theme
from trdtrack.ui.page import column
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtPrintSupport import QPrinter
    from PySide6.QtWidgets import QWidget

    from trdtrack.report.sheet import Size


class Dialogs:
    """Real boxes over a window."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._folder: Path | None = None
        """Where a file was chosen last; before, among the documents: a program may have been started anywhere."""

    def confirm(self, question: str, yes: str, *, no: str = _("Cancel")) -> bool:
        """Ask a question; the button `yes` says what happens."""
        box = QMessageBox(QMessageBox.Icon.NoIcon, _("TRDTrack"), question, parent=self._parent)
        agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(no, QMessageBox.ButtonRole.RejectRole)
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
        name, _kind = QFileDialog.getOpenFileName(self._parent, title, str(self._folder or documents()), kinds)
        return self._chosen(name)

    def save_file(self, title: str, suggested: str, kinds: str) -> Path | None:
        """Ask where to write; nothing that is there already is replaced without a question."""
        name, _kind = QFileDialog.getSaveFileName(
            self._parent, title, str((self._folder or documents()) / suggested), kinds
        )
        path, ending = self._chosen(name), Path(suggested).suffix
        if path is None:
            return None
        if path.suffix.casefold() == ending.casefold():
            return path
        # The system's box asked about the name as it was typed, without its ending.
        path = path.with_name(path.name + ending)
        if path.exists() and not self.confirm(
            _("{file} is there already.").format(file=path.name), _("Replace the file")
        ):
            return None
        return path

    def folder(self, title: str) -> Path | None:
        """Ask in which folder to make a new one."""
        name = QFileDialog.getExistingDirectory(self._parent, title, str(self._folder or documents()))
        return self._chosen(name)

    def _chosen(self, name: str) -> Path | None:
        if name:
            self._folder = Path(name).parent
        return Path(name) if name else None

    def show_folder(self, folder: Path) -> bool:
        """Have the desktop show a folder; False if it has nothing to do that with."""
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        return QDesktopServices.openUrl(QUrl.fromLocalFile(folder))

    def preview(self, size: Size, pages: Sequence[bytes], fine: Callable[[], Sequence[bytes]]) -> str:
        """Show pages as they would be printed; return where they were printed, empty if nowhere.

        `fine` gives the same pages fit for a printer.
        """
        from PySide6.QtPrintSupport import QPrintPreviewDialog

        from trdtrack.ui.exporting.printing import in_preview, named, paint_pages, printer_for

        printer = printer_for(size)
        printed = list[str]()

        def paint(on: QPrinter) -> None:
            if in_preview(on):
                paint_pages(on, pages)
            else:
                paint_pages(on, fine())
                printed.append(named(on))

        box = QPrintPreviewDialog(printer, self._parent)
        box.setWindowTitle(_("TRDTrack"))
        # The window's own roomy inputs would be cut off in its tool bar.
        box.setStyleSheet("QToolBar QLineEdit, QToolBar QComboBox { padding: 0 2px; min-height: 22px }")
        box.paintRequested.connect(paint)
        box.resize(900, 760)
        box.exec()
        return "".join(printed[-1:])

    def printer(self, size: Size) -> QPrinter | None:
        """Ask which printer; None if the person thinks better of it."""
        from PySide6.QtPrintSupport import QPrintDialog

        from trdtrack.ui.exporting.printing import printer_for

        printer = printer_for(size)
        box = QPrintDialog(printer, self._parent)
        box.setWindowTitle(_("TRDTrack"))
        return printer if box.exec() else None

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
