"""A letter about a patient as it stands, and to whom; once it has left the program it stays as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from trdtrack.domain.message import Worded, message
from trdtrack.domain.record_checks import check_moment, check_texts, new_id, refuse


class Recipient(Worded):
    """Whom a letter goes to: the first three by the addresses on the patient's record."""

    GP = "GP"
    PRESCRIBER = "psychiatrist or prescriber"
    REFERRER = "referrer"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter about a patient and one course of care, its text whole."""

    kind: ClassVar[str] = "letter"

    id: str = field(default_factory=new_id)
    patient: str
    course: str
    date: date
    to: Recipient = Recipient.GP
    address: str = field(default="", repr=False)
    """Name and address, a line each."""
    text: str = field(repr=False)
    """From the greeting to the signature: a blank line between paragraphs."""
    risk: bool = False
    """Whether the risk reviews were put in."""
    sent: datetime | None = None
    """When it first left the program: from then on it cannot be corrected."""
    entered: datetime
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "to", Recipient(self.to))
        check_texts(address=self.address, text=self.text)
        check_moment(self.entered)
        if self.sent:
            check_moment(self.sent)
        if not self.text.strip():
            refuse("text", message("A letter needs its text."))
