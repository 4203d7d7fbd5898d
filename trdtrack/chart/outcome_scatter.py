"""The pre-post scatter: where each course began and ended, gone through by pointer and keys, opened by Enter.

Below the lower diagonal is reliably better, above the upper one reliably worse; shapes tell them apart as well.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from math import hypot, sqrt
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPolygonF,
)

from trdtrack.chart.layers import broken
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.plate import SMALL, TOTALS, Field, Figure, Plate
from trdtrack.chart.scatter_drawing import Scatter, Spot, scatter
from trdtrack.chart.stage import pen
from trdtrack.domain.outcome import Reliable
from trdtrack.domain.phq9 import CASENESS_FROM, MAX_TOTAL
from trdtrack.words import _, say, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from trdtrack.domain.caseload_outcomes import OutcomeCase

LEFT, TOP, RIGHT, FOOT = 34.0, 26.0, 10.0, 44.0
LEAST, MOST = 2.6, 11.0
"""Radius in pixels of a spot of one course, and of the largest."""
NEAR = 12.0
"""How near to a spot the pointer has to be, in pixels."""
ROW, PADDING, RING = 17.0, 9.0, 4.0
CARD_OFF = 12.0
EDGE = 2.0
LINES = 0.5
"""A rule's line runs between two totals: caseness of 10 begins at 9.5, and a fall of 6 lies beyond its diagonal."""


class OutcomeScatter(Figure):
    """Draws the courses as spots; `opened` gives the courses at the one chosen."""

    opened = Signal(object)
    """The `OutcomeCase`s at the spot clicked, or on which Enter was pressed."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        self._spots = _Spots(palette)
        super().__init__(self._spots, palette, parent, name=_("Baseline against last total"), size=QSize(320, 300))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_cases(self, cases: Sequence[OutcomeCase]) -> None:
        """Draw these."""
        self._spots.scatter, self._spots.chosen = scatter(cases), None
        self._describe()

    @property
    def scatter(self) -> Scatter:
        """What is drawn."""
        return self._spots.scatter

    @property
    def chosen(self) -> Spot | None:
        """The spot that is chosen."""
        return self._spots.chosen

    def choose(self, spot: Spot | None) -> None:
        """Show who is at a spot, and say it to a screen reader."""
        if spot is self.chosen:
            return
        self._spots.chosen = spot
        self._describe()
        if spot and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._figures))

    @property
    def _figures(self) -> str:
        return "; ".join(shown(say(line)) for line in self.chosen.words) if self.chosen else ""

    def _describe(self) -> None:
        self.say(". ".join(text for text in (self._figures, self.scatter.words) if text))

    def place(self, spot: Spot) -> QPointF:
        """Where a spot lies on the widget."""
        return self.viewportTransform().map(self._spots.mapToScene(self._spots.field.at(spot.baseline, spot.last)))

    def near(self, at: QPointF) -> Spot | None:
        """Return the spot at a place on the widget."""
        away = ((hypot((p := self.place(s)).x() - at.x(), p.y() - at.y()), n) for n, s in enumerate(self.scatter.spots))
        nearest, number = min(away, default=(NEAR + 1, 0))
        return self.scatter.spots[number] if nearest <= NEAR else None

    def keyPressEvent(self, ev: QKeyEvent) -> None:
        """Left and right go from spot to spot, Home and End to the first and last, Enter opens one, Escape lets go."""
        spots, key = self.scatter.spots, Qt.Key(ev.key())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -len(spots), Qt.Key.Key_End: len(spots)}
        if key in steps and spots:
            self._step(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.chosen:
            self.opened.emit(self.chosen.cases)
        elif key == Qt.Key.Key_Escape and self.chosen:
            self.choose(None)
        else:
            ev.ignore()

    def _step(self, by: int) -> None:
        spots = self.scatter.spots
        if spots:
            at = spots.index(self.chosen) + by if self.chosen else 0
            self.choose(spots[min(max(at, 0), len(spots) - 1)])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming by the keyboard, start at the first spot: it shows where the focus is."""
        self._spots.focused = True
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self._step(0)
        self.repaint_all()

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Let go of the chosen spot."""
        self._spots.focused = False
        self.choose(None)
        self.repaint_all()

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Choose the spot under the pointer."""
        self.choose(self.near(ev.position()))

    def mouseReleaseEvent(self, ev: QMouseEvent) -> None:
        """Open the spot under the pointer."""
        if ev.button() == Qt.MouseButton.LeftButton and (spot := self.near(ev.position())):
            self.choose(spot)
            self.opened.emit(spot.cases)

    def leaveEvent(self, ev: QEvent) -> None:  # noqa: ARG002
        """Let go of the spot that was hovered."""
        self.choose(None)


