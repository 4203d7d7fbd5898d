"""The figures on paper: the same classes drawn at the paper's size in the light palette, as vectors with real text.

Every part paints in plain pixels with pens that scale, so the SVG holds no cosmetic pens and no bitmaps. Needs a
QApplication (offscreen will do), on the main thread.
"""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtSvg import QSvgGenerator

from trdtrack.chart.forest import ForestPlot, Picture
from trdtrack.chart.palette import LIGHT
from trdtrack.chart.trajectory import TrajectoryChart
from trdtrack.chart.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from trdtrack.chart.still import StillView
    from trdtrack.domain.pooling import Pooled
    from trdtrack.domain.summary import Summary
    from trdtrack.domain.trials import Published

PIXEL = 25.4 / 108
"""Millimetres a pixel: 12 pixels of type become 8 points."""


_EFFECT = re.compile(r' vector-effect="[a-z-]+"')
_TEXT = re.compile(r'(<text [^>]*\bx=")([^"]+)("[^>]*font-size=")(\d+)("[^>]*font-weight=")(\d+)("[^>]*>)([^<]*)')
_EMPTY = re.compile(r"<g\b[^>]*>\s*</g>\s*")


def chart_svg(
    summary: Summary, *, width_mm: float, height_mm: float, forecast: bool = False, view: View | None = None
) -> bytes:
    """Return the chart of a course as an SVG of that size, as it is asked for; withdrawn scores are never on it."""
    chart = TrajectoryChart(LIGHT)
    chart.show_view((view or View(ahead=forecast)).printed)
    # The patient's larger type needs no magnifying: the same picture is drawn into fewer, larger pixels.
    larger = chart.larger
    chart.set_larger(1.0)
    return _on_paper(chart, lambda: chart.draw(summary), width_mm / larger, height_mm / larger)


def forest_svg(pooled: Sequence[Pooled], published: Sequence[Published], *, width_mm: float, height_mm: float) -> bytes:
    """Return a forest plot as an SVG of that width, and higher than asked for if its rows need it."""
    plot = ForestPlot(LIGHT)
    svg = _on_paper(plot, lambda: plot.draw(pooled, published), width_mm, height_mm)
    return _in_columns(svg, plot.picture)


def _in_columns(svg: bytes, picture: Picture) -> bytes:
    """Give each letter of a tabular figure its place: an SVG does not say that digits are to be of one width."""
    tabular = {words.text for words in picture.sheet.words if words.tabular}

    def spaced(found: re.Match[str]) -> str:
        before, x, to_size, size, to_weight, weight, after, text = found.groups()
        if text.strip() not in tabular:
            return found[0]
        style = (int(size), QFont.Weight(int(weight)))
        measure = picture.letters.measure
        places = [float(x) + measure(text[:i], *style, tabular=True) for i in range(len(text))]
        spare = [0.0, *(measure(c, *style, tabular=True) - measure(c, *style) for c in text), 0.0]
        # A narrow digit stands in the middle of its place, two of them nearer together: copied text stays one figure.
        shift = [
            own * (0.5 + 0.25 * ((later > 1) - (earlier > 1)))
            for earlier, own, later in zip(spare, spare[1:], spare[2:], strict=False)
        ]
        xs = " ".join(f"{place + by:.2f}" for place, by in zip(places, shift, strict=True))
        return f"{before}{xs}{to_size}{size}{to_weight}{weight}{after}{text}"

    return _TEXT.sub(spaced, svg.decode("utf-8")).encode("utf-8")


def _on_paper(view: StillView, draw: Callable[[], None], width_mm: float, height_mm: float) -> bytes:
    size = QSize(round(width_mm / PIXEL), round(height_mm / PIXEL))
    with unseen(view, size):
        view.setBackground(None)
        draw()
        return svg_of(view, view.size())


@contextmanager
def unseen(view: StillView, size: QSize) -> Generator[None]:
    """Give a figure a size and its layout without showing it, and let go of it afterwards."""
    try:
        view.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        view.setMinimumSize(1, 1)
        view.resize(size)
        view.show()
        yield
    finally:
        view.hide()
        view.deleteLater()


def svg_of(view: StillView, size: QSize) -> bytes:
    """Return a figure that is laid out as vectors."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    painter = QPainter(generator)
    view.render(painter, QRectF(0, 0, size.width(), size.height()), view.rect())
    painter.end()
    buffer.close()
    text = bytes(data.data()).decode("utf-8")
    # No pen here is cosmetic (a test looks), so this only takes away what typst does not know.
    text = _EFFECT.sub("", text)
    while (less := _EMPTY.sub("", text)) != text:
        text = less
    return text.encode("utf-8")
