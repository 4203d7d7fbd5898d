"""The clipboard: what was copied in this program goes, what another program put there is left alone."""

from __future__ import annotations

from PySide6.QtGui import QClipboard


def empty(clipboard: QClipboard) -> None:
    """Empty the clipboard of what was copied here; another program's is left alone."""
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
