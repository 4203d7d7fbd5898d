"""Leaving a form asks if something would be lost, and only then; withdrawing needs a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.evidence.page import EvidencePage
from ui.hands import Person, cells, dump, focus, settle

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = "What was typed has not been saved."


def typed_note(person: Person) -> None:
    person.log.note.setPlainText("x")


def typed_note_and_nonsense_date(person: Person) -> None:
    person.log.date.setText("nonsense")
    person.log.note.setPlainText("an hour's work")


def typed_answer(person: Person) -> None:
    person.press("2")


def typed_item_10(person: Person) -> None:
    person.log.answers[-1].setFocus()
    person.press("2")


def typed_total(person: Person) -> None:
    person.log.total.setText("99")


def typed_note_then_score_only(person: Person) -> None:
    person.log.note.setPlainText("x")
    person.log.attendance.setCurrentIndex(3)


def test_a_log_form_asks_whatever_was_typed(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    for act in (
        typed_note,
        typed_note_and_nonsense_date,
        typed_answer,
        typed_item_10,
        typed_total,
        typed_note_then_score_only,
    ):
        demo.press("L")
        settle()
        act(demo)
        demo.answers.ready("confirm", answer=False)
        demo.press("Esc")
        assert demo.place.form is not None, act.__name__
        demo.answers.ready("confirm", answer=True)
        demo.press("Esc")
        settle()
        assert demo.place.form is None
        assert demo.answers.asked[-2:] == [QUESTION, QUESTION], act.__name__


def test_a_correction_asks_even_if_it_is_wrong_so_far(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    page = demo.place.patient_page
    for change in (
        lambda form: form.note.setPlainText("long thought about"),
        lambda form: (form.note.setPlainText("long thought about"), form.date.setText("?")),
        lambda form: form.total.setText("12"),
        lambda form: [field.clear() for field in form.answers],
    ):
        page.scores._correct()
        settle()
        change(demo.log)
        demo.answers.ready("confirm", answer=True)
        demo.press("Esc")
        settle()
        assert demo.place.form is None
        demo.answers.done()


def test_a_patient_form_asks_whatever_was_typed(demo: Person) -> None:
    for field in ("code", "name", "date_of_birth", "start", "planned_sessions", "therapist", "medication"):
        demo.press("Ctrl+N")
        settle()
        demo.field(field).setText("x")
        demo.answers.ready("confirm", answer=True)
        demo.press("Esc")
        settle()
        assert demo.place.form is None
        demo.answers.done()


def test_a_form_left_gives_the_focus_back_to_the_page(demo: Person) -> None:
    for go in ("Ctrl+1", "Ctrl+2", "Ctrl+3", "Ctrl+4"):
        demo.press(go, "Ctrl+N")
        settle()
        page = demo.place.forms.before
        demo.press("Esc")
        settle()
        assert page is not None
        assert page.isVisible()
        assert page.isAncestorOf(focus())


def test_untouched_forms_are_left_without_a_word(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    for keys in ("L", "E", "Ctrl+N"):
        demo.press(keys)
        settle()
        assert demo.place.form is not None
        demo.press("Esc")
        settle()
        assert demo.place.form is None
        assert demo.place.patient_page.isVisible()
    demo.place.patient_page.scores._correct()
    settle()
    demo.press("Esc")
    settle()
    assert demo.place.form is None
    # The page's own keys work at once.
    assert demo.place.patient_page.isAncestorOf(focus())


@pytest.mark.parametrize(
    "leave",
    [
        lambda person: person.press("Ctrl+1"),
        lambda person: person.press("Ctrl+2"),
        lambda person: person.click("Evidence"),
        lambda person: person.click("Settings"),
        lambda person: person.press("Alt+Left"),
        lambda person: person.press("Ctrl+F"),
        lambda person: person.press("Ctrl+N"),
        lambda person: person.click("Cancel"),
    ],
    ids=["list", "evidence", "rail", "rail2", "back", "find", "new", "cancel"],
)
def test_every_way_out_asks_first(demo: Person, leave: Callable[[Person], None]) -> None:
    demo.show_patient("DEMO-003")
    demo.press("L", "2", "3")
    demo.answers.ready("confirm", answer=False)
    leave(demo)
    settle()
    demo.answers.done()
    assert demo.log.isVisible()
    assert demo.window.isVisible()
    assert demo.log.answers[1].text() == "3"
    # The rail still says where one is.
    checked = [page for page, button in demo.place.rail.buttons.items() if button.isChecked()]
    assert checked == [CaseloadPage]


def test_the_rail_follows_where_one_is(demo: Person) -> None:
    demo.press("Ctrl+2")
    assert demo.place.rail.buttons[EvidencePage].isChecked()
    demo.show_patient("DEMO-003")
    assert demo.place.rail.buttons[CaseloadPage].isChecked()


def test_leaving_by_the_rail_lets_go_of_the_form(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    demo.press("L", "2")
    demo.answers.ready("confirm", answer=True)
    demo.press("Ctrl+2")
    settle()
    assert demo.place.form is None
    assert demo.place.pages[EvidencePage].isVisible()
    demo.press("Ctrl+1")
    assert demo.place.caseload_page.isVisible()


def test_withdrawing_needs_a_reason(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    table = demo.place.patient_page.scores.table
    before, rows = dump(demo.caseload), cells(table)
    table.setFocus()
    for reason in (None, "", "  "):
        demo.place.desk.show("")
        demo.answers.ready("ask", reason)
        demo.press("Del")
        assert dump(demo.caseload) == before
        assert demo.line == ("" if reason is None else "Nothing was withdrawn: it needs a reason.")
    demo.answers.ready("ask", "typed twice")
    demo.press("Del")
    settle()
    assert cells(table)[0] != rows[0]
    assert len(cells(table)) == len(rows) - 1
    assert [r.withdrawn for r in dump(demo.caseload).values() if getattr(r, "withdrawn", None)] == ["typed twice"]
    demo.press("Ctrl+Z")
    assert cells(table) == rows
    assert dump(demo.caseload) == before


def test_withdrawing_a_session_keeps_its_score(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    page = demo.place.patient_page
    page.tabs.setCurrentWidget(page.sessions)
    rows = len(cells(page.sessions.table))
    scores = len(cells(page.scores.table))
    page.sessions.table.setFocus()
    demo.answers.ready("ask", "another patient's")
    demo.press("Del")
    settle()
    assert len(cells(page.sessions.table)) == rows - 1
    assert len(cells(page.scores.table)) == scores
