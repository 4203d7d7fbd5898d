"""A letter as PDF: the clinic's head, the address where a window shows it, the text, the code on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trdtrack.paths import resources
from trdtrack.report.letter_parts import parts
from trdtrack.report.sheet import Size
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import manner

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.records import Clinic, Letter, Patient


def typeset_letter(letter: Letter, *, patient: Patient, clinic: Clinic, made: date, size: Size = Size.A4) -> Paper:
    """Typeset a letter as it stands; nothing is filled in any more."""
    found = parts(letter, patient=patient, clinic=clinic)
    data = {
        "language": manner().language,
        "paper": size.value,
        "made": [made.year, made.month, made.day],
        "title": found.title,
        "letterhead": found.letterhead,
        "address": found.address,
        "date": found.date,
        "subject": found.subject,
        "paragraphs": [{"lines": p.lines, "gap": p.gap} for p in found.paragraphs],
        "code": found.code,
        "confidential": found.confidential,
        "page": found.page,
    }
    template = (resources() / "report" / "letter.typ").read_text(encoding="utf-8")
    return compile_pdf(template, data, images={}, made=made)
