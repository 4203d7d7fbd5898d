"""Contrast by WCAG 2.2: relative luminance of sRGB, (L1 + 0.05) / (L2 + 0.05); 4.5 is level AA for text."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from trdtrack.chart.marks import MARKS, TONES
from trdtrack.chart.palette import DARK, LIGHT
from trdtrack.domain.signals import Signal

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
INKS = ("ink", "muted", "accent", "ahead", "review", "risk", "forecast")
GROUNDS = ("surface", "canvas")


def luminance(colour: str) -> float:
    def linear(byte: int) -> float:
        c = byte / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(b) for b in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast("#123456", "#123456") == 1


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
