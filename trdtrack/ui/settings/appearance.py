"""The settings page's card about the look on this computer: colours, size of text, a cursor that keeps still."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from trdtrack import settings
from trdtrack.ui import theme
from trdtrack.ui.appearance import look
from trdtrack.ui.entry.fields import Labelled
from trdtrack.ui.settings.titled import titled
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.ui.desk import Desk

OFFERED = (
    ("", _("As the system")),
    ("light", _("Light")),
    ("dark", _("Dark")),
    ("high-contrast", _("High contrast")),
)
SIZES = (100, 110, 125, 150, 175, 200)


class AppearanceCard(QWidget):
    """Holds at once; it belongs to this computer and is no edit of the caseload."""

    resized = Signal()
    """The text is of another size: the pages have to be built anew."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        stack = titled(self, _("Appearance"))
        self.theme = theme.Choice()
        for name, words in OFFERED:
            self.theme.addItem(words, name)
        self.text_size = theme.Choice()
        for size in sorted({*SIZES, look().text_size}):
            self.text_size.addItem(_("{n}%").format(n=size), size)
        for choice, chosen in ((self.theme, look().theme), (self.text_size, look().text_size)):
            theme.as_wide(choice, 160)
            choice.setCurrentIndex(max(choice.findData(chosen), 0))
        stack.addWidget(
            Labelled(_("Colours"), self.theme, hint=_("Light or dark as the system has it, unless you choose"))
        )
        stack.addWidget(Labelled(_("Size of text"), self.text_size, hint=_("Everything grows with it")))
        self.still = theme.Check(_("Keep the text cursor from blinking"))
        self.still.setChecked(look().still)
        stack.addWidget(self.still, alignment=Qt.AlignmentFlag.AlignLeft)
        hint = _("Nothing else here moves by itself.")
        stack.addWidget(theme.label(hint, px=theme.SMALL_PX, tone="muted", wrap=True))
        self.theme.activated.connect(lambda _index: self._take())
        self.text_size.activated.connect(lambda _index: self._take())
        self.still.clicked.connect(lambda _on: self._take())

    def _take(self) -> None:
        before = look()
        after = replace(
            before,
            theme=self.theme.currentData(),
            text_size=self.text_size.currentData(),
            still=self.still.isChecked(),
        )
        if after == before:
            return
        settings.remember_look(after)
        theme.take(after)
        if after.text_size != before.text_size:
            self.resized.emit()
