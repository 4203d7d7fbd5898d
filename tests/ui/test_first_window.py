"""A second start on one file brings the first window forward; another file, or a crash's socket, hinders nobody."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import ROOT, TRDTRACK, environment

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.ui.first_window import name_of, raised
from ui.hands import AT, PASSPHRASE, Person, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

FIRST = """
import sys
from pathlib import Path
from PySide6.QtCore import QEvent, QTimer
from trdtrack.ui.app import application, _window
app = application()
window = _window()
window.show()
def changed(event, inner=type(window).changeEvent):
    inner(window, event)
    if event.type() is QEvent.Type.WindowStateChange:
        print("minimised" if window.isMinimized() else "forward", flush=True)
window.changeEvent = changed
def opened():
    if window.workspace is None:
        QTimer.singleShot(20, opened)
        return
    window.showMinimized()
    print("open", flush=True)
window.opening.open(Path(sys.argv[1]), sys.argv[2], "")
QTimer.singleShot(20, opened)
sys.exit(app.exec())
"""


@contextmanager
def first_window(path: Path, passphrase: str) -> Iterator[subprocess.Popen[str]]:
    """A window of another process on the file, minimised."""
    command = [sys.executable, "-c", FIRST, str(path), passphrase]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=path.parent, env=variables, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout
            while (line := first.stdout.readline()) != "open\n":
                assert line, "the first window ended"
            yield first
        finally:
            first.kill()


def came_forward(first: subprocess.Popen[str]) -> bool:
    assert first.stdout
    return any(line == "forward\n" for line in iter(first.stdout.readline, ""))


def start(path: Path, home: Path) -> subprocess.CompletedProcess[str]:
    variables = environment(home, QT_QPA_PLATFORM="offscreen")
    return subprocess.run(
        [*TRDTRACK, str(path)], cwd=home, env=variables, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_second_start_brings_the_first_window_forward_and_ends(empty_file: Path, tmp_path: Path) -> None:
    with first_window(empty_file, PASSPHRASE) as first:
        began = time.monotonic()
        done = start(empty_file, tmp_path)
        took = time.monotonic() - began
        assert done.stdout == "clinic.trdtrack belongs to another TRDTrack window, which is in front now.\n"
        assert (done.returncode, done.stderr) == (0, "")
        assert took < 10
        assert came_forward(first)


def test_opening_it_from_another_window_brings_the_first_one_forward(
    newcomer: Callable[[], Person], empty_file: Path
) -> None:
    with first_window(empty_file, PASSPHRASE) as first:
        person = newcomer()
        person.window.opening.open(empty_file, PASSPHRASE, "")
        assert person.sees("clinic.trdtrack belongs to another TRDTrack window, which is in front now.")
        assert person.window.workspace is None
        assert not person.window.work.busy
        assert came_forward(first)


def test_the_command_line_works_beside_the_window(empty_file: Path, tmp_path: Path) -> None:
    with first_window(empty_file, PASSPHRASE) as first:
        variables = environment(tmp_path, TRDTRACK_PASSPHRASE=PASSPHRASE)
        command = [*TRDTRACK, "check", str(empty_file)]
        done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        with closing(Caseload.open(empty_file, PASSPHRASE, who="beside")) as beside:
            beside.edit(added(message("Add"), Patient(code="B-1")), at=AT)
        assert first.poll() is None
    with closing(Caseload.open(empty_file, PASSPHRASE, who="after")) as after:
        assert [patient.code for patient in after.patients()] == ["B-1"]


def test_a_window_that_was_killed_hinders_nobody(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    with first_window(empty_file, PASSPHRASE):
        pass
    assert Path(tempfile.gettempdir(), name_of(empty_file)).exists(), "it left its socket behind"
    person = newcomer()
    person.window.opening.open(empty_file, PASSPHRASE, "")
    until(qtbot, lambda: person.window.workspace is not None)
    assert person.window.opening.first.of(empty_file)
    person.window.close()
    assert not Path(tempfile.gettempdir(), name_of(empty_file)).exists()
    assert not raised(empty_file)


def test_its_own_file_is_opened_again_after_locking(
    newcomer: Callable[[], Person], empty_file: Path, qtbot: QtBot
) -> None:
    person = newcomer()
    for _ in range(2):
        person.window.opening.open(empty_file, PASSPHRASE, "")
        until(qtbot, lambda: person.window.workspace is not None)
        assert person.window.lock()


def test_each_file_has_its_own_first_window(newcomer: Callable[[], Person], tmp_path: Path) -> None:
    person, other = newcomer(), newcomer()
    one, two = tmp_path / "one.trdtrack", tmp_path / "two.trdtrack"
    person.window.opening.first.listen(one)
    other.window.opening.first.listen(one)
    other.window.opening.first.listen(two)
    assert person.window.opening.first.of(one)
    assert not other.window.opening.first.of(one)
    assert other.window.opening.first.of(two)
    person.window.opening.first.listen(two)
    assert not person.window.opening.first.of(one)
    assert not person.window.opening.first.of(two), "the other window has it"


@pytest.mark.skipif(os.name == "nt", reason="a link to a folder needs rights there")
def test_a_file_is_known_by_its_place_whatever_way_leads_there(tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(tmp_path)
    assert name_of(tmp_path / "way" / "a.trdtrack") == name_of(tmp_path / "a.trdtrack")
    assert name_of(tmp_path / "b.trdtrack") != name_of(tmp_path / "a.trdtrack")


def test_no_word_of_the_file_or_the_person_is_in_the_sockets_name(tmp_path: Path) -> None:
    name = name_of(tmp_path / "zaphod.trdtrack")
    assert name.removeprefix("trdtrack-").isalnum()
    assert len(name) == 33
    assert "zaphod" not in name
