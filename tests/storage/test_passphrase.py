"""Creating and opening: passphrases, keys, one file, its permissions and its settings."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal, WrongPassphrase
from trdtrack.storage import cipher, migrations
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sample


def test_what_was_written_is_there_after_reopening(small: Path, sample: type[Sample]) -> None:
    store = Store.open(small, sample.passphrase)
    assert sample.read(store) == {(r.kind, r.id): r for r in sample.records}
    assert store.writable
    assert store.faults() == ()
    store.close()


def test_ten_wrong_passphrases_then_the_right_one_in_the_same_process(small: Path, sample: type[Sample]) -> None:
    before = small.read_bytes()
    for n in range(10):
        with pytest.raises(WrongPassphrase) as refused:
            Store.open(small, f"{sample.passphrase}{n}")
        assert "passphrase or recovery key does not open" in refused.value.what.text
    assert small.read_bytes() == before
    store = Store.open(small, sample.passphrase)
    assert len(store.read("assessment")) == 10
    store.close()


@pytest.mark.parametrize("near", ["Seven dry tulips", "seven dry tulips ", "seven dry tulip", "", "x" * 1000])
def test_a_passphrase_that_is_nearly_right_is_wrong(small: Path, near: str) -> None:
    with pytest.raises(WrongPassphrase):
        Store.open(small, near)


@pytest.mark.parametrize(
    "passphrase",
    ["p" * 1000, "👩‍⚕️🔐 émoji", "", "with 'quote\" and ; DROP", "nul\0inside", "山田太郎", "undecodable \udc80"],
    ids=["1000", "emoji", "empty", "quotes", "nul", "japanese", "bytes that are not UTF-8"],
)
def test_any_passphrase_round_trips(tmp_path: Path, passphrase: str) -> None:
    path = tmp_path / "a.trdtrack"
    Store.create(path, passphrase).close()
    with pytest.raises(WrongPassphrase):
        Store.open(path, passphrase + "x")
    Store.open(path, passphrase).close()


def test_composed_and_decomposed_letters_are_one_passphrase(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Müller é Å") for form in ("NFC", "NFD"))
    assert composed != decomposed
    path = tmp_path / "a.trdtrack"
    Store.create(path, decomposed).close()
    Store.open(path, composed).close()


@pytest.mark.parametrize(
    ("passphrase", "salt", "key"),
    [
        (
            "correct-horse",
            b"0123456789abcdef",
            "7d18e02cbc5e58b310e2fc4d1e58d23a0f7ccc7ddb23d687940f969e6b60f986",
        ),
        ("café 😀", bytes(range(16)), "aecd259f7bd9a5df88b37ffd3d077d0d7e19178498839bf6c240634a94872d33"),
        ("cafe\u0301 😀", bytes(range(16)), "aecd259f7bd9a5df88b37ffd3d077d0d7e19178498839bf6c240634a94872d33"),
    ],
)
def test_the_key_is_argon2id_with_known_answers(passphrase: str, salt: bytes, key: str) -> None:
    """Argon2id, t=3, m=65536 KiB, p=4, 32 bytes; the answers agree with another library's (cryptography, OpenSSL)."""
    assert cipher.derive_key(passphrase, salt).hex() == key


def test_the_key_comes_from_the_files_own_first_bytes(small: Path, sample: type[Sample]) -> None:
    """Opened here by bare SQLCipher, without any of our code but the derivation."""
    salt = small.read_bytes()[:16]
    key = cipher.derive_key(sample.passphrase, salt)
    bare = cipher.driver.connect(small)
    bare.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
    assert bare.execute("SELECT code FROM patient").fetchall() == [("P-1",)]
    bare.close()


def test_one_file_and_another_salt_each_time(tmp_path: Path) -> None:
    salts = set()
    for n in range(3):
        path = tmp_path / f"{n}.trdtrack"
        Store.create(path, "same").close()
        salts.add(path.read_bytes()[:16])
    assert len(salts) == 3
    assert sorted(p.name for p in tmp_path.iterdir()) == ["0.trdtrack", "1.trdtrack", "2.trdtrack"]


def test_all_four_files_belong_to_the_owner_alone_while_open(tmp_path: Path, sample: type[Sample]) -> None:
    store = Store.create(tmp_path / "a.trdtrack", "x")
    sample.add(store, sample.patient)
    modes = {p.name: p.stat().st_mode & 0o777 for p in tmp_path.iterdir()}
    assert modes == dict.fromkeys(("a.trdtrack", "a.trdtrack-wal", "a.trdtrack-shm", ".a.trdtrack.lock"), 0o600)
    store.close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.trdtrack"]


@pytest.mark.parametrize("made", [True, False], ids=["created", "opened"])
def test_settings_read_back(tmp_path: Path, made: bool) -> None:
    path = tmp_path / "a.trdtrack"
    store = Store.create(path, "x")
    if not made:
        store.close()
        store = Store.open(path, "x")
    read = {
        name: store._raw.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "temp_store", "user_version", "application_id")
    }
    assert read == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "temp_store": 2,
        "user_version": migrations.current(),
        "application_id": int.from_bytes(b"TRDT", "big"),
    }
    store.close()


def test_no_planted_word_stands_in_the_file_or_beside_it(tmp_path: Path, sample: type[Sample]) -> None:
    store = Store.create(tmp_path / "a.trdtrack", sample.passphrase)
    # A code as short as P-1 stands in so many random bytes by chance.
    sample.add(store, *sample.records, Patient(code="planted-code-77"))
    words = (*sample.words, "planted-code-77", sample.passphrase)
    hidden = [*words, "assessment", "CREATE TABLE", "SQLite format", "Dr Test"]
    for moment in ("open", "closed"):
        for path in tmp_path.iterdir():
            raw = path.read_bytes()
            found = [w for w in hidden for code in ("utf-8", "utf-16-le") if w.encode(code) in raw]
            assert found == [], (moment, path.name)
        if moment == "open":
            assert (tmp_path / "a.trdtrack-wal").stat().st_size > 4096
            store.close()


def test_a_file_that_is_there_is_never_replaced(small: Path, sample: type[Sample]) -> None:
    before = small.read_bytes()
    with pytest.raises(Refusal, match="already exists"):
        Store.create(small, sample.passphrase)
    assert small.read_bytes() == before


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be made there"):
        Store.create(tmp_path / "no" / "a.trdtrack", "x")


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_file_that_could_not_be_finished_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    def fail(_connection: object) -> None:
        raise failure

    monkeypatch.setattr("trdtrack.storage.migrations.create", fail)
    with pytest.raises(failure):
        Store.create(tmp_path / "a.trdtrack", "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["ä ö.trdtrack", "a?mode=memory.trdtrack", "#1 %41&x=y.trdtrack", "山.trdtrack"])
def test_odd_file_names(tmp_path: Path, sample: type[Sample], name: str) -> None:
    path = tmp_path / name
    store = Store.create(path, "x")
    sample.add(store, sample.patient)
    store.close()
    store = Store.open(path, "x")
    assert store.read("patient") == [sample.patient]
    store.close()
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_passphrase_no_field_could_take_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="at most"):
        Store.create(tmp_path / "new.trdtrack", "p" * 1001)
    assert list(tmp_path.iterdir()) == []
