"""Where errors end: a refusal in its own words; a bug of ours in words too, noted without a word of any patient's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trdtrack import bugs
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.ui.desk import AT_ONCE, Desk
from trdtrack.ui.work import Work
from ui.hands import AT, PASSPHRASE, TODAY, Answers, dump, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from trdtrack.domain.edit import Touched

SECRET = "Zaphod Beeblebrox, two-headed"


class Bench:
    """A desk without a window."""

    def __init__(self, path: Path) -> None:
        self.said: list[str] = []
        self.touched: list[Touched] = []
        self.caseload = Caseload.open(path, PASSPHRASE, who="test")
        self.desk = Desk(self.caseload, work=Work(), show=self.said.append, dialogs=Answers(), clock=lambda: AT)
        self.desk.changed.connect(self.touched.append)


@pytest.fixture
def bench(qapp: QApplication, empty_file: Path) -> Iterator[Bench]:
    made = Bench(empty_file)
    yield made
    made.caseload.close()


def new(code: str) -> Edit:
    return added(message("Add patient"), Patient(code=code, name=SECRET))


def breaks(*_given: object, **_named: object) -> None:
    raise ValueError(SECRET)


def test_an_edit_is_written_and_told_once(bench: Bench) -> None:
    edit = new("A-1")
    assert bench.desk.edit(edit)
    assert bench.touched == [edit.touched]
    assert bench.said == []
    assert bench.desk.today == TODAY


def test_a_refusal_is_told_in_its_own_words_and_changes_nothing(bench: Bench) -> None:
    assert bench.desk.edit(new("A-1"))
    before = dump(bench.caseload)
    assert not bench.desk.edit(new("A-1"))
    assert bench.said == ["There is already a patient with the code A-1."]
    assert dump(bench.caseload) == before
    assert len(bench.touched) == 1
    assert not bugs.log_path().exists()


def test_a_refusal_goes_beside_what_caused_it_if_there_is_such_a_place(bench: Bench) -> None:
    bench.desk.edit(new("A-1"))
    beside: list[object] = []
    assert not bench.desk.edit(new("A-1"), refused=beside.append)
    assert [refusal.field for refusal in beside] == ["code"]
    assert bench.said == []


@pytest.mark.parametrize("act", ["edit", "undo", "redo"])
def test_a_bug_is_told_in_words_and_noted_without_its_text(
    bench: Bench, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.desk.edit(new("A-1"))
    if act == "redo":
        bench.desk.undo()
    bench.said.clear()
    before = dump(bench.caseload)
    monkeypatch.setattr(bench.caseload, act, breaks)
    beside: list[object] = []
    if act == "edit":
        assert not bench.desk.edit(new("A-2"), refused=beside.append)
    else:
        getattr(bench.desk, act)()
    assert beside == [], "a bug is not the fault of what was typed"
    (said,) = bench.said
    assert said.startswith("TRDTrack itself failed (ValueError, test_desk.py:")
    assert said.endswith(" breaks). Nothing more was changed; please report it.")
    noted = bugs.log_path().read_text()
    assert "ValueError" in noted
    assert "desk.py" in noted
    assert not any(word in noted + said for word in (*SECRET.replace(",", "").split(), "A-1", "A-2"))
    assert bugs.log_path().stat().st_mode & 0o077 == 0
    assert dump(bench.caseload) == before


def test_a_disk_that_went_away_is_told_on_coming_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.caseload, "changed_elsewhere", breaks)
    bench.desk.look_again()
    assert bench.said[0].startswith("TRDTrack itself failed")
    assert bench.touched == []


def test_undo_and_redo_say_which_and_end_somewhere(bench: Bench) -> None:
    bench.desk.edit(new("A-1"))
    bench.desk.undo()
    bench.desk.undo()
    bench.desk.redo()
    bench.desk.redo()
    nothing = "There is nothing to undo or do again."
    assert bench.said == ["Undone: Add patient", nothing, "Done again: Add patient", nothing]


def test_what_nobody_else_changed_is_not_redrawn(bench: Bench) -> None:
    bench.desk.edit(new("A-1"))
    bench.touched.clear()
    bench.desk.look_again()
    assert bench.touched == []
    other = Caseload.open(bench.caseload.path, PASSPHRASE, who="other")
    other.edit(new("A-2"), at=AT)
    other.close()
    bench.desk.look_again()
    assert [touched.everything for touched in bench.touched] == [True]


def many() -> Edit:
    return added(message("Add patients"), *(Patient(code=f"M-{n}") for n in range(AT_ONCE)))


@pytest.fixture
def held(bench: Bench) -> list[bool]:
    found: list[bool] = []
    bench.desk.holding.connect(found.append)
    return found


def test_what_reaches_far_is_written_taken_back_and_done_again_beside_the_window(
    bench: Bench, held: list[bool], qtbot: QtBot
) -> None:
    over: list[str] = []
    assert bench.desk.edit(many(), done=lambda: over.append("done"))
    assert (bench.desk.work.busy, held, over) == (True, [True], [])
    until(qtbot, lambda: over == ["done"])
    assert (len(bench.caseload.patients()), held) == (AT_ONCE, [True, False])
    bench.desk.undo()
    assert bench.desk.work.busy
    until(qtbot, lambda: bench.said == ["Undone: Add patients"])
    assert bench.caseload.patients() == []
    bench.desk.redo()
    assert bench.desk.work.busy
    until(qtbot, lambda: bench.said[1:] == ["Done again: Add patients"])
    assert (len(bench.caseload.patients()), held) == (AT_ONCE, [True, False] * 3)


def test_a_refusal_of_what_reaches_far_goes_beside_what_caused_it(bench: Bench, held: list[bool], qtbot: QtBot) -> None:
    bench.desk.edit(new("M-7"))
    before = dump(bench.caseload)
    beside: list[object] = []
    assert bench.desk.edit(many(), done=lambda: pytest.fail("it was not written"), refused=beside.append)
    until(qtbot, lambda: bool(beside))
    assert [refusal.field for refusal in beside] == ["code"]
    assert (dump(bench.caseload), held, bench.said) == (before, [True, False], [])


def test_what_reaches_far_can_be_cancelled(bench: Bench, held: list[bool], qtbot: QtBot) -> None:
    bench.desk.edit(many())
    bench.desk.work.cancel()
    until(qtbot, lambda: bench.said == ["Stopped. Nothing was changed."])
    assert (bench.caseload.patients(), bench.caseload.can_undo(), held) == ([], None, [True, False])


def test_a_second_long_work_is_refused_and_the_first_goes_on_holding(
    bench: Bench, held: list[bool], qtbot: QtBot
) -> None:
    bench.desk.edit(many())
    bench.desk.edit(added(message("Add"), *(Patient(code=f"N-{n}") for n in range(AT_ONCE))))
    assert bench.said == ["Something else is still running. Wait for it, or cancel it."]
    assert held == [True]
    until(qtbot, lambda: not bench.desk.work.busy)
    assert (len(bench.caseload.patients()), held) == (AT_ONCE, [True, False])
