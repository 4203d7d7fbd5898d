"""The risk tab: every record, open or closed, with each look at it; nothing here rates the risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from trdtrack.domain.records import RiskRecord, RiskReview
from trdtrack.domain.risk import risk_state, risk_words
from trdtrack.ui.page import capital
from trdtrack.ui.patient.record_list import RecordList
from trdtrack.ui.reading import Passage, Reading
from trdtrack.ui.rows import Column
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier


class RiskTab(RecordList):
    """Records at the left, newest first; the looks at the one chosen beside it."""

    correct_review = Signal(object)

    def __init__(self) -> None:
        columns: list[Column[RiskRecord]] = [
            Column(_("Opened"), lambda r: day(r.opened)),
            Column(_("Closed"), lambda r: day(r.closed) if r.closed else _("■ open"), tone=_tone),
            Column(_("Last looked at"), lambda r: self._last(r, "date"), least=420),
            Column(_("Look again"), lambda r: self._last(r, "again"), stretch=True),
        ]
        self._dossier: Dossier | None = None
        self._state = ""
        super().__init__(columns, name=_("Risk records"), add=_("Open a record"), correct=_("Review or close…"))
        self.reading = Reading(name=_("What was asked and found"))
        self.put_beside(self.reading, stretch=3)
        self._correct_look = self.button(_("Correct last look"), "", _("Correct what was written at the last look"))
        self._correct_look.clicked.connect(self._correct_review)

    def draw(self, dossier: Dossier, *, today: date) -> None:
        """Show a patient's risk records."""
        self._dossier = dossier
        self._state = capital(say(risk_words(risk_state(dossier, today=today)))) + "."
        order = sorted(dossier.risks, key=lambda r: (r.closed is None, r.opened, r.entered), reverse=True)
        self.fill(order, [r for r in dossier.withdrawn if isinstance(r, RiskRecord)])
        self.set_adding(not dossier.died and not any(r.closed is None for r in dossier.risks))

    def reviews(self, record: RiskRecord) -> list[RiskReview]:
        """Return the looks at a record, the latest first."""
        return [r for r in reversed(self._dossier.reviews if self._dossier else ()) if r.risk == record.id]

    def _correct_review(self) -> None:
        row = self.table.chosen()
        if row is not None:
            self.correct_review.emit(self.reviews(row)[0])

    def _last(self, record: RiskRecord, what: str) -> str:
        found = self.reviews(record)
        when = getattr(found[0], what) if found else None
        return day(when) if when else ""

    def chosen(self, row: Any) -> None:
        if self._dossier is None:
            return
        self._correct_look.setEnabled(row is not None and bool(self.reviews(row)))
        passages = [Passage(text=self._state)]
        if isinstance(row, RiskRecord):
            passages += [_opening(row, self._dossier)]
            if row.closed:
                passages.append(Passage(_("Closed {day}").format(day=day(row.closed)), row.closing_note))
            passages += [_look(review) for review in self.reviews(row)]
        self.reading.show_passages(passages)


def _tone(record: RiskRecord) -> str:
    return "muted" if record.closed else "risk"


def _opening(record: RiskRecord, dossier: Dossier) -> Passage:
    heading = _("Opened {day}").format(day=day(record.opened))
    score = next((a for a in dossier.assessments if a.id == record.assessment), None)
    if score is None or score.answers is None:
        return Passage(heading, _("By hand, without a score.") if record.assessment is None else "")
    return Passage(heading, _("Item 9 answered {n} on {day}.").format(n=score.answers[-1], day=day(score.date)))


def _look(review: RiskReview) -> Passage:
    heading = _("Looked at {day}").format(day=day(review.date))
    if review.item9 is not None:
        heading = _("Looked at {day}, item 9 answered {n}").format(day=day(review.date), n=review.item9)
    lines = (
        (_("Asked"), review.asked),
        (_("Found"), review.found),
        (_("Plan"), review.plan),
        (_("Told"), review.told),
        (_("Look again"), day(review.again) if review.again else ""),
    )
    return Passage(heading, lines=tuple((name, value) for name, value in lines if value.strip()))
