"""Backups in the window: made unseen, said once when they fail, shown in Settings, and brought back from there."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from trdtrack import settings
from trdtrack.caseload import Caseload
from trdtrack.domain.backups import Kind
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.storage import cipher
from trdtrack.ui.backing_up import LOOK_MS
from trdtrack.ui.restore.form import RestoreForm
from trdtrack.ui.settings.page import SettingsPage
from ui.hands import AT, PASSPHRASE, Person, cells, dump, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def backed(person: Person, qtbot: QtBot) -> None:
    """Look whether a backup is due, as the timer does, and wait for it."""
    person.place.desk.backing.look()
    until(qtbot, lambda: not person.place.desk.backing.busy)


def card(person: Person) -> SettingsPage:
    person.press("Ctrl+4")
    settle()
    page = person.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    return page


def write(person: Person, code: str) -> None:
    person.place.desk.edit(added(message("Add"), Patient(code=code)))


def test_one_is_made_unseen_when_something_was_saved(clinic: Person, empty_file: Path, qtbot: QtBot) -> None:
    folder = empty_file.with_name("clinic-backups")
    backing = clinic.place.desk.backing
    assert backing._timer.isActive()
    assert backing._timer.interval() == LOOK_MS
    backed(clinic, qtbot)
    [first] = folder.iterdir()
    backed(clinic, qtbot)
    assert list(folder.iterdir()) == [first], "nothing was saved since"
    write(clinic, "A-1")
    backed(clinic, qtbot)
    assert list(folder.iterdir()) == [first], "half an hour has not passed"
    clinic.place.desk.backing._clock = lambda: AT + timedelta(minutes=31)
    backed(clinic, qtbot)
    assert len(list(folder.iterdir())) == 2
    assert clinic.line == ""
    assert not clinic.window.work.isVisible()
    write(clinic, "A-2")
    clinic.lock()
    assert len(list(folder.iterdir())) == 3, "what was saved since goes along on locking"
    newest = max(folder.iterdir())
    with closing(Caseload.open(newest, PASSPHRASE, who="x")) as copy:
        assert [p.code for p in copy.patients()] == ["A-1", "A-2"]


def test_looking_at_a_caseload_leaves_no_second_backup(clinic: Person, empty_file: Path) -> None:
    clinic.lock()
    folder = empty_file.with_name("clinic-backups")
    [only] = folder.iterdir()
    clinic.window.show_caseload(Caseload.open(empty_file, PASSPHRASE, who="test"))
    settle()
    clinic.lock()
    assert list(folder.iterdir()) == [only]


def test_a_failure_is_said_once_stays_in_sight_and_goes_with_the_next_success(
    clinic: Person, empty_file: Path, qtbot: QtBot
) -> None:
    folder = empty_file.with_name("clinic-backups")
    folder.write_text("a file where the folder should be")
    backed(clinic, qtbot)
    assert "No backup could be made." in clinic.line
    clinic.window.line.clear()
    backed(clinic, qtbot)
    assert clinic.line == "", "once"
    page = card(clinic)
    assert clinic.sees("No backup could be made.")
    clinic.press("Ctrl+1")
    clinic.place.caseload_page.tabs.setCurrentIndex(1)
    settle()
    assert clinic.sees("No backup could be made."), "on the to-do list"
    folder.unlink()
    backed(clinic, qtbot)
    assert not clinic.sees("No backup could be made.")
    card(clinic)
    assert "Last backup: 20 Nov 2026" in page.backups.last.text()


def test_a_failure_on_locking_is_said_on_the_unlock_page_and_locks_all_the_same(
    clinic: Person, empty_file: Path
) -> None:
    empty_file.with_name("clinic-backups").write_text("in the way")
    clinic.lock()
    assert clinic.window.workspace is None
    assert "No backup could be made." in clinic.window.unlock.message.text()


def test_back_up_now_and_another_folder(clinic: Person, tmp_path: Path, qtbot: QtBot) -> None:
    page = card(clinic)
    assert "There is no backup yet." in page.backups.last.text()
    clinic.click("Back up now")
    until(qtbot, lambda: clinic.line.startswith("Backed up and checked: "))
    assert "Backups kept: 1." in page.backups.last.text()
    stick = tmp_path / "stick"
    stick.mkdir()
    clinic.answers.ready("folder", stick)
    clinic.click("Other folder…")
    until(qtbot, lambda: len(list(stick.iterdir())) == 1 and not clinic.place.desk.backing.busy)
    assert "stick" in page.backups.place.text()
    next(stick.iterdir()).unlink()
    stick.rmdir()
    stick.write_text("gone, and no folder can be made there")
    clinic.click("Back up now")
    until(qtbot, lambda: "is not there now" in clinic.line)
    assert clinic.sees("The backup was put into")


def test_a_synced_folder_is_told_once_on_opening_and_in_settings(at_window, tmp_path: Path, empty_bytes: bytes) -> None:
    path = tmp_path / "Dropbox" / "clinic.trdtrack"
    path.parent.mkdir()
    path.write_bytes(empty_bytes)
    person = at_window(path, PASSPHRASE)
    assert "Dropbox copies this folder" in person.line
    card(person)
    assert person.sees("Dropbox copies this folder")
    person.lock()
    person.window.show_caseload(Caseload.open(path, PASSPHRASE, who="test"))
    settle()
    assert "Dropbox" not in person.line


def test_a_backup_is_looked_at_and_never_takes_the_files_place(newcomer, empty_file: Path, qtbot: QtBot) -> None:
    settings.remember(empty_file)
    with closing(Caseload.open(empty_file, PASSPHRASE, who="x")) as caseload:
        backup = caseload.backups.make(at=AT).path
    before = backup.read_bytes()
    person = newcomer()
    person.window.unlock.choose(backup)
    person.window.unlock.passphrase.setText(PASSPHRASE)
    person.click("Open")
    until(qtbot, lambda: person.window.workspace is not None)
    assert "This is a backup: you can look" in person.line
    person.lock()
    assert [r.path for r in settings.recent()] == [empty_file]
    assert backup.read_bytes() == before
    assert [p.name for p in backup.parent.iterdir()] == [backup.name]


def restore_form(person: Person, qtbot: QtBot) -> RestoreForm:
    card(person)
    person.click("Restore…")
    form = person.place.form
    assert isinstance(form, RestoreForm)
    until(qtbot, lambda: not form.looking and form.save_button.isEnabled())
    return form


def test_a_backup_is_chosen_previewed_and_restored(demo: Person, demo_file: Path, qtbot: QtBot) -> None:
    before = dump(demo.caseload)
    demo.caseload.backups.make(at=AT - timedelta(days=3))
    write(demo, "NEW-1")
    broken = demo.caseload.backups.make(at=AT - timedelta(days=2)).path
    raw = bytearray(broken.read_bytes())
    raw[9000] ^= 1
    broken.write_bytes(raw)
    demo.caseload.backups.make(at=AT - timedelta(days=1))
    form = restore_form(demo, qtbot)
    until(qtbot, lambda: "looking…" not in str(cells(form.table)))
    assert [row["Checked"] for row in cells(form.table)] == ["whole", "broken", "whole"]
    assert cells(form.table)[0]["Patients"] == str(len(demo.caseload.patients()))
    assert demo.sees("It is the same as the caseload now")
    form.table.selectRow(1)
    settle()
    assert not form.save_button.isEnabled()
    form.table.selectRow(2)
    until(qtbot, form.save_button.isEnabled)
    assert demo.sees("Patient: take away 1")
    assert demo.sees("Patients concerned: NEW-1")
    demo.click("Restore this backup")
    until(qtbot, lambda: "Restored the backup of 17 Nov 2026" in demo.window.unlock.message.text())
    assert demo.window.workspace is None
    demo.window.unlock.passphrase.setText("demo")
    demo.click("Open")
    until(qtbot, lambda: demo.window.workspace is not None)
    assert dump(demo.caseload) == before
    assert demo.caseload.check() == ()
    kinds = [b.kind for b in demo.caseload.backups.listed()]
    assert kinds.count(Kind.BEFORE_RESTORE) == 1
    assert len(kinds) >= 4
    demo.press("Ctrl+H")
    settle()
    assert demo.sees("Restore a backup") or "Restore a backup" in str(
        [cells(table) for table in demo.window.findChildren(type(form.table)) if table.isVisible()]
    )


def test_a_backup_comes_back_as_a_new_file_with_the_caseload_open(
    demo: Person, demo_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    demo.caseload.backups.make(at=AT)
    restore_form(demo, qtbot)
    demo.answers.ready("save", tmp_path / "copy.trdtrack")
    demo.click("As a new file…")
    until(qtbot, lambda: demo.line.startswith("Made "))
    assert demo.window.workspace is not None
    with closing(Caseload.open(tmp_path / "copy.trdtrack", "demo", who="x")) as copy:
        assert dump(copy) == dump(demo.caseload)


def test_a_restore_refused_leaves_the_caseload(
    demo: Person, demo_file: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cipher, "BUSY_SECONDS", 0.1)
    demo.caseload.backups.make(at=AT)
    restore_form(demo, qtbot)
    with closing(Caseload.open(demo_file, "demo", who="another program")) as other:
        demo.click("Restore this backup")
        until(qtbot, lambda: "Another program is using" in demo.window.unlock.message.text())
        assert other.check() == ()


def test_erasing_offers_the_backups_and_leaves_none_that_holds_the_patient(
    demo: Person, demo_file: Path, qtbot: QtBot
) -> None:
    patient = demo.caseload.patient_by_code("DEMO-011")
    for n in range(6):
        demo.caseload.backups.make(at=AT - timedelta(days=n))
    demo.show_patient("DEMO-011")
    demo.place.patient_page.asked.emit("erase")
    settle()
    assert demo.sees("and 2 more")
    demo.fill(demo.field("code"), "DEMO-011")
    demo.click("Erase for good")
    until(qtbot, lambda: not demo.window.work.busy)
    assert demo.line == "Erased. A line stays in the history that it was done."
    assert demo.caseload.copies_with(patient.id) == []
    assert len(demo.caseload.backups.listed()) == 1


def test_an_erasure_without_other_backups_leaves_none_of_before_either(demo: Person, qtbot: QtBot) -> None:
    patient = demo.caseload.patient_by_code("DEMO-011")
    demo.show_patient("DEMO-011")
    demo.place.patient_page.asked.emit("erase")
    settle()
    demo.fill(demo.field("code"), "DEMO-011")
    demo.click("Erase for good")
    until(qtbot, lambda: not demo.window.work.busy)
    assert demo.caseload.copies_with(patient.id) == []
    assert len(demo.caseload.backups.listed()) == 1
