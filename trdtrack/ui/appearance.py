"""What of the look is chosen: the palette in force, how large the text is, and whether the cursor may blink.

What is seen asks here while it is built. Colours are followed as they change; another text size takes effect when the
pages are built anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from trdtrack import settings
from trdtrack.chart.palette import CONTRAST, DARK, FONT, LIGHT, Palette
from trdtrack.ui.style import dress

if TYPE_CHECKING:
    from collections.abc import Callable

W = TypeVar("W", bound=QWidget)
BODY_PX = 13
THEMES: dict[str, Palette] = dict(zip(settings.THEMES, (LIGHT, DARK, CONTRAST), strict=True))


@dataclass
class _InForce:
    """What holds now; kept, for every cell painted asks."""

    look: settings.Look = field(default_factory=settings.Look)
    palette: Palette | None = None
    blink_ms: int = 0
    """How fast the system lets a text cursor blink."""


_now = _InForce()
_followers: WeakKeyDictionary[QWidget, Callable[[Any], None]] = WeakKeyDictionary()


def look() -> settings.Look:
    """Return what the person chose, or has not chosen."""
    return _now.look


def palette() -> Palette:
    """Return the palette in force: the one chosen, else what the system asks for."""
    if _now.palette is None:
        _now.palette = THEMES.get(_now.look.theme) or _of_system()
    return _now.palette


def _of_system() -> Palette:
    hints = QApplication.styleHints()
    # Held by a name: what Qt returns here lives only as long as the object it was asked of.
    accessibility = hints.accessibility()
    if accessibility.contrastPreference() is Qt.ContrastPreference.HighContrast:
        return CONTRAST
    return DARK if hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT


def colour(token: str) -> QColor:
    """Return a token's colour in the palette in force."""
    return _colour_of(getattr(palette(), token))


@cache
def _colour_of(code: str) -> QColor:
    return QColor(code)


def scale() -> float:
    """Return how much larger than usual the text is, 1 to 2."""
    return _now.look.text_size / 100


def px(usual: float) -> int:
    """Return the pixels of something that grows with the text."""
    return round(usual * scale())


def begin(app: QApplication, look: settings.Look) -> None:
    """Show an application as its person chose, and again whenever the system changes what it asks for."""
    _now.blink_ms = app.cursorFlashTime()
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(_asked_otherwise)
    accessibility = hints.accessibility()
    accessibility.contrastPreferenceChanged.connect(_asked_otherwise)
    take(look)


def font(size: float = BODY_PX, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the one family at a size, larger with the text size chosen.

    Figures are of equal width and there are no ligatures, so that columns stand true.
    """
    made = QFont(FONT)
    made.setPixelSize(px(size))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setFeature(QFont.Tag("liga"), 0)
    return made


def take(look: settings.Look) -> None:
    """Let what is chosen hold from now on; pages that stand keep the size of text they were built with."""
    _now.look, _now.palette = look, None
    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setFont(font())
        dress(app, palette(), px)
        # The cursor is all that moves by itself.
        app.setCursorFlashTime(0 if look.still else _now.blink_ms)
    for widget, colour in list(_followers.items()):
        if isValid(widget):
            colour(widget)


def follow(widget: W, colour: Callable[[W], None]) -> W:
    """Colour a widget now, and again whenever the look changes as long as it lives."""
    colour(widget)
    _followers[widget] = colour
    return widget


def _asked_otherwise(_asked: object) -> None:
    take(_now.look)
