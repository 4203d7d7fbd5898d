"""Whole lives of a caseload on a real encrypted file, against a plain dict: edits, undos, another window, reopening.

TRDTRACK_LONG=1 plays more and longer lives.
"""

from __future__ import annotations

import functools
import os
import random
import shutil
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from uuid import UUID

import pytest
from clinic import PASSWORD
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from trdtrack.caseload import UNDO_DEPTH, Caseload
from trdtrack.domain import record_checks
from trdtrack.domain.address import Address
from trdtrack.domain.edit import Edit, Step
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    KINDS,
    Assessment,
    Attendance,
    Course,
    Event,
    Modality,
    Patient,
    Presentation,
    Rules,
    Session,
    Treatment,
)
from trdtrack.domain.refusals import Refusal, Stale, WrongPassphrase
from trdtrack.storage import cipher

if TYPE_CHECKING:
    from cluster import Cluster

    from trdtrack.domain.records import Record

    Model = dict[tuple[str, str], Record]

LONG = bool(os.environ.get("TRDTRACK_LONG"))
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
PASSPHRASE = PASSWORD
EDITED = ("patient", "course", "session", "assessment", "treatment", "event")
"""Kinds withdrawn and restored here; what follows from an edit by itself adds records of further kinds."""
derive_key = functools.lru_cache(cipher.derive_key)

# Without NUL, which no server keeps (tests/storage/postgres/test_schema.py); files have it in test_bad_input.
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
days = st.dates(date(2025, 1, 1), date(2026, 5, 4))
answers = st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=9, max_size=9).filter(any).map(tuple)
chance = st.integers(0, 10**6)


@functools.cache
def empty_file() -> bytes:
    """An empty caseload, made once: a life begins with a copy of it."""
    with tempfile.TemporaryDirectory() as folder, patch.object(cipher, "derive_key", derive_key):
        path = Path(folder) / "a.trdtrack"
        Caseload.create(path, PASSPHRASE, who="Dr Test").close()
        return path.read_bytes()


