"""What Python has no more use for goes in the window's thread, whoever makes garbage meanwhile."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from trdtrack.ui import tidying
from trdtrack.ui.tidying import Tidying, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


class Made(QObject):
    """Knows in which thread it went; of a circle, so that only a collection finds it."""

    gone: list[str]

    def __init__(self, gone: list[str]) -> None:
        super().__init__()
        self.itself, self.gone = self, gone

    def __del__(self) -> None:
        self.gone.append(threading.current_thread().name)


@pytest.fixture
def few() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(100)
    yield
    gc.set_threshold(*before)


def busy() -> None:
    """Make more new objects than Python lets pass without looking."""
    circles = []
    for _ in range(200_000):
        circle: list[object] = []
        circle.append(circle)
        circles.append(circle)


@pytest.mark.usefixtures("few")
def test_a_thread_beside_the_window_takes_nothing_away(qapp: QApplication) -> None:
    gone: list[str] = []
    Made(gone)
    thread = threading.Thread(target=busy, name="beside")
    thread.start()
    thread.join()
    assert gone == []
    tidy()
    gc.collect()
    assert gone == [threading.current_thread().name]


@pytest.mark.usefixtures("few")
def test_left_to_itself_python_would(qapp: QApplication) -> None:
    gone: list[str] = []
    Made(gone)

    def unguarded() -> None:
        gc.enable()
        busy()
        gc.disable()

    thread = threading.Thread(target=unguarded, name="beside")
    thread.start()
    thread.join()
    assert gone == ["beside"]


def test_it_looks_once_a_second_unless_it_rests(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "LOOK_MS", 5)
    looks: list[int] = []
    monkeypatch.setattr(tidying, "tidy", lambda: looks.append(1))
    parent = QObject()
    mine = Tidying(parent)
    qtbot.wait(30)
    assert looks == []
    mine.begin()
    qtbot.waitUntil(lambda: len(looks) > 2)
    mine.rest()
    seen = len(looks)
    qtbot.wait(30)
    assert len(looks) == seen
    thread = threading.Thread(target=mine.warm.emit)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(looks) > seen)
    gc.unfreeze()
