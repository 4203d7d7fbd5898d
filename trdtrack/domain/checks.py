"""What no single record can know to be wrong: a day in the future or before birth, a course of another patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.edit import Edit, Step
    from trdtrack.domain.records import Record

EARLIEST_YEAR = 1900
_DATED = ("course", "session", "assessment")


class Read(Protocol):
    """Reads the stored records of a kind whose fields equal the values given."""

    def __call__(self, kind: str, **equal: str) -> list[Record]:
        """Return those records."""
        ...


def check(edit: Edit, read: Read, *, today: date) -> None:
    """Refuse an edit that does not fit the records already there, its own steps counted in."""
    found: dict[tuple[str, str], Record | None] = {(s.record.kind, s.record.id): s.after for s in edit.steps}

    def look(kind: str, record: str) -> Record | None:
        if (kind, record) not in found:
            found[kind, record] = next(iter(read(kind, id=record)), None)
        return found[kind, record]

    for step in edit.steps:
        record, before = step.after, step.before
        if isinstance(record, Patient):
            _check_birth(record, step, found, read, today=today)
        elif isinstance(record, Course | Session | Assessment) and not record.withdrawn:
            patient = look("patient", record.patient)
            if not isinstance(patient, Patient):
                raise Refusal(message("This patient is not in the caseload any more."))
            if not isinstance(record, Course):
                course = look("course", record.course)
                if course and course.patient != record.patient:
                    raise Refusal(message("This course of care is another patient's."), field="course")
            # A day that stays may lie in the future: a computer's clock can be set back.
            known = _dates(before) if before and before.patient == record.patient else []
            for field, day in _dates(record):
                if (field, day) not in known:
                    _check_day(day, field, born=patient.date_of_birth, today=today)


def _check_birth(
    patient: Patient, step: Step, found: dict[tuple[str, str], Record | None], read: Read, *, today: date
) -> None:
    birth = patient.date_of_birth
    if birth is None or (isinstance(step.before, Patient) and step.before.date_of_birth == birth):
        return
    _check_day(birth, "date_of_birth", born=None, today=today)
    if step.before is None:
        return
    stored = [r for kind in _DATED for r in read(kind, patient=patient.id)]
    changed = [r for r in found.values() if r and r.patient == patient.id]
    records = [r for r in stored if (r.kind, r.id) not in found] + changed
    days = [day for r in records for _, day in _dates(r)]
    if days and min(days) < birth:
        what = message("There is a course, session or PHQ-9 of {day}, before this date of birth.", day=min(days))
        raise Refusal(what, field="date_of_birth")


def _dates(record: Record) -> list[tuple[str, date]]:
    """Return the days a record in force names, by field."""
    if not isinstance(record, Course | Session | Assessment) or record.withdrawn:
        return []
    if isinstance(record, Course):
        return [(name, day) for name, day in (("start", record.start), ("end", record.end)) if day]
    return [("date", record.date)]


def _check_day(day: date, field: str, *, born: date | None, today: date) -> None:
    if day > today:
        raise Refusal(message("{day} is in the future.", day=day), field=field)
    if day.year < EARLIEST_YEAR:
        raise Refusal(message("{day} is too long ago to be right.", day=day), field=field)
    if born and day < born:
        raise Refusal(message("{day} is before the patient was born.", day=day), field=field)
