"""Caseloads with closed courses for the tests: a few made by hand, and many drawn and then disordered as life does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, Step, added, altered, withdrawn
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, EndReason, Known, Patient, Presentation, Rules
from trdtrack.generate import generate

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.domain.dossier import Dossier

PASSPHRASE = "seven dry tulips"
TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
START = date(2026, 1, 5)
NOTHING = message("Test")


def course_of(number: int, totals: list[int], *, lost: bool = False, **fields) -> list:
    """A patient with weekly totals from week 0 on; the course ends with the last of them, or 60 days later."""
    patient = Patient(code=f"T-{number:03d}")
    course = Course(patient=patient.id, start=START, **fields)
    scores = [
        Assessment(patient=patient.id, course=course.id, date=START + timedelta(weeks=w), total=t, entered=AT)
        for w, t in enumerate(totals)
    ]
    end = scores[-1].date + timedelta(days=60 if lost else 0) if scores else START
    return [patient, course, *scores], course, end


def clinic(folder: Path, *courses: tuple[list, Course, date], died: frozenset[int] = frozenset()) -> Caseload:
    """A caseload of such courses, each ended through the door."""
    caseload = Caseload.create(folder / "c.trdtrack", PASSPHRASE, who="test")
    for records, _course, _end in courses:
        caseload.edit(added(NOTHING, *records), at=AT)
    for place, (_records, course, end) in enumerate(courses):
        reason = EndReason.DIED if place in died else EndReason.COMPLETED
        caseload.edit(altered(NOTHING, course, replace(course, end=end, end_reason=reason)), at=AT)
    return caseload


def disordered(folder: Path, *, patients: int) -> Caseload:
    """A synthetic caseload to which happened what happens in a clinic, each thing to one patient in twelve."""
    path = folder / "s.trdtrack"
    caseload = generate(path, PASSPHRASE, patients=patients, seed=11, at=AT, tick=lambda *_: None)
    ended = [h.dossier for h in caseload.held(today=TODAY) if any(c.end for c in h.dossier.courses)]
    steps = [step for number, dossier in enumerate(ended) for step in _happened(number, dossier)]
    reopened = [dossier.courses[0] for number, dossier in enumerate(ended) if number % 12 == 8 and _once(dossier)]
    opened = [replace(course, end=None, end_reason=EndReason.NOT_RECORDED) for course in reopened]
    steps += [Step(before, after) for before, after in zip(reopened, opened, strict=True)]
    caseload.edit(Edit(NOTHING, tuple(steps)), at=AT)
    # What ends now has 8 points of reliable change for good.
    _reliable(caseload, 8)
    steps = [Step(before, after) for before, after in zip(opened, reopened, strict=True)]
    caseload.edit(Edit(NOTHING, tuple(steps)), at=AT)
    _reliable(caseload, 6)
    return caseload


def _once(dossier: Dossier) -> bool:
    return len(dossier.courses) == 1


def _happened(number: int, dossier: Dossier) -> list[Step]:
    """What happened to one patient, in the first course that ended."""
    course = next(c for c in dossier.courses if c.end)
    scores = [a for a in dossier.assessments if a.course == course.id and a.date <= course.end]
    match number % 12:
        case 0:
            bipolar = Known.YES if number % 24 else Known.UNSURE
            return [Step(dossier.patient, replace(dossier.patient, bipolar=bipolar))]
        case 1 if dossier.episodes:
            episode = dossier.episodes[-1]
            return [Step(episode, replace(episode, psychotic=Known.YES))]
        case 2:
            born = dossier.week_zero(course) - timedelta(days=18 * 365)
            return [Step(dossier.patient, replace(dossier.patient, date_of_birth=born))]
        case 3 if scores:
            # Two papers of one day: a total only that gives way, and a later paper that counts.
            first = _again(scores[0], total=(scores[0].score().total + 5) % 28)
            return [Step(None, first), Step(None, _again(scores[-1], answers=(*(3,) * 8, 0)))]
        case 4 if len(scores) > 1:
            gaps = _again(scores[-1], answers=(3, 3, None, 2, 2, 1, None, 1, 0))
            return [*withdrawn(scores[-1], "typed twice").steps, Step(None, gaps)]
        case 5 if len(scores) > 2:
            chosen = replace(course, baseline=scores[2].id, baseline_reason="first one was a bad day")
            return [Step(course, chosen)]
        case 6:
            return [Step(course, replace(course, start=dossier.week_zero(course) - timedelta(days=9)))]
        case 7:
            return list(withdrawn(dossier.outcome_of(course), "taken out").steps)
        case 9:
            both = (Presentation.RECURRENT, Presentation.CHRONIC)
            return [Step(course, replace(course, end=course.end - timedelta(days=40), presentation=both))]
        case 10:
            return list(withdrawn(dossier.patient if number % 24 == 10 else course, "another clinic's").steps)
        case 11 if scores:
            return [Step(None, replace(_again(scores[-1], total=26), date=course.end + timedelta(days=2)))]
        case _:
            return []


def _again(score: Assessment, **fields) -> Assessment:
    known = {"patient": score.patient, "course": score.course, "date": score.date}
    return Assessment(**known, entered=AT + timedelta(hours=1), **fields)


def _reliable(caseload: Caseload, points: int) -> None:
    before = next(iter(caseload.records("rules")), None)
    after = replace(before or Rules(), reliable_change=points)
    caseload.edit(Edit(NOTHING, (Step(before, after),)), at=AT)
