"""Keeps the gist of each patient true to the records: in the transaction of every edit, or drawn anew."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, cast, get_args

from trdtrack.domain.afterwards import Afterwards
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import BenchmarkFile, Clinic, Letter, OfPatient, Patient, Rules
from trdtrack.storage import gists

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from trdtrack.domain.edit import Edit
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Record
    from trdtrack.storage.records import Known, Records

    Draw = Callable[[Dossier], Gist]
    """Draws the gist of a patient by the clinic's rules, settings and benchmarks as they are now."""
    Tick = Callable[[int, int], None]

KINDS_OF_PATIENT: tuple[type[OfPatient], ...] = get_args(OfPatient)
_OF_GISTS = tuple(kind for kind in KINDS_OF_PATIENT if kind is not Letter)
"""What a gist may rest on: no row of the caseload shows a letter."""
KINDS_AHEAD = (Patient.kind, *(kind.kind for kind in _OF_GISTS))
OF_CLINIC = frozenset(kind.kind for kind in (Rules, BenchmarkFile, Clinic))
PART = 500
MANY = 50
"""From this many patients on they are read a kind at a time: below, each is asked for by itself."""


class Reading:
    """The stored records as an edit finds them, each question put to the file once."""

    def __init__(self, store: Records, known: Known) -> None:
        """`known`: what `hold` read at once."""
        self._store = store
        self._known: dict[tuple[Any, ...], list[Record]] = {
            (kind, (_field(kind), one)) if one else (kind,): records
            for one, kinds in known.items()
            for kind, records in kinds.items()
        }

    def __call__(self, kind: str, **equal: str) -> list[Record]:
        """Return the records of one kind whose fields equal the values given."""
        key = (kind, *equal.items())
        if key not in self._known:
            self._known[key] = self._store.read(kind, **equal)
        return self._known[key]

    def ahead(self, patients: Collection[str], *, tick: Tick) -> None:
        """Read all there is about many patients at a stroke."""
        for number, kind in enumerate(KINDS_AHEAD):
            tick(number, len(KINDS_AHEAD))
            field = _field(kind)
            self._known |= {(kind, (field, one)): [] for one in patients}
            for record in self._store.read_all(kind, field, list(patients)):
                self._known[kind, (field, record.patient)].append(record)


def _field(kind: str) -> str:
    return "id" if kind == Patient.kind else "patient"


def count(store: Records, edit: Edit) -> int:
    """Return how many gists an edit bears on."""
    return store.count(Patient.kind) if for_all(edit) else len(edit.touched.patients)


def for_all(edit: Edit) -> bool:
    """Whether an edit bears on every patient's gist."""
    return any(_bears_on_all(step.before, step.after) for step in edit.steps)


def _bears_on_all(before: Record | None, after: Record | None) -> bool:
    record = after or before
    if isinstance(record, Rules):
        was, now = (cast("Rules", r or Rules()) for r in (before, after))
        return replace(was, trial_weeks=now.trial_weeks) != now
    if isinstance(record, Clinic):
        was, now = (cast("Clinic", r or Clinic()) for r in (before, after))
        return was.review_months != now.review_months
    # No course can have been drawn with a benchmark that is new.
    return isinstance(record, BenchmarkFile) and before is not None


def keep(store: Records, edit: Edit, read: Reading, *, draw: Draw, tick: Tick | None = None) -> None:
    """Bring what is kept up to date with an edit just written, in its transaction; `read` as it was before."""
    if for_all(edit):
        make_anew(store, draw=draw, tick=tick)
        return
    after, patients = Afterwards(edit, read), sorted(edit.touched.patients)
    for start in range(0, len(patients), PART):
        part = patients[start : start + PART]
        found = [dossier for patient in part if (dossier := _afterwards(after, patient))]
        gone = set(part) - {dossier.patient.id for dossier in found}
        with store.transaction(write=True) as connection:
            gists.keep(connection, map(draw, found))
            gists.drop(connection, gone)
        if tick:
            tick(start + len(part), len(patients))


def _afterwards(after: Afterwards, patient: str) -> Dossier | None:
    """Return a patient's dossier as the edit leaves it; None where the patient is gone or withdrawn."""
    person = after.one(Patient, patient)
    if person is None or person.withdrawn:
        return None
    return Dossier.of(person, chain.from_iterable(after.of(kind, patient) for kind in _OF_GISTS))


def dossiers(
    store: Records, only: Iterable[str] | None = None, *, kinds: Iterable[type[OfPatient]] = _OF_GISTS
) -> Iterator[Dossier]:
    """Yield the dossier of every patient in force, or of those with the ids given, many at a time.

    With records of those kinds alone: as they are, all that a gist rests on.
    """
    people = store.read(Patient.kind) if only is None else store.read_all(Patient.kind, "id", list(only))
    patients = [cast("Patient", p) for p in people if not cast("Patient", p).withdrawn]
    for start in range(0, len(patients), PART):
        part = patients[start : start + PART]
        ids = [patient.id for patient in part]
        records: dict[str, list[Record]] = {one: [] for one in ids}
        for kind in kinds:
            for record in store.read_all(kind.kind, "patient", ids):
                records[record.patient].append(record)
        yield from (Dossier.of(patient, records[patient.id]) for patient in part)


def make_anew(store: Records, *, draw: Draw, tick: Tick | None = None) -> None:
    """Draw every gist from the records, in one transaction."""
    with store.transaction(write=True) as connection:
        store.hold((), everything=True)
        of = store.count(Patient.kind)
        part: list[Gist] = []
        gists.drop_all(connection)
        for number, dossier in enumerate(dossiers(store), start=1):
            part.append(draw(dossier))
            if len(part) == PART:
                gists.keep(connection, part)
                part.clear()
                if tick:
                    tick(number, of)
        gists.keep(connection, part)
        gists.stamp(connection)
        if tick:
            tick(of, of)


def faults(store: Records, *, draw: Draw, tick: Tick | None = None) -> list[str]:
    """Return the codes of patients of whom something else is kept than the records say, by id where there is none."""
    with store.transaction(write=False) as connection:
        kept = gists.texts(connection)
        wrong: list[str] = []
        of = len(kept)
        for number, dossier in enumerate(dossiers(store), start=1):
            if kept.pop(dossier.patient.id, None) != gists.to_text(draw(dossier)):
                wrong.append(dossier.patient.code)
            if tick and number % PART == 0:
                tick(number, max(of, number))
    return wrong + sorted(kept)


def read(store: Records, *, draw: Draw, only: Iterable[str] | None = None) -> list[Gist]:
    """Return what is kept of every patient in force, or of those with the ids given: drawn anew where it is not all."""
    wanted = None if only is None else list(only)
    with store.transaction(write=False) as connection:
        if wanted is not None and gists.complete(connection):
            return gists.read_of(connection, wanted)
        found = gists.read(connection) if wanted is None else None
        return [draw(dossier) for dossier in dossiers(store, wanted)] if found is None else found


def complete(store: Records) -> bool:
    """Whether every patient's gist is kept, by today's rules."""
    with store.transaction(write=False) as connection:
        return gists.complete(connection)
