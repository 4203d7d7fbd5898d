"""Contrast by WCAG 2.2: relative luminance of sRGB, (L1 + 0.05) / (L2 + 0.05); 4.5 is level AA for text.

Apart: CIE76, the distance of two colours in CIE L*a*b* (D65), as people with full colour vision see them and as
Machado, Oliveira & Fernandes (IEEE TVCG 2009;15:1283) simulate protanopia, deuteranopia and tritanopia (severity 1.0,
in linear light). About 2 is just noticeable; we ask for 15 between any two inks that mean something.
"""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import combinations

import pytest

from trdtrack.chart.marks import MARKS, TONES
from trdtrack.chart.palette import CONTRAST, DARK, LIGHT
from trdtrack.domain.signals import Signal

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK, CONTRAST], ids=["light", "dark", "high-contrast"])
INKS = ("ink", "muted", "accent", "ahead", "review", "risk", "forecast")
MEANING = ("ink", "accent", "ahead", "review", "risk", "forecast")
"""The patient's line, the expected course, three signals, the fan. `muted` is for labels and frames."""
APART = 15
GROUNDS = ("surface", "canvas")
FRAMES = ("edge", "accent", "risk")


RGB = tuple[float, float, float]
EYES: dict[str, tuple[RGB, RGB, RGB]] = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "print": ((0.2126, 0.7152, 0.0722),) * 3,
}
"""What of red, green and blue light is seen; "print" is a black-and-white printer."""
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def light(colour: str) -> RGB:
    def linear(byte: int) -> float:
        c = byte / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(b) for b in bytes.fromhex(colour[1:]))
    return red, green, blue


def luminance(colour: str) -> float:
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), light(colour), strict=True))


def times(matrix: tuple[RGB, RGB, RGB], of: RGB) -> RGB:
    x, y, z = (sum(m * v for m, v in zip(row, of, strict=True)) for row in matrix)
    return x, y, z


def lab(colour: str, eyes: str) -> RGB:
    seen = tuple(min(max(v, 0.0), 1.0) for v in times(EYES[eyes], light(colour)))
    bend = lambda t: t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29  # noqa: E731
    x, y, z = (bend(v / w) for v, w in zip(times(XYZ, seen), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, eyes: str = "full") -> float:
    return sum((a - b) ** 2 for a, b in zip(lab(one, eyes), lab(other, eyes), strict=True)) ** 0.5


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_the_distance_itself():
    assert lab("#FFFFFF", "full") == pytest.approx((100, 0, 0), abs=0.02)
    assert lab("#FF0000", "full") == pytest.approx((53.24, 80.09, 67.20), abs=0.02)
    assert distance("#FF0000", "#00FF00") == pytest.approx(170.6, abs=0.1)
    for eyes in EYES:
        assert distance("#777777", "#777777", eyes) == 0
        # Nobody sees a colour in a grey.
        assert lab("#808080", eyes)[1:] == pytest.approx((0, 0), abs=0.1)
    assert distance("#B00000", "#6E5600", "deuteranopia") < distance("#B00000", "#6E5600") / 3


@PALETTES
@pytest.mark.parametrize("eyes", [eyes for eyes in EYES if eyes != "print"])
def test_inks_that_mean_something_stay_apart_for_all_eyes(palette, eyes):
    pairs = {(a, b): distance(getattr(palette, a), getattr(palette, b), eyes) for a, b in combinations(MEANING, 2)}
    assert {pair: round(apart, 1) for pair, apart in pairs.items() if apart < APART} == {}


@PALETTES
def test_in_black_and_white_the_patients_line_stands_apart_from_everything(palette):
    """The others are of one lightness, for the sake of contrast: shape, letter and pattern tell them apart."""
    others = (*MEANING[1:], "muted")
    found = {ink: distance(palette.ink, getattr(palette, ink), "print") for ink in others}
    assert {ink: round(apart, 1) for ink, apart in found.items() if apart < APART} == {}


@PALETTES
def test_every_ink_can_be_read_on_both_grounds(palette):
    found = {(ink, on): contrast(getattr(palette, ink), getattr(palette, on)) for ink in INKS for on in GROUNDS}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 4.5} == {}
    assert contrast(palette.on_accent, palette.accent) >= 4.5


@PALETTES
def test_severity_bands_hide_nothing(palette):
    """Over the chart's bands text keeps 4.5; lines and marks need 3 (WCAG 2.2, 1.4.11)."""
    for band in palette.bands:
        assert min(contrast(text, band) for text in (palette.ink, palette.muted)) >= 4.5
        assert min(contrast(getattr(palette, ink), band) for ink in INKS) >= 3


@PALETTES
def test_every_signal_has_an_ink_and_a_mark(palette):
    inks = {getattr(palette, ink) for ink in INKS}
    assert set(MARKS) == set(Signal)
    assert {getattr(palette, TONES[signal]) for signal in Signal} <= inks
    # Two signals of one colour differ in shape or are told apart by their words alone.
    shapes = [(getattr(palette, TONES[s]), MARKS[s]) for s in Signal if MARKS[s]]
    assert len(shapes) == len(set(shapes))


@PALETTES
def test_colours_are_written_in_full(palette):
    colours = [getattr(palette, f.name) for f in fields(palette) if f.name not in {"bands", "dark"}]
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in (*colours, *palette.bands))
    assert (luminance(palette.surface) < luminance(palette.ink)) is palette.dark


@PALETTES
def test_what_shows_a_control_can_be_seen(palette):
    """WCAG 2.2, 1.4.11: 3:1 for the frame of a field, a focus ring, a scroll bar's handle, a tick box."""
    pairs = {(ink, on): contrast(getattr(palette, ink), getattr(palette, on)) for ink in FRAMES for on in GROUNDS}
    assert {pair: round(ratio, 2) for pair, ratio in pairs.items() if ratio < 3} == {}
    # A field that is refused, a primary button and a grave one in focus: ring and ground.
    assert contrast(palette.ink, palette.accent) >= 3 or contrast(palette.ink, palette.canvas) >= 3


@PALETTES
def test_a_chosen_row_can_be_read(palette):
    found = {ink: contrast(getattr(palette, ink), palette.chosen) for ink in INKS}
    assert {ink: round(ratio, 2) for ink, ratio in found.items() if ratio < 4.5} == {}


def test_high_contrast_is_high():
    """WCAG 2.2, 1.4.6 (AAA): 7:1 for all text, and the frames of controls are as strong as text."""
    found = {(ink, on): contrast(getattr(CONTRAST, ink), getattr(CONTRAST, on)) for ink in INKS for on in GROUNDS}
    found |= {("edge", on): contrast(CONTRAST.edge, getattr(CONTRAST, on)) for on in GROUNDS}
    found["on_accent", "accent"] = contrast(CONTRAST.on_accent, CONTRAST.accent)
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < 7} == {}


@PALETTES
def test_an_answer_can_be_read_on_its_shade(palette):
    """The item table writes on ink laid over the surface, the thicker the worse the answer."""
    from trdtrack.ui.patient.items import LIGHT_TEXT_FROM, SHADES  # noqa: PLC0415 - the rest needs no Qt

    for shade in SHADES:
        mixed = zip(*(bytes.fromhex(c[1:]) for c in (palette.ink, palette.surface)), strict=True)
        ground = "#" + "".join(f"{round(shade * ink + (1 - shade) * under):02X}" for ink, under in mixed)
        text = palette.surface if shade > LIGHT_TEXT_FROM else palette.ink
        assert contrast(text, ground) >= 4.5, shade
