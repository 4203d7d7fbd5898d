"""The inputs that say what a course of care is, shared by a patient's first course and every later one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.caseload import drawn_with
from trdtrack.domain.records import Course
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.entry.choices import FORMATS, MODALITIES, PRESENTATIONS
from trdtrack.ui.entry.choosing import Choice, Ticks
from trdtrack.ui.entry.slots import Day, Line, Whole
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.records import Clinic
    from trdtrack.ui.entry.form import Form

_KEYS = ("modality", "format", "presentation", "start", "planned_sessions", "therapist", "medication")


def from_template(patient: str, clinic: Clinic) -> Course:
    """Return a new course as the clinic's template has it."""
    return Course(
        patient=patient,
        planned_sessions=clinic.planned_sessions,
        extra_sessions=clinic.extra_sessions,
        review_months=clinic.review_months,
    )


def add_course_slots(form: Form, course: Course | None, *, template: Course, benchmarks: Sequence[Benchmark]) -> None:
    """Give a form the slots of a course, or of a new one from a template; that is drawn with the first benchmark."""
    shown, today = course or template, form.at.date()
    form.slot(Choice("modality", _("Psychotherapy"), MODALITIES), shown.modality)
    form.slot(Choice("format", _("Format"), FORMATS), shown.format)
    form.slot(Ticks("presentation", _("Presentation"), PRESENTATIONS), shown.presentation)
    form.slot(Day("start", _("Week 0"), today=today, hint=_("Blank: the first attended session")), shown.start)
    form.slot(Whole("planned_sessions", _("Planned sessions")), shown.planned_sessions)
    form.slot(Line("therapist", _("Therapist (optional)")), shown.therapist)
    form.slot(Line("medication", _("Current medication"), hint=_("Drug and dose")), shown.medication)
    names = {_key(b): _("{name}, version {version}").format(name=b.name, version=b.version) for b in benchmarks}
    expected = Choice("benchmark", _("Expected course"), names, hint=_("Kept until it is changed here"))
    form.slot(expected, _drawn(course, benchmarks) if course else _key(benchmarks[0]))


def course_values(form: Form, *, new: bool, benchmarks: Sequence[Benchmark]) -> dict[str, Any]:
    """Return the attributes these slots say."""
    values = form.values(*_KEYS)
    drawn = form.slots["benchmark"]
    if new or not drawn.untouched:
        chosen = next(b for b in benchmarks if _key(b) == drawn.value())
        values |= {"benchmark": chosen.name, "benchmark_version": chosen.version}
    return values


def _key(benchmark: Benchmark) -> str:
    return f"{benchmark.name} {benchmark.version}"


def _drawn(course: Course, benchmarks: Sequence[Benchmark]) -> str:
    try:
        return _key(drawn_with(course, benchmarks))
    except Refusal:
        # Its benchmark is gone: the choice says which it was, and another can be taken.
        return f"{course.benchmark} {course.benchmark_version}"
