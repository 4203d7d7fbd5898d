"""Item 9 in the log form: said while it is typed, and answered in the same page where it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from trdtrack.domain import risk
from trdtrack.domain.records import RiskRecord, RiskReview
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.looking import LOOKING, Prompt, add_looking
from trdtrack.ui.page import column
from trdtrack.words import _, say

if TYPE_CHECKING:
    from datetime import date, datetime

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Assessment, Clinic, Record, Session
    from trdtrack.ui.entry.form import Form
    from trdtrack.ui.entry.logged import Entry
    from trdtrack.ui.entry.sheet import Sheet


class LogRisk(QWidget):
    """The part of the log form about risk; hidden while item 9 says nothing and nothing is typed here."""

    def __init__(self, form: Form, dossier: Dossier, *, clinic: Clinic, entry: Entry) -> None:
        super().__init__()
        self._form, self._dossier, self._entry = form, dossier, entry
        self.holds = False
        """Whether item 9 must be answered and is not yet, so that the session cannot be finished."""
        stack = column(self, margin=0, spacing=theme.GAP)
        self.warning = theme.label(tone="risk", strong=True, wrap=True)
        stack.addWidget(self.warning)
        self._looking = QWidget()
        inner = column(self._looking, margin=0, spacing=theme.GAP)
        self.why = theme.label(px=theme.SMALL_PX, wrap=True)
        self.prompt = Prompt(clinic, folded=True)
        self.blocks = theme.label(px=theme.SMALL_PX, tone="risk", wrap=True)
        add_looking(form, None, today=form.at.date(), lines=2)
        slots = [form.slots[key].part for key in LOOKING]
        for part in (self.why, self.blocks, self.prompt, *slots):
            inner.addWidget(part)
        stack.addWidget(self._looking)
        self._looking.setVisible(False)
        self.setVisible(False)

    @property
    def _written(self) -> bool:
        return any(str(self._form.slots[key].raw()).strip() for key in LOOKING)

    def look(self, sheet: Sheet, *, session: bool) -> None:
        """Say what item 9 asks for as it stands on the sheet."""
        warning, why = sheet.warning(), None
        if warning:
            why = risk.must_answer(
                self._dossier, sheet.answers[8].value(), day=self._day(), entered=self._entered, but=self._but
            )
        waits = why is not None and not self._written
        self.holds = waits and session and not self._was_finished_with(sheet.answers[8].value())
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self.why.setText(say(why) if why else "")
        self.why.setVisible(why is not None)
        if self.holds:
            self.blocks.setText(_("Saved as not finished until item 9 is answered."))
        else:
            self.blocks.setText(_("Saved at once; it waits on the patient's page until it is answered."))
        self.blocks.setVisible(waits)
        self._looking.setVisible(why is not None or self._written)
        self.setVisible(bool(warning) or self._written)

    def _was_finished_with(self, answer: int | None) -> bool:
        """Whether the entry being corrected was finished with this answer: a new word in its note reopens nothing."""
        session, assessment = self._entry.session, self._entry.assessment
        known = assessment.answers[-1] if assessment and assessment.answers else None
        return bool(session and session.finished) and known == answer

    def records(self, session: Session | None, assessment: Assessment | None) -> list[Record]:
        """Return what was written about risk: a review in the open record, or in a new one. Raises Refusal."""
        if not self._written:
            return []
        days = [session.date if session else self._form.at.date()]
        if assessment:
            days.append(assessment.date)
        raised = assessment if assessment and risk.raised(assessment) else None
        made: list[Record] = []
        record = next((r for r in self._dossier.risks if r.closed is None), None)
        if record is None:
            record = RiskRecord(
                patient=self._form.patient_id,
                opened=raised.date if raised else max(days),
                assessment=raised.id if raised else None,
                entered=self._form.at,
            )
            made.append(record)
        answer = assessment.answers[-1] if assessment and assessment.answers else None
        made.append(
            RiskReview(
                patient=self._form.patient_id,
                risk=record.id,
                date=max(days),
                item9=risk.item9_now(self._dossier, answer, day=self._day(), entered=self._entered, but=self._but),
                entered=self._form.at,
                **self._form.values(*LOOKING),
            )
        )
        return made

    def _day(self) -> date:
        """Return the day the answers are of; while that is no date, today."""
        try:
            return self._form.slots["answered"].value() or self._form.at.date()
        except Refusal:
            return self._form.at.date()

    @property
    def _entered(self) -> datetime:
        return self._entry.assessment.entered if self._entry.assessment else self._form.at

    @property
    def _but(self) -> str | None:
        return self._entry.assessment.id if self._entry.assessment else None
