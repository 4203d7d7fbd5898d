"""Damage to a file that was not closed properly: noticed before anything is written, never a crash, nothing lost.

TRDTRACK_LONG=1 flips a byte in every page; an ordinary run takes every fourth.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Damaged, Refusal, WrongPassphrase
from trdtrack.storage.store import Store
from trdtrack.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sample

PAGE, HEADER, FRAME = 4096, 32, 4120
LONG = bool(os.environ.get("TRDTRACK_LONG"))
FLEETING = ("-shm", ".lock")
Content = dict[str, bytes]
"""What lies in a folder, by name."""


def lying(folder: Path) -> Content:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.is_file() and not p.name.endswith(FLEETING)}


def laid(folder: Path, content: Content) -> Path:
    """Lay files into an empty folder and return the caseload's path."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in content.items():
        (folder / name).write_bytes(data)
    return folder / "small.trdtrack"


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory, small_bytes: bytes, sample: type[Sample]) -> Content:
    """The small caseload and its -wal file with six saves more, as a crash leaves them."""
    folder = tmp_path_factory.mktemp("crashed")
    path = laid(folder / "live", {"small.trdtrack": small_bytes})
    with closing(Store.open(path, sample.passphrase)) as store:
        for n in range(6):
            sample.add(store, Patient(code=f"N-{n}", notes="n" * 3000))
        return lying(path.parent)


def codes(path: Path, passphrase: str) -> list[str]:
    with closing(Store.open(path, passphrase)) as store:
        assert store.faults() == ()
        return sorted(p.code for p in store.read("patient"))


def flipped(data: bytes, at: int, bit: int = 1) -> bytes:
    broken = bytearray(data)
    broken[at] ^= bit
    return bytes(broken)


def newer_pages(wal: bytes) -> set[int]:
    return {int.from_bytes(wal[at : at + 4], "big") for at in range(HEADER, len(wal), FRAME)}


