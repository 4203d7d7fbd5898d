"""A damaged file in the window: its newest good backup is offered, and a file that lacks known history is said."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trdtrack import settings
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.storage.presence import lock_of
from ui.hands import AT, PASSPHRASE, Person, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


def flipped(path: Path) -> bytes:
    raw = bytearray(path.read_bytes())
    raw[200] ^= 1
    path.write_bytes(raw)
    return bytes(raw)


@pytest.fixture
def before(newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot) -> Person:
    """Somebody who typed the passphrase of a damaged file, which has a backup."""
    shutil.copy(empty_file, empty_file.with_name("clinic.version-3.trdtrack"))
    flipped(empty_file)
    settings.remember(empty_file)
    person = newcomer()
    unlock(person, qtbot)
    return person


def unlock(person: Person, qtbot: QtBot) -> None:
    person.window.unlock.passphrase.setText(PASSPHRASE)
    person.click("Open")
    until(qtbot, lambda: not person.window.work.busy)


def test_the_backup_is_offered_and_leaving_changes_nothing(before: Person, empty_file: Path) -> None:
    page, kept = before.window.unlock, empty_file.read_bytes()
    assert page.message.text() == (
        "clinic.trdtrack is damaged or cut short; nothing was changed. "
        "The newest backup that is whole is clinic.version-3.trdtrack."
    )
    assert page.damaged.isVisible()
    before.click("Leave everything as it is")
    assert not page.damaged.isVisible()
    assert empty_file.read_bytes() == kept
    assert len(list(empty_file.parent.iterdir())) == 2


def test_the_backup_is_put_back(before: Person, empty_file: Path, qtbot: QtBot) -> None:
    damaged = empty_file.read_bytes()
    before.click("Restore this backup")
    until(qtbot, lambda: not before.window.work.busy)
    [aside] = empty_file.with_name("clinic-backups").glob("clinic.damaged-*.trdtrack")
    assert aside.read_bytes() == damaged
    page = before.window.unlock
    assert page.message.text() == (
        f"Restored the backup of clinic.version-3.trdtrack. What it replaced is kept as {aside.name}. "
        "Type the passphrase to open it."
    )
    assert not page.damaged.isVisible()
    unlock(before, qtbot)
    assert before.window.workspace.desk.caseload.path == empty_file
    assert not before.window.workspace.desk.caseload.read_only
    assert not before.window.trying.demo


def test_the_backup_is_only_looked_into(before: Person, empty_file: Path, qtbot: QtBot) -> None:
    damaged = empty_file.read_bytes()
    before.click("Open it to look")
    until(qtbot, lambda: before.window.workspace is not None)
    caseload = before.window.workspace.desk.caseload
    assert (caseload.path.name, caseload.read_only) == ("clinic.version-3.trdtrack", True)
    assert before.line == "You can look, but nothing can be changed: this file was opened read-only."
    assert [entry.path for entry in settings.recent()] == [empty_file]
    assert empty_file.read_bytes() == damaged


def test_a_file_without_a_backup_is_offered_nothing(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    flipped(empty_file)
    settings.remember(empty_file)
    person = newcomer()
    unlock(person, qtbot)
    assert not person.window.unlock.damaged.isVisible()


def test_an_older_copy_in_the_files_place_is_said_once(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    older = empty_file.read_bytes()
    with closing(Caseload.open(empty_file, PASSPHRASE, who="x")) as caseload:
        caseload.edit(added(message("Add"), *[Patient(code=f"N-{n}") for n in range(3)]), at=AT)
    settings.remember(empty_file)
    person = newcomer()
    unlock(person, qtbot)
    assert person.line == ""
    person.lock()
    empty_file.write_bytes(older)
    unlock(person, qtbot)
    said = "History lines 1 to 3, known on this computer, are missing: is this an older copy?"
    assert person.line == said
    person.lock()
    unlock(person, qtbot)
    assert person.line == ""


def test_a_file_open_on_another_computer_offers_its_backup_to_look_into(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    with closing(Caseload.open(empty_file, PASSPHRASE, who="x")) as caseload:
        caseload.edit(added(message("Add"), Patient(code="N-1")), at=AT)
        backup = caseload.backups.make(at=AT).path
        caseload.edit(added(message("Add"), Patient(code="N-2")), at=AT)
    settings.remember(empty_file)
    theirs = {"machine": "ward-3", "computer": "f" * 16, "user": "dr-blue", "since": AT.isoformat(), "programs": [7]}
    lock_of(empty_file).write_text(json.dumps(theirs))
    kept = empty_file.read_bytes()
    person = newcomer()
    unlock(person, qtbot)
    page = person.window.unlock
    assert "clinic.trdtrack is open on another computer: ward-3, by dr-blue, since" in page.message.text()
    assert page.damaged.isVisible()
    assert not page.damaged._restore.isVisible()
    person.click("Open it to look")
    until(qtbot, lambda: person.window.workspace is not None)
    caseload = person.window.workspace.desk.caseload
    assert (caseload.path, caseload.read_only) == (backup, True)
    assert [p.code for p in caseload.patients()] == ["N-1"]
    assert empty_file.read_bytes() == kept
    assert json.loads(lock_of(empty_file).read_text()) == theirs
