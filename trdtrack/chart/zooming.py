"""A figure one can look into along its days: wheel, drag and keys, which never lose the scores from sight."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent

from trdtrack.chart import window as windows
from trdtrack.chart.drawing import Drawing, blank
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.stage import PAD, Stage
from trdtrack.chart.still import StillView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from trdtrack.chart.window import Window

NOTCH = 120
"""What one step of a mouse wheel counts."""
FACTOR = 0.8
"""How much narrower the window becomes with one step inwards."""
PAN = 0.2
"""Share of the window moved by one key."""
STILL = 4.0
"""A press that moves less than this many pixels is a click."""


class ZoomingView(StillView):
    """Zooms and pans its stage; what it shows of a course is told as months, None being all of it."""

    zoomed = Signal(object)
    """How many months are shown now; None: the whole course."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self.stage = Stage(blank(), palette)
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False)
        # A ring round a total of 27 or 0 reaches past the plot.
        self.box.setFlag(self.box.GraphicsItemFlag.ItemClipsChildrenToShape, enabled=False)
        self._months: float | None = None
        self._panned = False
        self._grabbed: tuple[float, Window] | None = None
        self._dragging = False
        self._picture: QPixmap | None = None

    def repaint_all(self) -> None:
        """Let the finished picture go, and paint anew."""
        self._picture = None
        super().repaint_all()

    def over(self, painter: QPainter) -> None:
        """Paint what comes and goes over the finished picture."""
        raise NotImplementedError

    def paintEvent(self, ev: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the finished picture, kept until something in it changes, and over it what comes and goes."""
        view, dense = self.viewport(), self.devicePixelRatioF()
        if self._picture is None or self._picture.size() != view.size() * dense:
            self._picture = QPixmap(view.size() * dense)
            self._picture.setDevicePixelRatio(dense)
            self._picture.fill(self.stage.palette.surface)
            painter = QPainter(self._picture)
            self.render(painter, QRectF(view.rect()), view.rect())
            painter.end()
        painter = QPainter(view)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.over(painter)

    @property
    def months(self) -> float | None:
        """How many months are shown; None: the whole course."""
        return self._months

    def zoom(self, months: float | None) -> None:
        """Show the latest so many months, or with None the whole course."""
        self._panned = False
        drawn = self.stage.drawing
        self._look(windows.months(drawn, months) if months else None, months)

    def zoom_by(self, factor: float, *, about: float | None = None) -> bool:
        """Show `factor` times as much about a place, or about the middle; tell whether there was more to show."""
        seen, drawn = self.stage.window or windows.whole(self.stage.drawing), self.stage.drawing
        wanted = windows.about(seen, (seen[0] + seen[1]) / 2 if about is None else about, factor)
        found = windows.kept(wanted, drawn)
        if found == self.stage.window:
            return False
        self._panned = True
        self._look(found, round(windows.spread(found, drawn), 2) if found else None)
        return True

    def pan(self, share: float) -> None:
        """Move what is shown by a share of its width."""
        if seen := self.stage.window:
            self._pan_to(windows.moved(seen, share * (seen[1] - seen[0])))

    def redraw_view(self) -> None:
        """Fit the picture to what is shown now."""
        raise NotImplementedError

    def clicked(self, at: QPointF) -> None:
        """Take a click."""
        raise NotImplementedError

    def hovered(self, at: QPointF) -> None:
        """Take a move of the pointer without a button."""
        raise NotImplementedError

    def follow(self, before: Drawing, after: Drawing, *, anew: bool) -> None:
        """Turn to another drawing: `anew` shows all of it, otherwise the same days, or the same latest months."""
        seen = self.stage.window
        self.stage.drawing = after
        if anew:
            self.stage.window, self._months, self._panned = None, None, False
        elif self._months is not None and not self._panned:
            self.stage.window = windows.months(after, self._months)
        elif seen:
            days = tuple(before.scale.day(place) for place in seen)
            self.stage.window = windows.kept((after.scale.place(days[0]), after.scale.place(days[1])), after)

    def reveal(self, day: float) -> None:
        """Move what is shown as little as it takes to show a day."""
        if seen := self.stage.window:
            self._pan_to(windows.holding(seen, self.stage.drawing.scale.place(day)))

    def _pan_to(self, wanted: Window) -> None:
        found = windows.kept(wanted, self.stage.drawing)
        if found != self.stage.window:
            self._panned = True
            self.stage.window = found
            self.redraw_view()

    def _look(self, found: Window | None, months: float | None) -> None:
        # All there is may be less than the months asked for; they are remembered all the same.
        self.stage.window, self._months = found, months
        self.redraw_view()
        self.zoomed.emit(months)

    def _place(self, x: float) -> float:
        """Which place lies at a pixel of the plot, the nearest where scores are drawn."""
        stage = self.stage
        return stage.first + min(max(x, PAD), stage.edge) / stage.width * (stage.last - stage.first)

    def on_widget(self, at: QPointF) -> QPointF:
        """Where a pixel of the plot lies on the widget."""
        return self.viewportTransform().map(self.box.mapToScene(at))

    def on_plot(self, at: QPointF) -> QPointF:
        """Which pixel of the plot lies at a place on the widget."""
        return self.box.mapFromScene(self.in_scene(at))

    def in_scene(self, at: QPointF) -> QPointF:
        """Where a place on the widget lies in the scene."""
        return self.viewportTransform().inverted()[0].map(at)

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Zoom about the pointer; sideways, or with Shift, pan. What changes nothing is left to the page."""
        turn = ev.angleDelta()
        sideways = turn.x() or (turn.y() if ev.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        if sideways and self.stage.window:
            self.pan(-PAN * sideways / NOTCH)
            ev.accept()
        elif turn.y() and self.zoom_by(
            FACTOR ** (turn.y() / NOTCH), about=self._place(self.on_plot(ev.position()).x())
        ):
            ev.accept()
        else:
            ev.ignore()

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Take hold of the picture."""
        if ev.button() == Qt.MouseButton.LeftButton:
            seen = self.stage.window or windows.whole(self.stage.drawing)
            self._grabbed, self._dragging = (self.on_plot(ev.position()).x(), seen), False

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Drag the picture, or hover."""
        if self._grabbed is None:
            self.hovered(ev.position())
            return
        grabbed, seen = self._grabbed
        by = self.on_plot(ev.position()).x() - grabbed
        self._dragging = self._dragging or abs(by) >= STILL
        if self._dragging and self.stage.window:
            stage = self.stage
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._pan_to(windows.moved(seen, -by / stage.width * (stage.last - stage.first)))

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """Let go; a press without a move is a click."""
        if ev.button() != Qt.MouseButton.LeftButton or self._grabbed is None:
            return
        self._grabbed = None
        self.viewport().unsetCursor()
        if not self._dragging:
            self.clicked(ev.position())

    def zoom_key(self, ev: QKeyEvent) -> bool:
        """Take 0, plus, minus and Shift with an arrow; tell whether it was one of them."""
        shift = bool(ev.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match ev.key():
            case Qt.Key.Key_0:
                self.zoom(None)
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_by(FACTOR, about=self.middle())
            case Qt.Key.Key_Minus:
                self.zoom_by(1 / FACTOR, about=self.middle())
            case Qt.Key.Key_Left if shift:
                self.pan(-PAN)
            case Qt.Key.Key_Right if shift:
                self.pan(PAN)
            case _:
                return False
        return True

    def middle(self) -> float | None:
        """The place the zoom keys keep where it is; None: the middle of the picture."""
        return None
