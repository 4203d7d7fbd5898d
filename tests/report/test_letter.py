"""A letter as PDF and as Word file: its words and figures read back and compared with the summary and the record."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from chart.courses import usual
from docx import Document
from docx.shared import Mm
from pypdf import PdfReader

from trdtrack.domain.letters import fill
from trdtrack.domain.records import Clinic, Letter, Recipient
from trdtrack.report.letter import typeset_letter
from trdtrack.report.letter_docx import letter_docx
from trdtrack.report.letter_parts import parts
from trdtrack.report.sheet import Size
from trdtrack.words import day, say, shown

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.domain.summary import Summary

AT = datetime(2026, 5, 2, 9, tzinfo=UTC)
MADE = date(2026, 5, 2)
CLINIC = Clinic(letterhead="Practice Elm Street\n12 Elm Street\nExeter EX1 2AB")
NAMES = "山田 太郎 ליאור 🙂 ليلى"


def letter(s: Summary, **fields) -> Letter:
    """The program's own letter to the GP, as the form would save it."""
    address = fields.get("address", "Dr A. Green\nElm Surgery\nExeter EX4 4AA")
    words = fill("", s, to=Recipient.GP, risk=True, today=MADE, clinic=CLINIC, address=address)
    made = {"date": MADE, "address": address, "text": shown(say(words)), "risk": True, "entered": AT, **fields}
    return Letter(id="l", patient=s.patient.id, course=s.course.id, **made)


def someone(**fields) -> Summary:
    fields = {"name": "Zoë Åkesson-O’Neill", "born": date(1984, 1, 14), "therapist": "Dr K. Møller", **fields}
    return usual(**fields)


def pdf(s: Summary, written: Letter | None = None, size: Size = Size.A4, clinic: Clinic = CLINIC) -> PdfReader:
    paper = typeset_letter(written or letter(s), patient=s.patient, clinic=clinic, made=MADE, size=size)
    return PdfReader(io.BytesIO(paper.pdf))


def text(read: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in read.pages).split())


def word(s: Summary, written: Letter | None = None, size: Size = Size.A4, clinic: Clinic = CLINIC) -> bytes:
    return letter_docx(written or letter(s), patient=s.patient, clinic=clinic, size=size)


def words(content: bytes) -> str:
    return " ".join(" ".join(p.text for p in Document(io.BytesIO(content)).paragraphs).split())


@pytest.mark.parametrize("read", [lambda s: text(pdf(s)), lambda s: words(word(s))], ids=["PDF", "DOCX"])
def test_the_figures_are_the_summarys(read, qapp) -> None:
    s = someone()
    assert s.baseline
    assert s.latest
    found = read(s)
    assert f"was {s.baseline.point.total} on {day(s.baseline.point.date)}" in found
    assert f"latest is {s.latest.total} on {day(s.latest.date)} ({say(s.severity)})" in found
    assert f"{abs(s.change)} points {'lower' if s.change < 0 else 'higher'} ({int(abs(s.percent_change))}%)" in found
    assert f"{s.attended} attended of {s.course.planned_sessions} planned" in found
    assert f"Re: Zoë Åkesson-O’Neill, born 14 Jan 1984, our reference {s.patient.code}" in found
    assert "Practice Elm Street 12 Elm Street" in found.replace(" · ", " ")
    assert "Dr A. Green Elm Surgery Exeter EX4 4AA" in found
    assert "2 May 2026" in found
    assert " ".join(letter(s).text.split()) in found


