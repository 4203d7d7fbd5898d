"""What is written down about risk: a record open until the therapist closes it, and each look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from trdtrack.domain.message import message
from trdtrack.domain.record_checks import check_moment, check_order, check_texts, new_id, refuse

Day = date
"""In a class with a field called `date` the type goes by this name."""


@dataclass(frozen=True, kw_only=True)
class RiskRecord:
    """Opened by an answer of 1 or more to item 9, or by hand; closed by the therapist alone, with a note."""

    kind: ClassVar[str] = "risk"

    id: str = field(default_factory=new_id)
    patient: str
    opened: date
    assessment: str | None = None
    """The assessment that opened it; None where it was opened by hand."""
    closed: date | None = None
    closing_note: str = field(default="", repr=False)
    entered: datetime
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_moment(self.entered)
        check_texts(closing_note=self.closing_note)
        check_order("closed", self.opened, self.closed, message("A risk record cannot be closed before it was opened."))
        if self.closed and not self.closing_note.strip():
            refuse("closing_note", message("Closing a risk record needs a note."))


@dataclass(frozen=True, kw_only=True)
class RiskReview:
    """One look at the risk: what was asked, what was found, the plan, who was told, when to look again."""

    kind: ClassVar[str] = "risk_review"

    id: str = field(default_factory=new_id)
    patient: str
    risk: str
    date: date
    item9: int | None = field(default=None, repr=False)
    """The highest answer it responds to; None where there was none to respond to."""
    asked: str = field(default="", repr=False)
    found: str = field(default="", repr=False)
    plan: str = field(default="", repr=False)
    told: str = field(default="", repr=False)
    again: Day | None = None
    """When to look again."""
    entered: datetime
    withdrawn: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_moment(self.entered)
        check_texts(asked=self.asked, found=self.found, plan=self.plan, told=self.told)
        if not self.asked.strip():
            refuse("asked", message("Write down what was asked."))
        if not self.found.strip():
            refuse("found", message("Write down what was found."))
        check_order("again", self.date, self.again, message("The day to look again cannot be before this one."))
