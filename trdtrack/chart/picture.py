"""The open chart taken along: copied as a picture or saved as vectors, as it is seen but for what never leaves it.

Always in the light palette, without the card of the chosen score and without withdrawn scores. On the main thread.
"""

# pyqtgraph has no types.
# pyright: reportUnknownMemberType=false
from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from trdtrack.chart.palette import LIGHT
from trdtrack.chart.paper import svg_of, unseen
from trdtrack.chart.trajectory import TrajectoryChart

if TYPE_CHECKING:
    from trdtrack.chart.view import View
    from trdtrack.domain.summary import Summary


def picture(chart: TrajectoryChart, *, scale: float = 2.0) -> QImage:
    """Return the open chart as an image of `scale` pixels for each on the screen."""
    twin = TrajectoryChart(LIGHT)
    with unseen(twin, chart.size()):
        twin.become(chart)
        return _image(twin, scale)


def picture_svg(chart: TrajectoryChart) -> bytes:
    """Return the open chart as an SVG, as wide and as far zoomed in as it is seen."""
    twin = TrajectoryChart(LIGHT)
    # What the patient view or a larger text size magnifies is drawn into fewer, larger pixels.
    size = chart.size() / chart.larger
    with unseen(twin, size):
        twin.setBackground(None)
        twin.become(chart)
        twin.set_larger(1.0)
        twin.set_text_size(1.0)
        twin.redraw_view()
        return svg_of(twin, twin.size())


def chart_png(
    summary: Summary, *, width_px: int, height_px: int, scale: float = 2.0, view: View | None = None
) -> bytes:
    """Return the chart of a course as a PNG; its size is in pixels of the screen, of which each has `scale` squared."""
    chart = TrajectoryChart(LIGHT)
    with unseen(chart, QSize(width_px, height_px)):
        if view:
            chart.show_view(view.printed)
        chart.draw(summary)
        return png(_image(chart, scale))


def png(image: QImage) -> bytes:
    """Return an image as the bytes of a PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
    buffer.close()
    return bytes(data.data())


def _image(chart: TrajectoryChart, scale: float) -> QImage:
    size = chart.size()
    image = QImage(round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    chart.render(painter, QRectF(0, 0, size.width(), size.height()), chart.rect(), Qt.AspectRatioMode.IgnoreAspectRatio)
    painter.end()
    return image
