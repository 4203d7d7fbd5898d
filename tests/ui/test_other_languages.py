"""The window in other languages: nothing past gettext, nothing cut in the smallest window, mirrored from the right."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from trdtrack import locales, settings, words
from trdtrack.domain.refusals import Refusal
from trdtrack.ui.entry.fields import parse_date
from trdtrack.ui.flow import Flow
from trdtrack.ui.language import own_name
from ui.hands import Person

ROOT = Path(__file__).parent.parent.parent
LONG = bool(os.environ.get("TRDTRACK_LONG"))


def seen_in(language: str, folder: Path) -> dict:
    """What one walk through all scenes in a language found."""
    found = folder / f"{language}.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "ui" / "in_a_language.py"), language, str(found)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(found.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return seen_in("pseudo", tmp_path_factory.mktemp("pseudo"))


def test_no_word_of_the_window_goes_past_the_catalogues(pseudo: dict) -> None:
    assert pseudo["bare"] == {}


def test_everything_the_window_asks_for_is_in_the_catalogues(pseudo: dict) -> None:
    found = importlib.util.spec_from_file_location("catalogues", ROOT / "packaging" / "catalogues.py")
    catalogues = importlib.util.module_from_spec(found)
    found.loader.exec_module(catalogues)
    gathered = {text for message in catalogues.gathered() for text in message}
    assert len(pseudo["asked"]) > 1000
    # A template of fields alone is put together while the program runs, and has nothing to translate.
    assert {text for text in pseudo["asked"] if words_in(text)} - gathered == set()


def words_in(text: str) -> bool:
    import re  # noqa: PLC0415

    return bool(re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", text)))


def test_nothing_is_cut_where_words_are_two_fifths_longer(pseudo: dict) -> None:
    assert pseudo["cut"] == {}


@pytest.mark.skipif(not LONG, reason="each language is looked at in the long run")
@pytest.mark.parametrize("language", [*(code for code in locales.NAMES if code != locales.ENGLISH), "rtl"])
def test_nothing_is_cut_in_a_language(language: str, tmp_path: Path) -> None:
    assert seen_in(language, tmp_path)["cut"] == {}


MIRRORED = """
from trdtrack import locales
locales.speak("rtl")
from datetime import date
from PySide6.QtCore import Qt
from trdtrack.ui.app import application
app = application()
from trdtrack.ui import screens, theme
window, caseload = screens.demo_window(date(2026, 11, 20))
place = window.workspace
place.open_patient(caseload.patient_by_code(screens.SHOWN).id)
screens.settle()
page = place.patient_page
assert app.layoutDirection() is Qt.LayoutDirection.RightToLeft
assert place.rail.mapTo(window, place.rail.rect().center()).x() > window.width() / 2, "the rail stands at the right"
page.scores.table.selectRow(2)
assert page.scores.table.currentIndex().row() == 2
stage, points = page.chart.stage, page.summary.points
assert stage.x(points[0].date.toordinal()) < stage.x(points[-1].date.toordinal()), "time runs as ever"
assert page.chart.axes[0].pos().x() < page.chart.box.pos().x(), "totals stand at the left of the plot"
one, other = (theme.icon(name).pixmap(18, 18).toImage() for name in ("chevron-left", "chevron-right"))
app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
assert theme.icon("chevron-left").pixmap(18, 18).toImage() != one
def ink(image):
    return [image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())]
usual = theme.icon("chevron-left").pixmap(18, 18).toImage()
same = [abs(a - b) for a, b in zip(ink(usual), ink(one.flipped(Qt.Orientation.Horizontal)), strict=True)]
assert max(ink(usual)) > 200 and max(same) < 32
print("mirrored")
"""


def test_a_language_read_from_the_right_mirrors_all_but_the_chart(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MIRRORED],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert done.stdout.strip() == "mirrored", done.stderr[-2000:]


@pytest.fixture
def speaking():
    yield locales.speak
    locales.speak(locales.ENGLISH)


@pytest.mark.parametrize(
    ("language", "typed", "day"),
    [
        ("en", "2026-05-12", "2026-05-12"),
        ("en", "12.5.2026", "2026-05-12"),
        ("de", "12.05.2026", "2026-05-12"),
        ("de", "12/5/2026", "2026-05-12"),
        ("es", "12/5/2026", "2026-05-12"),
        ("fr", "12/05/2026", "2026-05-12"),
        ("fr", "12-05-2026", "2026-05-12"),
        ("fr", "2026-05-12", "2026-05-12"),
    ],
)
def test_a_day_is_understood_as_the_language_writes_it(speaking, language: str, typed: str, day: str) -> None:
    speaking(language)
    assert str(parse_date(typed, "date")) == day


@pytest.mark.parametrize(("language", "typed"), [("en", "12/5/2026"), ("de", "31.2.2026"), ("fr", "5/31/2026")])
def test_a_day_that_could_be_another_is_refused(speaking, language: str, typed: str) -> None:
    speaking(language)
    with pytest.raises(Refusal):
        parse_date(typed, "date")


def test_the_language_is_chosen_in_the_settings_from_the_next_start_on(
    demo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trdtrack.ui.settings.page import SettingsPage  # noqa: PLC0415

    demo.place.go(SettingsPage)
    card = demo.place.pages[SettingsPage].language
    offered = {card.choice.itemData(n): card.choice.itemText(n) for n in range(card.choice.count())}
    assert set(offered) == {"", *locales.NAMES}
    assert offered["de"] == "Deutsch: not yet reviewed by a clinician"
    assert offered["en"] == "English"
    card.choice.setCurrentIndex(card.choice.findData("de"))
    card.choice.activated.emit(card.choice.currentIndex())
    assert settings.language() == "de"
    assert "Deutsch" in demo.window.line.text()
    monkeypatch.delenv(locales.VARIABLE)
    assert locales.wanted(["en-GB"]) == "de"
    assert words._("Settings") == "Settings", "this window stays as it is"


def test_a_language_is_called_by_its_own_name() -> None:
    assert [own_name(code) for code in ("de", "es", "fr", "it")] == ["Deutsch", "Español", "Français", "Italiano"]


def test_a_row_that_is_too_long_goes_on_in_the_next_line(qapp: object) -> None:
    holder = QWidget()
    row = Flow(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    parts = [QWidget() for _number in range(3)]
    for part in parts:
        part.setFixedSize(100, 20)
    row.addWidget(parts[0])
    row.addStretch(1)
    row.addWidget(parts[1])
    row.insertWidget(0, parts[2])
    holder.resize(400, row.heightForWidth(400))
    holder.show()
    assert [part.x() for part in parts] == [108, 300, 0], "what follows a stretch stands at the end of the line"
    holder.resize(250, row.heightForWidth(250))
    assert [part.y() for part in parts] == [0, 28, 0]
