"""The data tables: one a kind of record, what the program computes beside what was written down, and definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.history_labels import NOUNS
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.exchange.data_columns import (
    OF_PATIENT,
    Column,
    code_column,
    field_column,
    own_columns,
    withdrawn_columns,
)
from trdtrack.exchange.data_computed import course_columns, score_columns, session_number
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trdtrack.domain.records import Record
    from trdtrack.exchange.data_columns import Cell, Person

_TITLES = {
    "patient": message("Patients"),
    "course": message("Courses of care"),
    "session": message("Sessions"),
    "outcome": message("Outcomes"),
    "follow_up": message("Follow-ups"),
    "episode": message("Episodes"),
    "treatment": message("Treatments"),
    "event": message("Events"),
    "risk": message("Risk records"),
    "risk_review": message("Risk reviews"),
    "letter": message("Letters"),
}
"""What a sheet is called where the name of one record would read oddly."""


@dataclass(frozen=True)
class Sheet:
    """One table: its title, the kind of record a row is, and its columns."""

    title: Message
    kind: type[Record]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The name of its CSV."""
        return f"{self.kind.kind}.csv"

    def rows(self, person: Person) -> Iterator[list[Cell]]:
        """Yield a row for each of the patient's records."""
        for record in person.records(self.kind):
            yield [column.read(person, record) for column in self.columns]


def sheets(*, names: bool) -> tuple[Sheet, ...]:
    """Return every table; the patients' names are a column only where they are wanted."""
    return tuple(
        Sheet(_TITLES.get(kind.kind, NOUNS[kind.kind]), kind, tuple(_columns(kind, names=names))) for kind in OF_PATIENT
    )


def _columns(kind: type[Record], *, names: bool) -> Iterator[Column]:
    yield code_column()
    if kind is Patient:
        if names:
            yield field_column(kind, "name", "str")
        yield from own_columns(kind, without={"code"})
    elif kind is Course:
        yield from course_columns()
    elif kind is Session:
        yield from own_columns(kind)
        yield session_number()
    elif kind is Assessment:
        yield from score_columns()
    else:
        yield from own_columns(kind)
    yield from withdrawn_columns(kind)


DEFINED = ("table", "column", "meaning", "unit", "source")


def definitions(tables: Iterable[Sheet], *, csv: bool) -> Iterator[tuple[str, ...]]:
    """Yield what each column means, under the names of the CSVs or those of the workbook: see DEFINED."""
    for sheet in tables:
        for column in sheet.columns:
            names = (sheet.file, column.name) if csv else (say(sheet.title), say(column.heading))
            yield (*names, say(column.meaning), say(column.unit), say(column.source))
