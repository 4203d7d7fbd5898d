"""The chart of one course: the patient's PHQ-9 totals over the days, against severity bands and the expected course.

It knows a `Summary` and a `Palette`, and nothing of the window it stands in.
"""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)

from trdtrack.chart.axes import DateAxis, ScoreAxis, WeekAxis
from trdtrack.chart.callout import Callout
from trdtrack.chart.drawing import Mark, blank, drawing, reading
from trdtrack.chart.labels import Labels
from trdtrack.chart.lanes import Lanes
from trdtrack.chart.layers import ExpectedCourse, Ground, PatientCourse
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.stage import HIGHEST, LOWEST, Stage, load_fonts
from trdtrack.words import _, say, shown

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QWidget

    from trdtrack.domain.summary import Summary

NEAR = 14.0
"""How near to a point the pointer has to be, in pixels."""


class TrajectoryChart(pg.GraphicsView):
    """Draws a course and says a score's exact figures on hover and with the arrow keys. It neither zooms nor drags."""

    pointChanged = Signal(str)  # noqa: N815 - a Qt signal
    """The figures of the score now chosen; empty when none is."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        load_fonts()
        super().__init__(parent, background=palette.surface)
        self.stage = stage = Stage(blank(), palette)
        self._summary: Summary | None = None
        self._sentence = ""
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False)
        # A ring round a total of 27 or 0 reaches past the plot.
        self.box.setFlag(self.box.GraphicsItemFlag.ItemClipsChildrenToShape, enabled=False)
        self.lanes = Lanes(stage)
        self.axes = (ScoreAxis(stage), WeekAxis(stage), DateAxis(stage))
        for axis in self.axes:
            axis.linkToView(self.box)
        grid = self.centralLayout
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        score, weeks, dates = self.axes
        for item, row, column in (
            (weeks, 0, 1),
            (score, 1, 0),
            (self.box, 1, 1),
            (self.lanes, 2, 1),
            (dates, 3, 1),
        ):
            grid.addItem(item, row, column)
        self.callout = Callout(self.box, stage)
        self.layers = (
            Ground(self.box, stage),
            ExpectedCourse(self.box, stage),
            PatientCourse(self.box, stage),
            Labels(self.box, stage),
            self.callout,
        )
        for height, layer in enumerate(self.layers):
            layer.setZValue(height + 1)
        # One repaint of everything is cheaper than working out what moved.
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.box.sigResized.connect(self._fit)
        self.setAccessibleName(_("PHQ-9 chart"))
        self.setMinimumSize(360, 260)

    def sizeHint(self) -> QSize:
        """Two thirds of a page."""
        return QSize(760, 440)

    def draw(self, summary: Summary | None) -> None:
        """Show a course, or empty axes."""
        self.choose(None)
        self._summary = summary
        self.stage.drawing = drawing(summary) if summary else blank()
        self._sentence = shown(say(summary.sentence)) if summary else ""
        self.setAccessibleDescription(self._sentence)
        self._fit()

    def set_palette(self, palette: Palette) -> None:
        """Change the colours."""
        self.stage.palette = palette
        self.setBackground(QColor(palette.surface))
        self.viewport().update()

    @property
    def chosen(self) -> Mark | None:
        """The score whose figures are shown."""
        return self.callout.mark

    @property
    def figures(self) -> str:
        """The chosen score's figures in one line."""
        return "; ".join(self.callout.figures)

    def choose(self, mark: Mark | None) -> None:
        """Show the figures of a score, and say them to a screen reader; with None, of no score."""
        if mark is self.callout.mark:
            return
        lines = tuple(say(line) for line in reading(self._summary, mark.point)) if mark and self._summary else ()
        self.callout.mark, self.callout.figures = mark, lines
        figures = self.figures
        self.setAccessibleDescription(". ".join(text for text in (figures, self._sentence) if text))
        if figures and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, figures))
        self.pointChanged.emit(figures)
        self.viewport().update()

    def place(self, mark: Mark) -> QPointF:
        """Where a score lies on the widget."""
        at = QPointF(self.stage.x(mark.x), self.stage.y(mark.y))
        return self.viewportTransform().map(self.box.mapToScene(at))

    def _fit(self) -> None:
        stage, size = self.stage, self.box.size()
        for layer in self.layers:
            layer.prepareGeometryChange()
        stage.fit(size.width(), size.height())
        self.box.setRange(xRange=(stage.first, stage.last), yRange=(LOWEST, HIGHEST), padding=0, disableAutoRange=True)
        self.viewport().update()

    def _step(self, by: int) -> None:
        marks = self.stage.drawing.marks
        if not marks:
            return
        if self.chosen is None:
            self.choose(self.stage.drawing.latest or marks[-1])
            return
        at = marks.index(self.chosen) + by
        self.choose(marks[min(max(at, 0), len(marks) - 1)])

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Left and right go from score to score, Home and End to the first and last, Escape to none."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Home: -len(self.stage.drawing.marks),
            Qt.Key.Key_End: len(self.stage.drawing.marks),
        }
        key = Qt.Key(ev.key())
        if key in steps and self.stage.drawing.marks:
            self._step(steps[key])
        elif key == Qt.Key.Key_Escape and self.chosen:
            self.choose(None)
        else:
            ev.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by the keyboard, start at the latest score: it shows where the focus is."""
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self._step(0)

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Let go of the chosen score."""
        self.choose(None)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Choose the score under the pointer."""
        here = ev.position()
        near = min(
            ((hypot((p := self.place(m)).x() - here.x(), p.y() - here.y()), m) for m in self.stage.drawing.marks),
            key=lambda pair: pair[0],
            default=None,
        )
        self.choose(near[1] if near and near[0] <= NEAR else None)

    def mousePressEvent(self, ev: QMouseEvent) -> None:
        """Take the press and do nothing: pyqtgraph would drag and zoom."""

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """Take the release and do nothing."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the double click and do nothing."""

    def wheelEvent(self, ev: QWheelEvent) -> None:
        """Leave scrolling to the page: nothing here zooms."""
        ev.ignore()

    def leaveEvent(self, ev: QEvent) -> None:  # noqa: ARG002
        """Let go of the score that was hovered."""
        self.choose(None)
