"""The form for risk: one look at it, in a record already open or a new one, and the record's close."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from trdtrack.domain.edit import Edit
from trdtrack.domain.message import message
from trdtrack.domain.records import RiskRecord, RiskReview
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.choosing import Check
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.looking import LOOKING, Prompt, add_looking
from trdtrack.ui.entry.slots import Day, Text
from trdtrack.words import _, say

if TYPE_CHECKING:
    from datetime import date, datetime

    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Clinic, Record


class RiskForm(Form):
    """A review in a new record (None) or in the one given, or one to correct; and closing, with a note."""

    def __init__(
        self,
        record: RiskRecord | None,
        review: RiskReview | None,
        *,
        patient_id: str,
        asking: int | None,
        why: Message | None,
        clinic: Clinic,
        at: datetime,
    ) -> None:
        """`asking` is the answer to item 9 that waits for a review, and `why` it does."""
        heading = _("New risk record") if record is None else _("Risk record")
        about = f"correct:{review.id}" if review else f"risk:{record.id}" if record else f"risk:new:{patient_id}"
        super().__init__(heading, key=about, patient_id=patient_id, at=at)
        self._record, self._review, self._asking = record, review, asking
        today = at.date()
        self.asks = theme.label(say(why) if why else "", tone="risk", strong=True, wrap=True)
        self._on = self.slot(Day("date", _("On"), today=today), review.date if review else today)
        add_looking(self, review, today=today, lines=4)
        s = self.slots
        look = self.section(_("What was talked about"), *([self.asks] if why else []), *(s[key] for key in LOOKING[:3]))
        right = [self.section(_("What to ask"), Prompt(clinic, folded=False))]
        right.append(self.section("", s["date"], s["told"], s["again"]))
        if record:
            right.append(self._closing(record))
        if review or (record and record.closed):
            right.append(self.section("", self.why()))
        self.lay_out([look], right)

    def _closing(self, record: RiskRecord) -> QWidget:
        hint = _("Only you close a record; a later answer of 0 never does")
        close = self.slot(Check("closed", _("Close this record"), hint=hint), record.closed is not None)
        note = self.slot(Text("closing_note", _("Why it can be closed"), px=76), record.closing_note)

        def ask() -> None:
            note.part.setVisible(close.value())

        close.on_edit(ask)
        sheet = self.section("", close, note)
        ask()
        return sheet

    def start(self) -> None:
        """Put the cursor where typing begins."""
        self.slots["asked"].widget.setFocus()

    def made(self) -> Edit:
        """Return the one edit of record and review."""
        day = self._on.value()
        if day is None:
            raise Refusal(message("A review of risk needs its day."), field="date")
        if self._record is None:
            new = RiskRecord(patient=self.patient_id, opened=day, entered=self.at)
            return self.edit(message("Open risk record"), (None, new), (None, self._look(new, day)))
        record = self._record_after(self._record, day)
        pairs: list[tuple[Record | None, Record | None]] = [(self._record, record)]
        written = any(str(self.slots[key].raw()).strip() for key in LOOKING)
        if written or record == self._record:
            pairs.append((self._review, self._look(record, day)))
        if record.closed and not self._record.closed:
            title = message("Close risk record")
        else:
            title = message("Correct risk review") if self._review else message("Review risk")
        return self.edit(title, *pairs)

    def _look(self, record: RiskRecord, day: date) -> RiskReview:
        values = self.values(*LOOKING)
        if self._review:
            return replace(self._review, date=day, **values)
        return RiskReview(
            patient=self.patient_id, risk=record.id, date=day, item9=self._asking, entered=self.at, **values
        )

    def _record_after(self, record: RiskRecord, day: date) -> RiskRecord:
        """Return the record as it is left: closed on the day of the review, or open."""
        if not self.slots["closed"].value():
            return replace(record, closed=None)
        # Closed before a review was corrected: the day of the close stays.
        return replace(record, closed=record.closed or day, closing_note=self.slots["closing_note"].value())
