"""What can be read of an open caseload file: frozen records, dossiers, summaries, gists, history, and its faults."""

from __future__ import annotations

import sys
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, cast

from trdtrack import gists
from trdtrack.domain import recovery_key
from trdtrack.domain.cases import in_order
from trdtrack.domain.chain_head import ChainHead
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.full_record import FullRecord
from trdtrack.domain.message import message
from trdtrack.domain.people import natural
from trdtrack.domain.records import Assessment, BenchmarkFile, Clinic, Course, Patient, Rules, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.summary import Held, Summary, summarise
from trdtrack.evidence import benchmarks, parse_benchmark
from trdtrack.listing import Row, case_of, drawn_with, gist_of_patient, row_of
from trdtrack.storage import drafts, journal, keys, outcome_rows, search
from trdtrack.storage.chain import hash_at, head
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from datetime import date

    from trdtrack.domain.address import Address
    from trdtrack.domain.afterwards import Read
    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.caseload_outcomes_rows import OutcomeRows
    from trdtrack.domain.cases import Case
    from trdtrack.domain.drafts import Draft
    from trdtrack.domain.finding import Found
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.history import Line
    from trdtrack.domain.records import Record
    from trdtrack.storage.records import Records

    Tick = Callable[[int, int], None]


class ReadableCaseload:
    """The half of the door through which nothing is written but what `rebuild` puts right."""

    def __init__(self, store: Records) -> None:
        self._store = store

    @property
    def place(self) -> Path | Address:
        """Where it is: the file, or the server's address. What this computer remembers of it goes by this."""
        return self._store.place

    @property
    def path(self) -> Path:
        """The file; of a server's caseload a path that leads nowhere, for the names it has."""
        place = self.place
        return place if isinstance(place, Path) else Path(place.name)

    @property
    def on_server(self) -> bool:
        """Whether it is a server's: then its backups, its passwords and its disk are the server's work."""
        return not isinstance(self._store, Store)

    def _file(self) -> Store:
        """Return the file, for what only a file has; refuse of a server's caseload."""
        if isinstance(self._store, Store):
            return self._store
        raise Refusal(
            message(
                "This caseload is on a server: passwords and backups are the server's, its administrator sees to them."
            )
        )

    @property
    def read_only(self) -> bool:
        """Whether the file can only be looked at."""
        return not self._store.writable

    def recovery_key(self, secret: str) -> tuple[str, ...]:
        """Return the recovery key as its printed groups, for whoever knows the passphrase (or has that key).

        Raises WrongPassphrase where `secret` does not open the file.
        """
        return recovery_key.groups(keys.prove(self._file(), secret)[0])

    def rules(self) -> Rules:
        """Return the clinic's rules."""
        return _rules(self._store.read("rules"))

    def clinic(self) -> Clinic:
        """Return what the clinic sets for all its patients."""
        return _clinic(self._store.read("clinic"))

    def patients(self) -> list[Patient]:
        """Return all patients in force, by code."""
        found = [cast("Patient", r) for r in self._store.read("patient")]
        return sorted((p for p in found if not p.withdrawn), key=lambda p: natural(p.code))

    def patient(self, patient: str) -> Patient:
        """Return one patient by id."""
        found = self._store.read("patient", id=patient)
        if not found:
            raise Refusal(message("This patient is not in the caseload any more."))
        return cast("Patient", found[0])

    def patient_by_code(self, code: str) -> Patient:
        """Return one patient by code, or refuse in words."""
        found = [cast("Patient", r) for r in self._store.read("patient", code=" ".join(code.split()))]
        if not found or found[0].withdrawn:
            raise Refusal(message("There is no patient with the code {code}.", code=code))
        return found[0]

    def courses(self, patient: str) -> list[Course]:
        """Return a patient's courses in force, oldest first, those without a start last."""
        return list(self.dossier(patient).courses)

    def current_course(self, patient: str) -> Course | None:
        """Return the open course, else the latest, else None."""
        return self.dossier(patient).current_course

    def sessions(self, course: str) -> list[Session]:
        """Return a course's sessions, withdrawn ones included, by date."""
        found = [cast("Session", r) for r in self._store.read("session", course=course)]
        return sorted(found, key=lambda s: (s.date, s.entered))

    def assessments(self, patient: str) -> list[Assessment]:
        """Return a patient's assessments, withdrawn ones included, by date answered."""
        found = [cast("Assessment", r) for r in self._store.read("assessment", patient=patient)]
        return sorted(found, key=lambda a: (a.date, a.entered))

    def benchmarks(self) -> tuple[Benchmark, ...]:
        """Return every benchmark a course can be drawn with: the shipped ones, then the clinic's own."""
        return _benchmarks(self._store.read("benchmark"))

    def summary(self, course: Course, *, today: date) -> Summary:
        """Sum up one course."""
        dossier = self.dossier(course.patient)
        benchmark = drawn_with(course, self.benchmarks())
        return summarise(dossier, course, benchmark=benchmark, rules=self.rules(), today=today)

    def dossier(self, patient: str) -> Dossier:
        """Return everything held about one patient."""
        found = (self._store.read(kind.kind, patient=patient) for kind in gists.KINDS_OF_PATIENT)
        return Dossier.of(self.patient(patient), chain.from_iterable(found))

    def rows(self, *, today: date, only: Iterable[str] | None = None) -> list[Row]:
        """Return a row for every patient in force, or for those with the ids given, by code: from the records."""
        row = partial(row_of, rules=self.rules(), known=self.benchmarks(), today=today)
        found = [row(dossier) for dossier in gists.dossiers(self._store, only)]
        return sorted(found, key=lambda r: natural(r.patient.code))

    def held(self, *, only: Iterable[str] | None = None, today: date) -> Iterator[Held]:
        """Yield what is held about each patient in force, or those with the ids given, every course summed up.

        In the order of the file; many patients are read at a time, so that this may be long and take little memory.
        """
        known, rules = self.benchmarks(), self.rules()
        for dossier in gists.dossiers(self._store, only, kinds=gists.KINDS_OF_PATIENT):
            drawn = ((course, drawn_with(course, known)) for course in dossier.courses)
            yield Held(
                dossier,
                tuple(summarise(dossier, c, benchmark=benchmark, rules=rules, today=today) for c, benchmark in drawn),
            )

    def cases(
        self,
        *,
        only: Iterable[str] | None = None,
        therapist: str = "",
        unconfirmed: Mapping[str, int] | None = None,
        today: date,
    ) -> list[Case]:
        """Return cases for supervision, in the caseload's order: the patients with the ids given, whatever their state.

        Without ids those whose course goes on, or whose risk is open; of one therapist, if one is named. `unconfirmed`:
        by patient the answer of 1-3 to item 9 that waits to be confirmed.
        """
        case = partial(case_of, known=self.benchmarks(), rules=self.rules(), clinic=self.clinic(), today=today)
        waiting = unconfirmed or {}
        found = (case(d, unconfirmed=waiting.get(d.patient.id, 0)) for d in gists.dossiers(self._store, only))
        return in_order(c for c in found if only is not None or c.asks(therapist))

    def full_record(self, patient: str, *, today: date) -> FullRecord:
        """Return everything held about one patient, withdrawn or not."""
        with self._store.transaction(write=False):
            dossier = self.dossier(patient)
            summaries = [self.summary(course, today=today) for course in dossier.courses]
            history = self.history(patient, limit=sys.maxsize)
            return FullRecord.of(dossier, summaries, history=history, drafts=self.drafts(), rules=self.rules())

    def in_force(self, patient: str) -> bool:
        """Whether there is such a patient, not withdrawn."""
        found = [cast("Patient", r) for r in self._store.read("patient", id=patient)]
        return any(not p.withdrawn for p in found)

    def gists(self, *, only: Iterable[str] | None = None) -> list[Gist]:
        """Return the gist of every patient in force, or of those with the ids given, in no order."""
        return gists.read(self._store, draw=self._draw(), only=only)

    def outcome_rows(self, *, tick: Tick | None = None) -> OutcomeRows:
        """Return what the outcomes of the caseload are reckoned from, as plain columns: fast at ten thousand."""
        return outcome_rows.read(self._store, tick=tick)

    def _draw(self, read: Read | None = None) -> Callable[[Dossier], Gist]:
        """Return what draws a gist by the rules, settings and benchmarks that `read` gives: those in force."""
        read = read or self._store.read
        rules, known, clinic = _rules(read("rules")), _benchmarks(read("benchmark")), _clinic(read("clinic"))
        return partial(gist_of_patient, rules=rules, known=known, clinic=clinic)

    def records(self, kind: str, *, among: Collection[str] | None = None, field: str = "id") -> list[Record]:
        """Return records of one kind, withdrawn ones included, in no order: all, or those with a field among these."""
        return self._store.read(kind) if among is None else list(self._store.read_all(kind, field, list(among)))

    def history(self, patient: str | None = None, *, before: int | None = None, limit: int = 500) -> list[Line]:
        """Return history lines, the newest first: all or one patient's. `before`: where the last page ended."""
        with self._store.transaction(write=False) as connection:
            return journal.lines(connection, patient=patient, before=before, limit=limit)

    def find(self, text: str, *, limit: int = 30) -> list[Found]:
        """Return what holds every word of a text, each as a beginning: patients by code or name, then the newest."""
        with self._store.transaction(write=False) as connection:
            return search.find(connection, text, limit=limit)

    @property
    def head(self) -> ChainHead:
        """The end of the history."""
        with self._store.transaction(write=False) as connection:
            end = head(connection)
        return ChainHead(end.seq, end.hash)

    def continues(self, known: ChainHead) -> bool:
        """Whether the history has the line that ended it once, kept elsewhere by its number and part of its hash."""
        with self._store.transaction(write=False) as connection:
            return hash_at(connection, known.number).startswith(known.hash or "?")

    def check(self) -> tuple[str, ...]:
        """Check the whole file: pages, references, history chain, records against history. Empty if all is well."""
        return self._store.faults()

    def rebuild(self, *, tick: Tick | None = None) -> list[str]:
        """Prove every gist kept equal to one drawn afresh; put right those that are not and return their codes."""
        with self._store.transaction(write=self._store.whole):
            if self._store.whole:
                self._store.hold((), everything=True)
            wrong = gists.faults(self._store, draw=self._draw(), tick=tick)
            if wrong and self._store.whole:
                gists.make_anew(self._store, draw=self._draw(), tick=tick)
        return wrong

    def draft(self, form: str) -> Draft | None:
        """Return the text last kept of a form."""
        return drafts.of(self._store, form)

    def drafts(self) -> list[Draft]:
        """Return every draft, the newest first."""
        return drafts.every(self._store)

    def changed_elsewhere(self) -> bool:
        """Whether another program changed the file since this was last asked."""
        return self._store.changed_elsewhere()


def _rules(found: list[Record]) -> Rules:
    return cast("Rules", found[0]) if found else Rules()


def _clinic(found: list[Record]) -> Clinic:
    return cast("Clinic", found[0]) if found else Clinic()


def _benchmarks(found: list[Record]) -> tuple[Benchmark, ...]:
    own = sorted((cast("BenchmarkFile", r) for r in found), key=lambda b: (b.name, b.version))
    return (*benchmarks(), *(parse_benchmark(b.text, file=b.name) for b in own))
