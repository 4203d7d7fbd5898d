"""Search everywhere by keyboard: commands, patients, words; and nothing typed can break it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from trdtrack.domain.edit import altered
from trdtrack.domain.message import message
from trdtrack.ui.evidence.page import EvidencePage
from ui.hands import Person, cells, focus, settle, until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def type_in(person: Person, text: str, qtbot: QtBot) -> list[dict[str, str]]:
    person.press("Ctrl+K")
    finder = person.place.finder
    assert focus() is finder.line
    person.write(text)
    until(qtbot, lambda: not finder._pause.isActive())
    return cells(finder.table)


def test_a_patient_is_found_and_opened(demo: Person, qtbot: QtBot) -> None:
    found = type_in(demo, "annel", qtbot)
    assert [row["What"] for row in found] == ["DEMO-011  ·  Anneliese Hohenstein-Wartenberg"]
    demo.press("Enter")
    settle()
    assert demo.place.patient_page.heading.text().startswith("DEMO-011")
    assert not demo.place.finder.isVisible()
    assert demo.place.patient_page.isAncestorOf(focus())


def test_a_word_in_a_note_leads_to_its_session(demo: Person, qtbot: QtBot) -> None:
    patient = demo.caseload.patient_by_code("DEMO-014")
    session = demo.caseload.dossier(patient.id).sessions[2]
    demo.place.desk.edit(
        altered(message("Correct session"), session, replace(session, note="Spoke of the lighthouse in Ystad."))
    )
    found = type_in(demo, "lighth", qtbot)
    assert [(row["Kind"], row["What"]) for row in found] == [("Session", "DEMO-014  ·  R. O.")]
    assert "lighthouse" in found[0]["Words"]
    demo.press("Enter")
    settle()
    page = demo.place.patient_page
    assert page.tabs.currentWidget() is page.sessions
    assert page.sessions.table.chosen() == replace(session, note="Spoke of the lighthouse in Ystad.")


def test_commands_come_first(demo: Person, qtbot: QtBot) -> None:
    found = type_in(demo, "evid", qtbot)
    assert (found[0]["Kind"], found[0]["What"]) == ("Command", "Evidence")
    demo.press("Enter")
    settle()
    assert demo.place.pages[EvidencePage].isVisible()
    demo.show_patient("DEMO-003")
    found = type_in(demo, "log", qtbot)
    assert found[0]["What"] == "Log session"
    demo.press("Enter")
    settle()
    assert demo.log is not None


def test_up_and_down_choose_while_the_cursor_stays(demo: Person, qtbot: QtBot) -> None:
    found = type_in(demo, "demo", qtbot)
    assert len(found) > 5
    finder = demo.place.finder
    demo.press("Down", "Down", "Up")
    assert focus() is finder.line
    assert finder.table.currentIndex().row() == 1
    assert finder.line.accessibleDescription().startswith(f"{found[1]['Kind']}, {found[1]['What']}")
    demo.press("Enter")
    settle()
    assert demo.place.patient_page.heading.text().startswith(found[1]["What"].split()[0])


def test_escape_gives_the_page_back(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    demo.press("Ctrl+K")
    for _stop in range(4):
        demo.press("Tab")
        assert demo.place.finder.isAncestorOf(focus())
    demo.press("Esc")
    assert not demo.place.finder.isVisible()
    assert demo.place.patient_page.isAncestorOf(focus())
    demo.press("Ctrl+K", "Ctrl+K")
    assert not demo.place.finder.isVisible()


@pytest.mark.parametrize(
    "text", ['"', "'; DROP TABLE words; --", "AND OR NOT NEAR(", "*", "col:x", "😀 שלום", "ünïcödé", "-" * 300, "\\"]
)
def test_whatever_is_typed_is_only_looked_for(demo: Person, text: str, qtbot: QtBot) -> None:
    demo.press("Ctrl+K")
    finder = demo.place.finder
    finder.line.setText(text)
    until(qtbot, lambda: not finder._pause.isActive())
    assert finder.foot.text()
    assert len(demo.caseload.patients()) == 12


def test_a_form_with_something_typed_asks_before_one_goes_elsewhere(demo: Person, qtbot: QtBot) -> None:
    demo.show_patient("DEMO-003")
    demo.press("L", "2")
    type_in(demo, "DEMO-014", qtbot)
    demo.answers.ready("confirm", answer=False)
    demo.press("Enter")
    settle()
    assert demo.log.answers[0].text() == "2"


def test_nothing_found_says_so(demo: Person, qtbot: QtBot) -> None:
    assert type_in(demo, "qqqq", qtbot) == []
    assert demo.sees("Nothing found. Every word typed has to be in it.")
    demo.press("Enter")
    assert demo.place.finder.isVisible()
