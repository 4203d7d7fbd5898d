"""The files opened lately: listed, found again where they went, or said to be gone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trdtrack import settings
from trdtrack.settings import Recent, identity_of
from ui.hands import Person, focus, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


@pytest.fixture
def back(newcomer: Callable[[], Person], demo_file: Path) -> Person:
    """Somebody who opened the file before."""
    settings.remember(demo_file)
    return newcomer()


def unlock(person: Person, qtbot: QtBot) -> None:
    person.window.unlock.passphrase.setText("demo")
    person.click("Open")
    until(qtbot, lambda: not person.window.work.busy)


def test_recent_files_are_listed_the_latest_first(
    newcomer: Callable[[], Person], demo_file: Path, empty_file: Path
) -> None:
    settings.remember(empty_file)
    settings.remember(demo_file)
    settings.remember(demo_file)
    person = newcomer()
    files = person.window.unlock.files
    assert [files.itemText(i) for i in range(files.count())] == ["demo.trdtrack", "clinic.trdtrack"]
    assert files.currentText() == "demo.trdtrack"
    assert focus() is person.window.unlock.passphrase


def test_opening_a_file_remembers_it_and_nothing_of_any_patient(
    newcomer: Callable[[], Person], demo_file: Path, qtbot: QtBot, own_home: Path
) -> None:
    person = newcomer()
    person.answers.ready("open", demo_file)
    person.click("Another file…")
    unlock(person, qtbot)
    person.show_patient("DEMO-003")
    person.lock()
    assert [entry.path for entry in settings.recent()] == [demo_file]
    kept = "".join(path.read_text() for path in own_home.rglob("*") if path.is_file())
    assert "DEMO-003" not in kept
    assert "demo.trdtrack" in kept


@pytest.mark.parametrize("new_place", ["renamed.trdtrack", "below/demo.trdtrack", "../above.trdtrack"])
def test_a_file_that_moved_is_found_and_said(back: Person, demo_file: Path, new_place: str, qtbot: QtBot) -> None:
    target = (demo_file.parent / new_place).resolve()
    target.parent.mkdir(exist_ok=True)
    demo_file.rename(target)
    unlock(back, qtbot)
    assert back.caseload.path == target
    assert back.line == f"demo.trdtrack was not in its place. This is {target}."
    assert [entry.path for entry in settings.recent()] == [target]
    back.lock()
    target.unlink()


def test_a_file_that_is_gone_is_said(back: Person, demo_file: Path) -> None:
    demo_file.unlink()
    back.write("demo")
    back.press("Enter")
    settle()
    where = f"demo.trdtrack is not in {demo_file.parent} any more. Choose it with Another file."
    assert back.sees(where)
    assert back.window.unlock.passphrase.text() == "demo"


def test_another_file_under_the_old_name_is_not_taken_for_it(back: Person, demo_file: Path, empty_file: Path) -> None:
    shutil.copy(empty_file, demo_file)
    assert settings.recent()[0].find() is None
    back.write("demo")
    back.press("Enter")
    settle()
    assert back.window.workspace is None


def test_a_folder_that_cannot_be_read_finds_nothing(tmp_path: Path) -> None:
    assert Recent(tmp_path / "no" / "such" / "a.trdtrack", "00").find() is None
    assert identity_of(tmp_path) == ""


def test_an_unreadable_list_of_files_is_an_empty_one(newcomer: Callable[[], Person], demo_file: Path) -> None:
    settings.remember(demo_file)
    for text in ("", "{", "[]", '{"recent": [1]}', '{"recent": [{"path": 3}]}'):
        settings.file().write_text(text)
        assert settings.recent() == []
    assert newcomer().sees("No caseload has been opened here yet")


def test_choosing_a_listed_file_again_lists_it_once(back: Person, demo_file: Path) -> None:
    back.answers.ready("open", demo_file)
    back.click("Another file…")
    assert back.window.unlock.files.count() == 1


def test_foreign_files_are_said(newcomer: Callable[[], Person], tmp_path: Path, qtbot: QtBot) -> None:
    person = newcomer()
    for name, content, words in (
        ("empty.trdtrack", b"", "empty.trdtrack is empty"),
        ("text.trdtrack", b"hello", "is not a complete TRDTrack caseload"),
        ("plain.trdtrack", b"SQLite format 3\0" + bytes(4080), "it is an unencrypted database"),
        ("noise.trdtrack", bytes(range(256)) * 16, "This passphrase or recovery key does not open noise.trdtrack"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        person.window.unlock.choose(path)
        unlock(person, qtbot)
        assert person.sees(words), name
        assert path.read_bytes() == content
        assert focus() is person.window.unlock.passphrase
