"""A finished paper on a printer: its pages as pictures fine enough for print, each filling a sheet."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPaintEngine, QPainter
from PySide6.QtPrintSupport import QPrinter

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.report.sheet import Size
from trdtrack.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

FINE, COARSE, PREVIEWED = 300, 150, 100
"""Dots an inch: finer than an eye sees; what a long paper is printed with; on the screen."""
SHORT = 8
"""Pages up to which a paper is printed fine: one page is a picture of 35 MB."""
PRINT_SOCKET = "/run/cups/cups.sock"
"""Where the printing service of a Linux computer listens, without any network."""
_SIZES = {Size.A4: QPageSize.PageSizeId.A4, Size.LETTER: QPageSize.PageSizeId.Letter}


def dots_for(pages: int) -> int:
    """Return how fine a paper of so many pages is printed."""
    return FINE if pages <= SHORT else COARSE


def in_preview(printer: QPrinter) -> bool:
    """Whether what is painted on a printer only goes to the screen."""
    return printer.paintEngine().type() is QPaintEngine.Type.Picture


def named(printer: QPrinter) -> str:
    """Return where a printer puts what is printed, as the history is to hold it."""
    return printer.outputFileName() or printer.printerName() or _("a printer")


def printer_for(size: Size) -> QPrinter:
    """Return the usual printer, set to a sheet of this size without margins: the paper has its own."""
    if sys.platform.startswith("linux"):
        # Left to itself, what asks for printers tries this computer's own internet address where it finds no socket.
        os.environ.setdefault("CUPS_SERVER", PRINT_SOCKET)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    # Seen in the list of jobs, by anybody at the printer.
    printer.setDocName("TRDTrack")
    printer.setFullPage(True)
    page = QPageSize(_SIZES[size])
    printer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    return printer


def paint_pages(printer: QPrinter, pages: Sequence[bytes]) -> None:
    """Paint pages (PNG) on a printer, those of the range it was set to. Refuses where the printer does not begin."""
    first, last = printer.fromPage() or 1, printer.toPage() or len(pages)
    painter = QPainter()
    if not painter.begin(printer):
        raise Refusal(message("The printer does not answer: nothing was printed."))
    try:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, page in enumerate(pages[first - 1 : last]):
            if number:
                printer.newPage()
            picture = QImage.fromData(page)
            sheet = printer.pageLayout().fullRectPixels(printer.resolution())
            fitting = picture.size().scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
            painter.drawImage(QRectF(0, 0, fitting.width(), fitting.height()), picture)
    finally:
        painter.end()
