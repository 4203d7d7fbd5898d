"""Backups: proved before they count, thinned by age, restored whole or not at all; the drill with random caseloads."""

from __future__ import annotations

import os
import random
import subprocess
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from disks import mount as mount_disk
from disks import root_only

from trdtrack import settings
from trdtrack.caseload import Caseload
from trdtrack.domain.backups import DAILY, MONTHLY, WEEKLY, Backup, Kind, backup_at, kept, name_of, newest
from trdtrack.domain.edit import added, altered
from trdtrack.domain.history import describe
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS, Assessment, Course, Patient, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.storage import backup, backups, cipher, restoring
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Sample

PASSPHRASE = "seven dry tulips"
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEEDS = 25 if os.environ.get("TRDTRACK_LONG") else 3


def opened(path: Path) -> Caseload:
    return Caseload.open(path, PASSPHRASE, who="Dr Test")


@pytest.fixture
def caseload(small: Path) -> Iterator[Caseload]:
    with closing(opened(small)) as made:
        yield made


def dump(caseload: Caseload) -> tuple[list[object], list[object]]:
    """Every record, and every history line as it was written."""
    with caseload.contents() as (_count, entries):
        found = list(entries)
    return [e for e in found if e[0] != "history"], [e for e in found if e[0] == "history"]


def rename(caseload: Caseload, notes: str) -> None:
    [patient] = caseload.patients()
    after = Patient(id=patient.id, code=patient.code, name=patient.name, notes=notes)
    caseload.edit(altered(message("Correct"), patient, after), at=AT)


# Names and age


def test_names_sort_by_time_wherever_one_is_and_tell_what_they_were_made_before(tmp_path: Path) -> None:
    here = datetime.fromisoformat("2026-10-25T02:30:00+02:00")
    names = [name_of("a.b", here), name_of("a.b", here + HOUR, Kind.BEFORE_IMPORT)]
    assert names == ["a.b.backup-2026-10-25-003000.trdtrack", "a.b.backup-2026-10-25-013000-before-import.trdtrack"]
    for name, kind, at in zip(names, (Kind.USUAL, Kind.BEFORE_IMPORT), (here, here + HOUR), strict=True):
        found = backup_at(tmp_path / name)
        assert found == Backup(tmp_path / name, at, kind)
        assert found.caseload == "a.b"
    for name in ("a.trdtrack", "a.backup-2026-13-25-003000.trdtrack", names[0] + ".partial", "a.backup-x.trdtrack"):
        assert backup_at(tmp_path / name) is None


def test_a_year_of_backups_is_thinned_to_12_days_10_weeks_and_9_months() -> None:
    """Day by day as the program does it, several a day, through both changes of the clocks and a 29 February."""
    chance = random.Random(9)
    now = datetime(2027, 6, 1, 8, tzinfo=UTC)
    held: set[datetime] = set()
    every: set[datetime] = set()
    for _ in range(365):
        now += DAY
        made = {now + chance.random() * 10 * HOUR for _ in range(chance.randint(1, 6))}
        every |= made
        held = kept(held | made, max(made))
        assert max(every) in held, "the newest always"
        assert {m for m in every if max(made) - m <= DAY} <= held, "and all of the last day"
        assert len(held) <= 12 + DAILY + WEEKLY + MONTHLY
    assert held == kept(every, max(every)), "thinned daily is as thinned at once"
    days = sorted({m.date() for m in held})
    assert days[-DAILY:] == [max(every).date() - n * DAY for n in reversed(range(DAILY))]
    for of, most in ((lambda m: m.date().isocalendar()[:2], WEEKLY), (lambda m: (m.year, m.month), MONTHLY)):
        slots = sorted({of(m) for m in every})[-most:]
        for slot in slots:
            assert max(m for m in every if of(m) == slot) in held
    oldest = min(held)
    assert (max(every) - oldest).days > 8 * 28
    assert len(held) < 40 < len(every)


def test_a_holiday_costs_no_backup() -> None:
    made = {AT - n * DAY for n in range(40, 52)}
    assert kept(made, AT) >= made, "twelve days that have one, however long ago"


