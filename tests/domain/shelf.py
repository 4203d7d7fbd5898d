"""Records on a shelf: read and written as a caseload file does, without the file, counting the reads."""

from __future__ import annotations

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.edit import Edit, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient, Record

TITLE = message("Test")


class Shelf:
    def __init__(self, *records: Record) -> None:
        self.records = {(r.kind, r.id): r for r in records}
        self.reads: list[str] = []

    def read(self, kind: str, **equal: str) -> list[Record]:
        self.reads.append(kind)
        found = [r for r in self.records.values() if r.kind == kind]
        return [r for r in found if all(getattr(r, name) == value for name, value in equal.items())]

    def write(self, edit: Edit) -> None:
        for step in edit.steps:
            key = (step.record.kind, step.record.id)
            assert self.records.get(key) == step.before
            if step.after is None:
                del self.records[key]
            else:
                self.records[key] = step.after

    def all(self, kind: type) -> list:
        return [r for r in self.records.values() if isinstance(r, kind)]

    def dossier(self, patient: str = "p") -> Dossier:
        records = [r for r in self.records.values() if r.patient == patient and not isinstance(r, Patient)]
        return Dossier.of(self.records["patient", patient], records)


def add(*records: Record) -> Edit:
    return added(TITLE, *records)


def alter(before: Record, after: Record) -> Edit:
    return altered(TITLE, before, after)
