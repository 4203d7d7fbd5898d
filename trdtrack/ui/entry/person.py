"""The form for a patient: a new one with the first course of care, or all that is known of one already there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.edit import Edit
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.entry.choices import YES_OR_NO
from trdtrack.ui.entry.choosing import Check, Choice
from trdtrack.ui.entry.course_slots import add_course_slots, course_values, from_template
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.slots import Day, Line, Text
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.records import Clinic

_WHO = ("code", "name", "date_of_birth")
_MORE = ("notes", "referrer", "gp", "prescriber", "consent", "consent_note", "bipolar", "declined", "closed")
_LETTER_PX = 76


class PersonForm(Form):
    """Yields an Edit; a probable double is told first, and kept if Save is pressed again."""

    def __init__(
        self,
        patient: Patient | None,
        *,
        clinic: Clinic,
        benchmarks: Sequence[Benchmark],
        at: datetime,
        doubles: Callable[[Patient], list[Patient]],
        code: str = "",
    ) -> None:
        """`benchmarks`: what a course can be drawn with, a new one with the first. `code`: how a new code begins."""
        heading = _("New patient") if patient is None else _("Patient  ·  {code}").format(code=patient.code)
        known = patient.id if patient else ""
        super().__init__(heading, key=f"patient:{known or 'new'}", patient_id=known, at=at)
        self._patient, self._clinic, self._benchmarks, self._doubles = patient, clinic, benchmarks, doubles
        self._told: set[str] = set()
        self._add_who(code)
        who = [self.slots[key] for key in _WHO]
        if patient is None:
            left = self.section(_("Patient"), *who)
            add_course_slots(self, None, template=from_template("", clinic), benchmarks=benchmarks)
            s = self.slots
            care = self.section(
                _("Course of care"),
                (s["modality"], s["format"]),
                s["presentation"],
                (s["start"], s["planned_sessions"]),
                s["therapist"],
                s["medication"],
                s["benchmark"],
            )
            self.lay_out([left], [care])
        else:
            self._add_more(patient)
            s = self.slots
            left = self.section(_("Patient"), *who, s["notes"])
            facts = self.section(_("Clinical facts"), s["bipolar"], s["declined"], s["closed"])
            others = self.section(
                _("Who else is in care of the patient"),
                s["referrer"],
                s["gp"],
                s["prescriber"],
                s["consent"],
                s["consent_note"],
            )
            self.lay_out([left, facts], [others, self.section("", self.why())])

    def _add_who(self, begins: str) -> None:
        p, today = self._patient, self.at.date()
        code = Line("code", _("Code"), hint=_("Your own, printed on every page; needed"))
        self.slot(code, p.code if p else begins)
        self.slot(Line("name", _("Name (optional)")), p.name if p else "")
        hint = _("Without it the patient is treated as an adult")
        born = Day("date_of_birth", _("Date of birth (optional)"), today=today, hint=hint)
        self.slot(born, p.date_of_birth if p else None)

    def _add_more(self, p: Patient) -> None:
        self.slot(Text("notes", _("Notes (optional)"), px=96), p.notes)
        yes = _("Yes means that no expected course is drawn")
        self.slot(Choice("bipolar", _("Bipolar disorder"), YES_OR_NO, hint=yes), p.bipolar)
        offered = _("Then it is not proposed again")
        self.slot(Check("declined", _("Psychotherapy was offered and declined"), hint=offered), p.declined)
        hint = _("Blank while the patient is in care; then nothing is asked for but open risk")
        self.slot(Day("closed", _("No longer in care since"), today=self.at.date(), hint=hint), p.closed)
        hint = _("Name and address as they stand on a letter")
        self.slot(Text("referrer", _("Referrer"), hint=hint, px=_LETTER_PX), p.referrer)
        self.slot(Text("gp", _("GP"), px=_LETTER_PX), p.gp)
        self.slot(Text("prescriber", _("Prescriber"), px=_LETTER_PX), p.prescriber)
        agreed = _("The patient agrees to information going to these three")
        self.slot(Choice("consent", agreed, YES_OR_NO), p.consent)
        self.slot(Line("consent_note", _("Note on consent")), p.consent_note)

    def made(self) -> Edit:
        """Return the edit, once a probable double has been told."""
        patient = self._record()
        if self._patient:
            edit = self.edit(message("Correct patient"), (self._patient, patient))
        else:
            course = replace(
                from_template(patient.id, self._clinic), **course_values(self, new=True, benchmarks=self._benchmarks)
            )
            edit = self.edit(message("Add patient"), (None, patient), (None, course))
        self._tell_doubles(patient)
        return edit

    def _record(self) -> Patient:
        if self._patient:
            return replace(self._patient, **self.values(*_WHO, *_MORE))
        return Patient(**self.values(*_WHO))

    def _tell_doubles(self, patient: Patient) -> None:
        if self._patient and all(self.slots[key].untouched for key in ("name", "date_of_birth")):
            return
        like = [p for p in self._doubles(patient) if p.id != patient.id and p.id not in self._told]
        if like:
            self._told.update(p.id for p in like)
            who = ", ".join(filter(None, (like[0].code, like[0].name)))
            raise Refusal(message("{who} has the same birth date and a like name. Save again to keep both.", who=who))
