"""The text of the manual: read, selected, searched; it opens nothing outside the manual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit

from trdtrack.ui import theme
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from trdtrack.ui.help.leaf import Leaf


class Reader(QTextBrowser):
    """Shows one page; a link asked for is told, never followed."""

    asked = Signal(str)
    """A link to another place in the manual."""

    def __init__(self) -> None:
        super().__init__()
        self._leaf: Leaf | None = None
        self._spot = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        # Whether there is a scroll bar or not: else lines would break anew, and the place one came for move.
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setAccessibleName(_("Help"))
        self.anchorClicked.connect(lambda url: self.asked.emit(url.toString()))
        theme.follow(self, lambda reader: reader.setStyleSheet(_sheet()))

    def show_leaf(self, leaf: Leaf, *, at: int = 0) -> None:
        """Show a page from a place in its text on."""
        self._leaf, self._spot = leaf, at
        self.setExtraSelections([])
        self._fit(leaf)
        self.setDocument(leaf.document)
        self.setAccessibleName(_("Help: {title}").format(title=leaf.source.title))
        self._turn()

    def mark(self, spots: Sequence[tuple[int, int]]) -> None:
        """Highlight places in the text: first letter and length."""
        marks: list[QTextEdit.ExtraSelection] = []
        for start, length in spots:
            mark = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            look.setBackground(theme.colour("accent"))
            look.setForeground(theme.colour("on_accent"))
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, look  # pyright: ignore[reportAttributeAccessIssue] - writable in Qt
            marks.append(mark)
        self.setExtraSelections(marks)

    @property
    def scrolled(self) -> int:
        """How far down one has read, in pixels."""
        return self.verticalScrollBar().value()

    def scroll_to(self, place: int) -> None:
        """Go back to where one was on this page."""
        self.verticalScrollBar().setValue(place)

    def loadResource(self, _kind: int, _name: QUrl | str) -> None:
        """Give nothing: the page brings its pictures, and nothing else is fetched from anywhere."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._leaf:
            self._fit(self._leaf)
            self._turn()

    def _fit(self, leaf: Leaf) -> None:
        wide = self.contentsRect().width() - self.verticalScrollBar().sizeHint().width()
        self.setLineWrapColumnOrWidth(wide)
        leaf.fit(wide, self.devicePixelRatioF())

    def _turn(self) -> None:
        """Bring the place one came for to the top."""
        cursor = self.textCursor()
        cursor.setPosition(self._spot)
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() if self._spot else 0)


def _sheet() -> str:
    tokens = theme.palette()
    return (
        f"QTextBrowser {{ background: {tokens.canvas}; color: {tokens.ink}; border: none;"
        f" border-left: 2px solid transparent; padding-left: {theme.PAD - 4}px;"
        f" selection-background-color: {tokens.accent}; selection-color: {tokens.on_accent}; }}"
        f" QTextBrowser:focus {{ border-left-color: {tokens.accent}; }}"
    )