def test_a_clock_set_wrong_never_costs_a_right_backup() -> None:
    right = {AT - n * DAY for n in range(30)}
    ahead = {AT + 900 * DAY + n * HOUR for n in range(3)}
    assert kept(right | ahead, AT) == kept(right, AT) | ahead
    assert kept(right | ahead, AT + 901 * DAY) >= {max(ahead)} | {AT}
    back = AT - 400 * DAY
    assert back in kept(right | {back}, back), "the newest by the clock as it goes now"
    assert len(kept({AT + n * HOUR for n in range(9000)}, back)) < 70, "and what lies ahead does not heap up"
    found = [Backup(None, m) for m in (AT, AT + 900 * DAY)]  # type: ignore[arg-type]
    assert newest(found, now=AT + HOUR).at == AT
    assert newest(found[1:], now=AT).at == AT + 900 * DAY


# Making


def test_a_backup_is_proved_named_and_holds_what_was_saved_last(
    caseload: Caseload, small: Path, sample: type[Sample]
) -> None:
    rename(caseload, "newest")
    made = caseload.backups.make(at=AT)
    folder = small.with_name("small-backups")
    assert made.path == folder / "small.backup-2026-05-04-100000.trdtrack"
    assert [p.name for p in folder.iterdir()] == [made.path.name], "and nothing beside it"
    assert made.path.stat().st_mode & 0o077 == 0
    assert made.path.read_bytes()[:16] == small.read_bytes()[:16], "its own salt"
    assert b"Zaphod" not in made.path.read_bytes()
    found = caseload.backups.examined(made.path)
    assert (found.patients, found.sessions, found.scores, found.wrong) == (1, 1, 10, None)
    before = made.path.read_bytes()
    with closing(opened(made.path)) as copy:
        assert dump(copy) == dump(caseload)
        assert copy.check() == ()
        assert copy.read_only
        with pytest.raises(Refusal, match="read-only"):
            rename(copy, "x")
    assert made.path.read_bytes() == before, "looking at it changes nothing"
    assert [p.name for p in folder.iterdir()] == [made.path.name]


def test_two_of_one_second_are_two(caseload: Caseload) -> None:
    made = [caseload.backups.make(at=AT), caseload.backups.make(at=AT)]
    assert [m.at for m in made] == [AT, AT + timedelta(seconds=1)]
    assert {b.path for b in caseload.backups.listed()} == {m.path for m in made}


def test_one_is_made_only_when_something_was_saved_and_half_an_hour_has_passed(
    caseload: Caseload, small: Path, sample: type[Sample]
) -> None:
    due = caseload.backups.make_if_due
    assert due(at=AT), "there was none"
    assert due(at=AT + HOUR) is None, "nothing was saved since"
    rename(caseload, "two")
    assert due(at=AT + timedelta(minutes=29)) is None
    assert due(at=AT + timedelta(minutes=30))
    assert due(at=AT + 3 * HOUR) is None
    caseload.keep_draft("log:1", patient=sample.patient.id, text="half a sentence", at=AT)
    assert due(at=AT + timedelta(minutes=31), at_once=True), "answers that wait are kept too"
    rename(caseload, "three")
    assert due(at=AT - DAY), "the clock was set back"
    assert due(at=AT - DAY + HOUR) is None
    for one in caseload.backups.listed():
        one.path.unlink()
    assert due(at=AT + 4 * HOUR), "somebody took them away"


