"""A letter as DOCX, to be worked on or printed elsewhere. The only file that knows python-docx.

The same letter gives the same bytes: the moment of writing stands nowhere in it.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement  # pyright: ignore[reportUnknownVariableType]
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from trdtrack.report.letter_parts import parts
from trdtrack.report.sheet import Size, cut
from trdtrack.words import manner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trdtrack.domain.records import Clinic, Letter, Patient
    from trdtrack.report.letter_parts import Parts

_FONT = "Calibri"
_ENGLISH = "en-GB"
_PAPER = {Size.A4: (210, 297), Size.LETTER: (215.9, 279.4)}
"""Width and height in mm."""
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_GAP_PT = 14
_MOST = 200
"""Letters of a name among the file's properties, which hold 255."""
_FIELDS = {"page": "PAGE", "pages": "NUMPAGES"}


def letter_docx(letter: Letter, *, patient: Patient, clinic: Clinic, size: Size = Size.A4) -> bytes:
    """Return a letter as it stands as a Word file."""
    found = parts(letter, patient=patient, clinic=clinic)
    # The library's own types are known in part only: here they are anything.
    document: Any = Document()
    _thumbnail_out(document)
    _styles(document)
    _properties(document, found, letter)
    _page(document, found, size)
    for number, line in enumerate(found.letterhead):
        document.add_paragraph(line, "Clinic" if number == 0 else "Letterhead")
    _lines(document.add_paragraph(style="Address"), found.address)
    document.add_paragraph(found.date, "Letter date")
    document.add_heading(found.subject, level=1)
    for paragraph in found.paragraphs:
        made = document.add_paragraph()
        _lines(made, paragraph.lines)
        if paragraph.gap:
            made.paragraph_format.space_before = Pt(paragraph.gap * _GAP_PT)
    written = io.BytesIO()
    document.save(written)
    return _without_moments(written.getvalue())


def _thumbnail_out(document: Any) -> None:
    """Take out the picture of an empty page that comes with the library's own template."""
    held = document.part.package.rels
    for key in [key for key, rel in held.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        held.pop(key)


def _styles(document: Any) -> None:
    styles = document.styles
    normal = styles["Normal"]
    _set(normal, size=11, after=8)
    normal.paragraph_format.line_spacing = 1.1
    _set(styles["Heading 1"], size=11, after=10, bold=True)
    for name, size, after, bold in (
        ("Clinic", 14, 2, True),
        ("Letterhead", 9, 0, False),
        ("Address", 11, 18, False),
        ("Letter date", 11, 18, False),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set(style, size=size, after=after, bold=bold)
    styles["Address"].paragraph_format.space_before = Pt(36)
    styles["Letter date"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for name in ("Header", "Footer"):
        _set(styles[name], size=8, after=0)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _language())


def _language() -> str:
    return _ENGLISH if manner().language == "en" else manner().language


def _set(style: Any, *, size: int, after: int, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    # The theme's own font would go before the one named.
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for script in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(after)


def _properties(document: Any, found: Parts, letter: Letter) -> None:
    known = document.core_properties
    written = datetime(letter.date.year, letter.date.month, letter.date.day)  # noqa: DTZ001 - the file knows no zone
    known.title, known.language = found.title, _language()
    known.author = known.last_modified_by = cut(found.letterhead[0], _MOST) if found.letterhead else ""
    known.comments = ""
    known.created = known.modified = written


def _page(document: Any, found: Parts, size: Size) -> None:
    section = document.sections[0]
    width, height = _PAPER[size]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = False
    foot = section.footer.paragraphs[0]
    for stop in foot.style.paragraph_format.tab_stops:
        foot.paragraph_format.tab_stops.add_tab_stop(stop.position, WD_TAB_ALIGNMENT.CLEAR)
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(width - 45), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{found.code} · {found.confidential}\t")
    for text in re.split(r"\{(\w+)\}", found.page):
        if text in _FIELDS:
            _field(foot, _FIELDS[text])
        else:
            foot.add_run(text)


def _field(paragraph: Any, what: str) -> None:
    """Add a field that Word works out, with a 1 in it until it does."""
    field, run, text = map(_element, ("w:fldSimple", "w:r", "w:t"))
    field.set(qn("w:instr"), what)
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - the library has no fields of its own


def _element(tag: str) -> Any:
    return OxmlElement(tag)  # pyright: ignore[reportUnknownVariableType]


def _lines(paragraph: Any, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines):
        run = paragraph.add_run()
        if number:
            run.add_break()
        run.add_text(line)


def _without_moments(content: bytes) -> bytes:
    """Return the same parts in a ZIP file that does not say when it was written."""
    again = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as known, zipfile.ZipFile(again, "w") as made:
        for name in known.namelist():
            made.writestr(zipfile.ZipInfo(name, _ZIP_DAY), known.read(name), zipfile.ZIP_DEFLATED)
    return again.getvalue()
