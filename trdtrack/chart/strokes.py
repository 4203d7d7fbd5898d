"""Lines worked out as lines: dashes, hatching, and what is left of a run within the plot.

Worked out rather than left to pens, brushes and clips: on paper a clip is lost, a brush becomes a bitmap, and a dashed
pen starts anew at every corner.
"""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF

if TYPE_CHECKING:
    from collections.abc import Sequence


def broken(points: Sequence[QPointF], on: float, off: float) -> list[QLineF]:
    """Cut a bent line into dashes that go on round its bends."""
    dashes: list[QLineF] = []
    period, ahead = on + off, 0.0  # `ahead`: pixels from this corner to the next dash's beginning, or less than 0
    for a, b in pairwise(points):
        x, y, dx, dy = a.x(), a.y(), b.x() - a.x(), b.y() - a.y()
        length = hypot(dx, dy)
        if not length:
            continue
        dx, dy = dx / length, dy / length
        while ahead < length:
            begin, end = max(ahead, 0.0), min(ahead + on, length)
            dashes.append(QLineF(x + dx * begin, y + dy * begin, x + dx * end, y + dy * end))
            if ahead + on > length:
                break
            ahead += period
        ahead -= length
    return dashes


def joined(points: Sequence[QPointF]) -> list[QLineF]:
    """Return the stretches of a bent line: `drawLines` is a hundred times faster than a smooth `drawPolyline`."""
    return [QLineF(a, b) for a, b in pairwise(points)]


def within(points: Sequence[QPointF], left: float, right: float) -> list[QPointF]:
    """Return what of a run with rising x lies between two edges, cut where it crosses them."""
    if not points or (points[0].x() >= left and points[-1].x() <= right):
        return list(points)
    kept: list[QPointF] = []
    for a, b in pairwise(points):
        begin, end = max(a.x(), left), min(b.x(), right)
        if begin > end or a.x() == b.x():
            continue
        slope = (b.y() - a.y()) / (b.x() - a.x())
        if not kept:
            kept.append(QPointF(begin, a.y() + slope * (begin - a.x())))
        kept.append(QPointF(end, a.y() + slope * (end - a.x())))
    return kept


def hatching(top: Sequence[QPointF], bottom: Sequence[QPointF], gap: float, *, falls: bool = False) -> list[QLineF]:
    """Fill what lies between two runs over the same x with slanting lines, rising to the right or falling."""
    lines: list[QLineF] = []
    slant = -1.0 if falls else 1.0
    (x0, a, c), *corners = _sparse(top, bottom, gap) or [(0.0, 0.0, 0.0)]
    for x1, b, d in corners:
        up, down = (b - a) / (x1 - x0), (d - c) / (x1 - x0)
        # A line y = k - slant x lies below the top where k - slant x >= a + up (x - x0), above the bottom likewise.
        first = min(a + slant * x0, b + slant * x1)
        last = max(c + slant * x0, d + slant * x1)
        k = -(-first // gap) * gap
        while k <= last:
            begin, end = x0, x1
            for slope, y, under in ((up, a, True), (down, c, False)):
                # (slant + slope) x <= k - y + slope x0 for the top, >= for the bottom.
                steep, right = slant + slope, k - y + slope * x0
                if abs(steep) < 1e-9:
                    if (right < 0) == under:
                        begin, end = 1.0, 0.0
                elif (steep > 0) == under:
                    end = min(end, right / steep)
                else:
                    begin = max(begin, right / steep)
            if begin < end:
                lines.append(QLineF(begin, k - slant * begin, end, k - slant * end))
            k += gap
        x0, a, c = x1, b, d
    return lines


def _sparse(top: Sequence[QPointF], bottom: Sequence[QPointF], gap: float) -> list[tuple[float, float, float]]:
    """Return corners (x, upper y, lower y) of which no two but the last are nearer than the hatching is fine."""
    corners: list[tuple[float, float, float]] = []
    for a, c in zip(top, bottom, strict=True):
        if not corners or a.x() >= corners[-1][0] + gap or (a is top[-1] and a.x() > corners[-1][0]):
            corners.append((a.x(), a.y(), c.y()))
    return corners


def boxed(left: float, top: float, width: float, height: float) -> tuple[list[QPointF], list[QPointF]]:
    """Return a box's upper and lower edge, to be hatched."""
    right, bottom = left + width, top + height
    return [QPointF(left, top), QPointF(right, top)], [QPointF(left, bottom), QPointF(right, bottom)]
