"""A whole caseload moved from a file to a server and back: every record, every line of history, equal both ways."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from clinic import AT, PASSWORD, Clinic

from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS, Patient, Rules
from trdtrack.domain.refusals import NotYours, Refusal
from trdtrack.storage import contents

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Program

PASSPHRASE = "demo"


def everything(caseload: Caseload) -> list[tuple[str, dict[str, Any]]]:
    """All there is, as plain entries in their order: records by kind, each line with its hash and texts, drafts."""
    with caseload.contents() as (count, entries):
        found = list(entries)
    assert count == len(found)
    return found


def gists(caseload: Caseload) -> dict[str, Any]:
    return {gist.patient: gist for gist in caseload.gists()}


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo caseload, lived in: corrected, undone, withdrawn, erased, exported, with a draft."""
    with closing(make_demo(at=AT, folder=tmp_path_factory.mktemp("demo"))) as caseload:
        first, second, *_ = caseload.patients()
        caseload.undo(at=AT)
        caseload.edit(added(message("Add"), Patient(code="Ä-1", name="Zoë 𝔸"), Patient(code="Ä-2")), at=AT)
        caseload.undo(at=AT)
        caseload.redo(at=AT)
        caseload.erase(second.id, at=AT)
        caseload.keep_draft("log:1", patient=first.id, text="half a\nsentence", at=AT)
        assert caseload.check() == ()
        return caseload.path


def test_there_and_back(lived_in: Path, new_clinic: Clinic, tmp_path: Path, program: Program, monkeypatch: Any) -> None:
    monkeypatch.setenv("TRDTRACK_SERVER_PASSWORD", PASSWORD)
    address = new_clinic.address("erna").text
    with closing(Caseload.open(lived_in, PASSPHRASE, who="x", look=True)) as file:
        was, said, head = everything(file), gists(file), file.head
    assert {section for section, _ in was} == {"records", "history", "drafts"}
    assert f"Chain head: {head.short}" in program("clinic", "move", lived_in, address, passphrase=PASSPHRASE).done
    with closing(new_clinic.open("erna")) as there:
        assert everything(there) == was
        assert (gists(there), there.head) == (said, head)
        assert there.check() == ()
        assert there.rebuild() == []
        assert sum(len(there.records(kind)) for kind in KINDS) == sum(section == contents.RECORDS for section, _ in was)
    back = tmp_path / "back.trdtrack"
    program("clinic", "move", address, back, passphrase="another one").done  # noqa: B018
    with closing(Caseload.open(back, "another one", who="x")) as again:
        assert everything(again) == was
        assert (gists(again), again.head) == (said, head)
        assert again.check() == ()
        assert again.rebuild() == []
    # A move into what is not empty changes nothing; nor does one by somebody who may not.
    assert "not empty" in program("clinic", "move", lived_in, address, passphrase=PASSPHRASE).refused
    with closing(new_clinic.open("erna")) as there:
        assert everything(there) == was
    assert "already exists" in program("clinic", "move", address, back, passphrase="x").refused
    with closing(Caseload.open(back, "another one", who="x")) as again:
        assert everything(again) == was


def test_only_an_administrator_moves(lived_in: Path, new_clinic: Clinic, tmp_path: Path) -> None:
    with (
        closing(Caseload.open(lived_in, PASSPHRASE, who="x", look=True)) as file,
        closing(new_clinic.open("tom")) as tom,
        closing(new_clinic.open("erna")) as erna,
    ):
        with file.contents() as (_count, entries), pytest.raises(NotYours):
            tom.take_contents(entries)
        assert everything(erna) == []


def test_a_move_that_fails_leaves_nothing(lived_in: Path, new_clinic: Clinic) -> None:
    with closing(Caseload.open(lived_in, PASSPHRASE, who="x", look=True)) as file:
        was = everything(file)
    spoilt = [(section, dict(fields)) for section, fields in was]
    last = max(n for n, (section, _) in enumerate(spoilt) if section == contents.HISTORY)
    spoilt[last][1]["title"] = "another"
    with closing(new_clinic.open("erna")) as there:
        with pytest.raises(Refusal):
            there.take_contents(spoilt)
        assert everything(there) == []
        there.take_contents(was)
        assert everything(there) == was


def test_what_goes_on_on_the_server_comes_back_too(new_clinic: Clinic, tmp_path: Path) -> None:
    with closing(new_clinic.open("erna")) as erna, closing(new_clinic.open("tom")) as tom:
        erna.edit(added(message("Set"), Rules(reliable_change=6)), at=AT)
        tom.edit(added(message("Add"), Patient(code="P-1"), Patient(code="P-2")), at=AT)
        tom.undo(at=AT + timedelta(minutes=1))
        tom.redo(at=AT + timedelta(minutes=2))
        erna.erase(tom.patients()[0].id, at=AT + timedelta(minutes=3))
        was = everything(erna)
        with closing(Caseload.create(tmp_path / "a.trdtrack", "x", who="x")) as file:
            file.take_contents(was)
            assert everything(file) == was
            assert file.check() == ()
            assert file.rules() == Rules(reliable_change=6)
            assert {line.who for line in file.history()} == {"erna", "tom"}
