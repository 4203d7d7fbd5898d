"""The mean course of closed courses with its band, beside the course trials let one expect."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPolygonF

from trdtrack.chart.layers import broken
from trdtrack.chart.palette import LIGHT, Palette
from trdtrack.chart.plate import SMALL, TOTALS, Field, Figure, Plate
from trdtrack.chart.stage import pen
from trdtrack.chart.strokes import joined
from trdtrack.domain.benchmark import Z80
from trdtrack.domain.message import Message, message
from trdtrack.domain.phq9 import MAX_TOTAL
from trdtrack.words import _, figures, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from trdtrack.domain.caseload_outcomes import CourseOver, Step

LEFT, TOP, RIGHT, FOOT = 34.0, 26.0, 14.0, 66.0
STEPS = (1, 2, 4, 8, 13, 26, 52)
LEAST_REACH = 12
ROOM = 28.0
"""Least pixels from one number on the axis to the next."""
DOT = 3.0
BAND = 0.14


class MeanCourse(Figure):
    """Draws mean totals by week or by session."""

    def __init__(self, palette: Palette = LIGHT, parent: QWidget | None = None) -> None:
        self._line = _Line(palette)
        super().__init__(self._line, palette, parent, name=_("Mean course"), size=QSize(340, 280))

    def show_course(self, course: CourseOver, *, by_session: bool = False) -> None:
        """Draw this one."""
        self._line.course, self._line.by_session = course, by_session
        self.say(" ".join(say(step_words(step, by_session=by_session)) for step in course.steps))


def step_words(step: Step, *, by_session: bool) -> Message:
    """Return one step of the mean course in words."""
    m = step.observed
    shown = {
        "at": step.at,
        "value": _one(m.value),
        "n": m.n,
        "therapy": figures(f"{step.psychotherapy:.1f}"),
        "usual": figures(f"{step.usual_care:.1f}"),
    }
    if by_session:
        return message(
            "Session {at}: mean {value} (n {n}), expected {therapy} with psychotherapy, {usual} on usual care.",
            **shown,
        )
    return message(
        "Week {at}: mean {value} (n {n}), expected {therapy} with psychotherapy, {usual} on usual care.", **shown
    )


def _one(value: float | None) -> str:
    return "\u2013" if value is None else figures(f"{value:.1f}")


class _Line(Plate):
    course: CourseOver | None = None
    by_session = False

    def draw(self, painter: QPainter) -> None:
        steps = self.course.steps if self.course else ()
        size = self.size()
        box = QRectF(LEFT, TOP, size.width() - LEFT - RIGHT, size.height() - TOP - FOOT)
        last = max(max((s.at for s in steps), default=0), LEAST_REACH)
        field = Field(box, -0.5, last + 0.5, -0.5, MAX_TOTAL + 0.5)
        self.axis_left(painter, field, TOTALS, _("mean PHQ-9 total"))
        step = next((s for s in STEPS if s * box.width() / (last + 1) >= ROOM), STEPS[-1])
        ticks = [(float(n), str(n)) for n in range(0, last + 1, step)]
        self.axis_below(painter, field, ticks, _("session") if self.by_session else _("week"))
        if steps:
            self._band(painter, field, steps)
            self._expected(painter, field, steps)
            self._observed(painter, field, steps)
        self._key(painter, box)

    def _band(self, painter: QPainter, field: Field, steps: Sequence[Step]) -> None:
        """Shade where 4 in 5 single scores are expected."""

        def edge(sign: int) -> list[QPointF]:
            return [field.at(s.at, min(max(s.psychotherapy + sign * Z80 * s.sd, 0), MAX_TOTAL)) for s in steps]

        shade = QColor(self.colours.accent)
        shade.setAlphaF(BAND)
        painter.setPen(pen(self.colours.line, 0))
        painter.setBrush(shade)
        painter.drawPolygon(QPolygonF([*edge(1), *reversed(edge(-1))]))

    def _expected(self, painter: QPainter, field: Field, steps: Sequence[Step]) -> None:
        def along(value: Callable[[Step], float]) -> list[QPointF]:
            return [field.at(s.at, value(s)) for s in steps]

        painter.setPen(pen(self.colours.muted, 1.25))
        painter.drawLines(broken(along(lambda s: s.usual_care), 5, 4))
        painter.setPen(pen(self.colours.accent, 1.75))
        painter.drawLines(joined(along(lambda s: s.psychotherapy)))

    def _observed(self, painter: QPainter, field: Field, steps: Sequence[Step]) -> None:
        ink = self.colours.ink
        found = [(s, s.observed.value) for s in steps if s.observed.value is not None]
        for step, value in found:
            low, high = step.observed.low, step.observed.high
            if low is not None and high is not None:
                ends = field.at(step.at, min(high, field.y1)), field.at(step.at, max(low, field.y0))
                self.line(painter, *ends, "ink", 1)
            painter.setPen(pen(ink))
            painter.setBrush(QColor(ink))
            painter.drawEllipse(field.at(step.at, value), DOT, DOT)
        painter.setPen(pen(ink, 1.75))
        painter.drawLines(joined([field.at(step.at, value) for step, value in found]))

    def _key(self, painter: QPainter, box: QRectF) -> None:
        """Name the lines under the axis, one after the other."""
        y, x = box.bottom() + 54, 0.0
        for text, tone, dashed in (
            (_("observed, 95% interval"), "ink", False),
            (_("expected with psychotherapy"), "accent", False),
            (_("usual care"), "muted", True),
        ):
            sample = (QPointF(x, y), QPointF(x + 18, y))
            painter.setPen(pen(getattr(self.colours, tone), 1.75))
            painter.drawLines(broken(sample, 5, 4) if dashed else joined(sample))
            self.write(painter, QPointF(x + 23, y), text)
            x += 23 + self.letters.measure(text, SMALL) + 12
