"""The settings page: rules that hold at once, and the clinic's cards saved as one edit, refused beside the field."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea

from trdtrack.caseload import Caseload
from trdtrack.domain.records import Clinic
from trdtrack.exchange.archive import take_archive
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.ui.window import SMALLEST
from ui.hands import PASSPHRASE, TODAY, Person, dump, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def open_settings(person: Person) -> SettingsPage:
    person.press("Ctrl+4")
    settle()
    page = person.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    return page


def test_nothing_is_cut_in_the_smallest_window(demo: Person) -> None:
    demo.window.resize(*SMALLEST)
    page = open_settings(demo)
    scroll = page.findChild(QScrollArea)
    assert scroll.widget().width() <= scroll.viewport().width()


def test_the_clinics_template_is_saved_in_one_undo(demo: Person) -> None:
    before = dump(demo.caseload)
    page = open_settings(demo)
    slots = page.clinic.slots
    assert slots["planned_sessions"].widget.text() == "12"
    demo.fill(slots["planned_sessions"].widget, "20")
    demo.fill(slots["review_months"].widget, "2, 4")
    slots["risk_prompt"].widget.setPlainText("Ask calmly.\nThen ask again. 😀")
    slots["emergency"].widget.setPlainText("Crisis line 116 123")
    demo.fill(slots["retention_years"].widget, "10")
    demo.click("Save the clinic's settings")
    clinic = Clinic(
        planned_sessions=20,
        review_months=(2, 4),
        risk_prompt="Ask calmly.\nThen ask again. 😀",
        emergency="Crisis line 116 123",
        retention_years=10,
    )
    assert demo.caseload.clinic() == clinic
    demo.press("Ctrl+N")
    settle()
    assert demo.field("planned_sessions").text() == "20"
    demo.press("Esc")
    page = open_settings(demo)
    page.prorate.setFocus()
    demo.press("Ctrl+Z")
    assert dump(demo.caseload) == before
    assert slots["planned_sessions"].widget.text() == "12"


def test_what_cannot_be_is_refused_beside_its_field(demo: Person) -> None:
    page = open_settings(demo)
    before = dump(demo.caseload)
    for field, typed in (("planned_sessions", "0"), ("review_months", "3, x"), ("retention_years", "500")):
        widget = page.clinic.slots[field].widget
        was = widget.text()
        demo.fill(widget, typed)
        demo.click("Save the clinic's settings")
        assert widget.styleSheet(), f"{field} is marked"
        assert dump(demo.caseload) == before
        demo.fill(widget, was)


def test_the_weeks_of_a_trial_are_a_rule(demo: Person) -> None:
    page = open_settings(demo)
    page.weeks.setCurrentIndex(page.weeks.findData(6))
    page.weeks.activated.emit(page.weeks.currentIndex())
    assert demo.caseload.rules().trial_weeks == 6
    page.prorate.setFocus()
    demo.press("Ctrl+Z")
    assert demo.caseload.rules().trial_weeks == 4
    assert page.weeks.currentData() == 4


def test_what_is_typed_stays_while_something_else_changes(demo: Person) -> None:
    page = open_settings(demo)
    demo.fill(page.clinic.slots["planned_sessions"].widget, "33")
    page.prorate.click()
    assert page.clinic.slots["planned_sessions"].widget.text() == "33"


def test_an_archive_is_written_after_a_warning_and_fills_an_empty_caseload(
    demo: Person, qtbot: QtBot, tmp_path: Path
) -> None:
    open_settings(demo)
    demo.answers.ready("confirm", False)
    demo.click("Write an archive…")
    assert "not encrypted" in demo.answers.asked[-1]
    path = tmp_path / "all.json"
    demo.answers.ready("confirm", True)
    demo.answers.ready("save", path)
    demo.click("Write an archive…")
    until(qtbot, lambda: demo.line == f"Wrote {path}.")
    assert demo.answers.asked[-1].endswith(f"{TODAY}.json")
    with closing(Caseload.create(tmp_path / "new.trdtrack", PASSPHRASE, who="test")) as new:
        take_archive(path, new)
        assert dump(new) == dump(demo.caseload)
        assert new.check() == ()
