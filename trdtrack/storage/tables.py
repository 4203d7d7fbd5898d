"""One table a kind of record, a column a field; and the two audit tables. Records in, records out."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from trdtrack.domain.exported import Exported
from trdtrack.domain.records import KINDS, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping, Select

APPLICATION_ID = 0x54524454
"""Marks a SQLite file as a TRDTrack caseload ("TRDT")."""


def on_server(connection: Connection) -> bool:
    """Whether a connection is to a server, and not to a file."""
    return connection.dialect.name == "postgresql"


def one_or_all(rows: list[dict[str, Any]]) -> dict[str, Any] | list[dict[str, Any]]:
    """Return a row alone as itself: of several, even of one, a server's driver makes a way more there and back."""
    return rows[0] if len(rows) == 1 else rows


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


class Yes(TypeDecorator[bool]):
    """Yes or no, stored as 1 or 0."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: object) -> int | None:  # noqa: ARG002, FBT001
        """Yes or no to a number."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: object) -> bool | None:  # noqa: ARG002
        """Number to yes or no."""
        return None if value is None else bool(value)


metadata = MetaData()


def _id() -> Column[str]:
    return Column("id", Text, primary_key=True)


def _patient() -> Column[str]:
    return Column("patient", Text, ForeignKey("patient.id"), nullable=False, index=True)


def _course() -> Column[str]:
    return Column("course", Text, ForeignKey("course.id"), nullable=False, index=True)


def _text(name: str, value: str = "") -> Column[str]:
    """Return a column of words or of a choice. The default is for rows older than the column."""
    return Column(name, Text, nullable=False, server_default=value)


def _whole(name: str, value: int) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=str(value))


def _yes(name: str, value: int = 0) -> Column[bool]:
    return Column(name, Yes, nullable=False, server_default=str(value))


def _months(name: str) -> Column[tuple[Any, ...]]:
    return Column(name, List, nullable=False, server_default="[]")


def _withdrawn() -> Column[str | None]:
    return Column("withdrawn", Text)


