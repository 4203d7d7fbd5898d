"""The blank PHQ-9 on paper: the validated wording with boxes to tick, a page a patient, the code in print and as a QR.

The only file that knows segno. A page has the patient's code; a name stands on it only where one is handed in.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.paths import resources
from trdtrack.report.sheet import LONGEST_NAME, Size, cut, demo_mark
from trdtrack.report.typeset import Paper, compile_pdf
from trdtrack.words import _, manner, phq9_wording, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

NAME = message("Blank PHQ-9")
MOST_PAGES = 500
"""More in one file are surely a slip, and nobody would find one page among them."""


def blank_paper(who: Sequence[tuple[str, str]], *, size: Size = Size.A4, made: date) -> Paper:
    """Typeset a blank PHQ-9 for each (code, name or empty), in the order given. Refuses none, and too many."""
    check_pages(len(who))
    wording = phq9_wording()
    data = {
        "language": manner().language,
        "paper": size.value,
        "date": [made.year, made.month, made.day],
        "title": say(message("{name}, blank", name=wording.name)),
        "name": wording.name,
        "stem": wording.stem,
        "items": wording.items,
        "answers": wording.answers,
        "difficulty": wording.difficulty,
        "difficulty_number": phq9.ITEMS + 1,
        "difficulty_answers": wording.difficulty_answers,
        "licence": wording.licence,
        "code": _("Patient"),
        "answered": _("Date"),
        "how": _("Please tick one box in each line."),
        "confidential": _("Confidential"),
        "pages": [
            {
                "code": code,
                "name": cut(name, LONGEST_NAME),
                "demo": demo_mark(code),
                "qr": f"qr{number}",
                "alt": say(message("QR code: {code}", code=code)),
            }
            for number, (code, name) in enumerate(who)
        ],
    }
    template = (resources() / "report" / "blank.typ").read_text(encoding="utf-8")
    images = {f"qr{number}": qr_svg(code) for number, (code, _name) in enumerate(who)}
    return compile_pdf(template, data, images=images, made=made)


def check_pages(n: int) -> None:
    """Refuse a number of pages that makes no file."""
    if n < 1:
        raise Refusal(message("There is no patient to print a PHQ-9 for."))
    if n > MOST_PAGES:
        raise Refusal(message("These are {n} pages: one file takes at most {most}.", n=n, most=MOST_PAGES))


def qr_svg(code: str) -> bytes:
    """Return a QR code of the patient's code and nothing else, with its quiet margin, as SVG.

    Error correction M: still read with 15% of it smudged.
    """
    # A code beyond ASCII as UTF-8: what readers guess first.
    made = segno.make_qr(code, error="m", encoding=None if code.isascii() else "utf-8")
    drawn = io.BytesIO()
    made.save(drawn, kind="svg", border=4, xmldecl=False, omitsize=True)
    return drawn.getvalue()
