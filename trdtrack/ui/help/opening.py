"""The manual laid over the window, and the way back to where one was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from trdtrack.ui.help.manual import Manual, folder
from trdtrack.ui.help.page import HelpPage
from trdtrack.ui.help.topics import topic_of
from trdtrack.ui.room import lay_over
from trdtrack.words import manner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStackedWidget, QWidget


def open_help(stack: QStackedWidget, topic: str = "", *, shown: QWidget | None = None) -> HelpPage:
    """Lay the manual over a stack, open at a topic, or at what fits the keyboard's focus, else the page shown."""
    before, focus = stack.currentWidget(), QApplication.focusWidget()
    page = HelpPage(Manual(folder(), manner().language))

    lay_over(stack, page, page.left)
    page.start(topic or topic_of(focus, shown, before))
    return page
