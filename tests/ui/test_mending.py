"""Mistakes put right through the window: move, merge, withdraw a course, erase; each in one undo but the last."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Modality, Patient, Session
from trdtrack.ui.history.page import HistoryPage
from ui.hands import AT, TODAY, Person, cells, dump, settle, until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from trdtrack.ui.entry.pick import Pick


def pick(person: Person, slot: str, words: str) -> None:
    """Choose in a form's list by typing."""
    assert person.place.form is not None
    chosen: Pick = person.place.form.slots[slot]  # type: ignore[assignment]
    chosen.line.setFocus()
    person.write(words)
    assert chosen.found.count() == 1


def test_a_score_moves_to_another_patient_and_back_by_one_undo(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    page = demo.place.patient_page
    before, rows = dump(demo.caseload), cells(page.scores.table)
    moving = page.scores.table.rows.records[0].assessment
    page.scores.table.setFocus()
    demo.press("M")
    settle()
    pick(demo, "course", "DEMO-033")
    demo.press("Ctrl+Enter")
    settle()
    assert demo.line == "Moved. Ctrl+Z takes it back."
    assert cells(page.scores.table)[0] == rows[1]
    demo.show_patient("DEMO-033")
    assert moving.id in [p.assessment.id for p in page.scores.table.rows.records]
    demo.press("Ctrl+Z")
    settle()
    assert dump(demo.caseload) == before


def test_a_session_takes_its_score_along(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    page = demo.place.patient_page
    page.tabs.setCurrentWidget(page.sessions)
    session: Session = page.sessions.table.rows.records[0]
    scores = len(cells(page.scores.table))
    page.sessions.table.setFocus()
    demo.press("M")
    settle()
    pick(demo, "course", "DEMO-033")
    demo.press("Ctrl+Enter")
    settle()
    assert session.id not in [s.id for s in page.sessions.table.rows.records]
    assert len(cells(page.scores.table)) == scores - 1
    demo.show_patient("DEMO-033")
    assert session.id in [s.id for s in page.sessions.table.rows.records]


def test_a_move_without_a_place_is_refused_and_keeps_the_form(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    before = dump(demo.caseload)
    demo.click("Move…")
    demo.press("Ctrl+Enter")
    settle()
    assert demo.place.form is not None
    assert demo.sees("Choose the course it belongs to.")
    assert dump(demo.caseload) == before


def test_two_records_of_one_person_are_merged(demo: Person) -> None:
    other = Patient(code="X-1", name="L. Berg", notes="Referred twice.")
    course = Course(
        patient=other.id, modality=Modality.MBCT, start=TODAY - timedelta(days=900), end=TODAY - timedelta(days=700)
    )
    held = Session(patient=other.id, course=course.id, date=TODAY - timedelta(days=800), note="In 2024.", entered=AT)
    demo.place.desk.edit(added(message("Add"), other, course, held))
    before = dump(demo.caseload)
    demo.show_patient("X-1")
    demo.place.patient_page.asked.emit("merge")
    settle()
    pick(demo, "patient", "DEMO-003")
    demo.press("Ctrl+Enter")
    settle()
    page = demo.place.patient_page
    assert demo.line == "Merged. Ctrl+Z takes it back."
    assert page.heading.text().startswith("DEMO-003")
    assert page.head.courses.count() == 2
    page.choose_course(course.id)
    assert [row["Note"] for row in cells(page.sessions.table)] == ["In 2024."]
    assert "X-1" not in [p.code for p in demo.caseload.patients()]
    demo.press("Ctrl+Z")
    settle()
    assert dump(demo.caseload) == before


def test_a_course_is_withdrawn_and_restored_from_the_history(demo: Person) -> None:
    demo.show_patient("DEMO-021")
    page = demo.place.patient_page
    demo.answers.ready("ask", "another patient's")
    page.asked.emit("withdraw course")
    settle()
    assert page.course is None
    page.tabs.setCurrentWidget(page.history)
    settle()
    row = next(n for n, r in enumerate(cells(page.history.table)) if "withdrawn: another" in r["What"])
    page.history.table.selectRow(row)
    demo.click("Restore this record")
    assert page.course is not None
    demo.press("Ctrl+Z", "Ctrl+Z")
    assert page.course is not None


def test_erasing_shows_what_goes_and_wants_the_code(demo: Person, qtbot: QtBot) -> None:
    patient = demo.caseload.patient_by_code("DEMO-011")
    demo.show_patient("DEMO-011")
    demo.place.patient_page.asked.emit("erase")
    settle()
    assert demo.sees("What goes")
    demo.fill(demo.field("code"), "DEMO-01")
    demo.press("Ctrl+Enter")
    settle()
    assert demo.sees("Type DEMO-011 exactly as it stands.")
    demo.fill(demo.field("code"), "DEMO-011")
    demo.click("Erase for good")
    until(qtbot, lambda: not demo.window.work.busy)
    assert demo.line == "Erased. A line stays in the history that it was done."
    assert demo.place.caseload_page.isVisible()
    assert "DEMO-011" not in [row["Patient"] for row in cells(demo.place.caseload_page.table)]
    assert not [record for record in dump(demo.caseload).values() if record.patient == patient.id]
    demo.press("Ctrl+Z")
    assert demo.line == "There is nothing to undo or do again."
    demo.press("Ctrl+H")
    settle()
    page = demo.place.pages[HistoryPage]
    assert isinstance(page, HistoryPage)
    assert cells(page.lines.table)[0]["What"] == "A patient was erased on a lawful request"
    assert "Hohenstein" not in " ".join(str(row) for row in cells(page.lines.table))
    assert demo.caseload.check() == ()
