"""The history page: every line with who, what and why, filtered, read in detail, exported; a patient's own too."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Clinic, Event, Patient
from trdtrack.ui.history.page import HistoryPage
from ui.hands import AT, TODAY, Person, cells, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def open_history(person: Person) -> HistoryPage:
    person.press("Ctrl+H")
    settle()
    page = person.place.pages[HistoryPage]
    assert isinstance(page, HistoryPage)
    assert page.isVisible()
    return page


def correct_a_score(person: Person) -> None:
    """Item 4 of DEMO-003's last PHQ-9, with the reason."""
    patient = person.caseload.patient_by_code("DEMO-003")
    score = person.caseload.dossier(patient.id).assessments[-1]
    assert score.answers is not None
    answers = list(score.answers)
    answers[3] = 2 if answers[3] == 3 else 3
    edit = altered(message("Correct PHQ-9"), score, replace(score, answers=tuple(answers)))
    assert person.place.desk.edit(replace(edit, why="typing error"))


def test_a_line_says_who_what_and_why(demo: Person) -> None:
    correct_a_score(demo)
    page = open_history(demo)
    first = cells(page.lines.table)[0]
    assert (first["Who"], first["Patient"], first["Why"]) == ("test", "DEMO-003", "typing error")
    assert first["What"].startswith("PHQ-9 of 18 Nov 2026: item 4 changed ")
    assert first["When"].startswith("20 Nov 2026 ")
    page.lines.table.selectRow(0)
    assert "Item 4: " in page.lines.reading.text
    assert " → " in page.lines.reading.text


def test_the_lines_are_filtered(demo: Person, qtbot: QtBot) -> None:
    correct_a_score(demo)
    page = open_history(demo)
    until(qtbot, lambda: page.lines.whole)
    everything = page.lines.table.rows.rowCount()
    assert everything == page.lines.read > 150
    demo.write("typing error")
    until(qtbot, lambda: page.lines.table.rows.rowCount() == 1)
    assert demo.sees(f"1 of {everything} lines")
    page.words.clear()
    page.kind.setCurrentIndex(page.kind.findData("patient"))
    assert {row["What"].split()[0] for row in cells(page.lines.table)} == {"Patient"}
    assert page.lines.table.rows.rowCount() == 12
    page.who.setCurrentIndex(page.who.findData("test"))
    assert cells(page.lines.table) == []
    page.kind.setCurrentIndex(0)
    assert page.lines.table.rows.rowCount() == everything - len(
        [line for line in demo.caseload.history(limit=10_000) if line.who != "test"]
    )
    page.who.setCurrentIndex(0)
    page.since.setText("2026-11-21")
    page._filter()
    assert cells(page.lines.table) == []
    page.since.setText("nonsense")
    page._filter()
    assert demo.sees("nonsense is not a date")
    page.since.setText("2026-11-20")
    page.until.setText("20.11.2026")
    page._filter()
    assert page.lines.table.rows.rowCount() == everything


def test_it_reads_on_as_one_scrolls_and_for_a_rare_word_to_the_end(clinic: Person, qtbot: QtBot) -> None:
    clinic.place.desk.edit(added(message("Add patient"), Patient(code="FIRST-1")))
    many = [Patient(code=f"B-{n}") for n in range(1000)]
    clinic.place.desk.edit(added(message("Add patients"), *many))
    until(qtbot, lambda: not clinic.window.work.busy)
    page = open_history(clinic)
    assert page.lines.read < 1001
    assert clinic.sees("lines so far")
    bar = page.lines.table.verticalScrollBar()
    for _turn in range(40):
        bar.setValue(bar.maximum())
        settle()
    until(qtbot, lambda: page.lines.whole)
    assert cells(page.lines.table)[-1]["What"] == "Patient FIRST-1 added"
    clinic.press("Ctrl+1", "Ctrl+H")
    page.redraw(None)
    page.words.setText("first-1")
    page._filter()
    until(qtbot, lambda: page.lines.whole)
    assert [row["Patient"] for row in cells(page.lines.table)] == ["FIRST-1"]


def test_what_fits_is_exported(demo: Person, qtbot: QtBot, tmp_path: Path) -> None:
    correct_a_score(demo)
    page = open_history(demo)
    page.words.setText("item 4")
    page._filter()
    target = tmp_path / "history.csv"
    demo.answers.ready("save", target)
    demo.click("Export as CSV")
    until(qtbot, lambda: not demo.window.work.busy)
    assert demo.line == f"Wrote {target}."
    with target.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["why"] == "typing error"
    assert "item 4 changed" in row["what"]


def test_enter_opens_the_patient_a_line_is_about(demo: Person) -> None:
    correct_a_score(demo)
    page = open_history(demo)
    page.lines.table.setFocus()
    page.lines.table.selectRow(0)
    demo.press("Enter")
    settle()
    assert demo.place.patient_page.heading.text().startswith("DEMO-003")


def test_a_withdrawn_patient_comes_back_from_the_history(demo: Person) -> None:
    demo.show_patient("DEMO-021")
    demo.answers.ready("ask", "wrong clinic")
    demo.place.patient_page.asked.emit("withdraw")
    settle()
    assert demo.place.caseload_page.isVisible()
    assert "DEMO-021" not in [row["Patient"] for row in cells(demo.place.caseload_page.table)]
    page = open_history(demo)
    assert cells(page.lines.table)[0]["What"] == "Patient DEMO-021 withdrawn: wrong clinic"
    page.lines.table.selectRow(0)
    demo.click("Restore this record")
    demo.press("Ctrl+1")
    settle()
    assert "DEMO-021" in [row["Patient"] for row in cells(demo.place.caseload_page.table)]


def test_a_patients_own_history_stands_on_the_patients_page(demo: Person) -> None:
    demo.show_patient("DEMO-021")
    page = demo.place.patient_page
    page.tabs.setCurrentWidget(page.history)
    settle()
    before = page.history.table.rows.rowCount()
    assert 0 < before < 20
    patient = page.patient_id
    assert patient is not None
    event = Event(patient=patient, date=TODAY, text="moved house", entered=AT)
    demo.place.desk.edit(added(message("Add event"), event))
    settle()
    assert page.history.table.rows.rowCount() == before + 1
    assert cells(page.history.table)[0]["What"] == "Event of 20 Nov 2026 added"


def test_what_is_about_nobody_has_no_code(demo: Person) -> None:
    step = Step(None, Clinic(planned_sessions=16))
    demo.place.desk.edit(Edit(message("Change the clinic's settings"), (step,)))
    page = open_history(demo)
    assert cells(page.lines.table)[0]["Patient"] == ""
