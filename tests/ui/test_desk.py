"""Where errors end: a refusal in its own words; a bug of ours in words too, noted without a word of any patient's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trdtrack import bugs
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import Edit, added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.ui.desk import Desk
from trdtrack.ui.work import Work
from ui.hands import AT, PASSPHRASE, TODAY, Answers, dump

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from trdtrack.domain.edit import Touched

SECRET = "Zaphod Beeblebrox, two-headed"


class Bench:
    """A desk without a window."""

    def __init__(self, path: Path) -> None:
        self.said: list[str] = []
        self.touched: list[Touched] = []
        self.caseload = Caseload.open(path, PASSPHRASE, who="test")
        self.desk = Desk(
            self.caseload, work=Work(), show=self.said.append, dialogs=Answers(), clock=lambda: AT
        )
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
