"""A demo caseload of invented people, made through the one door: every signal, gaps, and the ordinary mess of a clinic.

All codes begin with DEMO, which marks every page and report made from them.
"""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack.caseload import Caseload
from trdtrack.domain import phq9
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Attendance, Course, Modality, Patient, Presentation, Session
from trdtrack.evidence import default_benchmark

if TYPE_CHECKING:
    from trdtrack.domain.records import Record

PASSPHRASE = "demo"  # noqa: S105 - no secret: the demo's people are invented
SHOWN = "DEMO-003"
"""The patient the demo prints and pictures."""


@dataclass(frozen=True)
class Story:
    """One invented course: its totals week by week (None: no PHQ-9 that week), and what else is known."""

    code: str
    name: str
    born: int
    modality: Modality
    medication: str
    totals: tuple[int | None, ...]
    days: int = 7
    """Between sessions."""
    age_days: int = 2
    """How long ago the last of them was."""
    item9: int = 0
    planned: int | None = 12
    presentation: tuple[Presentation, ...] = (Presentation.RECURRENT,)
    gaps: tuple[int, ...] = ()
    """Weeks with one item left blank."""
    total_only: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()
    """Weeks after which a session was missed."""
    ended: bool = False


_CHRONIC = (Presentation.CHRONIC,)
_BOTH = (Presentation.RECURRENT, Presentation.CHRONIC)
STORIES = (
    Story(
        "DEMO-003",
        "L. B.",
        1984,
        Modality.CBT,
        "sertraline 150 mg",
        (19, 18, 19, 17, 16, 15, 15, 14, None, 13, 13, 12),
        item9=1,
        presentation=_BOTH,
        gaps=(5,),
        missed=(8,),
    ),
    Story(
        "DEMO-007",
        "K. M.",
        1971,
        Modality.CBASP,
        "venlafaxine 225 mg, lithium",
        (18, 19, 18, 20, 21, 22, 24),
        item9=2,
        presentation=_CHRONIC,
        planned=24,
    ),
    Story(
        "DEMO-011",
        "Anneliese Hohenstein-Wartenberg",
        1958,
        Modality.MBCT,
        "mirtazapine 30 mg",
        (17, 17, 16, 17, 18, 16, 17, 17, 16, 17, 16, 17, 17, 16),
        days=7,
    ),
    Story("DEMO-014", "R. O.", 1990, Modality.IPT, "escitalopram 20 mg", (22, 19, 15, 12, 9, 8, 6), planned=16),
    Story(
        "DEMO-018",
        "",
        1966,
        Modality.PSYCHODYNAMIC,
        "duloxetine 60 mg",
        (20, 21, 20, 21, 20, 21, 20, 19, 20, 20, 19),
        days=14,
        planned=None,
        presentation=_CHRONIC,
    ),
    Story("DEMO-021", "T. A.", 2001, Modality.BA, "fluoxetine 40 mg", (15, 14), item9=0),
    Story("DEMO-025", "M. S.", 1979, Modality.CBT, "bupropion 300 mg", (18, 16, 17, 15, 14), age_days=43),
    Story(
        "DEMO-030",
        "J. v. d. B.",
        1949,
        Modality.CBT,
        "amitriptyline 100 mg",
        (21, 20, 18, 17, 15, 14, 12, 11, 10, 9, 8, 7),
        ended=True,
        age_days=60,
    ),
    Story("DEMO-033", "S. N.", 1995, Modality.DBT, "paroxetine 40 mg", (8, 9, 7, 8, 6, 7)),
    Story(
        "DEMO-036", "", 1982, Modality.MBCT, "citalopram 40 mg", (16, 15, 16, 14, 13, 14), total_only=(0,), gaps=(3,)
    ),
    Story("DEMO-040", "P. D.", 1974, Modality.CBT, "sertraline 200 mg, quetiapine 150 mg", ()),
)
NOTES = (
    "Went through the week. Activity diary kept on four days.",
    "Sleep a little better; rumination in the mornings. Planned two short walks.",
    "Worked on the argument with the sister: what was said, what was wanted.",
    "Low after the weekend. Looked at what had helped in March.",
    "Reviewed the first half of the course together with the chart.",
    "Practised the breathing space; to be used before work.",
)


def make_demo(*, at: datetime, folder: Path | None = None) -> Caseload:
    """Make the demo caseload in a folder, unless given one that goes with the program, and return it open."""
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="trdtrack-demo-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "demo.trdtrack"
    caseload = Caseload.create(path, PASSPHRASE, who="demo")
    steps = tuple(Step(None, record) for story in STORIES for record in _records(story, at))
    caseload.edit(Edit(message("Make the demo caseload"), steps), at=at)
    return caseload


def _records(story: Story, at: datetime) -> list[Record]:
    today = at.date()
    last = today - timedelta(days=story.age_days)
    first = last - timedelta(days=story.days * max(len(story.totals) - 1, 0))
    chance = random.Random(story.code)  # noqa: S311 - invented answers, the same at every making
    patient = Patient(code=story.code, name=story.name, date_of_birth=date(story.born, 1 + story.born % 12, 14))
    benchmark = default_benchmark()
    course = Course(
        patient=patient.id,
        modality=story.modality,
        presentation=story.presentation,
        start=first if story.totals else None,
        planned_sessions=story.planned,
        medication=story.medication,
        end=last if story.ended else None,
        benchmark=benchmark.name,
        benchmark_version=benchmark.version,
    )
    records: list[Record] = [patient, course]
    for week, total in enumerate(story.totals):
        day = first + timedelta(days=story.days * week)
        session = Session(
            patient=patient.id,
            course=course.id,
            date=day,
            attendance=Attendance.DID_NOT_ATTEND if week in story.missed else Attendance.ATTENDED,
            note="" if week in story.missed else NOTES[chance.randrange(len(NOTES))],
            entered=at,
        )
        records.append(session)
        if total is not None:
            records.append(_assessment(story, session, week, total, chance))
    return records


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
