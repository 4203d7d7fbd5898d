"""How each lane is painted. Shape, letter and pattern tell things apart; colour only helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from trdtrack.chart.lane_plan import MOST_ROWS, ROW
from trdtrack.chart.packing import POINT, SMALL, SQUARE, clusters, packed, squares
from trdtrack.chart.stage import REGULAR, SEMIBOLD, pen
from trdtrack.chart.strokes import boxed, hatching, joined
from trdtrack.domain.message import message
from trdtrack.domain.records import Role
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.chart.alongside import Item9Mark
    from trdtrack.chart.packing import Block
    from trdtrack.chart.stage import Stage

BAR = 12.0
CAP = 3.0
"""Width of the mark at a bar's beginning."""
TOOTH = 3.0
"""Width of a torn edge's teeth."""
LEAST_PHASE = 26.0
CLOSE = 4.0
"""Below this many pixels a session the ticks are thinner."""


def item9(painter: QPainter, stage: Stage, lane: QRectF) -> None:
    """Paint a square a score, open ones with a heavy frame; where there is no room, a bar as high."""
    palette, y = stage.palette, lane.center().y()
    seen = [(mark, x) for mark in stage.drawing.alongside.item9 if stage.shows(x := stage.x(mark.x))]
    marks, xs = tuple(mark for mark, _ in seen), [x for _, x in seen]
    room = squares(marks, xs)
    calm, raised, unsettled = pen(palette.muted, 1, 0.6), pen(palette.risk, 1), pen(palette.risk, 2.0)

    def frame(mark: Item9Mark) -> int:
        return 2 if mark.unsettled else int(mark.raised)

    left_over = [(frame(mark), x) for i, (mark, x) in enumerate(seen) if i not in room]
    for kind, (ink, half) in enumerate(((calm, 3.0), (raised, SQUARE / 2), (pen(palette.risk, 1.5), SQUARE / 2))):
        painter.setPen(ink)
        painter.drawLines([QLineF(x, y - half, x, y + half) for found, x in left_over if found == kind])
    painter.setBrush(QColor(palette.surface))
    for i in sorted(room):
        mark, x = seen[i]
        painter.setPen((calm, raised, unsettled)[frame(mark)])
        painter.drawRect(QRectF(x - SQUARE / 2, y - SQUARE / 2, SQUARE, SQUARE))
    for i in sorted(room):
        mark, x = seen[i]
        colour, weight = (palette.risk, SEMIBOLD) if mark.raised else (palette.muted, REGULAR)
        stage.write(painter, QPointF(x, y), mark.text, colour=colour, pixels=SMALL, weight=weight, align=0.5)


def sessions(painter: QPainter, stage: Stage, lane: QRectF) -> None:
    """Paint a tick a session that took place, a ring for one that did not; follow-ups as flags, filled when done."""
    y, muted = lane.center().y(), stage.palette.muted
    found = stage.drawing.alongside
    painter.setBrush(Qt.BrushStyle.NoBrush)
    xs = [(x, s.attended) for s in found.sessions if stage.shows(x := stage.x(s.x))]
    close = stage.edge / max(len(xs), 1) < CLOSE
    painter.setPen(pen(muted, 0.75 if close else 1.5))
    painter.drawLines([QLineF(x, y - 5, x, y + 5) for x, attended in xs if attended])
    for x, attended in xs:
        if not attended:
            painter.drawEllipse(QPointF(x, y), 3.25, 3.25)
    painter.setPen(pen(stage.palette.ink, 1.25))
    for flag in found.flags:
        if stage.shows(x := stage.x(flag.x)):
            painter.setBrush(QColor(stage.palette.ink if flag.done else stage.palette.surface))
            painter.drawLine(QLineF(x, y - 6, x, y + 6))
            painter.drawPolygon(QPolygonF([QPointF(x, y - 6), QPointF(x + 7, y - 3), QPointF(x, y)]))


def phases(painter: QPainter, stage: Stage, lane: QRectF) -> None:
    """Paint each phase as a thin bar between two stops, its name in the middle of it."""
    y, muted = lane.center().y(), stage.palette.muted
    for phase in stage.drawing.alongside.phases:
        begin, end = stage.x(phase.x0), stage.x(phase.x1)
        left, right = max(begin, 0.0), min(max(end - 3, begin + 2), stage.edge)
        if left >= right:
            continue
        text = stage.elided(phase.name, right - left - 16, SMALL) if right - left >= LEAST_PHASE else ""
        # An ellipsis alone says nothing.
        text = text if len(text) > 2 else ""
        half = stage.measure(text, SMALL) / 2 + 4 if text else 0.0
        middle = (left + right) / 2
        painter.setPen(pen(muted, 1.25))
        stops = [QLineF(x, y - 4, x, y + 4) for x in (begin, end - 3) if left <= x <= right]
        painter.drawLines([QLineF(left, y, middle - half, y), QLineF(middle + half, y, right, y), *stops])
        if text:
            stage.write(painter, QPointF(middle, y), text, colour=muted, pixels=SMALL, align=0.5)


