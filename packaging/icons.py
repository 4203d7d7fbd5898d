"""Draw the program's icon in the sizes that desktops want, from resources/trdtrack.svg; run by the packaged Python."""

import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS = (16, 24, 32, 48, 64, 128, 256)
MACOS = {b"ic11": 32, b"ic12": 64, b"ic07": 128, b"ic08": 256, b"ic09": 512, b"ic10": 1024}
"""The kinds of picture in an .icns file that are PNGs, and the pixels of each."""


def draw(source: Path, size: int) -> bytes:
    """Return the icon as a PNG, a square of this many pixels."""
    image = QImage(QSize(size, size), QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return buffer.data().data()


def ico(pictures: dict[int, bytes]) -> bytes:
    """Return an icon file of Windows that holds these PNGs, by their pixels; it writes 256 as 0."""
    head, at = struct.pack("<3H", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, png in pictures.items():
        head += struct.pack("<4B2H2I", size % 256, size % 256, 0, 0, 1, 32, len(png), at)
        at += len(png)
    return head + b"".join(pictures.values())


def icns(pictures: dict[bytes, bytes]) -> bytes:
    """Return an icon file of macOS that holds these PNGs, by their kinds."""
    body = b"".join(kind + struct.pack(">I", 8 + len(png)) + png for kind, png in pictures.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main(source: Path, out: Path) -> None:
    """Write trdtrack-SIZE.png, trdtrack.ico and trdtrack.icns."""
    out.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        (out / f"trdtrack-{size}.png").write_bytes(draw(source, size))
    (out / "trdtrack.ico").write_bytes(ico({size: draw(source, size) for size in WINDOWS}))
    (out / "trdtrack.icns").write_bytes(icns({kind: draw(source, size) for kind, size in MACOS.items()}))


if __name__ == "__main__":
    application = QGuiApplication(["icons", "-platform", "offscreen"])
    main(Path(sys.argv[1]), Path(sys.argv[2]))
