"""Files that are not a whole caseload of ours: refused in one sentence or found by the check, and never written to."""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trdtrack import words
from trdtrack.domain.refusals import Refusal, WrongPassphrase
from trdtrack.storage import cipher, migrations
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sample

PAGE = 4096
DAMAGED = "is damaged or cut short"
INCOMPLETE = "is not a complete TRDTrack caseload"
NOT_OPENED = "passphrase or recovery key does not open"


def refused(path: Path, passphrase: str) -> str:
    """Open, and return the sentence of the refusal; the file has to be as it was, and alone."""
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(Refusal) as refusal:
        Store.open(path, passphrase)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside
    sentence = words.say(refusal.value.what)
    assert path.name in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def faults(path: Path, passphrase: str) -> str:
    """Return what opening, checking and reading the whole file find: a refusal's sentence or the faults."""
    before = path.read_bytes()
    try:
        store = Store.open(path, passphrase)
    except Refusal as refusal:
        found = words.say(refusal.what)
    else:
        with closing(store):
            found = "; ".join(store.faults())
            for kind in ("rules", "patient", "course", "session", "assessment"):
                try:
                    store.read(kind)
                except cipher.Damaged:
                    continue
    assert path.read_bytes() == before, "a damaged file was written to"
    assert [p.name for p in path.parent.iterdir()] == [path.name]
    return found


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"x", INCOMPLETE),
        (b"x" * 15, INCOMPLETE),
        (b"x" * 16, INCOMPLETE),
        (random.Random(1).randbytes(5000), INCOMPLETE),
        (random.Random(2).randbytes(2 * PAGE), NOT_OPENED),
        (bytes(3 * PAGE), NOT_OPENED),
        (b"patient,date,total\nP-1,2026-01-01,12\n", INCOMPLETE),
        (b"%PDF-1.7\n" + b" " * (PAGE - 9), NOT_OPENED),
    ],
    ids=["empty", "1 byte", "15 bytes", "16 bytes", "random", "random pages", "zeros", "csv", "pdf of a page"],
)
def test_other_content(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "x.trdtrack"
    path.write_bytes(content)
    assert sentence in refused(path, "x")


def test_a_plain_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "x.trdtrack"
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("CREATE TABLE patient (id)")
    assert "unencrypted database" in refused(path, "x")


def foreign(path: Path, passphrase: str, *pragmas: str) -> None:
    """Write another program's SQLCipher database, which happens to derive its key as we do."""
    salt = cipher.new_salt()
    key = cipher.derive_key(passphrase, salt)
    with closing(cipher.driver.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
        for pragma in pragmas:
            other.execute(f"PRAGMA {pragma}").fetchall()
        other.execute("CREATE TABLE patient (id, note)")
        other.execute("INSERT INTO patient VALUES (1, 'theirs')")


@pytest.mark.parametrize(
    "pragmas", [(), ("journal_mode=WAL",), ("application_id=77",)], ids=["plain", "wal", "other id"]
)
def test_a_foreign_encrypted_database_with_the_right_key(tmp_path: Path, pragmas: tuple[str, ...]) -> None:
    path = tmp_path / "x.trdtrack"
    foreign(path, "right", *pragmas)
    assert "not a TRDTrack caseload" in refused(path, "right")


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_file_of_a_newer_version(small: Path, sample: type[Sample], journal: str) -> None:
    with closing(Store.open(small, sample.passphrase)) as store:
        store._raw.execute("PRAGMA user_version = 99")
        assert store._raw.execute(f"PRAGMA journal_mode={journal}").fetchone()[0] == journal.lower()
    sentence = refused(small, sample.passphrase)
    assert "file version 99" in sentence
    assert f"up to {migrations.current()}" in sentence


def test_cut_at_every_page(tmp_path: Path, small_bytes: bytes, sample: type[Sample]) -> None:
    path = tmp_path / "x.trdtrack"
    pages = len(small_bytes) // PAGE
    assert pages > 12
    for kept in range(1, pages):
        path.write_bytes(small_bytes[: kept * PAGE])
        assert DAMAGED in refused(path, sample.passphrase), kept


def test_cut_anywhere_else(tmp_path: Path, small_bytes: bytes, sample: type[Sample]) -> None:
    path = tmp_path / "x.trdtrack"
    lengths = random.Random(3).sample(range(1, len(small_bytes)), 200)
    for kept in (1, 15, 16, PAGE - 1, PAGE + 1, len(small_bytes) // 2 + 7, len(small_bytes) - 1, *lengths):
        if kept % PAGE:
            path.write_bytes(small_bytes[:kept])
            assert INCOMPLETE in refused(path, sample.passphrase), kept


def test_a_byte_more_and_a_page_more(tmp_path: Path, small_bytes: bytes, sample: type[Sample]) -> None:
    path = tmp_path / "x.trdtrack"
    path.write_bytes(small_bytes + b"x")
    assert INCOMPLETE in refused(path, sample.passphrase)
    for extra in (bytes(PAGE), small_bytes[-PAGE:]):
        path.write_bytes(small_bytes + extra)
        assert "HMAC" in faults(path, sample.passphrase)


@pytest.mark.parametrize("place", ["anywhere", "first byte", "last byte"])
def test_one_flipped_byte_in_each_page(tmp_path: Path, small_bytes: bytes, sample: type[Sample], place: str) -> None:
    path = tmp_path / "x.trdtrack"
    chance = random.Random(place)
    for page in range(len(small_bytes) // PAGE):
        # The first 16 bytes are the salt: another salt is another key, which costs a derivation (once is enough).
        at = {"anywhere": chance.randrange(16 if page == 0 else 0, PAGE), "first byte": 0, "last byte": PAGE - 1}[place]
        broken = bytearray(small_bytes)
        broken[page * PAGE + at] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        found = faults(path, sample.passphrase)
        assert (NOT_OPENED in found) if page == 0 else (f"page {page + 1}" in found or DAMAGED in found), (page, found)


def test_two_pages_exchanged_and_a_page_zeroed(tmp_path: Path, small_bytes: bytes, sample: type[Sample]) -> None:
    path = tmp_path / "x.trdtrack"
    pages = [small_bytes[n : n + PAGE] for n in range(0, len(small_bytes), PAGE)]
    for n in range(1, len(pages) - 1):
        exchanged = [*pages[:n], pages[n + 1], pages[n], *pages[n + 2 :]]
        zeroed = [*pages[:n], bytes(PAGE), *pages[n + 1 :]]
        for broken in (exchanged, zeroed):
            path.write_bytes(b"".join(broken))
            assert faults(path, sample.passphrase), n


def test_the_check_finds_nothing_in_a_whole_file(small: Path, sample: type[Sample]) -> None:
    assert faults(small, sample.passphrase) == ""


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "x.trdtrack"
    folder.mkdir()
    with pytest.raises(Refusal, match="is a folder"):
        Store.open(folder, "x")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["gone.trdtrack", "no-folder/gone.trdtrack", "small.trdtrack/below-a-file"])
def test_a_missing_file(small: Path, name: str) -> None:
    with pytest.raises(Refusal, match="There is no file"):
        Store.open(small.parent / name, "x")
    assert [p.name for p in small.parent.iterdir()] == ["small.trdtrack"]


def test_a_name_no_disk_takes(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        Store.open(tmp_path / ("x" * 300), "x")


@contextmanager
def as_nobody() -> Iterator[None]:
    """Go on without root's rights, for which no file is unreadable."""
    if os.geteuid() == 0:
        os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        if os.getresuid()[2] == 0:
            os.setresuid(0, 0, 0)


@pytest.fixture
def public(small_bytes: bytes) -> Iterator[Path]:
    """A caseload file in a folder that everybody can enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        path = Path(name) / "small.trdtrack"
        path.write_bytes(small_bytes)
        yield path
        Path(name).chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="needs Linux users")
def test_a_file_this_account_may_not_read(public: Path, sample: type[Sample]) -> None:
    public.chmod(0)
    with as_nobody(), pytest.raises(Refusal, match="no permission"):
        Store.open(public, sample.passphrase)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="needs Linux users")
@pytest.mark.parametrize("mode", [0o444, 0o644], ids=["read-only file", "read-only folder"])
def test_a_file_this_account_may_only_read(public: Path, sample: type[Sample], mode: int) -> None:
    before = public.read_bytes()
    public.chmod(mode)
    public.parent.chmod(0o777 if mode == 0o444 else 0o555)
    with as_nobody(), closing(Store.open(public, sample.passphrase)) as store:
        assert not store.writable
        assert len(store.read("assessment")) == 10
        assert store.faults() == ()
        with pytest.raises(Refusal, match="opened read-only: nothing was saved"):
            sample.add(store, sample.patient)
    assert public.read_bytes() == before
    assert [p.name for p in public.parent.iterdir()] == [public.name]


def test_the_wrong_key_is_its_own_kind_of_refusal(small: Path) -> None:
    with pytest.raises(WrongPassphrase):
        Store.open(small, "wrong")
