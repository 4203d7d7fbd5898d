"""About TRDTrack: what it says of itself, what lies where, and a text for a bug report with no word of anybody's."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel

from trdtrack import __version__, bugs, settings
from trdtrack.ui.about.facts import for_a_report, kept_here, licence_texts, made_with
from trdtrack.ui.about.page import AboutPage
from trdtrack.ui.evidence.page import EvidencePage
from trdtrack.words import phq9_wording
from ui.hands import Person, cells, focus, settle
from ui.walk import AMISS

if TYPE_CHECKING:
    from collections.abc import Callable


def about_of(person: Person) -> AboutPage:
    person.window.over.show_about()
    settle()
    assert person.window.over.about is not None
    return person.window.over.about


def texts(page: AboutPage) -> str:
    """All that can be read, paths without the places they may break at."""
    return "\n".join(label.text() for label in page.findChildren(QLabel)).replace("\u200b", "")


def test_it_is_found_from_the_help_and_left_by_escape(clinic: Person) -> None:
    before = focus()
    clinic.window.over.show_help()
    settle()
    clinic.click("About TRDTrack")
    page = clinic.window.over.about
    assert page is not None
    assert clinic.window.over.help is None
    assert page.close_button is focus()
    clinic.press("Esc")
    settle()
    assert clinic.window.over.about is None
    assert focus() is before


def test_it_is_found_before_any_caseload_is_open(newcomer: Callable[[], Person]) -> None:
    person = newcomer()
    person.window.over.show_help()
    settle()
    person.click("About TRDTrack")
    assert person.sees(f"TRDTrack {__version__}")
    person.press("Esc")
    settle()
    assert person.window.unlock.isVisible()


def test_it_says_what_it_is_and_is_not(clinic: Person) -> None:
    said = texts(about_of(clinic))
    for words in (
        f"TRDTrack {__version__}",
        "It is not a diagnostic or risk tool; averages of groups do not predict one person.",
        "Apache-2.0",
        phq9_wording().licence,
        "To nothing. It counts nothing and reports nothing to anybody",
    ):
        assert words in said


def test_every_place_is_said_in_full_and_can_be_shown(clinic: Person) -> None:
    page = about_of(clinic)
    said = texts(page)
    for path in (clinic.caseload.path, clinic.caseload.backups.folder, settings.file(), bugs.log_path()):
        assert str(path) in said
    shown = next(
        button
        for button in page.findChildren(QAbstractButton)
        if button.accessibleName() == "Show in folder: Caseload 1"
    )
    clinic.answers.ready("show", answer=True)
    shown.click()
    assert clinic.answers.asked[-1] == str(clinic.caseload.path.parent)
    clinic.answers.ready("show", answer=False)
    shown.click()
    assert clinic.sees("This computer has nothing to show a folder with.")


def test_without_an_open_caseload_those_opened_here_are_named(demo_file: Path) -> None:
    assert [kept.path for kept in kept_here(None)][:1] == [settings.file()]
    settings.remember(demo_file)
    assert kept_here(None)[0].path == demo_file
    assert kept_here(None)[0].folder == demo_file.parent


def test_everything_it_is_made_with_has_a_version_and_a_licence() -> None:
    parts = {part.name.lower().replace("_", "-"): part for part in made_with()}
    for name in ("pyside6-essentials", "sqlalchemy", "argon2-cffi", "typst", "python-docx", "babel"):
        assert name in parts
    assert [name for name, part in parts.items() if not (part.version and part.licence)] == []
    assert "trdtrack" not in parts
    assert licence_texts() is None or any(licence_texts().iterdir())  # type: ignore[union-attr]


def test_the_parts_are_shown(clinic: Person) -> None:
    rows = cells(about_of(clinic).parts)
    assert [row["Part"] for row in rows] == [part.name for part in made_with()]


def test_a_bug_report_holds_versions_and_no_word_of_anybodys(demo: Person, own_home: Path) -> None:
    about_of(demo)
    demo.click("Copy for a bug report")
    copied = QGuiApplication.clipboard().text()
    assert copied == for_a_report()
    assert demo.sees("Copied: versions, the system and the places of faults in the code. Nothing else.")
    for word in (__version__, platform.system(), platform.python_version(), "PySide"):
        assert word in copied
    names = {patient.code for patient in demo.caseload.patients()} | {
        patient.name for patient in demo.caseload.patients()
    }
    for word in (*filter(None, names), str(own_home), demo.caseload.path.name, str(Path.home()), platform.node()):
        assert word not in copied, word


def test_of_a_fault_a_bug_report_holds_the_place_and_not_what_was_typed(own_home: Path) -> None:
    try:
        Path(own_home / "Zanzibar.trdtrack").read_text("utf-8")
    except OSError as error:
        noted = error
    bugs.note(noted)
    lines = [line for line in for_a_report().splitlines() if line.startswith("Fault: ")]
    assert len(lines) == 1
    assert "FileNotFoundError" in lines[0]
    assert "test_about.py" in lines[0]
    for word in ("Zanzibar", str(own_home), str(Path(__file__).parent)):
        assert word not in lines[0]


def test_the_sources_are_one_click_away(clinic: Person) -> None:
    about_of(clinic)
    clinic.click("Where the figures come from")
    assert clinic.window.over.about is None
    assert isinstance(clinic.place.stack.currentWidget(), EvidencePage)


def test_nothing_in_it_is_amiss(clinic: Person) -> None:
    page = about_of(clinic)
    assert [fault for amiss in AMISS.values() for fault in amiss(page)] == []
