"""The page about the program: version and licence, what lies where, what it connects to, what it is made with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack import __version__
from trdtrack.ui import theme
from trdtrack.ui.about.facts import LICENCE, Part, for_a_report, kept_here, licence_texts, made_with
from trdtrack.ui.entry.layout import in_columns, scrolled
from trdtrack.ui.page import GROUND, breakable, card, column
from trdtrack.ui.rows import Column, Table
from trdtrack.ui.shortcuts import WITHIN, bind
from trdtrack.words import _, phq9_wording

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.caseload import Caseload
    from trdtrack.ui.dialogs import Dialogs

_TABLE_PX = 260


class AboutPage(QWidget):
    """Reads what it says when it is made; asks for nothing but a folder to be shown."""

    left = Signal()
    sources_asked = Signal()

    def __init__(self, caseload: Caseload | None, dialogs: Dialogs) -> None:
        super().__init__()
        self._dialogs = dialogs
        page = column(self, ground=GROUND)
        head = theme.row()
        head.addWidget(theme.label(_("About TRDTrack"), px=theme.TITLE_PX, strong=True), 1)
        self.copy = theme.button(_("Copy for a bug report"), icon_name="copy")
        self.copy.setToolTip(_("Versions and the system: no word of a patient's, no file name"))
        self.copy.clicked.connect(self._copy)
        self.close_button = theme.button(_("Close"), icon_name="x")
        self.close_button.setToolTip(_("Back to where you were (Escape)"))
        self.close_button.clicked.connect(self.left.emit)
        for button in (self.copy, self.close_button):
            head.addWidget(button)
        page.addLayout(head)
        self.copied = theme.label(tone="accent", wrap=True)
        self.copied.hide()
        page.addWidget(self.copied)
        body = in_columns((self._what(), self._connections(), self._parts()), (self._places(caseload),))
        page.addWidget(scrolled(body), 1)
        bind("leave about", self, self.left.emit, WITHIN)

    def start(self) -> None:
        """Put the keys where one can go on from, and back."""
        self.close_button.setFocus()

    def _what(self) -> QWidget:
        sheet, stack = _card(_("TRDTrack {version}").format(version=__version__))
        said = _(
            "For psychotherapists who track patients with treatment-resistant depression. It is not a diagnostic or "
            "risk tool; averages of groups do not predict one person."
        )
        stack.addWidget(_text(said))
        free = _(
            "Free software under the licence {licence}: you may use, copy and change it; it comes with no warranty."
        )
        stack.addWidget(_text(free.format(licence=LICENCE)))
        stack.addWidget(_text(_("PHQ-9: {notice}").format(notice=phq9_wording().licence)))
        sources = theme.button(_("Where the figures come from"), flat=True)
        sources.clicked.connect(self.sources_asked.emit)
        stack.addWidget(sources, alignment=Qt.AlignmentFlag.AlignLeft)
        return sheet

    def _connections(self) -> QWidget:
        sheet, stack = _card(_("What it connects to"))
        said = _(
            "To nothing. It counts nothing and reports nothing to anybody, and does not look for new versions. The "
            "one exception is a clinic's server whose address you typed yourself."
        )
        stack.addWidget(_text(said))
        return sheet

    def _places(self, caseload: Caseload | None) -> QWidget:
        sheet, stack = _card(_("What lies where"))
        if caseload and caseload.on_server:
            stack.addWidget(_text(_("The caseload is on the clinic's server: {place}").format(place=caseload.place)))
        for number, kept in enumerate(kept_here(caseload)):
            head = theme.row()
            head.addWidget(theme.label(kept.what, strong=True, wrap=True), 1)
            if kept.folder:
                head.addWidget(self._shower(kept.folder, kept.what, number))
            stack.addLayout(head)
            stack.addWidget(_text(breakable(kept.path), muted=True))
        stack.addWidget(theme.label(_("Passwords"), strong=True))
        said = _(
            "A passphrase is written down nowhere. A server's password is kept only where you asked for it, in the "
            "system's own keyring, under TRDTrack."
        )
        stack.addWidget(_text(said))
        return sheet

    def _parts(self) -> QWidget:
        sheet, stack = _card(_("What it is made with"))
        texts = licence_texts()
        if texts:
            stack.addWidget(_text(_("The text of every licence lies in this folder:")))
            stack.addWidget(_text(breakable(texts), muted=True))
            stack.addWidget(self._shower(texts, _("Licences"), 0), alignment=Qt.AlignmentFlag.AlignLeft)
        self.parts = Table[Part](
            (
                Column[Part](_("Part"), lambda part: part.name, strong=True, width=150),
                Column[Part](_("Version"), lambda part: part.version, width=80),
                Column[Part](_("Licence"), lambda part: part.licence, stretch=True),
            ),
            name=_("What it is made with"),
        )
        self.parts.setFixedHeight(theme.px(_TABLE_PX))
        self.parts.show_records(made_with(), keep=lambda part: part.name)
        stack.addWidget(self.parts)
        stack.addWidget(
            _text(_("The typeface Inter (SIL OFL 1.1) and the Lucide icons (ISC) keep their own licences."))
        )
        return sheet

    def _shower(self, folder: Path, what: str, number: int) -> QWidget:
        made = theme.button(_("Show in folder"), flat=True)
        made.setAccessibleName(_("Show in folder: {what} {n}").format(what=what, n=number + 1))
        made.clicked.connect(partial(self._show, folder))
        return made

    def _show(self, folder: Path) -> None:
        if not self._dialogs.show_folder(folder):
            self._tell(_("This computer has nothing to show a folder with. Its path can be selected and copied."))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(for_a_report())
        self._tell(_("Copied: versions, the system and the places of faults in the code. Nothing else."))

    def _tell(self, said: str) -> None:
        self.copied.setText(said)
        self.copied.show()


def _card(title: str) -> tuple[QWidget, QVBoxLayout]:
    sheet = card()
    stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
    stack.addWidget(theme.label(title, px=theme.HEADLINE_PX, strong=True))
    return sheet, stack


def _text(said: str, *, muted: bool = False) -> theme.Text:
    """Return a text that can be selected and copied."""
    made = theme.label(said, tone="muted" if muted else "ink", wrap=True)
    flags = Qt.TextInteractionFlag
    made.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
    return made
