"""The one door to a caseload: reads return frozen records, writes take an Edit. No Qt and no SQL in its face."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, cast

from trdtrack import gists
from trdtrack.domain.dossier import Dossier
from trdtrack.domain.drafts import Draft
from trdtrack.domain.edit import Edit, Touched
from trdtrack.domain.message import message
from trdtrack.domain.people import natural
from trdtrack.domain.records import Assessment, BenchmarkFile, Clinic, Course, Patient, Rules, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.summary import Held, Summary, summarise
from trdtrack.evidence import benchmarks, parse_benchmark
from trdtrack.listing import Row, drawn_with, gist_of_patient, newer, row_of
from trdtrack.storage import contents, drafts, erasure, journal, migrations, search
from trdtrack.storage.store import Store
from trdtrack.writing import Done, Writing, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator
    from datetime import date, datetime
    from pathlib import Path

    from trdtrack.domain.benchmark import Benchmark
    from trdtrack.domain.finding import Found
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.history import Line
    from trdtrack.domain.message import Message
    from trdtrack.domain.records import Record
    from trdtrack.storage.contents import Entry

    Tick = Callable[[int, int], None]

__all__ = ["UNDO_DEPTH", "Caseload", "Done", "Row", "drawn_with", "natural", "newer"]

UNDO_DEPTH = 100


def _nobody(_touched: Touched) -> None:
    """Tell nobody."""


class _DryRun(Exception):  # noqa: N818 - no error: it only takes back what a dry run wrote
    """All would have been taken."""


class Caseload:
    """An open caseload file. Every write goes through `edit`, `undo` or `redo`, and is told to whoever listens."""

    def __init__(self, store: Store, *, who: str) -> None:
        self._store = store
        self._who = who
        self._undo: list[Done] = []
        self._redo: list[Done] = []
        self.tell: Callable[[Touched], None] = _nobody
        # None are kept yet in a new file, and in one of an older program.
        if store.writable and not gists.complete(store):
            with suppress(Refusal):  # a benchmark that is gone: then they are drawn whenever they are asked for
                gists.make_anew(store, draw=self._draw())

    @classmethod
    def create(cls, path: Path, passphrase: str, *, who: str) -> Caseload:
        """Make a new, encrypted caseload file."""
        return cls(Store.create(path, passphrase), who=who)

    @classmethod
    def open(cls, path: Path, passphrase: str, *, who: str) -> Caseload:
        """Open a caseload file. Raises WrongPassphrase, or a Refusal that says what is wrong with the file."""
        return cls(Store.open(path, passphrase), who=who)

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    @property
    def read_only(self) -> bool:
        """Whether the file can only be looked at."""
        return not self._store.writable

    def close(self) -> None:
        """Close the file; undo ends here."""
        self.forget()
        self._store.close()

    def forget(self) -> None:
        """Let undo and redo go, and tell nobody any more: somebody else is at the screen."""
        self._undo.clear()
        self._redo.clear()
        self.tell = _nobody

    # Reading

    def rules(self) -> Rules:
        """Return the clinic's rules."""
        found = self._store.read("rules")
        return cast("Rules", found[0]) if found else Rules()

    def clinic(self) -> Clinic:
        """Return what the clinic sets for all its patients."""
        found = self._store.read("clinic")
        return cast("Clinic", found[0]) if found else Clinic()

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
        own = sorted(
            (cast("BenchmarkFile", r) for r in self._store.read("benchmark")), key=lambda b: (b.name, b.version)
        )
        return (*benchmarks(), *(parse_benchmark(b.text, file=b.name) for b in own))

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
        for dossier in gists.dossiers(self._store, only):
            drawn = ((course, drawn_with(course, known)) for course in dossier.courses)
            yield Held(
                dossier,
                tuple(summarise(dossier, c, benchmark=benchmark, rules=rules, today=today) for c, benchmark in drawn),
            )

    def in_force(self, patient: str) -> bool:
        """Whether there is such a patient, not withdrawn."""
        found = [cast("Patient", r) for r in self._store.read("patient", id=patient)]
        return any(not p.withdrawn for p in found)

    def gists(self, *, only: Iterable[str] | None = None) -> list[Gist]:
        """Return the gist of every patient in force, or of those with the ids given, in no order."""
        return gists.read(self._store, draw=self._draw(), only=only)

    def _draw(self) -> Callable[[Dossier], Gist]:
        return partial(gist_of_patient, rules=self.rules(), known=self.benchmarks(), clinic=self.clinic())

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

    def check(self) -> tuple[str, ...]:
        """Check the whole file: pages, references, history chain, records against history. Empty if all is well."""
        return self._store.faults()

    def rebuild(self, *, tick: Tick | None = None) -> list[str]:
        """Prove every gist kept equal to one drawn afresh; put right those that are not and return their codes."""
        with self._store.transaction(write=not self.read_only):
            wrong = gists.faults(self._store, draw=self._draw(), tick=tick)
            if wrong and not self.read_only:
                gists.make_anew(self._store, draw=self._draw(), tick=tick)
        return wrong

    @contextmanager
    def contents(self) -> Generator[tuple[int, Iterator[Entry]]]:
        """Hold the file and hand out everything in it as plain entries (see `storage.contents`): how many, and each."""
        with self._store.transaction(write=False) as connection:
            yield contents.count(connection), contents.entries(connection)

    @property
    def file_version(self) -> int:
        """The version of the file's schema."""
        return migrations.current()

    def changed_elsewhere(self) -> bool:
        """Whether another program changed the file since this was last asked."""
        return self._store.changed_elsewhere()

    # Writing

    def reach(self, edit: Edit) -> int:
        """Return how many records, and patients' rows, an edit bears on: how long it takes goes with that."""
        return reach(self._store, edit)

    def edit(self, edit: Edit, *, at: datetime, tick: Tick | None = None) -> Touched:
        """Check and write an edit, remember it for undo, and tell. `at` is the local moment, with its zone."""
        if not edit.steps:
            return edit.touched
        self._store.refuse_read_only()
        done, touched = self._writing(at, tick).edit(edit, rules=self.rules, clinic=self.clinic)
        self._redo.clear()
        self._remember(self._undo, done)
        self.tell(touched)
        return touched

    def take_contents(self, entries: Iterable[Entry], *, dry_run: bool = False) -> None:
        """Fill an empty caseload with all that `contents` handed out of another, history included, or refuse.

        In whole or not at all; with `dry_run` not at all. The history is the other caseload's, without a line more, and
        there is nothing to undo.
        """
        self._store.refuse_read_only()
        with suppress(_DryRun), self._store.transaction(write=True) as connection:
            contents.take(connection, entries)
            if dry_run:
                raise _DryRun
            with suppress(Refusal):  # as in `__init__`: a benchmark may be gone there too
                gists.make_anew(self._store, draw=self._draw())
        if not dry_run:
            self.tell(Touched(everything=True))

    def _writing(self, at: datetime, tick: Tick | None) -> Writing:
        return Writing(self._store, self._who, at, self._draw, tick)

    def can_undo(self) -> Done | None:
        """Return the edit that undo would take back."""
        return self._undo[-1] if self._undo else None

    def can_redo(self) -> Done | None:
        """Return the edit that redo would do again."""
        return self._redo[-1] if self._redo else None

    def undo(self, *, at: datetime, tick: Tick | None = None) -> Touched | None:
        """Take the last edit back: itself an edit, checked, audited and told. None if there is nothing to undo."""
        return self._reverse(self._undo, self._redo, role="undo", at=at, tick=tick)

    def redo(self, *, at: datetime, tick: Tick | None = None) -> Touched | None:
        """Do the last undone edit again. None if there is nothing to redo."""
        return self._reverse(self._redo, self._undo, role="redo", at=at, tick=tick)

    def _reverse(
        self, taken: list[Done], given: list[Done], *, role: str, at: datetime, tick: Tick | None
    ) -> Touched | None:
        if not taken:
            return None
        self._store.refuse_read_only()
        done, touched = self._writing(at, tick).reverse(taken[-1], role)
        taken.pop()
        self._remember(given, done)
        self.tell(touched)
        return touched

    @staticmethod
    def _remember(stack: list[Done], done: Done) -> None:
        stack.append(done)
        del stack[:-UNDO_DEPTH]

    # Drafts: what is typed and not saved. Nobody is told, and a draft never stops anybody's work.

    def keep_draft(self, form: str, *, patient: str, text: str, at: datetime) -> bool:
        """Keep a form's unsaved text in the place of its last; False if the file cannot take it now."""
        return drafts.keep(self._store, Draft(form, patient, at, text))

    def draft(self, form: str) -> Draft | None:
        """Return the text last kept of a form."""
        return drafts.of(self._store, form)

    def drafts(self) -> list[Draft]:
        """Return every draft, the newest first."""
        return drafts.every(self._store)

    def drop_draft(self, form: str) -> bool:
        """Let a form's draft go; False if the file cannot be written now."""
        return drafts.drop(self._store, form)

    # Erasing on a lawful request

    def shows(self, patient: str) -> list[tuple[Message, int]]:
        """Return what erasing a patient would take, and how many of each."""
        with self._store.transaction(write=False) as connection:
            return erasure.shows(connection, patient)

    def erase(self, patient: str, *, at: datetime) -> None:
        """Take a patient out of the file for good; one history line stays. Undo and redo end here.

        Refuses, nothing being done, while another program reads the file; or, the patient being gone, where remains
        may lie in the file: then erasing again finishes the work.
        """
        erasure.take_out(self._store, patient, who=self._who, at=at)
        self._undo.clear()
        self._redo.clear()
        try:
            erasure.sweep(self._store)
        finally:
            self.tell(Touched(everything=True))

    def copies_with(self, patient: str) -> list[Path]:
        """Return the copies beside the file that still hold a patient."""
        return erasure.holding(self._store, patient)

    def replace_copy(self, path: Path) -> None:
        """Put a proved copy of the file as it is now in the place of one made earlier."""
        erasure.replace_copy(self._store, path)
