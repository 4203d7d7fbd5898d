"""The power fails at any moment of saving: what was confirmed is on the disk, because it was synced before.

One program's writes and syncs are recorded with strace, the files rebuilt as a power cut leaves them after each call,
and opened. A kill cannot show this: the system's cache outlives it. TRDTRACK_LONG=1 cuts after every fourth write too.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from power import TRACE, Disk
from traced import traced, traced_only

from trdtrack import file_head
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import cipher
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = traced_only

ROOT = Path(__file__).resolve().parents[1]
LONG = bool(os.environ.get("TRDTRACK_LONG"))
EVERY = 4 if LONG else 100
PASSPHRASE = "two loud herons"
SAVES = 12 if LONG else 3
SAVING = f"""
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.storage import cipher, disks
from trdtrack.storage.store import Store
cipher.derive_key = lambda _passphrase, _salt: bytes.fromhex(sys.argv[2])
disks.MOUNTS = Path(sys.argv[4])
store = Store.open(Path(sys.argv[1]), "")
if sys.argv[3]:
    store._raw.execute("PRAGMA synchronous = " + sys.argv[3])
store._raw.execute("PRAGMA wal_autocheckpoint = 30")  # so that some saves move pages into the main file
for n in range({SAVES}):
    store.write(added(message("Add"), Patient(code=f"S-{{n}}", notes="n" * 3000)), who="x", at=datetime.now(UTC))
    os.write(1, f"S-{{n}} ".encode())
store.close()
"""


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A caseload with one patient in it."""
    path = tmp_path_factory.mktemp("power") / "a.trdtrack"
    with closing(Store.create(path, PASSPHRASE)) as store:
        store.write(added(message("Add"), Patient(code="P-1")), who="x", at=datetime.now(UTC))
    return path.read_bytes()


def recorded(start: bytes, tmp_path: Path, *, synchronous: str = "", mounts: str = "") -> list[str]:
    """The calls of a program that saves and closes."""
    (tmp_path / "mounts").write_text(mounts, encoding="utf-8")
    path = tmp_path / "live" / "a.trdtrack"
    path.parent.mkdir()
    path.write_bytes(start)
    key = cipher.derive_key(PASSPHRASE, start[: file_head.BYTES]).hex()
    command = [sys.executable, "-c", SAVING, path, key, synchronous, tmp_path / "mounts"]
    calls = traced(command, *TRACE, folder=tmp_path, variables={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)})
    with closing(Store.open(path, PASSPHRASE)) as store:
        assert len(store.read("patient")) == 1 + SAVES
    return calls


def lost(files: dict[str, bytes], said: str, folder: Path) -> str:
    """What is wrong with the files a power cut left, given what was confirmed; nothing if all is well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    confirmed = {"P-1", *said.split()}
    try:
        with closing(Store.open(folder / "a.trdtrack", PASSPHRASE)) as store:
            there = {patient.code for patient in store.read("patient")}
            faults = store.faults()
    except Refusal as refusal:
        return f"does not open: {refusal}"
    if faults or not confirmed <= there or len(there - confirmed) > 1:
        return f"confirmed {sorted(confirmed)}, there {sorted(there)}, faults {faults}"
    return ""


def cuts(start: bytes, calls: list[str], tmp_path: Path) -> Iterator[str]:
    """Cut the power after calls, each sync and each confirmation among them; yield what was lost."""
    chance = random.Random(9)
    disk = Disk(tmp_path / "live", {"a.trdtrack": start})
    for number, call in enumerate(disk.replay(calls)):
        if number % EVERY and call not in ("write", "fsync", "fdatasync"):
            continue
        for torn in (None, chance):
            found = lost(disk.after_power_cut(torn), disk.said, tmp_path / "left")
            yield f"after call {number} ({call}, {'torn' if torn else 'synced'}): {found}" if found else ""
    assert disk.said.split() == [f"S-{n}" for n in range(SAVES)]


@pytest.mark.parametrize("network", [False, True], ids=["wal", "journal"])
def test_nothing_confirmed_is_missing_after_a_power_cut(start: bytes, tmp_path: Path, network: bool) -> None:
    mounts = f"server:/x {tmp_path} nfs4 rw 0 0\n" if network else ""
    calls = recorded(start, tmp_path, mounts=mounts)
    results = list(cuts(start, calls, tmp_path))
    assert [result for result in results if result] == []
    assert len(results) > 2 * SAVES * 2


def test_on_a_share_the_removed_journal_has_to_be_synced_too(start: bytes, tmp_path: Path) -> None:
    """FULL, enough beside a -wal file, is not there: a journal that comes back takes a confirmed save away."""
    calls = recorded(start, tmp_path, synchronous="FULL", mounts=f"server:/x {tmp_path} nfs4 rw 0 0\n")
    assert any("confirmed" in result for result in cuts(start, calls, tmp_path))


def test_without_syncing_it_would_be(start: bytes, tmp_path: Path) -> None:
    """The test can fail: a file that is never synced loses what was confirmed."""
    calls = recorded(start, tmp_path, synchronous="OFF")
    results = list(cuts(start, calls, tmp_path))
    assert sum("does not open" in result or "confirmed" in result for result in results) >= SAVES
