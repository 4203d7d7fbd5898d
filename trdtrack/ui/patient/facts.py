"""The patient page's standing lines: the course in one line, the courses to choose from, the chart's caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.caseload import newer
from trdtrack.domain.medication import current_medication
from trdtrack.domain.message import message
from trdtrack.domain.mistakes import lost_baseline
from trdtrack.domain.records import Format
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Course
    from trdtrack.domain.summary import Summary

AVERAGES = message(
    "Lines are averages of groups in trials; they do not predict this person. People on usual care alone improve too."
)


def age_words(dossier: Dossier, s: Summary | None) -> str:
    """Return the age, or what its lack means."""
    if dossier.patient.date_of_birth is None:
        return _("no date of birth: treated as an adult")
    return _("age {n}").format(n=s.age) if s and s.age is not None else ""


def course_line(s: Summary) -> str:
    """Return the course in one line: what, with which medication, how far, by whom."""
    course = s.course
    therapy = say(course.modality.words) or _("Psychotherapy")
    if course.format is Format.GROUP:
        therapy = _("{therapy} in a group").format(therapy=therapy)
    if medication := current_medication(s.dossier, course):
        therapy = _("{therapy} with {medication}").format(therapy=therapy, medication=medication)
    if s.week_zero:
        week = _("week {n}, since {day}").format(n=s.week, day=day(s.week_zero))
    else:
        week = _("week 0 follows the first attended session")
    if course.end:
        week = _("{day} to {end}").format(day=day(s.week_zero) if s.week_zero else "?", end=day(course.end))
    sessions = _("session {n} of {planned}") if course.planned_sessions else _("session {n}")
    parts = [
        age_words(s.dossier, s),
        therapy,
        week,
        sessions.format(n=s.attended, planned=course.planned_sessions) if s.sessions else "",
        _("{n} missed").format(n=s.missed) if s.missed else "",
        _("with {therapist}").format(therapist=course.therapist) if course.therapist else "",
    ]
    return "  ·  ".join(part for part in parts if part)


def course_name(dossier: Dossier, course: Course) -> str:
    """Return what a course is called where there are several."""
    therapy, start = say(course.modality.words) or _("Psychotherapy"), dossier.week_zero(course)
    if course.end is None:
        return f"{therapy}, {_('since {day}').format(day=day(start)) if start else _('not begun')}"
    reason = say(course.end_reason.words)
    ended = _("ended: {reason}").format(reason=reason) if reason else _("ended")
    return f"{therapy}, {(start or course.end).year}, {ended}"


def caption(s: Summary, benchmarks: Sequence[Benchmark]) -> str:
    """Return what stands under every chart: caveat, baseline and its rule, benchmark, missing-answer rule."""
    lines = [say(AVERAGES)]
    if s.baseline:
        words = _("Baseline {total} on {day}: {rule}.")
        rule = say(s.baseline.rule)
        lines.append(words.format(total=s.baseline.point.total, day=day(s.baseline.point.date), rule=rule))
    if lost_baseline(s.dossier, s.course):
        lines.append(_("The score chosen as baseline is not in this record any more: the rule chooses again."))
    if s.benchmark:
        words = _("Benchmark: {name}, version {version}.")
        lines.append(words.format(name=s.benchmark.name, version=s.benchmark.version))
        if later := newer(s.benchmark, benchmarks):
            lines.append(_("Version {version} is newer: Edit takes it.").format(version=later.version))
    elif s.no_benchmark:
        lines.append(_("No expected course: {why}.").format(why=say(s.no_benchmark)))
    prorated = _("One or two missing answers are prorated.")
    lines.append(prorated if s.rules.prorate else _("Any missing answer means no total."))
    return " ".join(lines)
