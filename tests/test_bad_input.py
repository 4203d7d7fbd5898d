"""Bad input, end to end: a clear sentence, nothing changed, nothing lost, no half-written file left behind."""

from __future__ import annotations

import errno
import json
import os
import random
import sqlite3
import subprocess
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import PASSPHRASE, TODAY, Program, run
from disks import root_only, small_disk

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS, Assessment, Course, Patient, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import writing
from trdtrack.storage import cipher
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).parent / "exchange" / "data"
AT = datetime(2026, 11, 20, 9, 30).astimezone()
ADA = Patient(code="A-1", date_of_birth=date(2000, 5, 1))
COURSE = Course(patient=ADA.id, start=date(2026, 9, 2))
SESSION = Session(patient=ADA.id, course=COURSE.id, date=date(2026, 9, 2), entered=AT)
SCORE = Assessment(
    patient=ADA.id, course=COURSE.id, date=date(2026, 9, 2), answers=(2, 3, 3, 2, 1, 3, 2, 0, 1), entered=AT
)
LATER = Assessment(patient=ADA.id, course=COURSE.id, date=date(2026, 11, 18), total=12, entered=AT)
NOT_OPENED = "passphrase or recovery key does not open"
GOOD = "patient,date,total\nA-1,2026-11-10,14\nB-2,2026-11-10,20\n"


@pytest.fixture(scope="module")
def clinic_bytes(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> bytes:
    path = tmp_path_factory.mktemp("clinic") / "clinic.trdtrack"
    with closing(Caseload.create(path, PASSPHRASE, who="test")) as caseload:
        caseload.edit(added(message("Add"), ADA, COURSE, SESSION, SCORE, LATER), at=AT)
    return path.read_bytes()


@pytest.fixture
def clinic(tmp_path: Path, clinic_bytes: bytes) -> Iterator[Path]:
    """A caseload file; whatever the test does, it is as it was in the end, and nothing new lies beside it."""
    path = tmp_path / "clinic.trdtrack"
    path.write_bytes(clinic_bytes)
    yield path
    assert path.read_bytes() == clinic_bytes
    assert not [p.name for p in tmp_path.rglob("*") if p.name.endswith((".part", "-wal", "-shm", "-journal"))]


def dump(path: Path) -> dict[str, object]:
    """Everything in the file, as records, and that it is whole."""
    with closing(Caseload.open(path, PASSPHRASE, who="test")) as caseload:
        assert caseload.check() == ()
        return {record.id: record for kind in KINDS for record in caseload.records(kind)}


# Records, at the door


def _refused(path: Path, edit: Callable[[], Edit]) -> str:
    with closing(Caseload.open(path, PASSPHRASE, who="test")) as caseload:
        before = [caseload.records(kind) for kind in KINDS]
        with pytest.raises(Refusal) as refusal:
            caseload.edit(edit(), at=AT)
        assert [caseload.records(kind) for kind in KINDS] == before
        assert caseload.can_undo() is None
    sentence = say(refusal.value.what)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


NEW = message("Add")
TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            lambda: altered(NEW, SCORE, replace(SCORE, answers=(4, *SCORE.answers[1:]))),
            "Question 1 takes 0, 1, 2 or 3.",
        ),
        (
            lambda: altered(NEW, SCORE, replace(SCORE, answers=(*SCORE.answers[:8], -1))),
            "Question 9 takes 0, 1, 2 or 3.",
        ),
        (
            lambda: altered(NEW, SCORE, replace(SCORE, answers=(1.5, *SCORE.answers[1:]))),
            "Question 1 takes 0, 1, 2 or 3.",
        ),
        (lambda: altered(NEW, SCORE, replace(SCORE, difficulty=4)), "Question 10 takes 0, 1, 2 or 3."),
        (lambda: altered(NEW, LATER, replace(LATER, total=28)), "A PHQ-9 total is a whole number from 0 to 27."),
        (lambda: altered(NEW, LATER, replace(LATER, total=-1)), "A PHQ-9 total is a whole number from 0 to 27."),
        (lambda: altered(NEW, LATER, replace(LATER, total=12.5)), "A PHQ-9 total is a whole number from 0 to 27."),
        (lambda: altered(NEW, LATER, replace(LATER, date=TOMORROW)), "21 Nov 2026 is in the future."),
        (lambda: altered(NEW, SESSION, replace(SESSION, date=TOMORROW)), "21 Nov 2026 is in the future."),
        (lambda: altered(NEW, ADA, replace(ADA, date_of_birth=TOMORROW)), "21 Nov 2026 is in the future."),
        (
            lambda: altered(NEW, LATER, replace(LATER, date=date(2000, 4, 30))),
            "30 Apr 2000 is before the patient was born.",
        ),
        (
            lambda: altered(NEW, ADA, replace(ADA, date_of_birth=date(2026, 9, 3))),
            "There is a record of 2 Sept 2026, before this date of birth.",
        ),
        (
            lambda: added(NEW, Patient(code="B-2"), Patient(code=" A-1 ")),
            "There is already a patient with the code A-1.",
        ),
    ],
)
def test_a_record_that_cannot_be(clinic: Path, edit: Callable[[], Edit], sentence: str) -> None:
    assert _refused(clinic, edit) == sentence


