"""The colours, once: the window's theme, the chart and the report read them from here. No Qt, only numbers.

Every ink is at least 4.5:1 on both `surface` and `canvas`; tests compute it.
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
    accent="#0B6E78",
    on_accent="#FFFFFF",
    ahead="#1F5FBF",
    review="#9A5B00",
    risk="#B3261E",
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
    accent="#4FC3CC",
    on_accent="#0C1216",
    ahead="#86B4FF",
    review="#F0B35A",
    risk="#FF8A80",
    forecast="#B9A2EE",
    bands=("#1B2027", "#1E232B", "#21272F", "#242B34", "#282F39"),
    dark=True,
)
