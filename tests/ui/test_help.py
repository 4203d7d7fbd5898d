"""The manual in the window: the page that fits, the search, links, and the way back to where one was."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImageReader, QTextDocument
from PySide6.QtWidgets import QPushButton, QWidget

import trdtrack.ui
from trdtrack.caseload import Caseload
from trdtrack.settings import Look
from trdtrack.ui import theme
from trdtrack.ui.entry.form import Form
from trdtrack.ui.help.contents import INDENT, Contents, Line
from trdtrack.ui.help.leaf import MEASURE, READING_PX, Leaf, is_inside, letters_px
from trdtrack.ui.help.manual import INDEX, Manual, Source, folder, parted, slug
from trdtrack.ui.help.page import HelpPage
from trdtrack.ui.help.pictures import NOTES, write_pictures
from trdtrack.ui.help.seeking import folded, seek
from trdtrack.ui.help.topics import TOPICS, topic_of
from trdtrack.ui.outcomes.page import OutcomesPage
from trdtrack.ui.page import Page
from trdtrack.ui.patient.view import PatientView
from trdtrack.ui.settings.page import SettingsPage
from trdtrack.ui.shortcuts import KEYS
from ui.hands import PASSPHRASE, Person, focus, settle
from ui.pages import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtGui import QTextBlock
    from pytestqt.qtbot import QtBot

MANUAL = Manual(folder())


def help_of(person: Person) -> HelpPage:
    assert person.window.over.help is not None
    return person.window.over.help


def opened(person: Person, topic: str = "") -> HelpPage:
    person.window.over.show_help(topic)
    settle()
    return help_of(person)


def is_there(topic: str) -> bool:
    """Whether a topic is a page of the manual, and its heading one of that page's."""
    page, heading = parted(topic)
    heads = re.findall(r"^#+ (.+)$", MANUAL.pages[page].text, re.MULTILINE) if page in MANUAL.pages else []
    return bool(heads) and (not heading or heading in map(slug, heads))


def title(page: HelpPage) -> str:
    """The heading at the top of what is read."""
    return page.reader.document().firstBlock().text()


# The page that fits


def kinds(of: type) -> Iterator[type]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_topic_is_there_and_belongs_to_a_part_of_the_window() -> None:
    for module in pkgutil.walk_packages(trdtrack.ui.__path__, "trdtrack.ui."):
        importlib.import_module(module.name)
    named = [kind.__name__ for kind in kinds(QWidget) if kind.__module__.startswith("trdtrack.")]
    assert [name for name in TOPICS if name not in named] == []
    assert [name for name in TOPICS if named.count(name) > 1] == [], "two parts of one name"
    assert [topic for topic in TOPICS.values() if not is_there(topic)] == []
    ours = [kind for of in (Page, Form) for kind in kinds(of) if kind.__module__.startswith("trdtrack.")]
    assert len(ours) > 20
    assert [kind.__name__ for kind in ours if kind.__name__ not in TOPICS] == []


def test_f1_opens_a_page_that_fits_everywhere_and_escape_leads_back_to_the_very_place(demo: Person) -> None:
    opened_at: set[str] = set()
    for name, widget in pages(demo):
        if isinstance(widget, PatientView):
            demo.press("F1")
            assert demo.window.over.help is None, "nothing leads away from what a patient sees"
            continue
        if isinstance(widget, HelpPage):
            continue
        before = focus()
        wanted = topic_of(before, demo.place.stack.currentWidget())
        assert is_there(wanted), f"{name}: {wanted}"
        if wanted == INDEX:
            pytest.fail(f"{name}: no page of the manual fits")
        if wanted in opened_at:
            continue
        opened_at.add(wanted)
        demo.press("F1")
        settle()
        assert title(help_of(demo)) == MANUAL.pages[parted(wanted)[0]].title, name
        demo.press("Esc")
        settle()
        assert demo.window.over.help is None
        assert focus() is before, name
        assert widget.isVisible() or widget is demo.place.form, name
    assert len(opened_at) > 15


