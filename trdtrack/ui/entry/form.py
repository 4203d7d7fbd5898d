"""What all forms share: slots in cards, a refusal beside what caused it, a draft that can be put back."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.kept import RestoredLine, draft_text, read_draft
from trdtrack.ui.entry.layout import AnySlot, in_columns, scrolled, show_in_scroll, side_by_side
from trdtrack.ui.entry.slots import Line, Slot
from trdtrack.ui.page import GROUND, card, column
from trdtrack.ui.shortcuts import WITHIN, bind, shown
from trdtrack.words import _, manner, named, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from trdtrack.domain.records import Record

S = TypeVar("S", bound=AnySlot)

_ALONE_PX = 640
"""A single column is no wider: lines of text stay readable, and the buttons near what they save."""
PAUSE_MS = 600
"""After this long without a key a draft is worth keeping."""


class Form(QWidget):
    """Takes records or None, and yields what is to be done by `accepted`; never sees the caseload."""

    accepted = Signal(object)
    left = Signal()
    typed = Signal()
    """A pause in typing, and there is something a crash would lose."""
    dropped = Signal()
    """What was typed is taken back: there is nothing to keep any more."""

    def __init__(self, heading: str, *, key: str, patient_id: str, at: datetime) -> None:
        """`key` names the form's drafts; empty for a form that is to keep none."""
        super().__init__()
        self.form_key, self.patient_id = key, patient_id
        self.at = at
        self._open_for = QElapsedTimer()
        self._open_for.start()
        self.slots: dict[str, AnySlot] = {}
        self._laid: list[AnySlot] = []
        self._at_start: dict[str, Any] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._paused)
        self.page = column(self, ground=GROUND)
        # Whose record it is about stands at its end.
        self.heading = theme.label(heading, px=theme.TITLE_PX, strong=True, wrap=True)
        self.page.addWidget(self.heading)
        self.restored = RestoredLine()
        self.restored.anew.clicked.connect(self.start_anew)
        self.page.addWidget(self.restored)
        self.problem = theme.label(tone="risk", wrap=True)
        self.save_button = theme.button(_("Save"), primary=True)
        bind("save", self, self.save, WITHIN)
        bind("leave", self, self.left.emit, WITHIN)

    # Building: a subclass adds its slots, lays them out, and says that it is ready

    def slot(self, made: S, value: Any) -> S:
        """Take a slot into the form, showing a value."""
        made.show(value)
        self.slots[made.key] = made
        return made

    def section(self, title: str, *rows: AnySlot | QWidget | Sequence[AnySlot]) -> QWidget:
        """Return a card: a slot or widget a row, or several slots side by side. Tab goes as the cards were made."""
        sheet = card()
        stack = column(sheet, margin=theme.PAD, spacing=12)
        if title:
            stack.addWidget(theme.label(title, px=theme.HEADLINE_PX, strong=True, wrap=True))
        for part in rows:
            if isinstance(part, Slot):
                stack.addWidget(part.part)
                self._laid.append(part)
            elif isinstance(part, QWidget):
                stack.addWidget(part)
            else:
                stack.addLayout(side_by_side(part))
                self._laid += part
        return sheet

    def lay_out(self, *columns: Sequence[QWidget]) -> None:
        """Put the cards into columns that scroll where the window is too low, with the buttons below them."""
        body = in_columns(*columns)
        foot = QWidget()
        stack = column(foot, margin=0, spacing=theme.GAP)
        stack.addWidget(self.problem)
        stack.addLayout(self.buttons())
        for part in (body, foot) if len(columns) == 1 else ():
            part.setMaximumWidth(theme.px(_ALONE_PX))
        self.page.addWidget(scrolled(body), 1)
        self.page.addWidget(foot)
        self.problem.setVisible(False)
        self.ready()

    def buttons(self) -> theme.Row:
        """Return the row of buttons that leave the form."""
        self.save_button.setToolTip(_("Ctrl+Enter"))
        self.save_button.clicked.connect(self.save)
        self.cancel_button = theme.button(_("Cancel"))
        self.cancel_button.setToolTip(_("Escape"))
        self.cancel_button.clicked.connect(self.left.emit)
        across = theme.row()
        keys = "  ·  ".join(
            named(shown(key), button.text())
            for key, button in (("save", self.save_button), ("leave", self.cancel_button))
        )
        across.addWidget(theme.label(keys, px=theme.SMALL_PX, tone="muted", wrap=manner().longer), 1)
        across.addWidget(self.cancel_button)
        across.addWidget(self.save_button)
        return across

    def why(self) -> Line:
        """Return the line that asks why something already written down is changed."""
        return self.slot(Line("why", _("Why (optional)"), hint=_("Kept in the history beside the change")), "")

    def ready(self) -> None:
        """Take what stands in the form now as its start, and watch it from here on."""
        self._at_start = self.state()
        stops = self.stops()
        for widget, following in zip(stops, [*stops[1:], self.cancel_button], strict=True):
            QWidget.setTabOrder(widget, following)
        QWidget.setTabOrder(self.cancel_button, self.save_button)
        for slot in self.slots.values():
            slot.on_edit(self._edited)

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in order."""
        return [widget for slot in self._laid for widget in slot.stops()]

    # What the window asks

    def start(self) -> None:
        """Put the cursor where typing begins."""
        self.stops()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Hand over what is to be done, or say beside the slot what is wrong and keep all that was typed."""
        self.refuse(None)
        try:
            made = self.made()
        except Refusal as refusal:
            self.refuse(refusal)
            return
        self.accepted.emit(made)

    def made(self) -> object:
        """Return what is to be done, as a rule an Edit. Raises Refusal."""
        raise NotImplementedError

    def refuse(self, refusal: Refusal | None) -> None:
        """Show a refusal beside what caused it; None clears."""
        blamed = self._blamed(refusal) if refusal else None
        why = say(refusal.what) if refusal else ""
        for slot in self.slots.values():
            slot.part.refuse(why if slot is blamed else "")
        self.problem.setText("" if blamed else why)
        self.problem.setVisible(bool(self.problem.text()))
        if blamed:
            stop = blamed.stops()[0]
            stop.setFocus(Qt.FocusReason.OtherFocusReason)
            # The sentence first has to have its room.
            QTimer.singleShot(0, blamed.part, lambda: show_in_scroll(blamed.part))

    def _blamed(self, refusal: Refusal) -> AnySlot | None:
        """Return the slot a refusal is about. Two records may both have a `date`: then the day refused tells."""
        named = [s for s in self.slots.values() if s.field == refusal.field and s.part.isVisibleTo(self)]
        refused = refusal.what.fields.get("day")
        for slot in named:
            with suppress(Refusal):
                if refused is not None and slot.value() == refused:
                    return slot
        return named[0] if named else None

    def state(self) -> dict[str, Any]:
        """Return what stands in each slot, right or wrong."""
        return {key: slot.raw() for key, slot in self.slots.items()}

    @property
    def changed(self) -> bool:
        """Whether anything was typed that leaving would lose, be it right or wrong."""
        return self.state() != self._at_start

    # Drafts

    def draft(self) -> str:
        """Return what is typed, right or wrong, as a text to keep."""
        # The form's own hour plus how long it has been open: a widget reads no clock.
        return draft_text(self.state(), self.at + timedelta(milliseconds=self._open_for.elapsed()))

    def restore(self, text: str) -> None:
        """Put a draft back, as far as it fits this form, and say so."""
        fields, at = read_draft(text)
        for key, raw in fields.items():
            if key in self.slots:
                self.slots[key].put(raw)
        if self.changed:
            self.restored.tell(at)

    def start_anew(self) -> None:
        """Take back all that was typed."""
        for key, raw in self._at_start.items():
            self.slots[key].put(raw)
        self.refuse(None)
        self.restored.setVisible(False)
        self._pause.stop()
        self.dropped.emit()
        self.start()

    def _edited(self) -> None:
        if self.form_key:
            self._pause.start()

    def _paused(self) -> None:
        (self.typed if self.changed else self.dropped).emit()

    # Records

    def values(self, *keys: str) -> dict[str, Any]:
        """Return the values of slots under their attributes' names, as a record takes them."""
        return {self.slots[key].field: self.slots[key].value() for key in keys}

    def edit(self, title: Message, *pairs: tuple[Record | None, Record | None]) -> Edit:
        """Return the edit of those records that are others now. Refuses when none is."""
        why = self.slots["why"].value().strip() if "why" in self.slots else ""
        steps = tuple(Step(before, after) for before, after in pairs if before != after)
        if not steps:
            raise Refusal(message("Nothing was changed."))
        return Edit(title, steps, why=why)
