"""What can be asked of the chart on the page: how much of it, what in it, a picture of it, and the patient view."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel

from trdtrack import settings
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment
from trdtrack.ui.patient.view import PatientView
from ui.hands import AT, TODAY, Person, settle, until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def shown(demo: Person) -> Person:
    demo.show_patient("DEMO-003")
    return demo


def test_the_months_shown_are_remembered_for_each_patient(shown: Person) -> None:
    page = shown.place.patient_page
    course = page.course
    early = Assessment(patient=course.patient, course=course.id, date=TODAY - timedelta(days=300), total=20, entered=AT)
    shown.place.desk.edit(added(message("Add"), early))
    whole = page.chart.stage.first
    shown.click("3 months")
    assert page.chart.months == 3
    assert page.chart.stage.first > whole
    shown.show_patient("DEMO-007")
    assert page.chart.months is None
    shown.show_patient("DEMO-003")
    assert page.chart.months == 3
    assert page.picture.windows[3].isChecked()
    page.chart.setFocus()
    shown.press("0")
    assert page.chart.months is None
    shown.show_patient("DEMO-007")
    shown.show_patient("DEMO-003")
    assert page.chart.months is None


def test_no_word_of_a_patient_is_in_the_settings(shown: Person) -> None:
    shown.click("6 months")
    stored = settings.file().read_text(encoding="utf-8")
    assert json.loads(stored)["windows"]
    assert "DEMO" not in stored
    assert "L. B." not in stored


def test_the_menu_turns_parts_on_and_off(shown: Person) -> None:
    page = shown.place.patient_page
    for name in ("by_session", "withdrawn", "corridor"):
        before = getattr(page.chart.view, name)
        page.picture.ticks[name].trigger()
        assert getattr(page.chart.view, name) is not before
        shown.show_patient("DEMO-007")
        assert getattr(page.chart.view, name) is not before, "kept from course to course"
        page.picture.ticks[name].trigger()
        assert getattr(page.chart.view, name) is before


def test_a_picture_is_copied_by_a_key(shown: Person) -> None:
    page = shown.place.patient_page
    QGuiApplication.clipboard().clear()
    page.chart.setFocus()
    shown.press("Ctrl+C")
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (2 * page.chart.width(), 2 * page.chart.height())


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_chart_is_saved_as_it_is_seen(shown: Person, ending: str, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / f"chart{ending}"
    shown.answers.ready("save", path)
    shown.place.patient_page.picture._save(ending)
    until(qtbot, lambda: not shown.window.work.busy)
    assert shown.answers.asked[-1] == f"DEMO-003-2026-11-20-chart{ending}"
    if ending == ".png":
        assert not QImage(str(path)).isNull()
    elif ending == ".svg":
        content = path.read_text(encoding="utf-8")
        assert content.count("baseline 19") == 1
        assert "<image" not in content
    else:
        [page] = PdfReader(path).pages
        text = page.extract_text()
        for words in ("PHQ-9, DEMO-003", "19 → 12", "baseline 19", "do not predict this person"):
            assert words in " ".join(text.split()), words


def texts(view: PatientView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel))


def test_one_key_turns_the_page_to_the_patient_and_back(shown: Person) -> None:
    place = shown.place
    shown.press("P")
    settle()
    view = place.findChild(PatientView)
    assert view is not None
    assert view.isVisible()
    assert not place.rail.isVisible()
    assert not place.stack.isVisible()
    assert "You began at 19. On 18 Nov 2026 your score was 12." in texts(view)
    assert view.chart.view.patient
    assert not view.chart.view.forecast
    for hidden in ("item 9", "risk", "on track", "L. B.", "DEMO"):
        assert hidden not in texts(view) + view.chart.accessibleDescription()
    # Keys that lead to other patients do nothing here.
    for keys in ("Ctrl+1", "Ctrl+K", "Ctrl+N", "Ctrl+H", "Ctrl+F", "Ctrl+Z"):
        shown.press(keys)
        settle()
        assert view.isVisible()
        assert not place.finder.isVisible()
    shown.press("P")
    settle()
    assert place.findChild(PatientView) is None
    assert place.patient_page.isVisible()
    shown.press("L")
    assert shown.log is not None


def test_in_the_patient_view_the_forecast_comes_only_when_asked_for(shown: Person) -> None:
    shown.place.patient_page.now.forecast.setChecked(True)
    shown.press("P")
    settle()
    view = shown.place.findChild(PatientView)
    assert not view.chart.view.forecast
    view.forecast.click()
    assert view.chart.view.forecast
    shown.press("Esc")
    settle()
    assert shown.place.rail.isVisible()


def test_locking_from_the_patient_view_leaves_nothing_of_it(shown: Person) -> None:
    shown.press("P", "Ctrl+L")
    settle()
    assert shown.window.workspace is None
    assert shown.window.findChild(PatientView) is None
    assert shown.window.unlock.isVisible()
