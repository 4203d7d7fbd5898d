"""The short forms: something that happened on a day, and a follow-up planned or done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.records import Event, EventKind, FollowUp
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.entry.choices import EVENT_KINDS
from trdtrack.ui.entry.choosing import Choice
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.slots import Day, Text
from trdtrack.words import _

if TYPE_CHECKING:
    from datetime import datetime

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Course


class EventForm(Form):
    """What happened, and when: it stands beside the scores on the chart."""

    def __init__(self, event: Event | None, *, patient_id: str, at: datetime) -> None:
        key = f"event:{event.id}" if event else f"event:new:{patient_id}"
        super().__init__(_("Correct event") if event else _("New event"), key=key, patient_id=patient_id, at=at)
        self._event = event
        today = at.date()
        parts = [
            self.slot(Day("date", _("On"), today=today), event.date if event else today),
            self.slot(Choice("what", _("Kind"), EVENT_KINDS), event.what if event else EventKind.LIFE),
            self.slot(Text("text", _("What happened"), px=120), event.text if event else ""),
        ]
        self.lay_out([self.section("", *parts, *([self.why()] if event else []))])

    def start(self) -> None:
        """Put the cursor where typing begins: the day is today unless somebody says otherwise."""
        self.slots["text"].widget.setFocus()

    def made(self) -> Edit:
        """Return the edit that writes the event down."""
        values = self.values("date", "what", "text")
        if values["date"] is None:
            raise Refusal(message("An event needs its day."), field="date")
        if self._event:
            return self.edit(message("Correct event"), (self._event, replace(self._event, **values)))
        return self.edit(message("Add event"), (None, Event(patient=self.patient_id, entered=self.at, **values)))


class FollowUpForm(Form):
    """A look back after a course's end: when it is due, and when it was done."""

    def __init__(self, follow_up: FollowUp | None, *, course: Course, at: datetime) -> None:
        heading = _("Follow-up") if follow_up else _("New follow-up")
        key = f"follow_up:{follow_up.id}" if follow_up else f"follow_up:new:{course.id}"
        super().__init__(heading, key=key, patient_id=course.patient, at=at)
        self._follow_up, self._course = follow_up, course
        f, today = follow_up, at.date()
        hint = _("Blank while it is still to be done")
        parts = [
            self.slot(Day("due", _("Due on"), today=today, ahead=True), f.due if f else None),
            self.slot(Day("done", _("Done on"), today=today, hint=hint), f.done if f else None),
            self.slot(Text("note", _("Note (optional)"), px=96), f.note if f else ""),
        ]
        self.lay_out([self.section("", *parts, *([self.why()] if f else []))])

    def made(self) -> Edit:
        """Return the edit that writes the follow-up down."""
        values = self.values("due", "done", "note")
        if values["due"] is None:
            raise Refusal(message("A follow-up needs the day it is due."), field="due")
        if self._follow_up:
            return self.edit(message("Correct follow-up"), (self._follow_up, replace(self._follow_up, **values)))
        new = FollowUp(patient=self._course.patient, course=self._course.id, **values)
        return self.edit(message("Plan follow-up"), (None, new))
