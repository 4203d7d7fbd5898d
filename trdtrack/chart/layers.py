"""The ground of the plot, and the darkest thing on it: the patient's line, points and the ring round the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from trdtrack.chart.figures import figures, point_size
from trdtrack.chart.stage import HIGHEST, LOWEST, Layer, Stage, pen
from trdtrack.chart.strokes import broken, joined, within
from trdtrack.domain import phq9
from trdtrack.domain.phq9 import Completeness

if TYPE_CHECKING:
    from trdtrack.chart.drawing import Cross, Mark


class Ground(Layer):
    """Severity bands and the two cut-offs."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the five bands, barely there."""
        palette = stage.palette
        for band, colour in zip(phq9.BANDS, palette.bands, strict=True):
            top = HIGHEST if band.high == phq9.MAX_TOTAL else band.high + 1
            low = stage.y(band.low or LOWEST)
            painter.fillRect(QRectF(0, stage.y(top), stage.width, low - stage.y(top)), QColor(colour))
        painter.setPen(pen(palette.muted, 0.75, 0.55))
        for cut in (phq9.REMISSION_BELOW, phq9.CASENESS_FROM):
            y = round(stage.y(cut)) + 0.5
            painter.drawLine(QLineF(0, y, stage.edge, y))


class PatientCourse(Layer):
    """The patient's line, every total by how it came about, and the two figures that matter."""

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the end of the course, the line, then the points over it, then the figures."""
        drawing, ink, muted = stage.drawing, stage.palette.ink, stage.palette.muted
        if drawing.ended is not None and stage.shows(x := round(stage.x(drawing.ended)) + 0.5):
            painter.setPen(pen(muted, 1.0))
            painter.drawLine(QLineF(x, 0, x, stage.height))
        for cross in drawing.crosses:
            self.cross(painter, cross)
        if not drawing.marks:
            return
        size = point_size(stage)
        self.lines(painter, stage, size)
        shown = [(mark, x) for mark in drawing.marks if stage.shows(x := stage.x(mark.x))]
        for counts, half, colour in ((False, size * 0.7, muted), (True, size, ink)):
            for kind in (Completeness.COMPLETE, Completeness.PRORATED, Completeness.TOTAL_ONLY):
                these = [(m, x) for m, x in shown if m.counts == counts and m.completeness is kind]
                self.points(painter, these, half, colour)
        self.beside(painter, stage, size)

    def lines(self, painter: QPainter, stage: Stage, size: float) -> None:
        """Join the totals that count, as far as they are shown."""
        edge, whole, gaps = stage.edge, list[QLineF](), list[QLineF]()
        for s in stage.drawing.stretches:
            x0, x1 = stage.x(s.x0), stage.x(s.x1)
            if x1 < 0 or x0 > edge:
                continue
            run = (QPointF(x0, stage.y(s.y0)), QPointF(x1, stage.y(s.y1)))
            if x0 < 0 or x1 > edge:
                run = within(run, 0.0, edge)
            if s.dashed:
                gaps += broken(run, 6, 5)
            else:
                whole += joined(run)
        ink = stage.palette.ink
        # Where points lie closer than the line is wide they hide its corners.
        painter.setPen(pen(ink, 2.0 if size > 2.5 else 1.5, rounded=size > 2.5))
        painter.drawLines(whole)
        painter.setPen(pen(ink, 1.5))
        painter.drawLines(gaps)

    def points(self, painter: QPainter, marks: list[tuple[Mark, float]], size: float, colour: str) -> None:
        """Paint totals of one kind: filled complete, hollow prorated, square where only the total is known."""
        if not marks:
            return
        stage, kind = self.stage, marks[0][0].completeness
        hollow = kind is Completeness.PRORATED
        painter.setPen(pen(colour, 1.75) if hollow else pen(stage.palette.surface, 1.0))
        painter.setBrush(QColor(stage.palette.surface if hollow else colour))
        for mark, x in marks:
            y = stage.y(mark.y)
            if kind is Completeness.TOTAL_ONLY:
                painter.drawRect(QRectF(x - size, y - size, 2 * size, 2 * size))
            else:
                painter.drawEllipse(QPointF(x, y), size, size)

    def cross(self, painter: QPainter, cross: Cross) -> None:
        """Paint a withdrawn total."""
        stage = self.stage
        x, y, arm = stage.x(cross.x), stage.y(cross.y), 4.0
        if stage.shows(x):
            painter.setPen(pen(stage.palette.muted, 1.75))
            painter.drawLines([QLineF(x - arm, y - arm, x + arm, y + arm), QLineF(x - arm, y + arm, x + arm, y - arm)])

    def beside(self, painter: QPainter, stage: Stage, size: float) -> None:
        """Ring the baseline and name it; set the latest total beside its point."""
        drawing, ink = stage.drawing, stage.palette.ink
        if (mark := drawing.baseline) and stage.shows(stage.x(mark.x)):
            painter.setPen(pen(ink, 1.25))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(stage.x(mark.x), stage.y(mark.y)), size + 4, size + 4)
        for figure in figures(stage, size):
            # Over hatching a figure needs a plate to be read.
            plate = QColor(stage.palette.surface)
            plate.setAlphaF(0.75)
            painter.fillRect(figure.box.adjusted(-2, 0, 2, 0), plate)
            stage.write(
                painter,
                figure.at,
                figure.text,
                colour=ink,
                pixels=figure.pixels,
                weight=figure.weight,
                align=figure.align,
            )