# Score files


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("A-1,2026-11-10,28", "line 3, total: 28 is not a PHQ-9 total: they go from 0 to 27."),
        ("A-1,2026-11-10,-1", "line 3, total: -1 is not a PHQ-9 total: they go from 0 to 27."),
        ("A-1,2026-11-10,12.5", "line 3, total: 12.5 is not a whole number."),
        ('A-1,2026-11-10,"12,0"', "line 3, total: 12,0 is not a whole number."),
        ("A-1,2026-11-10,", "line 3, total: The total is missing."),
        ("A-1,2999-01-01,12", "line 3, date: 2999-01-01 is in the future."),
        ("A-1,2000-04-30,12", "line 3, date: This day is before the patient's birth."),
        ("A-1,1899-12-31,12", "line 3, date: 1899-12-31 is before 1900."),
        ("A-1,2026-02-30,12", "line 3, date: There is no such day as 2026-02-30."),
        ("A-1,03/04/2026,12", "line 3, date: 03/04/2026 can be read as day first or month first: write 2024-05-31."),
        ("A-1,2026-11-18,13", "line 3, date: This patient already has another score on that day."),
        ("C-3,2026-10-01,9", "line 3, date: The same patient and day already stand on line 2."),
        (f"{'x' * 41},2026-10-01,9", "line 3, patient: A patient's code has at most 40 characters."),
    ],
)
def test_a_row_that_cannot_be_stops_the_whole_import(program: Program, clinic: Path, row: str, problem: str) -> None:
    Path("scores.csv").write_text(f"patient,date,total\nC-3,2026-10-01,12\n{row}\n", encoding="utf-8")
    said = program("import", clinic, "scores.csv")
    assert said.refused
    assert [line for line in said.out.splitlines() if not line.startswith("note: ")] == [problem]
    assert json.loads(program("import", clinic, "scores.csv", "--json", "--dry-run").out)["problems"][0]["line"] == 3


