"""The chart on paper: the same class drawn at the paper's size in the light palette, as vectors with real text.

Every part paints in plain pixels with pens that scale, so the SVG holds no cosmetic pens and no bitmaps. Needs a
QApplication (offscreen will do), on the main thread.
"""

# pyqtgraph has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator

from trdtrack.chart.palette import LIGHT
from trdtrack.chart.trajectory import TrajectoryChart

if TYPE_CHECKING:
    from trdtrack.domain.summary import Summary

PIXEL = 25.4 / 108
"""Millimetres a pixel: 12 pixels of type become 8 points."""


_EFFECT = re.compile(r' vector-effect="[a-z-]+"')
_EMPTY = re.compile(r"<g\b[^>]*>\s*</g>\s*")


def chart_svg(summary: Summary, *, width_mm: float, height_mm: float) -> bytes:
    """Return the chart of a course as an SVG of that size."""
    size = QSize(round(width_mm / PIXEL), round(height_mm / PIXEL))
    chart = TrajectoryChart(LIGHT)
    try:
        chart.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        chart.setMinimumSize(1, 1)
        chart.resize(size)
        chart.setBackground(None)
        chart.show()
        chart.draw(summary)
        return _svg(chart, size)
    finally:
        chart.hide()
        chart.deleteLater()


def _svg(chart: TrajectoryChart, size: QSize) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    painter = QPainter(generator)
    chart.render(painter, QRectF(0, 0, size.width(), size.height()), chart.rect())
    painter.end()
    buffer.close()
    text = bytes(data.data()).decode("utf-8")
    # No pen here is cosmetic (a test looks), so this only takes away what typst does not know.
    text = _EFFECT.sub("", text)
    while (less := _EMPTY.sub("", text)) != text:
        text = less
    return text.encode("utf-8")
