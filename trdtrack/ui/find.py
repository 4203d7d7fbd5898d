"""Search everywhere (Ctrl+K): one line over the page, with commands, patients and words found as one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from trdtrack.ui import theme
from trdtrack.ui.page import card, column
from trdtrack.ui.rows import Column, Table
from trdtrack.words import _, day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QMouseEvent, QPaintEvent

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


class Find(QWidget):
    """Lies over the whole workspace while it is open; Escape or a click beside it closes it."""

    closed = Signal()

    def __init__(
        self,
        parent: QWidget,
        *,
        look: Callable[[str], Sequence[Found]],
        commands: Callable[[], Sequence[Command]],
        open_found: Callable[[Found], None],
    ) -> None:
        super().__init__(parent)
        self._look, self._commands, self._open_found = look, commands, open_found
        sheet = card()
        sheet.setFixedSize(*CARD_PX)
        self._sheet = sheet
        stack = column(sheet, margin=theme.PAD, spacing=theme.GAP)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Patients, notes, sessions, commands"))
        self.line.setAccessibleName(_("Search everywhere"))
        self.line.setClearButtonEnabled(True)
        self.line.installEventFilter(self)
        self.line.returnPressed.connect(self._take)
        columns: list[Column[Hit]] = [
            Column(_("Kind"), lambda h: h.kind, width=84, tone=lambda _h: "muted"),
            Column(_("What"), lambda h: h.title, width=210, strong=True),
            Column(_("Words"), lambda h: h.words, stretch=True),
        ]
        self.table: Table[Hit] = Table(columns, name=_("Found"), opened=self._go)
        self.table.horizontalHeader().hide()
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.foot = theme.label(px=theme.SMALL_PX, tone="muted")
        for widget in (self.line, self.table, self.foot):
            stack.addWidget(widget)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(sheet)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addSpacing(theme.WIDE * 2)
        outer.addLayout(across)
        outer.addStretch(1)
        self._pause = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._pause.timeout.connect(self.look)
        self.line.textChanged.connect(lambda _text: self._pause.start())
        parent.installEventFilter(self)
        self.hide()

    def start(self) -> None:
        """Open over the page, ready to type."""
        self._cover()
        self.line.clear()
        self.look()
        self.show()
        self.raise_()
        self.line.setFocus()

    def leave(self) -> None:
        """Close without going anywhere."""
        self._pause.stop()
        self.hide()
        self.table.rows.show(())
        self.line.clear()
        self._pause.stop()
        self.closed.emit()

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
        self._tell()

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

    def _tell(self) -> None:
        """Say the chosen line to a screen reader: the keys stay in the line above it."""
        hit = self.table.chosen()
        said = ", ".join(part for part in (hit.kind, hit.title, hit.words) if part) if hit else self.foot.text()
        self.line.setAccessibleDescription(said)
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, said))

    # Keys, clicks and size

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step:
                row = self.table.currentIndex().row() + step
                self.table.selectRow(min(max(row, 0), max(self.table.rows.rowCount() - 1, 0)))
                self._tell()
                return True
        elif watched is self.parent() and event.type() is QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        under = self.parentWidget()
        if under:
            self.setGeometry(under.rect())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Keep Tab within: what lies under is out of reach while this is open."""
        del forward
        (self.table if self.line.hasFocus() else self.line).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._sheet.geometry().contains(event.position().toPoint()):
            self.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        veil = QColor(theme.palette().canvas)
        veil.setAlpha(190)
        painter.fillRect(event.rect(), veil)
        painter.end()
