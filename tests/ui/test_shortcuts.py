"""The sheet of keys: what it says is what the program's real shortcuts do, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence, QShortcut

from trdtrack.ui.commands import commands
from trdtrack.ui.screens import scenes
from trdtrack.ui.shortcuts import KEYS, shown
from ui.hands import TODAY, Person, cells, focus, settle

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def test_the_sheet_and_the_real_shortcuts_agree(qapp: QApplication) -> None:
    """Over every scene: each shortcut is on the sheet with what it does, and each line of the sheet is bound there."""
    bound: dict[str, set[str]] = {}
    for _scene, window in scenes(TODAY):
        for shortcut in window.findChildren(QShortcut):
            name = shortcut.objectName()
            assert name in KEYS, f"{shortcut.key().toString()} is on no sheet"
            assert shortcut.whatsThis() == KEYS[name].does
            bound.setdefault(name, set()).add(shortcut.key().toString())
        assert not [action.text() for action in window.findChildren(QAction) if not action.shortcut().isEmpty()]
    said = {n: {QKeySequence(key).toString() for key in key.keys} for n, key in KEYS.items() if not key.held}
    assert bound == said


def test_no_two_shortcuts_of_one_place_have_one_key() -> None:
    for where in {key.where for key in KEYS.values()}:
        keys = [one for key in KEYS.values() if key.where == where for one in key.keys]
        assert len(keys) == len(set(keys)), where


def test_what_the_search_says_is_on_the_sheet(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    keys = {shown(name) for name in KEYS}
    assert [c.name for c in commands(demo.place) if c.keys and c.keys not in keys] == []


def test_it_opens_finds_and_gives_the_focus_back(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    before = focus()
    sheet = demo.place.key_sheet
    demo.press("?")
    settle()
    assert sheet.isVisible()
    assert focus() is sheet.line
    assert len(cells(sheet.table)) == len(KEYS)
    demo.press("Esc")
    settle()
    assert not sheet.isVisible()
    assert focus() is before
    demo.press("?")
    demo.write("answer screen")
    found = cells(sheet.table)
    assert [row["Keys"] for row in found if "Let the patient answer" in row["What they do"]] == ["Ctrl+Shift+H"]
    assert sheet.line.accessibleDescription() == f"{found[0]['Where']}: {found[0]['Keys']}, {found[0]['What they do']}"
    demo.fill(sheet.line, "nothing like it")
    assert cells(sheet.table) == []
    demo.press("F1")
    settle()
    assert not sheet.isVisible()


def test_a_question_mark_typed_is_typed(demo: Person) -> None:
    demo.press("Ctrl+F")
    demo.write("?")
    settle()
    assert not demo.place.key_sheet.isVisible()
    assert demo.place.caseload_page.search.text() == "?"