class Life(RuleBasedStateMachine):
    """`model` is what the file should hold; `past` and `future` what undo and redo should bring back."""

    @initialize()
    def begin(self) -> None:
        self.patch = patch.object(cipher, "derive_key", derive_key)
        self.patch.start()
        # What follows from an edit gets its id by itself: a life played again has to pick the same records.
        chance = random.Random(1)
        self.ids = patch.object(record_checks, "uuid4", lambda: UUID(int=chance.getrandbits(128)))
        self.ids.start()
        self.place = self.new()
        self.caseload = Caseload.open(self.place, PASSPHRASE, who="Dr Test")
        self.model: Model = {}
        self.past: list[Edit] = []
        self.future: list[Edit] = []
        self.drafts: dict[str, str] = {}
        self.edits = 0

    # Where it is lived

    def new(self) -> Path | Address:
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / "life.trdtrack"
        path.write_bytes(empty_file())
        return path

    def left_behind(self) -> bool:
        """Whether anything lies beside a closed caseload."""
        return [path.name for path in self.folder.iterdir()] != ["life.trdtrack"]

    def clear_away(self) -> None:
        shutil.rmtree(self.folder)

    # Helpers

    def pick(self, kind: str, which: int) -> Any:
        found = sorted((r for k, r in self.model.items() if k[0] == kind), key=lambda r: r.id)
        return found[which % len(found)] if found else None

    def after(self, edit: Edit) -> Model:
        model = dict(self.model)
        for step in edit.steps:
            key = (step.record.kind, step.record.id)
            if step.after is None:
                del model[key]
            else:
                model[key] = step.after
        return model

    def act(self, *steps: Step) -> None:
        """Edit. What follows from it by itself is part of it: the steps written begin with those asked for."""
        told = []
        self.caseload.tell = told.append
        touched = self.caseload.edit(Edit(message("Act"), steps), at=AT)
        edit = self.written()
        assert edit.steps[: len(steps)] == steps
        assert told == [touched]
        assert touched == edit.touched
        self.model = self.after(edit)
        self.past = [*self.past, edit][-UNDO_DEPTH:]
        self.future = []
        self.edits += 1

    def written(self) -> Edit:
        done = self.caseload.can_undo()
        assert done
        return self.caseload._store.edit(done.number)

    def pick_open(self, which: int) -> Any:
        """A course in force of a patient in force: what a form can write to."""
        gone = {r.id for r in self.model.values() if isinstance(r, Patient) and r.withdrawn}
        found = [r for r in self.model.values() if isinstance(r, Course) and not r.withdrawn and r.patient not in gone]
        return sorted(found, key=lambda r: r.id)[which % len(found)] if found else None

    # Adding

    @rule(name=words, notes=words)
    def add_patient(self, name: str, notes: str) -> None:
        patient = Patient(code=f"P-{self.edits}", name=name, notes=notes)
        course = Course(patient=patient.id)
        self.act(Step(None, patient), Step(None, course))

    @precondition(lambda self: any(k[0] == "patient" for k in self.model))
    @rule(
        which=chance,
        start=st.none() | days,
        medication=words,
        modality=st.sampled_from(Modality),
        presentation=st.sets(st.sampled_from(Presentation)).map(lambda chosen: tuple(sorted(chosen))),
    )
    def add_course(
        self,
        which: int,
        start: date | None,
        medication: str,
        modality: Modality,
        presentation: tuple[Presentation, ...],
    ) -> None:
        patient = self.pick("patient", which)
        if any(isinstance(r, Course) and r.patient == patient.id and not r.withdrawn for r in self.model.values()):
            return  # one open course a patient
        step = Step(
            None,
            Course(
                patient=patient.id,
                start=start,
                medication=medication,
                modality=modality,
                presentation=presentation,
            ),
        )
        if {Presentation.FIRST, Presentation.RECURRENT} <= set(presentation):
            with pytest.raises(Refusal):
                self.act(step)
        else:
            self.act(step)

    @precondition(lambda self: any(k[0] == "course" for k in self.model))
    @rule(which=chance, day=days, note=words, answers=answers, difficulty=st.sampled_from([None, 0, 3]))
    def log_session_with_score(self, which: int, day: date, note: str, answers: tuple, difficulty: int | None) -> None:
        course = self.pick_open(which)
        if course is None or (course.start and day < course.start):
            return
        home: dict[str, Any] = {"patient": course.patient, "course": course.id, "date": day}
        session = Session(**home, note=note, entered=AT)
        score = Assessment(**home, session=session.id, answers=answers, difficulty=difficulty, entered=AT)
        self.act(Step(None, session), Step(None, score))

    @precondition(lambda self: any(k[0] == "course" for k in self.model))
    @rule(which=chance, first=days, totals=st.lists(st.integers(0, 27), min_size=1, max_size=40))
    def import_totals(self, which: int, first: date, totals: list[int]) -> None:
        course = self.pick_open(which)
        if course is None:
            return
        self.act(
            *[
                Step(
                    None,
                    Assessment(
                        patient=course.patient,
                        course=course.id,
                        date=first - timedelta(n),
                        total=total,
                        entered=AT + timedelta(microseconds=n),
                    ),
                )
                for n, total in enumerate(totals)
            ]
        )

    @precondition(lambda self: any(k[0] == "patient" for k in self.model))
    @rule(which=chance, drug=words.filter(str.strip), dose=words, day=days)
    def add_treatment_and_event(self, which: int, drug: str, dose: str, day: date) -> None:
        patient = self.pick("patient", which)
        treatment = Treatment(patient=patient.id, drug=drug, dose=dose, start=day)
        self.act(
            Step(None, treatment), Step(None, Event(patient=patient.id, date=day, text=f"began {drug}", entered=AT))
        )

    # Correcting, withdrawing, removing

    @precondition(lambda self: any(k[0] == "assessment" for k in self.model))
    @rule(which=chance, day=days, answers=answers)
    def correct_score(self, which: int, day: date, answers: tuple) -> None:
        before = self.pick("assessment", which)
        self.act(Step(before, replace(before, date=day, answers=answers, total=None)))

    @precondition(lambda self: any(k[0] == "session" for k in self.model))
    @rule(which=chance, note=words, attendance=st.sampled_from(Attendance))
    def correct_session(self, which: int, note: str, attendance: Attendance) -> None:
        before = self.pick("session", which)
        self.act(Step(before, replace(before, note=note, attendance=attendance)))

    @precondition(lambda self: any(k[0] == "patient" for k in self.model))
    @rule(which=chance, name=words, born=st.none() | st.dates(date(1930, 1, 1), date(2007, 1, 1)))
    def correct_patient_twice_in_one_edit(self, which: int, name: str, born: date | None) -> None:
        before = self.pick("patient", which)
        between = replace(before, name=name)
        self.act(Step(before, between), Step(between, replace(between, date_of_birth=born)))

    @rule(points=st.integers(5, 8), prorate=st.booleans())
    def set_rules(self, points: int, prorate: bool) -> None:
        self.act(Step(self.model.get(("rules", "rules")), Rules(reliable_change=points, prorate=prorate)))

    @precondition(lambda self: self.model)
    @rule(which=chance, kind=st.sampled_from(EDITED), reason=st.text(min_size=1, max_size=5).filter(str.isalnum))
    def withdraw(self, which: int, kind: str, reason: str) -> None:
        before = self.pick(kind, which)
        if before is None:
            return
        after = replace(before, withdrawn=None if before.withdrawn else reason)
        try:
            self.act(Step(before, after))
        except Refusal:
            # Only restoring can be refused: it may bring a second open course back, or a session before its week 0.
            assert before.withdrawn

    @precondition(lambda self: any(k[0] == "assessment" for k in self.model))
    @rule(which=chance)
    def remove_score(self, which: int) -> None:
        score = self.pick("assessment", which)
        if score.id not in {getattr(r, "assessment", None) for r in self.model.values()}:
            self.act(Step(score, None))

    # Drafts and erasing

    @rule(form=st.sampled_from(["log:1", "patient:new"]), typed=words)
    def type_and_leave(self, form: str, typed: str) -> None:
        assert self.caseload.keep_draft(form, patient="", text=typed, at=AT)
        self.drafts[form] = typed

    @rule(form=st.sampled_from(["log:1", "patient:new"]))
    def drop_draft(self, form: str) -> None:
        assert self.caseload.drop_draft(form)
        self.drafts.pop(form, None)

    @precondition(lambda self: any(k[0] == "patient" for k in self.model))
    @rule(which=chance)
    def erase(self, which: int) -> None:
        gone = self.pick("patient", which).id
        self.caseload.erase(gone, at=AT)
        self.model = {key: r for key, r in self.model.items() if r.patient != gone}
        self.past, self.future = [], []
        self.edits += 1
        assert self.caseload.history(gone) == []

    # Taking back

    @rule()
    def undo(self) -> None:
        touched = self.caseload.undo(at=AT)
        if not self.past:
            assert touched is None
            return
        edit = self.past.pop()
        assert touched == edit.touched
        self.future.append(edit)
        self.model = self.after(edit.inverse())
        self.edits += 1

    @rule()
    def redo(self) -> None:
        touched = self.caseload.redo(at=AT)
        if not self.future:
            assert touched is None
            return
        edit = self.future.pop()
        assert touched == edit.touched
        self.past.append(edit)
        self.model = self.after(edit)
        self.edits += 1

    # What goes wrong

    @precondition(lambda self: self.model)
    @rule(which=chance, kind=st.sampled_from(EDITED))
    def refuse(self, which: int, kind: str) -> None:
        """A stale edit, a taken code, a day to come: nothing happens, the good step before it included."""
        record = self.pick(kind, which)
        if record is None:
            return
        good = Step(None, Patient(code=f"Q-{self.edits}"))
        later = replace(record, withdrawn="never so")
        wrong = [Step(later, record), Step(None, replace(self.pick("patient", which), id="0" * 32))]
        if kind == "session":
            tomorrow = replace(record, date=AT.date() + timedelta(1), withdrawn=None)
            wrong.append(Step(record, tomorrow))
        with pytest.raises(Refusal):
            self.caseload.edit(Edit(message("No"), (good, wrong[which % len(wrong)])), at=AT)

    @precondition(lambda self: self.model)
    @rule(total=st.integers(1, 30), stop=st.integers(1, 30))
    def cancel(self, total: int, stop: int) -> None:
        def tick(done: int, of: int) -> None:
            raise KeyboardInterrupt

        steps = [Step(None, Patient(code=f"C-{n}")) for n in range(total)]
        with pytest.raises(KeyboardInterrupt):
            self.caseload.edit(Edit(message("Cancel"), tuple(steps)), at=AT, tick=tick)

    @precondition(lambda self: any(k[0] == "patient" for k in self.model))
    @rule(which=chance, notes=words)
    def another_window_edits(self, which: int, notes: str) -> None:
        """Then undo here either is not about that patient, or is refused: so this one's undo starts anew."""
        before = self.pick("patient", which)
        if notes == before.notes:
            return
        step = Step(before, replace(before, notes=notes))
        self.caseload.changed_elsewhere()
        other = Caseload.open(self.place, PASSPHRASE, who="other")
        other.edit(Edit(message("Elsewhere"), (step,)), at=AT)
        other.close()
        assert self.caseload.changed_elsewhere()
        assert not self.caseload.changed_elsewhere()
        self.model[before.kind, before.id] = step.after
        self.edits += 1
        about = [s for s in (self.past[-1].steps if self.past else ()) if s.record.id == before.id]
        if about:
            with pytest.raises(Stale):
                self.caseload.undo(at=AT)
        self.reopen()

    @rule()
    def reopen(self) -> None:
        self.caseload.close()
        assert not self.left_behind()
        self.caseload = Caseload.open(self.place, PASSPHRASE, who="Dr Test")
        self.past, self.future = [], []

    @rule()
    def a_wrong_passphrase(self) -> None:
        with pytest.raises(WrongPassphrase):
            Caseload.open(self.place, "wrong", who="x")

    @invariant()
    def the_file_holds_what_the_model_holds(self) -> None:
        if not hasattr(self, "model"):
            return
        found = {(r.kind, r.id): r for kind in KINDS for r in self.caseload._store.read(kind)}
        assert found == self.model
        assert {d.form: d.text for d in self.caseload.drafts()} == self.drafts
        assert self.caseload.rebuild() == []
        assert bool(self.caseload.can_undo()) == bool(self.past)
        assert bool(self.caseload.can_redo()) == bool(self.future)
        assert {p.code for p in self.caseload.patients()} == {
            r.code for r in self.model.values() if isinstance(r, Patient) and not r.withdrawn
        }

    def teardown(self) -> None:
        if not hasattr(self, "caseload"):
            return
        try:
            assert self.caseload.check() == ()
            assert max((line.edit for line in self.caseload.history(limit=1)), default=0) == self.edits
        finally:
            self.caseload.close()
            self.clear_away()
            self.patch.stop()
            self.ids.stop()



def test_a_life_on_a_server(cluster: Cluster, empty_clinic: str) -> None:
    """The same life in a database: an administrator's, by the port, where a password is asked for."""
    class OnServer(Life):
        def new(self) -> Address:
            self.database = cluster.database(empty_clinic)
            return Address.parse(cluster.address(self.database, "erna", tcp=True))

        def left_behind(self) -> bool:
            with cluster.connect() as db:
                asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
                for _ in range(100):
                    [(here,)] = db.execute(asked, [self.database]).fetchall()
                    if not here:
                        return False
                    time.sleep(0.02)
            return True

        def clear_away(self) -> None:
            cluster.drop(self.database)

    run_state_machine_as_test(
        OnServer,
        settings=settings(
            max_examples=100 if LONG else 3,
            stateful_step_count=100 if LONG else 30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            print_blob=True,
        ),
    )


Life.TestCase.settings = settings(
    max_examples=300 if LONG else 30,
    stateful_step_count=100 if LONG else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    print_blob=True,
)
TestLife = Life.TestCase
