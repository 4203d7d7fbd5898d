"""The tour of the demo and the demo's marks: seven stops at the real thing, left at any moment, never on one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from trdtrack import settings
from trdtrack.demo import PASSPHRASE as KNOWN
from trdtrack.paths import is_demo
from trdtrack.settings import Look
from trdtrack.ui import theme
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.entry.log import LogForm
from trdtrack.ui.tour import Tour
from trdtrack.ui.tour_stops import STOPS
from ui.hands import PASSPHRASE, Person, focus, settle, until
from ui.walk import AMISS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def trying(newcomer: Callable[[], Person], qtbot: QtBot) -> Person:
    """Somebody who tries the demo, one click from the first page."""
    person = newcomer()
    person.click("Try the demo caseload")
    until(qtbot, lambda: person.window.workspace is not None)
    return person


def tour_of(person: Person) -> Tour | None:
    return person.window.findChild(Tour)


@pytest.fixture
def tour(trying: Person) -> Tour:
    trying.click("Take the tour")
    found = tour_of(trying)
    assert found is not None
    return found


def test_every_stop_stands_beside_the_real_thing(trying: Person, tour: Tour) -> None:
    targets = []
    for number, stop in enumerate(STOPS):
        settle()
        assert (tour.stop, tour.words.text()) == (number, stop.words)
        assert tour.number.text() == f"Tour: {number + 1} of {len(STOPS)}"
        target = tour.target
        assert target is not None
        assert target.isVisible()
        targets.append(target)
        ring = tour.ring.around
        assert ring.intersects(QRect(target.mapTo(trying.place, QPoint(0, 0)), target.size()))
        assert trying.place.rect().contains(tour.geometry())
        trying.press("Right")
    settle()
    assert len(set(targets)) == len(STOPS)
    assert 5 <= len(STOPS) <= 7
    assert tour_of(trying) is None
    assert trying.place.form is None
    assert trying.window.isAncestorOf(focus())


def test_back_and_forward_by_keys_and_buttons(trying: Person, tour: Tour) -> None:
    trying.press("Left")
    assert tour.stop == 0
    assert not tour.back.isEnabled()
    trying.press("Right", "Right")
    settle()
    assert tour.stop == 2
    trying.click("Back")
    assert tour.stop == 1
    trying.click("Next stop")
    assert tour.stop == 2
    trying.press("Tab", "Left")
    settle()
    assert tour.stop == 1, "the arrows go on working when a button has the focus"


@pytest.mark.parametrize("at", range(len(STOPS)))
def test_it_can_be_left_at_every_stop(trying: Person, tour: Tour, at: int) -> None:
    for _stop in range(at):
        trying.press("Right")
        settle()
    trying.press("Esc")
    settle()
    assert tour_of(trying) is None
    assert not isinstance(trying.place.form, LogForm)
    assert trying.window.isAncestorOf(focus())
    trying.place.go(CaseloadPage)
    trying.click("Take the tour")
    again = tour_of(trying)
    assert again is not None
    assert again.stop == 0


def test_it_is_read_out_and_nothing_in_it_is_amiss(trying: Person, tour: Tour) -> None:
    for number, stop in enumerate(STOPS):
        settle()
        assert focus() is tour
        said = QAccessible.queryAccessibleInterface(tour).text(QAccessible.Text.Name)
        assert said == f"Tour: {number + 1} of {len(STOPS)}. {stop.words}"
        assert [fault for amiss in AMISS.values() for fault in amiss(tour)] == []
        tour.after()


@pytest.mark.parametrize("look", [Look("high-contrast", 200), Look("light", 100)])
def test_the_card_is_in_sight_and_whole(newcomer: Callable[[], Person], qtbot: QtBot, look: Look) -> None:
    theme.take(look)
    try:
        person = newcomer()
        person.window.resize(1024, 700)
        person.click("Try the demo caseload")
        until(qtbot, lambda: person.window.workspace is not None)
        person.click("Take the tour")
        for _stop in STOPS:
            settle()
            found = tour_of(person)
            assert found is not None
            assert found.visibleRegion().boundingRect() == found.rect()
            words = found.words
            assert words.height() >= words.heightForWidth(words.width())
            found.after()
    finally:
        theme.take(Look())


def test_never_by_itself_and_never_on_a_caseload_of_ones_own(clinic: Person, qtbot: QtBot) -> None:
    own = clinic.caseload.path
    assert tour_of(clinic) is None
    clinic.window.trying.take_tour()
    until(qtbot, lambda: tour_of(clinic) is not None)
    assert clinic.caseload.path != own
    assert is_demo(clinic.caseload.path), "the tour goes to a demo, one's own is locked meanwhile"
    clinic.press("Esc")
    clinic.click("Leave the demo")
    assert clinic.window.workspace is None


def test_the_demo_alone_opens_without_a_tour(trying: Person) -> None:
    assert tour_of(trying) is None


def test_what_was_typed_is_not_lost_to_the_tour(trying: Person) -> None:
    trying.show_patient("DEMO-003")
    trying.press("L", "2")
    trying.answers.ready("confirm", answer=False)
    trying.click("Take the tour")
    assert tour_of(trying) is None
    assert isinstance(trying.place.form, LogForm)
    trying.answers.ready("confirm", answer=True)
    trying.press("Esc")
    settle()


# The demo's marks


def test_the_demo_is_marked_and_says_what_becomes_of_it(trying: Person) -> None:
    assert trying.window.windowTitle() == "Demo: invented people – TRDTrack"
    for go in (
        lambda: trying.place.go(CaseloadPage),
        lambda: trying.show_patient("DEMO-003"),
        trying.window.over.show_help,
    ):
        go()
        settle()
        assert trying.sees("Demo: invented people")
        assert trying.sees("What you type here is gone when the program ends.")
    trying.window.over.leave()
    assert settings.recent() == [], "it is not proposed beside one's own"


def test_ones_own_caseload_has_no_band(trying: Person, empty_file: Path, at_window: Callable[..., Person]) -> None:
    trying.click("Leave the demo")
    assert not trying.sees("Demo: invented people")
    assert trying.window.windowTitle() == "TRDTrack"
    assert trying.sees("No caseload has been opened here yet")
    own = at_window(empty_file)
    assert not own.sees("Demo: invented people")
    assert own.window.windowTitle() == "clinic.trdtrack – TRDTrack"


def test_an_empty_caseload_is_one_click_from_the_demo(clinic: Person, qtbot: QtBot) -> None:
    own = clinic.caseload.path
    clinic.click("Try the demo")
    until(qtbot, lambda: clinic.window.workspace is not None and clinic.caseload.path != own)
    assert clinic.sees("Demo: invented people")
    assert clinic.caseload.patients()


def test_nobody_in_the_demo_passes_for_a_patient(trying: Person) -> None:
    trying.press("Ctrl+N")
    settle()
    code = trying.field("code")
    assert code.text() == "DEMO-"
    trying.fill(code, "A-003")
    trying.press("Ctrl+Enter")
    settle()
    assert trying.sees("In the demo every code begins with DEMO, so that nobody takes it for a patient.")
    assert "A-003" not in {patient.code for patient in trying.caseload.patients()}
    trying.fill(code, "DEMO-A")
    trying.press("Ctrl+Enter")
    settle()
    assert "DEMO-A" in {patient.code for patient in trying.caseload.patients()}


def test_a_demo_that_was_locked_says_its_passphrase(trying: Person, qtbot: QtBot) -> None:
    trying.lock()
    assert trying.sees(f"The demo is locked. Its passphrase is {KNOWN}.")
    assert PASSPHRASE != KNOWN
    trying.write(KNOWN)
    trying.press("Enter")
    until(qtbot, lambda: trying.window.workspace is not None)
    assert trying.sees("Demo: invented people")


def test_the_band_stays_while_the_screen_is_handed_over_and_leads_nowhere(trying: Person) -> None:
    trying.show_patient("DEMO-003")
    trying.answers.ready("confirm", answer=True)
    trying.place.patient_page.head.hand_over_button.click()
    settle()
    assert trying.window.handing.under_way
    shown = [label.text() for label in trying.window.findChildren(QLabel) if label.isVisible()]
    assert "Demo: invented people" in shown
    band = trying.window.trying.band
    assert band is not None
    assert not band.tour.isVisible()
    assert not band.leave.isVisible()