def test_the_unlock_page_has_its_help(newcomer: Callable[[], Person]) -> None:
    person = newcomer()
    person.press("F1")
    settle()
    assert title(help_of(person)) == MANUAL.pages["first-day"].title
    person.press("Esc")
    settle()
    assert person.window.stack.currentWidget() is person.window.unlock
    person.click("Help")
    assert help_of(person).isVisible()


def test_what_was_typed_in_a_form_is_there_after_a_look_at_the_manual(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    demo.press("L", "2", "3")
    demo.press("F1")
    settle()
    assert title(help_of(demo)) == MANUAL.pages["session"].title
    demo.press("Esc")
    settle()
    demo.press("1")
    assert [field.text() for field in demo.log.answers[:4]] == ["2", "3", "1", ""]


@pytest.mark.parametrize("kind", [SettingsPage, OutcomesPage])
def test_a_page_links_to_what_the_manual_says_of_it(demo: Person, kind: type[Page]) -> None:
    demo.place.go(kind)
    while demo.window.work.busy:
        settle()
    settle()
    links = [b for b in demo.window.findChildren(QPushButton) if b.isVisible() and b.text() == "More in the help"]
    assert links
    links[0].click()
    settle()
    assert title(help_of(demo)) == MANUAL.pages["safety" if kind is SettingsPage else "outcomes"].title


# Reading


def test_links_lead_on_and_back(demo: Person) -> None:
    page = opened(demo, INDEX)
    page.follow("clinic.md#backups")
    settle()
    assert title(page) == MANUAL.pages["clinic"].title
    top = page.reader.cursorForPosition(QPoint(20, 12)).block().text()
    assert top == "Backups"
    demo.press("Alt+Left")
    assert title(page) == "Help"
    demo.press("Alt+Right")
    assert title(page) == MANUAL.pages["clinic"].title
    assert page.back_button.isEnabled()
    assert not page.forward_button.isEnabled()
    page.follow("#setting-it-up")
    assert page.contents.currentItem().text().strip() == "Setting it up"
    page.follow("nothing-like-this.md")
    assert title(page) == MANUAL.pages["clinic"].title


def test_back_leads_to_where_one_had_read(demo: Person) -> None:
    page = opened(demo, "clinic")
    page.reader.scroll_to(900)
    page.go("keys")
    page.back()
    assert page.reader.scrolled == 900


def test_enter_on_a_link_follows_it(demo: Person) -> None:
    page = opened(demo, INDEX)
    demo.press("Tab", "Enter")
    settle()
    assert title(page) == MANUAL.pages["first-day"].title


def test_every_line_of_a_heading_in_the_contents_is_indented(qtbot: QtBot) -> None:
    contents = Contents()
    qtbot.addWidget(contents)
    contents.resize(140, 300)
    words = "A heading of more words than one line of it holds"
    contents.show_lines([Line(words, "page#part", within=True)], page="page", topic="")
    lines = contents.item(0).text().split("\n")
    assert len(lines) > 2
    assert all(line.startswith(INDENT) for line in lines)
    assert " ".join(line.strip() for line in lines) == words
    contents.resize(2000, 300)
    contents.show()
    assert contents.item(0).text() == INDENT + words


def test_the_contents_lead_everywhere_by_keys(demo: Person) -> None:
    page = opened(demo, INDEX)
    page.contents.setFocus()
    demo.press("Down", "Down", "Enter")
    settle()
    assert title(page) == list(MANUAL.pages.values())[2].title
    assert focus() is page.reader
    assert "    Missing answers" in [page.contents.item(row).text() for row in range(page.contents.count())]


def test_an_address_on_the_web_is_text_and_leads_nowhere(tmp_path: Path, qapp: object) -> None:
    text = "# A\n\nSee [the trial](https://example.org/x), <https://example.org/y> and [here](b.md).\n"
    leaf = Leaf(Source("a", text, "en"), tmp_path)
    shown = leaf.document.toPlainText()
    assert "the trial (https://example.org/x), https://example.org/y and here" in shown
    assert re.findall(r'href="([^"]*)"', leaf.document.toHtml()) == ["b.md"]
    assert not is_inside("mailto:somebody@example.org")


def test_nothing_is_fetched_from_anywhere(demo: Person) -> None:
    page = opened(demo, INDEX)
    for name in ("https://example.org/x.png", "file:///etc/hostname", "patient.png"):
        assert page.reader.loadResource(QTextDocument.ResourceType.ImageResource, name) is None


def test_a_line_is_no_longer_than_can_be_followed_and_pictures_fit(demo: Person) -> None:
    for size in ((1280, 820), (1024, 700)):
        demo.window.resize(*size)
        for name in MANUAL.pages:
            page = opened(demo, name)
            document = page.reader.document()
            assert page.reader.horizontalScrollBar().maximum() == 0, f"{name} is wider than {size}"
            longest = letters_px(theme.font(READING_PX), MEASURE)
            block = document.begin()
            while block.isValid():
                layout = block.layout()
                for number in range(layout.lineCount()):
                    line = layout.lineAt(number)
                    if not _is_picture_or_cell(document, block):
                        assert line.naturalTextWidth() <= longest + 1, block.text()
                block = block.next()
            demo.window.over.leave()
            settle()


def _is_picture_or_cell(document: QTextDocument, block: QTextBlock) -> bool:
    frames = document.rootFrame().childFrames()
    cell = any(frame.firstPosition() <= block.position() <= frame.lastPosition() for frame in frames)
    return cell or "\N{OBJECT REPLACEMENT CHARACTER}" in block.text()


def test_a_pictures_words_stand_under_it(demo: Person) -> None:
    page = opened(demo, "risk")
    assert "The risk form: what was asked and found at the left" in page.reader.toPlainText()


def test_the_dark_has_pictures_of_its_own(demo: Person) -> None:
    def middle(page: HelpPage) -> int:
        image = page.reader.document().resource(QTextDocument.ResourceType.ImageResource, "patient.png")
        return image.pixelColor(5, image.height() // 2).lightness()

    try:
        theme.take(Look("light"))
        page = opened(demo, "chart")
        light = middle(page)
        theme.take(Look("dark"))
        settle()
        assert light > 200
        assert middle(page) < 60
        assert title(page) == MANUAL.pages["chart"].title
    finally:
        theme.take(Look())


# Searching


def test_beginnings_of_words_find_whatever_their_capitals_and_accents(demo: Person) -> None:
    page = opened(demo, INDEX)
    demo.press("Ctrl+F")
    demo.write("giguere pool")
    settle()
    assert page.found.text() == "1 passage found. Enter shows the next one."
    assert title(page) == MANUAL.pages["benchmark"].title
    marks = [mark.cursor.selectedText() for mark in page.reader.extraSelections()]
    assert {"Giguère", "Pool"} <= set(marks)
    page.search.setText("oolled")
    assert page.found.text() == "Nothing found. Each word, or its beginning, has to be in it."
    assert page.reader.extraSelections() == []
    page.search.clear()
    assert page.found.isHidden()
    assert page.contents.count() > len(MANUAL.pages)


def test_enter_goes_through_what_was_found(demo: Person) -> None:
    page = opened(demo, INDEX)
    demo.press("Ctrl+F")
    demo.write("passphrase")
    settle()
    rows = [page.contents.item(row).text() for row in range(page.contents.count())]
    assert len(rows) == len(page._hits) > 5
    assert " ".join(rows[0].split()) == "Backups, and getting one back: The passphrase and the recovery sheet"
    demo.press("Enter")
    assert page.contents.currentRow() == 1
    demo.press("Up")
    assert page.contents.currentRow() == 0
    demo.press("Up")
    assert page.contents.currentRow() == len(rows) - 1
    assert focus() is page.search


def test_what_is_highlighted_is_what_was_found(demo: Person) -> None:
    page = opened(demo, INDEX)
    sections = [part for name in MANUAL.pages for part in page._leaf(name).sections]
    assert sum(len(part.text) for part in sections) > 30_000
    for hit in seek("back rest", sections):
        raw = folded(page._leaf(hit.section.page).document.toRawText())
        assert {raw[start : start + length] for start, length in hit.spots} == {"back", "rest"}
    assert seek("  ", sections) == []


# Safety


def test_locking_closes_the_manual_and_forgets_what_was_sought(demo: Person) -> None:
    page = opened(demo, "risk")
    page.search.setText("K. M.")
    demo.lock()
    assert demo.window.over.help is None
    assert demo.window.stack.currentWidget() is demo.window.unlock
    assert demo.window.findChildren(HelpPage) == []


def test_the_lock_key_works_over_the_manual(demo: Person) -> None:
    opened(demo, "risk")
    demo.press("Ctrl+L")
    settle()
    assert demo.window.workspace is None
    assert demo.window.stack.currentWidget() is demo.window.unlock


def test_a_patient_with_the_screen_in_hand_gets_no_manual(demo: Person) -> None:
    demo.show_patient("DEMO-003")
    demo.answers.ready("confirm", answer=True)
    demo.place.hand_over()
    settle()
    demo.press("F1")
    assert demo.window.over.help is None
    demo.window.handing.page.unlock_asked.emit("demo")
    while demo.window.handing.under_way:
        settle()


def test_a_file_opened_meanwhile_is_shown(newcomer: Callable[[], Person], empty_file: Path) -> None:
    person = newcomer()
    opened(person, INDEX)
    person.window.show_caseload(Caseload.open(empty_file, PASSPHRASE, who="test"))
    settle()
    assert person.window.over.help is None
    assert person.window.stack.currentWidget() is person.place


def test_the_manual_is_not_there_at_the_start() -> None:
    words = "import sys, trdtrack.ui.app, trdtrack.ui.workspace; print(*(n for n in sys.modules if 'ui.help' in n))"
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert set(said.stdout.split()) <= {"trdtrack.ui.help", "trdtrack.ui.help.link"}


# Keys


NAMED = re.compile(
    r"\*\*((?:(?:Ctrl|Alt|Shift)\+)*(?:[A-Z]|[0-9]|[+?-]|F1|Tab|Enter|Space|Backspace|Delete|Escape|Up|Down|Left|Right|Home|End))\*\*"
)


def test_every_key_the_manual_names_is_one_and_its_page_of_keys_has_them_all() -> None:
    real = {key.replace("Return", "Enter") for one in KEYS.values() for key in one.keys}
    named = {key for page in MANUAL.pages.values() for key in NAMED.findall(page.text)}
    assert {"Ctrl+Z", "L", "Escape", "F1", "Delete", "Shift+Enter"} <= named
    assert named <= real
    assert real <= set(NAMED.findall(MANUAL.pages["keys"].text))


# Pictures


def test_the_pictures_show_what_the_program_shows(qapp: object, tmp_path: Path) -> None:
    made = {path.name: path for path in write_pictures(tmp_path, dark=False)}
    kept = folder()
    assert set(made) == {NOTES, *(file.name for file in kept.glob("*.png") if not file.stem.endswith("-dark"))}
    for name, path in made.items():
        if path.suffix == ".png":
            assert QImageReader(str(path)).size() == QImageReader(str(kept / name)).size(), name
    now, then = (json.loads((where / NOTES).read_text(encoding="utf-8")) for where in (tmp_path, kept))
    changed = sorted(name for name in now if now[name] != then.get(name))
    assert now == then, f"other words are on {', '.join(changed)}: `trdtrack screens --manual` makes them anew"
