"""The help page: contents at the left, the text at the right, a search over all of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trdtrack.domain.message import plural
from trdtrack.ui import theme
from trdtrack.ui.help.contents import Contents, Line, Search
from trdtrack.ui.help.leaf import Leaf, letters_px
from trdtrack.ui.help.manual import INDEX, Manual, Spot, parted
from trdtrack.ui.help.reader import Reader
from trdtrack.ui.help.seeking import Hit, seek
from trdtrack.ui.line_buttons import clearable
from trdtrack.ui.page import GROUND, column
from trdtrack.ui.shortcuts import WITHIN, bind
from trdtrack.words import _, say

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

CONTENTS_LETTERS = 40
"""How wide the contents are."""


class HelpPage(QWidget):
    """Shows the manual. It knows no caseload, and forgets what was sought when it is left."""

    left = Signal()
    steps_asked = Signal()
    tour_asked = Signal()
    about_asked = Signal()

    def __init__(self, manual: Manual) -> None:
        super().__init__()
        self.manual = manual
        self._leaves: dict[str, Leaf] = {}
        self._hits: list[Hit] = []
        self._at = Spot(INDEX)
        self._behind: list[Spot] = []
        self._ahead: list[Spot] = []
        page = column(self, spacing=12, ground=GROUND)
        page.addLayout(self._head())
        across = QHBoxLayout()
        across.setSpacing(theme.WIDE)
        across.addLayout(self._beside())
        across.addLayout(self._text(), 1)
        page.addLayout(across, 1)
        for name, act in (
            ("leave help", self.left.emit),
            ("search help", self._to_search),
            ("page before", self.back),
            ("page after", self.forward),
            ("help", partial(self.go, INDEX)),
        ):
            bind(name, self, act, WITHIN)
        theme.follow(self, HelpPage._dress_again)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(theme.GAP)
        self.back_button = _arrow(_("Back"), "chevron-left", "Alt+Left")
        self.back_button.clicked.connect(self.back)
        self.forward_button = _arrow(_("Forward"), "chevron-right", "Alt+Right")
        self.forward_button.clicked.connect(self.forward)
        self.search = Search()
        self.search.setPlaceholderText(_("Search the help (Ctrl+F)"))
        self.search.setAccessibleName(_("Search the help"))
        clearable(self.search)
        self.search.textChanged.connect(self.look)
        self.search.stepped.connect(self._step)
        close = theme.button(_("Close help"), icon_name="x")
        close.setToolTip(_("Back to where you were (Escape)"))
        close.clicked.connect(self.left.emit)
        head.addWidget(theme.label(_("Help"), px=theme.TITLE_PX, strong=True))
        head.addWidget(self.back_button)
        head.addWidget(self.forward_button)
        head.addWidget(self.search, 1)
        head.addWidget(close)
        return head

    def _beside(self) -> QVBoxLayout:
        self.found = theme.label(px=theme.SMALL_PX, tone="muted", wrap=True)
        self.found.hide()
        self.contents = Contents()
        self.contents.setAccessibleName(_("Contents"))
        self.contents.wanted.connect(self._read)
        beside = QVBoxLayout()
        beside.addWidget(self.found)
        beside.addWidget(self.contents, 1)
        links = QVBoxLayout()
        links.setSpacing(2)
        for words, asked in (
            (_("The first steps again"), self.steps_asked),
            (_("Tour of the demo"), self.tour_asked),
            (_("About TRDTrack"), self.about_asked),
        ):
            link = theme.button(words, flat=True)
            link.clicked.connect(asked.emit)
            links.addWidget(link)
        beside.addLayout(links)
        return beside

    def _text(self) -> QVBoxLayout:
        self.english = theme.label(
            _("This page has not been translated yet: it is in English."), px=theme.SMALL_PX, tone="muted", wrap=True
        )
        self.reader = Reader()
        self.reader.asked.connect(self.follow)
        stack = QVBoxLayout()
        stack.addWidget(self.english)
        stack.addWidget(self.reader, 1)
        return stack

    def _dress_again(self) -> None:
        """Take the theme's colours, type and sizes, from where one is."""
        self._leaves.clear()
        self._fit()
        self._show(self._at)

    def _fit(self) -> None:
        wide = min(letters_px(self.font(), CONTENTS_LETTERS), self.width() // 3)
        self.contents.setFixedWidth(wide)
        self.found.setFixedWidth(wide)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._list()

    # Going about

    def go(self, topic: str) -> None:
        """Turn to a page, or to a heading in it: "backups#getting-one-back"."""
        page, heading = parted(topic)
        spot = Spot(page or self._at.page, heading)
        if spot != replace(self._at, scrolled=None):
            self._behind.append(self._here())
            self._ahead.clear()
        self._show(spot)

    def start(self, topic: str) -> None:
        """Begin at a page, with the keys in the text."""
        self._show(Spot(*parted(topic)))
        self.reader.setFocus()

    def follow(self, link: str) -> None:
        """Go where a link in the text leads; one that leads to no page of the manual leads nowhere."""
        page, _heading = parted(link)
        if not page or page in self.manual.pages:
            self.go(link)

    def back(self) -> None:
        """Go to the place before."""
        self._walk(self._behind, self._ahead)

    def forward(self) -> None:
        """Go forward again."""
        self._walk(self._ahead, self._behind)

    def _walk(self, taken: list[Spot], given: list[Spot]) -> None:
        if taken:
            given.append(self._here())
            self._show(taken.pop())

    def _here(self) -> Spot:
        return replace(self._at, scrolled=self.reader.scrolled)

    def _leaf(self, name: str) -> Leaf:
        if name not in self._leaves:
            self._leaves[name] = Leaf(self.manual.pages[name], self.manual.folder)
        return self._leaves[name]

    def _show(self, spot: Spot) -> None:
        leaf = self._leaf(spot.page)
        self._at = spot
        self.english.setVisible(leaf.source.language != self.manual.language)
        self.reader.show_leaf(leaf, at=leaf.start_of(spot.heading))
        if spot.scrolled is not None:
            self.reader.scroll_to(spot.scrolled)
        self.reader.mark([place for hit in self._hits if hit.section.page == spot.page for place in hit.spots])
        self.back_button.setEnabled(bool(self._behind))
        self.forward_button.setEnabled(bool(self._ahead))
        self._list()
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.reader, leaf.source.title))

    # Contents and search

    def look(self) -> None:
        """Show what the words typed so far find, and turn to the first of it."""
        typed = self.search.text()
        self._hits = seek(typed, (part for name in self.manual.pages for part in self._leaf(name).sections))
        if typed.strip():
            found = say(plural("{n} passage found", "{n} passages found", len(self._hits)))
            keys = _("Enter shows the next one")
            nothing = _("Nothing found. Each word, or its beginning, has to be in it.")
            self.found.setText(_("{found}. {keys}.").format(found=found, keys=keys) if self._hits else nothing)
        else:
            self.found.clear()
        self.found.setVisible(bool(typed.strip()))
        self.contents.setAccessibleName(_("Passages found") if typed.strip() else _("Contents"))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.search, self.found.text()))
        if self._hits:
            first = self._hits[0].section
            self._show(Spot(first.page, first.slug))
        else:
            self._show(self._here())

    def _step(self, step: int) -> None:
        """Go to the next passage found, or the one before."""
        if self._hits:
            self.go(self.contents.topic_at(step))

    def _list(self) -> None:
        """List the pages, with the headings of the one shown; while something is sought, the passages found."""
        lines = self._passages() if self.search.text().strip() else self._headings()
        self.contents.show_lines(lines, page=self._at.page, topic=self._at.topic)

    def _headings(self) -> list[Line]:
        lines: list[Line] = []
        for name, source in self.manual.pages.items():
            lines.append(Line(source.title, name))
            if name == self._at.page and name != INDEX:
                lines += [Line(part.heading, part.topic, within=True) for part in self._leaf(name).sections[1:]]
        return lines

    def _passages(self) -> list[Line]:
        lines: list[Line] = []
        for hit in self._hits:
            part, title = hit.section, self.manual.pages[hit.section.page].title
            named = part.heading if part.heading == title else f"{title}: {part.heading}"
            lines.append(Line(named, part.topic))
        return lines

    def _read(self, topic: str) -> None:
        self.go(topic)
        self.reader.setFocus()

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()


def _arrow(name: str, icon: str, keys: str) -> theme.QPushButton:
    made = theme.button("", icon_name=icon)
    made.setAccessibleName(name)
    made.setToolTip(f"{name} ({keys})")
    return made
