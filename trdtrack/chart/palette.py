"""The colours, once: the window's theme, the chart and the report read them from here. No Qt, only numbers.

Every ink is at least 4.5:1 on both `surface` and `canvas` (7:1 in high contrast), a control's frame at least 3:1, and
the inks that mean something stay apart in the three common colour-vision deficiencies; tests compute all of it.
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
    """Hairlines that only part things: nothing is known by them."""
    edge: str
    """What shows where a control is: the frame of a field, a box, a scroll bar's handle."""
    chosen: str
    """The ground of a row that is chosen."""
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
    edge="#868D98",
    chosen="#E9ECF0",
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
    edge="#747F8E",
    chosen="#2C333D",
    accent="#5DC3C6",
    on_accent="#0C1216",
    ahead="#7CA5F7",
    review="#F0B35A",
    risk="#FF8A80",
    forecast="#C1B5F1",
    bands=("#1B2027", "#1E232B", "#21272F", "#242B34", "#282F39"),
    dark=True,
)
CONTRAST = Palette(
    canvas="#000000",
    surface="#000000",
    ink="#FFFFFF",
    muted="#C9CFD8",
    line="#767D87",
    edge="#D3D8E0",
    chosen="#20262E",
    accent="#5FCFC7",
    on_accent="#000000",
    ahead="#82A3FF",
    review="#F5B449",
    risk="#FF8884",
    forecast="#BDC8FF",
    bands=("#000000", "#080A0C", "#101317", "#181C21", "#20252C"),
    dark=True,
)
"""High contrast: light on black."""
