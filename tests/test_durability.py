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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.backups import Kind
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
CHANGING = """
cipher.new_salt = lambda: bytes.fromhex(sys.argv[3])
cipher.derive_key = lambda secret, _salt: bytes.fromhex(sys.argv[2] if secret == "" else sys.argv[4])
say("open")
caseload.change_passphrase("new", old="", at=at)
say("done")
os.read(0, 1)
"""
IMPORTING = """
scores = [Assessment(**home(), total=n % 28) for n in range(IMPORTED)]
say("open")
caseload.edit(added(message("Import"), *scores), at=at)
say("done")
os.read(0, 1)
"""

BACKING_UP = """
from datetime import timedelta
say("open")
n = 0
while True:
    session = Session(**home(), note="n" * 2000)
    caseload.edit(added(message("Log"), session), at=at)
    made = caseload.backups.make(at=at + timedelta(seconds=n))
    say(f"{n + 1} {made.path}")
    n += 1
"""
RESTORING = """
keys = caseload.backups.keys
first = caseload.backups.make(at=at).path
caseload.edit(added(message("Log"), Session(**home(), note="second")), at=at)
second = caseload.backups.make(at=at).path
caseload.close()
say("open")
while True:
    for name, copy in (("first", first), ("second", second)):
        Caseload.restore_from(copy, Path(sys.argv[1]), keys=keys, who="child", at=at)
        say(name)
"""


@pytest.fixture(scope="module")
def empty_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("durability") / "a.trdtrack"
    with closing(Caseload.create(path, PASSPHRASE, who="x")) as caseload:
        patient = Patient(code="P-1")
        caseload.edit(added(message("Add"), patient, Course(patient=patient.id)), at=datetime.now(UTC))
    return path.read_bytes()


def killed(path: Path, code: str, *more: str, after: float) -> list[str]:
    """Run a program on the file, kill it `after` seconds from its "open", and return the lines it got out."""
    key = cipher.derive_key(PASSPHRASE, cipher.salt_of(path)).hex()
    command = [sys.executable, "-c", PRELUDE + code, str(path), key, *more]
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


# Backups and restores: of every hundred kills of saving ten of each


@pytest.mark.parametrize("kill", range(max(2, KILLS // 10)))
def test_a_backup_killed_half_way_does_not_count(tmp_path: Path, empty_bytes: bytes, kill: int) -> None:
    path = tmp_path / "a.trdtrack"
    path.write_bytes(empty_bytes)
    said = [line.split(maxsplit=1) for line in killed(path, BACKING_UP, after=random.Random().uniform(0, 0.6))]
    confirmed = {Path(name.strip()): int(count) for count, name in said}
    with closing(opened(path)) as caseload:
        assert caseload.check() == ()
        found = {b.path: caseload.backups.examined(b.path) for b in caseload.backups.listed()}
        assert confirmed.keys() <= found.keys()
        assert len(found.keys() - confirmed.keys()) <= 1, "only the one under way may be there unconfirmed"
        for copy, held in found.items():
            assert held.wrong is None
            assert held.sessions == confirmed.get(copy, len(confirmed) + 1)
        caseload.backups.make(at=datetime.now(UTC) + timedelta(hours=1))
        assert not list(caseload.backups.folder.glob("*.partial*")), "the next one tidies up"


@pytest.mark.parametrize("kill", range(max(2, KILLS // 10)))
def test_a_restore_killed_half_way_leaves_the_old_or_the_new(tmp_path: Path, empty_bytes: bytes, kill: int) -> None:
    path = tmp_path / "a.trdtrack"
    path.write_bytes(empty_bytes)
    said = killed(path, RESTORING, after=random.Random().uniform(0, 0.6))
    with closing(opened(path)) as caseload:
        assert caseload.check() == ()
        [patient] = caseload.patients()
        course = caseload.current_course(patient.id)
        assert course
        sessions = len(caseload.sessions(course.id))
        before = {"first\n": 0, "second\n": 1}[said[-1]] if said else 1
        assert sessions in (before, 1 - before)
        assert all(caseload.backups.examined(b.path).wrong is None for b in caseload.backups.listed())
        kept = [b for b in caseload.backups.listed() if b.kind is Kind.BEFORE_RESTORE]
        assert len(said) <= len(kept) <= len(said) + 1
        keys, [*_, copy] = caseload.backups.keys, (b.path for b in caseload.backups.listed())
    Caseload.restore_from(copy, path, keys=keys, who="parent", at=datetime.now(UTC))
    assert not list(tmp_path.glob(".*")), "the next one tidies up"


# Changing the passphrase


def rows(caseload: Caseload) -> dict[str, list[Any]]:
    """Every row of every table but those a change adds one to, and those two without that one."""
    with caseload._store.alone() as raw:
        names = [name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(raw.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
    changed = found.pop("former_key", [])
    lines = [row[0] for row in raw.execute("SELECT seq FROM audit WHERE title = 'Change passphrase'")]
    assert len(changed) == len(lines)
    return found | {name: [row for row in found[name] if row[0] not in lines] for name in ("audit", "audit_text")}


@pytest.fixture(scope="module")
def filled_bytes(tmp_path_factory: pytest.TempPathFactory, empty_bytes: bytes) -> bytes:
    """A caseload of about 2 MB, so that copying it takes long enough to be cut off."""
    path = tmp_path_factory.mktemp("filled") / "a.trdtrack"
    path.write_bytes(empty_bytes)
    with closing(Caseload.open(path, PASSPHRASE, who="x")) as caseload:
        patients = [Patient(code=f"F-{n}", notes=f"{n} " * 300) for n in range(600)]
        caseload.edit(added(message("Add"), *patients), at=datetime.now(UTC))
    return path.read_bytes()


def test_a_change_of_passphrase_leaves_the_old_file_or_the_new(tmp_path: Path, filled_bytes: bytes) -> None:
    """Killed at random; whichever passphrase opens it, everything is there, and nothing is left lying about."""
    chance = random.Random()
    path = tmp_path / "a.trdtrack"
    path.write_bytes(filled_bytes)
    with closing(opened(path)) as caseload:
        before = rows(caseload)
    salt = os.urandom(16)
    key = cipher.derive_key("new", salt)
    more = (salt.hex(), key.hex())
    path.write_bytes(filled_bytes)
    start = time.monotonic()
    assert killed(path, CHANGING.replace("os.read(0, 1)", "os.kill(os.getpid(), 9)"), *more, after=60) == ["done\n"]
    long = time.monotonic() - start
    seen = set[str]()
    for _ in range(max(2, KILLS // 10)):
        path.write_bytes(filled_bytes)
        said = killed(path, CHANGING, *more, after=chance.uniform(0, min(long, 0.6)))
        secret = "new" if path.read_bytes()[:16] == salt else PASSPHRASE
        other = PASSPHRASE if secret == "new" else "new"
        assert secret == "new" or said == [], "a change that was confirmed is there"
        with pytest.raises(WrongPassphrase):
            Caseload.open(path, other, who="x")
        with closing(Caseload.open(path, secret, who="parent")) as caseload:
            assert rows(caseload) == before
            assert len(caseload.backups.keys[1:]) == (secret == "new")
            assert caseload.check() == ()
        assert {p.name for p in tmp_path.iterdir()} <= {path.name, "a-backups", ".a.trdtrack.lock"}
        seen.add(secret)
    if KILLS >= 200:
        assert seen == {"new", PASSPHRASE}
