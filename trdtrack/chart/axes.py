"""The chart's three axes: points at the left, dates below, weeks in care above. Ticks never collide.

Where the chart goes by sessions, their numbers stand below, and the weeks above stand where the sessions do.
"""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPainter

from trdtrack.chart.stage import Stage, Type, pen
from trdtrack.domain.message import message
from trdtrack.words import MINUS, day, month, month_day, say

if TYPE_CHECKING:
    from collections.abc import Iterator

TICKS = (0, 5, 10, 15, 20, 27)
WEEK_STEPS = (1, 2, 4, 8, 13, 26, 52, 104, 208, 520)
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
SESSION_STEPS = (1, 2, 5, 10, 20, 50, 100)
MONTHS = 12
AIR = 20.0
"""Least space between two labels, in pixels."""
TICK = 4.0
_LONGEST = date(2026, 9, 28)
"""A day that takes much room where it is written."""
NAME_WIDTH = 76
"""At least so much room left of the plot: for the totals, and for the names of the lanes."""
BEFORE_NAME = 13.0
"""Pixels beside the name of a lane."""
NAMES = {
    "item9": message("item 9"),
    "sessions": message("sessions"),
    "phases": message("phases"),
    "medication": message("medication"),
    "events": message("events"),
}


def name_width(type_: Type) -> int:
    """Return the room left of the plot that the names of the lanes need in the language in force."""
    return max(NAME_WIDTH, *(ceil(type_.measure(say(name)) + BEFORE_NAME) for name in NAMES.values()))


