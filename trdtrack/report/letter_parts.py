"""What a letter consists of on paper, whichever the format: letterhead, address, subject, paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.report.sheet import demo_mark
from trdtrack.words import _, day, say

if TYPE_CHECKING:
    from trdtrack.domain.records import Clinic, Letter, Patient

_UNPRINTABLE = re.compile("[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together, and how many blank lines more than one stand before them: room for a signature."""

    lines: tuple[str, ...]
    gap: int


@dataclass(frozen=True)
class Parts:
    """A letter in pieces, every text free of what no format can hold."""

    title: str
    letterhead: tuple[str, ...]
    address: tuple[str, ...]
    date: str
    subject: str
    paragraphs: tuple[Paragraph, ...]
    code: str
    confidential: str
    """Beside the code in the foot of every page; says too where the patient is invented."""
    page: str


def parts(letter: Letter, *, patient: Patient, clinic: Clinic) -> Parts:
    """Take a letter apart."""
    demo = demo_mark(patient.code)
    return Parts(
        title=say(message("Letter about {code}, {day}", code=patient.code, day=letter.date)),
        letterhead=_lines(clinic.letterhead),
        address=_lines(letter.address),
        date=day(letter.date),
        subject=_clean(_subject(patient)),
        paragraphs=_paragraphs(_clean(letter.text)),
        code=patient.code,
        confidential=say(message("Confidential · {demo}", demo=demo)) if demo else _("Confidential"),
        page=_("page {page} of {pages}"),
    )


def _subject(patient: Patient) -> str:
    born = message("born {day}", day=patient.date_of_birth) if patient.date_of_birth else None
    code = message("our reference {code}", code=patient.code)
    known = [" ".join(patient.name.split()), say(born) if born else "", say(code)]
    return say(message("Re: {who}", who=", ".join(filter(None, known))))


def _clean(text: str) -> str:
    """Return a text without control characters, which neither paper nor XML can hold; a tab becomes a space."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in _clean(text).split("\n") if line.strip())


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    found: list[Paragraph] = []
    lines: list[str] = []
    blank = 0
    for line in [*text.strip().split("\n"), ""]:
        if line.strip():
            lines.append(line.strip())
            continue
        if lines:
            found.append(Paragraph(tuple(lines), max(blank - 1, 0)))
            lines, blank = [], 0
        blank += 1
    return tuple(found)
