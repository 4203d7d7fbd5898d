"""Search everywhere (Ctrl+K): one line over the page, with commands, patients and words found as one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from trdtrack.ui import theme
from trdtrack.ui.line_buttons import clearable
from trdtrack.ui.over import Over
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.domain.finding import Found

AFTER_MS = 60
CARD_PX = (680, 460)
KINDS = {
    "patient": _("Patient"),
    "course": _("Course"),
    "session": _("Session"),
    "treatment": _("Treatment"),
    "event": _("Event"),
    "risk": _("Risk"),
    "risk_review": _("Risk"),
    "follow_up": _("Follow-up"),
    "letter": _("Letter"),
}


@dataclass(frozen=True)
class Command:
    """Something the program can do now, found by any word of its name."""

    name: str
    keys: str
    do: Callable[[], None]


@dataclass(frozen=True)
class Hit:
    """A line of the search: what kind, whose, the words, and what choosing it does."""

    kind: str
    title: str
    words: str
    do: Callable[[], None]


class Find(Over[Hit]):
    """Lies over the whole workspace while it is open; Escape or a click beside it closes it."""

    def __init__(
        self,
        parent: QWidget,
        *,
        look: Callable[[str], Sequence[Found]],
        commands: Callable[[], Sequence[Command]],
        open_found: Callable[[Found], None],
    ) -> None:
        super().__init__(parent, card_px=CARD_PX)
        self._look, self._commands, self._open_found = look, commands, open_found
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Patients, notes, sessions, commands"))
        self.line.setAccessibleName(_("Search everywhere"))
        clearable(self.line)
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._take)
        columns: list[Column[Hit]] = [
            Column(_("Kind"), lambda h: h.kind, width=104, tone=lambda _h: "muted"),
            Column(_("What"), lambda h: h.title, width=210, strong=True),
            Column(_("Words"), lambda h: h.words, stretch=True),
        ]
        self.table: Table[Hit] = Table(columns, name=_("Search results"), opened=self._go)
        self.table.horizontalHeader().hide()
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.foot = theme.label(px=theme.SMALL_PX, tone="muted")
        for widget in (self.line, self.table, self.foot):
            self.stack.addWidget(widget)
        self._pause = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._pause.timeout.connect(self.look)
        self.line.textChanged.connect(lambda _text: self._pause.start())

    def start(self) -> None:
        """Open over the page, ready to type."""
        self.line.clear()
        self.look()
        self.rise()

    def leave(self) -> None:
        """Close without going anywhere."""
        self.hide()
        self.table.rows.show(())
        self.line.clear()
        self._pause.stop()
        super().leave()

    def look(self) -> None:
        """Show what the words typed so far find."""
        text = self.line.text()
        words = text.casefold().split()
        commands = [c for c in self._commands() if all(word in c.name.casefold() for word in words)]
        hits = [Hit(_("Command"), c.name, c.keys, c.do) for c in commands]
        if words:
            hits += [self._hit(found) for found in self._look(text)]
        self.table.rows.show(hits)
        if hits:
            self.table.selectRow(0)
        nothing = _("Nothing found. Every word typed has to be in it.")
        self.foot.setText(_("Up and Down choose, Enter opens, Escape closes") if hits else nothing)
        self.stepped()

    def _hit(self, found: Found) -> Hit:
        title = "  ·  ".join(part for part in (found.code, found.name) if part)
        words = found.snippet
        if found.date and found.kind != "patient":
            words = f"{day(found.date)}  {words}"
        return Hit(KINDS.get(found.kind, found.kind), title, " ".join(words.split()), lambda: self._open_found(found))

    def _take(self) -> None:
        if self._pause.isActive():
            # Enter right after the last letter: what it found is meant, not what was there before.
            self._pause.stop()
            self.look()
        hit = self.table.chosen()
        if hit:
            self._go(hit)

    def _go(self, hit: Hit) -> None:
        self.leave()
        hit.do()

    def stepped(self) -> None:
        """Say the chosen line to a screen reader: the keys stay in the line above it."""
        hit = self.table.chosen()
        said = ", ".join(part for part in (hit.kind, hit.title, hit.words) if part) if hit else self.foot.text()
        self.line.setAccessibleDescription(said)
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, said))
