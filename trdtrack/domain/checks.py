"""What no single record can know to be wrong: a day in the future or before birth, a course of another patient.

Only what an edit adds or changes is checked: a file that breaks a rule already can be worked on all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from trdtrack.domain.afterwards import Afterwards, Read
from trdtrack.domain.course_checks import check_courses
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import (
    Assessment,
    Course,
    FollowUp,
    Letter,
    OfPatient,
    Outcome,
    Patient,
    RiskRecord,
    RiskReview,
    Session,
)
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Record

__all__ = ["EARLIEST_YEAR", "Read", "check"]

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
_PAST: Mapping[str, tuple[str, ...]] = {
    "course": ("start", "end"),
    "session": ("date",),
    "assessment": ("date",),
    "follow_up": ("done",),
    "episode": ("start",),
    "treatment": ("start", "end"),
    "event": ("date",),
    "risk": ("opened", "closed"),
    "risk_review": ("date",),
    "letter": ("date",),
}
"""The days a record names of what has happened, by kind."""
_AHEAD: Mapping[str, tuple[str, ...]] = {
    "session": ("next_date",),
    "follow_up": ("due",),
    "risk_review": ("again",),
}
"""The days it names of what is planned."""
_OF_PATIENT: tuple[type[OfPatient], ...] = get_args(OfPatient)
_REFERS: Mapping[type[OfPatient], tuple[tuple[str, type[OfPatient]], ...]] = {
    Course: (("baseline", Assessment),),
    Session: (("course", Course),),
    Assessment: (("course", Course), ("session", Session)),
    Outcome: (("course", Course),),
    FollowUp: (("course", Course),),
    RiskRecord: (("assessment", Assessment),),
    RiskReview: (("risk", RiskRecord),),
    Letter: (("course", Course),),
}
"""The fields by which a record refers to another, and to which kind."""
_ANOTHERS: Mapping[type[OfPatient], Message] = {
    Course: message("This course of care is another patient's."),
    Session: message("This session is another patient's."),
    Assessment: message("This PHQ-9 is another patient's."),
    RiskRecord: message("This risk record is another patient's."),
}


def check(edit: Edit, read: Read, *, today: date) -> None:
    """Refuse an edit that does not fit the records already there, its own steps counted in."""
    after = Afterwards(edit, read)
    for before, record in after.everything():
        if isinstance(record, Patient):
            _check_birth(record, before, after, today=today)
        elif isinstance(record, _OF_PATIENT) and not record.withdrawn:
            if isinstance(record, Letter) and isinstance(before, Letter) and before.sent:
                _check_as_sent(record, before, before.sent.date())
            # A record that moves or comes back into force is looked at as if it were new.
            same = isinstance(before, _OF_PATIENT) and not before.withdrawn and before.patient == record.patient
            _check_record(record, before if same else None, after, today=today)
            if before and before.patient != record.patient:
                _check_left_behind(record, before.patient, after)
    check_courses(after)


def _check_record(record: OfPatient, known: Record | None, after: Afterwards, *, today: date) -> None:
    # A day that stays may lie in the future: a computer's clock can be set back.
    past = [pair for pair in _days(record, _PAST) if known is None or pair not in _days(known, _PAST)]
    ahead = [pair for pair in _days(record, _AHEAD) if known is None or pair not in _days(known, _AHEAD)]
    if known is None or past or ahead:
        patient = after.one(Patient, record.patient)
        if patient is None:
            raise Refusal(message("This patient is not in the caseload any more."))
        _check_references(record, known, after)
        for field, day in past:
            _check_day(day, field, born=patient.date_of_birth, today=today)
        for field, day in ahead:
            _check_year(day, field, born=patient.date_of_birth)
    else:
        _check_references(record, known, after)


def _check_references(record: OfPatient, known: Record | None, after: Afterwards) -> None:
    for field, kind in _REFERS.get(type(record), ()):
        other = getattr(record, field)
        if other is None or (known is not None and getattr(known, field) == other):
            continue
        # A patient has few courses, and the checks of a session look at them anyway.
        near = after.of(kind, record.patient) if kind is Course else []
        found = next((r for r in near if r.id == other), None) or after.one(kind, other)
        if found and found.patient != record.patient:
            raise Refusal(_ANOTHERS[kind], field=field)


def _check_as_sent(letter: Letter, before: Letter, sent: date) -> None:
    """Refuse to change what a letter said once it has left the program."""
    if any(getattr(letter, name) != getattr(before, name) for name in ("date", "to", "address", "text", "risk")):
        raise Refusal(message("This letter was sent on {day} and stays as it is: write a new one.", day=sent))


def _check_left_behind(record: OfPatient, left: str, after: Afterwards) -> None:
    """Refuse to move a record to another patient without those that refer to it."""
    referring = [(kind, field) for kind, refers in _REFERS.items() for field, to in refers if to is type(record)]
    for kind, field in referring:
        if any(getattr(other, field) == record.id for other in after.in_force(kind, left)):
            raise Refusal(message("Other records of the patient it leaves belong to this one: move them as well."))


def _check_birth(patient: Patient, before: Record | None, after: Afterwards, *, today: date) -> None:
    birth = patient.date_of_birth
    if birth is None or (isinstance(before, Patient) and before.date_of_birth == birth):
        return
    _check_day(birth, "date_of_birth", born=None, today=today)
    if before is None:
        return
    kinds = [kind for kind in _OF_PATIENT if kind.kind in _PAST]
    days = [day for kind in kinds for record in after.in_force(kind, patient.id) for _, day in _days(record, _PAST)]
    if days and min(days) < birth:
        what = message("There is a record of {day}, before this date of birth.", day=min(days))
        raise Refusal(what, field="date_of_birth")


def _days(record: Record, of: Mapping[str, tuple[str, ...]]) -> list[tuple[str, date]]:
    """Return the days a record names, by field."""
    return [(name, day) for name in of.get(record.kind, ()) if (day := getattr(record, name))]


def _check_day(day: date, field: str, *, born: date | None, today: date) -> None:
    """Refuse a day on which nothing recorded here can have happened."""
    if day > today:
        raise Refusal(message("{day} is in the future.", day=day), field=field)
    _check_year(day, field, born=born)


def _check_year(day: date, field: str, *, born: date | None) -> None:
    if day.year < EARLIEST_YEAR:
        raise Refusal(message("{day} is too long ago to be right.", day=day), field=field)
    if day.year > LATEST_YEAR:
        raise Refusal(message("{day} is too far ahead to be right.", day=day), field=field)
    if born and day < born:
        raise Refusal(message("{day} is before the patient was born.", day=day), field=field)
