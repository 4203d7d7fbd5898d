"""Where bars, diamonds and words stand in their lanes, in pixels: nothing overlaps, and what has no room is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.chart.stage import SEMIBOLD
from trdtrack.domain.message import message, plural
from trdtrack.domain.records import Role
from trdtrack.words import day, month_day, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trdtrack.chart.alongside import Bar, Happening, Item9Mark
    from trdtrack.chart.stage import Stage

SQUARE = 14.0
SMALL = 10
"""Pixels of the type in bars."""
WORDS = 11
"""Pixels of the type in the legend."""
INSET, APART = 5.0, 4.0
TOUCH = 1.0
POINT = 5.0
"""How far the end of a treatment still taken points on."""
LEAST_BAR = 5.0
LEAST_TEXT = 22.0
LEAST_WORDS = 130.0
"""An event's words are cut to no less than this many pixels."""
DIAMOND = 17.0
YEAR = 365.0
AFTER_LETTER, AFTER_DAY, GAP = 4.0, 6.0, 16.0
"""Pixels after an event's letter, its day, and its words."""


def squares(marks: tuple[Item9Mark, ...], xs: list[float]) -> set[int]:
    """Choose which marks have room for their square: open ones first, then the highest, then the latest."""
    order = sorted(
        range(len(marks)), key=lambda i: (marks[i].unsettled, marks[i].raised, marks[i].text, i), reverse=True
    )
    kept: set[int] = set()
    taken: dict[int, list[float]] = {}
    for i in order:
        cell = int(xs[i] // SQUARE)
        near = [x for c in (cell - 1, cell, cell + 1) for x in taken.get(c, ())]
        if all(abs(xs[i] - x) >= SQUARE + 1 for x in near):
            kept.add(i)
            taken.setdefault(cell, []).append(xs[i])
    return kept


@dataclass(frozen=True)
class Block:
    """A treatment's bar in its row, and its text: inside it, or beside it where it is too short."""

    bar: Bar
    row: int
    left: float
    right: float
    text: str
    text_left: float
    text_right: float

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where bar and text go."""
        return min(self.left, self.text_left), max(self.right, self.text_right)


def packed(stage: Stage, bars: Sequence[Bar], rows: int) -> tuple[list[Block], int]:
    """Pack the bars in sight into rows, those still taken and the latest first; count those without room."""
    blocks: list[Block] = []
    used: list[list[tuple[float, float]]] = [[] for _ in range(rows)]
    hidden = 0
    for bar in sorted(bars, key=lambda bar: (not bar.ongoing, -bar.x1, -(bar.x0 or 0.0))):
        left = 0.0 if bar.x0 is None else stage.x(bar.x0)
        right = stage.x(bar.x1)
        if right < 0 or left > stage.edge:
            continue
        left = max(left, 0.0)
        right = min(max(right, left + LEAST_BAR), max(stage.edge, left + LEAST_BAR))
        for row, text, begin, end in _ways(stage, bar, left, right, rows):
            # A bar may end where the next begins; words beside one need air.
            least, most = min(left, begin - APART), max(right, end + APART)
            if all(most <= a + TOUCH or b <= least + TOUCH for a, b in used[row]):
                used[row].append((least, most))
                blocks.append(Block(bar, row, left, right, text, begin, end))
                break
        else:
            hidden += 1
    return blocks, hidden


def _ways(stage: Stage, bar: Bar, left: float, right: float, rows: int) -> Iterator[tuple[int, str, float, float]]:
    """Offer the places of a bar's text in the order wanted: all of it inside, all of it beside, then cut."""
    name = say(message("+ {name}", name=bar.name)) if bar.role is Role.AUGMENTATION else bar.name
    wide, inside = stage.measure(name, SMALL), right - left - 2 * INSET
    right_of = right + INSET + (POINT if bar.ongoing else 0.0)
    ways: list[tuple[str, float, float]] = []
    if wide <= inside:
        ways.append((name, left + INSET, left + INSET + wide))
    else:
        if right_of + wide <= stage.edge:
            ways.append((name, right_of, right_of + wide))
        elif left - INSET - wide >= 0:
            ways.append((name, left - INSET - wide, left - INSET))
        if inside >= LEAST_TEXT:
            ways.append((stage.elided(name, inside, SMALL), left + INSET, right - INSET))
        ways.append(("", left, left))
    yield from ((row, *way) for way in ways for row in range(rows))


@dataclass(frozen=True)
class Cluster:
    """Events too near each other for a diamond each: one mark with their letters."""

    x: float
    half: float
    text: str
    events: tuple[Happening, ...]


def clusters(stage: Stage, events: Sequence[Happening]) -> list[Cluster]:
    """Return the diamonds in sight, neighbours that would touch made one."""
    found: list[Cluster] = []
    for event in events:
        x = stage.x(event.x)
        if not stage.shows(x):
            continue
        cluster = _cluster(stage, (event,))
        while found and found[-1].x + found[-1].half + 1 > cluster.x - cluster.half:
            cluster = _cluster(stage, found.pop().events + cluster.events)
        found.append(cluster)
    return found


def _cluster(stage: Stage, events: tuple[Happening, ...]) -> Cluster:
    first, last = events[0], events[-1]
    middle = (stage.x(first.x) + stage.x(last.x)) / 2
    if len(events) == 1:
        return Cluster(middle, DIAMOND / 2, first.letter, events)
    text = f"{first.letter}\u2013{last.letter}" if len(events) > 2 else f"{first.letter} {last.letter}"
    return Cluster(middle, stage.measure(text, SMALL, SEMIBOLD) / 2 + 6, text, events)


@dataclass(frozen=True)
class Entry:
    """An event's letter, day and words in the legend."""

    row: int
    left: float
    letter: str
    when: str
    words: str


def legend(stage: Stage, events: Sequence[Happening], rows: int) -> tuple[list[Entry], str]:
    """Set the words of the events in sight in so many rows; return what of them had no room, in words."""
    shown = [event for event in events if stage.shows(stage.x(event.x))]
    if not rows or not shown:
        return [], ""
    # Where all have room in full they get it, else each an equal share, and in the end only the first ones.
    room = stage.width
    for share in (room, max(room * rows / len(shown) - GAP, LEAST_WORDS), LEAST_WORDS):
        entries = _flow(stage, shown, rows, share)
        if len(entries) == len(shown):
            return entries, ""
    rest = say(plural("+{n} more", "+{n} more", len(shown)))
    entries = _flow(stage, shown, rows, LEAST_WORDS, spare=stage.measure(rest, WORDS) + GAP)
    return entries, say(plural("+{n} more", "+{n} more", len(shown) - len(entries)))


def _flow(stage: Stage, events: Sequence[Happening], rows: int, share: float, *, spare: float = 0.0) -> list[Entry]:
    """Set words one after the other, each at most so wide, the last row keeping some room at its end."""
    entries: list[Entry] = []
    # The dates under the lanes name the year; a letter's day needs it only where it could be another's.
    years = stage.drawing.end - stage.drawing.start > YEAR
    row, left = 0, 0.0
    for event in events:
        when = day(event.when) if years else month_day(event.when)
        head = stage.measure(event.letter, WORDS, SEMIBOLD) + AFTER_LETTER + stage.measure(when, WORDS) + AFTER_DAY
        words = stage.elided(event.what, max(share - head, 20.0), WORDS)
        wide = head + stage.measure(words, WORDS)
        if left and left + wide > stage.width - (spare if row == rows - 1 else 0):
            row, left = row + 1, 0.0
        if row >= rows or left + wide > stage.width + 0.5:
            break
        entries.append(Entry(row, left, event.letter, when, words))
        left += wide + GAP
    return entries
