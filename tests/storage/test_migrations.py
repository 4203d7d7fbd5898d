"""Older files are copied, the copy proved, and taken to today's schema step by step; a failed step changes nothing."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import version3

from trdtrack.caseload import Caseload
from trdtrack.domain.drafts import Draft
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import (
    KINDS,
    Assessment,
    Attendance,
    Course,
    Letter,
    Modality,
    Patient,
    Presentation,
    Recipient,
    Rules,
    Session,
)
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import backup, cipher, drafts, migrations, search
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from conftest import Sample
    from sqlalchemy import Connection

FILES = Path(__file__).parents[1] / "files"
V1_PASSPHRASE = "four plain boats"
"""Opens tests/files/v1.trdtrack, written by version 1 on 22 November 2026 and never written again."""
REAL = migrations.STEPS
NOW = migrations.current()
"""Today's version: the steps made up here come after the real ones."""
ENTERED = datetime(2026, 3, 10, 8, 30, tzinfo=UTC)


def test_a_file_of_version_1_opens_for_ever(tmp_path: Path) -> None:
    path = shutil.copy(FILES / "v1.trdtrack", tmp_path / "v1.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        assert store.faults() == ()
        assert store.read("rules") == [Rules(reliable_change=7, prorate=False)]
        assert store.read("patient") == [
            Patient(
                id="a" * 32, code="P-1", name="Ada Ünal", date_of_birth=date(1980, 2, 29), notes="Zeile 1\nline 2 ✓"
            ),
            Patient(id="b" * 32, code="P-2", withdrawn="entered twice"),
        ]
        assert store.read("course") == [
            Course(
                id="c" * 32,
                patient="a" * 32,
                modality=Modality.CBASP,
                presentation=(Presentation.RECURRENT, Presentation.CHRONIC),
                start=date(2026, 1, 7),
                planned_sessions=20,
                medication="sertraline 150 mg",
                baseline="e" * 32,
                baseline_reason="the day before, complete",
                end=date(2026, 3, 9),
            )
        ]
        assert store.read("session") == [
            Session(
                id="d" * 32,
                patient="a" * 32,
                course="c" * 32,
                date=date(2026, 1, 7),
                attendance=Attendance.LATE_CANCEL,
                note="rang at 9",
                entered=ENTERED,
            )
        ]
        assert store.read("assessment") == [
            Assessment(
                id="e" * 32,
                patient="a" * 32,
                course="c" * 32,
                session="d" * 32,
                date=date(2026, 1, 6),
                answers=(3, 2, None, 3, 2, 1, 0, 2, 1),
                difficulty=2,
                entered=ENTERED,
            ),
            Assessment(
                id="f" * 32, patient="a" * 32, course="c" * 32, date=date(2026, 3, 3), total=11, entered=ENTERED
            ),
        ]
        first, last = store.edit(1), store.edit(7)
        assert (first.title.text, last.title.text, last.undoes) == ("Set rules", "Correct patient", 6)
        assert last.steps[0].before == Patient(id="a" * 32, code="P-1", name="Ada", date_of_birth=date(1980, 2, 29))
    assert (FILES / "v1.trdtrack").stat().st_size < 120_000


def structure(store: Store) -> dict[str, object]:
    """Every table's columns (name, type, not null, default, place in the key), keys and indexes; what triggers say."""

    def ask(query: str) -> list[tuple[object, ...]]:
        return store._raw.execute(query).fetchall()

    found: dict[str, object] = {}
    for kind, name, said in ask("SELECT type, name, sql FROM sqlite_master WHERE type != 'index'"):
        found[f"{kind} {name}"] = said if kind == "trigger" or "VIRTUAL" in said else None
        if kind == "table":
            indexes = ask(f"PRAGMA index_list({name})")
            found[f"columns of {name}"] = sorted(row[1:] for row in ask(f"PRAGMA table_info({name})"))
            found[f"references of {name}"] = sorted(row[2:] for row in ask(f"PRAGMA foreign_key_list({name})"))
            found[f"indexes of {name}"] = sorted(
                (
                    # The names of keys' own indexes are SQLite's choice.
                    index if rest[1] == "c" else "",
                    *rest[:2],
                    tuple(row[2] for row in ask(f"PRAGMA index_info({index})")),
                )
                for _, index, *rest in indexes
            )
    return found


@pytest.mark.parametrize("version", range(1, NOW))
def test_an_upgraded_file_has_the_schema_of_a_new_one(tmp_path: Path, version: int) -> None:
    path = shutil.copy(FILES / f"v{version}.trdtrack", tmp_path / "old.trdtrack")
    with (
        closing(Store.open(path, V1_PASSPHRASE)) as old,
        closing(Store.create(tmp_path / "new.trdtrack", "x")) as new,
    ):
        assert structure(old) == structure(new)
        assert any(name.startswith("trigger") for name in structure(new))


def add_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE patient ADD COLUMN pronoun TEXT")


def add_table(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE extra (id)")


def fail(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE half (id)")
    connection.exec_driver_sql("DELETE FROM assessment")
    raise RuntimeError("a step that fails")


def schema(path: Path, passphrase: str) -> tuple[int, set[str], int]:
    """Version, tables and how many scores, seen by bare SQLCipher."""
    salt = cipher.salt_of(path)
    with closing(cipher.connect(path, cipher.derive_key(passphrase, salt), salt, mode="immutable")) as bare:
        tables = {row[0] for row in bare.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        [version], [scores] = (
            bare.execute(q).fetchone() for q in ("PRAGMA user_version", "SELECT count(*) FROM assessment")
        )
        return version, tables, scores


def add_another(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE another (id)")


def test_an_older_file_is_copied_and_upgraded(
    small: Path, small_bytes: bytes, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*REAL, add_table, add_another))
    with closing(Store.open(small, sample.passphrase)) as store:
        assert sample.read(store) == {(r.kind, r.id): r for r in sample.records}
        assert store.faults() == ()
    version, tables, scores = schema(small, sample.passphrase)
    assert (version, {"extra", "another"} <= tables, scores) == (NOW + 2, True, 10)
    copy = small.with_name(f"small.version-{NOW}.trdtrack")
    assert {p.name for p in small.parent.iterdir()} == {small.name, copy.name}
    assert copy.read_bytes()[:16] == small_bytes[:16]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert schema(copy, sample.passphrase)[0] == NOW
    before = small.read_bytes()
    Store.open(small, sample.passphrase).close()
    assert small.read_bytes() == before, "opened again, an upgraded file is left alone"


@pytest.mark.parametrize("steps", [(fail,), (add_table, fail)], ids=["first", "second"])
def test_a_failing_step_leaves_version_and_content(
    small: Path, small_bytes: bytes, sample: type[Sample], monkeypatch: pytest.MonkeyPatch, steps: tuple
) -> None:
    _, tables, _ = schema(small, sample.passphrase)
    monkeypatch.setattr(migrations, "STEPS", (*REAL, *steps))
    with pytest.raises(RuntimeError, match="a step that fails"):
        Store.open(small, sample.passphrase)
    taken = {"extra"} if len(steps) == 2 else set()
    assert schema(small, sample.passphrase) == (NOW + len(steps) - 1, tables | taken, 10)
    assert schema(small.with_name(f"small.version-{NOW}.trdtrack"), sample.passphrase) == (NOW, tables, 10)
    mended = add_table if len(steps) == 1 else lambda _connection: None
    monkeypatch.setattr(migrations, "STEPS", (*REAL, *steps[:-1], mended))
    with closing(Store.open(small, sample.passphrase)) as store:
        assert store.faults() == ()
        assert len(store.read("assessment")) == 10


def test_a_copy_that_is_not_whole_stops_the_upgrade(
    small: Path, small_bytes: bytes, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*REAL, add_table))

    def spoil(handle: int) -> None:
        os.pwrite(handle, bytes([os.pread(handle, 1, 9000)[0] ^ 1]), 9000)

    monkeypatch.setattr(backup.os, "fsync", spoil)
    with pytest.raises(Refusal, match="is not whole"):
        Store.open(small, sample.passphrase)
    assert small.read_bytes() == small_bytes
    assert [p.name for p in small.parent.iterdir()] == [small.name]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PermissionError(13, "no")])
def test_a_copy_that_cannot_be_made_stops_the_upgrade(
    small: Path, small_bytes: bytes, sample: type[Sample], monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*REAL, add_table))

    def refuse(_handle: int) -> None:
        raise error

    monkeypatch.setattr(backup.os, "fsync", refuse)
    with pytest.raises(Refusal, match="copy of"):
        Store.open(small, sample.passphrase)
    assert small.read_bytes() == small_bytes
    assert [p.name for p in small.parent.iterdir()] == [small.name]


