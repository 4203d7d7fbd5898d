"""A figure whose scores can be gone through: with the pointer and with the keys, each read out and opened alike."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QKeyEvent, QPainter

from trdtrack.chart.callout import Callout
from trdtrack.chart.drawing import Cross, Stop
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.zooming import ZoomingView

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QWidget

NEAR = 14.0
"""How near to a point the pointer has to be, in pixels."""


class ChoosingView(ZoomingView):
    """Holds the score that is chosen, and shows its figures."""

    pointChanged = Signal(str)  # noqa: N815 - a Qt signal
    """The figures of the score now chosen; empty when none is."""
    pointOpened = Signal(object)  # noqa: N815 - a Qt signal
    """The `Point` that was clicked, or on which Enter was pressed; of a withdrawn score its `Assessment`."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self.callout = Callout(self.stage)

    def words_of(self, stop: Stop) -> list[str]:
        """Return a score's exact figures, a line each."""
        raise NotImplementedError

    def describe(self) -> None:
        """Say the figure to a screen reader."""
        raise NotImplementedError

    def more_spots(self) -> list[tuple[QPointF, Stop]]:
        """Return what else stands for a score, and where on the plot."""
        raise NotImplementedError

    @property
    def chosen(self) -> Stop | None:
        """The score whose figures are shown."""
        return self.callout.mark

    @property
    def figures(self) -> str:
        """The chosen score's figures in one line."""
        return "; ".join(self.callout.figures)

    def choose(self, stop: Stop | None) -> None:
        """Show the figures of a score, and say them to a screen reader; with None, of no score."""
        if stop is self.callout.mark:
            return
        self.callout.mark, self.callout.figures = stop, tuple(self.words_of(stop)) if stop else ()
        figures = self.figures
        self.describe()
        if figures and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, figures))
        self.pointChanged.emit(figures)
        self.viewport().update()

    def over(self, painter: QPainter) -> None:
        """Paint the card of the chosen score over the picture."""
        painter.setTransform(self.box.sceneTransform() * self.viewportTransform(), combine=True)
        self.callout.draw(painter, self.stage)

    def place(self, stop: Stop) -> QPointF:
        """Where a score lies on the widget."""
        return self.on_widget(QPointF(self.stage.x(stop.x), self.stage.y(stop.y)))

    def _step(self, by: int) -> None:
        stops = self.stage.drawing.stops
        if not stops:
            return
        at = stops.index(self.chosen) + by if self.chosen else stops.index(self.stage.drawing.latest or stops[-1])
        stop = stops[min(max(at, 0), len(stops) - 1)]
        self.reveal(stop.x)
        self.choose(stop)

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Left and right go from score to score, Home and End to the first and last, Enter opens one, Escape lets go.

        0 shows the whole course, plus and minus zoom, Shift with left or right moves what is shown.
        """
        stops = self.stage.drawing.stops
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -len(stops), Qt.Key.Key_End: len(stops)}
        key = Qt.Key(ev.key())
        if self.zoom_key(ev):
            return
        if key in steps and stops:
            self._step(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.chosen:
            self.pointOpened.emit(_opened(self.chosen))
        elif key == Qt.Key.Key_Escape and self.chosen:
            self.choose(None)
        else:
            ev.ignore()

    def middle(self) -> float | None:
        """Zoom about the chosen score."""
        return self.stage.drawing.scale.place(self.chosen.x) if self.chosen else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by the keyboard, start at the latest score: it shows where the focus is."""
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self._step(0)

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Let go of the chosen score."""
        self.choose(None)

    def hovered(self, at: QPointF) -> None:
        """Choose the score under the pointer."""
        self.choose(self.near(at))

    def clicked(self, at: QPointF) -> None:
        """Open the score under the pointer."""
        if stop := self.near(at):
            self.choose(stop)
            self.pointOpened.emit(_opened(stop))

    def near(self, at: QPointF) -> Stop | None:
        """Return the score at a place on the widget; at the mark of a possible sudden gain, the score after it."""
        here, stage = self.on_plot(at), self.stage
        spots: list[tuple[QPointF, Stop]] = [(QPointF(stage.x(s.x), stage.y(s.y)), s) for s in stage.drawing.stops]
        spots += self.more_spots()
        found = [(hypot(p.x() - here.x(), p.y() - here.y()), i) for i, (p, _) in enumerate(spots) if stage.shows(p.x())]
        nearest, i = min(found, default=(NEAR + 1, 0))
        return spots[i][1] if nearest <= NEAR else None

    def leaveEvent(self, ev: QEvent) -> None:  # noqa: ARG002
        """Let go of the score that was hovered."""
        self.choose(None)


def written(stop: Stop) -> str:
    """Return the id of the assessment behind a score."""
    return stop.assessment.id if isinstance(stop, Cross) else stop.point.assessment.id


def _opened(stop: Stop) -> object:
    return stop.assessment if isinstance(stop, Cross) else stop.point
