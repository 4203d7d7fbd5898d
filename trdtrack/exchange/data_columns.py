"""The columns of the data tables: what each holds, in what unit, where it comes from, and how it is read."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum, EnumMeta
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.history_labels import label
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import KINDS, Patient
from trdtrack.exchange.data_meanings import MEANINGS
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trdtrack.domain.records import OfPatient, Record
    from trdtrack.domain.summary import Held, Summary
    from trdtrack.domain.trajectory import Point

Cell = str | int | float | date | datetime | None
OF_PATIENT: tuple[type[Record], ...] = tuple(
    kind for kind in KINDS.values() if kind is Patient or any(f.name == "patient" for f in fields(kind))
)
"""Every kind of record about a patient, in the order of the sheets."""
RECORDED = message("recorded")
COMPUTED = message("computed by the program")
_REFERENCES = {"course", "session", "assessment", "risk", "baseline"}
"""Fields that, as texts, name another record by its id: a table shows its number or its day."""
_LEFT_OUT = {"id", "patient", "name", "withdrawn", "entered"}
"""No column, or one that stands elsewhere in the row."""
_UNITS = {
    "minutes": message("minutes"),
    "weeks": message("weeks"),
    "trial_weeks": message("weeks"),
    "review_months": message("months"),
    "reliable_change": message("points"),
    "total": message("points, 0 to 27"),
    "item9": message("0 to 3"),
    "planned_sessions": message("sessions"),
    "extra_sessions": message("sessions"),
}


class Person:
    """One patient's records by kind, and what they refer to each other by."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.patient = held.dossier.patient
        self.summaries: dict[str, Summary] = {summary.course.id: summary for summary in held.summaries}
        self.numbers = {course.id: n for n, course in enumerate(held.dossier.courses, start=1)}

    def records(self, kind: type[Record]) -> Iterator[Record]:
        """Yield the records of a kind, those in force by their day, then those withdrawn."""
        return (record for record in self._all if isinstance(record, kind))

    @cached_property
    def _all(self) -> tuple[Record, ...]:
        dossier = self.held.dossier
        kept = (getattr(dossier, f.name) for f in fields(dossier) if f.name not in {"patient", "withdrawn"})
        return (self.patient, *chain.from_iterable(cast("Iterable[tuple[OfPatient, ...]]", kept)), *dossier.withdrawn)

    @cached_property
    def days(self) -> dict[str, date]:
        """The day of each session, assessment and risk record by its id."""
        found = ((record.id, getattr(record, "date", None) or getattr(record, "opened", None)) for record in self._all)
        return {one: day for one, day in found if day}

    @cached_property
    def points(self) -> dict[str, Point]:
        """Each assessment placed in the course it was written in, by its id."""
        return {
            point.assessment.id: point
            for summary in self.held.summaries
            for point in summary.points
            if point.assessment.course == summary.course.id
        }


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in a CSV, its heading in a workbook, and what stands in the definitions."""

    name: str
    heading: Message
    meaning: Message
    unit: Message
    source: Message
    read: Callable[[Person, Any], Cell]
    """The cell of one record of the patient."""


def computed(
    name: str, meaning: Message, read: Callable[[Person, Any], Cell], *, unit: Message, source: Message = COMPUTED
) -> Column:
    """Return a computed column; its name is its heading."""
    return Column(name, message("{name}", name=name.replace("_", " ")), meaning, unit, source, read)


def code_column() -> Column:
    """Return the first column of every table."""
    said = message("the clinic's code of the patient")
    return Column("patient", message("patient"), said, message("text"), RECORDED, lambda person, _: person.patient.code)


def withdrawn_columns(kind: type[Record]) -> Iterator[Column]:
    """Yield what closes a row: when the record was typed in, and why it was withdrawn."""
    if any(f.name == "entered" for f in fields(kind)):
        yield field_column(kind, "entered", "datetime")
    meaning = message("the reason why the record was withdrawn; empty while it is in force")
    read = _field("withdrawn")
    yield Column("withdrawn", label(kind.kind, "withdrawn"), meaning, message("text"), RECORDED, read)


def own_columns(kind: type[Record], *, without: Iterable[str] = ()) -> Iterator[Column]:
    """Yield a column for each field of a kind of record."""
    left_out = {*_LEFT_OUT, *without}
    for field in fields(kind):
        if field.name not in left_out:
            yield field_column(kind, field.name, str(field.type))


def field_column(kind: type[Record], name: str, written: str) -> Column:
    """Return the column of one field; `written` is its type as the class has it."""
    heading, read, unit = label(kind.kind, name), _field(name), _unit(name, written)
    meaning = MEANINGS.get((kind.kind, name), heading)
    if name in _REFERENCES and re.match(r"str\b", written):
        if name == "course":
            meaning = message("which of the patient's courses of care, counted from 1 in the order of their week 0")
            return Column(name, heading, meaning, message("number"), RECORDED, _course_number)
        return Column(name, heading, meaning, message("date"), RECORDED, _day_of(name))
    if choices := _choices(kind, written):
        meaning = message("{what}: {choices}", what=meaning, choices=", ".join(choices))
    return Column(name, heading, meaning, unit, RECORDED, read)


def _unit(name: str, written: str) -> Message:
    if name in _UNITS:
        return _UNITS[name]
    for kind, said in (
        ("datetime", message("date and time")),
        ("date", message("date")),
        ("Day", message("date")),
        ("bool", message("yes or no")),
        ("int", message("number")),
    ):
        if re.search(rf"\b{kind}\b", written):
            return said
    return message("text")


def _choices(kind: type[Record], written: str) -> list[str]:
    """Return the words of a field that takes one of a few."""
    there = vars(sys.modules[kind.__module__])
    for word in re.findall(r"\w+", written):
        found = there.get(word)
        if isinstance(found, EnumMeta):
            return [str(one.value) for one in cast("Iterable[Enum]", found) if one.value]
    return []


def _field(name: str) -> Callable[[Person, Any], Cell]:
    return lambda _, record: plain(getattr(record, name))


def _course_number(person: Person, record: Any) -> Cell:
    return person.numbers.get(record.course)


def _day_of(name: str) -> Callable[[Person, Any], Cell]:
    return lambda person, record: person.days.get(getattr(record, name) or "")


def plain(value: Any) -> Cell:
    """Return a value as a cell holds it: yes and no in words, several in a row; nothing recorded is empty."""
    if value is None or value in {"", ()}:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, tuple):
        return ", ".join(str(plain(one)) for one in cast("tuple[Any, ...]", value))
    return value
