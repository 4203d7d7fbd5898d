"""A summary as it is handed on without names: whatever may hold one, or was written in free words, is left out.

The patient's code, the drugs with their doses and every figure stay: it is not anonymous.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.trajectory import Baseline
from trdtrack.words import _

if TYPE_CHECKING:
    from trdtrack.domain.records import Course
    from trdtrack.domain.summary import Summary


def without_names(summary: Summary) -> Summary:
    """Return the same summary without names, day of birth, notes, events and the words of risk reviews."""
    known = summary.dossier
    patient = replace(
        known.patient,
        name="",
        date_of_birth=None,
        notes="",
        referrer="",
        gp="",
        prescriber="",
        consent_note="",
    )
    courses = tuple(_course(c) for c in known.courses)
    sessions = tuple(replace(s, note="", phase="", task="") for s in known.sessions)
    dossier = replace(
        known,
        patient=patient,
        courses=courses,
        sessions=sessions,
        treatments=tuple(replace(t, note="") for t in known.treatments),
        follow_ups=tuple(replace(f, note="") for f in known.follow_ups),
        events=(),
        risks=tuple(replace(r, closing_note=_LEFT_OUT) if r.closed else r for r in known.risks),
        reviews=tuple(replace(r, asked=_LEFT_OUT, found=_LEFT_OUT, plan="", told="") for r in known.reviews),
        withdrawn=(),
    )
    baseline = summary.baseline
    if baseline and summary.course.baseline == baseline.point.assessment.id:
        baseline = Baseline(baseline.point, message("chosen by the therapist, the reason is left out here"))
    return replace(
        summary,
        dossier=dossier,
        course=_course(summary.course),
        sessions=dossier.sessions_of(summary.course),
        baseline=baseline,
    )


_LEFT_OUT = "\u2026"
"""Where a record cannot be without words."""


def _course(course: Course) -> Course:
    told = _("recorded in words, left out here") if course.medication.strip() else ""
    reason = _LEFT_OUT if course.baseline else ""
    return replace(course, therapist="", goals="", medication=told, baseline_reason=reason)
