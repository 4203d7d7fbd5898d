"""The person in care."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar
from unicodedata import normalize

from trdtrack.domain.message import Worded, message
from trdtrack.domain.record_checks import check_texts, new_id, refuse

if TYPE_CHECKING:
    from datetime import date

MAX_CODE = 40
_DIGITS = re.compile(r"\d+")


def natural(code: str) -> str:
    """Sort key in which P-9 comes before P-10: each number with its length before it, which is compared first."""
    return _DIGITS.sub(_with_length, code.casefold())


def _with_length(found: re.Match[str]) -> str:
    number = str(int(found.group()))
    return f"{chr(ord('0') + len(number))}{number}"


class Known(Worded):
    """An answer somebody may not have, or not be sure of; empty where nobody recorded one."""

    NOT_RECORDED = ""
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A person in care, known by the clinic's code; the name is optional."""

    kind: ClassVar[str] = "patient"

    id: str = field(default_factory=new_id)
    code: str = field(repr=False)
    name: str = field(default="", repr=False)
    date_of_birth: date | None = field(default=None, repr=False)
    notes: str = field(default="", repr=False)
    referrer: str = field(default="", repr=False)
    """Name and address as they stand on a letter, a line each. The same for the two below."""
    gp: str = field(default="", repr=False)
    prescriber: str = field(default="", repr=False)
    consent: Known = Known.NOT_RECORDED
    """Whether the patient agrees to information going to these three."""
    consent_note: str = field(default="", repr=False)
    bipolar: Known = Known.NOT_RECORDED
    declined: bool = False
    """Whether psychotherapy was offered and declined: then it is not proposed again."""
    closed: date | None = None
    """Since when the patient is no longer in this clinic's care: nothing is asked for any more but open risk."""
    withdrawn: str | None = field(default=None, repr=False)
    """Why the record was withdrawn; None while it is in force. The same on every record."""

    def __post_init__(self) -> None:
        code = " ".join(normalize("NFC", self.code).split())
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "name", self.name.strip())
        object.__setattr__(self, "consent", Known(self.consent))
        object.__setattr__(self, "bipolar", Known(self.bipolar))
        check_texts(code=code, name=self.name, notes=self.notes, referrer=self.referrer, gp=self.gp)
        check_texts(prescriber=self.prescriber, consent_note=self.consent_note)
        if not code:
            refuse("code", message("A patient needs a code."))
        if len(code) > MAX_CODE:
            refuse("code", message("A patient's code has at most {most} characters.", most=MAX_CODE))
        if not code.isprintable():
            refuse("code", message("A patient's code cannot hold control characters."))

    @property
    def patient(self) -> str:
        """The id of the patient the record is about: its own."""
        return self.id
