"""What can be read: nothing clipped, long names give way, light and dark, and a title that names nobody."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from trdtrack.chart.palette import DARK, LIGHT
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Presentation, Session
from trdtrack.settings import Look
from trdtrack.ui import theme
from trdtrack.ui.appearance import THEMES
from trdtrack.ui.window import SMALLEST
from ui.hands import AT, Person, settle
from ui.pages import pages, unlock_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONG = Patient(
    code="LONG-Northern-District-2026-0042-B", name="Anneliese Maria Hohenstein-Wartenberg zu " + "Lang" * 30
)


def clipped(under: QWidget) -> list[str]:
    """Labels and buttons with less room than their text needs. A label that ends in an ellipsis means to."""
    found = []
    for label in under.findChildren(QLabel):
        if not label.isVisible() or not label.text() or isinstance(label, theme.Elided):
            continue
        if label.wordWrap():
            short = label.height() < label.heightForWidth(label.width()) or _widest(label) > label.width()
        else:
            short = label.width() < label.sizeHint().width() or label.height() < label.sizeHint().height()
        if short:
            found.append(f"label {label.width()}x{label.height()} too small for: {label.text()}")
    for button in under.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            hint = button.sizeHint()
            if button.width() < hint.width() or button.height() < hint.height():
                found.append(f"button {button.size()} < {hint}: {button.text()}")
    return found


def _widest(label: QLabel) -> int:
    """The width of the longest word, which does not wrap."""
    metrics = label.fontMetrics()
    return max(metrics.horizontalAdvance(word) for word in label.text().replace("\u200b", " ").split())


def outside(under: QWidget) -> list[str]:
    """Controls that stick out of their parent."""
    return [
        f"{type(widget).__name__} {widget.geometry()} in {widget.parentWidget().rect()}"
        for widget in under.findChildren(QWidget)
        if isinstance(widget, QLabel | QAbstractButton)
        and widget.isVisible()
        and not widget.parentWidget().rect().contains(widget.geometry())
    ]


@pytest.fixture
def small(demo: Person) -> Person:
    """The demo caseload in the smallest window."""
    demo.window.resize(*SMALLEST)
    settle()
    return demo


def test_nothing_is_clipped_in_the_smallest_window(
    small: Person, newcomer: Callable[[], Person], demo_file: Path
) -> None:
    stranger = newcomer()
    stranger.window.resize(*SMALLEST)
    settle()
    for name, page in chain(unlock_pages(stranger, demo_file), pages(small), pages(small, patient="DEMO-007")):
        assert (page.window().width(), page.window().height()) == SMALLEST, name
        assert not (found := clipped(page.window())), "\n".join([name, *found])
        assert outside(page.window()) == [], name


def test_long_texts_give_way_and_push_nothing_out(small: Person) -> None:
    course = Course(
        patient=LONG.id,
        medication="venlafaxine 225 mg, lithium 900 mg, quetiapine 50 mg at night, and " * 3,
        presentation=(Presentation.RECURRENT, Presentation.CHRONIC),
        planned_sessions=100,
    )
    session = Session(patient=LONG.id, course=course.id, date=date(2026, 11, 1), note="Note. " * 400, entered=AT)
    score = Assessment(patient=LONG.id, course=course.id, date=session.date, total=14, entered=AT)
    small.caseload.edit(added(message("Add"), LONG, course, session, score), at=AT)
    small.place.desk.edit(added(message("Add"), Patient(code="x" * 40)))
    for name, page in pages(small, patient=LONG.code):
        assert page.window().width() == SMALLEST[0], name
        assert outside(page.window()) == [], name
    small.show_patient(LONG.code)
    heading = small.place.patient_page.heading
    assert heading.text().startswith(LONG.code)
    assert heading.text().endswith("…")
    assert LONG.name in heading.toolTip()
    small.press("L")
    settle()
    assert clipped(small.place) == []


def test_the_smallest_window_is_as_small_as_it_says(small: Person) -> None:
    assert small.window.centralWidget().minimumSizeHint().width() <= SMALLEST[0]
    assert small.window.centralWidget().minimumSizeHint().height() <= SMALLEST[1]


@pytest.fixture
def switched() -> Iterator[Callable[[object], None]]:
    yield lambda tokens: theme.take(Look(next(name for name, one in THEMES.items() if one is tokens)))
    theme.take(Look())


def test_light_and_dark(demo: Person, switched: Callable[[object], None]) -> None:
    for tokens in (DARK, LIGHT, DARK):
        switched(tokens)
        for name, page in pages(demo):
            image = page.window().grab().toImage()
            colours = {image.pixelColor(x, 8).name().upper() for x in range(400, image.width() - 8, 40)}
            assert tokens.canvas.upper() in colours, name
            for label in page.findChildren(theme.Text):
                ink = label.palette().color(QPalette.ColorRole.WindowText)
                assert ink == QColor(getattr(tokens, label._tone)), f"{name}: {label.text()}"


def test_a_form_open_while_the_colours_change(demo: Person, switched: Callable[[object], None]) -> None:
    demo.show_patient("DEMO-003")
    demo.press("L", "2", "7")
    switched(DARK)
    settle()
    assert demo.log.answers[0].text() == "2"
    assert demo.sees("Question 2 takes")
    switched(LIGHT)
    demo.press("3")
    assert demo.log.answers[1].text() == "3"


def test_the_title_names_nobody(demo: Person) -> None:
    words = {w for p in demo.caseload.patients() for w in (p.code, p.name) if w}
    for name, page in pages(demo):
        assert page.window().windowTitle() == "demo.trdtrack – TRDTrack", name
    demo.lock()
    assert demo.window.windowTitle() == "TRDTrack"
    assert not any(word in demo.window.windowTitle() for word in words)


def test_after_locking_no_word_of_any_patient_is_left_in_the_window(demo: Person) -> None:
    words = [p.code for p in demo.caseload.patients()]
    for _name, _page in pages(demo):
        pass
    demo.lock()
    texts = [label.text() for label in demo.window.findChildren(QLabel)]
    assert not [text for text in texts if any(word in text for word in words)]
    assert not [w for w in demo.window.findChildren(QWidget) if "Workspace" in type(w).__name__]
