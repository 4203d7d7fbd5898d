"""The card that asks whether a code in a file that nearly matches one in the caseload is that patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from trdtrack.domain.message import Message, message
from trdtrack.ui import theme
from trdtrack.ui.entry.choosing import Choice
from trdtrack.ui.page import card, column
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_MOST = 30
"""More codes than these that nearly match are better put right in the file."""


class NearCodes(QWidget):
    """A choice for each such code. What was asked once stays, so that it can be changed."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed
        self._choices: dict[str, Choice] = {}
        sheet = card()
        self._stack = column(sheet, margin=theme.PAD, spacing=12)
        self._stack.addWidget(theme.label(_("Nearly the same code"), px=theme.HEADLINE_PX, strong=True, wrap=True))
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(sheet)
        self.setVisible(False)

    def ask_about(self, near: Mapping[str, Sequence[str]]) -> bool:
        """Ask about the codes not asked about yet, each with those it may be. True if there were any."""
        new = [code for code in near if code not in self._choices][: _MOST - len(self._choices)]
        for code in new:
            options: dict[Any, Message | str] = {"": message("Another patient")}
            options |= {one: message("The same as {code}", code=one) for one in near[code]}
            choice = Choice("match", say(message("{code} in the file is", code=code)), options)
            choice.show("")
            choice.on_edit(self._changed)
            self._choices[code] = choice
            self._stack.addWidget(choice.part)
        self.setVisible(bool(self._choices))
        return bool(new)

    @property
    def match(self) -> dict[str, str]:
        """Codes in the file and the codes in the caseload they are the same as."""
        return {code: same for code, choice in self._choices.items() if (same := choice.value())}

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in order."""
        return [choice.widget for choice in self._choices.values()]
