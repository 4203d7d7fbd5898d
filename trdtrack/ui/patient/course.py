"""The course tab: goals in the patient's words, what was planned, the outcome at the end, and the follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.records import FollowUp
from trdtrack.ui.entry.choices import END_REASONS, FORMATS, MODALITIES, PRESENTATIONS, SEVERITIES, YES_OR_NO
from trdtrack.ui.patient.record_list import RecordList
from trdtrack.ui.reading import Passage, Reading
from trdtrack.ui.rows import Column
from trdtrack.words import _, day, say, signed

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.summary import Summary


class CourseTab(RecordList):
    """Follow-ups at the left, the course's facts to read beside them."""

    def __init__(self) -> None:
        columns: list[Column[FollowUp]] = [
            Column(_("Follow-up due"), lambda f: day(f.due)),
            Column(_("Done on"), self._done, tone=self._tone),
            Column(_("Note"), lambda f: " ".join(f.note.split()), stretch=True),
        ]
        self._today: date | None = None
        self._silent = False
        super().__init__(columns, name=_("Follow-ups"), add=_("Add follow-up"), correct=_("Done or correct"))
        self.reading = Reading(name=_("The course of care"))
        self.put_beside(self.reading, stretch=4)

    def draw(self, dossier: Dossier, s: Summary | None, *, today: date) -> None:
        """Show a course's facts and follow-ups."""
        self._today, self._silent = today, dossier.died
        course = s.course.id if s else None
        gone = [r for r in dossier.withdrawn if isinstance(r, FollowUp) and r.course == course]
        self.fill([f for f in dossier.follow_ups if f.course == course], gone)
        self.set_adding(s is not None and s.course.end is not None and not dossier.died)
        self.reading.show_passages(_passages(dossier, s) if s else [Passage(text=_("No course of care yet."))])

    def _done(self, follow_up: FollowUp) -> str:
        if follow_up.done:
            return day(follow_up.done)
        late = self._today is not None and follow_up.due < self._today and not self._silent
        return _("overdue") if late else _("not yet")

    def _tone(self, follow_up: FollowUp) -> str:
        return "review" if self._done(follow_up) == _("overdue") else "ink" if follow_up.done else "muted"


def _passages(dossier: Dossier, s: Summary) -> list[Passage]:
    found = [Passage(_("Goals, in the patient's words"), s.course.goals.strip() or _("Not written down yet."))]
    if s.course.end:
        found.append(Passage(_("How it ended"), lines=_ending(s)))
    return [*found, Passage(_("The course"), lines=_facts(dossier, s))]


def _facts(dossier: Dossier, s: Summary) -> tuple[tuple[str, str], ...]:
    course, episode = s.course, dossier.episode
    months = ", ".join(str(n) for n in course.review_months)
    reviews = ", ".join(day(x.date) for x in s.sessions if x.review)
    planned = "" if course.planned_sessions is None else str(course.planned_sessions)
    if planned and course.extra_sessions:
        planned = _("{planned}, up to {extra} more").format(planned=planned, extra=course.extra_sessions)
    lines = (
        (_("Therapy"), say(MODALITIES[course.modality])),
        (_("Format"), say(FORMATS[course.format])),
        (_("Therapist"), course.therapist),
        (_("Presentation"), ", ".join(say(PRESENTATIONS[p]) for p in course.presentation)),
        (_("Week 0"), day(s.week_zero) if s.week_zero else _("follows the first attended session")),
        (_("Sessions planned"), planned),
        (_("Sessions attended"), str(s.attended)),
        (_("Reviews planned"), _("after {months} months").format(months=months) if months else ""),
        (_("Reviewed on"), reviews),
        (_("Current episode since"), day(episode.start) if episode and episode.start else ""),
        (_("Severity, as rated"), say(SEVERITIES[episode.severity]) if episode and episode.severity else ""),
        (_("Psychotic features"), say(YES_OR_NO.get(episode.psychotic, "")) if episode and episode.psychotic else ""),
    )
    return tuple((name, value or _("not recorded")) for name, value in lines)


def _ending(s: Summary) -> tuple[tuple[str, str], ...]:
    course, fixed = s.course, s.outcome
    lines = [(_("Ended"), day(course.end) if course.end else ""), (_("Reason"), say(END_REASONS[course.end_reason]))]
    if fixed is None or fixed.total is None or fixed.total_date is None:
        lines.append((_("Outcome at the end"), _("no score in the last 28 days of the course")))
        return tuple(lines)
    end = _("PHQ-9 {total} on {day}").format(total=fixed.total, day=day(fixed.total_date))
    lines.append((_("Outcome at the end"), end + (_(", prorated") if fixed.prorated else "")))
    if fixed.baseline is not None:
        change = _("{change} since the baseline of {total}; a change counts as reliable from {points} points")
        words = change.format(
            change=signed(fixed.total - fixed.baseline), total=fixed.baseline, points=fixed.reliable_change
        )
        lines.append((_("Change"), words))
    return tuple(lines)