def week_ticks(first: float, last: float, room: float) -> list[int]:
    """Return whole weeks to label, two at least `room` weeks apart."""
    step = next((s for s in WEEK_STEPS if s >= room), WEEK_STEPS[-1])
    return list(range(-int(-first // step) * step, int(last // 1) + 1, step))


def date_ticks(first: float, last: float, room: float) -> list[tuple[int, str]]:
    """Return days to label and their words: days, months or years, the finest that are at least `room` days apart.

    A label names its year only where it is the first or the year has changed.
    """
    lo, hi = date.fromordinal(-int(-first // 1)), date.fromordinal(int(last // 1))
    if step := next((s for s in DAY_STEPS if s >= room), None):
        return [(when.toordinal(), _label(when, before)) for when, before in _paired(_days(lo, hi, step))]
    step = next((s for s in MONTH_STEPS if s * 28 >= room), MONTH_STEPS[-1])
    return [(when.toordinal(), _label(when, before, step)) for when, before in _paired(_months(lo, hi, step))]


def _paired(days: Iterator[date]) -> Iterator[tuple[date, date | None]]:
    before = None
    for when in days:
        yield when, before
        before = when


def _days(lo: date, hi: date, step: int) -> Iterator[date]:
    # Weeks start on Monday, so that the ticks keep still when the range grows.
    when = lo + timedelta(days=-lo.weekday() % 7 if step >= DAY_STEPS[2] else 0)
    while when <= hi:
        yield when
        when += timedelta(days=step)


def _months(lo: date, hi: date, step: int) -> Iterator[date]:
    count = lo.year * MONTHS + lo.month - 1 + (lo.day > 1)
    count += -count % step
    while (when := date(count // MONTHS, count % MONTHS + 1, 1)) <= hi:
        yield when
        count += step


def _label(when: date, before: date | None, months: int = 0) -> str:
    new_year = before is None or before.year != when.year
    if months >= MONTHS:
        return str(when.year)
    if months:
        return month(when, year=new_year)
    return day(when) if new_year else month_day(when)


class Axis(pg.AxisItem):
    """What the three share: pyqtgraph's range and place, our own painting.

    Its own goes through a QPicture, which forgets font features and is blurred on a dense screen.
    """

    def __init__(self, orientation: str, stage: Stage) -> None:
        super().__init__(orientation)
        self.stage = stage
        self.showLabel(show=False)

    def boundingRect(self) -> QRectF:
        """Its place, with room for labels that reach past the ends."""
        return self.mapRectFromParent(self.geometry()).adjusted(-60, -12, 60, 12)

    def paint(self, p: QPainter, opt: object, widget: object = None) -> None:  # noqa: ARG002
        """Paint line, ticks and labels."""
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(p, self.stage)

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint this axis."""
        raise NotImplementedError

    def wheelEvent(self, event: object) -> None:
        """Leave scrolling to the page."""

    def ruled(self, painter: QPainter, ticks: list[tuple[float, str]], *, below: bool) -> None:
        """Paint a horizontal axis with labels at pixels."""
        stage = self.stage
        y = 0.5 if below else self.size().height() - 0.5
        out = TICK if below else -TICK
        painter.setPen(pen(stage.palette.muted))
        painter.drawLine(QLineF(0, y, stage.width, y)) if below else None
        painter.drawLines([QLineF(round(x) + 0.5, y, round(x) + 0.5, y + out) for x, _ in ticks])
        for x, text in ticks:
            middle = QPointF(round(x) + 0.5, y + out + (10 if below else -9))
            stage.write(painter, middle, text, colour=stage.palette.muted, align=0.5)


class ScoreAxis(Axis):
    """Totals, 0 to 27, the same for every patient; says once that lower is better."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("left", stage)
        self.setWidth(name_width(stage))

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the ticks and, upwards, what is measured."""
        right, muted = self.size().width() - 0.5, stage.palette.muted
        painter.setPen(pen(muted))
        painter.drawLine(QLineF(right, 0, right, stage.height))
        for tick in TICKS:
            y = round(stage.y(tick)) + 0.5
            painter.setPen(pen(muted))
            painter.drawLine(QLineF(right - TICK, y, right, y))
            stage.write(painter, QPointF(right - TICK - 5, y), str(tick), colour=muted, align=1)
        painter.save()
        painter.translate(8, stage.height / 2)
        painter.rotate(-90)
        title = say(message("PHQ-9 total (lower is better)"))
        if stage.measure(title) > self.size().height():
            title = say(message("lower is better"))
        if stage.measure(title) > stage.height:
            title = say(message("PHQ-9 total"))
        stage.write(painter, QPointF(0, 0), title, colour=muted, align=0.5)
        painter.restore()


class DateAxis(Axis):
    """The days on which the patient answered, or the numbers of the sessions."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("bottom", stage)
        self.setHeight(28)

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the dates; a chart of no course has none."""
        if stage.drawing.start < 1:
            self.ruled(painter, [], below=True)
        elif stage.drawing.scale.days:
            self.ruled(painter, _session_ticks(stage), below=True)
        else:
            days = (stage.last - stage.first) / stage.width
            room = (stage.measure(day(_LONGEST)) + AIR) * days
            ticks = [(stage.x(x), text) for x, text in date_ticks(stage.first, stage.day(stage.edge), room)]
            self.ruled(painter, ticks, below=True)


def _session_ticks(stage: Stage) -> list[tuple[float, str]]:
    """Return the numbers of the sessions in sight, the first of them with its word; every so many where they crowd."""
    scale = stage.drawing.scale
    a_session = stage.width / (stage.last - stage.first)
    step = next((s for s in SESSION_STEPS if s * a_session >= stage.measure("100") + AIR / 2), SESSION_STEPS[-1])
    seen = [
        (x, round(number))
        for day, number in zip(scale.days, scale.places, strict=True)
        if stage.shows(x := stage.x(day))
    ]
    first = next((number for _, number in seen), 0)
    ticks: list[tuple[float, str]] = []
    free = 0.0
    for x, number in seen:
        if number == first:
            text = say(message("session {number}", number=number))
            ticks.append((x, text))
            free = x + stage.measure(text) / 2 + AIR / 2
        elif number % step == 0 and x > free:
            ticks.append((x, str(number)))
    return ticks


class WeekAxis(Axis):
    """Weeks in care, counted from week 0; bare where there is no week 0."""

    def __init__(self, stage: Stage) -> None:
        super().__init__("top", stage)
        self.setHeight(28)

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint the weeks; the unit stands once."""
        zero = stage.drawing.week_zero
        if zero is None:
            return
        if stage.drawing.scale.days:
            self.ruled(painter, _weeks_of_sessions(stage, zero), below=False)
            return
        weeks_wide = (stage.last - stage.first) / stage.width / 7
        room = (stage.measure("week 0") + AIR) * weeks_wide
        weeks = week_ticks((stage.first - zero) / 7, (stage.day(stage.edge) - zero) / 7, room)
        named = 0 if 0 in weeks else min(weeks, default=0)
        ticks = [(stage.x(zero + 7 * week), _week(week, named=week == named)) for week in weeks]
        self.ruled(painter, ticks, below=False)


def _week(week: int, *, named: bool) -> str:
    figure = str(week).replace("-", MINUS)
    return say(message("week {week}", week=figure)) if named else figure


def _weeks_of_sessions(stage: Stage, zero: float) -> list[tuple[float, str]]:
    """Return the week of each session that has room for it, unevenly apart as time then is, and of the steps after."""
    ticks: list[tuple[float, str]] = []
    scale, end = stage.drawing.scale, stage.day(stage.edge)
    after = [scale.days[-1] + scale.step * n for n in range(1, int((end - scale.days[-1]) / scale.step) + 1)]
    free, last = -name_width(stage), None
    for when in (*scale.days, *after):
        x = stage.x(when)
        week = round((when - zero) / 7)
        text = _week(week, named=not ticks)
        half = stage.measure(text) / 2
        if stage.shows(x) and x - half >= free and week != last:
            ticks.append((x, text))
            free, last = x + half + AIR / 2, week
    return ticks