def test_a_file_in_use_is_not_copied_by_halves(
    small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program reads an older state: the main file cannot be brought up to date, so a copy would lack pages."""
    monkeypatch.setattr(cipher, "BUSY_SECONDS", 0.1)
    with closing(Store.open(small, sample.passphrase)) as reader:
        reader._raw.execute("BEGIN")
        reader._raw.execute("SELECT * FROM patient").fetchall()
        with closing(Store.open(small, sample.passphrase)) as writer:
            sample.add(writer, Patient(code="newest"))
            monkeypatch.setattr(migrations, "STEPS", (*REAL, add_table))
            with pytest.raises(Refusal, match="Another program is using"):
                Store.open(small, sample.passphrase)
        assert not small.with_name(f"small.version-{NOW}.trdtrack").exists()
        reader._raw.execute("COMMIT")
    with closing(Store.open(small, sample.passphrase)) as store:
        assert len(store.read("patient")) == 2


def test_a_step_another_program_took_meanwhile_is_not_taken_twice(
    small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*REAL, add_column))
    copy_verified = backup.copy_verified

    def and_then_the_other(*arguments: object, **more: object) -> None:
        copy_verified(*arguments, **more)
        monkeypatch.setattr(backup, "copy_verified", copy_verified)
        Store.open(small, sample.passphrase).close()

    monkeypatch.setattr(backup, "copy_verified", and_then_the_other)
    store = Store.open(small, sample.passphrase)
    assert store._raw.execute("PRAGMA user_version").fetchone() == (NOW + 1,)
    store.close()


def test_an_older_file_on_a_read_only_place_is_refused(
    small: Path, small_bytes: bytes, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*REAL, add_table))
    monkeypatch.setattr(cipher, "writable", lambda _path: False)
    with pytest.raises(Refusal, match="older TRDTrack and lies in a read-only folder"):
        Store.open(small, sample.passphrase)
    assert small.read_bytes() == small_bytes
    assert [p.name for p in small.parent.iterdir()] == [small.name]


def test_every_version_that_was_released_has_its_file() -> None:
    assert {p.name for p in FILES.glob("v*.trdtrack")} == {f"v{n}.trdtrack" for n in range(1, migrations.current() + 1)}


def test_a_file_of_version_2_opens_for_ever(tmp_path: Path) -> None:
    path = shutil.copy(FILES / "v2.trdtrack", tmp_path / "v2.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        assert store.faults() == ()
        [own], [course] = store.read("benchmark"), store.read("course")
        assert (own.name, own.version, own.text.count("RefraMED") > 1) == ("Our clinic", "1", True)
        assert (course.benchmark, course.benchmark_version, course.start) == ("Our clinic", "1", date(2026, 9, 1))
        assert store.read("assessment")[0].total == 19


def test_a_file_of_version_3_opens_for_ever(tmp_path: Path) -> None:
    path = shutil.copy(FILES / "v3.trdtrack", tmp_path / "v3.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        assert store.faults() == ()
        for record in version3.RECORDS:
            assert store.read(record.kind) == [record]
        assert {record.kind for record in version3.RECORDS} == set(KINDS) - {"letter"}
        assert drafts.every(store) == [Draft("log:1", version3.ADA, version3.ENTERED, "half a sentence")]
        last = store.edit(2)
        assert (last.why, [step.record.kind for step in last.steps]) == ("married", ["patient"])
        assert found(store, "ünal") == {("patient", version3.ADA)}


def test_a_file_of_version_4_opens_for_ever(tmp_path: Path) -> None:
    """Written on 22 November 2026: a file of version 2, upgraded, with a session logged, a drug and a draft."""
    path = shutil.copy(FILES / "v4.trdtrack", tmp_path / "v4.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        assert store.faults() == ()
        [session], [treatment] = store.read("session"), store.read("treatment")
        assert (session.note, session.next_date, session.next_time) == (
            "Slept badly. Went out.",
            date(2026, 11, 25),
            "14:30",
        )
        assert (treatment.drug, treatment.dose) == ("sertraline", "150 mg")
        assert [(d.form, d.text) for d in drafts.every(store)] == [("log:1", "half a sentence")]
    with closing(Caseload.open(path, V1_PASSPHRASE, who="x")) as caseload:
        [ada] = caseload.gists()
        assert (ada.code, ada.latest, ada.change, ada.risk_due) == ("P-1", 17, -2, 1)
        assert ada.benchmark == ("Our clinic", "1")
        assert caseload.rebuild() == []


def test_a_file_of_version_5_opens_for_ever(tmp_path: Path) -> None:
    """Written on 23 November 2026: the file of version 4, upgraded, with a letter sent and a template of the clinic."""
    path = shutil.copy(FILES / "v5.trdtrack", tmp_path / "v5.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        assert store.faults() == ()
        [clinic], [letter], [course] = (store.read(kind) for kind in ("clinic", "letter", "course"))
        assert (clinic.letterhead, clinic.letter) == (
            "Praxis am Rot\nHauptstr. 9",
            "Dear {recipient},\n\n{sentence}",
        )
        sent = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
        assert letter == Letter(
            id="1" * 32,
            patient="a" * 32,
            course=course.id,
            date=date(2026, 11, 23),
            to=Recipient.GP,
            address="Dr Grün\nHauptstr. 1",
            text="Dear Dr Grün,\n\nall is well {here}.",
            risk=True,
            sent=sent,
            entered=sent,
        )
        assert found(store, "grün") == {("letter", "1" * 32)}


def test_a_file_of_version_6_opens_for_ever(tmp_path: Path) -> None:
    """Written on 23 November 2026: the file of version 5, upgraded, with a patient added and erased."""
    path = shutil.copy(FILES / "v6.trdtrack", tmp_path / "v6.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        assert store.faults() == ()
        assert [p.id for p in store.read("patient")] == ["a" * 32]
        with pytest.raises(cipher.driver.IntegrityError, match="only added to"):
            store._raw.execute("DELETE FROM audit_text")
        [[title, sealed]] = store._raw.execute(
            "SELECT title, salt FROM audit JOIN audit_text USING (seq) ORDER BY seq DESC LIMIT 1"
        )
        assert (title, sealed.split(",")[0]) == ("Erase patient", "without words: 2")
        assert store._raw.execute("SELECT * FROM former_key").fetchall() == []


def test_a_clinic_of_version_4_gets_the_programs_own_letter(tmp_path: Path) -> None:
    path = shutil.copy(FILES / "v3.trdtrack", tmp_path / "v3.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        [clinic] = store.read("clinic")
        assert (clinic.letterhead, clinic.letter, clinic.emergency) == ("", "", "112")


@pytest.mark.parametrize("version", [1, 2])
def test_what_an_older_file_lists_is_kept_when_it_is_opened(tmp_path: Path, version: int) -> None:
    path = shutil.copy(FILES / f"v{version}.trdtrack", tmp_path / "old.trdtrack")
    with closing(Caseload.open(path, V1_PASSPHRASE, who="x")) as caseload:
        assert {g.code for g in caseload.gists()} == {p.code for p in caseload.patients()}


def found(store: Store, typed: str) -> set[tuple[str, str]]:
    with store.transaction(write=False) as connection:
        return {(f.kind, f.record) for f in search.find(connection, typed, limit=30)}


@pytest.mark.parametrize("version", range(1, NOW))
def test_an_upgraded_file_is_searched_like_a_new_one(tmp_path: Path, version: int) -> None:
    """The words the step has filled in are those an edit would have kept, row by row."""
    path = shutil.copy(FILES / f"v{version}.trdtrack", tmp_path / "old.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as old, closing(Store.create(tmp_path / "new", "x")) as new:
        records = [record for kind in KINDS for record in old.read(kind)]
        new.write(added(message("Add"), *records), who="x", at=ENTERED)
        kept = "SELECT row >> 20, kind, record, patient, names, text FROM words ORDER BY kind, record"
        words = [store._raw.execute(kept).fetchall() for store in (old, new)]
        assert words[0] == words[1]
        assert words[0]
        about = "SELECT patient, count(*) FROM audit_about GROUP BY patient ORDER BY patient"
        [patients] = [{p.id for p in old.read("patient")}]
        assert {row[0] for row in old._raw.execute(about)} == patients


def test_the_words_of_version_1_are_found(tmp_path: Path) -> None:
    path = shutil.copy(FILES / "v1.trdtrack", tmp_path / "old.trdtrack")
    with closing(Store.open(path, V1_PASSPHRASE)) as store:
        assert found(store, "unal") == found(store, "P-1") == found(store, "zeile line") == {("patient", "a" * 32)}
        assert found(store, "rang") == {("session", "d" * 32)}
        assert found(store, "sertral") == {("course", "c" * 32)}
        assert found(store, "P-2") == set(), "a withdrawn patient"
