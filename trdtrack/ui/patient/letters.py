"""The letters about a patient, of every course: written, sent, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from trdtrack.domain.records import Letter
from trdtrack.ui import theme
from trdtrack.ui.entry.choices import RECIPIENTS
from trdtrack.ui.patient.record_list import RecordList
from trdtrack.ui.rows import Column
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.summary import Summary


_TO_PX = 200


class LetterList(RecordList):
    """Newest first. One that was sent stays as it is: correcting it begins a new one with the same text."""

    send = Signal(object)

    def __init__(self) -> None:
        columns: list[Column[Letter]] = [
            Column(_("Date"), lambda x: day(x.date)),
            Column(_("To"), _to, width=_TO_PX),
            Column(_("Text"), lambda x: " ".join(x.text.split()), stretch=True),
            Column(_("Risk reviews"), lambda x: _("put in") if x.risk else "", least=640),
            Column(_("Sent"), _sent, tone=lambda x: "ink" if x.sent else "muted"),
        ]
        super().__init__(columns, name=_("Letters"), add=_("Write letter"))
        self.send_button = self.button(_("PDF, Word or print…"), "file-down", _("What was written leaves the program"))
        self.send_button.clicked.connect(self._send)

    def draw(self, dossier: Dossier, s: Summary | None) -> None:
        """Show a patient's letters; one more can be written about the course shown."""
        self.set_adding(s is not None)
        self.fill(dossier.letters[::-1], [r for r in dossier.withdrawn if isinstance(r, Letter)])

    def chosen(self, row: Any) -> None:
        self.send_button.setEnabled(row is not None and not self.gone(row))
        theme.say_on(self._correct_button, _("Write anew") if row is not None and row.sent else _("Correct"))

    def _send(self) -> None:
        row = self.table.chosen()
        if row is not None and not self.gone(row):
            self.send.emit(row)


def _to(letter: Letter) -> str:
    name = next((line.strip() for line in letter.address.splitlines() if line.strip()), "")
    to = say(RECIPIENTS[letter.to])
    return f"{name} ({to})" if name else to


def _sent(letter: Letter) -> str:
    if letter.sent is None:
        return _("not yet")
    at = letter.sent.astimezone()
    return f"{day(at.date())} {at:%H:%M}"
