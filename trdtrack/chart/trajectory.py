"""The chart of one course: the patient's PHQ-9 totals over the days, against severity bands and the expected course.

It knows a `Summary`, a `Palette` and a `View`, and nothing of the window it stands in.
"""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize

from trdtrack.chart.axes import DateAxis, ScoreAxis, WeekAxis
from trdtrack.chart.choosing import ChoosingView, written
from trdtrack.chart.drawing import Cross, blank, drawing
from trdtrack.chart.expected_layers import ChanceCorridor, ExpectedCourse
from trdtrack.chart.fan import ForecastFan
from trdtrack.chart.gains import SuddenGains
from trdtrack.chart.labels import Labels, gutter
from trdtrack.chart.lane_plan import PLOT
from trdtrack.chart.lanes import Lanes, Legend
from trdtrack.chart.layers import Ground, PatientCourse
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.reading import reading, reading_of_withdrawn
from trdtrack.chart.remarks import Remarks
from trdtrack.chart.spoken import spoken
from trdtrack.chart.stage import HIGHEST, LOWEST
from trdtrack.chart.view import View
from trdtrack.chart.window import kept
from trdtrack.words import _, say

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from trdtrack.chart.drawing import Stop
    from trdtrack.domain.summary import Summary

LARGER = 4 / 3
"""How much larger everything is in the patient view: 12 pixels of type become 16."""


class TrajectoryChart(ChoosingView):
    """Draws a course, lets one look into it, and says a score's exact figures on hover and with the arrow keys."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        stage = self.stage
        self._summary: Summary | None = None
        self._spoken: list[str] = []
        self._view = View()
        self._planned: object = None
        self.lanes = Lanes(stage)
        self.legend = Legend(stage)
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
            (self.legend, 4, 1),
        ):
            grid.addItem(item, row, column)
        self.gains = SuddenGains(self.box, stage)
        self.layers = (
            Ground(self.box, stage),
            ChanceCorridor(self.box, stage),
            ExpectedCourse(self.box, stage),
            ForecastFan(self.box, stage),
            Remarks(self.box, stage),
            PatientCourse(self.box, stage),
            self.gains,
            Labels(self.box, stage),
        )
        for height, layer in enumerate(self.layers):
            layer.setZValue(height + 1)
        self.box.sigResized.connect(self.redraw_view)
        self.setAccessibleName(_("PHQ-9 chart"))
        self.setMinimumSize(360, 260)

    def sizeHint(self) -> QSize:
        """Two thirds of a page."""
        return QSize(760, 440)

    def draw(self, summary: Summary | None) -> None:
        """Show a course, or empty axes; another course wholly, the same one again as far as it was zoomed."""
        self.choose(None)
        before = self._summary
        anew = before is None or summary is None or before.course.id != summary.course.id
        if anew and self._view.ahead_for_patient:
            self._view = self._view.with_forecast(on=False)
        self._summary = summary
        self._redraw(anew=anew)

    def become(self, other: TrajectoryChart) -> None:
        """Show what another chart shows, as far as it may leave the screen."""
        self.set_text_size(other.text_size)
        self.show_view(other.view.printed)
        self.draw(other._summary)
        if seen := other.stage.window:
            self.stage.window = kept(seen, self.stage.drawing)
            self.redraw_view()

    @property
    def view(self) -> View:
        """What is asked for."""
        return self._view

    def show_view(self, view: View) -> None:
        """Show what is asked for, kept from course to course."""
        if view == self._view:
            return
        self._view = view
        # Text that is larger already need not grow as much again.
        self.set_larger(max(LARGER / self.text_size, 1.0) if view.patient else 1.0)
        self._redraw(anew=False)

    def show_forecast(self, on: bool) -> None:  # noqa: FBT001 - connects to a toggle
        """Show where this patient is heading, or stop: off at first, kept from course to course."""
        self.show_view(self._view.with_forecast(on=on))

    def turn_to_patient(self, on: bool) -> None:  # noqa: FBT001 - connects to a toggle
        """Turn the picture into the calm one for the patient's eyes, or back."""
        self.show_view(self._view.turned(to_patient=on))

    def _redraw(self, *, anew: bool) -> None:
        chosen = self.chosen
        found = drawing(self._summary, self._view) if self._summary else blank(self._view)
        self.follow(self.stage.drawing, found, anew=anew)
        self._spoken = spoken(self._summary, found) if self._summary else []
        if chosen:
            same = (stop for stop in found.stops if written(stop) == written(chosen))
            self.choose(next(same, None))
        self.describe()
        self.redraw_view()

    def describe(self) -> None:
        """Say the chart to a screen reader: the chosen score first."""
        self.setAccessibleDescription(". ".join(text.rstrip(".") for text in (self.figures, *self._spoken) if text))

    def set_palette(self, palette: Palette) -> None:
        """Change the colours."""
        self.stage.palette = palette
        super().set_palette(palette)

    def words_of(self, stop: Stop) -> list[str]:
        """Return a score's exact figures."""
        if isinstance(stop, Cross):
            return [say(line) for line in reading_of_withdrawn(stop)]
        if self._summary is None:
            return []
        return [say(line) for line in reading(self._summary, stop.point, patient=self._view.patient)]

    def more_spots(self) -> list[tuple[QPointF, Stop]]:
        """Return the marks of possible sudden gains: each stands for the score after it."""
        return [(spot, gain.after) for gain, spot in self.gains.spots()]

    def redraw_view(self) -> None:
        """Choose the lanes for the room there is, then fit the days shown to the width."""
        self._plan()
        stage, size = self.stage, self.box.size()
        for layer in self.layers:
            layer.prepareGeometryChange()
        stage.fit(size.width(), size.height())
        self.box.setRange(xRange=(stage.first, stage.last), yRange=(LOWEST, HIGHEST), padding=0, disableAutoRange=True)
        self.repaint_all()

    def _plan(self) -> None:
        """Give the lanes their height: chosen for the whole course, so that nothing jumps while one looks into it."""
        stage, whole = self.stage, self.sheet.size()
        key = (stage.drawing, whole.width(), whole.height())
        if key == self._planned:
            return
        self._planned = key
        seen, stage.window = stage.window, None
        stage.gutter = gutter(stage)
        stage.fit(whole.width() - self.axes[0].size().width(), stage.height)
        axes = sum(axis.size().height() for axis in self.axes[1:])
        news = self.lanes.take((1 - PLOT) * whole.height() - axes)
        news = self.legend.take(self.lanes.plan) or news
        stage.window = seen
        if news:
            # At once: the picture may be wanted before the next event.
            self.centralLayout.activate()

    def hovered(self, at: QPointF) -> None:
        """Choose the score under the pointer; say in full what stands in a lane under it."""
        super().hovered(at)
        self.viewport().setToolTip(self.lanes.words_at(self.lanes.mapFromScene(self.in_scene(at))))
