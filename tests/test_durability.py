"""kill -9 while saving: what was confirmed is there, nothing is by halves. TRDTRACK_KILLS sets how often (default 5).

A killed process's writes survive in the system's cache even when never synced, so this tests transactions and recovery;
tests/storage/test_disk.py cuts a real disk off, which only synced writes survive.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Patient
from trdtrack.domain.refusals import WrongPassphrase
from trdtrack.storage import cipher

if TYPE_CHECKING:

    from trdtrack.domain.records import Assessment

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("TRDTRACK_KILLS", "5"))
PASSPHRASE = "two loud herons"
IMPORTED = 2000
PRELUDE = f"""
import os, sys
from datetime import UTC, date, datetime
from pathlib import Path
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.storage import cipher
cipher.derive_key = lambda _passphrase, _salt: bytes.fromhex(sys.argv[2])
at = datetime.now(UTC)
def say(text):
    os.write(1, (text + "\\n").encode())
caseload = Caseload.open(Path(sys.argv[1]), "", who="child")
patient = caseload.patient_by_code("P-1")
course = caseload.current_course(patient.id)
def home():
    return dict(patient=patient.id, course=course.id, date=date(2026, 1, 1), entered=at)
IMPORTED = {IMPORTED}
"""
SAVING = """
say("open")
n = 0
while True:
    session = Session(**home(), note="n" * 200)
    score = Assessment(**home(), session=session.id, answers=(1, 2, 3, None, 1, 2, 3, 0, 1))
    caseload.edit(added(message("Log"), session, score), at=at)
    if n % 3 == 0:
        caseload.undo(at=at); say("-" + session.id)
        caseload.redo(at=at)
    say("+" + session.id)
    n += 1
"""
IMPORTING = """
scores = [Assessment(**home(), total=n % 28) for n in range(IMPORTED)]
say("open")
caseload.edit(added(message("Import"), *scores), at=at)
say("done")
os.read(0, 1)
"""


@pytest.fixture(scope="module")
def empty_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("durability") / "a.trdtrack"
    with closing(Caseload.create(path, PASSPHRASE, who="x")) as caseload:
        patient = Patient(code="P-1")
        caseload.edit(added(message("Add"), patient, Course(patient=patient.id)), at=datetime.now(UTC))
    return path.read_bytes()


def killed(path: Path, code: str, *, after: float) -> list[str]:
    """Run a program on the file, kill it `after` seconds from its "open", and return the lines it got out."""
    key = cipher.derive_key(PASSPHRASE, cipher.salt_of(path)).hex()
    command = [sys.executable, "-c", PRELUDE + code, str(path), key]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"open\n"
        threading.Timer(after, child.kill).start()
        said = child.stdout.read().decode()
    assert child.returncode == -9
    return [line for line in said.splitlines(keepends=True) if line.endswith("\n")]


def opened(path: Path) -> Caseload:
    start = time.monotonic()
    caseload = Caseload.open(path, PASSPHRASE, who="parent")
    assert time.monotonic() - start < 5
    return caseload


def test_every_confirmed_save_survives_and_none_is_by_halves(tmp_path: Path, empty_bytes: bytes) -> None:
    chance = random.Random()
    path = tmp_path / "a.trdtrack"
    path.write_bytes(empty_bytes)
    confirmed: set[str] = set()
    for kill in range(KILLS):
        if kill % 20 == 0:
            path.write_bytes(empty_bytes)
            confirmed.clear()
        delay = chance.uniform(0.0, 0.4)
        said = killed(path, SAVING, after=delay)
        saved = {line[1:-1] for line in said if line[0] == "+"}
        confirmed |= saved
        with closing(opened(path)) as caseload:
            [patient] = caseload.patients()
            course = caseload.current_course(patient.id)
            assert course
            sessions = {s.id for s in caseload.sessions(course.id)}
            scores: list[Assessment] = caseload.assessments(patient.id)
            assert confirmed <= sessions, f"kill {kill}: {len(confirmed - sessions)} confirmed saves lost"
            assert len(sessions - confirmed) <= 1, "only the save under way may be there unconfirmed"
            assert {a.session for a in scores} == sessions
            assert len(scores) == len(sessions)
            assert all(a.answers is not None and len(a.answers) == 9 for a in scores)
            assert caseload.check() == ()
            confirmed = sessions
        assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert confirmed


@pytest.mark.parametrize("slice_", range(5))
def test_an_import_is_all_or_nothing(tmp_path: Path, empty_bytes: bytes, slice_: int) -> None:
    """Killed in the first, second ... fifth part of the time it takes, at random."""
    chance = random.Random()
    path = tmp_path / "a.trdtrack"
    for _ in range(max(1, KILLS // 20)):
        path.write_bytes(empty_bytes)
        said = killed(path, IMPORTING, after=(slice_ + chance.random()) * 0.12)
        with closing(opened(path)) as caseload:
            count = len(caseload.assessments(caseload.patients()[0].id))
            assert count in ((IMPORTED,) if said else (0, IMPORTED))
            assert caseload.check() == ()


def test_a_wrong_passphrase_after_a_kill_harms_nothing(tmp_path: Path, empty_bytes: bytes) -> None:
    path = tmp_path / "a.trdtrack"
    path.write_bytes(empty_bytes)
    said = killed(path, SAVING, after=0.2)
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            Caseload.open(path, "wrong", who="x")
    with closing(opened(path)) as caseload:
        assert len(caseload.assessments(caseload.patients()[0].id)) >= sum(line[0] == "+" for line in said) > 0
        assert caseload.check() == ()