def medication(painter: QPainter, stage: Stage, lane: QRectF) -> None:
    """Paint a bar a treatment; say how many had no room."""
    rows = min(round((lane.height() - 1) // ROW), MOST_ROWS)
    blocks, hidden = packed(stage, stage.drawing.alongside.treatments, rows)
    for block in blocks:
        y = lane.top() + ROW * (block.row + 0.5)
        _bar(painter, stage, block, y)
        if block.text:
            at = QPointF(block.text_left, y)
            stage.write(painter, at, block.text, colour=stage.palette.ink, pixels=SMALL)
    if hidden:
        at = QPointF(stage.edge + 6, lane.top() + ROW * (rows - 0.5))
        stage.write(painter, at, say(message("+{n} more", n=hidden)), colour=stage.palette.muted, pixels=11)


def _bar(painter: QPainter, stage: Stage, block: Block, y: float) -> None:
    """Paint the bar: solid, hatched where it augments, upright strokes for ECT, bare for other drugs."""
    bar, palette = block.bar, stage.palette
    top, bottom = y - BAR / 2, y + BAR / 2
    corners = [QPointF(block.right, top), QPointF(block.right, bottom), QPointF(block.left, bottom)]
    begun_before = bar.x0 is not None and stage.x(bar.x0) < -1
    goes_on = stage.x(bar.x1) > stage.edge + 1
    last, first = list[QPointF](), list[QPointF]()
    if bar.ongoing and not goes_on:
        last = [QPointF(block.right + POINT, y)]
    elif bar.torn and not goes_on:
        last = _teeth(block.right, top, bottom)
    if bar.x0 is None:
        first = _teeth(block.left, top, bottom)
    start = QPointF(block.left, top)
    right, left = [corners[0], *last, corners[1]], [start, *first, corners[2]]
    shade = QColor(palette.muted)
    shade.setAlphaF({Role.ANTIDEPRESSANT: 0.22, Role.OTHER: 0.0}.get(bar.role, 0.08))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawPolygon(QPolygonF([*right, *reversed(left)]))
    # Where a bar goes on past the picture it has no end.
    painter.setPen(pen(palette.muted, 1.0))
    sides = [QLineF(start, corners[0]), QLineF(corners[2], corners[1])]
    sides += [] if goes_on else joined(right)
    sides += [] if begun_before else joined(left)
    painter.drawLines(sides)
    # The pattern keeps clear of the words.
    inside = block.left <= block.text_left and block.text and block.text_right <= block.right
    begin = block.text_right + 3 if inside else block.left + 1
    painter.setPen(pen(palette.muted, 0.75, 0.8))
    if bar.role is Role.AUGMENTATION and block.right - begin > 2:
        painter.drawLines(hatching(*boxed(begin, top, block.right - begin, BAR), 4.0))
    elif bar.role is Role.ECT:
        count = int((block.right - begin) // 3)
        painter.drawLines([QLineF(begin + 3 * i, top, begin + 3 * i, bottom) for i in range(1, count + 1)])


def _teeth(x: float, top: float, bottom: float) -> list[QPointF]:
    """Return a torn edge from top to bottom."""
    height = (bottom - top) / 4
    return [QPointF(x + (TOOTH if i % 2 else 0.0), top + height * i) for i in range(1, 4)]


def events(painter: QPainter, stage: Stage, lane: QRectF) -> None:
    """Paint a lettered diamond an event; neighbours that would touch share a long one."""
    y, palette = lane.center().y(), stage.palette
    half = 8.5
    for cluster in clusters(stage, stage.drawing.alongside.events):
        x, wide = cluster.x, max(cluster.half - half, 0.0)
        painter.setPen(pen(palette.ink, 1.0))
        painter.setBrush(QColor(palette.surface))
        shape = [
            QPointF(x - wide, y - half),
            QPointF(x + wide, y - half),
            QPointF(x + wide + half, y),
            QPointF(x + wide, y + half),
            QPointF(x - wide, y + half),
            QPointF(x - wide - half, y),
        ]
        painter.drawPolygon(QPolygonF(shape))
        stage.write(painter, QPointF(x, y), cluster.text, colour=palette.ink, pixels=9, weight=SEMIBOLD, align=0.5)


PAINTED: dict[str, Callable[[QPainter, Stage, QRectF], None]] = {
    "item9": item9,
    "sessions": sessions,
    "phases": phases,
    "medication": medication,
    "events": events,
}
