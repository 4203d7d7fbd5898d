"""Read-only and full disks, real ones: a tmpfs or a loop-mounted ext4, which only root on Linux can make."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

import pytest
from disks import mount as mount_disk
from disks import place_for_a_disk, root_only, small_disk

from trdtrack import words
from trdtrack.domain.edit import altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Sample

    Mount = Callable[..., Path]

pytestmark = root_only


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mount an empty disk of the size given."""
    with ExitStack() as disks:
        yield lambda size: disks.enter_context(small_disk(size))


def remount(disk: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True, capture_output=True)


def fill(disk: Path, *, leaving: int = 0) -> Path:
    """Fill the disk with one file but for `leaving` bytes; remove it to make room."""
    ballast = disk / "ballast"
    ballast.touch()
    with ballast.open("r+b", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    os.truncate(ballast, max(0, ballast.stat().st_size - leaving))
    return ballast


def sentence(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return words.say(refused.value.what)


def big(n: int) -> Patient:
    return Patient(code=f"B-{n}", notes="n" * 5000)


def test_a_read_only_disk_opens_read_only(mount: Mount, small: Path, sample: type[Sample]) -> None:
    disk = mount("2m")
    path = shutil.copy(small, disk / "a.trdtrack")
    remount(disk, "ro")
    with closing(Store.open(path, sample.passphrase)) as store:
        assert not store.writable
        assert sample.read(store) == {(r.kind, r.id): r for r in sample.records}
        assert store.faults() == ()
        with pytest.raises(Refusal) as refused:
            sample.add(store, big(1))
        assert "a.trdtrack was opened read-only: nothing was saved." in sentence(refused)
    with pytest.raises(Refusal) as refused:
        Store.create(disk / "new.trdtrack", "x")
    assert "cannot be made there" in sentence(refused)
    assert [p.name for p in disk.iterdir()] == ["a.trdtrack"]
    assert path.read_bytes() == small.read_bytes()


def test_a_file_left_open_by_a_crash_on_a_read_only_disk_is_not_read_by_halves(
    mount: Mount, small: Path, sample: type[Sample]
) -> None:
    disk = mount("2m")
    with closing(Store.open(small, sample.passphrase)) as store:
        sample.add(store, big(1))
        for file in small.parent.glob("small.*"):
            shutil.copy(file, disk)
    remount(disk, "ro")
    with pytest.raises(Refusal) as refused:
        Store.open(disk / small.name, sample.passphrase)
    assert "was not closed properly" in sentence(refused)
    assert "small.trdtrack-wal" in sentence(refused)


def test_the_disk_turns_read_only_while_the_file_is_open(tmp_path: Path, small: Path, sample: type[Sample]) -> None:
    """As after a disk error. (The kernel does not let a tmpfs turn read-only with a file open for writing.)"""
    if not shutil.which("mkfs.ext4"):
        pytest.skip("no mkfs.ext4 here")
    with place_for_a_disk() as disk:
        aborted(tmp_path / "image", disk, small, sample)


def aborted(image: Path, disk: Path, small: Path, sample: type[Sample]) -> None:
    image.write_bytes(b"")
    os.truncate(image, 16 << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    mount_disk("-o", "loop", image, disk)
    try:
        path = shutil.copy(small, disk / "a.trdtrack")
        os.sync()  # the copy, not what is saved after it: that a save has to see to by itself
        store = Store.open(path, sample.passphrase)
        sample.add(store, big(1))
        done = subprocess.run(["mount", "-o", "remount,abort", disk], capture_output=True, text=True, check=False)
        if done.returncode:
            store.close()
            pytest.skip(f"this kernel cannot abort an ext4: {done.stderr.strip()}")
        before = sample.read(store)
        with pytest.raises(Refusal) as refused:
            sample.write(store, altered(message("Correct"), sample.patient, Patient(id=sample.patient.id, code="new")))
        assert "nothing was saved" in sentence(refused)
        assert sample.read(store) == before
        assert store.faults() == ()
        store.close()
    finally:
        subprocess.run(["umount", disk], check=True)
    subprocess.run(["fsck.ext4", "-fy", image], capture_output=True, check=False)
    mount_disk("-o", "loop", image, disk)
    try:
        with closing(Store.open(path, sample.passphrase)) as store:
            assert sample.read(store) == before
            assert store.faults() == ()
            sample.add(store, big(2))
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("free", [0, 1, 4, 16, 33, 48, 64, 120])
def test_a_disk_full_before_and_while_the_file_is_open(
    mount: Mount, small: Path, sample: type[Sample], free: int
) -> None:
    disk = mount("2m")
    path = shutil.copy(small, disk / "a.trdtrack")
    ballast = fill(disk, leaving=free * 1024)
    saved: list[Patient] = []
    if free < 36:  # no room for the lock and the -shm file
        with pytest.raises(Refusal) as refused:
            Store.open(path, sample.passphrase)
        assert "disk is full" in sentence(refused)
        assert path.read_bytes() == small.read_bytes()
        ballast.unlink()
        store = Store.open(path, sample.passphrase)
    else:
        store = Store.open(path, sample.passphrase)

        def save_many() -> None:
            for n in range(1000):
                sample.add(store, big(n))
                saved.append(store.read("patient", code=f"B-{n}")[0])

        with pytest.raises(Refusal) as refused:
            save_many()
        assert "The disk is full: nothing was saved to a.trdtrack." in sentence(refused)
        expected = {(r.kind, r.id): r for r in (*sample.records, *saved)}
        assert sample.read(store) == expected
        assert store.faults() == ()
        with pytest.raises(Refusal, match="disk is full"):  # and again: no state was left behind by the first refusal
            sample.add(store, big(5000), big(5001))
        ballast.unlink()
    sample.add(store, last := big(9999))
    store.close()
    with closing(Store.open(path, sample.passphrase)) as again:
        assert sample.read(again) == {(r.kind, r.id): r for r in (*sample.records, *saved, last)}
        assert again.faults() == ()
    assert [p.name for p in disk.iterdir()] == ["a.trdtrack"]


def test_closing_on_a_full_disk_keeps_what_was_saved(mount: Mount, small: Path, sample: type[Sample]) -> None:
    """The main file cannot grow, so the newest pages stay in the -wal file until there is room."""
    disk = mount("2m")
    path = shutil.copy(small, disk / "a.trdtrack")
    store = Store.open(path, sample.passphrase)
    saved = [big(n) for n in range(20)]
    sample.add(store, *saved)
    ballast = fill(disk)
    store.close()
    ballast.unlink()
    with closing(Store.open(path, sample.passphrase)) as again:
        assert sample.read(again) == {(r.kind, r.id): r for r in (*sample.records, *saved)}
        assert again.faults() == ()


@pytest.mark.parametrize("free", [0, 1, 4, 8, 16, 24, 33, 40, 64, 100])
def test_creating_on_a_full_disk_leaves_no_file(mount: Mount, free: int) -> None:
    disk = mount("1m")
    ballast = fill(disk, leaving=free * 1024)
    with pytest.raises(Refusal) as refused:
        Store.create(disk / "new.trdtrack", "x")
    assert "disk is full" in sentence(refused)
    assert [p.name for p in disk.iterdir()] == ["ballast"]
    ballast.unlink()
    Store.create(disk / "new.trdtrack", "x").close()
