"""What every sheet shares: its foot, the mark of demo data, and texts cut to the room there is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from trdtrack import __version__
from trdtrack.domain.message import Message, message
from trdtrack.paths import DEMO_CODE
from trdtrack.words import MINUS, _, say

if TYPE_CHECKING:
    from datetime import date

LONGEST_NAME = 120
"""Characters of a name that fit a sheet."""
INVENTED = (DEMO_CODE, "SYN-")
"""How the codes of the demo's people and of synthetic ones begin."""


class Size(StrEnum):
    """A sheet of paper, by the name typst has for it."""

    A4 = "a4"
    LETTER = "us-letter"


MILLIMETRES = {Size.A4: (210.0, 297.0), Size.LETTER: (215.9, 279.4)}
"""How wide and how high a sheet is."""
SIZES: dict[Size, Message] = {Size.A4: message("A4"), Size.LETTER: message("US Letter")}


def cut(text: str, longest: int) -> str:
    """Return a text on one line, cut with an ellipsis where it is too long."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[:longest].rstrip() + "\u2026"


def demo_mark(code: str) -> str:
    """Return what a sheet says of demo data; nothing for a patient."""
    return _("Demo data, not a real patient") if code.upper().startswith(INVENTED) else ""


def foot(made: date) -> dict[str, Any]:
    """Return the words and the day for the foot of each page."""
    return {
        "made": say(message("TRDTrack {version}, made {day}", version=__version__, day=made)),
        "confidential": _("Confidential"),
        "page": _("page {page} of {pages}"),
        "date": [made.year, made.month, made.day],
    }


def caveat() -> str:
    """Return what has to be said beside lines and signals, where there is room for two lines."""
    return _(
        "Lines are averages of groups in trials; they do not predict this person. People on usual care alone "
        "improve too, and being on the line may not feel better. A signal is information, never a verdict; this "
        "is not a diagnostic or risk tool."
    )


def real_minus(text: str) -> str:
    """Return a text whose negative figures have a real minus: −0.49."""
    return text.replace("-0.", MINUS + "0.")