class _Spots(Plate):
    scatter = Scatter()
    chosen: Spot | None = None
    focused = False

    @property
    def field(self) -> Field:
        size = self.size()
        box = QRectF(LEFT, TOP, size.width() - LEFT - RIGHT, size.height() - TOP - FOOT)
        lowest = min((spot.baseline for spot in self.scatter.spots), default=CASENESS_FROM)
        return Field(box, min(lowest, CASENESS_FROM) - 1, MAX_TOTAL + 0.5, -0.5, MAX_TOTAL + 0.5)

    def draw(self, painter: QPainter) -> None:
        field = self.field
        self.axis_left(painter, field, TOTALS, _("last total"))
        ticks = [(float(t), str(t)) for t in (*TOTALS[:-1], MAX_TOTAL) if t >= field.x0]
        self.axis_below(painter, field, ticks, _("baseline"))
        self._lines(painter, field)
        most = max((len(spot.cases) for spot in self.scatter.spots), default=1)
        for spot in self.scatter.spots:
            self._spot(painter, field.at(spot.baseline, spot.last), spot, radius(len(spot.cases), most))
        if self.focused and self.chosen is None:
            painter.setPen(pen(self.colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(field.box)
        if self.chosen:
            self._card(painter, field, self.chosen, radius(len(self.chosen.cases), most))

    def _lines(self, painter: QPainter, field: Field) -> None:
        """Draw no change, the two diagonals of reliable change, and where caseness begins."""
        points, low, high = self.scatter.points, field.x0, field.x1
        self.line(painter, *_cut(field, 0), "muted", 0.75)
        painter.setPen(pen(self.colours.muted, 1.25))
        for by in (LINES - points, points - LINES):
            painter.drawLines(broken(_cut(field, by), 5, 4))
        caseness = CASENESS_FROM - LINES
        painter.setPen(pen(self.colours.accent, 1.25))
        painter.drawLines(broken((field.at(low, caseness), field.at(high, caseness)), 2, 3))
        painter.drawLines(broken((field.at(caseness, field.y0), field.at(caseness, field.y1)), 2, 3))
        right = field.box.right() - 4
        below = _("below caseness")
        self.write(painter, QPointF(right, field.y(caseness) + 9), below, align=1, tone="accent")
        self.write(painter, QPointF(field.box.left() + 26, field.y(MAX_TOTAL) + 12), _("reliably worse"))
        self.write(painter, QPointF(right, field.y(0) - 10), _("reliably better"), align=1)

    def _spot(self, painter: QPainter, at: QPointF, spot: Spot, size: float) -> None:
        tones = self.colours
        match spot.reliable:
            case Reliable.IMPROVEMENT:
                painter.setPen(pen(tones.surface, 0.75))
                painter.setBrush(QColor(tones.accent))
                painter.drawEllipse(at, size, size)
            case Reliable.DETERIORATION:
                painter.setPen(pen(tones.surface, 0.75))
                painter.setBrush(QColor(tones.review))
                reach = size * 1.3
                ends = ((0, -reach), (reach, 0), (0, reach), (-reach, 0))
                painter.drawPolygon(QPolygonF([at + QPointF(*end) for end in ends]))
            case Reliable.NONE:
                painter.setPen(pen(tones.ink, 1.25))
                painter.setBrush(QColor(tones.surface))
                painter.drawEllipse(at, size, size)

    def _card(self, painter: QPainter, field: Field, spot: Spot, size: float) -> None:
        """Draw a ring round the chosen spot and a small card with who is there."""
        at = field.at(spot.baseline, spot.last)
        painter.setPen(pen(self.colours.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, size + RING, size + RING)
        lines = [shown(say(line)) for line in spot.words]
        wide = max(self.letters.measure(line) for line in lines) + 2 * PADDING
        high = ROW * len(lines) + PADDING
        whole = self.size()
        left = at.x() + CARD_OFF if at.x() + CARD_OFF + wide < whole.width() else at.x() - CARD_OFF - wide
        top = at.y() - CARD_OFF - high if at.y() - CARD_OFF - high > 0 else at.y() + CARD_OFF
        card = QRectF(round(max(left, EDGE)) + 0.5, round(top) + 0.5, wide, high)
        painter.setPen(pen(self.colours.muted))
        painter.setBrush(QColor(self.colours.surface))
        painter.drawRoundedRect(card, 4, 4)
        for number, line in enumerate(lines):
            middle = QPointF(card.left() + PADDING, card.top() + PADDING / 2 + ROW * (number + 0.5))
            self.write(painter, middle, line, tone="muted" if number else "ink", pixels=SMALL + 1)


def radius(count: int, most: int) -> float:
    """Return the radius of a spot of so many courses: its area grows with their number, up to the largest spot."""
    grown = LEAST * sqrt(count)
    largest = LEAST * sqrt(most)
    return grown if largest <= MOST else max(LEAST, MOST * sqrt(count / most))


def _cut(field: Field, by: float) -> tuple[QPointF, QPointF]:
    """Return the ends of the diagonal last = baseline + by within the plot."""
    first, last = max(field.x0, field.y0 - by), min(field.x1, field.y1 - by)
    return field.at(first, first + by), field.at(last, last + by)
