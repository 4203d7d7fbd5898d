"""The log form: one page for a session and its PHQ-9, typed without a mouse, and the edit that saves them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Attendance, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.ui import theme
from trdtrack.ui.entry.choices import ATTENDANCES
from trdtrack.ui.entry.choosing import Check, Choice
from trdtrack.ui.entry.form import Form
from trdtrack.ui.entry.kept import read_draft
from trdtrack.ui.entry.last_time import LastTime, phases
from trdtrack.ui.entry.layout import AnySlot, scrolled, show_in_scroll, side_by_side, wide_and_narrow
from trdtrack.ui.entry.log_risk import LogRisk
from trdtrack.ui.entry.logged import Entry
from trdtrack.ui.entry.sheet import Sheet
from trdtrack.ui.entry.sheet_slot import SheetSlot
from trdtrack.ui.entry.slots import Day, Line, Text, Time, Whole
from trdtrack.ui.page import column
from trdtrack.words import _, phq9_wording, say, wording_remark
from trdtrack.words import day as day_words

if TYPE_CHECKING:
    from datetime import datetime

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.edit import Edit
    from trdtrack.domain.handover import Handed
    from trdtrack.domain.records import Clinic, Rules

SIDE_PX = 340
QUESTIONS_PX = 330
"""The nine questions' part is at least so high where text is large and the page scrolls."""
_OF_A_SESSION = ("date", "note", "task", "next_date", "next_time", "finished")
_OF_ONE_ATTENDED = ("minutes", "phase", "review")


