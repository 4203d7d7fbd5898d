"""The manual laid over the window, and the way back to where one was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from trdtrack.ui.help.manual import Manual, folder
from trdtrack.ui.help.page import HelpPage
from trdtrack.ui.help.topics import topic_of
from trdtrack.words import manner

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStackedWidget, QWidget


def open_help(stack: QStackedWidget, topic: str = "", *, shown: QWidget | None = None) -> HelpPage:
    """Lay the manual over a stack, open at a topic, or at what fits the keyboard's focus, else the page shown."""
    before, focus = stack.currentWidget(), QApplication.focusWidget()
    page = HelpPage(Manual(folder(), manner().language))

    def back() -> None:
        if before and stack.currentWidget() is page:
            stack.setCurrentWidget(before)
            if focus is not None and isValid(focus):
                focus.setFocus()
        stack.removeWidget(page)
        page.deleteLater()

    page.left.connect(back)
    stack.addWidget(page)
    stack.setCurrentWidget(page)
    page.start(topic or topic_of(focus, shown, before))
    return page
