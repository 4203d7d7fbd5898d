"""A link beside a feature that opens the manual where it explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.ui import theme
from trdtrack.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton


def more_about(topic: str, *, name: str) -> QPushButton:
    """Return a link to a topic of the manual. `name` says for a screen reader what it is more about."""
    made = theme.button(_("More in the help"), flat=True)
    made.setAccessibleName(_("More in the help: {name}").format(name=name))
    made.clicked.connect(lambda: _open(made, topic))
    return made


def _open(link: QPushButton, topic: str) -> None:
    from trdtrack.ui.window import Window

    window = link.window()
    if isinstance(window, Window):
        window.over.show_help(topic)
