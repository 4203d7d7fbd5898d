"""Draw the program's icon in the sizes that desktops want, from resources/trdtrack.svg; run by the packaged Python."""

import sys
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS, MACOS = 256, 1024
"""The one size of an .ico and an .icns that all others are scaled from."""


def draw(source: Path, size: int) -> QImage:
    """Return the icon as a square of this many pixels."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    return image


def main(source: Path, out: Path) -> None:
    """Write trdtrack-SIZE.png, and trdtrack.ico and .icns where this Qt can."""
    out.mkdir(parents=True, exist_ok=True)
    wanted = {f"trdtrack-{size}.png": size for size in SIZES} | {"trdtrack.ico": WINDOWS, "trdtrack.icns": MACOS}
    kinds = {bytes(kind.data()).decode() for kind in QImageWriter.supportedImageFormats()}
    for name, size in wanted.items():
        if name.rpartition(".")[2] in kinds and not draw(source, size).save(str(out / name)):
            sys.exit(f"{name} could not be drawn.")


if __name__ == "__main__":
    application = QGuiApplication(["icons", "-platform", "offscreen"])
    main(Path(sys.argv[1]), Path(sys.argv[2]))
