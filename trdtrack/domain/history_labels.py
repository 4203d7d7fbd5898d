"""What each kind of record and each of its fields is called in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.domain.medication import drug_name
from trdtrack.domain.message import Message, message
from trdtrack.domain.records import BenchmarkFile, Patient, Treatment

if TYPE_CHECKING:
    from trdtrack.domain.records import Record

NOUNS = {
    "patient": message("Patient"),
    "course": message("Course of care"),
    "session": message("Session"),
    "assessment": message("PHQ-9"),
    "outcome": message("Outcome at the end"),
    "follow_up": message("Follow-up"),
    "episode": message("Depressive episode"),
    "treatment": message("Treatment"),
    "event": message("Event"),
    "risk": message("Risk record"),
    "risk_review": message("Risk review"),
    "letter": message("Letter"),
    "rules": message("Clinical rules"),
    "clinic": message("Clinic settings"),
    "benchmark": message("Benchmark"),
    "export": message("Export"),
    "file": message("The file"),
}
_COMMON = {
    "patient": message("patient"),
    "course": message("course of care"),
    "session": message("session"),
    "date": message("date"),
    "start": message("start"),
    "end": message("end"),
    "note": message("note"),
    "entered": message("typed in at"),
    "withdrawn": message("reason for withdrawing"),
    "name": message("name"),
    "planned_sessions": message("planned sessions"),
    "extra_sessions": message("further sessions"),
    "review_months": message("review months"),
    "reliable_change": message("points of reliable change"),
}
_OWN = {
    "patient": {
        "code": message("code"),
        "date_of_birth": message("date of birth"),
        "notes": message("notes"),
        "referrer": message("referrer"),
        "gp": message("GP"),
        "prescriber": message("prescriber"),
        "consent": message("consent to share"),
        "consent_note": message("note on consent"),
        "bipolar": message("bipolar disorder"),
        "declined": message("declined psychotherapy"),
        "closed": message("no longer in care since"),
    },
    "course": {
        "modality": message("modality"),
        "format": message("format"),
        "presentation": message("presentation"),
        "therapist": message("therapist"),
        "goals": message("goals"),
        "start": message("week 0"),
        "medication": message("current medication"),
        "baseline": message("chosen baseline"),
        "baseline_reason": message("reason for the baseline"),
        "benchmark": message("benchmark"),
        "benchmark_version": message("benchmark version"),
        "end_reason": message("reason for ending"),
    },
    "session": {
        "attendance": message("attendance"),
        "minutes": message("minutes"),
        "phase": message("phase"),
        "task": message("task until next time"),
        "next_date": message("next appointment"),
        "next_time": message("time of the next appointment"),
        "review": message("course reviewed"),
        "finished": message("finished"),
    },
    "assessment": {
        "instrument": message("instrument"),
        "answers": message("answers"),
        "difficulty": message("item 10"),
        "total": message("total"),
    },
    "outcome": {
        "baseline": message("baseline"),
        "baseline_date": message("date of the baseline"),
        "total": message("end score"),
        "total_date": message("date of the end score"),
        "prorated": message("prorated"),
    },
    "follow_up": {"due": message("due"), "done": message("done")},
    "episode": {"psychotic": message("psychotic features"), "severity": message("severity")},
    "treatment": {
        "role": message("given as"),
        "drug": message("drug"),
        "drug_class": message("class"),
        "dose": message("dose"),
        "still_taken": message("still taken"),
        "adequate": message("dose adequate"),
        "weeks": message("weeks"),
        "adherence": message("adherence"),
        "outcome": message("outcome"),
        "in_episode": message("in the current episode"),
        "laterality": message("laterality"),
    },
    "event": {"what": message("kind of event"), "text": message("what happened")},
    "risk": {
        "opened": message("opened"),
        "assessment": message("PHQ-9 that opened it"),
        "closed": message("closed"),
        "closing_note": message("closing note"),
    },
    "risk_review": {
        "risk": message("risk record"),
        "item9": message("item 9"),
        "asked": message("what was asked"),
        "found": message("what was found"),
        "plan": message("plan"),
        "told": message("who was told"),
        "again": message("when to look again"),
    },
    "letter": {
        "to": message("recipient"),
        "address": message("address"),
        "text": message("text"),
        "risk": message("risk reviews put in"),
        "sent": message("sent"),
    },
    "rules": {"prorate": message("totals prorated"), "trial_weeks": message("weeks from which a trial counts")},
    "clinic": {
        "follow_up_months": message("follow-up months"),
        "session_minutes": message("session minutes"),
        "risk_prompt": message("words about risk"),
        "emergency": message("emergency contacts"),
        "retention_years": message("years records are kept"),
        "letterhead": message("letterhead"),
        "letter": message("letter template"),
    },
    "benchmark": {"version": message("version"), "text": message("file")},
    "export": {"what": message("what"), "where": message("where")},
}

_DAYS = {
    "course": ("start", message("Course of care from {day}")),
    "session": ("date", message("Session of {day}")),
    "assessment": ("date", message("PHQ-9 of {day}")),
    "follow_up": ("due", message("Follow-up due {day}")),
    "episode": ("start", message("Depressive episode from {day}")),
    "event": ("date", message("Event of {day}")),
    "risk": ("opened", message("Risk record of {day}")),
    "risk_review": ("date", message("Risk review of {day}")),
    "letter": ("date", message("Letter of {day}")),
}
"""The day a record is referred to by: the field, and the words."""


def label(kind: str, field: str) -> Message:
    """Return what a field is called. Every field of every kind has a name; a test walks them."""
    return _OWN[kind].get(field) or _COMMON[field]


def named(record: Record) -> Message:
    """Return a record as one refers to it: by its code, its drug or its day."""
    if isinstance(record, Patient):
        return message("Patient {code}", code=record.code)
    if isinstance(record, BenchmarkFile):
        return message("Benchmark {name}, version {version}", name=record.name, version=record.version)
    if isinstance(record, Treatment):
        return message("Treatment {drug}", drug=drug_name(record))
    field, said = _DAYS.get(record.kind, ("", NOUNS[record.kind]))
    day = getattr(record, field, None)
    return Message(said.text, {"day": day}) if day else NOUNS[record.kind]
