"""Long work beside the window: a bar, a cancel that leaves nothing, and a window that goes on."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.importing.form import ImportForm
from trdtrack.ui.work import Cancelled
from trdtrack.words import say
from ui.hands import Person, cells, dump, focus, settle, until
from ui.importing import bringing, brought

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LONG = Path(__file__).parents[1] / "exchange" / "data" / "scores_long.csv"
FROZEN = 10
"""Seconds: the write is held up for twice as long."""


def bring_in(person: Person, path: Path, qtbot: QtBot) -> None:
    """Import a file as far as it goes: until it is in, or a stop leaves it where it was."""
    bringing(person, path, qtbot)
    if isinstance(form := person.place.form, ImportForm):
        person.press("Ctrl+Enter" if form.save_button.isEnabled() else "Esc")
        until(qtbot, lambda: not person.window.work.busy)


def test_the_long_file_comes_in_whole_and_goes_by_one_undo(clinic: Person, qtbot: QtBot) -> None:
    bring_in(clinic, LONG, qtbot)
    assert clinic.line == "Imported 563 scores. Ctrl+Z takes the import back."
    assert len(cells(clinic.place.caseload_page.table)) == 43
    assert clinic.sees("43 patients")
    assert len(clinic.caseload.records("assessment")) == 563
    assert clinic.place.isEnabled()
    clinic.press("Ctrl+Z")
    assert not clinic.place.isEnabled(), "so many patients are taken out beside the window"
    until(qtbot, lambda: clinic.line == "Undone: Import scores")
    assert clinic.place.isEnabled()
    assert dump(clinic.caseload) == {}
    assert clinic.sees("This caseload is empty.")
    clinic.press("Ctrl+Y")
    until(qtbot, lambda: clinic.line == "Done again: Import scores")
    assert len(cells(clinic.place.caseload_page.table)) == 43
    assert clinic.caseload.check() == ()


def test_nothing_chosen_is_nothing_done(clinic: Person) -> None:
    clinic.answers.ready("open", None)
    clinic.click("Import scores…")
    assert not clinic.window.work.busy
    assert clinic.place.isEnabled()


def test_a_cancel_at_any_step_of_an_import_leaves_nothing(clinic: Person, qtbot: QtBot) -> None:
    work, begun = clinic.window.work, 0
    whole, tick = [], work._tick

    def stop_at(step: int) -> None:
        seen = []

        def ticked(done: int, total: int) -> None:
            seen.append((done, total))
            if len(seen) == step:
                work._cancel.set()
            tick(done, total)

        work._tick = ticked  # type: ignore[method-assign]
        bring_in(clinic, LONG, qtbot)
        whole[:] = seen

    stopped = set()
    while clinic.line != "Imported 563 scores. Ctrl+Z takes the import back.":
        begun += 1
        assert begun < 40
        clinic.window.line.setText("")
        stop_at(begun)
        if clinic.caseload.can_undo() is None:
            assert dump(clinic.caseload) == {}
            form = clinic.place.form
            if isinstance(form, ImportForm):  # stopped while writing: it waits for another try
                assert clinic.line == "Stopped. Nothing was changed."
                stopped.add("writing")
                clinic.press("Esc")
            else:
                stopped.add("checking" if not clinic.line else "reading")
            settle()
            assert clinic.place.form is None
    assert stopped == {"reading", "checking", "writing"}
    assert begun == len(whole) + 1
    assert begun > 5, "reading, fitting and writing each told how far they were"
    assert any(0 < done < total for done, total in whole)
    assert clinic.caseload.check() == ()


def test_while_an_import_writes_no_key_reaches_the_pages(clinic: Person, qtbot: QtBot) -> None:
    """They would wait for the file and the window would stand."""
    clinic.place.desk.edit(added(message("Add patient"), Patient(code="Z-1")))  # something to undo
    work, tick = clinic.window.work, clinic.window.work._tick
    writing, go_on = threading.Event(), threading.Event()

    def ticked(done: int, total: int) -> None:
        tick(done, total)
        if total > 600:  # records: only the writing has so many
            writing.set()
            go_on.wait(FROZEN * 2)

    work._tick = ticked  # type: ignore[method-assign]
    form = brought(clinic, LONG, qtbot)
    clinic.press("Ctrl+Enter")
    until(qtbot, writing.is_set)
    try:
        began = time.monotonic()
        for key in ("Ctrl+Z", "Ctrl+Y", "Ctrl+N", "Ctrl+F", "Ctrl+2", "Alt+Left", "Enter", "Ctrl+3"):
            clinic.press(key)
            assert clinic.place.form is form, key
            assert form.isVisible(), key
        clinic.press("Ctrl+L")
        settle()
        assert time.monotonic() - began < FROZEN
        assert clinic.line == "Something is still running. Wait for it, or cancel it."
    finally:
        go_on.set()
    until(qtbot, lambda: not work.busy)
    assert clinic.line.startswith("Imported 563 scores.")
    assert focus() is clinic.place.caseload_page.table


def test_a_slow_job_shows_a_bar_and_the_window_goes_on(demo: Person, qtbot: QtBot) -> None:
    work, go_on, told = demo.window.work, threading.Event(), []
    turns = 0

    def turned() -> None:
        nonlocal turns
        turns += 1

    def job(tick: object) -> str:
        for step in range(1, 5):
            tick(step, 4)  # type: ignore[operator]
        go_on.wait(20)
        return "made"

    assert not work.isVisible()
    timer = QTimer(interval=5)
    timer.timeout.connect(turned)
    timer.start()
    work.run("Slow…", job, done=told.append, failed=told.append)
    until(qtbot, work.isVisible)
    assert demo.sees("Slow…")
    assert (work._bar.value(), work._bar.maximum()) == (4, 4)
    demo.press("Ctrl+2")
    until(qtbot, lambda: turns > 20)
    assert demo.sees("What the lines mean")
    # One job at a time, and the first goes on.
    refused: list[BaseException] = []
    work.run("Second…", job, done=told.append, failed=refused.append)
    assert isinstance(refused[0], Refusal)
    assert say(refused[0].what) == "Something else is still running. Wait for it, or cancel it."
    assert told == []
    assert demo.sees("Slow…")
    # Nor is the caseload closed under it.
    demo.press("Ctrl+L")
    assert demo.window.workspace is not None
    go_on.set()
    until(qtbot, lambda: not work.busy)
    timer.stop()
    assert told == ["made"]
    assert not work.isVisible()


def test_a_short_job_shows_no_bar(demo: Person, qtbot: QtBot) -> None:
    work, shown = demo.window.work, []
    work._timer.timeout.connect(lambda: shown.append(1))
    work.run("Quick…", lambda _tick: None, done=lambda _r: None, failed=lambda _e: None)
    until(qtbot, lambda: not work.busy)
    qtbot.wait(200)
    assert shown == []


def test_cancel_by_its_button(demo: Person, qtbot: QtBot) -> None:
    work, failed = demo.window.work, []

    def job(tick: object) -> None:
        while True:
            tick(0, 0)  # type: ignore[operator]
            time.sleep(0.005)

    work.run("Endless…", job, done=lambda _r: None, failed=failed.append)
    until(qtbot, work.isVisible)
    demo.click("Cancel")
    until(qtbot, lambda: not work.busy)
    assert isinstance(failed[0], Cancelled)
    # And the next job is not cancelled by it.
    made: list[int] = []
    work.run("Next…", lambda _tick: 7, done=made.append, failed=failed.append)
    until(qtbot, lambda: not work.busy)
    assert made == [7]


def test_a_job_that_breaks_is_told_in_the_window(demo: Person, qtbot: QtBot) -> None:
    failed: list[BaseException] = []
    demo.window.work.run("Broken…", lambda _tick: 1 / 0, done=lambda _r: None, failed=failed.append)
    until(qtbot, lambda: not demo.window.work.busy)
    assert isinstance(failed[0], ZeroDivisionError)


def test_a_cancelled_opening_leaves_the_unlock_page(demo_file: Path, newcomer: object, qtbot: QtBot) -> None:
    person: Person = newcomer()  # type: ignore[operator]
    work, tick = person.window.work, person.window.work._tick

    def ticked(done: int, total: int) -> None:
        work._cancel.set()
        tick(done, total)

    for at_the_end in (False, True):
        work._tick = lambda done, total, end=at_the_end: tick(done, total) if end and not total else ticked(done, total)  # type: ignore[method-assign]
        person.window.unlock.choose(demo_file)
        person.fill(person.window.unlock.passphrase, "demo")
        person.press("Enter")
        until(qtbot, lambda: not work.busy)
        assert person.window.workspace is None
    work._tick = tick  # type: ignore[method-assign]
    assert person.sees("Stopped. Nothing was changed.")
    person.fill(person.window.unlock.passphrase, "demo")
    person.press("Enter")
    until(qtbot, lambda: person.window.workspace is not None)


def test_the_check_of_the_file_says_what_it_found(demo: Person, qtbot: QtBot) -> None:
    demo.press("Ctrl+4")
    demo.click("Check the file")
    until(qtbot, lambda: not demo.window.work.busy)
    assert demo.line == "The file is whole: pages, references, history and records agree."
