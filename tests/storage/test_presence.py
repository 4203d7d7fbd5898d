"""One writer: the lock beside an open file, left behind or another computer's; and the journal kept on a network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trdtrack import words
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import OpenElsewhere, Refusal, WrongPassphrase
from trdtrack.storage import disks, presence, processes
from trdtrack.storage.presence import lock_of
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sample

ROOT = Path(__file__).parents[2]
SINCE = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
OPEN_AND_WAIT = """
import sys
from pathlib import Path
from trdtrack.storage.store import Store
store = Store.open(Path(sys.argv[1]), sys.argv[2])
print("open", flush=True)
sys.stdin.readline()
store.close()
print("closed", flush=True)
sys.stdin.readline()
"""


def said(path: Path) -> dict[str, Any]:
    return json.loads(lock_of(path).read_text(encoding="utf-8"))


def other_computer(path: Path, *, idle: float = 0, **more: Any) -> str:
    """Lay the lock of another computer beside a file, touched `idle` seconds ago."""
    fields = {"machine": "ward-3", "computer": "f" * 16, "user": "dr-blue", "since": SINCE.isoformat(), "programs": [7]}
    lock_of(path).write_text(text := json.dumps(fields | more), encoding="utf-8")
    os.utime(lock_of(path), (time.time() - idle,) * 2)
    return text


def process_that_ended() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        pass
    return process.pid


@pytest.fixture
def other_program(small: Path, sample: type[Sample]) -> Iterator[subprocess.Popen[str]]:
    """Another program of this computer that has the file open until it is told to close it."""
    command = [sys.executable, "-c", OPEN_AND_WAIT, str(small), sample.passphrase]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        yield other
        other.kill()


def test_the_lock_says_who_and_no_more_and_goes_on_closing(small: Path, sample: type[Sample]) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    with closing(Store.open(small, sample.passphrase)):
        fields = said(small)
        assert set(fields) == {"machine", "computer", "user", "since", "programs"}
        assert fields["programs"] == [os.getpid()]
        assert before < datetime.fromisoformat(fields["since"]) <= datetime.now(UTC)
        raw = lock_of(small).read_text(encoding="utf-8")
        assert not [word for word in sample.words if word in raw]
    assert [p.name for p in small.parent.iterdir()] == [small.name]


def test_another_computer_is_refused_by_name_and_nothing_is_touched(small: Path, sample: type[Sample]) -> None:
    text, before = other_computer(small, idle=170), small.read_bytes()
    for passphrase in (sample.passphrase, "wrong"):
        with pytest.raises(OpenElsewhere) as refused:
            Store.open(small, passphrase)
    sentence = words.say(refused.value.what)
    assert f"small.trdtrack is open on another computer: ward-3, by dr-blue, since {words.moment(SINCE)}." in sentence
    assert (refused.value.machine, refused.value.user, refused.value.since) == ("ward-3", "dr-blue", SINCE)
    assert lock_of(small).read_text(encoding="utf-8") == text
    assert small.read_bytes() == before
    assert sorted(p.name for p in small.parent.iterdir()) == [lock_of(small).name, small.name]


def test_another_computers_lock_left_behind_is_taken_over(small: Path, sample: type[Sample]) -> None:
    other_computer(small, idle=190)
    with closing(Store.open(small, sample.passphrase)) as store:
        assert said(small)["programs"] == [os.getpid()]
        sample.add(store, Patient(code="mine"))
    assert [p.name for p in small.parent.iterdir()] == [small.name]


def test_a_wrong_passphrase_leaves_a_lock_left_behind_as_it_is(small: Path) -> None:
    text = other_computer(small, idle=190)
    with pytest.raises(WrongPassphrase):
        Store.open(small, "wrong")
    assert lock_of(small).read_text(encoding="utf-8") == text


def test_a_lock_somebody_made_anew_is_not_cleared_for_the_one_seen_before(small: Path) -> None:
    """Two computers find the same lock left behind; the first one's new lock is not the second's to take."""
    other_computer(small, idle=190)
    seen = presence._read(lock_of(small))
    text = other_computer(small, machine="ward-4", computer="e" * 16)
    here = presence.Presence.__new__(presence.Presence)
    here._path, here._lock = small, lock_of(small)
    here._clear(seen)
    assert lock_of(small).read_text(encoding="utf-8") == text
    with pytest.raises(OpenElsewhere, match="another computer"):
        presence.Presence(small)


def test_a_crash_of_this_computer_keeps_nobody_out(small: Path, sample: type[Sample]) -> None:
    gone = process_that_ended()
    assert not processes.runs(gone)
    other_computer(small, machine=processes.machine(), computer=processes.computer(), programs=[gone, gone])
    with closing(Store.open(small, sample.passphrase)):
        assert said(small)["programs"] == [os.getpid()]
    assert not lock_of(small).exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"machine": 1}', "\x00" * 200, "[" * 5000])
def test_a_lock_that_says_nothing_is_a_power_cuts(small: Path, sample: type[Sample], content: str) -> None:
    lock_of(small).write_text(content, encoding="utf-8")
    start = time.monotonic()
    with closing(Store.open(small, sample.passphrase)):
        assert said(small)["programs"] == [os.getpid()]
    assert time.monotonic() - start < 4
    assert not lock_of(small).exists()


def test_two_programs_of_one_computer_share_the_lock(
    small: Path, sample: type[Sample], other_program: subprocess.Popen[str]
) -> None:
    assert other_program.stdin
    assert other_program.stdout
    with closing(Store.open(small, sample.passphrase)) as store, closing(Store.open(small, sample.passphrase)):
        assert sorted(said(small)["programs"]) == sorted([other_program.pid, os.getpid(), os.getpid()])
        other_program.stdin.write("close\n")
        other_program.stdin.flush()
        assert other_program.stdout.readline() == "closed\n"
        assert said(small)["programs"] == [os.getpid()] * 2
        sample.add(store, Patient(code="mine"))
    assert not lock_of(small).exists()


def test_the_last_of_two_programs_removes_the_lock_of_one_that_was_killed(
    small: Path, sample: type[Sample], other_program: subprocess.Popen[str]
) -> None:
    with closing(Store.open(small, sample.passphrase)):
        other_program.kill()
        other_program.wait()
    assert not lock_of(small).exists()


def test_it_is_kept_fresh_while_open(small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch) -> None:
    assert presence.REFRESH_SECONDS * 3 < presence.STALE_SECONDS
    monkeypatch.setattr(presence, "REFRESH_SECONDS", 0.05)
    with closing(Store.open(small, sample.passphrase)):
        os.utime(lock_of(small), (0, 0))
        until = time.monotonic() + 5
        while lock_of(small).stat().st_mtime < time.time() - 60 and time.monotonic() < until:
            time.sleep(0.01)
        assert time.time() - lock_of(small).stat().st_mtime < 60
        lock_of(small).unlink()
        while not lock_of(small).exists() and time.monotonic() < until:
            time.sleep(0.01)
        assert said(small)["programs"] == [os.getpid()], "removed by hand, it is made anew"


def test_a_computer_that_slept_while_another_took_over_writes_no_more(small: Path, sample: type[Sample]) -> None:
    store = Store.open(small, sample.passphrase)
    sample.add(store, Patient(code="before"))
    text = other_computer(small)
    with pytest.raises(OpenElsewhere) as refused:
        sample.add(store, Patient(code="after"))
    assert "was opened on ward-3 meanwhile" in words.say(refused.value.what)
    assert "Nothing was saved" in words.say(refused.value.what)
    assert [p.code for p in store.read("patient")] == ["P-1", "before"]
    store.close()
    assert lock_of(small).read_text(encoding="utf-8") == text, "the other's lock stays"


def test_the_disks_clock_counts_and_not_this_computers(
    small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    other_computer(small)
    monkeypatch.setattr(presence.time, "time", lambda: SINCE.timestamp() + 10**9)
    with pytest.raises(OpenElsewhere):
        Store.open(small, sample.passphrase)


def test_a_file_that_cannot_be_opened_leaves_no_lock(small: Path, sample: type[Sample]) -> None:
    small.write_bytes(small.read_bytes()[:8192])
    with pytest.raises(Refusal):
        Store.open(small, sample.passphrase)
    assert [p.name for p in small.parent.iterdir()] == [small.name]


# Journals on a network


def mounts(tmp_path: Path, *lines: str) -> Path:
    """A list of mounts as Linux keeps it, the root's first."""
    file = tmp_path / "mounts"
    file.write_text("\n".join(["/dev/sda1 / ext4 rw 0 0", *lines]) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "davfs"])
