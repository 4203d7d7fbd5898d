"""The full record of one patient on paper: everything held, notes, history and drafts, for whoever asks to see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.history_labels import NOUNS
from trdtrack.domain.message import message, plural
from trdtrack.domain.records import KINDS, Assessment, BenchmarkFile, Clinic, Rules
from trdtrack.paths import resources
from trdtrack.report.record_words import (
    draft_words,
    kind_heading,
    kinds_of,
    line_words,
    phq9_words,
    record_words,
)
from trdtrack.report.sheet import LONGEST_NAME, Size, caveat, cut, demo_mark, foot
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, day, manner, say, shown

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.full_record import FullRecord
    from trdtrack.domain.records import Record

_NOBODYS = {Rules.kind, Clinic.kind, BenchmarkFile.kind}
"""Kinds that are about no patient."""


def typeset_record(held: FullRecord, *, made: date, size: Size = Size.A4) -> Paper:
    """Typeset everything held about one patient."""
    template = (resources() / "report" / "record.typ").read_text(encoding="utf-8")
    return compile_pdf(template, record_data(held, made=made, size=size), images={}, made=made)


def record_data(held: FullRecord, *, made: date, size: Size) -> dict[str, Any]:
    """Return all the words of the pages; the template only sets them."""
    patient = held.patient
    return {
        "language": manner().language,
        "paper": size.value,
        "title": say(message("Full record, {code}", code=patient.code)),
        "kind": _("Full record"),
        "code": patient.code,
        "name": cut(patient.name, LONGEST_NAME),
        "demo": demo_mark(patient.code),
        "cover": _cover(held, made),
        "contents": _("Contents"),
        "courses": {
            "heading": _("Each course of care in one sentence"),
            "sentences": [shown(say(summary.sentence)) for summary in held.summaries],
            "caveat": caveat(),
        },
        "sections": _sections(held),
        "history": {
            "heading": say(message("History ({n})", n=len(held.history))),
            "columns": [_("No."), _("When and who"), _("What was done, and what each field held before and after")],
            "lines": [line_words(line) for line in held.history],
            "why": _("Reason"),
            "before": _("before"),
            "after": _("after"),
        },
        "drafts": {
            "heading": say(message("Typed and not saved ({n})", n=len(held.drafts))),
            "none": _("Nothing."),
            "records": [draft_words(draft) for draft in held.drafts],
        },
        "footer": foot(made),
    }


def _cover(held: FullRecord, made: date) -> dict[str, Any]:
    kinds = {record.kind for record in held.records}
    absent = [say(NOUNS[kind]) for kind in KINDS if kind not in kinds | _NOBODYS]
    withdrawn = sum(bool(getattr(record, "withdrawn", None)) for record in held.records)
    counted = [
        plural("{n} record", "{n} records", len(held.records)),
        plural("{n} of them withdrawn", "{n} of them withdrawn", withdrawn),
        plural("{n} line of history", "{n} lines of history", len(held.history)),
        plural("{n} unsaved entry", "{n} unsaved entries", len(held.drafts)),
    ]
    facts = [
        [_("Whose record"), " \u00b7 ".join(part for part in (held.patient.code, held.patient.name) if part)],
        [
            _("What it is"),
            _("Everything TRDTrack holds about this person: records, notes, history and unsaved entries"),
        ],
        [_("Made"), day(made)],
        [_("How much"), ", ".join(say(what) for what in counted)],
    ]
    if absent:
        facts.append([_("Nothing held of"), ", ".join(absent)])
    return {
        "facts": facts,
        "heading": _("How to read it"),
        "how": [
            _("Notes and other texts stand as they were written. A field that is not listed holds nothing."),
            _(
                "A withdrawn record is kept, marked with the reason, and counts nowhere. Nothing is ever deleted by a "
                "correction: the history tells what stood there before."
            ),
            _(
                "The history lists every change in order, the oldest first: when, by whom, what was done, and what "
                "each field held before and after. Times are those of the computer this was made on."
            ),
            _(
                "The PHQ-9 is a questionnaire with nine questions about the last two weeks, each answered 0 to 3; the "
                "total is 0 to 27, and lower is better. A tenth question is not part of the total."
            ),
        ],
    }


def _sections(held: FullRecord) -> list[dict[str, Any]]:
    by_id = {record.id: record for record in held.records}
    return [_section(kind, records, held, by_id) for kind, records in kinds_of(held)]


def _section(kind: str, records: list[Record], held: FullRecord, by_id: dict[str, Record]) -> dict[str, Any]:
    heading = kind_heading(kind, len(records))
    if kind == Assessment.kind:
        return {"heading": heading, "phq9": phq9_words(held, cast("list[Assessment]", records), by_id)}
    return {"heading": heading, "records": [record_words(record, by_id) for record in records]}


__all__ = ["record_data", "typeset_record"]
