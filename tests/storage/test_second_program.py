"""One file, two programs: reading while the other writes, two writers, an overtaken edit, -wal files left behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trdtrack import words
from trdtrack.domain.edit import Edit, Step, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient, Rules
from trdtrack.domain.refusals import Refusal, Stale, WrongPassphrase
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sample

ROOT = Path(__file__).parents[2]
PRELUDE = """
import os, sys, time
from datetime import UTC, datetime
from pathlib import Path
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.store import Store
store = Store.open(Path(sys.argv[1]), sys.argv[2])
def add(*codes, **more):
    patients = [Patient(code=code, notes="n" * 500) for code in codes]
    store.write(added(message("Add"), *patients), who="other", at=datetime.now(UTC), **more)
def say(text):
    print(text, flush=True)
say("open")
"""


@contextmanager
def other_program(path: Path, passphrase: str, code: str) -> Iterator[subprocess.Popen[str]]:
    """Run another program on the file; it says "open" once it has it open."""
    command = [sys.executable, "-c", PRELUDE + code, str(path), passphrase]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout
            assert other.stdout.readline() == "open\n"
            yield other
        finally:
            other.kill()


def line(other: subprocess.Popen[str]) -> str:
    assert other.stdout
    return other.stdout.readline().strip()


def test_reading_goes_on_while_another_program_writes(small: Path, sample: type[Sample]) -> None:
    code = """
for n in range(10**6):
    add(f"W-{n}a", f"W-{n}b")
    if n == 5: say("writing")
"""
    with (
        other_program(small, sample.passphrase, code) as other,
        closing(Store.open(small, sample.passphrase)) as store,
    ):
        assert line(other) == "writing"
        counts = []
        for _ in range(30):
            start = time.monotonic()
            counts.append(len(store.read("patient")))
            assert time.monotonic() - start < 1
            time.sleep(0.01)
        assert store.changed_elsewhere()
        assert other.poll() is None, "the writer stopped"
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]
    assert all(n % 2 == 1 for n in counts), "half of an edit was read"
    with closing(Store.open(small, sample.passphrase)) as store:
        assert store.faults() == ()


def test_a_long_write_elsewhere_refuses_ours_in_time_and_loses_nothing(small: Path, sample: type[Sample]) -> None:
    code = """
def wait(done, of):
    say("holding"); sys.stdin.readline()
add(*[f"W-{n}" for n in range(3)], tick=wait)
say("saved"); sys.stdin.readline()
"""
    with (
        closing(Store.open(small, sample.passphrase)) as store,
        other_program(small, sample.passphrase, code) as other,
    ):
        assert line(other) == "holding"
        start = time.monotonic()
        with pytest.raises(Refusal) as refused:
            sample.add(store, Patient(code="mine"))
        assert time.monotonic() - start < 3
        assert "Another program is writing to small.trdtrack" in words.say(refused.value.what)
        assert len(store.read("patient")) == 1, "reading needs no waiting"
        print("go", file=other.stdin, flush=True)
        assert line(other) == "saved"
        sample.add(store, Patient(code="mine"))
        assert [p.code for p in store.read("patient")] == ["P-1", "W-0", "W-1", "W-2", "mine"]
        assert store.faults() == ()


def test_two_writers_at_once_both_keep_all_they_were_told_is_saved(small: Path, sample: type[Sample]) -> None:
    code = """
sys.stdin.readline()
saved = 0
for n in range(40):
    try:
        add(f"W-{n}")
    except Refusal:
        continue
    saved += 1