class LogForm(Form):
    """Takes an Entry and yields an Edit: the session, its PHQ-9, and what was written down about risk."""

    def __init__(self, entry: Entry, *, dossier: Dossier, rules: Rules, clinic: Clinic, at: datetime) -> None:
        known = entry.session or entry.assessment
        key = f"correct:{known.id}" if known else f"log:{entry.course.id}"
        super().__init__(_heading(entry), key=key, patient_id=entry.course.patient, at=at)
        self._entry = entry
        self._last = LastTime.of(dossier, entry.course, clinic)
        self.sheet = Sheet(prorate=rules.prorate)
        # The sheet's inputs are the form's too.
        self.answers, self.total = self.sheet.answers, self.sheet.total
        self.reading, self.problem = self.sheet.reading, self.sheet.problem
        questions = self.slot(SheetSlot(self.sheet), entry.assessment or entry.handed)
        if entry.handed:
            self.page.addWidget(theme.label(_handed_words(entry.handed), tone="accent", strong=True, wrap=True))
        self._add_session()
        self.risk = LogRisk(self, dossier, clinic=clinic, entry=entry)
        self._add_after()
        self.attendance, self.note = self._attendance.widget, self._note.widget
        self.date, self.answered_on = self._on.widget, self._answered_on.widget
        self._date, self._answered = self._on.part, self._answered_on.part
        body = theme.columns()
        if theme.stacked():
            questions.part.setMinimumHeight(theme.px(QUESTIONS_PX))
        body.addWidget(questions.part, 1)
        body.addWidget(self._side())
        self.page.addLayout(body, 1)
        self.date.textEdited.connect(self._follow)
        self.answered_on.textEdited.connect(self._stop_following)
        self.sheet.finished.connect(self._go_on)
        self._update()
        self.ready()
        for slot in self.slots.values():
            slot.on_edit(self._update)

    # Building

    def _add_session(self) -> None:
        session, assessment, today = self._entry.session, self._entry.assessment, self.at.date()
        kept = session.attendance if session else None if assessment else Attendance.ATTENDED
        self._attendance = self.slot(Choice("attendance", _("Attendance"), ATTENDANCES), kept)
        minutes = session.minutes if session else self._last.minutes
        self.slot(Whole("minutes", _("Minutes"), px=72), minutes)
        # Answers are of the day the patient gave them, and were given where the session was.
        begun = self._entry.handed.at.date() if self._entry.handed else today
        self._on = self.slot(Day("date", _("Session on"), today=today), session.date if session else begun)
        answered = assessment.date if assessment else self._on.value()
        self._answered_on = self.slot(Day("answered", _("PHQ-9 answered on"), today=today), answered)
        self._same_day = self._date_follows()

    def _add_after(self) -> None:
        session, today = self._entry.session, self.at.date()
        self._note = self.slot(Text("note", _("Session note")), session.note if session else "")
        self._note.widget.setPlaceholderText(_("What was worked on, what comes next"))
        self._note.widget.setMinimumHeight(theme.px(84))
        self.slot(Line("task", _("Task until next time")), session.task if session else "")
        proposed = session.next_date if session else self._last.next_after(self._on.value())
        self._next = self.slot(Day("next_date", _("Next appointment"), today=today, ahead=True), proposed)
        time = session.next_time if session else self._last.time if proposed else ""
        self.slot(Time("next_time", _("At"), px=88), time)
        known = [*self._last.used, *(say(name) for name in phases(self._entry.course))]
        self.slot(Line("phase", _("Phase")).suggest(known), session.phase if session else self._last.phase)
        self.slot(Check("review", _("This was a review of the course")), session.review if session else False)
        self.slot(Check("finished", _("Finished")), session.finished if session else True)
        if self._entry.correcting:
            self.why()
        self._laid = list(self.slots.values())

    def _side(self) -> QWidget:
        s = self.slots
        inner = QWidget()
        stack = column(inner, margin=0, spacing=12)
        # Room for the scroll bar beside the inputs.
        stack.setContentsMargins(0, 0, theme.GAP, 0)
        stack.addLayout(wide_and_narrow(s["attendance"], s["minutes"]))
        stack.addLayout(side_by_side([self._on, self._answered_on]))
        stack.addWidget(self.risk)
        self._note.part.layout().setStretch(1, 1)  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        stack.addWidget(self._note.part, 1)
        stack.addWidget(s["task"].part)
        stack.addLayout(wide_and_narrow(s["next_date"], s["next_time"]))
        for key in ("phase", "review", "finished", "why"):
            if key in s:
                stack.addWidget(s[key].part)
        side = QWidget()
        theme.aside(side, SIDE_PX)
        outer = column(side, margin=0, spacing=12)
        outer.addWidget(scrolled(inner), 1)
        buttons = self.buttons()
        buttons.setContentsMargins(0, 0, theme.GAP, 0)
        outer.addLayout(buttons)
        remark = wording_remark()
        licence = " ".join([phq9_wording().licence, *([say(remark)] if remark else [])])
        outer.addWidget(theme.label(licence, px=10, tone="muted", wrap=True))
        return side

    def stops(self) -> list[QWidget]:
        """Return where the Tab key stops, in order."""
        stops = super().stops()
        stops.insert(stops.index(self.slots["asked"].widget), self.risk.prompt.unfold)
        return stops

    # Typing

    def _go_on(self) -> None:
        target = self._note.widget if self._kept() else self.save_button
        target.setFocus(Qt.FocusReason.TabFocusReason)
        show_in_scroll(self._note.part)

    def _date_follows(self) -> bool:
        """Whether the day answered is the session's, and goes along with it."""
        return self._on.raw() == self._answered_on.raw()

    def _follow(self) -> None:
        if self._same_day:
            self.answered_on.setText(self.date.text())
        if self._next.untouched and not self._entry.correcting:
            try:
                self._next.show(self._last.next_after(self._on.value()))
            except Refusal:
                return

    def _stop_following(self) -> None:
        self._same_day = False

    def _update(self) -> None:
        kept = self._kept()
        for key in _OF_A_SESSION:
            self.slots[key].part.setEnabled(kept is not None)
        for key in _OF_ONE_ATTENDED:
            self.slots[key].part.setEnabled(kept is Attendance.ATTENDED)
        self.risk.look(self.sheet, session=kept is not None)
        if self.risk.holds:
            self.slots["finished"].part.setEnabled(False)

    def _kept(self) -> Attendance | None:
        """Return how the appointment was kept, None for a score without one."""
        return self._attendance.value()

    def restore(self, text: str) -> None:
        """Put a draft back, as far as it fits this form, and say so. Answers given since stay."""
        handed, sheet, answered = self._entry.handed, self.slots["sheet"], self.slots["answered"]
        given, day = sheet.raw(), answered.raw()
        super().restore(text)
        _fields, at = read_draft(text)
        if handed and (self.sheet.blank or at is None or at < handed.at):
            sheet.put(given)
            answered.put(day)
        self._same_day = self._date_follows()

    def start_anew(self) -> None:
        """Take back all that was typed."""
        super().start_anew()
        self._same_day = self._date_follows()

    # Saving

    def made(self) -> Edit:
        """Return the edit of session, PHQ-9 and risk."""
        session, assessment = self._session_record(), self._assessment_record()
        why = self.slots["why"].value().strip() if "why" in self.slots else ""
        return self._entry.edit(session, assessment, risk=self.risk.records(session, assessment), why=why)

    def refuse(self, refusal: Refusal | None) -> None:
        """Show a refusal beside what caused it; None clears."""
        super().refuse(refusal)
        self.sheet.tell(self.problem.text())

    def _blamed(self, refusal: Refusal) -> AnySlot | None:
        """Return the input a refusal is about. Session and score both call their day `date`: the day itself tells."""
        refused = refusal.what.fields.get("day")
        if refusal.field == "date" and refused is not None:
            return self._on if self._kept() is not None and self._on.value() == refused else self._answered_on
        return super()._blamed(refusal)

    def _session_record(self) -> Session | None:
        attendance = self._kept()
        if attendance is None:
            return None
        values: dict[str, Any] = self.values(*_OF_A_SESSION)
        if values["date"] is None:
            raise Refusal(message("A session needs its date."), field="date")
        if values["next_date"] is None and self.slots["next_time"].untouched:
            # The hour was only proposed, and the day it belonged to is gone.
            values["next_time"] = ""
        before = self._entry.session
        if attendance is Attendance.ATTENDED or (before and before.attendance is attendance):
            values |= self.values(*_OF_ONE_ATTENDED)
        else:
            values |= {"minutes": None, "phase": "", "review": False}
        values |= {"attendance": attendance, "finished": values["finished"] and not self.risk.holds}
        if before:
            return replace(before, **values)
        course = self._entry.course
        return Session(patient=course.patient, course=course.id, entered=self.at, **values)

    def _assessment_record(self) -> Assessment | None:
        before = self._entry.assessment
        if before is None and self.sheet.blank:
            return None
        answers = self.sheet.nine()
        day = self._answered_on.value()
        if day is None:
            raise Refusal(message("A PHQ-9 needs the day it was answered."), field="answered")
        typed: dict[str, Any] = {
            "answers": answers,
            "total": self.sheet.known_total(),
            "difficulty": self.sheet.difficulty(),
        }
        if before:
            return replace(before, date=day, **typed)
        course = self._entry.course
        return Assessment(patient=course.patient, course=course.id, date=day, entered=self.at, **typed)


def _handed_words(handed: Handed) -> str:
    said = _("Answered by the patient on {day}, {time}. Look the answers over: saving confirms them.").format(
        day=day_words(handed.at.date()), time=f"{handed.at:%H:%M}"
    )
    return said if handed.done else _("{said} The patient did not finish.").format(said=said)


def _heading(entry: Entry) -> str:
    if entry.correcting:
        said = _("Correct entry")
    elif entry.following_up:
        said = _("Log follow-up")
    else:
        said = _("Log session {number}").format(number=entry.number)
    return f"{said}  ·  {entry.code}"
