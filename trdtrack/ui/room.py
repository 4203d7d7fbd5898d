"""The room pages are shown in: a page with more in it than fits, because the text is large, scrolls as a whole."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QStackedWidget, QWidget
from shiboken6 import isValid


class Pages(QStackedWidget):
    """Pages one of which is shown; it needs no more room than that one."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _index: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        return self._least(self.currentWidget())

    def heightForWidth(self, width: int) -> int:
        """The least height, not the one that would be liked: what can give way does so before anything scrolls."""
        page = self.currentWidget()
        layout = page.layout() if page else None
        wraps = layout is not None and layout.hasHeightForWidth()
        return layout.minimumHeightForWidth(width) if layout and wraps else self._least(page).height()

    def _least(self, page: QWidget | None) -> QSize:
        return page.minimumSizeHint().expandedTo(page.minimumSize()) if page else QSize(0, 0)


class Room(QScrollArea):
    """Shows the pages, and keeps what has the keyboard's focus in sight."""

    def __init__(self, pages: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(pages)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_in_sight)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The keys are the page's: what it leaves goes on to the window, and does not scroll.
        event.ignore()

    def _keep_in_sight(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isAncestorOf(now):
            self.ensureWidgetVisible(now)


def lay_over(pages: QStackedWidget, page: QWidget, left: SignalInstance) -> None:
    """Show a page over these until it says that it is left: then what was there before is back, and its focus."""
    before, focus = pages.currentWidget(), QApplication.focusWidget()

    def back() -> None:
        if before and pages.currentWidget() is page:
            pages.setCurrentWidget(before)
            if focus is not None and isValid(focus):
                focus.setFocus()
        pages.removeWidget(page)
        page.deleteLater()

    left.connect(back)
    pages.addWidget(page)
    pages.setCurrentWidget(page)