def test_after_a_crash_everything_confirmed_is_there(tmp_path: Path, crashed: Content, sample: type[Sample]) -> None:
    path = laid(tmp_path / "a", crashed)
    assert codes(path, sample.passphrase) == [*(f"N-{n}" for n in range(6)), "P-1"]
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_flipped_byte_in_a_page_is_noticed_before_anything_is_written(
    tmp_path: Path, crashed: Content, sample: type[Sample], where: str
) -> None:
    """Of the main file, after a crash. Only a page that lies newer in the -wal file is as good as not damaged."""
    main, wal = crashed["small.trdtrack"], crashed["small.trdtrack-wal"]
    newer = newer_pages(wal)
    noticed, harmless = 0, 0
    for page in range(0, len(main) // PAGE, 1 if LONG else 4):
        offset = {"first": 16 if page == 0 else 0, "middle": 2000 + page, "last": PAGE - 1}[where]
        content = crashed | {"small.trdtrack": flipped(main, page * PAGE + offset)}
        path = laid(tmp_path / "a", content)
        if page + 1 in newer:
            assert codes(path, sample.passphrase) == [*(f"N-{n}" for n in range(6)), "P-1"]
            harmless += 1
            continue
        with pytest.raises(Refusal) as refused:
            Store.open(path, sample.passphrase)
        assert lying(path.parent) == content, f"page {page + 1}: something was written"
        assert "small.trdtrack" in say(refused.value.what)
        noticed += 1
    assert noticed
    assert harmless


def test_a_free_page_is_no_exception(tmp_path: Path, small: Path, sample: type[Sample]) -> None:
    """Nothing reads it; it shows that the file is going."""
    with closing(Store.open(small, sample.passphrase)) as store:
        store._raw.execute("CREATE TABLE extra AS SELECT randomblob(20000)")
        store._raw.execute("DROP TABLE extra")
        store._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        free = store._raw.execute("PRAGMA freelist_count").fetchone()[0]
        content = lying(small.parent)
    assert free > 2
    content["small.trdtrack"] = flipped(content["small.trdtrack"], len(content["small.trdtrack"]) - 100)
    assert content["small.trdtrack-wal"] == b""
    path = laid(tmp_path / "a", content)
    with pytest.raises(Damaged):
        Store.open(path, sample.passphrase)
    assert lying(path.parent) == content


def test_a_flipped_byte_in_the_wal_file_loses_no_save_silently(
    tmp_path: Path, crashed: Content, sample: type[Sample]
) -> None:
    """SQLite reads up to what does not fit and forgets the rest. Only the last save looks like an interrupted one."""
    wal = crashed["small.trdtrack-wal"]
    frames = (len(wal) - HEADER) // FRAME
    ends = [n for n in range(frames) if any(wal[HEADER + n * FRAME + 4 : HEADER + n * FRAME + 8])]
    assert len(ends) == 6
    everything = [*(f"N-{n}" for n in range(6)), "P-1"]
    chance = random.Random(1)
    for frame in range(frames):
        content = crashed | {"small.trdtrack-wal": flipped(wal, HEADER + frame * FRAME + 24 + chance.randrange(PAGE))}
        path = laid(tmp_path / "a", content)
        if frame > ends[-2]:
            assert codes(path, sample.passphrase) == [code for code in everything if code != "N-5"]
            continue
        with pytest.raises(Damaged):
            Store.open(path, sample.passphrase)
        assert lying(path.parent) == content, frame
    for at in range(24):
        content = crashed | {"small.trdtrack-wal": flipped(wal, at)}
        path = laid(tmp_path / "a", content)
        with pytest.raises(Refusal):
            Store.open(path, sample.passphrase)
        assert lying(path.parent) == content, at


def test_a_cut_wal_file_ends_at_a_save(tmp_path: Path, crashed: Content, sample: type[Sample]) -> None:
    """Cut off behind our back, which nothing in the file tells: what is left is whole; the head known here tells."""
    wal = crashed["small.trdtrack-wal"]
    chance = random.Random(2)
    for kept in (
        0,
        1,
        31,
        32,
        33,
        HEADER + FRAME,
        HEADER + FRAME - 1,
        *chance.sample(range(len(wal)), 6 if LONG else 3),
    ):
        path = laid(tmp_path / "a", crashed | {"small.trdtrack-wal": wal[:kept]})
        found = codes(path, sample.passphrase)
        assert found == [*(f"N-{n}" for n in range(len(found) - 1)), "P-1"], kept


def test_cut_main_file_with_its_wal(tmp_path: Path, crashed: Content, sample: type[Sample]) -> None:
    main, wal = crashed["small.trdtrack"], crashed["small.trdtrack-wal"]
    newer = newer_pages(wal)
    pages = len(main) // PAGE
    lengths = [n * PAGE for n in (1, 2, pages // 2, pages - 1)] + [0, 1, PAGE + 1, len(main) - 1, len(main) // 2 + 7]
    made_good = {n * PAGE for n in range(1, pages) if newer.issuperset(range(n + 1, pages + 1))}
    for kept in lengths:
        content = crashed | {"small.trdtrack": main[:kept]}
        path = laid(tmp_path / "a", content)
        if kept in made_good:
            assert codes(path, sample.passphrase) == [*(f"N-{n}" for n in range(6)), "P-1"]
            continue
        with pytest.raises(Refusal) as refused:
            Store.open(path, sample.passphrase)
        assert "small.trdtrack" in say(refused.value.what)
        assert lying(path.parent) == content, kept


def test_the_wal_of_another_file_or_another_time(
    tmp_path: Path, crashed: Content, small_bytes: bytes, sample: type[Sample]
) -> None:
    other = tmp_path / "other.trdtrack"
    with closing(Store.create(other, sample.passphrase)) as store:
        sample.add(store, Patient(code="theirs", notes="n" * 3000))
        theirs = other.with_name("other.trdtrack-wal").read_bytes()
    path = laid(tmp_path / "b", {"small.trdtrack": small_bytes})
    with closing(Store.open(path, sample.passphrase)) as store:
        sample.add(store, Patient(code="went on"))
    later = path.read_bytes()
    for content in (
        {"small.trdtrack": small_bytes, "small.trdtrack-wal": theirs},
        {"small.trdtrack": later, "small.trdtrack-wal": crashed["small.trdtrack-wal"]},
        {"small.trdtrack": small_bytes, "small.trdtrack-wal": random.Random(3).randbytes(HEADER + 3 * FRAME)},
    ):
        path = laid(tmp_path / "a", content)
        with pytest.raises(Refusal):
            Store.open(path, sample.passphrase)
        assert lying(path.parent) == content


# The newest good backup

KEPT = "small.version-3.trdtrack", "small.version-4.trdtrack"


@pytest.fixture
def backed(tmp_path: Path, small_bytes: bytes, crashed: Content, sample: type[Sample]) -> Path:
    """A damaged file and its -wal, beside them three copies: an older good one, a newer good one, the newest broken."""
    content = crashed | {"small.trdtrack": flipped(crashed["small.trdtrack"], 5 * PAGE + 9)}
    path = laid(tmp_path / "a", content)
    for n, data in ((3, small_bytes), (4, small_bytes), (5, flipped(small_bytes, 9 * PAGE))):
        copy = path.with_name(f"small.version-{n}.trdtrack")
        copy.write_bytes(data)
        os.utime(copy, (1_700_000_000 + n, 1_700_000_000 + n))
    return path


def test_the_newest_whole_backup_is_named(backed: Path, sample: type[Sample]) -> None:
    before = lying(backed.parent)
    with pytest.raises(Damaged) as damaged:
        Caseload.open(backed, sample.passphrase, who="x")
    assert (damaged.value.file, damaged.value.backup) == (
        str(backed),
        str(backed.with_name("small.version-4.trdtrack")),
    )
    assert say(damaged.value.what) == (
        "small.trdtrack is damaged or cut short; nothing was changed. "
        "The newest backup that is whole is small.version-4.trdtrack."
    )
    assert lying(backed.parent) == before


def test_a_damaged_first_page_is_told_from_a_wrong_passphrase_by_a_backup(
    tmp_path: Path, small_bytes: bytes, sample: type[Sample]
) -> None:
    path = laid(tmp_path / "a", {"small.trdtrack": flipped(small_bytes, 99)})
    with pytest.raises(WrongPassphrase):
        Store.open(path, sample.passphrase)
    path.with_name("small.version-3.trdtrack").write_bytes(small_bytes)
    with pytest.raises(Damaged):
        Store.open(path, sample.passphrase)
    with pytest.raises(WrongPassphrase):
        Store.open(path, "wrong")


def test_to_look_changes_nothing(backed: Path, sample: type[Sample]) -> None:
    copy, before = backed.with_name("small.version-4.trdtrack"), lying(backed.parent)
    with closing(Caseload.open(copy, sample.passphrase, who="x", look=True)) as caseload:
        assert caseload.read_only
        assert [p.code for p in caseload.patients()] == ["P-1"]
        with pytest.raises(Refusal, match="read-only"):
            caseload.edit(added(message("Add"), Patient(code="P-2")), at=sample.at)
    assert lying(backed.parent) == before


ASIDE = "small.damaged-2026-05-04-100000.trdtrack"


def put_back(backed: Path, sample: type[Sample]) -> Path | None:
    keys = Caseload.keys_from(backed, sample.passphrase)
    return Caseload.restore_from(backed.with_name("small.version-4.trdtrack"), backed, keys=keys, who="x", at=sample.at)


def test_the_backup_is_put_back_and_the_damaged_file_kept(backed: Path, sample: type[Sample]) -> None:
    before = lying(backed.parent)
    aside = put_back(backed, sample)
    assert aside
    assert lying(aside.parent) == {
        ASIDE: before.pop("small.trdtrack"),
        f"{ASIDE}-wal": before.pop("small.trdtrack-wal"),
    }
    assert codes(backed, sample.passphrase) == ["P-1"]
    after = lying(backed.parent)
    del after["small.trdtrack"]
    assert after == before


@pytest.mark.parametrize("stop", range(1, 13))
def test_stopped_anywhere_the_damaged_file_is_kept(
    backed: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """At each system call that changes a name or syncs, as if the program were gone."""
    before, calls = lying(backed.parent), 0

    class Gone(BaseException):
        """No error that is caught: nothing after it is done."""

    def counted(name: str) -> None:
        real = getattr(os, name)

        def call(*arguments: object, **more: object) -> object:
            nonlocal calls
            calls += 1
            if calls >= stop:
                raise Gone
            return real(*arguments, **more)

        monkeypatch.setattr(os, name, call)

    for name in ("fsync", "replace", "unlink"):
        counted(name)
    with contextlib.suppress(Gone):
        put_back(backed, sample)
    monkeypatch.undo()
    folder = backed.with_name("small-backups")
    after = lying(backed.parent)
    kept = lying(folder) if folder.exists() else {}
    for name, of in (("small.trdtrack", ASIDE), ("small.trdtrack-wal", f"{ASIDE}-wal")):
        assert before[name] in (after.get(name), kept.get(of))
    if after["small.trdtrack"] != before["small.trdtrack"]:
        assert codes(backed, sample.passphrase) == ["P-1"]


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path, backed: Path, sample: type[Sample]) -> None:
    damaged = backed.read_bytes()
    backed.with_name("small-backups").touch()
    with pytest.raises(Refusal, match="could not be kept"):
        put_back(backed, sample)
    assert backed.read_bytes() == damaged
    assert not [p for p in backed.parent.iterdir() if "restoring" in p.name]
