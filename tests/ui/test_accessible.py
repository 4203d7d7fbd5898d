"""The window without a mouse and without eyes: names, roles, Tab order, keys, and focus that can be seen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget
from test_palette import contrast

from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.settings import THEMES, Look
from trdtrack.ui import theme
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.history.page import HistoryPage
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.ui.settings.page import SettingsPage
from ui.hands import AT, Person, dump, focus, settle, until
from ui.pages import pages, unlock_pages
from ui.walk import nameless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


LEAST_PIXELS = 20


def stops(under: QWidget) -> list[QWidget]:
    """What of a page can be reached by Tab."""
    return [
        widget
        for widget in under.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]


def test_an_empty_caseload_says_what_to_do_next(clinic: Person, qtbot: QtBot) -> None:
    assert nameless(clinic.window) == []
    assert clinic.sees("This caseload is empty.")
    assert [b.text().strip() for b in clinic.place.caseload_page.empty.findChildren(QPushButton)] == [
        "New patient",
        "Import scores…",
        "Try the demo",
    ]
    clinic.press("Enter")  # the first of the three has the focus
    until(qtbot, lambda: clinic.place.form is not None)
    assert focus() is clinic.field("code")


def test_every_page_opens_with_the_focus_on_it(
    demo: Person, clinic: Person, newcomer: Callable[[], Person], demo_file: Path
) -> None:
    assert clinic.window.focusWidget().isVisible()
    for person, shown in ((demo, pages(demo)), (new := newcomer(), unlock_pages(new, demo_file))):
        person.window.activateWindow()
        settle()
        for name, page in shown:
            assert focus() is not None, name
            assert focus().isVisible(), name
            assert page is focus() or page.isAncestorOf(focus()), f"{name}: {focus()}"


def test_everything_can_be_reached_by_tab(demo: Person) -> None:
    for name, page in pages(demo):
        reached: list[QWidget] = []
        while focus() not in reached:
            reached.append(focus())
            demo.press("Tab")
            assert len(reached) < 60
        missed = [f"{type(w).__name__} {w.accessibleName()}" for w in stops(page) if w not in reached]
        assert missed == [], name


def plainly_other(one: QImage, other: QImage) -> int:
    """How many pixels are of 3:1 or more between two pictures of one widget (WCAG 2.2, 2.4.13)."""
    if one.size() != other.size():
        return one.width() * one.height()
    ratios: dict[tuple[int, int], bool] = {}
    count = 0
    for y in range(one.height()):
        for x in range(one.width()):
            pair = one.pixel(x, y), other.pixel(x, y)
            if pair[0] != pair[1]:
                if pair not in ratios:
                    ratios[pair] = contrast(*(f"#{rgb & 0xFFFFFF:06X}" for rgb in pair)) >= 3
                count += ratios[pair]
    return count


@pytest.mark.parametrize("name", THEMES if os.environ.get("TRDTRACK_LONG") else THEMES[:1])
def test_focus_can_be_seen_wherever_it_is(demo: Person, name: str) -> None:
    """Every stop of the Tab key is drawn otherwise with the focus than without, in a contrast of 3:1."""
    theme.take(Look(name))
    try:
        seen: set[str] = set()
        for scene, _page in pages(demo):
            demo.press("Tab")  # where a page puts the focus by itself it may be quieter
            been: list[QWidget] = []
            while (widget := focus()) not in been:
                been.append(widget)
                what = f"{type(widget).__name__} {widget.property('flat')} {widget.property('primary')}"
                # One of each kind: they are drawn alike.
                if what not in seen:
                    settle()
                    with_focus = widget.grab().toImage()
                    widget.clearFocus()
                    settle()
                    other = plainly_other(with_focus, widget.grab().toImage())
                    widget.setFocus(Qt.FocusReason.TabFocusReason)
                    assert other >= LEAST_PIXELS, f"{scene}: {what} {widget.accessibleName()} {other}"
                    seen.add(what)
                demo.press("Tab")
        assert len(seen) > 12
    finally:
        theme.take(Look())


def test_tab_goes_through_the_log_form_as_the_paper_does(demo: Person) -> None:
    demo.show_patient("DEMO-021")
    demo.press("L")
    settle()
    form = demo.log
    keys = ("attendance", "minutes", "date", "answered", "note", "task", "next_date", "next_time", "phase")
    slots = [form.slots[key].widget for key in (*keys, "review", "finished")]
    expected = [*form.answers, form.total, *slots]
    for widget in expected:
        assert focus() is widget
        demo.press("Tab")
    assert form.isAncestorOf(focus())
    demo.press("Tab")
    assert focus() is form.save_button
    for widget in (*expected, None)[::-1][1:]:
        demo.press("Shift+Tab")
        if focus() not in expected:
            demo.press("Shift+Tab")
        assert focus() is widget


def test_the_rail_by_mouse_and_by_keys(demo: Person) -> None:
    for text, key, page in (
        ("History", "Ctrl+H", HistoryPage),
        ("Evidence", "Ctrl+2", EvidencePage),
        ("Outcomes", "Ctrl+3", OutcomesPage),
        ("Settings", "Ctrl+4", SettingsPage),
        ("Caseload", "Ctrl+1", CaseloadPage),
    ):
        for act in (lambda text=text: demo.click(text), lambda key=key: demo.press(key)):
            demo.show_patient("DEMO-003")
            act()
            settle()
            assert demo.place.pages[page].isVisible()
            assert demo.place.rail.buttons[page].isChecked()
    demo.press("Ctrl+F")
    assert focus() is demo.place.caseload_page.search
    demo.write("0030")
    demo.fill(demo.place.caseload_page.search, "demo-030")
    demo.press("Enter")
    settle()
    assert demo.place.patient_page.heading.text().startswith("DEMO-030")
    demo.press("Alt+Left")
    assert demo.place.caseload_page.isVisible()
    for text in ("Undo", "Redo"):
        demo.click(text)
        assert demo.line == "There is nothing to undo or do again."
    demo.click("Lock")
    assert demo.window.workspace is None


def test_a_rail_button_has_the_tip_with_its_key(demo: Person) -> None:
    tips = {button.text().strip(): button.toolTip() for button in demo.place.findChildren(QToolButton) if button.text()}
    assert tips["Evidence"] == "Evidence (Ctrl+2)"
    assert tips["Lock"] == "Lock (Ctrl+L)"


def test_ctrl_z_belongs_to_the_field_one_types_in(demo: Person) -> None:
    demo.caseload.edit(added(message("Add patient"), Patient(code="Z-1")), at=AT)
    before = dump(demo.caseload)
    demo.press("Ctrl+F")
    demo.write("abc")
    demo.press("Ctrl+Z")
    assert demo.place.caseload_page.search.text() == ""
    demo.press("Ctrl+Z")  # nothing typed is left to undo
    assert dump(demo.caseload) == before
    demo.show_patient("DEMO-003")
    demo.press("L")
    demo.log.note.setFocus()
    demo.write("abc")
    demo.press("Ctrl+Z")
    assert demo.log.note.toPlainText() == ""
    demo.press("Ctrl+Shift+Z")
    assert demo.log.note.toPlainText() == "abc"
    assert dump(demo.caseload) == before
    demo.answers.ready("confirm", answer=True)
    demo.press("Esc")
    # On the page, with nothing to type in, it is the caseload's: wherever the focus is.
    demo.place.patient_page.sentence.setFocus()
    demo.press("Ctrl+Z")
    assert demo.line == "Undone: Add patient"
    assert dump(demo.caseload) != before


def test_ctrl_z_leaves_the_caseload_alone_while_a_form_is_open(demo: Person) -> None:
    """Undoing what the form does not show would be undone unseen."""
    demo.caseload.edit(added(message("Add patient"), Patient(code="Z-1")), at=AT)
    before = dump(demo.caseload)
    demo.show_patient("DEMO-003")
    demo.press("L")
    demo.log.attendance.setFocus()
    for act in (lambda: demo.press("Ctrl+Z"), lambda: demo.click("Undo")):
        demo.place.desk.show("")
        act()
        assert demo.line == "Save or leave the form first; then what was saved can be undone."
    assert dump(demo.caseload) == before
    demo.press("Esc", "Ctrl+Z")
    assert dump(demo.caseload) != before


class Windows(QObject):
    """Notes every window that comes up."""

    def __init__(self, expected: tuple[QWidget, ...]) -> None:
        super().__init__()
        self.expected = expected
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        shown = event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and watched not in self.expected:
            self.found.append(f"{watched!r} {watched.property('text')}")
        return False


def test_no_page_flashes_a_window_of_its_own(demo: Person, qapp: QApplication) -> None:
    """A label shown before it has a parent is a window for a moment, and takes the focus with it."""
    watch = Windows((demo.window,))
    qapp.installEventFilter(watch)
    try:
        for _name, _page in pages(demo):
            assert watch.found == []
            assert demo.window.isActiveWindow()
    finally:
        qapp.removeEventFilter(watch)


def test_the_message_line_has_a_name(demo: Person) -> None:
    demo.place.desk.show("Said.")
    node = QAccessible.queryAccessibleInterface(demo.window.line)
    assert node.text(QAccessible.Text.Name) == "Message"
    assert demo.line == demo.window.line.toolTip() == "Said."
