"""The full record of one patient as JSON: everything held, for an access request or another program.

    {"format": "trdtrack-record", "version": 1, "written": "2026-05-31T09:30:00+02:00", "patient": "A-003",
     "chain_head": {"number": 57, "hash": "..."},
     "records": [...], "history": [...], "drafts": [...], "summaries": [...]}

`patient` is the code. Names and values are those of the archive (`resources/archive.schema.json`): moments in ISO 8601,
UTC in records; null or an empty text where nothing is held. `chain_head` is the last line of the caseload's history and
its hash: with it `trdtrack check` can be compared later.
  records    the patient's own first, then kind by kind in order of their days, withdrawn ones too ("withdrawn": why):
             {kind, and every field of that kind}
  history    every line about the patient, oldest first: {number, edit, undoes, at, who, title, kind, record, before,
             after, why, what}; before and after: the record as above, null where it was new, went or was erased;
             what: the change in words; of an export {kind, id, what, where} stands in after
  drafts     {form, patient, at, text}: typed and not saved yet
  summaries  each course of care in force, oldest first, as `summary --json` tells it (`trdtrack.exchange.plain`)
The file is not encrypted.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from trdtrack.domain.history import describe
from trdtrack.exchange import plain
from trdtrack.words import say

if TYPE_CHECKING:
    from trdtrack.domain.chain_head import ChainHead
    from trdtrack.domain.exported import Exported
    from trdtrack.domain.full_record import FullRecord
    from trdtrack.domain.history import Line
    from trdtrack.domain.records import Record

FORMAT, VERSION = "trdtrack-record", 1


def record_json(held: FullRecord, *, at: datetime, head: ChainHead) -> bytes:
    """Return everything held about one patient. `at` is the local moment of writing, with its zone."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "written": at.isoformat(timespec="seconds"),
        "patient": held.patient.code,
        "chain_head": asdict(head),
        "records": [_record(record) for record in held.records],
        "history": [_line(line) for line in held.history],
        "drafts": [{"form": d.form, "patient": d.patient, "at": d.at.isoformat(), "text": d.text} for d in held.drafts],
        "summaries": [plain.summary(summary) for summary in held.summaries],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _record(record: Record | Exported) -> dict[str, Any]:
    # Whom else an export was about is nobody's but theirs.
    names = [field.name for field in fields(record) if field.name != "patients"]
    return {"kind": record.kind} | {name: getattr(record, name) for name in names}


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "edit": line.edit,
        "undoes": line.undoes,
        "at": line.at.isoformat(),
        "who": line.who,
        "title": line.title,
        "kind": line.kind,
        "record": line.record,
        "before": _record(line.before) if line.before else None,
        "after": _record(line.after) if line.after else None,
        "why": line.why,
        "what": say(describe(line)),
    }


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
