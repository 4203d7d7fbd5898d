"""A caseload as an edit leaves it: the stored records with the edit laid over. Reads only what is asked for, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from trdtrack.domain.edit import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.records import Record

T = TypeVar("T", bound="Record")


class Read(Protocol):
    """Reads the stored records of a kind whose fields equal the values given."""

    def __call__(self, kind: str, **equal: str) -> list[Record]:
        """Return those records."""
        ...


class Afterwards:
    """What is stored, and what stands once the edit and what was `put` upon it are done."""

    def __init__(self, edit: Edit, read: Read) -> None:
        self._read = read
        self._changes: dict[tuple[str, str], tuple[Record | None, Record | None]] = {}
        for step in edit.steps:
            key = (step.record.kind, step.record.id)
            # A record may take two steps in one edit: what counts is where it began and where it ends.
            first = self._changes[key][0] if key in self._changes else step.before
            self._changes[key] = (first, step.after)
        self._laid: dict[tuple[str, str], dict[str, Record]] = {}
        for _, record in self._changes.values():
            if record is not None:
                self._laid.setdefault((record.kind, record.patient), {})[record.id] = record
        self._by_patient: dict[tuple[str, str], list[Record]] = {}
        self._by_id: dict[tuple[str, str], Record | None] = {}
        self._put: dict[tuple[str, str], tuple[Record | None, Record]] = {}

    def changes(self, kind: type[T]) -> Iterable[tuple[T | None, T | None]]:
        """Return the edit's records of a kind, each as it was before and as it is after."""
        return [cast("tuple[T | None, T | None]", pair) for key, pair in self._changes.items() if key[0] == kind.kind]

    def everything(self) -> Iterable[tuple[Record | None, Record | None]]:
        """Return all of the edit's records, each as it was before and as it is after."""
        return self._changes.values()

    def changed(self, record: Record) -> bool:
        """Whether the edit is about this record."""
        return (record.kind, record.id) in self._changes

    def was(self, record: T) -> T | None:
        """Return a record as it was before the edit; None where it is new."""
        return cast("T | None", self._changes.get((record.kind, record.id), (record, None))[0])

    def one(self, kind: type[T], record: str) -> T | None:
        """Return one record by id."""
        key = (kind.kind, record)
        if key in self._changes:
            return cast("T | None", self._changes[key][1])
        if key not in self._by_id:
            self._by_id[key] = next(iter(self._read(kind.kind, id=record)), None)
        return cast("T | None", self._by_id[key])

    def stored(self, kind: type[T], patient: str) -> list[T]:
        """Return a patient's records of a kind as they were before the edit, withdrawn ones included."""
        if ("patient", patient) in self._changes and self._changes["patient", patient][0] is None:
            return []
        key = (kind.kind, patient)
        if key not in self._by_patient:
            self._by_patient[key] = self._read(kind.kind, patient=patient)
        return cast("list[T]", self._by_patient[key])

    def of(self, kind: type[T], patient: str) -> list[T]:
        """Return a patient's records of a kind as they are after the edit, withdrawn ones included."""
        kept = [r for r in self.stored(kind, patient) if (r.kind, r.id) not in self._changes]
        return kept + cast("list[T]", list(self._laid.get((kind.kind, patient), {}).values()))

    def in_force(self, kind: type[T], patient: str) -> list[T]:
        """Return a patient's records of a kind in force after the edit."""
        return [r for r in self.of(kind, patient) if not cast("Any", r).withdrawn]

    def put(self, before: Record | None, after: Record) -> None:
        """Lay a further step over the edit."""
        key = (after.kind, after.id)
        first, last = self._changes.get(key, (before, None))
        if last is not None:
            self._laid[last.kind, last.patient].pop(last.id)
        self._changes[key] = (first, after)
        self._laid.setdefault((after.kind, after.patient), {})[after.id] = after
        self._put[key] = (self._put.get(key, (before, after))[0], after)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was put, a step a record, in order."""
        return tuple(Step(before, after) for before, after in self._put.values())
