"""The de-identified research export: study numbers for codes and names, days since week 0 for dates, no free text.

A study number is the beginning of a keyed hash (HMAC-SHA256) of the record's id. With the key it can be made again;
without it nobody gets from a number to a person by trying ids.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.records import Attendance, Role
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.resistance import criterion_of
from trdtrack.exchange.data_columns import plain
from trdtrack.exchange.research_words import COURSES, README, SCORES
from trdtrack.exchange.tables import rows_csv, zipped
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from trdtrack.domain.summary import Held, Summary
    from trdtrack.domain.trajectory import Point
    from trdtrack.exchange.data_columns import Cell

LEAST_KEY = 16
"""Bytes of the key: a shorter one could be guessed."""
DIGITS = 10
YOUNGEST, OLDEST = 18, 89
"""Ages beyond these are rare enough to point at somebody: they stand for all beyond them."""
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day a zip knows: the files' own dates say nothing."""


def research_csv(people: Iterable[Held], *, key: bytes) -> bytes:
    """Return a zip of scores.csv (a row a score), courses.csv (a row a course), definitions.csv and README.txt.

    `key` is random, 16 bytes or more, and the caller's to keep or to forget: the same key gives the same numbers.
    Rows go by study number, so that their order tells nothing.
    """
    if len(key) < LEAST_KEY:
        raise ValueError("the key is too short")
    scores: list[list[Cell]] = []
    courses: list[list[Cell]] = []
    given = dict[str, str]()
    for held in people:
        patient = held.dossier.patient.id
        study = study_id(patient, key=key)
        if given.setdefault(study, patient) != patient:
            raise Refusal(message("Two people would get the same study number: please try again."))
        for number, summary in enumerate(held.summaries, start=1):
            courses.append([study, number, *_course(summary, key)])
            scores += ([study, number, *_score(summary, point)] for point in summary.points)
    for rows in (scores, courses):
        rows.sort(key=lambda row: (str(row[0]), row[1]))
    files = {
        "scores.csv": rows_csv([name for name, *_ in SCORES], scores),
        "courses.csv": rows_csv([name for name, *_ in COURSES], courses),
        "definitions.csv": rows_csv(("file", "column", "meaning", "unit"), _definitions()),
        "README.txt": say(README).encode(),
    }
    return zipped(files, at=_UNDATED)


def study_id(record: str, *, key: bytes) -> str:
    """Return the study number that stands for an id or a name.

    A letter leads: a spreadsheet would take some of the digits behind it, such as 12e4567890, for a number.
    """
    return "S" + hmac.new(key, record.encode(), hashlib.sha256).hexdigest()[:DIGITS]


def _definitions() -> Iterator[list[Cell]]:
    for file, columns in (("scores.csv", SCORES), ("courses.csv", COURSES)):
        for name, meaning, unit in columns:
            yield [file, name, say(meaning), say(unit)]


def _day(summary: Summary, when: date | None) -> int | None:
    """Days since week 0; None where there is no week 0."""
    return (when - summary.week_zero).days if when and summary.week_zero else None


def _score(summary: Summary, point: Point) -> list[Cell]:
    answers, baseline = point.assessment.answers, summary.baseline
    attended = sum(s.attendance is Attendance.ATTENDED and s.date <= point.date for s in summary.sessions)
    return [
        _day(summary, point.date),
        point.score.total,
        point.score.completeness.value,
        None if answers is None else point.score.answered,
        *(answers or (None,) * phq9.ITEMS),
        point.assessment.difficulty,
        plain(point.counts),
        plain(baseline is not None and baseline.point.assessment.id == point.assessment.id),
        attended,
    ]


def _course(summary: Summary, key: bytes) -> list[Cell]:
    course, baseline, latest, fixed = summary.course, summary.baseline, summary.latest, summary.outcome
    therapist = " ".join(course.therapist.split()).casefold()
    found = criterion_of(summary.dossier, summary.rules)
    drugs = [t for t in summary.dossier.treatments if t.role is not Role.ECT]
    classes = sorted({t.drug_class.value for t in drugs if t.drug_class})
    cells: tuple[Any, ...] = (
        None if summary.age is None else min(max(summary.age, YOUNGEST), OLDEST),
        study_id(f"therapist:{therapist}", key=key) if therapist else None,
        course.modality,
        course.format,
        course.presentation,
        found.met,
        len(found.counted),
        tuple(classes),
        any(t.role is Role.AUGMENTATION for t in drugs),
        any(t.role is Role.ECT for t in summary.dossier.treatments),
        course.planned_sessions,
        summary.attended,
        len(summary.sessions) - summary.attended,
        baseline.point.total if baseline else None,
        _day(summary, baseline.point.date) if baseline else None,
        latest.total if latest else None,
        _day(summary, latest.date) if latest else None,
        summary.change,
        summary.reliable,
        summary.response,
        summary.remission,
        summary.recovery,
        summary.prorated,
        fixed.reliable_change if fixed else summary.rules.reliable_change,
        summary.rules.prorate,
        summary.ended,
        _day(summary, course.end) if summary.ended else None,
        course.end_reason if summary.ended else None,
        fixed.baseline if fixed else None,
        fixed.total if fixed else None,
        _day(summary, fixed.total_date) if fixed else None,
    )
    return [plain(cell) for cell in cells]
