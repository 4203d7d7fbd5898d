"""The form of a letter: to whom, with or without the risk reviews, and the text, filled in until somebody edits it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from trdtrack.domain.letters import WITH_RISK, address_of, fill
from trdtrack.domain.message import message
from trdtrack.domain.records import Known, Letter, Recipient
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.choices import RECIPIENTS
from trdtrack.ui.entry.choosing import Check, Choice
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.slots import Day, Text
from trdtrack.words import _, day, say, shown

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from PySide6.QtGui import QResizeEvent

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Clinic
    from trdtrack.domain.summary import Summary

_KEYS = ("to", "address", "date", "risk", "text")
_TEXT_PX = 440
"""The least height of the text."""
_BESIDE_PX = 252
"""What stands above and below it."""
_ADDRESS_PX = 96


class LetterForm(Form):
    """A letter not sent yet is corrected; one that was sent is the beginning of a new one."""

    def __init__(self, letter: Letter | None, *, summary: Summary, clinic: Clinic, at: datetime) -> None:
        self._summary, self._clinic, self._from = summary, clinic, letter
        self._known = letter if letter and not letter.sent else None
        patient = summary.patient
        heading = _("Correct letter  ·  {code}") if self._known else _("New letter  ·  {code}")
        key = f"letter:{self._known.id if self._known else summary.course.id}"
        super().__init__(heading.format(code=patient.code), key=key, patient_id=patient.id, at=at)
        self._filling = False
        self._add_slots(letter)
        s = self.slots
        self.consent = theme.label(_consent(summary), px=theme.SMALL_PX, tone="review", wrap=True)
        self.as_sent = theme.label(_as_sent(letter), px=theme.SMALL_PX, tone="muted", wrap=True)
        self.again = theme.button(_("Fill in again"))
        self.again.setToolTip(_("Take back what was edited, and fill the template in with what is chosen here"))
        self.again.clicked.connect(self._fill_again)
        who = self.section("", self.as_sent, s["to"], self.consent, s["address"], s["date"], s["risk"])
        # Only now: shown before it has a parent, a label would be a window of its own and take the focus.
        for line in (self.consent, self.as_sent):
            line.setVisible(bool(line.text()))
        why = [self.section("", self.why())] if self._known else []
        words = self.section("", s["text"], self.again)
        words.layout().setAlignment(self.again, Qt.AlignmentFlag.AlignLeft)  # pyright: ignore[reportOptionalMemberAccess]
        self.lay_out([who, *why], [words])
        self._watch()

    def _add_slots(self, letter: Letter | None) -> None:
        patient, today = self._summary.patient, self.at.date()
        to = letter.to if letter else Recipient.GP
        self.slot(Choice("to", _("To"), RECIPIENTS), to)
        address = letter.address if letter else address_of(patient, to)
        hint = _("As it stands on the letter, a line each")
        self.slot(Text("address", _("Name and address"), hint=hint, px=_ADDRESS_PX), address)
        self.slot(Day("date", _("Date"), today=today), self._known.date if self._known else today)
        hint = _("What was asked, found and planned. Unless you say otherwise they go to the GP only.")
        self.slot(Check("risk", _("Put in the risk reviews"), hint=hint), letter.risk if letter else to in WITH_RISK)
        self.slot(Text("text", _("Letter"), px=_TEXT_PX), "")
        self.slots["text"].show(letter.text if letter else self._filled())

    def stops(self) -> list[Any]:
        """Return where the Tab key stops, in order."""
        return [*super().stops(), self.again]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.slots["text"].widget.setFixedHeight(max(theme.px(_TEXT_PX), event.size().height() - theme.px(_BESIDE_PX)))

    # Filling in

    def _watch(self) -> None:
        """Follow what the person changes by hand: the address and the tick, until then, go with the recipient."""
        s = self.slots
        self._address, self._risk, self._text = (s[key].raw() for key in ("address", "risk", "text"))
        if self._from is not None and self._text != self._filled():
            # Its words are its own: they go only where somebody asks.
            self._text = ""
        s["to"].on_edit(self._recipient_changed)
        for key in ("address", "date", "risk"):
            s[key].on_edit(self._refill)
        s["text"].on_edit(self._tell_edited)
        self._tell_edited()

    def _filled(self) -> str:
        """Return the text as the template says it with what stands in the form now."""
        s = self.slots
        try:
            date = s["date"].value() or self.at.date()
        except Refusal:
            date = self.at.date()
        words = fill(
            self._clinic.letter,
            self._summary,
            to=s["to"].value(),
            risk=s["risk"].value(),
            today=date,
            clinic=self._clinic,
            address=s["address"].value(),
        )
        return shown(say(words))

    def _recipient_changed(self) -> None:
        s, to = self.slots, self.slots["to"].value()
        self._filling = True
        if s["address"].raw() == self._address:
            s["address"].put(address_of(self._summary.patient, to))
            self._address = s["address"].raw()
        if s["risk"].raw() == self._risk:
            s["risk"].put(to in WITH_RISK)
            self._risk = s["risk"].raw()
        self._filling = False
        self._refill()

    def _refill(self) -> None:
        if not self._filling and not self._edited_by_hand:
            self._fill_again()

    def _fill_again(self) -> None:
        text = self.slots["text"]
        self._text = self._filled()
        if text.raw() != self._text:
            text.put(self._text)
        self._text = text.raw()
        self._tell_edited()

    @property
    def _edited_by_hand(self) -> bool:
        return self.slots["text"].raw() != self._text

    def _tell_edited(self) -> None:
        self.again.setEnabled(self._edited_by_hand)

    # Saving

    def start(self) -> None:
        """Put the cursor where typing begins: the recipient of a new letter, the words of one already there."""
        self.slots["text" if self._from else "to"].widget.setFocus()

    def made(self) -> Edit:
        """Return the edit that writes the letter down."""
        values = self.values(*_KEYS)
        if values["date"] is None:
            raise Refusal(message("A letter needs its date."), field="date")
        if self._known:
            return self.edit(message("Correct letter"), (self._known, replace(self._known, **values)))
        course = self._summary.course
        letter = Letter(patient=course.patient, course=course.id, entered=self.at, **values)
        return self.edit(message("Write letter"), (None, letter))


def _consent(summary: Summary) -> str:
    """Return what stands against sharing, or that nobody asked; nothing where the patient agrees."""
    patient = summary.patient
    note = " ".join(patient.consent_note.split())
    if patient.consent is Known.YES:
        return ""
    if patient.consent is Known.NO:
        said = _("The patient does not agree to information going to others.")
        return f"{said} {note}" if note else said
    return _("Whether the patient agrees to this letter is not recorded.")


def _as_sent(letter: Letter | None) -> str:
    if letter is None or letter.sent is None:
        return ""
    said = _("This letter was sent on {day} and stays as it is. Here is a new one with the same text.")
    return said.format(day=day(letter.sent.astimezone().date()))
