"""Which part of a course the chart shows, and how wheel, drag and keys may move it: never out of sight of the scores.

A window is a pair of places on the drawing's scale; None is the whole course. No Qt, no pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trdtrack.chart.drawing import Drawing

Window = tuple[float, float]
MONTH = 365.25 / 12
LEAST_DAYS, LEAST_SESSIONS = 14.0, 2.0
"""One does not zoom further in than this."""
NEAR = 0.1
"""Share of the window within which the first or the last score stays."""
LOOK_AHEAD = 0.03
"""Share of the window right of the latest score."""


def whole(drawing: Drawing) -> Window:
    """Return all there is."""
    return drawing.scale.place(drawing.start), drawing.scale.place(drawing.end)


def kept(wanted: Window, drawing: Drawing) -> Window | None:
    """Return the window nearest to the one wanted in which scores stay in sight; None where that is all there is.

    With fewer than two scores there is nothing to look into.
    """
    first, last = whole(drawing)
    stops = drawing.stops
    least = LEAST_SESSIONS if drawing.scale.days else LEAST_DAYS
    width = max(wanted[1] - wanted[0], least)
    if len(stops) < 2 or width >= 0.995 * (last - first):
        return None
    oldest, newest = drawing.scale.place(stops[0].x), drawing.scale.place(stops[-1].x)
    begin = max(wanted[0], first, oldest - (1 - NEAR) * width)
    begin = max(min(begin, last - width, newest - NEAR * width), first)
    return begin, begin + width


def months(drawing: Drawing, number: float) -> Window | None:
    """Return the latest so many months up to the last score."""
    if not drawing.stops:
        return None
    days = number * MONTH
    end = max(drawing.stops[-1].x + LOOK_AHEAD * days, drawing.start + days)
    place = drawing.scale.place
    return kept((place(end - days), place(end)), drawing)


def spread(window: Window, drawing: Drawing) -> float:
    """Return how many months a window shows."""
    return (drawing.scale.day(window[1]) - drawing.scale.day(window[0])) / MONTH


def about(window: Window, at: float, factor: float) -> Window:
    """Return a window `factor` times as wide, a place keeping where it is."""
    return at - (at - window[0]) * factor, at + (window[1] - at) * factor


def moved(window: Window, by: float) -> Window:
    """Return a window moved by so many places."""
    return window[0] + by, window[1] + by


def holding(window: Window, place: float) -> Window:
    """Return the window moved as little as it must be to show a place."""
    air = NEAR / 2 * (window[1] - window[0])
    return moved(window, min(place - air - window[0], 0.0) + max(place + air - window[1], 0.0))
