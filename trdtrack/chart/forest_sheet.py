"""A forest plot in pixels: what is set and drawn where. `forest_columns` fills it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trdtrack.chart.stage import REGULAR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFont

    from trdtrack.chart.forest_drawing import ForestDrawing
    from trdtrack.chart.stage import Type

MARGIN, EDGE = 8.0, 6.0
"""Pixels left free at the sides, and above and below."""
SUB, SMALL = 12.5, 11
"""Height of a row of small type, and its size."""
TICK = 4.0


@dataclass(frozen=True)
class Words:
    """A text where it is set; `colour` is the palette's name for it."""

    text: str
    left: float
    middle: float
    width: float
    colour: str = "ink"
    pixels: int = 12
    weight: QFont.Weight = REGULAR
    tabular: bool = False

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.left + self.width

    def touches(self, other: Words) -> bool:
        """Whether the letters of two texts meet, from the height of capitals to descenders."""
        tall = 0.47 * (self.pixels + other.pixels)
        return self.left < other.right and other.left < self.right and abs(self.middle - other.middle) < tall


@dataclass
class Sheet:
    """A forest plot laid out: `x` puts a g in pixels, `rows` the middle height of each of the drawing's lines."""

    drawing: ForestDrawing
    type: Type
    width: float
    row: float
    left: float = 0.0
    right: float = 0.0
    words: list[Words] = field(default_factory=list[Words])
    rows: list[float] = field(default_factory=list[float])
    blocks: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """From where to where the line of no difference goes down."""
    head: float = 0.0
    foot: float = 0.0
    ticks: tuple[float, ...] = ()
    height: float = EDGE

    def x(self, g: float) -> float:
        """Where a g lies, in pixels from the left."""
        drawing = self.drawing
        return self.left + (g - drawing.first) / (drawing.last - drawing.first) * (self.right - self.left)

    def put(self, text: str, x: float, middle: float, *, align: float = 0.0, **style: object) -> Words:
        """Set a text at a height; `align` as in `Type.write`."""
        words = Words(text, x, middle, 0.0, **style)  # pyright: ignore[reportArgumentType]
        width = self.type.measure(text, words.pixels, words.weight, tabular=words.tabular)
        words = Words(text, x - align * width, middle, width, **style)  # pyright: ignore[reportArgumentType]
        self.words.append(words)
        return words


def wrapped(type_: Type, text: str, width: float, pixels: int) -> Iterable[str]:
    """Yield a text's rows, broken at spaces; a word wider than the width stands alone."""
    row = ""
    for word in text.split(" "):
        longer = f"{row} {word}" if row else word
        if row and type_.measure(longer, pixels) > width:
            yield row
            row = word
        else:
            row = longer
    if row:
        yield row


def cut(type_: Type, text: str, width: float) -> str:
    """Return a text that fits, its end as an ellipsis where it does not."""
    if type_.measure(text) <= width:
        return text
    while text and type_.measure(text + "\u2026") > width:
        text = text[:-1]
    return text.rstrip() + "\u2026"