def test_whoever_works_meanwhile_does_not_wait(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program reads an older state and a third writes: the copy is of one moment all the same."""
    monkeypatch.setattr(cipher, "BUSY_SECONDS", 0.1)
    with closing(opened(small)) as reader, closing(opened(small)) as writer:
        raw = reader._store._raw
        raw.execute("BEGIN")
        raw.execute("SELECT * FROM patient").fetchall()
        rename(writer, "newest")
        made = writer.backups.make(at=AT)
        raw.execute("COMMIT")
        with closing(opened(made.path)) as copy:
            assert copy.patients()[0].notes == "newest"


def test_a_copy_that_does_not_prove_whole_does_not_count(caseload: Caseload, monkeypatch: pytest.MonkeyPatch) -> None:
    sums = iter(range(100))
    for part, wrong in (("summed", lambda _raw: next(sums)), ("integrity_faults", lambda _raw: ("page 2",))):
        with monkeypatch.context() as patch:
            patch.setattr(backup, part, wrong)
            with pytest.raises(Refusal, match="is not whole"):
                caseload.backups.make(at=AT)
    assert caseload.backups.listed() == []
    assert list(caseload.backups.folder.iterdir()) == []


def test_damaged_pages_are_never_copied_as_if_they_were_whole(small: Path) -> None:
    with closing(opened(small)) as caseload:
        caseload.backups.make(at=AT)
        raw = bytearray(small.read_bytes())
        raw[5 * cipher.PAGE + 77] ^= 1
        small.write_bytes(raw)
        with pytest.raises(cipher.Damaged, match="damaged or cut short"):
            caseload.backups.make(at=AT + HOUR)
        assert len(caseload.backups.listed()) == 1


def test_what_a_crash_left_half_made_goes_with_the_next(caseload: Caseload) -> None:
    folder = caseload.backups.folder
    folder.mkdir()
    old, young, foreign = (
        folder / f"{name}.partial"
        for name in (name_of("small", AT - HOUR), name_of("small", AT), name_of("other", AT - HOUR))
    )
    for half in (old, young, foreign):
        half.write_bytes(b"half")
    caseload.backups.make(at=AT + timedelta(minutes=1))
    assert sorted(p for p in folder.glob("*.partial")) == sorted([young, foreign])


def test_thinning_takes_only_what_this_program_made_of_this_file(caseload: Caseload, small_bytes: bytes) -> None:
    folder = caseload.backups.folder
    folder.mkdir()
    whole = [folder / name_of("small", AT - (400 + n) * HOUR) for n in range(24)]
    others = [
        folder / name_of("other", AT - 400 * HOUR),
        folder / name_of("small", AT - 402 * HOUR, Kind.BEFORE_RESTORE),
        folder / "small.backup-mine.trdtrack",
        folder / "notes.txt",
    ]
    foreign = folder / name_of("small", AT - 390 * HOUR)
    for path in (*whole, *others):
        path.write_bytes(small_bytes)
    foreign.write_bytes(random.Random(1).randbytes(8192))
    made = caseload.backups.make(at=AT)
    left = set(folder.iterdir())
    assert {*others, foreign, made.path} <= left
    assert 0 < len(left & set(whole)) < 5


def test_backups_go_to_a_folder_of_ones_choice_and_beside_where_it_is_gone(
    caseload: Caseload, small: Path, tmp_path: Path
) -> None:
    first = caseload.backups.make(at=AT)
    stick = tmp_path / "stick"
    stick.mkdir()
    caseload.backups.choose_folder(stick)
    second = caseload.backups.make(at=AT + HOUR)
    assert second.path.parent == stick == settings.backup_folder(small)
    stick.rename(tmp_path / "away")
    stick.write_bytes(b"a file where the folder was")
    assert caseload.backups.folder_missing
    third = caseload.backups.make(at=AT + 2 * HOUR)
    assert third.path.parent == first.path.parent
    stick.unlink()
    (tmp_path / "away").rename(stick)
    assert [b.path for b in caseload.backups.listed()] == [third.path, second.path, first.path]


def test_the_chosen_folder_is_known_when_the_head_of_the_file_is_gone(small: Path, tmp_path: Path) -> None:
    settings.remember(small)
    settings.remember_backup_folder(small, tmp_path / "stick")
    small.write_bytes(bytes(8192))
    assert backups.folder_of(small) == tmp_path / "stick"


def test_a_backup_is_never_taken_for_the_file_that_moved(tmp_path: Path, small_bytes: bytes) -> None:
    path = tmp_path / "files" / "small.trdtrack"
    path.parent.mkdir()
    path.write_bytes(small_bytes)
    settings.remember(path)
    [entry] = settings.recent()
    with closing(opened(path)) as caseload:
        made = caseload.backups.make(at=AT)
    path.unlink()
    assert entry.find() is None
    settings.remember(made.path)
    assert settings.recent() == [entry]


def test_the_newest_good_one_is_neither_broken_nor_locked_nor_half(caseload: Caseload, small: Path) -> None:
    good = caseload.backups.make(at=AT)
    worse = [caseload.backups.make(at=AT + DAY + n * HOUR).path for n in range(1, 5)]
    worse[0].write_bytes(b"")
    worse[1].write_bytes(worse[1].read_bytes()[: 2 * cipher.PAGE])
    raw = bytearray(worse[2].read_bytes())
    raw[3 * cipher.PAGE + 99] ^= 1
    worse[2].write_bytes(raw)
    worse[3].write_bytes(random.Random(1).randbytes(8192))
    for path in worse:
        assert caseload.backups.examined(path).wrong
    assert backups.newest_good(small, caseload.backups.keys) == good.path
    assert backups.newest_good(small, backups.keys_from(small, PASSPHRASE)) == good.path
    assert backups.newest_good(small, backups.keys_from(small, "wrong")) is None
    ahead = caseload.backups.make(at=AT + 900 * DAY)
    assert backups.newest_good(small, caseload.backups.keys) == ahead.path
    assert backups.newest_good(small, caseload.backups.keys, now=AT + 2 * DAY) == good.path


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("Dropbox", "Dropbox"),
        ("Dropbox (Clinic)", "Dropbox"),
        ("OneDrive - Clinic", "OneDrive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("Google Drive", "Google Drive"),
        ("nextcloud/files", "Nextcloud"),
        ("Boxing", ""),
        ("clinic", ""),
    ],
)
def test_a_synced_folder_is_known_by_its_name(tmp_path: Path, folder: str, said: str) -> None:
    place = tmp_path / folder
    place.mkdir(parents=True)
    assert backups.synced(place / "a.trdtrack") == said
    (tmp_path / ".stfolder").mkdir()
    assert backups.synced(place / "a.trdtrack") == (said or "Syncthing")


# Restoring


def random_caseload(path: Path, seed: int) -> None:
    chance = random.Random(seed)

    def words() -> str:
        return "".join(chance.choice("ab é😀\n\x00'\"%") for _ in range(chance.randint(0, 40))).replace("\x00", "")

    with closing(Caseload.create(path, PASSPHRASE, who="x")) as made:
        for n in range(chance.randint(1, 6)):
            patient = Patient(code=f"R-{n}", notes=words())
            course = Course(patient=patient.id, medication=words())
            home = {"patient": patient.id, "course": course.id, "entered": AT}
            records = [patient, course]
            for week in range(chance.randint(0, 8)):
                day = date(2026, 1, 1) + timedelta(weeks=week)
                records.append(session := Session(**home, date=day, note=words()))
                records.append(Assessment(**home, session=session.id, date=day, total=chance.randint(0, 27)))
            made.edit(added(message("Add"), *records), at=AT)
            if chance.random() < 0.3:
                made.undo(at=AT)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_drill_random_caseloads_come_back_whole(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "clinic.trdtrack"
    random_caseload(path, seed)
    with closing(opened(path)) as made:
        records, lines = dump(made)
        copy = made.backups.make(at=AT).path
        keys = made.backups.keys
    before = copy.read_bytes()
    for wiped in (bytes(4096), b"", None):
        if wiped is None:
            path.unlink()
        else:
            path.write_bytes(wiped)
        aside = restoring.restore_from(copy, path, keys=keys, who="x", at=AT + HOUR)
        assert (aside is None) == (wiped is None)
        assert aside is None or aside.read_bytes() == wiped
        with closing(opened(path)) as again:
            assert dump(again)[0] == records
            assert dump(again)[1][:-1] == lines
            assert again.check() == ()
            last = again.history()[0]
            assert "Restore a backup" in say(describe(last))
            assert (last.at, last.who) == (AT + HOUR, "x")
    target = tmp_path / "elsewhere.trdtrack"
    restoring.restore_new(copy, target, keys=keys, who="x", at=AT)
    with closing(opened(target)) as made:
        assert (dump(made)[0], dump(made)[1][:-1]) == (records, lines)
    with pytest.raises(Refusal, match="already exists"):
        restoring.restore_new(copy, target, keys=keys, who="x", at=AT)
    assert copy.read_bytes() == before, "a backup is never changed by restoring it"
    assert not list(tmp_path.glob(".*")), "nothing half done lies about"


def test_what_a_restore_replaces_is_a_backup_and_no_other_one_goes(caseload: Caseload, small: Path) -> None:
    old = caseload.backups.make(at=AT).path
    rename(caseload, "written since")
    newer = [caseload.backups.make(at=AT + n * HOUR).path for n in range(1, 4)]
    rename(caseload, "not backed up")
    replaced = dump(caseload)
    keys = caseload.backups.keys
    caseload.close()
    aside = restoring.restore_from(old, small, keys=keys, who="x", at=AT + 5 * HOUR)
    assert aside is not None
    assert backup_at(aside).kind is Kind.BEFORE_RESTORE
    assert set(aside.parent.iterdir()) == {old, *newer, aside}
    with closing(opened(aside)) as was:
        assert dump(was) == replaced
    with closing(opened(small)) as now:
        assert now.patients()[0].notes == "two-headed"
        assert now.check() == ()
        back = now.backups.keys
    restoring.restore_from(aside, small, keys=back, who="x", at=AT + 6 * HOUR)
    with closing(opened(small)) as now:
        assert now.patients()[0].notes == "not backed up"


def test_a_file_another_program_has_open_is_not_replaced(
    caseload: Caseload, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "BUSY_SECONDS", 0.1)
    old, keys = caseload.backups.make(at=AT).path, caseload.backups.keys
    rename(caseload, "still being written")
    settings.identity_of(small)
    with pytest.raises(Refusal, match="Another program is using"):
        restoring.restore_from(old, small, keys=keys, who="x", at=AT + HOUR)
    rename(caseload, "and on")
    caseload.close()
    with closing(opened(small)) as again:
        assert again.patients()[0].notes == "and on"
        assert again.check() == ()
    assert not list(small.parent.glob(".*"))


def test_a_backup_that_is_broken_or_foreign_or_the_file_itself_is_refused(
    caseload: Caseload, small: Path, tmp_path: Path
) -> None:
    good, keys = caseload.backups.make(at=AT).path, caseload.backups.keys
    caseload.close()
    before = small.read_bytes()
    raw = bytearray(good.read_bytes())
    raw[3 * cipher.PAGE + 99] ^= 1
    good.write_bytes(raw)
    foreign = tmp_path / "foreign.trdtrack"
    Caseload.create(foreign, PASSPHRASE, who="x").close()
    for copy, why in ((good, "cannot be restored"), (foreign, "never had"), (small, "the caseload itself")):
        with pytest.raises(Refusal, match=why):
            restoring.restore_from(copy, small, keys=keys, who="x", at=AT)
        assert small.read_bytes() == before
    with pytest.raises(Refusal, match="There is no file"):
        restoring.restore_from(tmp_path / "none", small, keys=keys, who="x", at=AT)
    assert small.read_bytes() == before


def test_backups_from_before_a_new_passphrase_open_and_come_back_under_the_new_one(small: Path) -> None:
    with closing(opened(small)) as caseload:
        old, former = caseload.backups.make(at=AT).path, caseload.backups.keys[0]
    salt = cipher.new_salt()
    key = (cipher.derive_key("new", salt), salt)
    backup.copy_verified(small, fresh := small.with_name("fresh"), key=former, to=key, mode="immutable")
    fresh.replace(small)
    raw = cipher.connect(small, *key, mode="rw")
    made = "CREATE TABLE IF NOT EXISTS former_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL, salt TEXT NOT NULL, "
    raw.execute(made + "until TEXT NOT NULL)")
    raw.execute("INSERT INTO former_key (key, salt, until) VALUES (?, ?, '')", (former[0].hex(), former[1].hex()))
    raw.close()
    with closing(Caseload.open(small, "new", who="x")) as caseload:
        assert caseload.backups.keys == [key, former]
        assert caseload.backups.examined(old).wrong is None
        assert caseload.backups.differs(old).kinds == ()
        newer = caseload.backups.make(at=AT + HOUR).path
        keys = caseload.backups.keys
    for copy in (newer, old):
        restoring.restore_from(copy, small, keys=keys, who="x", at=AT + 2 * HOUR)
        with closing(Caseload.open(small, "new", who="x")) as caseload:
            assert len(caseload.patients()) == 1
            assert caseload.check() == ()
            if copy == newer:
                assert caseload.backups.keys == [key, former]
                assert caseload.backups.examined(old).wrong is None


def test_the_preview_says_what_would_come_back_go_and_change(caseload: Caseload, sample: type[Sample]) -> None:
    old = caseload.backups.make(at=AT).path
    assert caseload.backups.differs(old).kinds == ()
    other = Patient(code="P-2")
    course = Course(patient=other.id)
    caseload.edit(added(message("Add"), other, course), at=AT)
    first = sample.scores[0]
    caseload.edit(altered(message("Re-date"), first, replace(first, date=first.date - DAY)), at=AT)
    found = caseload.backups.differs(old)
    counts = {d.kind: (d.gained, d.lost, d.changed) for d in found.kinds}
    assert counts.pop("course") == (0, 1, 0)
    assert counts == {"patient": (0, 1, 0), "assessment": (0, 0, 1)}
    assert found.codes == ("P-1", "P-2")
    newer = caseload.backups.make(at=AT + HOUR).path
    caseload.undo(at=AT)
    caseload.undo(at=AT)
    counts = {d.kind: (d.gained, d.lost, d.changed) for d in caseload.backups.differs(newer).kinds}
    assert counts == {"patient": (1, 0, 0), "course": (1, 0, 0), "assessment": (0, 0, 1)}


def test_every_kind_of_record_is_compared(caseload: Caseload) -> None:
    """By taking each out of the file behind its back: a kind the preview overlooks would differ unsaid."""
    copy = caseload.backups.make(at=AT).path
    with caseload._store.alone() as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        there = [kind for kind in KINDS if raw.execute(f"SELECT count(*) FROM {kind}").fetchone()[0]]
        for kind in there:
            raw.execute(f"DELETE FROM {kind}")
    found = {d.kind: d.gained for d in caseload.backups.differs(copy).kinds}
    assert set(found) == set(there)
    assert found["assessment"] == 10


def test_an_erased_patient_leaves_no_backup_that_holds_them(caseload: Caseload, sample: type[Sample]) -> None:
    made = [caseload.backups.make(at=AT + n * HOUR).path for n in range(3)]
    assert set(caseload.copies_with(sample.patient.id)) == set(made)
    caseload.erase(sample.patient.id, at=AT)
    caseload.backups.renew(caseload.copies_with(sample.patient.id), at=AT + 4 * HOUR)
    [left] = caseload.backups.listed()
    assert left.at == AT + 4 * HOUR
    assert caseload.copies_with(sample.patient.id) == []
    assert caseload.backups.examined(left.path).patients == 0


# Full disks


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount_disk("-t", "tmpfs", "-o", "size=2m", "tmpfs", place)
    yield place
    subprocess.run(["umount", "-l", place], capture_output=True, check=False)


def fill(disk: Path, *, leaving: int) -> Path:
    ballast = disk / "ballast"
    ballast.touch()
    with ballast.open("r+b", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            pass
    os.truncate(ballast, max(0, ballast.stat().st_size - leaving))
    return ballast


@root_only
@pytest.mark.parametrize("free", [0, 1, 4, 64])
def test_a_full_disk_leaves_no_half_backup_and_the_caseload_as_it_was(
    disk: Path, small_bytes: bytes, free: int
) -> None:
    path = disk / "small.trdtrack"
    path.write_bytes(small_bytes)
    with closing(opened(path)) as caseload:
        good = caseload.backups.make(at=AT).path
        keys, held = caseload.backups.keys, dump(caseload)
        ballast = fill(disk, leaving=free * 1024)
        with pytest.raises(Refusal, match="The disk is full"):
            caseload.backups.make(at=AT + HOUR)
        assert [p.name for p in good.parent.iterdir()] == [good.name]
        assert dump(caseload) == held
    before = path.read_bytes()
    with pytest.raises(Refusal, match="disk is full"):
        restoring.restore_from(good, path, keys=keys, who="x", at=AT + HOUR)
    assert path.read_bytes() == before
    assert [p.name for p in good.parent.iterdir()] == [good.name]
    assert not list(disk.glob(".*"))
    ballast.unlink()
    restoring.restore_from(good, path, keys=keys, who="x", at=AT + HOUR)
    with closing(opened(path)) as caseload:
        assert dump(caseload)[0] == held[0]
        caseload.backups.make(at=AT + 2 * HOUR)
