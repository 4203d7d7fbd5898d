"""One table a kind of record, a column a field; and the two audit tables. Records in, records out."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, Table, Text, TypeDecorator, UniqueConstraint

from trdtrack.domain.records import KINDS, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

APPLICATION_ID = 0x54524454
"""Marks a SQLite file as a TRDTrack caseload ("TRDT")."""


class List(TypeDecorator[tuple[Any, ...]]):
    """A tuple, stored as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: object) -> str | None:  # noqa: ARG002
        """Tuple to JSON."""
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: object) -> tuple[Any, ...] | None:  # noqa: ARG002
        """JSON to tuple."""
        return None if value is None else tuple(json.loads(value))


class Moment(TypeDecorator[datetime]):
    """A moment in UTC, stored as ISO 8601 text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> str | None:  # noqa: ARG002
        """Moment to text."""
        return None if value is None else value.astimezone(UTC).isoformat()

    def process_result_value(self, value: str | None, dialect: object) -> datetime | None:  # noqa: ARG002
        """Text to moment."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


patient = Table(
    "patient",
    metadata,
    _id(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("date_of_birth", Date),
    Column("notes", Text, nullable=False),
    Column("withdrawn", Text),
)
course = Table(
    "course",
    metadata,
    _id(),
    Column("patient", Text, ForeignKey("patient.id"), nullable=False, index=True),
    Column("modality", Text, nullable=False),
    Column("presentation", List, nullable=False),
    Column("start", Date),
    Column("planned_sessions", Integer),
    Column("medication", Text, nullable=False),
    Column("baseline", Text),
    Column("baseline_reason", Text, nullable=False),
    Column("benchmark", Text, nullable=False, server_default=""),
    Column("benchmark_version", Text, nullable=False, server_default=""),
    Column("end", Date),
    Column("withdrawn", Text),
)
session = Table(
    "session",
    metadata,
    _id(),
    Column("patient", Text, ForeignKey("patient.id"), nullable=False, index=True),
    Column("course", Text, ForeignKey("course.id"), nullable=False),
    Column("date", Date, nullable=False),
    Column("attendance", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("entered", Moment, nullable=False),
    Column("withdrawn", Text),
)
assessment = Table(
    "assessment",
    metadata,
    _id(),
    Column("patient", Text, ForeignKey("patient.id"), nullable=False, index=True),
    Column("course", Text, ForeignKey("course.id"), nullable=False),
    Column("session", Text, ForeignKey("session.id")),
    Column("instrument", Text, nullable=False),
    Column("date", Date, nullable=False),
    Column("answers", List),
    Column("difficulty", Integer),
    Column("total", Integer),
    Column("entered", Moment, nullable=False),
    Column("withdrawn", Text),
)
rules = Table(
    "rules",
    metadata,
    _id(),
    Column("reliable_change", Integer, nullable=False),
    Column("prorate", Integer, nullable=False),
)
benchmark = Table(
    "benchmark",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("name", "version"),
)
audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("edit", Integer, nullable=False, index=True),
    Column("undoes", Integer),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_record", "record"),
)
"""One line a changed record. Holds no patient's words: only the digest of those in `audit_text`."""
audit_text = Table(
    "audit_text",
    metadata,
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True),
    Column("salt", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
)

TABLES: dict[str, Table] = {t.name: t for t in (patient, course, session, assessment, rules, benchmark)}
_FIELDS: dict[str, tuple[str, ...]] = {kind: tuple(f.name for f in fields(cls)) for kind, cls in KINDS.items()}


def values(record: Record) -> dict[str, Any]:
    """Return a record as column values."""
    return {name: getattr(record, name) for name in _FIELDS[record.kind]}


def record_of(kind: str, row: Mapping[Any, Any]) -> Record:
    """Return a row as the record it is. Rows come from this program, yet a record still checks itself."""
    found = dict(row)
    if kind == "rules":
        found["prorate"] = bool(found["prorate"])
    return KINDS[kind](**found)


def to_json(record: Record | None) -> str | None:
    """Return a record as canonical JSON: keys sorted, dates ISO 8601, nothing else than its fields."""
    return None if record is None else _ENCODER.encode(values(record))


def from_json(kind: str, text: str | None) -> Record | None:
    """Return the record written by `to_json`."""
    if text is None:
        return None
    raw = json.loads(text)
    for name, column in TABLES[kind].columns.items():
        value = raw.get(name)
        if value is None:
            continue
        if isinstance(column.type, Date):
            raw[name] = date.fromisoformat(value)
        elif isinstance(column.type, Moment):
            raw[name] = datetime.fromisoformat(value)
        elif isinstance(column.type, List):
            raw[name] = tuple(value)
    return KINDS[kind](**raw)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
