"""Lawful erasure: pages decrypted one by one hold nothing of the patient, the others and the history stay whole."""

from __future__ import annotations

import random
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from behind import sql, unguarded
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from trdtrack import file_head
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, Step, Touched, added, altered
from trdtrack.domain.history import describe
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Event, Patient, Session, Treatment
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import backup, cipher
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Sample

PASSPHRASE = "seven dry tulips"
RESERVED, IV = 80, 16
WAL_HEADER, FRAME_HEADER = 32, 24
NAMES = 400


def decrypted(page: bytes, key: bytes, *, first: bool) -> bytes:
    """A page as SQLCipher 4 writes it: AES-256-CBC, the IV leads the last 80 bytes; the salt leads page 1."""
    start, end = file_head.BYTES if first else 0, cipher.PAGE - RESERVED
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + IV])).decryptor()
    return decryptor.update(page[start:end]) + decryptor.finalize()


def pages(path: Path, key: bytes) -> Iterator[bytes]:
    """Every page of the main file and of the -wal file, free ones and old ones included."""
    raw = path.read_bytes()
    for at in range(0, len(raw), cipher.PAGE):
        yield decrypted(raw[at : at + cipher.PAGE], key, first=at == 0)
    wal = path.with_name(path.name + "-wal")
    raw = wal.read_bytes() if wal.exists() else b""
    for at in range(WAL_HEADER, len(raw), FRAME_HEADER + cipher.PAGE):
        number = int.from_bytes(raw[at : at + 4], "big")
        page = raw[at + FRAME_HEADER : at + FRAME_HEADER + cipher.PAGE]
        yield decrypted(page, key, first=number == 1)


def seen(path: Path, names: list[str]) -> set[str]:
    key = cipher.derive_key(PASSPHRASE, cipher.salt_of(path))
    # The index keeps words in lower case and shares their beginnings, so that only a whole word can be looked for.
    everything = b"\n".join(pages(path, key)).lower()
    return {name for name in names if name.lower().encode() in everything}


def planted(count: int) -> list[str]:
    chance = random.Random(5)
    letters = "bcdfghklmnprstvw"
    names = {
        "".join(chance.choice(letters) + chance.choice("aeiou") for _ in range(5)).title() for _ in range(2 * count)
    }
    return sorted(names)[:count]


class Planted:
    """Forty patients with ten names each, in every place that takes words, corrected once, among as many others."""

    def __init__(self, path: Path, at: object) -> None:
        self.path, self.at = path, at
        self.names = planted(NAMES)
        self.caseload = Caseload.create(path, PASSPHRASE, who="Dr Test")
        self.gone: list[str] = []
        for n in range(0, NAMES, 10):
            self.plant(n, self.names[n : n + 10])
        self.caseload.edit(
            added(message("Add"), *[Patient(code=f"O-{n}", name=f"Other{n}", notes="stays") for n in range(40)]), at=at
        )

    def plant(self, n: int, names: list[str]) -> None:
        name, notes, goals, drug, dose, note, task, event, wrong, typed = names
        patient = Patient(code=f"P-{n}", name=name, notes=notes)
        course = Course(patient=patient.id, goals=goals)
        day = date(2026, 1, 1) + timedelta(n % 90)
        session = Session(patient=patient.id, course=course.id, date=day, note=wrong, task=task, entered=self.at)
        treatment = Treatment(patient=patient.id, drug=drug, dose=dose)
        happening = Event(patient=patient.id, date=day, text=event, entered=self.at)
        edit = self.caseload.edit
        edit(added(message("Add"), patient, course, session, treatment, happening), at=self.at)
        edit(altered(message("Correct"), session, replace(session, note=note)), at=self.at)
        self.caseload.keep_draft(f"log:{n}", patient=patient.id, text=typed, at=self.at)
        self.gone.append(patient.id)


@pytest.fixture
def full(tmp_path: Path, sample: type[Sample]) -> Iterator[Planted]:
    made = Planted(tmp_path / "full.trdtrack", sample.at)
    yield made
    made.caseload.close()


def test_no_page_holds_any_of_400_names(full: Planted) -> None:
    assert seen(full.path, full.names) == set(full.names), "else the search below could not fail"
    for patient in full.gone:
        full.caseload.erase(patient, at=full.at)
    assert seen(full.path, full.names) == set()
    assert seen(full.path, ["Other7", "stays"]) == {"Other7", "stays"}
    assert full.caseload.check() == ()
    full.caseload.close()
    assert seen(full.path, full.names) == set()
    with closing(Caseload.open(full.path, PASSPHRASE, who="x")) as again:
        assert len(again.patients()) == 40
        assert again.drafts() == []
        assert not any(again.find(name) for name in full.names)
        # The index writes only what a word does not share with the one before it, so that pages alone prove too little.
        raw = again._store._raw
        raw.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, found, row)")
        terms = {row[0] for row in raw.execute("SELECT term FROM temp.terms")}
        assert "stays" in terms
        assert not terms & {name.lower() for name in full.names}