def _write(content: bytes | str) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content) and None


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(GOOD.encode())
        file.truncate(200_000_000)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda path: path.write_bytes((DATA / "scores_wide_bdi.csv").read_bytes()),
            "This looks like another instrument",
        ),
        (_write("patient,date,BDI total\nA-1,2026-11-10,14\n"), "This looks like another instrument"),
        (_write("patient,date,total\nA-1,2026-11-10,41\n"), "This looks like another instrument"),
        (_write(""), "scores.csv is empty."),
        (_write("\n \r\n\t\n"), "scores.csv is empty."),
        (_write(b"\xef\xbb\xbf"), "scores.csv is empty."),
        (_write("patient,date,total\n"), "scores.csv has a header but no scores."),
        (_write("patient,date,total\n,,\n\n"), "scores.csv has a header but no scores."),
        (_write(random.Random(1).randbytes(5000)), "scores.csv is not a text file."),
        (_write(GOOD.replace("B-2", "B\0")), "scores.csv is not a text file."),
        (_write(GOOD.encode().replace(b"B-2", b"B\x81")), "scores.csv is not UTF-8 text (line 3)"),
        (_write(b"PK\x03\x04" + bytes(100)), "scores.csv is damaged or not an Excel workbook"),
        (_write(b"\xd0\xcf\x11\xe0" + bytes(100)), "scores.csv is an old Excel file (.xls) or has a password"),
        (_write("patient,date,total\n" + "A-1,2026-11-10,14\n" * 1_000_000), "scores.csv has more rows than"),
        (_write(",".join(map(str, range(20_000))) + "\n1\n"), "scores.csv has more than 1000 columns"),
        (_write("patient,date,total\nA-1,2026-11-18,12\n"), "All of this is already in the caseload"),
        (_write(GOOD + '"never closed,2026-11-10,14\n'), "a quotation mark may be missing"),
        (_write("some,other,columns\n1,2,3\n"), "scores.csv has no column"),
        (_sparse, "scores.csv is larger than 50 MB"),
        (Path.mkdir, "scores.csv is a folder, not a file."),
        (lambda _path: None, "There is no file scores.csv."),
    ],
)
def test_a_file_that_is_no_list_of_scores(
    program: Program, clinic: Path, make: Callable[[Path], object], sentence: str
) -> None:
    make(Path("scores.csv"))
    start = time.monotonic()
    for words in ((), ("--dry-run",), ("--json",)):
        assert sentence in program("import", clinic, "scores.csv", *words).refused
    assert time.monotonic() - start < 12, "three times"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_pipe_is_no_file_of_scores(program: Program, clinic: Path) -> None:
    os.mkfifo("scores.csv")
    assert program("import", clinic, "scores.csv").refused == "scores.csv is not an ordinary file."


# Caseload files


def _plain_database(path: Path, _whole: bytes) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (a)")


def _of_another_program(path: Path, _whole: bytes, *, application: int = 1, version: int = 1) -> None:
    """Another encrypted database under our passphrase, or ours of another version."""
    path.write_bytes(b"")
    salt = cipher.new_salt()
    with closing(cipher.connect(path, cipher.derive_key(PASSPHRASE, salt), salt, mode="rw")) as database:
        database.execute(f"PRAGMA application_id = {application}")
        database.execute(f"PRAGMA user_version = {version}")
        database.execute("CREATE TABLE t (a)")


