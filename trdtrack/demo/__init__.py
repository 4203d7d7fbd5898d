"""A demo caseload of invented people, made through the one door: every signal, gaps, and the ordinary mess of a clinic.

All codes begin with DEMO, which marks every page and report made from them.
"""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack.caseload import Caseload
from trdtrack.demo.stories import NOTES, STORIES, Story
from trdtrack.domain import phq9
from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    Assessment,
    Attendance,
    Clinic,
    Course,
    EndReason,
    Episode,
    Event,
    Known,
    Patient,
    RiskRecord,
    RiskReview,
    Role,
    Session,
    Treatment,
)
from trdtrack.evidence import default_benchmark
from trdtrack.paths import DEMO_FOLDER

if TYPE_CHECKING:
    from trdtrack.domain.records import Record

PASSPHRASE = "demo"  # noqa: S105 - no secret: the demo's people are invented
SHOWN = "DEMO-003"
"""The patient the demo prints and pictures."""


def make_demo(*, at: datetime, folder: Path | None = None) -> Caseload:
    """Make the demo caseload in a folder, unless given one that goes with the program, and return it open."""
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix=DEMO_FOLDER))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "demo.trdtrack"
    caseload = Caseload.create(path, PASSPHRASE, who="demo")
    steps = tuple(Step(None, record) for story in STORIES for record in _records(story, at))
    caseload.edit(Edit(message("Make the demo caseload"), steps), at=at)
    for story in STORIES:
        if story.ended:
            _end(caseload, story, at)
    return caseload


def _end(caseload: Caseload, story: Story, at: datetime) -> None:
    """End a course as a therapist does, so that what follows from it is there, then log what came after."""
    course = caseload.current_course(caseload.patient_by_code(story.code).id)
    assert course is not None  # noqa: S101 - just made
    last = at.date() - timedelta(days=story.age_days)
    ended = replace(course, end=last, end_reason=EndReason.COMPLETED)
    caseload.edit(altered(message("End course of care"), course, ended), at=at)
    for days, total in story.since_end:
        answers = answers_for(total, story.item9, random.Random(story.code))  # noqa: S311 - invented answers
        day = last + timedelta(days=days)
        later = Assessment(patient=course.patient, course=course.id, date=day, answers=answers, entered=at)
        caseload.edit(added(message("Log PHQ-9"), later), at=at)


def _records(story: Story, at: datetime) -> list[Record]:
    today = at.date()
    last = today - timedelta(days=story.age_days)
    first = last - timedelta(days=story.days * max(len(story.totals) - 1, 0))
    chance = random.Random(story.code)  # noqa: S311 - invented answers, the same at every making
    patient = Patient(code=story.code, name=story.name, date_of_birth=date(story.born, 1 + story.born % 12, 14))
    records: list[Record] = [patient, *_resistance(story, patient.id, first, at)]
    if not story.in_course:
        return records
    benchmark, template = default_benchmark(), Clinic()
    course = Course(
        patient=patient.id,
        modality=story.modality,
        format=story.format,
        presentation=story.presentation,
        therapist=story.therapist,
        goals=story.goals,
        start=first if story.totals else None,
        planned_sessions=story.planned,
        extra_sessions=template.extra_sessions,
        review_months=template.review_months,
        medication=story.medication,
        benchmark=benchmark.name,
        benchmark_version=benchmark.version,
    )
    records.append(course)
    for week, total in enumerate(story.totals):
        session = _session(story, course, week, first=first, chance=chance, at=at)
        records.append(session)
        if total is not None:
            records.append(_assessment(story, session, week, total, chance))
    return [*records, *_risk(story, patient.id, first, at)]


def _session(story: Story, course: Course, week: int, *, first: date, chance: random.Random, at: datetime) -> Session:
    day = first + timedelta(days=story.days * week)
    missed, last = week in story.missed, week == len(story.totals) - 1
    note = "" if missed else NOTES[chance.randrange(len(NOTES))]
    following = story.next_days if last else story.days
    return Session(
        patient=course.patient,
        course=course.id,
        date=day,
        attendance=Attendance.DID_NOT_ATTEND if missed else Attendance.ATTENDED,
        minutes=None if missed else Clinic().session_minutes,
        phase="" if missed else next((name for begins, name in reversed(story.phases) if begins <= week), ""),
        task="" if missed or not story.tasks else story.tasks[week % len(story.tasks)],
        note="" if last and story.unfinished else note,
        next_date=day + timedelta(days=following) if following and not story.ended else None,
        next_time=story.next_time if following and not story.ended else "",
        finished=not (last and story.unfinished),
        entered=at,
    )


def _resistance(story: Story, patient: str, first: date, at: datetime) -> list[Record]:
    """Return the episode, the treatments and the events."""
    found: list[Record] = []
    if story.episode_months is not None:
        begun = first - timedelta(days=round(story.episode_months * 30.44))
        found.append(Episode(patient=patient, start=begun, psychotic=Known.NO, severity=story.severity, entered=at))
    for given in story.treatments:
        start = first - timedelta(weeks=given.begun)
        end = None if given.ended is None else first - timedelta(weeks=given.ended)
        drug = given.role is Role.ANTIDEPRESSANT
        found.append(
            Treatment(
                patient=patient,
                role=given.role,
                drug=given.drug,
                drug_class=given.drug_class,
                dose=given.dose,
                start=start,
                end=end,
                still_taken=end is None,
                adequate=given.adequate if drug else Known.NOT_RECORDED,
                weeks=((end or first) - start).days // 7 if drug else None,
                adherence=Known.YES if drug else Known.NOT_RECORDED,
                outcome=given.outcome,
                laterality=given.laterality,
            )
        )
    for week, what, text in story.events:
        day = first + timedelta(days=story.days * week)
        found.append(Event(patient=patient, date=day, what=what, text=text, entered=at))
    return found


def _risk(story: Story, patient: str, first: date, at: datetime) -> list[Record]:
    if not story.looked:
        return []
    opened = RiskRecord(patient=patient, opened=first + timedelta(days=story.days * story.looked[0].week), entered=at)
    found: list[Record] = [opened]
    for look in story.looked:
        day = first + timedelta(days=story.days * look.week)
        found.append(
            RiskReview(
                patient=patient,
                risk=opened.id,
                date=day,
                item9=story.item9,
                asked=look.asked,
                found=look.found,
                plan=look.plan,
                told=look.told,
                again=None if look.again_days is None else day + timedelta(days=look.again_days),
                entered=at,
            )
        )
    return found


def _assessment(story: Story, session: Session, week: int, total: int, chance: random.Random) -> Assessment:
    answers = None if week in story.total_only else answers_for(total, story.item9, chance, gap=week in story.gaps)
    return Assessment(
        patient=session.patient,
        course=session.course,
        session=session.id,
        date=session.date,
        answers=answers,
        total=total if answers is None else None,
        difficulty=None if answers is None else min(3, total // 7),
        entered=session.entered,
    )


def answers_for(total: int, item9: int, chance: random.Random, *, gap: bool = False) -> phq9.Answers:
    """Return nine answers that add up to a total, item 9 as given where that can be; `gap` leaves item 5 blank."""
    nine = max(min(item9, total), total - 8 * phq9.MAX_ANSWER)
    answers = [0] * (phq9.ITEMS - 1)
    for _point in range(total - nine):
        answers[chance.choice([i for i, answer in enumerate(answers) if answer < phq9.MAX_ANSWER])] += 1
    found: list[int | None] = [*answers, nine]
    if gap:
        found[4] = None
    return tuple(found)
