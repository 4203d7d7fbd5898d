"""The course in a line's height: its shape in numbers, and that what is painted stands where the numbers say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from trdtrack.chart.palette import DARK, LIGHT, Palette
from trdtrack.chart.sparkline import DOT, STEPS, Spark, paint_spark, spark_of
from trdtrack.evidence import default_benchmark

START = date(2026, 1, 5)
TOTALS = tuple((START + timedelta(weeks=week), total) for week, total in ((0, 19), (4, 15), (8, 12)))
PX = 80, 30


def painted(spark: Spark, palette: Palette) -> QImage:
    image = QImage(*PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(palette.surface))
    painter = QPainter(image)
    paint_spark(painter, QRectF(0, 0, *PX), spark, palette)
    painter.end()
    return image


def test_time_fills_the_width() -> None:
    assert spark_of(TOTALS).line == ((0.0, 19.0), (0.5, 15.0), (1.0, 12.0))


def test_the_band_is_the_middle_half_of_the_expected_course() -> None:
    benchmark = default_benchmark()
    band = spark_of(TOTALS, baseline=19, lines_start=START, benchmark=benchmark).band
    assert len(band) == STEPS + 1
    for x, low, high in band:
        expected = benchmark.at(19, 8 * x)
        assert (low, high) == pytest.approx((expected.low50, expected.high50))


def test_the_band_of_an_old_baseline_begins_within_its_course() -> None:
    """Only the last totals are shown: the lines began before the first of them."""
    benchmark = default_benchmark()
    band = spark_of(TOTALS, baseline=20, lines_start=START - timedelta(weeks=10), benchmark=benchmark).band
    assert band[0][0] == 0
    assert band[0][1:] == pytest.approx((benchmark.at(20, 10).low50, benchmark.at(20, 10).high50))


def test_a_band_that_starts_later_starts_there() -> None:
    band = spark_of(TOTALS, baseline=15, lines_start=TOTALS[1][0], benchmark=default_benchmark()).band
    assert band[0][0] == pytest.approx(0.5)
    assert band[0][1] < 15 < band[0][2]


def test_without_a_benchmark_or_with_one_score_there_is_no_band() -> None:
    assert spark_of(TOTALS, baseline=19, lines_start=START).band == ()
    one = spark_of(TOTALS[:1], baseline=19, lines_start=START, benchmark=default_benchmark())
    assert one == Spark(((0.0, 19.0),), ())
    assert spark_of(()) == Spark((), ())


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_last_point_stands_at_the_right_at_its_height(palette: Palette) -> None:
    image = painted(spark_of(TOTALS), palette)
    inner = PX[1] - 2 * (DOT + 1)
    x, y = round(PX[0] - DOT - 1), round(PX[1] - DOT - 1 - 12 / 27 * inner)
    assert image.pixelColor(x, y) == QColor(palette.ink)
    assert image.pixelColor(x, 3) == QColor(palette.surface)


def test_the_band_is_painted_behind_the_line() -> None:
    bare, banded = (
        painted(spark_of(TOTALS, baseline=19, lines_start=START, benchmark=benchmark), LIGHT)
        for benchmark in (None, default_benchmark())
    )
    changed = [(x, y) for x in range(PX[0]) for y in range(PX[1]) if bare.pixelColor(x, y) != banded.pixelColor(x, y)]
    assert len(changed) > 200
    for x, y in changed:
        assert bare.pixelColor(x, y) != QColor(LIGHT.ink), "the tint lies behind the ink"


def test_nothing_is_painted_where_there_is_nothing() -> None:
    empty = QImage(*PX, QImage.Format.Format_ARGB32_Premultiplied)
    empty.fill(QColor(LIGHT.surface))
    assert painted(spark_of(()), LIGHT) == empty
