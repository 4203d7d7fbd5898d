"""The to-do list: what there is to do over all patients, where Enter goes, and drafts that survive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from trdtrack.domain.edit import Edit, Step, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Clinic, Course, FollowUp, Patient
from ui.hands import AT, TODAY, Person, cells, settle, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def listed(person: Person) -> list[tuple[str, str, str]]:
    person.press("Ctrl+1")
    person.place.caseload_page.tabs.setCurrentIndex(1)
    settle()
    rows = cells(person.place.caseload_page.to_do.table)
    return [(row["Kind"], row["Patient"], row["What"]) for row in rows]


def enter_on(person: Person, code: str, kind: str) -> None:
    """Open a task of the list by Enter."""
    page = person.place.caseload_page
    person.press("Ctrl+1")
    page.tabs.setCurrentIndex(1)
    table = page.to_do.table
    table.setFocus()
    row = next(n for n, t in enumerate(table.rows.records) if t.code == code and t.what == kind)
    table.selectRow(row)
    person.press("Enter")
    settle()


def test_each_kind_is_listed_and_leads_to_its_place(demo: Person) -> None:
    desk, caseload = demo.place.desk, demo.caseload
    patient = caseload.patient_by_code("DEMO-014")
    session = caseload.dossier(patient.id).sessions[-1]
    desk.edit(altered(message("Correct session"), session, replace(session, finished=False)))
    ended = caseload.dossier(caseload.patient_by_code("DEMO-030").id).courses[0]
    due = FollowUp(patient=ended.patient, course=ended.id, due=TODAY - timedelta(days=2))
    desk.edit(added(message("Plan follow-up"), due))
    born = date(1980, 5, 4)
    desk.edit(
        added(
            message("Add"),
            Patient(code="X-1", name="Lena Berg", date_of_birth=born),
            Patient(code="X-2", name="Berg, Lena", date_of_birth=born),
        )
    )
    found = listed(demo)
    assert ("■ Risk", "DEMO-007", "Item 9 answered 2: to be answered") in found
    assert ("Not finished", "DEMO-014", "Session of 18 Nov 2026 not finished") in found
    assert [row for row in found if row[0] == "Follow-up" and row[1] == "DEMO-030"]
    assert ("Probable double", "X-1", "Probably the same person as X-2: same birth date, like name") in found
    # The tab counts what care asks for; that two records may be one person presses nobody.
    assert demo.place.caseload_page.tabs.tabText(1) == f"To do ({len(found) - 1})"
    page = demo.place.patient_page
    for code, kind, tab in (
        ("DEMO-007", "risk", page.risk),
        ("DEMO-014", "not finished", page.sessions),
        ("DEMO-030", "follow-up", page.course_tab),
    ):
        enter_on(demo, code, kind)
        assert page.heading.text().startswith(code)
        assert page.tabs.currentWidget() is tab
    assert page.course_tab.table.chosen() == due
    # The day's strip over the patients says how much there is.
    listed(demo)
    assert "2 notes not finished" in demo.place.caseload_page.day.heading.text()
    assert "1 follow-up" in demo.place.caseload_page.due.text()


def test_the_list_is_filtered_by_kind(demo: Person) -> None:
    everything = listed(demo)
    to_do = demo.place.caseload_page.to_do
    assert {kind for kind, *_rest in everything} > {"■ Risk"}
    to_do.kind.setCurrentIndex(to_do.kind.findData("risk"))
    assert {row["Kind"] for row in cells(to_do.table)} == {"■ Risk"}


def test_records_past_the_clinics_retention_period_are_listed(clinic: Person) -> None:
    patient = Patient(code="OLD-1", date_of_birth=date(1950, 1, 1))
    course = Course(patient=patient.id, start=date(2010, 1, 1), end=date(2011, 1, 1))
    clinic.place.desk.edit(added(message("Add"), patient, course))
    assert not [row for row in listed(clinic) if row[0] == "Past retention"]
    clinic.place.desk.edit(Edit(message("Settings"), (Step(None, Clinic(retention_years=10)),)))
    assert ("Past retention", "OLD-1", "Ended more than 10 years ago") in listed(clinic)


def test_the_list_says_open_and_unanswered_risk_differently(demo: Person) -> None:
    rows = {row["Patient"]: row["Risk"] for row in cells(demo.place.caseload_page.table)}
    assert rows["DEMO-007"] == "■ answer item 9: 2"
    assert rows["DEMO-014"] == ""


# Drafts


def typed_in(person: Person, text: str) -> None:
    """Something in DEMO-014's log form that nobody saved."""
    person.show_patient("DEMO-014")
    person.press("L")
    settle()
    person.press("2", "3")
    person.log.note.setPlainText(text)


