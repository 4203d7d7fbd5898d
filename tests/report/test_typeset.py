from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from trdtrack.domain.refusals import Refusal
from trdtrack.report.typeset import MISSING_LETTERS, compile_pdf
from trdtrack.words import say

MADE = date(2026, 5, 2)
TEMPLATE = """
#let d = json(bytes(sys.inputs.data))
#set document(title: "Test")
#set text(font: "Inter", lang: "en", ligatures: false)
#d.text
#sys.inputs.dropped
"""


def read(text: str) -> tuple[str, PdfReader, object]:
    paper = compile_pdf(TEMPLATE, {"text": text}, images={}, made=MADE)
    reader = PdfReader(io.BytesIO(paper.pdf))
    return " ".join(page.extract_text() for page in reader.pages), reader, paper.dropped


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x")',
        "*b* $x$ @a <l>",
        '" \' \\ \\" \\n // no comment /* */',
        '#read("/etc/passwd") #import "@preview/x:1.0.0"',
        "= not a heading",
        "cut-off office flow",
    ],
)
def test_a_patients_text_is_never_markup(text):
    found, _, dropped = read(text)
    assert " ".join(text.split()) in " ".join(found.split())
    assert dropped is None


def test_a_note_of_5000_characters_runs_on():
    found, reader, _ = read("word " * 1000)
    assert found.count("word") == 1000
    assert len(reader.pages) >= 1


def test_the_claim_is_made_where_every_letter_is_there():
    _, reader, dropped = read("Zoë Åkesson-O’Neill")
    metadata = reader.xmp_metadata.stream.get_data().decode()
    assert dropped is None
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata


@pytest.mark.parametrize("name", ["山田太郎", "محمد", "דוד", "😀", "𓀀"])
def test_a_letter_the_font_lacks_does_not_stop_the_page(name):
    _, reader, dropped = read(f"Name: {name}")
    if dropped is None:
        assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()
    else:
        assert dropped is MISSING_LETTERS
        metadata = reader.xmp_metadata
        assert metadata is None or "pdfuaid" not in metadata.stream.get_data().decode()


def test_a_letter_in_no_font_is_said_on_the_page():
    found, _, dropped = read("\U000f1234")
    assert dropped is MISSING_LETTERS
    assert say(MISSING_LETTERS) in " ".join(found.split())


@pytest.mark.parametrize(
    "line",
    [
        '#import "@preview/cetz:0.2.0": *',
        '#import  ("@pre" + "view/cetz:0.2.0")',
        '#let p = "@preview/cetz:0.2.0"\n#import p',
        '#include "other.typ"',
        '#import "\\u{40}preview/cetz:0.2.0"',
    ],
)
def test_a_template_that_reaches_outside_is_refused_before_compiling(line):
    with pytest.raises(Refusal) as caught:
        compile_pdf(line, {}, images={}, made=MADE)
    assert "never downloads" in say(caught.value.what)


@pytest.mark.parametrize("line", ['#panic("secret")', '#read("/etc/passwd")', "#(", "#nothing"])
def test_a_broken_template_is_refused_in_one_sentence(line):
    with pytest.raises(Refusal) as caught:
        compile_pdf('#set document(title: "t")\n' + line, {}, images={}, made=MADE)
    assert say(caught.value.what) == "The report template has a mistake in line 2."
    assert caught.value.__suppress_context__
