"""What opens a file: passphrase and recovery key; another passphrase gives it a new key and salt, and keeps the old."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from disks import mount, root_only

from trdtrack import settings
from trdtrack.domain import recovery_key
from trdtrack.domain.refusals import Refusal, WrongPassphrase
from trdtrack.storage import backup, cipher, contents, journal, keys
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from conftest import Sample

NEW = "four wet crocuses"
OWN = {"former_key", "audit", "audit_text"}
"""Tables that a change adds a row to."""


def change(store: Store, new: str, old: str, sample: type[Sample], **more: Any) -> None:
    keys.change(store, new, old=old, who="Dr Test", at=sample.at, **more)


def printed(path: Path, secret: str) -> str:
    """The recovery key of a closed file."""
    with closing(Store.open(path, secret)) as store:
        return "-".join(recovery_key.groups(keys.prove(store, secret)[0]))


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table and the text of the schema."""
    with store.alone() as raw:
        schema = raw.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        names = [name for kind, name, _sql in schema if kind == "table"]
        found = {name: sorted(raw.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
        header = [raw.execute(f"PRAGMA {n}").fetchone() for n in ("user_version", "application_id", "journal_mode")]
    return found | {"schema": schema, "header": header}


def test_the_recovery_key_opens_the_file_in_any_spelling(small: Path, sample: type[Sample]) -> None:
    key = printed(small, sample.passphrase)
    for typed in (key, key.lower().replace("-", " "), key.replace("0", "o").replace("1", "L")):
        with closing(Store.open(small, typed)) as store:
            assert sample.read(store) == {(r.kind, r.id): r for r in sample.records}
    assert recovery_key.read(key) == cipher.derive_key(sample.passphrase, small.read_bytes()[:16])


def test_a_slip_is_said_before_any_try_and_a_foreign_key_is_simply_wrong(
    small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = printed(small, sample.passphrase)
    before = small.read_bytes()
    foreign = "-".join(recovery_key.groups(os.urandom(32)))
    with pytest.raises(WrongPassphrase, match="passphrase or recovery key does not open"):
        Store.open(small, foreign)

    def tried(*_: object) -> bytes:
        raise AssertionError("no key is to be derived")

    monkeypatch.setattr(cipher, "derive_key", tried)
    wrong = ("X" if key[18] != "X" else "Y").join((key[:18], key[19:]))
    with pytest.raises(Refusal) as refused:
        Store.open(small, wrong)
    assert not isinstance(refused.value, WrongPassphrase)
    assert refused.value.what.fields == {"n": 4}
    assert small.read_bytes() == before


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_recovery_key_is_no_new_passphrase(tmp_path: Path, spoilt: bool) -> None:
    key = "-".join(recovery_key.groups(bytes(range(32))))
    with pytest.raises(Refusal, match="looks like a recovery key"):
        Store.create(tmp_path / "a.trdtrack", key.replace("-", "", spoilt) + "7" * spoilt)
    assert list(tmp_path.iterdir()) == []


def test_a_change_keeps_everything_and_the_old_keys_open_nothing(small: Path, sample: type[Sample]) -> None:
    recovery = printed(small, sample.passphrase)
    old_salt = small.read_bytes()[:16]
    old_key = cipher.derive_key(sample.passphrase, old_salt)
    small.chmod(0o640)
    with closing(Store.open(small, sample.passphrase)) as store:
        before = dump(store)
        ticks: list[tuple[int, int]] = []
        change(store, NEW, sample.passphrase, sample, tick=lambda done, of: ticks.append((done, of)))
        # The same open caseload goes on, in the new file.
        after = dump(store)
        assert store.faults() == ()
        sample.add(store, sample.patient.__class__(code="later"))
        assert not store.changed_elsewhere()
        assert keys.known(store) == [(old_key, old_salt)]
    assert ticks[-1] == (ticks[-1][1],) * 2
    assert small.read_bytes()[:16] != old_salt
    assert small.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in small.parent.iterdir()] == [small.name]
    for table, rows in before.items():
        if table == "schema":
            assert [row for row in after[table] if row[1] != "former_key"] == [r for r in rows if r[1] != "former_key"]
        elif table in OWN:
            assert [row for row in rows if row not in after[table]] == []
            assert len(after[table]) == len(rows) + 1
        else:
            assert after[table] == rows, table
    for secret in (sample.passphrase, recovery):
        with pytest.raises(WrongPassphrase):
            Store.open(small, secret)
    with closing(Store.open(small, NEW)) as store:
        assert store.faults() == ()
        assert [p.code for p in store.read("patient")] == ["P-1", "later"]
    assert printed(small, NEW) != recovery


def test_the_history_says_so_and_holds_no_key(opened: Store, sample: type[Sample]) -> None:
    change(opened, NEW, sample.passphrase, sample)
    with opened.transaction(write=False) as connection:
        [line] = journal.lines(connection, patient=None, before=None, limit=1)
        held = repr(connection.exec_driver_sql("SELECT * FROM audit").all())
        held += repr(connection.exec_driver_sql("SELECT * FROM audit_text").all())
    assert (line.title, line.who, line.at, line.before, line.after) == (
        *("Change passphrase", "Dr Test", sample.at),
        *(None, None),
    )
    [(key, salt)] = keys.known(opened)
    for secret in (key.hex(), salt.hex(), NEW, sample.passphrase, recovery_key.groups(key)[0]):
        assert secret not in held


def test_an_older_backup_opens_with_a_former_key(small: Path, sample: type[Sample], tmp_path: Path) -> None:
    """Two changes: two copies, the newest key first."""
    copies = []
    secrets = [sample.passphrase, NEW, "third"]
    for number in range(2):
        copies.append(shutil.copy(small, tmp_path / f"copy-{number}"))
        with closing(Store.open(small, secrets[number])) as store:
            change(store, secrets[number + 1], secrets[number], sample)
    with closing(Store.open(small, "third")) as store:
        known = keys.known(store)
    assert len(known) == 2
    for copy, (key, salt) in zip(reversed(copies), known, strict=True):
        assert copy.read_bytes()[:16] == salt
        with closing(cipher.connect(copy, key, salt, mode="immutable")) as raw:
            assert raw.execute("SELECT code FROM patient").fetchall() == [("P-1",)]


def test_the_same_passphrase_again_still_voids_the_recovery_key(small: Path, sample: type[Sample]) -> None:
    recovery = printed(small, sample.passphrase)
    with closing(Store.open(small, recovery)) as store:
        change(store, sample.passphrase, recovery, sample)  # who has the sheet alone can do it too
    with pytest.raises(WrongPassphrase):
        Store.open(small, recovery)
    Store.open(small, sample.passphrase).close()


@pytest.mark.parametrize(
    ("new", "old", "words"),
    [
        (NEW, "wrong", "does not open"),
        ("p" * 1001, None, "at most"),
        ("-".join(recovery_key.groups(bytes(32))), None, "looks like a recovery key"),
    ],
)
def test_what_is_refused_changes_nothing(
    small: Path, sample: type[Sample], new: str, old: str | None, words: str
) -> None:
    before = small.read_bytes()
    with closing(Store.open(small, sample.passphrase)) as store:
        with pytest.raises(Refusal, match=words):
            change(store, new, old or sample.passphrase, sample)
        assert sample.read(store) == {(r.kind, r.id): r for r in sample.records}
    assert small.read_bytes() == before
    assert [p.name for p in small.parent.iterdir()] == [small.name]


def other_program(path: Path, key: bytes, code: str) -> subprocess.Popen[bytes]:
    """Another process with the file open in its own SQLCipher; it says a line once it is, and waits."""
    begin = (
        "import sys\nfrom pathlib import Path\nfrom trdtrack.storage import cipher\n"
        f"path = Path({str(path)!r})\n"
        f"raw = cipher.connect(path, bytes.fromhex({key.hex()!r}), cipher.salt_of(path), mode='rw')\n"
    )
    command = [sys.executable, "-c", begin + code + "\nprint('ready', flush=True)\nsys.stdin.read()"]
    child = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout
    assert child.stdout.readline() == b"ready\n"
    return child


@pytest.mark.parametrize(
    "code",
    [
        "raw.execute('SELECT count(*) FROM patient').fetchall()",
        # Reading the file's first bytes, as the settings do, lets SQLite's locks on it go.
        "raw.execute('SELECT count(*) FROM patient').fetchall(); path.open('rb').close()",
        "raw.execute('BEGIN'); raw.execute('SELECT count(*) FROM patient').fetchall()",
        "raw.execute('BEGIN IMMEDIATE')",
    ],
    ids=["idle", "idle, its file read beside", "reading", "writing"],
)
def test_while_another_program_has_it_open_it_is_refused(small: Path, sample: type[Sample], code: str) -> None:
    before = small.read_bytes()[:16]
    key = cipher.derive_key(sample.passphrase, before)
    with closing(Store.open(small, sample.passphrase)) as store:
        with other_program(small, key, code) as child:
            with pytest.raises(Refusal, match="Another program is using"):
                change(store, NEW, sample.passphrase, sample)
            assert child.stdin
            child.stdin.close()
        assert small.read_bytes()[:16] == before
        assert not small.with_name(small.name + ".new-key").exists()
        sample.add(store, sample.patient.__class__(code="after"))
        assert store.faults() == ()
        change(store, NEW, sample.passphrase, sample)
    with closing(Store.open(small, NEW)) as store:
        assert len(store.read("patient")) == 2


@pytest.mark.parametrize("fault", ["cancelled", "damaged copy", "no room"])
def test_a_change_that_fails_leaves_the_old_file_open_and_whole(
    small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    class Stop(Exception):  # noqa: N818
        pass

    def stop(_done: int, _of: int) -> None:
        raise Stop

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with closing(Store.open(small, sample.passphrase)) as store:
        before = dump(store)
        if fault == "damaged copy":
            monkeypatch.setattr(backup, "integrity_faults", lambda *_: ("page 3",))
        elif fault == "no room":
            monkeypatch.setattr(shutil, "copymode", full)
        with pytest.raises(Stop if fault == "cancelled" else Refusal):
            change(store, NEW, sample.passphrase, sample, tick=stop if fault == "cancelled" else None)
        monkeypatch.undo()
        assert dump(store) == before
        sample.add(store, sample.patient.__class__(code="after"))
    assert [p.name for p in small.parent.iterdir()] == [small.name]
    with pytest.raises(WrongPassphrase):
        Store.open(small, NEW)
    with closing(Store.open(small, sample.passphrase)) as store:
        assert store.faults() == ()


@root_only
@pytest.mark.parametrize("free", [0, 1, 4, 64])
def test_on_a_full_disk_the_old_file_stays(tmp_path: Path, small_bytes: bytes, sample: type[Sample], free: int) -> None:
    """So many kB are free on a real disk, and the copy needs more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", "size=1m", "none", disk)
    try:
        path = disk / "small.trdtrack"
        path.write_bytes(small_bytes)
        with closing(Store.open(path, sample.passphrase)) as store:
            store.read("patient")
            room = shutil.disk_usage(disk).free - free * 1024
            (disk / "ballast").write_bytes(bytes(max(0, room)))
            with pytest.raises(Refusal, match="needs as much room again"):
                change(store, NEW, sample.passphrase, sample)
            (disk / "ballast").unlink()
            assert store.faults() == ()
            sample.add(store, sample.patient.__class__(code="after"))
        assert [p.name for p in disk.iterdir()] == [path.name]
        with closing(Store.open(path, sample.passphrase)) as store:
            assert len(store.read("patient")) == 2
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_program_that_waited_for_the_old_file_is_sent_away(
    small: Path, sample: type[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when it had opened the file before it was replaced, and got its lock afterwards."""
    replaced = small.with_name("replaced")
    shutil.copy(small, replaced)
    real = cipher.driver.connect

    def late(*given: object, **more: object) -> Any:
        connection = real(*given, **more)
        connection.execute("PRAGMA cipher_log_level = NONE")
        replaced.replace(small)
        return connection

    monkeypatch.setattr(cipher.driver, "connect", late)
    salt = small.read_bytes()[:16]
    with pytest.raises(Refusal, match="was replaced just now"):
        cipher.connect(small, cipher.derive_key(sample.passphrase, salt), salt, mode="rw")


def test_through_a_link_the_file_itself_is_changed(small: Path, sample: type[Sample], tmp_path: Path) -> None:
    link = tmp_path / "link" / "linked.trdtrack"
    link.parent.mkdir()
    link.symlink_to(small)
    with closing(Store.open(link, sample.passphrase)) as store:
        change(store, NEW, sample.passphrase, sample)
    assert link.is_symlink()
    Store.open(small, NEW).close()


def test_nothing_of_it_is_readable_without_a_key(small: Path, sample: type[Sample]) -> None:
    with closing(Store.open(small, sample.passphrase)) as store:
        change(store, NEW, sample.passphrase, sample)
        [(former, _salt)] = keys.known(store)
    raw = small.read_bytes()
    for hidden in (b"former_key", former, former.hex().encode(), b"SQLite format", NEW.encode()):
        assert hidden not in raw
    with closing(sqlite3.connect(small)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM former_key")


def test_the_archive_of_a_changed_caseload_is_taken_and_holds_no_key(
    small: Path, sample: type[Sample], tmp_path: Path
) -> None:
    with closing(Store.open(small, sample.passphrase)) as store:
        change(store, NEW, sample.passphrase, sample)
        [(former, salt)] = keys.known(store)
        with store.transaction(write=False) as connection:
            entries = list(contents.entries(connection))
        lines = dump(store)["audit"]
    assert former.hex() not in repr(entries)
    assert salt.hex() not in repr(entries)
    with closing(Store.create(tmp_path / "other.trdtrack", "x")) as other:
        with other.transaction(write=True) as connection:
            contents.take(connection, entries)
        assert dump(other)["audit"] == lines
        assert keys.known(other) == []
        assert other.faults() == ()


def test_what_the_computer_remembers_of_the_file_follows_it(small: Path, sample: type[Sample]) -> None:
    settings.remember(small)
    settings.remember_therapist(small, "Dr Test")
    settings.remember_filters(small, [{"open": True}])
    identity = settings.identity_of(small)
    with closing(Store.open(small, sample.passphrase)) as store:
        change(store, NEW, sample.passphrase, sample)
    assert settings.therapist(small) == ""
    settings.follow(identity, small)
    assert settings.therapist(small) == "Dr Test"
    assert settings.filters(small) == [{"open": True}]
    [entry] = settings.recent()
    assert entry.find() == small.resolve()