def test_a_lock_keeps_what_is_typed_without_a_question(
    demo: Person, at_window: Callable[[Path, str], Person], qtbot: QtBot
) -> None:
    typed_in(demo, "half a thought 😀")
    path = demo.caseload.path
    demo.lock()
    assert demo.sees("What you typed is kept. It is on the to-do list.")
    demo.window.unlock.choose(path)
    demo.fill(demo.window.unlock.passphrase, "demo")
    demo.press("Enter")
    until(qtbot, lambda: demo.window.workspace is not None)
    assert ("Draft", "DEMO-014", "Session not saved yet") in listed(demo)
    enter_on(demo, "DEMO-014", "draft")
    assert demo.log.note.toPlainText() == "half a thought 😀"
    assert [field.text() for field in demo.log.answers[:3]] == ["2", "3", ""]
    assert demo.sees("not saved yet.")
    # Once saved it is no draft any more.
    for digit in "1000000":
        demo.press(digit)
    demo.press("Ctrl+Enter")
    settle()
    if demo.place.form is not None:
        demo.log.sheet.start()
    assert demo.place.form is None
    assert demo.caseload.drafts() == []


def test_a_pause_in_typing_keeps_a_draft_and_saving_lets_it_go(demo: Person, qtbot: QtBot) -> None:
    demo.show_patient("DEMO-014")
    demo.press("L")
    settle()
    demo.press("2")
    until(qtbot, lambda: len(demo.caseload.drafts()) == 1)
    demo.answers.ready("confirm", answer=True)
    demo.press("Esc")
    settle()
    assert demo.caseload.drafts() == [], "left on purpose"


def test_a_new_patients_form_has_its_draft_too(demo: Person) -> None:
    demo.press("Ctrl+N")
    settle()
    demo.fill(demo.field("name"), "Somebody New")
    assert demo.place.put_away()[0]
    demo.place.close_form()
    assert ("Draft", "", "Patient form not saved yet") in listed(demo)
    demo.press("Ctrl+N")
    settle()
    assert demo.field("name").text() == "Somebody New"
    demo.answers.ready("confirm", answer=True)
    demo.press("Esc")
    settle()
    assert demo.caseload.drafts() == []


CRASH = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from trdtrack.ui.app import application
from ui.hands import AT, Answers, settle
from trdtrack.caseload import Caseload
from trdtrack.ui.window import Window
app = application()
window = Window(who="test", clock=lambda: AT, dialogs=Answers())
window.show()
window.show_caseload(Caseload.open(Path(sys.argv[1]), "demo", who="test"))
settle()
place = window.workspace
place.open_patient(place.desk.caseload.patient_by_code("DEMO-014").id)
place.log_session()
place.form.note.setPlainText("written before the crash")
def die():
    if place.desk.caseload.drafts():
        os.kill(os.getpid(), 9)
timer = QTimer(interval=20)
timer.timeout.connect(die)
timer.start()
QTimer.singleShot(20000, app.quit)
app.exec()
"""


def test_a_crash_keeps_the_text(at_window: Callable[[Path, str], Person], demo_file: Path) -> None:
    paths = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", CRASH, str(demo_file)],
        env={**os.environ, "PYTHONPATH": paths},
        timeout=60,
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr.decode()
    person = at_window(demo_file, "demo")
    enter_on(person, "DEMO-014", "draft")
    assert person.log.note.toPlainText() == "written before the crash"
    person.answers.ready("confirm", answer=True)
    person.press("Esc")
    settle()


def test_a_draft_can_be_discarded_from_the_list(demo: Person) -> None:
    patient = demo.caseload.patient_by_code("DEMO-014").id
    demo.show_patient("DEMO-014")
    demo.caseload.keep_draft("event:gone", patient=patient, text=json.dumps({}), at=AT)
    enter_on(demo, "DEMO-014", "draft")
    assert demo.line.startswith("What this draft is about is not there any more.")
    assert len(demo.caseload.drafts()) == 1
    demo.press("Ctrl+1")
    table = demo.place.caseload_page.to_do.table
    demo.place.caseload_page.tabs.setCurrentIndex(1)
    table.selectRow(next(n for n, t in enumerate(table.rows.records) if t.draft))
    demo.answers.ready("confirm", answer=True)
    demo.click("Discard draft")
    assert demo.caseload.drafts() == []
    assert not [row for row in listed(demo) if row[0] == "Draft"]