say(saved)
"""
    with (
        other_program(small, sample.passphrase, code) as other,
        closing(Store.open(small, sample.passphrase)) as store,
    ):
        print("go", file=other.stdin, flush=True)
        for n in range(40):
            sample.add(store, Patient(code=f"M-{n}"))
        theirs = int(line(other))
        codes = [p.code for p in store.read("patient")]
        assert sum(c.startswith("M") for c in codes) == 40
        assert sum(c.startswith("W") for c in codes) == theirs > 0
        assert store.faults() == ()


def test_an_overtaken_edit_is_stale_and_shows_both_versions(small: Path, sample: type[Sample]) -> None:
    with closing(Store.open(small, sample.passphrase)) as one, closing(Store.open(small, sample.passphrase)) as two:
        assert not two.changed_elsewhere()
        theirs = replace(sample.patient, name="Zaphod B.")
        sample.write(one, altered(message("Correct"), sample.patient, theirs))
        with pytest.raises(Stale) as stale:
            sample.write(two, altered(message("Correct"), sample.patient, replace(sample.patient, name="mine")))
        assert (stale.value.expected, stale.value.stored) == (sample.patient, theirs)
        assert two.changed_elsewhere()
        assert not two.changed_elsewhere()
        assert two.read("patient") == [theirs]
        assert two.faults() == ()


def test_a_stale_step_takes_the_whole_edit_with_it(opened: Store, sample: type[Sample]) -> None:
    before = sample.read(opened)
    wrong = replace(sample.scores[3], answers=(0,) * 9)
    steps = (Step(None, Patient(code="new")), Step(wrong, replace(wrong, answers=(1,) * 9)))
    with pytest.raises(Stale):
        sample.write(opened, Edit(message("Two"), steps))
    assert sample.read(opened) == before
    assert opened.faults() == ()


def test_rules_set_twice_for_the_first_time(tmp_path: Path, sample: type[Sample]) -> None:
    path = tmp_path / "a.trdtrack"
    with closing(Store.create(path, "x")) as one, closing(Store.open(path, "x")) as two:
        sample.add(one, Rules(reliable_change=8))
        with pytest.raises(Stale) as stale:
            sample.add(two, Rules(reliable_change=5))
        assert (stale.value.expected, stale.value.stored) == (None, Rules(reliable_change=8))


def crash(path: Path, passphrase: str, code: str = 'add("C-1"); os._exit(9)') -> None:
    """Have another program leave the file as a crash does: its newest pages in the -wal file only."""
    with other_program(path, passphrase, code) as other:
        other.wait(20)
    assert wal_of(path).stat().st_size > 0


def wal_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def test_after_a_crash_the_newest_pages_are_taken_in(small: Path, sample: type[Sample]) -> None:
    crash(small, sample.passphrase)
    with closing(Store.open(small, sample.passphrase)) as store:
        assert [p.code for p in store.read("patient")] == ["P-1", "C-1"]
        assert store.faults() == ()
    assert [p.name for p in small.parent.iterdir()] == [small.name]


def test_a_wrong_passphrase_after_a_crash_changes_nothing(small: Path, sample: type[Sample]) -> None:
    crash(small, sample.passphrase)
    before = {p.name: p.read_bytes() for p in (small, wal_of(small))}
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            Store.open(small, "wrong")
    assert {p.name: p.read_bytes() for p in (small, wal_of(small))} == before
    with closing(Store.open(small, sample.passphrase)) as store:
        assert len(store.read("patient")) == 2


def test_the_wal_file_of_another_caseload_does_not_overwrite_this_one(
    small: Path, tmp_path: Path, sample: type[Sample]
) -> None:
    other = tmp_path / "other" / "other.trdtrack"
    other.parent.mkdir()
    Store.create(other, "theirs").close()
    crash(other, "theirs")
    shutil.copy(wal_of(other), wal_of(small))
    before = small.read_bytes()
    with pytest.raises(Refusal) as refused:
        Store.open(small, sample.passphrase)
    assert "small.trdtrack-wal does not belong to small.trdtrack" in words.say(refused.value.what)
    assert small.read_bytes() == before
    with pytest.raises(WrongPassphrase):
        Store.open(small, "theirs")
    assert small.read_bytes() == before
    wal_of(small).rename(tmp_path / "aside")  # what the sentence says
    with closing(Store.open(small, sample.passphrase)) as store:
        assert sample.read(store) == {(r.kind, r.id): r for r in sample.records}
        assert store.faults() == ()


def test_an_older_wal_file_does_not_take_the_caseload_back(small: Path, tmp_path: Path, sample: type[Sample]) -> None:
    """As when a newer copy is put over a file whose program had crashed."""
    crash(small, sample.passphrase)
    older = shutil.copy(wal_of(small), tmp_path / "older-wal")
    with closing(Store.open(small, sample.passphrase)) as store:
        for n in range(20):
            sample.add(store, Patient(code=f"N-{n}"))
    before = small.read_bytes()
    shutil.copy(older, wal_of(small))
    with pytest.raises(Refusal, match="from another time"):
        Store.open(small, sample.passphrase)
    assert small.read_bytes() == before


def test_an_older_wal_file_that_is_whole_by_itself_does_not_either(tmp_path: Path, sample: type[Sample]) -> None:
    """It holds every page of a young file, so nothing but the history says that it is older."""
    path, other = tmp_path / "a.trdtrack", tmp_path / "b"
    other.mkdir()
    with closing(Store.create(path, "x")) as store:
        sample.add(store, Patient(code="first"))
        older = shutil.copy(wal_of(path), other / "older-wal")
        sample.add(store, Patient(code="second"))
    before = path.read_bytes()
    shutil.copy(older, wal_of(path))
    with pytest.raises(Refusal, match="from another time"):
        Store.open(path, "x")
    assert path.read_bytes() == before


def test_a_newer_wal_file_is_not_mixed_into_a_restored_copy(
    small: Path, small_bytes: bytes, sample: type[Sample]
) -> None:
    """As when a backup is copied back over a file that a crash left with its -wal file."""
    with closing(Store.open(small, sample.passphrase)) as store:
        for n in range(60):
            sample.add(store, Patient(code=f"N-{n}", notes="n" * 900))
    crash(small, sample.passphrase)
    small.write_bytes(small_bytes)
    with pytest.raises(Refusal, match="from another time"):
        Store.open(small, sample.passphrase)
    assert small.read_bytes() == small_bytes


@pytest.mark.parametrize("damage", ["cut", "noise", "one byte"])
def test_a_damaged_wal_file_loses_at_most_its_own_pages(small: Path, sample: type[Sample], damage: str) -> None:
    crash(small, sample.passphrase, 'add("C-1"); add("C-2"); os._exit(9)')
    raw = bytearray(wal_of(small).read_bytes())
    if damage == "cut":
        del raw[len(raw) // 2 :]
    elif damage == "noise":
        raw[:] = bytes(len(raw))
    else:
        raw[len(raw) * 3 // 4] ^= 1
    wal_of(small).write_bytes(raw)
    wal_of(small).with_name(small.name + "-shm").unlink(missing_ok=True)
    with closing(Store.open(small, sample.passphrase)) as store:
        assert {p.code for p in store.read("patient")} in ({"P-1"}, {"P-1", "C-1"})
        assert store.faults() == ()
