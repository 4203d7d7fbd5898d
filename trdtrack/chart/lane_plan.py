"""Which lanes stand under the plot and how high: empty ones take no room, and the plot keeps most of the height.

Where the height is short the lanes give way in this order: the legend of the events to one row, the medication to two
rows, the phases, the medication to one row, the legend, the events, the medication. Item 9 and the sessions stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trdtrack.chart.packing import legend, packed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.chart.stage import Stage

ITEM9, SESSIONS, PHASES, ROW, EVENTS, WORDS = 20.0, 16.0, 14.0, 15.0, 18.0, 15.0
MOST_ROWS = 4
MOST_WORDS = 3
AIR = 3.0
PLOT = 0.6
"""Share of the height that the plot keeps."""


@dataclass(frozen=True)
class Plan:
    """The lanes there are; rows of medication and of the legend."""

    item9: bool = False
    sessions: bool = False
    phases: bool = False
    medication: int = 0
    events: bool = False
    words: int = 0

    def lanes(self) -> Iterator[tuple[str, float]]:
        """Yield each lane and its height, from the top."""
        for name, there, height in (
            ("item9", self.item9, ITEM9),
            ("sessions", self.sessions, SESSIONS),
            ("phases", self.phases, PHASES),
            ("medication", bool(self.medication), self.medication * ROW + AIR),
            ("events", self.events, EVENTS),
        ):
            if there:
                yield name, height

    @property
    def height(self) -> float:
        """Height of the lanes."""
        heights = [height for _, height in self.lanes()]
        return sum(heights) + AIR if heights else 0.0

    @property
    def legend(self) -> float:
        """Height of the legend."""
        return self.words * WORDS


def plan(stage: Stage, room: float) -> Plan:
    """Choose the lanes of a whole course, so that they take no more than `room` pixels if they can."""
    found = stage.drawing.alongside
    blocks, _hidden = packed(stage, found.treatments, MOST_ROWS)
    words = 0
    if found.events:
        words = next((n for n in range(1, MOST_WORDS) if not legend(stage, found.events, n)[1]), MOST_WORDS)
    chosen = Plan(
        item9=bool(found.item9),
        sessions=bool(found.sessions or found.flags),
        phases=bool(found.phases),
        medication=max((block.row + 1 for block in blocks), default=0),
        events=bool(found.events),
        words=words,
    )
    for less in _less(chosen):
        if chosen.height + chosen.legend <= room:
            break
        chosen = less
    return chosen


def _less(full: Plan) -> Iterator[Plan]:
    """Yield plans that take less and less room."""
    for words, rows, phases, events in (
        (1, MOST_ROWS, True, True),
        (1, 2, True, True),
        (1, 2, False, True),
        (1, 1, False, True),
        (0, 1, False, True),
        (0, 1, False, False),
        (0, 0, False, False),
    ):
        yield replace(
            full,
            words=min(full.words, words),
            medication=min(full.medication, rows),
            phases=full.phases and phases,
            events=full.events and events,
        )
