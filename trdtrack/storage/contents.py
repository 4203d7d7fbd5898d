"""Everything a caseload file holds as plain entries, and back again into an empty file: history and ids as they were.

An entry is (section, fields), with nothing in the fields that JSON does not hold. `resources/archive.schema.json`
tells what stands in which section.
"""

from __future__ import annotations

import json
from datetime import datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, StatementError

from trdtrack.domain.edit import Step
from trdtrack.domain.exported import Exported
from trdtrack.domain.history import OF_FILE
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS
from trdtrack.domain.refusals import Refusal, Stale
from trdtrack.storage import chain, search
from trdtrack.storage.postgres import history
from trdtrack.storage.steps import apply
from trdtrack.storage.tables import (
    AS_WRITTEN,
    TABLES,
    audit,
    audit_about,
    audit_text,
    draft,
    from_json,
    in_parts,
    line_from_json,
    on_server,
    record_of,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Connection, Insert

    from trdtrack.domain.records import Record

    Entry = tuple[str, dict[str, Any]]

_Read = TypeVar("_Read")
RECORDS, HISTORY, DRAFTS = "records", "history", "drafts"
_BATCH = 500
_MOST = 2**63
"""Above any whole number SQLite can hold."""
_LINE = ("edit", "undoes", "at", "who", "title", "kind", "record", "digest", "previous", "hash")
_TEXT = ("salt", "before", "after", "why")


def count(connection: Connection) -> int:
    """Return how many entries there are."""
    tables = (*TABLES.values(), audit, draft)
    return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def entries(connection: Connection) -> Iterator[Entry]:
    """Yield everything: records by kind, as they were written; history lines by number; drafts as they were typed."""
    for kind, table in TABLES.items():
        for row in in_parts(connection, select(table).order_by(AS_WRITTEN)):
            yield RECORDS, {"kind": kind, **json.loads(to_json(record_of(kind, row)) or "")}
    yield from ((HISTORY, line) for line in _lines(connection))
    for row in connection.execute(select(draft).order_by(AS_WRITTEN)):
        yield DRAFTS, {"form": row.form, "patient": row.patient, "at": row.at.isoformat(), "text": row.text}


def _lines(connection: Connection) -> Iterator[dict[str, Any]]:
    texts = (audit_text.c[name] for name in _TEXT)
    query = select(audit, *texts).join(audit_text, audit_text.c.seq == audit.c.seq, isouter=True)
    about = in_parts(connection, select(audit_about).order_by(audit_about.c.seq, audit_about.c.patient))
    by_line = groupby(about, key=lambda row: row["seq"])
    seq, patients = next(by_line, (0, iter(())))
    for row in in_parts(connection, query.order_by(audit.c.seq)):
        of = []
        if seq == row["seq"]:
            of = [found["patient"] for found in patients]
            seq, patients = next(by_line, (0, iter(())))
        yield {"number": row["seq"], **{name: row[name] for name in (*_LINE, *_TEXT)}, "about": of}


def take(connection: Connection, given: Iterable[Entry]) -> None:
    """Write entries into an empty file, or refuse in words: what does not pass its own checks, or does not fit.

    Within the caller's transaction. The history gets no line of its own for this: it is the history of the file that
    the entries come from.
    """
    if count(connection):
        raise Refusal(message("This caseload is not empty: an archive is taken only into a new one."))
    for (section, kind), group in groupby(given, key=_alike):
        while part := [fields for _, fields in islice(group, _BATCH)]:
            if section == RECORDS:
                _take_records(connection, kind, part)
            elif section == HISTORY:
                _take_lines(connection, part)
            else:
                drafts = [_checked(_draft, fields, DRAFTS, fields.get("form")) for fields in part]
                _written(connection, insert(draft), drafts)
    if fault := next(chain.faults(connection), None):
        raise Refusal(message("The archive does not fit together: {fault}.", fault=fault))


def _alike(entry: Entry) -> tuple[str, str]:
    """Return what entries written in one go have in common."""
    section, fields = entry
    return section, str(fields.get("kind")) if section == RECORDS else ""


def _take_records(connection: Connection, kind: str, part: list[dict[str, Any]]) -> None:
    steps = [Step(None, _checked(_record, fields, kind, fields.get("id"))) for fields in part]
    try:
        apply(connection, kind, "insert", steps)
    except Stale as stale:
        raise Refusal(message("The archive holds a {kind} twice.", kind=kind)) from stale
    except Refusal as refusal:
        raise Refusal(message("The archive does not fit together: {what}", what=refusal.what)) from refusal
    except (StatementError, OverflowError) as error:
        # A value no column takes; what the disk did not take is another matter, and said by the store.
        if isinstance(error, DBAPIError) and not isinstance(error, InterfaceError):
            raise
        what = message("The archive's {kind} records hold what this program does not write.", kind=kind)
        raise Refusal(what) from error
    search.keep(connection, steps)


def _record(fields: dict[str, Any]) -> Record:
    """Return the record whose fields these are, each exactly as the record itself would write it."""
    kind = fields["kind"]
    plain = {name: value for name, value in fields.items() if name != "kind"}
    record = from_json(kind, json.dumps(plain))
    written = json.loads(to_json(record) or "")
    # Fields of a later version of the program are not there, and have their values as if nobody had been asked.
    if record is None or record.id != plain["id"] or any(written[name] != value for name, value in plain.items()):
        raise ValueError(kind)
    return record


def _take_lines(connection: Connection, part: list[dict[str, Any]]) -> None:
    for fields in part:
        _checked(_check_line, fields, HISTORY, fields.get("number"))
    if on_server(connection):
        try:
            history.take(connection, part)
        except IntegrityError as error:
            fault = f"history line {part[0]['number']} or one soon after it was changed or put in"
            raise Refusal(message("The archive does not fit together: {fault}.", fault=fault)) from error
        return
    _written(connection, insert(audit), [{"seq": line["number"], **{n: line[n] for n in _LINE}} for line in part])
    texts = [{"seq": line["number"], **{n: line[n] for n in _TEXT}} for line in part if line["salt"] is not None]
    _written(connection, insert(audit_text), texts)
    about = [{"seq": line["number"], "patient": patient} for line in part for patient in line["about"]]
    _written(connection, insert(audit_about), about)


def _check_line(line: dict[str, Any]) -> None:
    """Raise where a line is not one this program writes; whether it fits the chain is proved once all are there."""
    texts = [line[name] for name in ("title", "who", "record", "digest", "previous", "hash", "kind", "at")]
    texts += [line[name] for name in _TEXT if line[name] is not None]
    numbers = [line["number"], line["edit"], *([] if line["undoes"] is None else [line["undoes"]])]
    sides = [line_from_json(line["kind"], line[side]) for side in ("before", "after")]
    about = sorted({patient for record in sides if record for patient in _about(record)})
    # Erasing takes the words, and of whom the line was: then it may yet be about the patient a record went to.
    known = about if any(sides) else sorted(set(line["about"]))
    if (
        line.keys() != {"number", "about", *_LINE, *_TEXT}
        or line["kind"] not in {*KINDS, Exported.kind, OF_FILE}
        or not all(type(text) is str for text in (*texts, *line["about"]))
        or not all(type(number) is int and 0 < number < _MOST for number in numbers)
        or any(record is not None and (record.kind, record.id) != (line["kind"], line["record"]) for record in sides)
        or datetime.fromisoformat(line["at"]).tzinfo is None
        or (line["salt"] is None and (any(sides) or line["why"] is not None))
        or line["about"] != known
    ):
        raise ValueError(line["number"])


def _about(record: Record | Exported) -> tuple[str, ...]:
    return record.patients if isinstance(record, Exported) else (record.patient,) if record.patient else ()


def _draft(fields: dict[str, Any]) -> dict[str, Any]:
    if fields.keys() != {"form", "patient", "at", "text"} or not all(type(value) is str for value in fields.values()):
        raise ValueError(DRAFTS)
    at = datetime.fromisoformat(fields["at"])
    if at.tzinfo is None:
        raise ValueError(DRAFTS)
    return {**fields, "at": at}


def _checked(read: Callable[[dict[str, Any]], _Read], fields: dict[str, Any], section: str, name: object) -> _Read:
    """Return what an entry says, or refuse it, naming ids only."""
    try:
        return read(fields)
    except Refusal as refusal:
        what = message(
            "The archive's {section} {name} is refused: {what}", section=section, name=name, what=refusal.what
        )
        raise Refusal(what) from refusal
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        what = message("The archive's {section} {name} is not what this program writes.", section=section, name=name)
        raise Refusal(what) from error


def _written(connection: Connection, statement: Insert, rows: list[dict[str, Any]]) -> None:
    try:
        if rows:
            connection.execute(statement, rows)
    except IntegrityError as error:
        raise Refusal(message("The archive's history or drafts hold the same line twice.")) from error
