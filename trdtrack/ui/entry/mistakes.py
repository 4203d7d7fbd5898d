"""The forms for what went to the wrong place: move a session or score, merge two records, erase a patient."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trdtrack.domain.message import message, plural
from trdtrack.domain.records import Course, Patient, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.choices import MODALITIES
from trdtrack.ui.entry.choosing import Check
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.layout import AnySlot
from trdtrack.ui.entry.pick import Pick
from trdtrack.ui.entry.slots import Line
from trdtrack.ui.page import breakable, capital
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Assessment


_NAMED = 4
"""So many copies of the file are named where a patient is to be erased."""


@dataclass(frozen=True)
class MoveAsked:
    """A session or score is to go to this course; a session with its PHQ-9 or without."""

    course: Course
    with_scores: bool
    why: str = field(repr=False)


@dataclass(frozen=True)
class MergeAsked:
    """The patient's records are to go to this one."""

    patient: Patient
    why: str = field(repr=False)


@dataclass(frozen=True)
class EraseAsked:
    """The patient is to be erased, and copies of the file that still hold the patient replaced."""

    replace_copies: bool


class MoveForm(Form):
    """Yields a MoveAsked: where a session or score belongs instead."""

    def __init__(
        self,
        record: Session | Assessment,
        *,
        dossier: Dossier,
        choices: Sequence[tuple[Patient, Course]],
        at: datetime,
    ) -> None:
        session = isinstance(record, Session)
        what = _("Move the session of {day}  ·  {code}") if session else _("Move the PHQ-9 of {day}  ·  {code}")
        heading = what.format(day=day(record.date), code=dossier.patient.code)
        super().__init__(heading, key=f"move:{record.id}", patient_id=record.patient, at=at)
        self._courses = {course.id: course for _patient, course in choices if course.id != record.course}
        names = {course.id: _course_words(patient, course) for patient, course in choices if course.id in self._courses}
        parts: list[AnySlot] = [self.slot(Pick("course", _("To which course"), names), None)]
        if session and any(a.session == record.id for a in dossier.assessments):
            parts.append(self.slot(Check("with_scores", _("Its PHQ-9 as well")), value=True))
        parts.append(self.why())
        self.save_button.setText(_("Move"))
        self.lay_out([self.section("", *parts)])

    def made(self) -> MoveAsked:
        """Return where it is to go."""
        chosen = self.slots["course"].value()
        if chosen is None:
            raise Refusal(message("Choose the course it belongs to."), field="course")
        scores = bool(self.slots["with_scores"].value()) if "with_scores" in self.slots else False
        return MoveAsked(self._courses[chosen], scores, self.slots["why"].value().strip())


class MergeForm(Form):
    """Yields a MergeAsked: which record of the same person stays."""

    def __init__(self, patient: Patient, *, choices: Sequence[Patient], at: datetime) -> None:
        heading = _("Merge {code} into another record").format(code=patient.code)
        super().__init__(heading, key=f"merge:{patient.id}", patient_id=patient.id, at=at)
        self._patients = {p.id: p for p in choices if p.id != patient.id}
        names = {p.id: _patient_words(p) for p in self._patients.values()}
        follows = _("All that is written down about {code} goes to the record you choose; {code} is withdrawn.")
        parts = [
            self.slot(Pick("patient", _("The record that stays"), names), None),
            theme.label(follows.format(code=patient.code), tone="muted", wrap=True),
            self.why(),
        ]
        self.save_button.setText(_("Merge"))
        self.lay_out([self.section("", *parts)])

    def made(self) -> MergeAsked:
        """Return the record that is to stay."""
        chosen = self.slots["patient"].value()
        if chosen is None:
            raise Refusal(message("Choose the record that stays."), field="patient")
        return MergeAsked(self._patients[chosen], self.slots["why"].value().strip())


class EraseForm(Form):
    """Yields an EraseAsked once the patient's code is typed. Keeps no draft: a confirmation is never put back."""

    def __init__(
        self, patient: Patient, *, what: Sequence[tuple[str, int]], copies: Sequence[Path], at: datetime
    ) -> None:
        """`what` goes, in words and numbers; `copies` of the file still hold the patient."""
        super().__init__(_("Erase {code}").format(code=patient.code), key="", patient_id=patient.id, at=at)
        self._code = patient.code
        goes = [theme.label(_("{what}: {n}").format(n=n, what=capital(words))) for words, n in what]
        head = self.section(_("What goes"), *goes)
        cards = [head]
        if copies:
            names = [breakable(path) for path in copies[:_NAMED]]
            if more := len(copies) - _NAMED if len(copies) > _NAMED else 0:
                names.append(say(plural("and {n} more", "and {n} more", more)))
            held = [theme.label(name, px=theme.SMALL_PX, tone="muted", wrap=True) for name in names]
            fresh = self.slot(Check("replace_copies", _("Put a new backup in the place of these")), value=True)
            cards.append(self.section(_("Copies that still hold the patient"), *held, fresh))
        warning = _("This cannot be undone. A line stays in the history that it was done, and nothing else.")
        last = theme.label(warning, tone="risk", strong=True, wrap=True)
        asked = _("To confirm, type {code}").format(code=patient.code)
        parts = [last, self.slot(Line("code", asked), "")]
        self.save_button.setText(_("Erase for good"))
        self.save_button.setProperty("grave", True)  # noqa: FBT003 - Qt's signature
        self.lay_out([*cards, self.section("", *parts)])

    def start(self) -> None:
        """Put the cursor where the confirmation is typed."""
        self.slots["code"].widget.setFocus()

    def made(self) -> EraseAsked:
        """Return what is to be erased, once confirmed."""
        if " ".join(self.slots["code"].value().split()) != self._code:
            raise Refusal(message("Type {code} exactly as it stands.", code=self._code), field="code")
        copies = self.slots.get("replace_copies")
        return EraseAsked(bool(copies.value()) if copies else False)


def _patient_words(patient: Patient) -> str:
    born = day(patient.date_of_birth) if patient.date_of_birth else ""
    return "  ·  ".join(filter(None, (patient.code, patient.name, born)))


def _course_words(patient: Patient, course: Course) -> str:
    kind = say(MODALITIES[course.modality]) if course.modality else _("course of care")
    since = _("since {day}").format(day=day(course.start)) if course.start else ""
    ended = _("ended {day}").format(day=day(course.end)) if course.end else ""
    return "  ·  ".join(filter(None, (patient.code, patient.name, kind, since, ended)))