def test_a_network_file_system_is_known_by_its_longest_mount(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    share, local = tmp_path / "the share", tmp_path / "the share" / "local"
    local.mkdir(parents=True)
    escaped = str(share).replace(" ", "\\040")
    lines = (f"server:/x {escaped} {kind} rw 0 0", f"/dev/sdb1 {escaped}/local ext4 rw 0 0")
    monkeypatch.setattr(disks, "MOUNTS", mounts(tmp_path, *lines))
    assert disks.on_network(share / "a.trdtrack")
    assert not disks.on_network(local / "a.trdtrack")
    assert not disks.on_network(tmp_path / "a.trdtrack")
    assert not disks.on_network(tmp_path / "the share 2" / "a.trdtrack")


def test_this_computers_own_disk_is_none(tmp_path: Path) -> None:
    assert not disks.on_network(tmp_path / "a.trdtrack")


def on_a_share(path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(disks, "MOUNTS", mounts(path.parent.parent, f"server:/x {path.parent} nfs4 rw 0 0"))


@pytest.fixture
def shared(tmp_path: Path, small_bytes: bytes) -> Path:
    """A caseload in a folder of its own."""
    (tmp_path / "share").mkdir()
    path = tmp_path / "share" / "small.trdtrack"
    path.write_bytes(small_bytes)
    return path


def test_there_the_file_is_kept_without_shared_memory(
    shared: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_share(shared, monkeypatch)
    with closing(Store.open(shared, sample.passphrase)) as store:
        assert store._raw.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert store._raw.execute("PRAGMA synchronous").fetchone() == (3,)
        sample.add(store, Patient(code="there"))
        assert sorted(p.name for p in shared.parent.iterdir()) == [lock_of(shared).name, shared.name]
    monkeypatch.undo()
    with closing(Store.open(shared, sample.passphrase)) as store:
        assert store._raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert [p.code for p in store.read("patient")] == ["P-1", "there"]
        assert store.faults() == ()


KILLED_WHILE_WRITING = """
import os, sys
from pathlib import Path
from trdtrack.storage import disks
from trdtrack.storage.store import Store
disks.MOUNTS = Path(sys.argv[3])
store = Store.open(Path(sys.argv[1]), sys.argv[2])
store._raw.execute("PRAGMA cache_size = 5")  # pages reach the file before the transaction ends
with store.transaction(write=True) as connection:
    connection.exec_driver_sql("CREATE TABLE filled (x)")
    connection.exec_driver_sql("INSERT INTO filled SELECT randomblob(3000) FROM (SELECT 1 FROM audit, audit LIMIT 200)")
    connection.exec_driver_sql("UPDATE patient SET code = 'half'")
    connection.exec_driver_sql("INSERT INTO filled SELECT randomblob(3000) FROM (SELECT 1 FROM audit, audit LIMIT 200)")
    os._exit(9)
"""


@pytest.fixture
def crashed(shared: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A caseload on a share whose program was killed with half of a transaction in the file."""
    on_a_share(shared, monkeypatch)
    before = shared.read_bytes()
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(shared), sample.passphrase, str(disks.MOUNTS)]
    subprocess.run(command, cwd=ROOT, check=False)
    assert shared.read_bytes() != before, "pages of the half transaction are in the file"
    assert shared.with_name(shared.name + "-journal").stat().st_size > 0
    return shared


def test_there_a_crash_is_taken_back(crashed: Path, sample: type[Sample]) -> None:
    half = {p.name: p.read_bytes() for p in crashed.parent.iterdir()}
    with pytest.raises(Refusal):
        Store.open(crashed, "wrong")
    assert {p.name: p.read_bytes() for p in crashed.parent.iterdir()} == half, "a wrong passphrase changes nothing"
    with closing(Store.open(crashed, sample.passphrase)) as store:
        assert sample.read(store) == {(r.kind, r.id): r for r in sample.records}
        assert store.faults() == ()
    assert [p.name for p in crashed.parent.iterdir()] == [crashed.name]


def test_there_the_journal_of_another_caseload_changes_nothing(
    crashed: Path, small_bytes: bytes, sample: type[Sample], tmp_path: Path
) -> None:
    other = tmp_path / "share" / "other.trdtrack"
    Store.create(other, "theirs").close()
    journal = crashed.with_name(crashed.name + "-journal").rename(other.with_name(other.name + "-journal"))
    before = other.read_bytes(), journal.read_bytes()
    with pytest.raises(Refusal) as refused:
        Store.open(other, "theirs")
    assert "other.trdtrack-journal does not belong to other.trdtrack" in words.say(refused.value.what)
    assert (other.read_bytes(), journal.read_bytes()) == before