@pytest.mark.parametrize(("size", "box"), [(Size.A4, (595, 842)), (Size.LETTER, (612, 792))])
def test_a_usual_letter_is_one_tagged_page(size: Size, box: tuple[int, int]) -> None:
    s = someone()
    read = pdf(s, size=size)
    [page] = read.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == box
    assert f"{s.patient.code} · Confidential" in page.extract_text()
    assert "page 1 of 1" in page.extract_text()
    assert read.metadata
    assert read.metadata.title == f"Letter about {s.patient.code}, 2 May 2026"
    assert s.patient.name not in str(read.metadata)
    assert read.metadata.author == "Practice Elm Street"
    assert read.trailer["/Root"]["/Lang"].startswith("en")
    claims = read.xmp_metadata.stream.get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in claims
    assert "<pdfaid:part>2</pdfaid:part>" in claims


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="reads the tag tree")
def test_the_tags_say_what_is_what(tmp_path: Path) -> None:
    s = someone()
    paper = typeset_letter(letter(s), patient=s.patient, clinic=CLINIC, made=MADE)
    (tmp_path / "letter.pdf").write_bytes(paper.pdf)
    command = ["pdfinfo", "-struct-text", "letter.pdf"]
    # A name beyond Latin-1 stands in the tag's title as UTF-16.
    tags = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout.decode(errors="replace")
    assert re.search(r'^ +H1 .*\n +"Re: Zoë', tags, re.MULTILINE)
    assert len(re.findall(r"^ +P \(block\)", tags, re.MULTILINE)) >= len(parts_of(s).paragraphs)


def parts_of(s: Summary, **fields):
    return parts(letter(s, **fields), patient=s.patient, clinic=CLINIC)


def test_the_address_stands_where_the_window_is() -> None:
    found: list[tuple[float, float]] = []

    def visit(said: str, page, line, _font, _size) -> None:
        if "Dr A. Green" in said and not found:
            x, y = line[4], line[5]
            found.append((page[0] * x + page[2] * y + page[4], page[1] * x + page[3] * y + page[5]))

    pdf(someone()).pages[0].extract_text(visitor_text=visit)
    across, up = found[0]
    # A window envelope for a folded A4 sheet shows 20 to 105 mm from the left and 45 to 90 mm from above.
    assert 20 <= across / 72 * 25.4 <= 30
    assert 45 <= 297 - up / 72 * 25.4 <= 65


def test_a_long_letter_names_the_code_on_every_page() -> None:
    s = someone()
    long = "\n\n".join(f"Paragraph {n}. " + "word " * 80 for n in range(20)) + "\n\n" + "x" * 500
    read = pdf(s, letter(s, text=long, address="\n".join(f"line {n}" for n in range(12))))
    assert len(read.pages) > 1
    for number, page in enumerate(read.pages, 1):
        assert f"{s.patient.code} · Confidential" in page.extract_text()
        assert f"page {number} of {len(read.pages)}" in page.extract_text()
    assert all(f"Paragraph {n}." in text(read) for n in range(20))


@pytest.mark.parametrize("lines", range(26, 42, 3))
def test_no_signature_stands_alone_on_a_page(lines: int) -> None:
    s = someone()
    body = "\n".join(f"line {n}" for n in range(lines))
    read = pdf(s, letter(s, text=f"{body}\n\nWith regards from all of us.\n\nYours sincerely,\n\n\n\nDr Signed"))
    last = read.pages[-1].extract_text()
    assert "With regards" in last
    assert "Dr Signed" in last


def test_names_no_font_has_still_make_a_letter() -> None:
    s = someone(name=NAMES)
    paper = typeset_letter(letter(s), patient=s.patient, clinic=CLINIC, made=MADE)
    assert f"our reference {s.patient.code}" in text(PdfReader(io.BytesIO(paper.pdf)))
    assert NAMES in words(word(s))


NASTY = 'Dear A,\n\n#strong[x] {risk} *b* $1$ @c <w:p/> & "q" \\ x\x0by\x00z\ttab \ufffe\n\n\n\n\nA\nB'


def test_what_is_typed_is_never_read_as_markup() -> None:
    s = someone()
    said = '#strong[x] {risk} *b* $1$ @c <w:p/> & "q" \\ xyz tab'
    assert said in text(pdf(s, letter(s, text=NASTY)))
    content = word(s, letter(s, text=NASTY))
    assert said in words(content)
    assert Document(io.BytesIO(content)).paragraphs[-1].text == "A\nB"