FOREIGN = {
    "empty": (lambda path, _: path.write_bytes(b""), "is empty: it is not a TRDTrack caseload."),
    "a text": (lambda path, _: path.write_text(GOOD), "is not a complete TRDTrack caseload"),
    "cut in a page": (lambda path, whole: path.write_bytes(whole[:10_000]), "is not a complete TRDTrack caseload"),
    "cut to a page": (lambda path, whole: path.write_bytes(whole[:4096]), "damaged or cut short"),
    "cut by a page": (lambda path, whole: path.write_bytes(whole[:-4096]), "damaged or cut short"),
    "noise": (lambda path, _: path.write_bytes(random.Random(1).randbytes(40_960)), NOT_OPENED),
    "zeros": (lambda path, _: path.write_bytes(bytes(40_960)), NOT_OPENED),
    "a plain database": (_plain_database, "it is an unencrypted database."),
    "another program's": (_of_another_program, "is an encrypted database, but not a TRDTrack caseload."),
    "a newer version": (
        lambda path, whole: _of_another_program(path, whole, application=0x54524454, version=99),
        "was written by a newer TRDTrack (file version 99, this program reads up to 6). Update the program",
    ),
    "a folder": (lambda path, _: path.mkdir(), "is a folder, not a caseload file."),
    "not there": (lambda _path, _: None, "There is no file other.trdtrack any more"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_is_no_whole_caseload(program: Program, tmp_path: Path, clinic_bytes: bytes, kind: str) -> None:
    make, sentence = FOREIGN[kind]
    path = tmp_path / "other.trdtrack"
    make(path, clinic_bytes)
    (tmp_path / "scores.csv").write_text(GOOD)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    one = ("--patient", "A-1")
    for command, *rest in (
        ("check",),
        ("patients",),
        ("summary", *one),
        ("export", *one, "--format", "csv", "--out", "x.csv"),
        ("import", "scores.csv"),
    ):
        said = program(command, path, *rest)
        assert sentence in said.refused, command
        assert said.out == "", command
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def test_new_never_replaces_a_file(program: Program, clinic: Path) -> None:
    assert program("new", clinic).refused == "clinic.trdtrack already exists; choose another name."
    assert "cannot be made there" in program("new", "no-folder/x.trdtrack").refused


# Another program on the same file


@contextmanager
def writing_elsewhere(path: Path) -> Iterator[None]:
    """Another opening of the file, in the middle of a write transaction."""
    begun, finish = threading.Event(), threading.Event()

    def hold(_done: int, _all: int) -> None:
        begun.set()
        finish.wait(60)
        raise Refusal(message("Stopped."))

    def write() -> None:
        with closing(Caseload.open(path, PASSPHRASE, who="elsewhere")) as caseload, suppress(Refusal):
            caseload.edit(added(message("Add"), Patient(code="X-1")), at=AT, tick=hold)

    other = threading.Thread(target=write)
    other.start()
    try:
        assert begun.wait(30)
        yield
    finally:
        finish.set()
        other.join()


def test_a_second_process_that_would_write_is_refused_in_time(clinic: Path, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(GOOD)
    with writing_elsewhere(clinic):
        start = time.monotonic()
        said = run("import", clinic, "scores.csv", folder=tmp_path)
        took = time.monotonic() - start
        assert said.refused == "Another program is writing to clinic.trdtrack. Try again in a moment."
        assert took < 6, "2 s of waiting, and the start of a process"
        start = time.monotonic()
        assert "A-1" in run("patients", clinic, folder=tmp_path).done
        assert time.monotonic() - start < 6
    # The first score's item 9 has opened a risk record.
    kept = {i for i, r in dump(clinic).items() if r.kind != "risk"}
    assert kept == {r.id for r in (ADA, COURSE, SESSION, SCORE, LATER)}


def test_a_reader_beside_an_open_window(tmp_path: Path, clinic_bytes: bytes) -> None:
    path = tmp_path / "open.trdtrack"
    path.write_bytes(clinic_bytes)
    with closing(Caseload.open(path, PASSPHRASE, who="window")) as window:
        window.edit(added(message("Add"), Patient(code="B-2")), at=AT)
        start = time.monotonic()
        assert "B-2" in run("patients", path, folder=tmp_path).done, "what the window saved is read"
        assert time.monotonic() - start < 4
        (tmp_path / "scores.csv").write_text("patient,date,total\nC-3,2026-11-10,14\n")
        assert run("import", path, "scores.csv", folder=tmp_path).done == "Imported 1 patient, 1 score.\n"
        assert window.changed_elsewhere()
        assert [p.code for p in window.patients()] == ["A-1", "B-2", "C-3"]
        window.edit(added(message("Add"), Patient(code="D-4")), at=AT)
    assert [r.code for r in dump(path).values() if isinstance(r, Patient)] == ["A-1", "B-2", "C-3", "D-4"]


# Full and read-only disks


@pytest.fixture
def disk() -> Iterator[Path]:
    """A real, small disk."""
    with small_disk("2m") as place:
        yield place


def fill(disk: Path, leaving: int = 0) -> None:
    """Fill the disk but for some bytes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    os.truncate(ballast, max(0, ballast.stat().st_size - leaving))


def read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True, capture_output=True)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


BACKED = 1000
FULL = {
    False: {
        "The disk is full: full.trdtrack cannot be opened.",
        "The disk is full: nothing was saved to full.trdtrack.",
        "The disk is full: no copy of full.trdtrack could be made in",
    },
    True: {"The disk is full: nothing was saved to full.trdtrack."},
}


@root_only
@pytest.mark.parametrize("leaving", [0, 1, 8, 40, 72, BACKED, BACKED + 8, BACKED + 40, BACKED + 72])
def test_saving_on_a_full_disk(program: Program, disk: Path, clinic_bytes: bytes, tmp_path: Path, leaving: int) -> None:
    """Without room for the backup that comes first nothing is begun; with it, the import itself finds no room."""
    path = disk / "full.trdtrack"
    path.write_bytes(clinic_bytes)
    before = dump(path)
    rows = [f"P-{n},{date(2024, 1, 1) + timedelta(days=n)},{n % 28}" for n in range(900)]
    (tmp_path / "many.csv").write_text("\n".join(("patient,date,total", *rows)))
    # A backup, and what SQLite shares between programs, 32 kB.
    fill(disk, leaving % BACKED * 1024 + (len(clinic_bytes) + 80 * 1024 if leaving >= BACKED else 0))
    said = program("import", path, tmp_path / "many.csv")
    assert said.refused.split(f" {disk}")[0] in FULL[leaving >= BACKED]
    assert "disk is full" in program("new", disk / "another.trdtrack").refused
    # SQLite's own files may lie there until the next opening, with nothing of ours in them.
    kept = {"ballast", "full.trdtrack", "full-backups"}
    beside = {p.name: p.stat().st_size for p in disk.iterdir() if p.name not in kept}
    assert set(beside) <= {"full.trdtrack-wal", "full.trdtrack-shm"}
    assert not beside.get("full.trdtrack-wal")
    (disk / "ballast").unlink()
    assert dump(path) == before
    assert set(names(disk)) <= {"full.trdtrack", "full-backups"}


@root_only
@pytest.mark.parametrize("form", ["pdf", "csv"])
def test_exporting_to_a_full_disk(program: Program, disk: Path, clinic: Path, form: str, qapp: object) -> None:
    words = ("export", clinic, "--patient", "A-1", "--format", form, "--replace", "--out")
    (disk / "old").write_bytes(b"what was there before")
    fill(disk)
    for target in ("new", "old"):
        assert program(*words, disk / target).refused == f"The disk is full: {disk / target} was not written."
    assert names(disk) == ["ballast", "old"]
    assert (disk / "old").read_bytes() == b"what was there before"


@root_only
def test_a_read_only_disk(program: Program, disk: Path, clinic: Path, clinic_bytes: bytes, qapp: object) -> None:
    path = disk / "ro.trdtrack"
    path.write_bytes(clinic_bytes)
    Path("scores.csv").write_text(GOOD)
    read_only(disk)
    assert program("import", path, "scores.csv").refused == "ro.trdtrack was opened read-only: nothing was saved."
    assert "A-1" in program("patients", path).done
    assert "PHQ-9 17 -> 12" in program("summary", path, "--patient", "A-1").done
    assert program("check", path).done
    assert program("export", path, "--patient", "A-1", "--format", "csv", "--out", "here.csv").done
    assert "cannot be made there" in program("new", disk / "n.trdtrack").refused
    for form in ("pdf", "csv"):
        words = ("export", clinic, "--patient", "A-1", "--format", form, "--out")
        assert "cannot be written: the folder is read-only" in program(*words, disk / f"x.{form}").refused
    for command in ("screens", "demo"):
        assert "cannot be made" in program(command, "--out", disk / "pictures").refused
    assert names(disk) == ["ro.trdtrack"]
    assert path.read_bytes() == clinic_bytes


@root_only
@pytest.mark.parametrize("command", ["screens", "demo"])
def test_pictures_on_a_full_disk(program: Program, disk: Path, command: str, qapp: object) -> None:
    out = disk / "out"
    out.mkdir()
    fill(disk)
    said = program(command, "--out", out)
    assert "disk is full" in said.refused
    assert [p for p in out.rglob("*") if p.is_file()] == [], "half a picture is none"
    assert said.out == ""


@root_only
@pytest.mark.parametrize("command", ["screens", "demo"])
def test_pictures_in_a_read_only_folder(program: Program, disk: Path, command: str, qapp: object) -> None:
    read_only(disk)
    assert "cannot be made" in program(command, "--out", disk).refused


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_an_export_whose_disk_fails_late(
    program: Program, clinic: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def fails(_descriptor: int) -> None:
        raise OSError(error, os.strerror(error))

    Path("out").mkdir()
    Path("out/x.csv").write_bytes(b"before")
    monkeypatch.setattr(writing.os, "fsync", fails)
    assert program("export", clinic, "--patient", "A-1", "--format", "csv", "--out", "out/x.csv").refused
    assert names(Path("out")) == ["x.csv"]
    assert Path("out/x.csv").read_bytes() == b"before"


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("no/x.csv", "There is no folder no."),
        (".", ". is a folder: choose a file name."),
        ("clinic.trdtrack/x", "no folder"),
    ],
)
def test_an_export_to_nowhere(program: Program, clinic: Path, out: str, sentence: str) -> None:
    assert sentence in program("export", clinic, "--patient", "A-1", "--format", "csv", "--out", out).refused
