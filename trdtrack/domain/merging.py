"""Two records of one patient become one: everything of the one goes to the other, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, EndReason, FollowUp, Letter, Outcome, Patient, Session
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import OfPatient

R = TypeVar("R", Patient, Course)

MERGED = "merged into {code}"
"""What stands on a record withdrawn in a merge: kept in the file, so it is said in one language."""
_PATIENT_BLANKS = ("name", "date_of_birth", "referrer", "gp", "prescriber", "consent", "consent_note", "bipolar")
_COURSE_BLANKS = (
    "modality",
    "format",
    "presentation",
    "therapist",
    "goals",
    "planned_sessions",
    "extra_sessions",
    "review_months",
    "medication",
)


def every_record(dossier: Dossier) -> tuple[OfPatient, ...]:
    """Return all records of a patient, withdrawn ones included."""
    return (
        *dossier.courses,
        *dossier.sessions,
        *dossier.assessments,
        *dossier.outcomes,
        *dossier.follow_ups,
        *dossier.episodes,
        *dossier.treatments,
        *dossier.events,
        *dossier.risks,
        *dossier.reviews,
        *dossier.letters,
        *dossier.withdrawn,
    )


def merged(loser: Dossier, winner: Dossier, *, why: str) -> Edit:
    """Return the edit that gives all records of `loser` to `winner` and withdraws the loser's patient record.

    Blanks of the winner's patient record are filled, notes joined. A course of the loser's that overlaps one of the
    winner's, or is open as well, was the same course written down twice: what it holds goes into the winner's, which
    then runs from the earlier start to the later end, and the loser's is withdrawn.
    """
    if loser.patient.id == winner.patient.id:
        raise Refusal(message("A patient cannot be merged with their own record."), field="patient")
    if loser.patient.withdrawn or winner.patient.withdrawn:
        raise Refusal(message("A withdrawn patient cannot be merged: restore the record first."), field="patient")
    patient, reason = winner.patient.id, MERGED.format(code=winner.patient.code)
    into, joined = _folded(loser, winner)
    steps = [Step(c, joined[c.id]) for c in winner.courses if c.id in joined and joined[c.id] != c]
    waiting = {f.course for f in winner.follow_ups if f.done is None}
    for record in every_record(loser):
        after = replace(record, patient=patient)
        target = into.get(getattr(record, "course", ""))
        if isinstance(after, Course) and after.id in into:
            after = replace(after, withdrawn=after.withdrawn or reason)
        elif target and isinstance(after, Session | Assessment | Letter):
            after = replace(after, course=target)
        elif target and isinstance(after, FollowUp):
            kept = _still_planned(after, joined[target], others=target in waiting)
            after = replace(after, course=target, withdrawn=after.withdrawn or (None if kept else reason))
        elif target and isinstance(after, Outcome):
            after = replace(after, withdrawn=after.withdrawn or reason)
        steps.append(Step(record, after))
    filled = _patient_filled(winner, loser)
    if filled != winner.patient:
        steps.append(Step(winner.patient, filled))
    steps.append(Step(loser.patient, replace(loser.patient, withdrawn=reason)))
    return Edit(message("Merge two records of one patient"), tuple(steps), why=why.strip())


def _folded(loser: Dossier, winner: Dossier) -> tuple[dict[str, str], dict[str, Course]]:
    """Return which course of the loser's goes into which of the winner's, and what those become."""
    into: dict[str, str] = {}
    joined: dict[str, Course] = {}
    starts = {c.id: winner.week_zero(c) for c in winner.courses}
    # The open one first: it belongs to the winner's open course even where it overlaps an older one as well.
    for course in sorted(loser.courses, key=lambda c: c.end is not None):
        start = loser.week_zero(course)
        own = [joined.get(c.id, c) for c in winner.courses]
        same = [c for c in own if _overlap((starts[c.id], c.end), (start, course.end))]
        if not same:
            continue
        target = min(same, key=lambda c: c.end is not None)
        into[course.id] = target.id
        known = [day for day in (starts[target.id], start) if day]
        begun = min(known, default=None)
        # Where neither start was set by hand, week 0 goes on following the first attended session.
        by_hand = begun if target.start or course.start else None
        joined[target.id] = _course_joined(target, course, start=by_hand)
        starts[target.id] = begun
    return into, joined


def _overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two courses share days; one may begin on the day the other ends. Two open courses always do."""
    (start, end), (begin, finish) = one, other
    if end is None and finish is None:
        return True
    if start is None or begin is None:
        return False
    return (end is None or begin < end) and (finish is None or start < finish)


def _course_joined(course: Course, other: Course, *, start: date | None) -> Course:
    """Return a course with the blanks filled from another, over the days of both."""
    both = (course, other)
    ended = [c for c in both if c.end]
    died = [c for c in ended if c.end_reason is EndReason.DIED]
    last = died[0] if died else max(ended, key=lambda c: str(c.end)) if len(ended) == len(both) else None
    joined = replace(
        _filled(course, other, _COURSE_BLANKS),
        start=start,
        end=last.end if last else None,
        end_reason=last.end_reason if last else EndReason.NOT_RECORDED,
    )
    if joined.baseline or not other.baseline:
        return joined
    return replace(joined, baseline=other.baseline, baseline_reason=other.baseline_reason)


def _still_planned(follow_up: FollowUp, course: Course, *, others: bool) -> bool:
    """Whether a follow-up stands in the joined course: after its end, and not beside a plan the course has already."""
    if course.end is None:
        return follow_up.done is not None
    if follow_up.due <= course.end:
        return False
    return follow_up.done is not None or not (others or course.end_reason is EndReason.DIED)


def _patient_filled(winner: Dossier, loser: Dossier) -> Patient:
    kept, other = winner.patient, loser.patient
    notes = [text for text in (kept.notes, other.notes) if text.strip()]
    in_care = any(c.end is None for c in loser.courses)
    return replace(
        _filled(kept, other, _PATIENT_BLANKS),
        notes="\n\n".join(dict.fromkeys(notes)),
        declined=kept.declined or other.declined,
        closed=None if in_care and other.closed is None else kept.closed,
    )


def _filled(kept: R, other: R, fields: tuple[str, ...]) -> R:
    """Return a record whose blank fields have what the other's hold."""
    blank = (None, "", ())
    return replace(kept, **{name: getattr(other, name) for name in fields if getattr(kept, name) in blank})
