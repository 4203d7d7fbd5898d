"""Every page and form of the window, one after the other, for tests that look at all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.ui.caseload.several import ACTIONS
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.history.page import HistoryPage
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.ui.patient.view import PatientView
from trdtrack.ui.settings.page import SettingsPage
from ui.hands import Person, settle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QWidget


ASKED = ("course", "end", "event", "treatment", "risk", "letter", "merge", "erase")


def unlock_pages(person: Person, known: Path) -> Iterator[tuple[str, QWidget]]:
    """The unlock page: before any file was opened, with one to open, and making one."""
    unlock = person.window.unlock
    yield "unlock, first time", unlock
    unlock.choose(known)
    settle()
    yield "unlock", unlock
    unlock.make(known.with_name("a new one.trdtrack"))
    settle()
    yield "unlock, making", unlock
    unlock.making.passphrase.first.setText("seven dry tulips")
    unlock.say("The two passphrases are not the same.")
    settle()
    yield "unlock, making, refused", unlock


def pages(person: Person, *, patient: str = "DEMO-003") -> Iterator[tuple[str, QWidget]]:
    """Everything an open caseload shows; forms filled and refused too."""
    place = person.place
    yield "caseload", place.caseload_page
    place.caseload_page.table.selectAll()
    settle()
    yield "caseload, all chosen", place.caseload_page
    for action in ACTIONS:
        place.caseload_page.foot.asked.emit(action)
        settle()
        assert place.form is not None
        yield f"caseload, {action.name.text}", place.form
        place.close_form()
        settle()
    place.caseload_page.table.choose_none()
    place.search()
    place.caseload_page.search.setText("nobody")
    settle()
    yield "caseload, nobody found", place.caseload_page
    place.caseload_page.search.clear()
    place.caseload_page.tabs.setCurrentIndex(1)
    place.caseload_page.take_focus()
    settle()
    yield "to do", place.caseload_page
    place.caseload_page.tabs.setCurrentIndex(0)
    person.show_patient(patient)
    page = place.patient_page
    yield "patient", page
    for number in range(1, page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        settle()
        yield f"patient, {page.tabs.tabText(number)}", page
    if page.summary and page.summary.points:
        page._show_point(page.summary.points[0])
        settle()
        yield "patient, one score", page
        page._close_point()
    page.patient_view.emit(page.summary)
    settle()
    view = place.findChild(PatientView)
    yield "patient view", view
    view.left.emit()
    settle()
    yield from forms(person)
    for kind in (EvidencePage, SettingsPage, HistoryPage):
        place.go(kind)
        settle()
        yield kind.title, place.pages[kind]
    yield from outcomes(person)
    yield from searches(person)
    yield from helps(person)


def helps(person: Person) -> Iterator[tuple[str, QWidget]]:
    """The manual over the window, at a page without a link that would take the Tab key, and what a search found."""
    for said in ("", "kiosk"):
        person.window.over.show_help("keys")
        person.window.over.help.search.setText(said)
        settle()
        yield f"help, {said}", person.window.over.help
        person.window.over.leave()
        settle()


def searches(person: Person) -> Iterator[tuple[str, QWidget]]:
    """The search, with and without something found."""
    finder = person.place.finder
    person.place.find_anything()
    for words in ("demo", "nothing has these words"):
        finder.line.setText(words)
        finder.look()
        settle()
        yield f"search, {words}", finder
    finder.leave()


def outcomes(person: Person) -> Iterator[tuple[str, QWidget]]:
    """The outcomes, tab by tab."""
    person.place.go(OutcomesPage)
    while person.window.work.busy:
        settle()
    settle()
    page = person.place.pages[OutcomesPage]
    assert isinstance(page, OutcomesPage)
    yield page.title, page
    for number in range(page.tabs.count()):
        page.tabs.setCurrentIndex(number)
        settle()
        yield f"outcomes, {page.tabs.tabText(number)}", page


def forms(person: Person) -> Iterator[tuple[str, QWidget]]:
    """Every form of the patient shown, empty and with all there is to say in it."""
    place = person.place
    page = place.patient_page
    for name, act in (
        ("log", place.log_session),
        ("correct", page.scores._correct),
        ("new patient", place.new_patient),
        ("patient", place.edit_person),
        *((ask, lambda ask=ask: page.asked.emit(ask)) for ask in ASKED),
        ("move", page.scores._move),
    ):
        act()
        settle()
        assert place.form is not None
        yield name, place.form
        if name == "log":
            for field in person.log.answers:
                field.set_value(3)
            person.log.date.setText("2026-11-21")
            person.log.save()
            person.log.sheet.tell("Question 3 takes 0, 1, 2 or 3.")
            settle()
            yield "log, filled and refused", place.form
        if name == "new patient":
            person.person.save()
            settle()
            yield "new patient, refused", place.form
        place.close_form()
        settle()
