"""Putting a record where it belongs: another course, another patient; each move one edit, taken back by one undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.edit import Edit, Step, restored, withdrawn
from trdtrack.domain.merging import every_record, merged
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, RiskRecord, RiskReview, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.risk import raised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.dossier import Dossier


def moved(record: Session | Assessment, *, to: Course, dossier: Dossier, with_scores: bool, why: str) -> Edit:
    """Return the edit that puts a session or a score into another course, of the same patient or of another.

    `dossier` is that of the patient it leaves. A session takes its scores along if `with_scores`; a score and a
    session that part lose their link. A course that chose a moved score as its baseline loses that choice. The risk
    record a score opened goes with it to the other patient while nobody has looked at it and no other raised answer
    rests on it; else it stays, and only the link is cut.
    """
    if to.id == record.course:
        raise Refusal(message("It is in this course already."), field="course")
    if to.withdrawn:
        raise Refusal(message("This course of care is withdrawn: restore it first."), field="course")
    everything = every_record(dossier)
    steps: list[Step] = []
    if isinstance(record, Session):
        title = message("Move session")
        linked = [a for a in everything if isinstance(a, Assessment) and a.session == record.id]
        going = linked if with_scores else []
        steps.append(Step(record, replace(record, patient=to.patient, course=to.id)))
        steps += [
            Step(a, replace(a, patient=to.patient, course=to.id) if with_scores else replace(a, session=None))
            for a in linked
        ]
    else:
        title = message("Move PHQ-9")
        going = [record]
        steps.append(Step(record, replace(record, patient=to.patient, course=to.id, session=None)))
    steps += _baselines_cleared(dossier, going, to)
    if to.patient != record.patient:
        ids = {a.id for a in going}
        for risk in everything:
            if isinstance(risk, RiskRecord) and risk.assessment in ids:
                steps += _risk_parted(dossier, risk, ids, to)
    return Edit(title, tuple(steps), why=why.strip())


def lost_baseline(dossier: Dossier, course: Course) -> bool:
    """Whether the score chosen as a course's baseline is no longer in force for this patient."""
    return bool(course.baseline) and all(a.id != course.baseline for a in dossier.assessments)


def _baselines_cleared(dossier: Dossier, going: Iterable[Assessment], to: Course) -> list[Step]:
    """Return the steps that clear the choice of a moved score as baseline, where it can be one no longer."""
    ids, left = {a.id for a in going}, {a.course for a in going}
    return [
        Step(course, replace(course, baseline=None, baseline_reason=""))
        for course in every_record(dossier)
        if isinstance(course, Course) and course.baseline in ids and (course.patient != to.patient or course.id in left)
    ]


def _risk_parted(dossier: Dossier, risk: RiskRecord, going: set[str], to: Course) -> list[Step]:
    """Return the steps for a risk record whose score goes to another patient."""
    looked_at = risk.closed is not None or any(r.risk == risk.id for r in dossier.reviews)
    others = any(a.id not in going and a.date >= risk.opened and raised(a) for a in dossier.assessments)
    if looked_at or others:
        return [Step(risk, replace(risk, assessment=None))]
    reviews = [r for r in dossier.withdrawn if isinstance(r, RiskReview) and r.risk == risk.id]
    return [Step(r, replace(r, patient=to.patient)) for r in (risk, *reviews)]


__all__ = ["lost_baseline", "merged", "moved", "restored", "withdrawn"]
