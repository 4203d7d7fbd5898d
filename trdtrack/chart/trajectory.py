"""The chart of one course: the patient's PHQ-9 totals over the days, against severity bands and the expected course.

It knows a `Summary` and a `Palette`, and nothing of the window it stands in.
"""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from dataclasses import replace
from math import hypot
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
)

from trdtrack.chart.axes import DateAxis, ScoreAxis, WeekAxis
from trdtrack.chart.callout import Callout
from trdtrack.chart.drawing import Mark, blank, drawing
from trdtrack.chart.fan import ForecastFan
from trdtrack.chart.gains import SuddenGains
from trdtrack.chart.labels import Labels
from trdtrack.chart.lanes import Lanes
from trdtrack.chart.layers import ExpectedCourse, Ground, PatientCourse
from trdtrack.chart.outlook import outlook
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.reading import reading
from trdtrack.chart.stage import HIGHEST, LOWEST, Stage
from trdtrack.chart.still import StillView
from trdtrack.words import _, say, shown

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QWidget

    from trdtrack.domain.summary import Summary

NEAR = 14.0
"""How near to a point the pointer has to be, in pixels."""


class TrajectoryChart(StillView):
    """Draws a course and says a score's exact figures on hover and with the arrow keys. It neither zooms nor drags."""

    pointChanged = Signal(str)  # noqa: N815 - a Qt signal
    """The figures of the score now chosen; empty when none is."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self.stage = stage = Stage(blank(), palette)
        self._summary: Summary | None = None
        self._sentence = ""
        self._ahead = False
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False)
        # A ring round a total of 27 or 0 reaches past the plot.
        self.box.setFlag(self.box.GraphicsItemFlag.ItemClipsChildrenToShape, enabled=False)
        self.lanes = Lanes(stage)
        self.axes = (ScoreAxis(stage), WeekAxis(stage), DateAxis(stage))
        for axis in self.axes:
            axis.linkToView(self.box)
        grid = self.centralLayout
        score, weeks, dates = self.axes
        for item, row, column in (
            (weeks, 0, 1),
            (score, 1, 0),
            (self.box, 1, 1),
            (self.lanes, 2, 1),
            (dates, 3, 1),
        ):
            grid.addItem(item, row, column)
        self.gains = SuddenGains(self.box, stage)
        self.callout = Callout(self.box, stage)
        self.layers = (
            Ground(self.box, stage),
            ExpectedCourse(self.box, stage),
            ForecastFan(self.box, stage),
            PatientCourse(self.box, stage),
            self.gains,
            Labels(self.box, stage),
            self.callout,
        )
        for height, layer in enumerate(self.layers):
            layer.setZValue(height + 1)
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
        self.stage.drawing = drawing(summary, ahead=self._ahead) if summary else blank()
        self._sentence = shown(say(summary.sentence)) if summary else ""
        self._describe()
        self._fit()

    def show_forecast(self, on: bool) -> None:  # noqa: FBT001 - connects to a toggle
        """Show where this patient is heading, or stop: off at first, kept from course to course."""
        if on == self._ahead:
            return
        self._ahead = on
        if self._summary:
            ahead = outlook(self._summary) if on else None
            self.stage.drawing = replace(self.stage.drawing, outlook=ahead)
            self._describe()
            self.viewport().update()

    def _describe(self) -> None:
        ahead = self.stage.drawing.outlook
        texts = (self.figures, self._sentence, ahead.words if ahead else "")
        self.setAccessibleDescription(". ".join(text for text in texts if text))

    def set_palette(self, palette: Palette) -> None:
        """Change the colours."""
        self.stage.palette = palette
        super().set_palette(palette)

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
        self._describe()
        if figures and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, figures))
        self.pointChanged.emit(figures)
        self.viewport().update()

    def place(self, mark: Mark) -> QPointF:
        """Where a score lies on the widget."""
        return self.on_widget(QPointF(self.stage.x(mark.x), self.stage.y(mark.y)))

    def on_widget(self, at: QPointF) -> QPointF:
        """Where a pixel of the plot lies on the widget."""
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
        """Choose the score under the pointer; on the mark of a possible sudden gain, the score after it."""
        here, drawn = ev.position(), self.stage.drawing
        spots = [(self.place(mark), mark) for mark in drawn.marks]
        spots += [(self.on_widget(self.gains.spot(gain)), gain.after) for gain in drawn.gains]
        near = min(
            ((hypot(p.x() - here.x(), p.y() - here.y()), mark) for p, mark in spots),
            key=lambda pair: pair[0],
            default=None,
        )
        self.choose(near[1] if near and near[0] <= NEAR else None)

    def leaveEvent(self, ev: QEvent) -> None:  # noqa: ARG002
        """Let go of the score that was hovered."""
        self.choose(None)
