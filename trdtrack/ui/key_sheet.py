"""The sheet of keys (?): every key there is, where it holds and what it does, found by any word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLineEdit

from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.line_buttons import clearable
from trdtrack.ui.over import Over
from trdtrack.ui.rows import Column, Table
from trdtrack.ui.shortcuts import KEYS, Key
from trdtrack.words import _, say

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

CARD_PX = (760, 600)


class KeySheet(Over[Key]):
    """Typing narrows it; Up and Down go from row to row, each read out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, card_px=CARD_PX)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Find a key by any word"))
        self.line.setAccessibleName(_("Find a key"))
        clearable(self.line)
        self.line.installEventFilter(self)
        self.line.textChanged.connect(lambda _text: self.look())
        columns: list[Column[Key]] = [
            Column(_("Where"), lambda key: key.where, width=120, tone=lambda _key: "muted"),
            Column(_("Keys"), lambda key: key.shown, width=150, strong=True),
            Column(_("What they do"), lambda key: key.does, stretch=True),
        ]
        self.table: Table[Key] = Table(columns, name=_("Keys"), wrap=True)
        self.foot = theme.label(px=theme.SMALL_PX, tone="muted")
        self.stack.addWidget(theme.label(_("Keys"), px=theme.HEADLINE_PX, strong=True))
        for widget in (self.line, self.table, self.foot):
            self.stack.addWidget(widget)

    def start(self) -> None:
        """Open, or close it if it is open."""
        if self.isVisible():
            self.leave()
            return
        self.line.clear()
        self.look()
        self.rise()

    def look(self) -> None:
        """Show the keys that have every word typed."""
        words = self.line.text().casefold().split()
        texts = {key: f"{key.where} {key.shown} {key.does}".casefold() for key in KEYS.values()}
        self.table.rows.show([key for key, text in texts.items() if all(word in text for word in words)])
        found = self.table.rows.rowCount()
        if found:
            self.table.selectRow(0)
        self.foot.setText(say(plural("{n} key, Escape closes", "{n} keys, Escape closes", found)))
        self.stepped()

    def stepped(self) -> None:
        key = self.table.chosen()
        said = f"{key.where}: {key.shown}, {key.does}" if key else self.foot.text()
        self.line.setAccessibleDescription(said)
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, said))
