"""Everything the program holds about one patient, for a patient who asks to see it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from trdtrack.domain.merging import every_record
from trdtrack.domain.records import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.history import Line
    from trdtrack.domain.records import Patient, Record, Rules
    from trdtrack.domain.summary import Summary

_ORDER = tuple(KINDS)


@dataclass(frozen=True, kw_only=True)
class FullRecord:
    """One patient's records, history and drafts, and each course of care in force summed up, oldest first."""

    patient: Patient
    records: tuple[Record, ...]
    """The patient's own first, then kind by kind in order of their days, withdrawn ones in their place among them."""
    history: tuple[Line, ...]
    """Every line about the patient, oldest first."""
    drafts: tuple[Draft, ...]
    """What was typed and not saved yet, oldest first."""
    summaries: tuple[Summary, ...]
    rules: Rules
    """The clinic's: they say how a PHQ-9 with gaps is scored."""

    @classmethod
    def of(
        cls,
        dossier: Dossier,
        summaries: Iterable[Summary],
        *,
        history: Iterable[Line],
        drafts: Iterable[Draft],
        rules: Rules,
    ) -> FullRecord:
        """Put together what is held; `drafts` may be everybody's, `history` is the patient's in any order."""
        patient = dossier.patient
        return cls(
            patient=patient,
            records=(patient, *sorted(every_record(dossier), key=_place)),
            history=tuple(sorted(history, key=lambda line: line.number)),
            drafts=tuple(sorted((d for d in drafts if d.patient == patient.id), key=lambda d: (d.at, d.form))),
            summaries=tuple(summaries),
            rules=rules,
        )


def day_of(record: Record) -> date | None:
    """Return the day a record belongs to: the first of its fields that is a day and is known."""
    values = (getattr(record, field.name) for field in fields(record))
    return next((v for v in values if isinstance(v, date) and not isinstance(v, datetime)), None)


def _place(record: Record) -> tuple[int, int, str, str]:
    """Return by kind, then by day, those without one first; then as typed in."""
    day, entered = day_of(record), getattr(record, "entered", None)
    typed = entered.isoformat() if isinstance(entered, datetime) else ""
    return _ORDER.index(record.kind), day.toordinal() if day else 0, typed, record.id
