"""Everything the program shows, scene by scene: a name and a role on every control, and room for a finger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QPushButton, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from trdtrack.ui.screens import scenes
from ui.hands import TODAY
from ui.walk import AMISS, controls

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def test_nothing_is_amiss_in_any_scene(qapp: QApplication) -> None:
    """One walk over all scenes; each kind of fault is told once, with the first scene it was seen in."""
    found: dict[str, str] = {}
    seen = shown = 0
    for scene, window in scenes(TODAY):
        shown += 1
        top: QWidget = window
        seen += sum(1 for _ in controls(top))
        for kind, amiss in AMISS.items():
            for fault in amiss(top):
                found.setdefault(f"{kind}: {fault}", scene)
    told = [f"{where}: {fault}" for fault, where in found.items()]
    assert not told, "\n".join(told)
    assert shown > 80
    assert seen > 1500


def test_the_walk_finds_what_is_amiss(qapp: QApplication, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    stack = QVBoxLayout(page)
    for text in ("", "…", "Open", "Open"):
        stack.addWidget(QPushButton(text))
    line, narrow, table = QLineEdit(), QPushButton("x y"), QTableWidget(1, 1)
    narrow.setFixedSize(20, 20)
    table.setHorizontalHeaderItem(0, QTableWidgetItem(" "))
    table.setAccessibleName("Scores")
    for widget in (line, narrow, table):
        stack.addWidget(widget)
    page.show()
    found = {kind: amiss(page) for kind, amiss in AMISS.items()}
    assert len(found["nameless"]) == 3, "two buttons and the line"
    assert found["twins"] == ["2 QPushButton say 'Open'"]
    assert found["headless"] == ["Scores, column 0"]
    assert len(found["alone"]) == 1
    assert found["small"] == ["QPushButton 'x y' 20x20"]