def test_blank_lines_leave_room_for_a_signature() -> None:
    s = someone()
    assert [(p.lines, p.gap) for p in parts_of(s, text="\n\nDear A,\n\nB\nC \n\n\n\nD\n\n").paragraphs] == [
        (("Dear A,",), 0),
        (("B", "C"), 0),
        (("D",), 2),
    ]


def test_nothing_needs_to_be_known_but_the_code() -> None:
    s = someone(name="", born=None)
    bare = letter(s, address="", text="x")
    assert f"Re: our reference {s.patient.code}" in text(pdf(s, bare, clinic=Clinic()))
    content = word(s, bare, clinic=Clinic())
    assert f"Re: our reference {s.patient.code}" in words(content)
    assert Document(io.BytesIO(content)).core_properties.author == ""


def test_the_word_file_has_styles_language_and_page_numbers() -> None:
    s = someone()
    content = word(s)
    read = Document(io.BytesIO(content))
    [heading] = [p for p in read.paragraphs if p.style.name == "Heading 1"]
    assert heading.text.startswith("Re: Zoë")
    names = [p.style.name for p in read.paragraphs]
    assert names[:5] == ["Clinic", "Letterhead", "Letterhead", "Address", "Letter date"]
    assert set(names[6:]) == {"Normal"}
    assert len(names[6:]) == len(parts_of(s).paragraphs)
    known = read.core_properties
    assert (known.title, known.language) == (f"Letter about {s.patient.code}, 2 May 2026", "en-GB")
    assert (known.author, known.last_modified_by, known.comments) == ("Practice Elm Street", "Practice Elm Street", "")
    foot = read.sections[0].footer.paragraphs[0]._p.xml
    assert f"{s.patient.code} · Confidential" in foot
    assert re.findall(r'w:instr="(\w+)"', foot) == ["PAGE", "NUMPAGES"]
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        assert not [name for name in held.namelist() if "thumbnail" in name]
        for name in held.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(held.read(name))
        assert 'w:lang w:val="en-GB"' in held.read("word/styles.xml").decode()
        everything = b" ".join(held.read(name) for name in held.namelist() if name.startswith("docProps"))
    assert b"python-docx" not in everything
    assert "Zoë".encode() not in everything


def test_the_paper_of_the_word_file() -> None:
    for size, wide, high in ((Size.A4, 210, 297), (Size.LETTER, 215.9, 279.4)):
        [section] = Document(io.BytesIO(word(someone(), size=size))).sections
        assert abs(section.page_width - Mm(wide)) < Mm(0.1)
        assert abs(section.page_height - Mm(high)) < Mm(0.1)


def test_the_same_letter_is_the_same_file() -> None:
    s = someone()
    assert word(s) == word(s)
    assert word(s) != word(s, replace(letter(s), date=date(2026, 5, 1)))


def test_a_very_long_clinic_still_makes_both() -> None:
    clinic = Clinic(letterhead="A clinic " * 60 + "\n" + "\n".join(["x" * 90] * 12))
    s = someone()
    assert "A clinic A clinic" in text(pdf(s, clinic=clinic))
    assert "A clinic A clinic" in words(word(s, clinic=clinic))


def test_invented_people_are_marked() -> None:
    s = someone()
    demo = replace(s.patient, code="DEMO-003")
    paper = typeset_letter(letter(s), patient=demo, clinic=CLINIC, made=MADE)
    assert "Demo data, not a real patient" in text(PdfReader(io.BytesIO(paper.pdf)))
    read = Document(io.BytesIO(letter_docx(letter(s), patient=demo, clinic=CLINIC)))
    assert "Demo data, not a real patient" in read.sections[0].footer.paragraphs[0].text
