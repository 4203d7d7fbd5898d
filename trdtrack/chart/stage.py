"""What every part of the chart shares: drawing, colours, type, and where a day and a total lie in pixels."""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPainter, QPen

from trdtrack.chart.palette import FONT, LIGHT, Palette
from trdtrack.chart.window import whole
from trdtrack.paths import resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.chart.drawing import Drawing
    from trdtrack.chart.window import Window

T = TypeVar("T")
LOWEST, HIGHEST = -0.5, 27.5
"""The axis is 0-27 for everybody, with a little air."""
PAD = 18.0
GUTTER = 122.0
"""Pixels left of the first day, and at least so many right of the last for the names of lines and bands."""
OVER = 14.0
REGULAR, MEDIUM, SEMIBOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


@cache
def _loaded(_application: int) -> None:
    for file in sorted((resources() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def load_fonts() -> None:
    """Make the bundled type known to this application, once. A bare machine has no other."""
    _loaded(id(QGuiApplication.instance()))


def lettering(pixels: int = 12, weight: QFont.Weight = REGULAR, *, tabular: bool = False) -> QFont:
    """Return the chart's type, with ligatures and contextual forms off: copied text stays as written."""
    font = QFont(FONT)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("liga"), 0)
    font.setFeature(QFont.Tag("calt"), 0)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


@cache
def pen(colour: str, width: float = 1.0, alpha: float = 1.0, *, rounded: bool = False) -> QPen:
    """Return a pen that scales with the page: cosmetic pens print as wide as they please. Not to be altered."""
    shade = QColor(colour)
    shade.setAlphaF(alpha)
    made = QPen(shade, width)
    made.setCosmetic(False)
    made.setCapStyle(Qt.PenCapStyle.RoundCap if rounded else Qt.PenCapStyle.FlatCap)
    return made


@dataclass(kw_only=True)
class Type:
    """The type in its sizes and weights, measured and set; `tabular` gives every digit the same width."""

    fonts: dict[tuple[int, QFont.Weight, bool], tuple[QFont, QFontMetricsF]] = field(
        default_factory=dict[tuple[int, QFont.Weight, bool], tuple[QFont, QFontMetricsF]]
    )

    def font(self, pixels: int = 12, weight: QFont.Weight = REGULAR, *, tabular: bool = False) -> QFont:
        """Return the type in a size, kept."""
        return self._kept(pixels, weight, tabular=tabular)[0]

    def measure(self, text: str, pixels: int = 12, weight: QFont.Weight = REGULAR, *, tabular: bool = False) -> float:
        """Width of a text in pixels."""
        return self._kept(pixels, weight, tabular=tabular)[1].horizontalAdvance(text)

    def elided(self, text: str, room: float, pixels: int = 12, weight: QFont.Weight = REGULAR) -> str:
        """Return a text cut to so many pixels, with an ellipsis where it was cut."""
        return self._kept(pixels, weight, tabular=False)[1].elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _kept(self, pixels: int, weight: QFont.Weight, *, tabular: bool) -> tuple[QFont, QFontMetricsF]:
        key = (pixels, weight, tabular)
        if key not in self.fonts:
            font = lettering(pixels, weight, tabular=tabular)
            self.fonts[key] = (font, QFontMetricsF(font))
        return self.fonts[key]

    def write(
        self,
        painter: QPainter,
        at: QPointF,
        text: str,
        *,
        colour: str,
        pixels: int = 12,
        weight: QFont.Weight = REGULAR,
        align: float = 0.0,
        tabular: bool = False,
    ) -> None:
        """Set a text with its middle height at a point; `align` 0 starts there, 0.5 is centred, 1 ends there."""
        painter.setFont(self.font(pixels, weight, tabular=tabular))
        painter.setPen(pen(colour))
        left = at.x() - align * self.measure(text, pixels, weight, tabular=tabular)
        # 0.727 em is Inter's height of capitals: centring on it looks centred beside digits.
        painter.drawText(QPointF(left, at.y() + 0.727 * pixels / 2), text)


@dataclass
class Stage(Type):
    """The one thing the parts look at while they paint. `window`: the part shown, as places on the scale."""

    drawing: Drawing
    palette: Palette = LIGHT
    width: float = 1.0
    height: float = 1.0
    first: float = 0.0
    last: float = 1.0
    window: Window | None = None
    gutter: float = GUTTER
    edge: float = 1.0
    """Where what is shown ends, and the names begin, in pixels."""
    a_place: float = 1.0
    """Pixels a place on the scale."""

    def fit(self, width: float, height: float) -> None:
        """Spread what is shown over the width, leaving room for the names at the right."""
        self.width, self.height = max(width, 1.0), max(height, 1.0)
        room = max(self.width - PAD - self.gutter, 40.0)
        begin, end = self.window or whole(self.drawing)
        a_pixel = max(end - begin, 1e-6) / room
        self.first = begin - PAD * a_pixel
        self.last = self.first + self.width * a_pixel
        self.edge = PAD + (end - begin) / a_pixel
        self.a_place = 1 / a_pixel

    def x(self, day: float) -> float:
        """Where a day (ordinal) lies, in pixels from the left."""
        scale = self.drawing.scale
        return ((scale.place(day) if scale.days else day) - self.first) * self.a_place

    def day(self, x: float) -> float:
        """Which day lies at a pixel."""
        return self.drawing.scale.day(self.first + x / self.width * (self.last - self.first))

    def y(self, total: float) -> float:
        """Where a total lies, in pixels from the top."""
        return (HIGHEST - total) / (HIGHEST - LOWEST) * self.height

    def shows(self, x: float) -> bool:
        """Whether a pixel lies where scores and lines are drawn."""
        return -1e-6 <= x <= self.edge + 1e-6


class Layer(pg.GraphicsObject):
    """A part of the picture over the plot, painted in the plot's own pixels."""

    def __init__(self, box: pg.ViewBox, stage: Stage) -> None:
        super().__init__(box)
        self.stage = stage
        self._made_for: object = None
        self._made: Any = None

    def once(self, work_out: Callable[[Stage], T]) -> T:
        """Return what is worked out from the stage, worked out anew only when what is shown has changed."""
        stage = self.stage
        key = (stage.drawing, stage.palette, stage.width, stage.height, stage.window)
        if self._made_for != key:
            self._made_for, self._made = key, work_out(stage)
        return self._made

    def boundingRect(self) -> QRectF:
        """Cover the plot, and the rings round its outermost points."""
        return QRectF(-OVER, -OVER, self.stage.width + 2 * OVER, self.stage.height + 2 * OVER)

    def paint(self, painter: QPainter, option: object, widget: object = None) -> None:  # noqa: ARG002
        """Paint, smooth."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, self.stage)

    def draw(self, painter: QPainter, stage: Stage) -> None:
        """Paint this part."""
        raise NotImplementedError
