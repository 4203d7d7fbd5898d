"""The form for a treatment: an antidepressant, an augmentation, a series of ECT, or another drug."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from trdtrack.domain.message import message
from trdtrack.domain.records import Role, Treatment
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.entry.choices import DRUG_CLASSES, LATERALITIES, ROLES, TRIAL_OUTCOMES, YES_NO_UNSURE
from trdtrack.ui.entry.choosing import Check, Choice
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.slots import Day, Line, Text, Whole
from trdtrack.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from trdtrack.domain.edit import Edit

_KEYS = (
    "drug",
    "drug_class",
    "dose",
    "laterality",
    "start",
    "end",
    "still_taken",
    "adequate",
    "weeks",
    "adherence",
    "outcome",
    "in_episode",
    "note",
)
_NOT_ASKED = {
    Role.ANTIDEPRESSANT: {"laterality"},
    Role.AUGMENTATION: {"laterality", "drug_class"},
    Role.ECT: {"drug", "drug_class", "dose", "adequate", "weeks", "adherence"},
    Role.OTHER: {"laterality", "drug_class", "adequate", "weeks", "adherence"},
}
"""What makes no sense to ask of a treatment in this role."""


class TreatmentForm(Form):
    """Asks what belongs to the role chosen, and proposes the weeks from the two days until they are typed."""

    def __init__(self, treatment: Treatment | None, *, patient_id: str, at: datetime) -> None:
        heading = _("Correct treatment") if treatment else _("New treatment")
        key = f"treatment:{treatment.id}" if treatment else f"treatment:new:{patient_id}"
        super().__init__(heading, key=key, patient_id=patient_id, at=at)
        self._treatment = treatment
        # A drug's name is what a new treatment is about: it is no value to start from.
        shown = treatment or Treatment(patient=patient_id, drug="-")
        self._role = self.slot(Choice("role", _("Given as"), ROLES), shown.role)
        self._add_what(shown)
        self._add_effect(shown)
        self._weeks_by_hand = shown.weeks is not None
        weeks = self.slots["weeks"]
        self._proposed = weeks.raw()
        s = self.slots
        left = self.section(
            _("What was given"),
            s["role"],
            (s["drug"], s["dose"]),
            s["drug_class"],
            s["laterality"],
            (s["start"], s["end"]),
            s["still_taken"],
        )
        right = self.section(
            _("What it did"),
            s["outcome"],
            (s["adequate"], s["adherence"]),
            s["weeks"],
            s["in_episode"],
            s["note"],
            *([self.why()] if treatment else []),
        )
        self.lay_out([left], [right])
        self._role.on_edit(self._ask)
        for key in ("start", "end", "still_taken"):
            s[key].on_edit(self._propose_weeks)
        weeks.on_edit(self._weeks_typed)
        self._ask()

    def _add_what(self, shown: Treatment) -> None:
        today = self.at.date()
        self.slot(Line("drug", _("Drug")), shown.drug if self._treatment else "")
        self.slot(Line("dose", _("Highest dose"), hint=_("With its unit")), shown.dose)
        self.slot(Choice("drug_class", _("Class"), DRUG_CLASSES), shown.drug_class)
        self.slot(Choice("laterality", _("Electrodes"), LATERALITIES), shown.laterality)
        self.slot(Day("start", _("Begun on"), today=today), shown.start)
        self.slot(Day("end", _("Ended on"), today=today), shown.end)
        self.slot(Check("still_taken", _("Still given")), shown.still_taken)

    def _add_effect(self, shown: Treatment) -> None:
        self.slot(Choice("outcome", _("Outcome"), TRIAL_OUTCOMES), shown.outcome)
        self.slot(Choice("adequate", _("Dose adequate"), YES_NO_UNSURE), shown.adequate)
        hint = _("4 weeks or more at an adequate dose is suggested; what is adequate is your judgement")
        self.slot(Whole("weeks", _("Weeks at that dose"), hint=hint), shown.weeks)
        self.slot(Choice("adherence", _("Taken as prescribed"), YES_NO_UNSURE), shown.adherence)
        hint = _("Where not recorded, the days decide")
        self.slot(Choice("in_episode", _("In the current episode"), YES_NO_UNSURE, hint=hint), shown.in_episode)
        self.slot(Text("note", _("Note (optional)"), px=76), shown.note)

    def _ask(self) -> None:
        for key in _KEYS:
            self.slots[key].part.setVisible(key not in _NOT_ASKED[self._role.value()])

    def _propose_weeks(self) -> None:
        if self._weeks_by_hand:
            return
        try:
            start, end = self.slots["start"].value(), self.slots["end"].value()
        except Refusal:
            return
        if end is None and self.slots["still_taken"].value():
            end = self.at.date()
        weeks = (end - start).days // 7 if start and end and start <= end else None
        self._proposed = "" if weeks is None else str(weeks)
        self.slots["weeks"].put(self._proposed)

    def _weeks_typed(self) -> None:
        if self.slots["weeks"].raw() != self._proposed:
            self._weeks_by_hand = True

    def made(self) -> Edit:
        """Return the edit that writes the treatment down."""
        role = self._role.value()
        values: dict[str, Any] = {"role": role}
        for key in _KEYS:
            if key not in _NOT_ASKED[role]:
                values[key] = self.slots[key].value()
            elif self._treatment is None or self._treatment.role is not role:
                # Typed for another role, and out of sight now.
                values[key] = Treatment.__dataclass_fields__[key].default
        if self._treatment:
            return self.edit(message("Correct treatment"), (self._treatment, replace(self._treatment, **values)))
        return self.edit(message("Add treatment"), (None, Treatment(patient=self.patient_id, **values)))
