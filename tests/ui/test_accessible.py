"""The window without a mouse and without eyes: names, roles, Tab order, keys, and focus that can be seen."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QComboBox, QPushButton, QToolButton, QWidget

from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient
from trdtrack.ui.caseload.page import CaseloadPage
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.ui.history.page import HistoryPage
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.ui.settings.page import SettingsPage
from ui.hands import AT, Person, dump, focus, settle, until
from ui.pages import pages, unlock_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


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


def unnamed(under: QWidget) -> list[str]:
    """Controls a screen reader could not name, or would not know for what they are."""
    found = []
    for widget in stops(under):
        node = QAccessible.queryAccessibleInterface(widget)
        name, role = node.text(QAccessible.Text.Name), node.role()
        # On Linux a drop-down box says its choice as its name; the caption beside it is told by a relation.
        own = widget.accessibleName() if isinstance(widget, QComboBox) else name
        if not own.strip() or role is QAccessible.Role.NoRole:
            found.append(f"{type(widget).__name__} {widget.objectName()} name {name!r} role {role}")
    return found


def test_every_control_has_a_name_and_a_role(demo: Person, newcomer: Callable[[], Person], demo_file: Path) -> None:
    seen = 0
    for name, page in chain(unlock_pages(newcomer(), demo_file), pages(demo)):
        assert unnamed(page) == [], name
        seen += len(stops(page))
    assert unnamed(demo.window) == []
    assert seen > 80


def test_an_empty_caseload_says_what_to_do_next(clinic: Person, qtbot: QtBot) -> None:
    assert unnamed(clinic.window) == []
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


def test_focus_can_be_seen_wherever_it_is(demo: Person) -> None:
    """Every stop of the Tab key is drawn otherwise with the focus than without."""
    for name, _page in pages(demo):
        demo.press("Tab")  # where a page puts the focus by itself it may be quieter
        seen: list[QWidget] = []
        while (widget := focus()) not in seen:
            seen.append(widget)
            settle()
            with_focus = widget.grab().toImage()
            widget.clearFocus()
            settle()
            same = with_focus == widget.grab().toImage()
            assert not same, f"{name}: {type(widget).__name__} {widget.accessibleName()} {widget.property('text')}"
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            demo.press("Tab")


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
