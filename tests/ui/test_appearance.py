"""How the window looks is chosen in the settings, kept on this computer, and followed where the system decides."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QToolButton

from trdtrack import settings
from trdtrack.chart.palette import CONTRAST, DARK, LIGHT
from trdtrack.settings import Look
from trdtrack.ui import theme
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.ui.window import SMALLEST
from ui.hands import Person, dump, focus, settle
from ui.pages import pages, unlock_pages
from ui.test_look import clipped, outside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trdtrack.ui.settings.appearance import AppearanceCard


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    yield
    theme.take(Look())


def card(person: Person) -> AppearanceCard:
    person.place.go(SettingsPage)
    settle()
    page = person.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    return page.appearance


def choose(person: Person, box: str, value: object) -> None:
    made = getattr(card(person), box)
    made.setCurrentIndex(made.findData(value))
    made.activated.emit(made.currentIndex())
    settle()


def test_colours_are_chosen_at_once_and_kept(demo: Person) -> None:
    before = dump(demo.caseload)
    for name, tokens in (("dark", DARK), ("high-contrast", CONTRAST), ("light", LIGHT)):
        choose(demo, "theme", name)
        assert theme.palette() is tokens
        assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(tokens.canvas)
        assert settings.look() == Look(theme=name)
    assert dump(demo.caseload) == before


class System:
    """What a desktop asks for: a screen that is none has nobody to ask."""

    def __init__(self, scheme: Qt.ColorScheme, contrast: Qt.ContrastPreference) -> None:
        self._scheme, self._contrast = scheme, contrast

    def colorScheme(self) -> Qt.ColorScheme:  # noqa: N802 - Qt's
        return self._scheme

    def accessibility(self) -> System:
        return self

    def contrastPreference(self) -> Qt.ContrastPreference:  # noqa: N802 - Qt's
        return self._contrast


def test_without_a_choice_the_system_is_followed_while_it_changes(
    demo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = QApplication.styleHints().colorSchemeChanged
    dark, usual = Qt.ColorScheme.Dark, Qt.ContrastPreference.NoPreference
    for scheme, contrast, tokens in (
        (dark, usual, DARK),
        (Qt.ColorScheme.Light, usual, LIGHT),
        (Qt.ColorScheme.Light, Qt.ContrastPreference.HighContrast, CONTRAST),
        (Qt.ColorScheme.Unknown, usual, LIGHT),
    ):
        system = System(scheme, contrast)
        monkeypatch.setattr(QApplication, "styleHints", lambda system=system: system)
        changed.emit(scheme)
        settle()
        assert theme.palette() is tokens
        assert demo.window.palette().color(QPalette.ColorRole.Window) == QColor(tokens.canvas)
    choose(demo, "theme", "high-contrast")
    changed.emit(dark)
    assert theme.palette() is CONTRAST, "what is chosen stands over the system"


def test_text_grows_at_once_and_one_stays_where_one_was(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    small, old = demo.place.patient_page.sentence.font().pixelSize(), demo.place
    choose(demo, "text_size", 200)
    settle()
    assert demo.place is not old
    assert focus() is card(demo).text_size
    assert card(demo).text_size.visibleRegion().boundingRect().height() == card(demo).text_size.height(), "in sight"
    assert card(demo).text_size.currentData() == settings.look().text_size == 200
    demo.show_patient("DEMO-003")
    assert demo.place.patient_page.sentence.font().pixelSize() == 2 * small
    assert demo.place.patient_page.chart.larger == 2
    assert demo.window.line.font().pixelSize() == 2 * theme.BODY_PX
    assert QApplication.font().pixelSize() == 2 * theme.BODY_PX
    choose(demo, "text_size", 100)
    demo.show_patient("DEMO-003")
    assert demo.place.patient_page.sentence.font().pixelSize() == small


def test_what_is_pressed_in_a_line_or_opens_a_menu_grows_with_the_text(demo: Person) -> None:
    def sizes() -> tuple[int, int, int]:
        page = demo.place.caseload_page
        clear = page.search.findChild(QToolButton)
        assert isinstance(clear, QToolButton)
        opens = page.filters.saved
        words = opens.fontMetrics().horizontalAdvance(opens.text())
        return clear.width(), opens.sizeHint().width() - words, page.tabs.tabBar().findChildren(QToolButton)[0].width()

    small = sizes()
    choose(demo, "text_size", 200)
    demo.place.go(demo.place.caseload_page.__class__)
    settle()
    large = sizes()
    assert large[0] >= small[0] + 16
    assert large[1] >= small[1] + 16
    assert large[2] >= 1.5 * small[2]


def test_what_is_typed_and_what_can_be_undone_outlive_another_size(demo: Person) -> None:
    page = demo.place.pages.get(SettingsPage)
    card(demo)
    page = demo.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    page.prorate.click()
    rules = demo.caseload.rules()
    demo.fill(page.clinic.slots["planned_sessions"].widget, "33")
    choose(demo, "text_size", 125)
    page = demo.place.pages[SettingsPage]
    assert isinstance(page, SettingsPage)
    assert page.clinic.slots["planned_sessions"].widget.text() == "33"
    page.prorate.setFocus()
    demo.press("Ctrl+Z")
    assert demo.caseload.rules() != rules


def test_the_cursor_keeps_still_when_asked(demo: Person) -> None:
    blinks = QApplication.cursorFlashTime()
    assert blinks > 0
    demo.click("Keep the text cursor from blinking") if not card(demo).still.isVisible() else card(demo).still.click()
    assert QApplication.cursorFlashTime() == 0
    assert settings.look().still
    card(demo).still.click()
    assert QApplication.cursorFlashTime() == blinks
    assert not any(QApplication.isEffectEnabled(effect) for effect in Qt.UIEffect)


def test_a_look_somebody_wrote_by_hand_is_no_error() -> None:
    settings.remember_look(Look(theme="no such theme", text_size=1000))
    assert settings.look().text_size == 200
    theme.take(settings.look())
    assert theme.palette() in (LIGHT, DARK)


def test_nothing_is_clipped_at_twice_the_size_in_the_smallest_window(
    demo: Person, newcomer: Callable[[], Person], demo_file: Path
) -> None:
    choose(demo, "text_size", 200)
    stranger = newcomer()
    for person in (demo, stranger):
        person.window.resize(*SMALLEST)
    settle()
    faults = {}
    for name, page in chain(unlock_pages(stranger, demo_file), pages(demo)):
        settle()
        assert (page.window().width(), page.window().height()) == SMALLEST, name
        if found := [*clipped(page.window()), *outside(page.window())]:
            faults[name] = found
    assert not faults, "\n".join(f"{name}: {fault}" for name, found in faults.items() for fault in found)
