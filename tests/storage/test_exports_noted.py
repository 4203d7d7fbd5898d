"""The line an export leaves in the history: chained, checked, told in words, carried by an archive, kept on erasing."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from behind import sql

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.exported import Exported
from trdtrack.domain.history import describe, details, title
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Patient
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trdtrack.domain.edit import Touched

PASSPHRASE = "seven dry tulips"
AT = datetime(2026, 11, 20, 9, 30).astimezone()


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Caseload]:
    with closing(Caseload.create(tmp_path / "clinic.trdtrack", PASSPHRASE, who="Dr Out")) as caseload:
        yield caseload


def add(caseload: Caseload, *codes: str) -> list[str]:
    patients = [Patient(code=code) for code in codes]
    courses = [Course(patient=patient.id) for patient in patients]
    caseload.edit(added(message("Add patients"), *patients, *courses), at=AT)
    return [patient.id for patient in patients]


def noted(caseload: Caseload, *patients: str, where: str = "/home/out/A-1.pdf") -> Exported:
    exported = Exported(what="Summary", where=where, patients=patients)
    caseload.note_export(exported, at=AT)
    return exported


def test_it_says_who_what_and_where(clinic: Caseload) -> None:
    [one] = add(clinic, "A-1")
    exported = noted(clinic, one)
    [line, *_] = clinic.history(one)
    assert (line.who, line.at, say(title(line)), line.after) == ("Dr Out", AT, "Export", exported)
    assert say(describe(line)) == "Summary -> /home/out/A-1.pdf"
    told = [(say(name), say(now)) for name, _before, now in details(line)]
    assert told == [("what", "Summary"), ("where", "/home/out/A-1.pdf")]
    assert line.patient == one


def test_it_is_about_each_patient_and_one_act(clinic: Caseload) -> None:
    several = add(clinic, "A-1", "A-2", "A-3")
    before = len(clinic.history())
    noted(clinic, *several[:2], where="/out")
    assert len(clinic.history()) == before + 1
    lines = [clinic.history(patient)[0] for patient in several]
    assert [say(describe(line)) for line in lines[:2]] == ["Summary, 2 patients -> /out"] * 2
    assert lines[0].number == lines[1].number
    assert lines[0].patient == ""
    assert say(title(lines[2])) == "Add patients"


def test_it_is_nothing_to_undo_and_stands_in_nobodys_way(clinic: Caseload) -> None:
    told: list[Touched] = []
    [one] = add(clinic, "A-1")
    clinic.tell = told.append
    noted(clinic, one)
    assert [touched.kinds for touched in told] == [frozenset({"export"})]
    undone = clinic.can_undo()
    assert undone
    assert say(undone.title) == "Add patients"
    clinic.undo(at=AT)
    assert clinic.patients() == []
    assert clinic.check() == ()


def test_a_line_changed_behind_the_programs_back_shows(clinic: Caseload) -> None:
    [one] = add(clinic, "A-1")
    noted(clinic, one)
    assert clinic.check() == ()
    sql(clinic._store, "UPDATE audit_text SET after = replace(after, 'A-1.pdf', 'B.pdf')")
    assert len(clinic.check()) == 1


def test_erasing_takes_the_words_of_an_export_about_one(clinic: Caseload) -> None:
    one, other = add(clinic, "A-1", "A-2")
    noted(clinic, one)
    noted(clinic, one, other, where="/both")
    clinic.erase(one, at=AT)
    assert clinic.history(one) == []
    said = [say(describe(line)) for line in clinic.history() if line.kind == "export"]
    assert said == ["Summary, 2 patients -> /both", "Export: its words were erased on a lawful request"]
    assert next(say(describe(line)) for line in clinic.history(other)) == "Summary, 2 patients -> /both"
    assert clinic.check() == ()


def test_an_archive_carries_it(clinic: Caseload, tmp_path: Path) -> None:
    one, other = add(clinic, "A-1", "A-2")
    noted(clinic, one, other)
    noted(clinic)
    with closing(Caseload.create(tmp_path / "copy.trdtrack", PASSPHRASE, who="Dr In")) as copy:
        with clinic.contents() as (_count, entries):
            copy.take_contents(list(entries))
        assert copy.history() == clinic.history()
        assert copy.history(other) == clinic.history(other)
        assert copy.check() == ()