def test_a_bare_delete_leaves_names_behind(full: Planted) -> None:
    full.caseload._store._raw.execute("PRAGMA foreign_keys = OFF")
    with unguarded(full.caseload._store) as raw:
        for table in (
            *("event", "treatment", "session", "course", "patient", "audit_about", "audit_text", "words", "draft"),
        ):
            raw.execute(f"DELETE FROM {table}")
    assert len(seen(full.path, full.names)) > NAMES / 2
    raw.execute("VACUUM")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert seen(full.path, full.names) < set(full.names)


@pytest.fixture
def caseload(small: Path) -> Iterator[Caseload]:
    with closing(Caseload.open(small, PASSPHRASE, who="Dr Test")) as opened:
        yield opened


def test_what_would_go_is_counted(caseload: Caseload, sample: type[Sample]) -> None:
    caseload.keep_draft("log:1", patient=sample.patient.id, text="x", at=sample.at)
    assert [(say(what), n) for what, n in caseload.shows(sample.patient.id)] == [
        ("courses of care", 1),
        ("sessions", 1),
        ("PHQ-9 scores", 10),
        ("drafts", 1),
        ("history lines", 13),
    ]


def test_one_line_stays_and_undo_ends(caseload: Caseload, sample: type[Sample]) -> None:
    other = Patient(code="P-2", name="Trillian")
    caseload.edit(added(message("Add"), other), at=sample.at)
    caseload.edit(altered(message("Correct"), sample.patient, replace(sample.patient, name="Marvin")), at=sample.at)
    caseload.undo(at=sample.at)
    told: list[Touched] = []
    caseload.tell = told.append
    caseload.erase(sample.patient.id, at=sample.at)
    assert told == [Touched(everything=True)]
    assert caseload.can_undo() is None
    assert caseload.can_redo() is None
    assert caseload.patients() == [other]
    assert caseload.history(sample.patient.id) == []
    line, *older = caseload.history()
    assert (line.title, line.who, line.record, line.at) == ("Erase patient", "Dr Test", sample.patient.id, sample.at)
    assert say(describe(line)) == "A patient was erased on a lawful request"
    assert [old.erased for old in older] == [True, True, False, *[True] * len(sample.scores), True, True, True, False]
    assert caseload.check() == ()
    caseload.edit(added(message("Add"), Patient(code="P-1")), at=sample.at)
    assert caseload.check() == ()


def test_tampering_is_still_found(caseload: Caseload, sample: type[Sample]) -> None:
    caseload.edit(added(message("Add"), Patient(code="P-2", name="Trillian")), at=sample.at)
    caseload.erase(sample.patient.id, at=sample.at)
    raw = caseload._store._raw
    raw.execute("UPDATE patient SET name = 'x'")
    assert len(caseload.check()) == 1
    raw.execute("UPDATE patient SET name = 'Trillian'")
    raw.execute("INSERT INTO patient (id, code, name, notes) VALUES (?, 'P-1', '', '')", (sample.patient.id,))
    assert len(caseload.check()) == 1, "an erased patient put back by hand"
    raw.execute("DELETE FROM patient WHERE code = 'P-1'")
    assert caseload.check() == ()
    sql(caseload._store, "UPDATE audit SET who = 'x' WHERE title = 'Erase patient'")
    assert len(caseload.check()) == 1


def test_lines_of_one_edit_about_others_keep_their_words(caseload: Caseload, sample: type[Sample]) -> None:
    first, second = Patient(code="I-1", name="One"), Patient(code="I-2", name="Two")
    caseload.edit(added(message("Import"), first, second), at=sample.at)
    [number] = {line.edit for line in caseload.history(first.id)}
    caseload.erase(first.id, at=sample.at)
    [kept] = caseload.history(second.id)
    assert (kept.erased, kept.after) == (False, second)
    with pytest.raises(Refusal, match="history was erased"):
        caseload._store.edit(number)
    assert caseload.check() == ()


def test_another_windows_undo_of_what_was_erased_is_refused(
    caseload: Caseload, small: Path, sample: type[Sample]
) -> None:
    with closing(Caseload.open(small, PASSPHRASE, who="other")) as other:
        other.edit(altered(message("Correct"), sample.patient, replace(sample.patient, name="Marvin")), at=sample.at)
        caseload.erase(sample.patient.id, at=sample.at)
        with pytest.raises(Refusal, match="history was erased"):
            other.undo(at=sample.at)
        assert other.changed_elsewhere()
        assert other.check() == ()


