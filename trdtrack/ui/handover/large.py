"""Large type and large buttons, for a finger as for a mouse or keys, and what is read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from trdtrack.ui import theme
from trdtrack.ui.page import column

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent

TOUCH_PX = 64
"""No answer is lower: a finger hits it without care."""
QUESTION_PX, WORDS_PX = 28, 20
WIDEST_PX = 920
OWN = 1.5
"""How much larger than elsewhere the type is here by itself: only a larger text size than that makes it grow."""
_PRESS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def own(px: float) -> float:
    """Return so many pixels of this page's large type in the pixels of the usual text size."""
    return px / min(theme.scale(), OWN)


class Large(QPushButton):
    """Pressed once by each touch, click or key: neither a double click nor a key held down goes on to what comes next.

    Arrow keys and digits are left to the page.
    """

    def __init__(self, text: str = "", *, primary: bool = False, answer: bool = False) -> None:
        super().__init__(text)
        self._primary = primary
        self.setFont(theme.font(own(WORDS_PX)))
        self.setMinimumHeight(theme.px(own(TOUCH_PX)))
        self.setAutoDefault(False)
        self.setCheckable(answer)
        self._align = "left" if answer else "center"
        theme.follow(self, Large._colour)

    def _colour(self) -> None:
        t = theme.palette()
        ground, ink, edge = (t.accent, t.on_accent, t.accent) if self._primary else (t.surface, t.ink, t.edge)
        self.setStyleSheet(f"""
            QPushButton {{ text-align: {self._align}; padding: 0 24px; border: 1px solid {edge}; border-radius: 8px;
                background: {ground}; color: {ink}; font-weight: {600 if self._primary else 400}; }}
            QPushButton:hover {{ border-color: {t.ink}; }}
            QPushButton:focus {{ border: 3px solid {t.ink if self._primary else t.accent}; padding: 0 22px; }}
            QPushButton:checked {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
            QPushButton:checked:focus {{ border: 3px solid {t.ink}; }}
            QPushButton:disabled {{ color: {t.muted}; }}""")

    def nextCheckState(self) -> None:
        """Leave the mark to the page: it shows what is kept."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _PRESS:
            event.ignore()
        elif not event.isAutoRepeat():
            self.click()


class View(QWidget):
    """One of the pages a patient sees: in the middle, no wider than reads well. `take_focus` puts the keys there."""

    accessible_role = QAccessible.Role.Grouping

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        middle = QWidget()
        middle.setMaximumWidth(theme.px(WIDEST_PX) + 56)
        self.page = column(middle, margin=28, spacing=theme.PAD)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(middle, 1000)
        across.addStretch(1)

    def take_focus(self) -> None:
        """Put the keys where they are of use."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)


def read_out(widget: QWidget, *texts: str) -> None:
    """Have a screen reader say what is new on the page."""
    said = " ".join(text for text in texts if text)
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, said))
