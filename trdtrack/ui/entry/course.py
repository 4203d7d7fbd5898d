"""The forms for a course of care: what it is and the episode it treats, and its end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from trdtrack.domain.ending import END_DAYS, end_score, placed
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import Course, EndReason, Episode, Rules
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.choices import END_REASONS, SEVERITIES, YES_OR_NO
from trdtrack.ui.entry.choosing import Choice
from trdtrack.ui.entry.course_slots import add_course_slots, course_values, from_template
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.slots import Day, Line, Months, Text, Whole
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Assessment, Clinic, Patient

_MORE = ("goals", "extra_sessions", "review_months")
_END = ("end", "end_reason")
_BASELINE = ("baseline", "baseline_reason")


class CourseForm(Form):
    """A new course from the clinic's template, or one to correct, with the current episode's facts: one Edit."""

    def __init__(
        self,
        course: Course | None,
        *,
        patient: Patient,
        episode: Episode | None,
        clinic: Clinic,
        benchmarks: Sequence[Benchmark],
        at: datetime,
        scores: Sequence[Assessment] = (),
    ) -> None:
        """`scores` are those another baseline may be chosen from; without them that card is left out."""
        heading = _("Course of care  ·  {code}") if course else _("New course of care  ·  {code}")
        key = f"course:{course.id}" if course else f"course:new:{patient.id}"
        super().__init__(heading.format(code=patient.code), key=key, patient_id=patient.id, at=at)
        self._course, self._episode, self._benchmarks = course, episode, benchmarks
        self._template = from_template(patient.id, clinic)
        add_course_slots(self, course, template=self._template, benchmarks=benchmarks)
        self._add_more(course or self._template)
        s = self.slots
        care = self.section(
            _("Psychotherapy"),
            (s["modality"], s["format"]),
            s["presentation"],
            s["therapist"],
            s["medication"],
            s["goals"],
        )
        plan = self.section(
            _("Plan"),
            s["start"],
            (s["planned_sessions"], s["extra_sessions"]),
            s["review_months"],
            s["benchmark"],
        )
        right = [plan, self._facts()]
        if course and scores:
            right.append(self._baseline(course, scores))
        if course:
            right += [self._end(course), self.section("", self.why())]
        self.lay_out([care], right)

    def _add_more(self, shown: Course) -> None:
        self.slot(Text("goals", _("Goals, in the patient's words"), px=120), shown.goals)
        self.slot(Whole("extra_sessions", _("Up to how many more")), shown.extra_sessions)
        months = _("Months after week 0, as 3, 6, 9, 12")
        self.slot(Months("review_months", _("Reviewed with the patient after"), hint=months), shown.review_months)

    def _facts(self) -> QWidget:
        e, today = self._episode, self.at.date()
        hint = _("The clinician's rating, never taken from the PHQ-9")
        begun = Day("start", _("Start of the episode"), today=today, key="episode start")
        severity = Choice("severity", _("Severity"), SEVERITIES, hint=hint)
        stops = _("Yes means that no expected course is drawn")
        psychotic = Choice("psychotic", _("Psychotic features"), YES_OR_NO, hint=stops)
        return self.section(
            _("Current episode"),
            self.slot(begun, e.start if e else None),
            self.slot(severity, e.severity if e else ""),
            self.slot(psychotic, e.psychotic if e else ""),
        )

    def _baseline(self, course: Course, scores: Sequence[Assessment]) -> QWidget:
        options: Mapping[str | None, Message] = {
            None: message("By the rule: the last score up to week 0, else the first after"),
            **{a.id: message("{total} on {day}", total=a.score().total, day=a.date) for a in scores},
        }
        return self.section(
            _("Baseline"),
            self.slot(Choice("baseline", _("Measured against"), options), course.baseline),
            self.slot(Line("baseline_reason", _("Why another than the rule's")), course.baseline_reason),
        )

    def _end(self, course: Course) -> QWidget:
        hint = _("Blank while the course is open")
        return self.section(
            _("End"),
            self.slot(Day("end", _("Ended on"), today=self.at.date(), hint=hint), course.end),
            self.slot(Choice("end_reason", _("Reason"), END_REASONS), course.end_reason),
        )

    def made(self) -> Edit:
        """Return the edit of course and episode."""
        values = course_values(self, new=self._course is None, benchmarks=self._benchmarks) | self.values(*_MORE)
        for keys in (_END, _BASELINE):
            values |= self.values(*(key for key in keys if key in self.slots))
        course = replace(self._course or self._template, **values)
        title = message("Correct course of care") if self._course else message("Add course of care")
        return self.edit(title, (self._course, course), (self._episode, self._episode_record(course)))

    def _episode_record(self, course: Course) -> Episode | None:
        facts = self.values("episode start", "severity", "psychotic")
        if self._episode:
            return replace(self._episode, **facts)
        return Episode(patient=course.patient, entered=self.at, **facts) if any(facts.values()) else None


class EndForm(Form):
    """A course's end, with what follows from it said in words before it is saved."""

    def __init__(
        self, course: Course, *, dossier: Dossier, clinic: Clinic, at: datetime, rules: Rules | None = None
    ) -> None:
        """`rules` are the clinic's: they decide which totals count."""
        heading = _("End course  ·  {code}").format(code=dossier.patient.code)
        super().__init__(heading, key=f"end:{course.id}", patient_id=course.patient, at=at)
        self._course, self._clinic = course, clinic
        self._counting = [p for p in placed(dossier, course, rules or Rules())[1] if p.counts]
        today = at.date()
        self._end = self.slot(Day("end", _("Ended on"), today=today), course.end or today)
        self._reason = self.slot(Choice("end_reason", _("Reason"), END_REASONS), course.end_reason)
        self.follows = theme.label(wrap=True)
        for slot in (self._end, self._reason):
            slot.on_edit(self._tell)
        self._tell()
        parts = [self._end, self._reason, *([self.why()] if course.end else [])]
        self.lay_out([self.section("", *parts), self.section(_("What follows"), self.follows)])

    def _tell(self) -> None:
        try:
            end = self._end.value()
        except Refusal:
            end = None
        self.follows.setText("\n\n".join(say(line) for line in self._lines(end)))

    def _lines(self, end: date | None) -> list[Message]:
        if self._reason.value() is EndReason.DIED:
            return [
                message("Every prompt, reminder and follow-up stops at once."),
                message("Open risk records stay readable and ask for nothing."),
            ]
        if end is None:
            return [message("Give the day the course ended.")]
        last = end_score(self._counting, end)
        lines = [
            message("End score: {total}, of {day}. The outcome is fixed with it.", total=last.total, day=last.date)
            if last
            else message("There is no score in the {days} days up to the end: the outcome has none.", days=END_DAYS)
        ]
        *first, last_month = self._clinic.follow_up_months or (0,)
        if first:
            months = ", ".join(str(month) for month in first)
            lines.append(
                message(
                    "Follow-ups are planned {months} and {last} months after the end.", months=months, last=last_month
                )
            )
        elif last_month:
            lines.append(message("A follow-up is planned, months after the end: {months}.", months=last_month))
        return lines

    def made(self) -> Edit:
        """Return the edit that ends the course."""
        values = self.values("end", "end_reason")
        if values["end"] is None:
            raise Refusal(message("A course ends on a day."), field="end")
        title = message("Correct the end of a course") if self._course.end else message("End course of care")
        return self.edit(title, (self._course, replace(self._course, **values)))
