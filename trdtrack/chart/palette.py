"""The colours, once: the window's theme, the chart and the report read them from here. No Qt, only numbers.

Every ink is at least 4.5:1 on both `surface` and `canvas`, and the inks that mean something stay apart in the three
common colour-vision deficiencies; tests compute both.
"""

from __future__ import annotations

from dataclasses import dataclass

FONT = "Inter"


@dataclass(frozen=True)
class Palette:
    """One theme's colours as #RRGGBB."""

    canvas: str
    surface: str
    ink: str
    muted: str
    line: str
    accent: str
    on_accent: str
    ahead: str
    review: str
    risk: str
    forecast: str
    bands: tuple[str, str, str, str, str]
    """Severity bands from minimal to severe: one neutral hue, lightness only, barely there."""
    dark: bool


LIGHT = Palette(
    canvas="#FAFAF8",
    surface="#FFFFFF",
    ink="#1C2430",
    muted="#5A6472",
    line="#D9DCE1",
    accent="#066F79",
    on_accent="#FFFFFF",
    ahead="#244CB8",
    review="#9A5B00",
    risk="#A71922",
    forecast="#6B4FA3",
    bands=("#FFFFFF", "#FAFAF9", "#F5F5F3", "#F0F0ED", "#EAEAE6"),
    dark=False,
)
DARK = Palette(
    canvas="#14181D",
    surface="#1B2027",
    ink="#E8EBEF",
    muted="#A3ADBA",
    line="#343C47",
    accent="#5DC3C6",
    on_accent="#0C1216",
    ahead="#7CA5F7",
    review="#F0B35A",
    risk="#FF8A80",
    forecast="#C1B5F1",
    bands=("#1B2027", "#1E232B", "#21272F", "#242B34", "#282F39"),
    dark=True,
)
