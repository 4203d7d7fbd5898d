"""Fits scores to the records already there, one at a time, and gives the one edit that takes them all in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from trdtrack.domain.edit import added
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.domain.refusals import Problem
from trdtrack.domain.trajectory import week_zero
from trdtrack.evidence import default_benchmark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from trdtrack.caseload import Caseload
    from trdtrack.domain.edit import Edit
    from trdtrack.exchange.score_rows import ScoreRow

TITLE = message("Import scores")


class Plan:
    """What an import would write. `whose` leads from each code in the file to the patient's code in the caseload.

    A new code becomes a patient with a course starting on the first score's day. A known patient's scores go to the
    course in force on their day, else the newest open one, else the newest, else a new one.
    """

    def __init__(self, caseload: Caseload, whose: Mapping[str, str], *, at: datetime) -> None:
        self._whose, self._at = whose, at
        self.already = 0
        """Scores that are in the caseload as they are in the file."""
        self._by_code: dict[str, list[Patient]] = {}
        for patient in cast("list[Patient]", caseload.records("patient")):
            self._by_code.setdefault(patient.code, []).append(patient)
        ids = [patient.id for code in set(whose.values()) for patient in self._by_code.get(code, ())]
        courses = [
            course
            for course in cast("list[Course]", caseload.records("course", among=ids, field="patient"))
            if not course.withdrawn
        ]
        unset = [course.id for course in courses if not course.start]
        sessions = cast("list[Session]", caseload.records("session", among=unset, field="course"))
        self._courses: dict[str, list[tuple[Course, date | None]]] = {}
        for course in courses:
            start = week_zero(course, (s for s in sessions if s.course == course.id) if not course.start else ())
            self._courses.setdefault(course.patient, []).append((course, start))
        self._there: dict[tuple[str, date], list[Assessment]] = {}
        for record in cast("list[Assessment]", caseload.records("assessment", among=ids, field="patient")):
            if not record.withdrawn:
                self._there.setdefault((record.patient, record.date), []).append(record)
        self._firsts: dict[str, date] = {}
        self._lines: dict[tuple[str, date], int] = {}
        self._people: dict[str, Patient | Message] = {}
        # Steps of one kind together are written in batches.
        self._new_patients: dict[str, Patient] = {}
        self._new_courses: dict[str, Course] = {}
        self._scores: list[Assessment] = []

    def known(self, code: str) -> bool:
        """Whether a patient has this code, withdrawn or not."""
        return code in self._by_code

    def codes(self) -> tuple[str, ...]:
        """Return the codes of the patients in force."""
        return tuple(code for code, people in self._by_code.items() if any(not p.withdrawn for p in people))

    def starts(self, rows: Iterable[ScoreRow]) -> None:
        """Note the first day of each patient, on which a new course starts."""
        for row in rows:
            if row.code and row.day:
                code = self._whose[row.code]
                self._firsts[code] = min(row.day, self._firsts.get(code, row.day))

    def take(self, row: ScoreRow) -> list[Problem]:
        """Take one score in, or return all that is wrong with it."""
        wrong = list(row.problems)
        if row.code is None or row.day is None:
            return wrong
        code = self._whose[row.code]
        if first := self._lines.get((code, row.day)):
            what = message("The same patient and day already stand on line {first}.", first=first)
            return [*wrong, Problem(row.line, row.columns[1], what)]
        self._lines[code, row.day] = row.line
        if wrong:
            return wrong
        patient = self._people.get(code) or self._people.setdefault(code, self._person(code))
        if isinstance(patient, Message):
            return [Problem(row.line, row.columns[0], patient)]
        if patient.date_of_birth and row.day < patient.date_of_birth:
            return [Problem(row.line, row.columns[1], message("This day is before the patient's birth."))]
        total = row.total if row.answers is None else None
        there = self._there.get((patient.id, row.day), [])
        if any(
            (other.total, other.answers) == (total, row.answers) and row.difficulty in {None, other.difficulty}
            for other in there
        ):
            self.already += 1
            return []
        if there:
            what = message("This patient already has another score on that day.")
            return [Problem(row.line, row.columns[1], what)]
        self._scores.append(
            Assessment(
                patient=patient.id,
                course=self._course(patient, code, row.day).id,
                date=row.day,
                answers=row.answers,
                difficulty=row.difficulty,
                total=total,
                entered=self._at,
            )
        )
        return []

    @property
    def scores(self) -> int:
        """How many scores are new."""
        return len(self._scores)

    @property
    def patients(self) -> int:
        """How many patients the new scores are of."""
        return len({score.patient for score in self._scores})

    @property
    def new_patients(self) -> int:
        """How many of them are new."""
        return len(self._new_patients)

    def edit(self) -> Edit:
        """Return the one edit: patients, then courses, then scores."""
        return added(TITLE, *self._new_patients.values(), *self._new_courses.values(), *self._scores)

    def _person(self, code: str) -> Patient | Message:
        """Return the patient of a code, a new one where nobody has it, or why there is none."""
        known = self._by_code.get(code, [])
        in_force = [patient for patient in known if not patient.withdrawn]
        if known and not in_force:
            return message("This patient is withdrawn.")
        if len(in_force) > 1:
            return message("More than one patient has this code.")
        return in_force[0] if in_force else self._new_patients.setdefault(code, Patient(code=code))

    def _course(self, patient: Patient, code: str, day: date) -> Course:
        there = self._courses.get(patient.id, [])
        in_force = [
            (start, course)
            for course, start in there
            if start and start <= day and (not course.end or day <= course.end)
        ]
        if in_force:
            return max(in_force, key=lambda pair: pair[0])[1]
        # A course without a start is one still waiting for its first session: the newest of all.
        newest = max(there, key=lambda pair: (pair[0].end is None, pair[1] or date.max), default=None)
        if newest:
            return newest[0]
        if patient.id not in self._new_courses:
            benchmark = default_benchmark()
            self._new_courses[patient.id] = Course(
                patient=patient.id,
                start=self._firsts[code],
                benchmark=benchmark.name,
                benchmark_version=benchmark.version,
            )
        return self._new_courses[patient.id]
