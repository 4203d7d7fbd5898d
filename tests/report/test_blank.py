"""The blank PHQ-9: the validated wording to the letter, one page a patient, the code in print and as a QR code."""

from __future__ import annotations

import io
import tomllib
from datetime import date

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from report import qr
from trdtrack.domain.people import MAX_CODE
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import resources
from trdtrack.report.blank import MOST_PAGES, Size, blank_paper, qr_svg
from trdtrack.report.typeset import MISSING_LETTERS
from trdtrack.words import say

MADE = date(2026, 11, 20)
WORDING = tomllib.loads((resources() / "instruments" / "phq9.en.toml").read_text("utf-8"))
QUIET = 4
"""Modules of white round the code, by the standard."""


def reader(*who: tuple[str, str], size: Size = Size.A4) -> PdfReader:
    return PdfReader(io.BytesIO(blank_paper(who or (("A-003", ""),), size=size, made=MADE).pdf))


def text(pdf: PdfReader, page: int = 0) -> str:
    return " ".join(pdf.pages[page].extract_text().split())


@pytest.mark.parametrize("size", Size)
def test_every_sentence_of_the_instrument_stands_on_it_to_the_letter(size):
    found = text(reader(size=size))
    sentences = [WORDING["stem"], *WORDING["items"], *WORDING["answers"], WORDING["difficulty"]]
    sentences += [*WORDING["difficulty_answers"], WORDING["licence"]]
    assert len(sentences) == 1 + 9 + 4 + 1 + 4 + 1
    assert [sentence for sentence in sentences if sentence not in found] == []
    # In the order of the instrument, each item once.
    places = [found.index(sentence) for sentence in (WORDING["stem"], *WORDING["items"], WORDING["difficulty"])]
    assert places == sorted(places)
    assert all(found.count(item) == 1 for item in WORDING["items"])


def test_nine_rows_and_the_difficulty_have_four_numbered_boxes_each():
    pdf = reader()
    words = text(pdf).split()
    # Items 1 to 3 have their numbers too, and the stem speaks of 2 weeks.
    assert [words.count(number) for number in "0123"] == [10, 11, 12, 11]
    drawn = pdf.pages[0].get_contents().get_data().decode("latin-1")
    # Only a box ends its path in a curve: the last of its four round corners.
    assert drawn.count(" c\nS\n") == 40


@pytest.mark.parametrize(("size", "points"), [(Size.A4, (595, 842)), (Size.LETTER, (612, 792))])
def test_it_is_one_page_of_the_paper_asked_for(size, points):
    pdf = reader(size=size)
    assert len(pdf.pages) == 1
    assert (round(pdf.pages[0].mediabox.width), round(pdf.pages[0].mediabox.height)) == points


@pytest.mark.parametrize("size", Size)
def test_the_longest_code_and_a_long_name_still_leave_it_one_page(size):
    code = "W" * MAX_CODE
    pdf = reader((code, "Zoë Åkesson-O’Neill " * 30), size=size)
    assert len(pdf.pages) == 1
    found = text(pdf)
    assert code in found.replace("\u200b", "").replace(" ", "")
    assert WORDING["difficulty_answers"][3] in found


def test_the_code_and_a_line_for_the_date_but_no_name_unless_handed_in():
    found = text(reader(("A-003", "")))
    assert "Patient A-003" in found
    assert "Date" in found
    assert "Lena Berg" not in found
    assert "Lena Berg" in text(reader(("A-003", "Lena Berg")))


def test_a_batch_is_one_file_with_a_page_each_in_the_order_given():
    pdf = reader(("P-9", ""), ("A-014", "Lena Berg"), ("DEMO-3", ""))
    assert len(pdf.pages) == 3
    first, second, third = (text(pdf, page) for page in range(3))
    assert "Patient P-9" in first
    assert ("Lena Berg" in first, "Lena Berg" in second, "Lena Berg" in third) == (False, True, False)
    assert "Demo data, not a real patient" in third
    assert "Demo data" not in first
    assert all(WORDING["items"][8] in page for page in (first, second, third))


def test_it_is_tagged_and_archivable_and_its_qr_code_is_named_and_no_bitmap():
    pdf = reader()
    metadata = pdf.xmp_metadata.stream.get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    assert [image for page in pdf.pages for image in page.images] == []
    alternatives = [o.get_object().get("/Alt") for o in _objects(pdf)]
    assert "QR code: A-003" in alternatives


def _objects(pdf: PdfReader):
    for number in range(1, len(pdf.xref_objStm) + sum(len(x) for x in pdf.xref.values()) + 1):
        found = pdf.get_object(number)
        if hasattr(found, "get"):
            yield found


def modules(svg: bytes) -> list[list[bool]]:
    """The dark modules of a QR code as drawn, its white margin proved and taken off."""
    drawing = QSvgRenderer(QByteArray(svg))
    side, pixels = drawing.viewBox().width(), 4
    image = QImage(side * pixels, side * pixels, QImage.Format.Format_Grayscale8)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    drawing.render(painter)
    painter.end()
    half = pixels // 2
    dark = [[image.pixelColor(c * pixels + half, r * pixels + half).lightness() < 128 for c in range(side)]
            for r in range(side)]  # fmt: skip
    inner = range(QUIET, side - QUIET)
    assert not any(dark[r][c] for r in range(side) for c in range(side) if r not in inner or c not in inner)
    return [[dark[r][c] for c in inner] for r in inner]


@pytest.mark.parametrize("code", ["A-003", "1234567", "DEMO-021", "K. M. 7", "Zoë 1", "a-003", "P/9:X"])
def test_the_qr_code_holds_the_code_and_nothing_else(qapp, code):
    assert qr.read(modules(qr_svg(code))) == code


@pytest.mark.parametrize("code", ['#panic("x")', "*b* $x$ @a <l>", "// gone", "= heading"])
def test_a_code_is_never_markup(code):
    assert code in text(reader((code, code)))


def test_a_letter_in_no_font_is_said_and_the_page_is_made_all_the_same():
    paper = blank_paper([("\U000f1234", "")], made=MADE)
    assert paper.dropped is MISSING_LETTERS
    pdf = PdfReader(io.BytesIO(paper.pdf))
    assert len(pdf.pages) == 1
    assert say(MISSING_LETTERS) in text(pdf)


def test_nobody_and_too_many_are_refused():
    with pytest.raises(Refusal, match="no patient"):
        blank_paper([], made=MADE)
    with pytest.raises(Refusal) as caught:
        blank_paper([("A", "")] * (MOST_PAGES + 1), made=MADE)
    assert say(caught.value.what) == "These are 501 pages: one file takes at most 500."
