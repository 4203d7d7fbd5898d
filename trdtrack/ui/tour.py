"""A tour of the demo caseload: a card beside the real thing, one sentence a stop, to be left at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from shiboken6 import isValid

from trdtrack.ui import theme
from trdtrack.ui.page import column
from trdtrack.ui.tour_stops import STOPS
from trdtrack.words import _

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from trdtrack.ui.workspace import Workspace

CARD_PX = 320
AROUND = 4
"""Pixels between a thing and the line round it."""


class Tour(QFrame):
    """Lies over a workspace, takes no click from what lies under it, and goes with it."""

    left = Signal()

    def __init__(self, place: Workspace) -> None:
        super().__init__(place)
        self._place = place
        self._stop = -1
        self.target: QWidget | None = None
        self._form: QWidget | None = None
        self.ring = _Ring(place)
        self._keys = {
            int(Qt.Key.Key_Left): self.before,
            int(Qt.Key.Key_Right): self.after,
            int(Qt.Key.Key_Escape): self.leave,
        }
        self.setProperty("card", "over")
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(theme.px(CARD_PX))
        stack = column(self, margin=theme.PAD, spacing=theme.GAP)
        self.number = theme.label(px=theme.SMALL_PX, tone="muted")
        self.words = theme.label(px=theme.HEADLINE_PX, wrap=True)
        self.back = theme.button(_("Back"))
        self.on = theme.button("", primary=True)
        self.end = theme.button(_("End the tour"), flat=True)
        keys = theme.label(_("Left and Right arrow keys, Escape ends it"), px=theme.SMALL_PX, tone="muted", wrap=True)
        buttons = theme.row()
        for button, act in ((self.end, self.leave), (self.back, self.before), (self.on, self.after)):
            button.clicked.connect(act)
            button.installEventFilter(self)
            buttons.addWidget(button)
            if button is self.end:
                buttons.addStretch(1)
        for part in (self.number, self.words, keys):
            stack.addWidget(part)
        stack.addLayout(buttons)
        place.installEventFilter(self)

    @property
    def stop(self) -> int:
        """At which stop one is, the first being 0."""
        return self._stop

    def start(self) -> None:
        """Go to the first stop."""
        self._go(0)

    def before(self) -> None:
        """Go back a stop."""
        if self._stop > 0:
            self._go(self._stop - 1)

    def after(self) -> None:
        """Go on a stop; after the last the tour is over."""
        if self._stop + 1 < len(STOPS):
            self._go(self._stop + 1)
        else:
            self.leave()

    def leave(self) -> None:
        """End the tour, and give the keys back to the page."""
        self._close_form()
        self._place.removeEventFilter(self)
        for part in (self, self.ring):
            part.hide()
            part.deleteLater()
        self._place.take_focus()
        self.left.emit()

    def _go(self, number: int) -> None:
        place, words = self._place, STOPS[number].words
        self._close_form()
        target = STOPS[number].go(place)
        if target is None:  # a form with something typed was not to be left
            return
        self._form = place.form
        self._stop, self.target = number, target
        self.number.setText(_("Tour: {n} of {of}").format(n=number + 1, of=len(STOPS)))
        self.words.setText(words)
        self.back.setEnabled(number > 0)
        self.on.setText(_("Next stop") if number + 1 < len(STOPS) else _("Done"))
        said = f"{self.number.text()}. {words}"
        self.setAccessibleName(said)
        self._settle()
        self.show()
        self.setFocus()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
        # Once more when what was turned to has its final size.
        QTimer.singleShot(0, self, self._settle)

    def _close_form(self) -> None:
        """Close the form a stop opened, if it is still there; what somebody typed in it is asked about."""
        if self._form is not None and self._form is self._place.form and self._place.may_leave():
            self._place.close_form()
        self._form = None

    def _settle(self) -> None:
        """Draw the line round the thing, and stand beside it."""
        target = self.target
        if target is None or not isValid(target) or not target.isVisible():
            self.ring.hide()
            return
        _bring_into_sight(target)
        around = QRect(target.mapTo(self._place, QPoint(0, 0)), target.size()).adjusted(
            -AROUND, -AROUND, AROUND, AROUND
        )
        # What is in sight: where the text is large, the page is longer than the window.
        sight = self._place.visibleRegion().boundingRect()
        around = around.intersected(sight)
        self.ring.setGeometry(self._place.rect())
        self.ring.around = around
        self.ring.update()
        self.ring.show()
        self.ring.raise_()
        self.setFixedHeight(max(self.heightForWidth(self.width()), self.minimumSizeHint().height()))
        self.move(_beside(around, self.size().width(), self.size().height(), within=sight))
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self._place:
            QTimer.singleShot(0, self, self._settle)
        elif isinstance(event, QKeyEvent) and watched is not self._place:
            return self._claims(event) or (event.type() is QEvent.Type.KeyPress and self._key(event))
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        return (isinstance(event, QKeyEvent) and self._claims(event)) or super().event(event)

    def _claims(self, event: QKeyEvent) -> bool:
        """Keep the tour's keys from the shortcuts of what lies under it."""
        claims = event.type() is QEvent.Type.ShortcutOverride and event.key() in self._keys
        if claims:
            event.accept()
        return claims

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        act = self._keys.get(event.key())
        if act:
            act()
        return act is not None


class _Ring(QWidget):
    """A line round what is spoken of; clicks go through it."""

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self.around = QRect()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.palette().accent), 2))
        painter.drawRoundedRect(self.around.adjusted(1, 1, -1, -1), 6, 6)
        painter.end()


def _bring_into_sight(target: QWidget) -> None:
    """Scroll what lies in something that scrolls."""
    above = target.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(target)
        above = above.parentWidget()


def _beside(around: QRect, wide: int, high: int, *, within: QRect) -> QPoint:
    """Return where a card stands: right of a thing, below, above or left of it.

    Where nothing is free it stands in the corner that hides least.
    """
    gap = theme.GAP
    free = (
        (around.right() + gap, around.top()),
        (around.left(), around.bottom() + gap),
        (around.right() - wide, around.bottom() + gap),
        (around.left(), around.top() - gap - high),
        (around.right() - wide, around.top() - gap - high),
        (around.left() - gap - wide, around.top()),
    )
    for x, y in free:
        if within.contains(QRect(x, y, wide, high)):
            return QPoint(x, y)
    inside = within.adjusted(gap, gap, -gap, -gap)
    corners = [
        QPoint(max(x, within.left()), max(y, within.top()))
        for y in (inside.bottom() - high, inside.top())
        for x in (inside.right() - wide, inside.left())
    ]
    return min(corners, key=lambda corner: _area(QRect(corner, QSize(wide, high)).intersected(around)))


def _area(part: QRect) -> int:
    return part.width() * part.height()
