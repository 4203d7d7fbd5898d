"""The recovery sheet: the key as it has to be typed, read back out of the PDF, one page, tagged and archivable."""

from __future__ import annotations

import io
import re
import secrets
from datetime import date

import pytest
from pypdf import PdfReader

from trdtrack.domain import recovery_key
from trdtrack.report.recovery import recovery_paper
from trdtrack.report.sheet import Size

MADE = date(2026, 11, 20)


def reader(key: bytes, file: str = "clinic.trdtrack", size: Size = Size.A4) -> PdfReader:
    paper = recovery_paper(recovery_key.groups(key), file, made=MADE, size=size)
    assert paper.dropped is None
    return PdfReader(io.BytesIO(paper.pdf))


@pytest.mark.parametrize("size", Size)
def test_the_key_typed_from_the_sheet_is_the_key(size: Size) -> None:
    for _ in range(3):
        key = secrets.token_bytes(32)
        pdf = reader(key, size=size)
        assert len(pdf.pages) == 1
        found = pdf.pages[0].extract_text()
        # In the order a person reads: each group after its number, 1 to 14.
        printed = found.partition("Recovery key\n")[2].partition("To open")[0].split()
        assert printed[::2] == [str(number) for number in range(1, 15)]
        assert recovery_key.read(" ".join(printed[1::2])) == key
        checksum = re.search(r"Checksum\s+([0-9A-Z]{5}) \(group 14\)", found)
        assert checksum
        assert checksum[1] == printed[-1]


def test_it_says_which_file_which_day_where_to_keep_it_and_what_if_both_are_lost() -> None:
    found = " ".join(reader(bytes(32)).pages[0].extract_text().split())
    for words in (
        "Recovery sheet",
        "Caseload file clinic.trdtrack",
        "Date 20 Nov 2026",
        "Whoever has this key and the file can read every record in it.",
        "Type the groups in their order where the passphrase is asked for.",
        "In a sealed envelope in a locked place",
        "not beside the computer or a backup",
        "the file then has a new key, this sheet opens it no more",
        "Without the passphrase and without this key nobody can open the file",
    ):
        assert words in found


def test_it_is_tagged_and_titled() -> None:
    pdf = reader(bytes(32))
    assert pdf.metadata
    assert pdf.metadata.title == "Recovery sheet, clinic.trdtrack"
    assert "/StructTreeRoot" in pdf.trailer["/Root"]
    assert b"pdfuaid:part" in pdf.trailer["/Root"]["/Metadata"].get_data()


def test_a_long_file_name_leaves_it_one_page_and_markup_is_only_text() -> None:
    assert len(reader(bytes(32), "W" * 300 + ".trdtrack").pages) == 1
    found = reader(bytes(32), "#panic() $x$ *b* @y.trdtrack").pages[0].extract_text()
    assert "#panic() $x$ *b* @y.trdtrack" in found