patient = Table(
    "patient",
    metadata,
    _id(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("date_of_birth", Date),
    Column("notes", Text, nullable=False),
    _text("referrer"),
    _text("gp"),
    _text("prescriber"),
    _text("consent"),
    _text("consent_note"),
    _text("bipolar"),
    _yes("declined"),
    Column("closed", Date),
    _withdrawn(),
)
course = Table(
    "course",
    metadata,
    _id(),
    _patient(),
    Column("modality", Text, nullable=False),
    _text("format"),
    Column("presentation", List, nullable=False),
    _text("therapist"),
    _text("goals"),
    Column("start", Date),
    Column("planned_sessions", Integer),
    Column("extra_sessions", Integer),
    _months("review_months"),
    Column("medication", Text, nullable=False),
    Column("baseline", Text),
    Column("baseline_reason", Text, nullable=False),
    Column("benchmark", Text, nullable=False, server_default=""),
    Column("benchmark_version", Text, nullable=False, server_default=""),
    Column("end", Date),
    _text("end_reason"),
    _withdrawn(),
)
session = Table(
    "session",
    metadata,
    _id(),
    _patient(),
    _course(),
    Column("date", Date, nullable=False),
    Column("attendance", Text, nullable=False),
    Column("minutes", Integer),
    _text("phase"),
    _text("task"),
    Column("note", Text, nullable=False),
    Column("next_date", Date),
    _text("next_time"),
    _yes("review"),
    _yes("finished", 1),
    Column("entered", Moment, nullable=False),
    _withdrawn(),
)
assessment = Table(
    "assessment",
    metadata,
    _id(),
    _patient(),
    _course(),
    Column("session", Text, ForeignKey("session.id"), index=True),
    Column("instrument", Text, nullable=False),
    Column("date", Date, nullable=False),
    Column("answers", List),
    Column("difficulty", Integer),
    Column("total", Integer),
    Column("entered", Moment, nullable=False),
    _withdrawn(),
)
outcome = Table(
    "outcome",
    metadata,
    _id(),
    _patient(),
    _course(),
    Column("baseline", Integer),
    Column("baseline_date", Date),
    Column("total", Integer),
    Column("total_date", Date),
    Column("prorated", Yes, nullable=False),
    Column("reliable_change", Integer, nullable=False),
    _withdrawn(),
)
follow_up = Table(
    "follow_up",
    metadata,
    _id(),
    _patient(),
    _course(),
    Column("due", Date, nullable=False),
    Column("done", Date),
    Column("note", Text, nullable=False),
    _withdrawn(),
)
episode = Table(
    "episode",
    metadata,
    _id(),
    _patient(),
    Column("start", Date),
    Column("psychotic", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("entered", Moment, nullable=False),
    _withdrawn(),
)
treatment = Table(
    "treatment",
    metadata,
    _id(),
    _patient(),
    Column("role", Text, nullable=False),
    Column("drug", Text, nullable=False),
    Column("drug_class", Text, nullable=False),
    Column("dose", Text, nullable=False),
    Column("start", Date),
    Column("end", Date),
    Column("still_taken", Yes, nullable=False),
    Column("adequate", Text, nullable=False),
    Column("weeks", Integer),
    Column("adherence", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("in_episode", Text, nullable=False),
    Column("laterality", Text, nullable=False),
    Column("note", Text, nullable=False),
    _withdrawn(),
)
happening = Table(
    "event",
    metadata,
    _id(),
    _patient(),
    Column("date", Date, nullable=False),
    Column("what", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("entered", Moment, nullable=False),
    _withdrawn(),
)
risk = Table(
    "risk",
    metadata,
    _id(),
    _patient(),
    Column("opened", Date, nullable=False),
    Column("assessment", Text, ForeignKey("assessment.id"), index=True),
    Column("closed", Date),
    Column("closing_note", Text, nullable=False),
    Column("entered", Moment, nullable=False),
    _withdrawn(),
)
risk_review = Table(
    "risk_review",
    metadata,
    _id(),
    _patient(),
    Column("risk", Text, ForeignKey("risk.id"), nullable=False, index=True),
    Column("date", Date, nullable=False),
    Column("item9", Integer),
    Column("asked", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("again", Date),
    Column("entered", Moment, nullable=False),
    _withdrawn(),
)
letter = Table(
    "letter",
    metadata,
    _id(),
    _patient(),
    _course(),
    Column("date", Date, nullable=False),
    Column("to", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("risk", Yes, nullable=False),
    Column("sent", Moment),
    Column("entered", Moment, nullable=False),
    _withdrawn(),
)
rules = Table(
    "rules",
    metadata,
    _id(),
    Column("reliable_change", Integer, nullable=False),
    Column("prorate", Yes, nullable=False),
    _whole("trial_weeks", 4),
)
clinic = Table(
    "clinic",
    metadata,
    _id(),
    Column("planned_sessions", Integer, nullable=False),
    Column("extra_sessions", Integer, nullable=False),
    Column("review_months", List, nullable=False),
    Column("follow_up_months", List, nullable=False),
    Column("session_minutes", Integer, nullable=False),
    Column("risk_prompt", Text, nullable=False),
    Column("emergency", Text, nullable=False),
    Column("retention_years", Integer),
    _text("letterhead"),
    _text("letter"),
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
    Column("seq", Integer, primary_key=True, autoincrement=False),
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
    Column("why", Text),
)
audit_about = Table(
    "audit_about",
    metadata,
    Column("patient", Text, primary_key=True),
    Column("seq", Integer, ForeignKey("audit.seq"), primary_key=True),
)
"""Which lines are about a patient: both, where a record moved. An index, not part of the chain."""
former_key = Table(
    "former_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("until", Text, nullable=False),
)
"""Keys that opened the file before, with which its older backups open. It is in no archive and no export."""
draft = Table(
    "draft",
    metadata,
    Column("form", Text, primary_key=True),
    Column("patient", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),
)
"""What was typed and not yet saved, by form; no part of the record, so not in the history."""
gist = Table(
    "gist",
    metadata,
    Column("patient", Text, primary_key=True),
    Column("text", Text, nullable=False),
)
"""What a row of the caseload shows of each patient in force (see `gists`): made from the record, no part of it."""
words = Table(
    "words",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("patient", Text, nullable=False, index=True),
    Column("names", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("kind", "record"),
)
"""The words of every record in force that the search finds, indexed by `FULL_TEXT`.

`names` holds a patient's code and name, `text` all else. `row` rises with the record's day (see `search.SLOT`), so
that the newest come first without sorting.
"""
FULL_TEXT = (
    (
        "CREATE VIRTUAL TABLE found USING fts5(names, text, content='words', content_rowid='row', "
        "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
    ),
    (
        "CREATE TRIGGER words_added AFTER INSERT ON words BEGIN "
        "INSERT INTO found(rowid, names, text) VALUES (new.row, new.names, new.text); END"
    ),
    (
        "CREATE TRIGGER words_gone AFTER DELETE ON words BEGIN "
        "INSERT INTO found(found, rowid, names, text) VALUES ('delete', old.row, old.names, old.text); END"
    ),
    (
        "CREATE TRIGGER words_changed AFTER UPDATE ON words BEGIN "
        "INSERT INTO found(found, rowid, names, text) VALUES ('delete', old.row, old.names, old.text); "
        "INSERT INTO found(rowid, names, text) VALUES (new.row, new.names, new.text); END"
    ),
)
"""The full-text index over `words`, kept by triggers."""

AS_WRITTEN = text("rowid")
"""In the order of their writing, in a file and on a server: between two scores of one moment it decides."""
TABLES: dict[str, Table] = {kind: metadata.tables[kind] for kind in KINDS}
_COLUMNS = {kind: tuple(table.columns.keys()) for kind, table in TABLES.items()}
_FIELDS: dict[str, tuple[str, ...]] = {kind: tuple(f.name for f in fields(cls)) for kind, cls in KINDS.items()}


def values(record: Record) -> dict[str, Any]:
    """Return a record as column values."""
    return {name: getattr(record, name) for name in _FIELDS[record.kind]}


def record_of(kind: str, row: Mapping[Any, Any]) -> Record:
    """Return a row as the record it is. Rows come from this program, yet a record still checks itself."""
    return KINDS[kind](**dict(row))


def in_parts(connection: Connection, query: Select[Any]) -> Iterator[RowMapping]:
    """Yield the rows of a long table: from a server, too, without all of it in memory."""
    with connection.execute(query, execution_options={"yield_per": 500}) as result:
        yield from result.mappings()


def records_of(kind: str, rows: Iterable[Sequence[Any]]) -> list[Record]:
    """Return the rows of a kind's whole table as records."""
    record, names = KINDS[kind], _COLUMNS[kind]
    return [record(**dict(zip(names, row, strict=True))) for row in rows]


def to_json(record: Record | Exported | None) -> str | None:
    """Return a record as canonical JSON: keys sorted, dates ISO 8601, nothing else than its fields."""
    if isinstance(record, Exported):
        return _ENCODER.encode(asdict(record))
    return None if record is None else _ENCODER.encode(values(record))


def line_from_json(kind: str, text: str | None) -> Record | Exported | None:
    """Return what stands on one side of a history line: a record, or what left the program."""
    if kind != Exported.kind or text is None:
        return from_json(kind, text)
    raw: dict[str, Any] = json.loads(text)
    raw["patients"] = tuple(raw["patients"])
    return Exported(**raw)


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