def test_a_record_that_moved_away_takes_its_words_along(caseload: Caseload, sample: type[Sample]) -> None:
    """The line of the move holds the erased patient's words, so it goes; the record in its new place stays."""
    other = Patient(code="P-2")
    course = Course(patient=other.id)
    caseload.edit(added(message("Add"), other, course), at=sample.at)
    moved = replace(sample.session, patient=other.id, course=course.id)
    caseload.edit(Edit(message("Move"), (Step(sample.session, moved),)), at=sample.at)
    caseload.erase(sample.patient.id, at=sample.at)
    assert caseload.sessions(course.id) == [moved]
    assert [f.record for f in caseload.find("galactic")] == [moved.id]
    assert caseload.check() == ()


def test_nothing_is_erased_while_another_program_reads(
    caseload: Caseload, small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "BUSY_SECONDS", 0.1)
    caseload.close()
    with (
        closing(Caseload.open(small, PASSPHRASE, who="x")) as writer,
        closing(Caseload.open(small, PASSPHRASE, who="y")) as reader,
    ):
        reading = reader._store._raw
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM patient").fetchone()
        writer.edit(added(message("Add"), Patient(code="P-2")), at=sample.at)
        with pytest.raises(Refusal, match="nothing was erased"):
            writer.erase(sample.patient.id, at=sample.at)
        assert writer.patient(sample.patient.id) == sample.patient
        assert writer.can_undo()
        reading.execute("COMMIT")
        writer.erase(sample.patient.id, at=sample.at)
        assert [p.code for p in reader.patients()] == ["P-2"]
        assert seen(small, list(sample.words)) == set()


def test_remains_are_said_and_erasing_again_finishes(
    caseload: Caseload, small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second program begins to read between the deletion and the sweep."""
    monkeypatch.setattr(cipher, "BUSY_SECONDS", 0.1)
    caseload.close()
    with (
        closing(Caseload.open(small, PASSPHRASE, who="x")) as writer,
        closing(Caseload.open(small, PASSPHRASE, who="y")) as reader,
    ):
        reading, alone, calls = reader._store._raw, writer._store.alone, []

        @contextmanager
        def read_meanwhile() -> Iterator[object]:
            calls.append(1)
            if len(calls) == 2:
                reading.execute("BEGIN")
                reading.execute("SELECT count(*) FROM patient").fetchone()
            with alone() as raw:
                yield raw

        monkeypatch.setattr(writer._store, "alone", read_meanwhile)
        told: list[Touched] = []
        writer.tell = told.append
        with pytest.raises(Refusal, match="remains may still lie"):
            writer.erase(sample.patient.id, at=sample.at)
        assert told == [Touched(everything=True)]
        assert writer.patients() == []
        assert seen(small, list(sample.words)), "the reader still sees the old pages"
        reading.execute("COMMIT")
        writer.erase(sample.patient.id, at=sample.at)
        assert seen(small, list(sample.words)) == set()
        assert [line.title for line in writer.history()].count("Erase patient") == 1
        assert writer.check() == ()


def test_a_patient_never_there_is_refused_and_a_read_only_file_too(
    caseload: Caseload, small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match="not in the caseload any more"):
        caseload.erase("x" * 32, at=sample.at)
    caseload.close()
    monkeypatch.setattr(cipher, "writable", lambda _path: False)
    with closing(Caseload.open(small, PASSPHRASE, who="x")) as opened, pytest.raises(Refusal, match="read-only"):
        opened.erase(sample.patient.id, at=sample.at)


def test_copies_that_hold_the_patient_are_named_and_replaced(
    caseload: Caseload, small: Path, small_bytes: bytes, sample: type[Sample], tmp_path: Path
) -> None:
    old, foreign, other = backup.beside(small, 2), backup.beside(small, 1), tmp_path / "small.version-x.trdtrack"
    for copy in (old, other):
        copy.write_bytes(small_bytes)
    foreign.write_bytes(random.Random(1).randbytes(8192))
    assert caseload.copies_with(sample.patient.id) == [old]
    assert caseload.copies_with("x" * 32) == []
    caseload.erase(sample.patient.id, at=sample.at)
    assert caseload.copies_with(sample.patient.id) == [old]
    caseload.backups.renew([old], at=sample.at)
    assert other.read_bytes() == small_bytes
    assert caseload.copies_with(sample.patient.id) == []
    assert seen(old, list(sample.words)) == set()
    with closing(Caseload.open(old, PASSPHRASE, who="x")) as copy:
        assert copy.check() == ()
        assert copy.patients() == []
