"""An edit is a value: what changed, before and after, under a title. Transaction, undo, audit, redraw come from it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from trdtrack.domain.records import Letter, OfPatient, Patient, Record


@dataclass(frozen=True)
class Step:
    """One record before and after; None before means it is new, None after means it goes."""

    before: Record | None
    after: Record | None

    @property
    def record(self) -> Record:
        """The record as it stands in whichever of the two is there."""
        present = self.after or self.before
        assert present is not None  # noqa: S101 - an Edit refuses empty steps
        return present


@dataclass(frozen=True)
class Edit:
    """One act of a person: a title, the steps that belong together, and why, where the person says so.

    `undoes` numbers the edit it reverses.
    """

    title: Message
    steps: tuple[Step, ...]
    undoes: int | None = None
    why: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for step in self.steps:
            before, after = step.before, step.after
            if before is None and after is None:
                raise ValueError("a step needs a record before or after")
            if before is not None and after is not None and (before.kind, before.id) != (after.kind, after.id):
                raise ValueError("a step is about one record")

    def inverse(self) -> Edit:
        """Return the edit that takes this one back."""
        return replace(self, steps=tuple(Step(step.after, step.before) for step in reversed(self.steps)))

    @property
    def touched(self) -> Touched:
        """What a reader of the caseload has to look at again."""
        # A record that moves concerns the patient it leaves as well as the one it goes to.
        records = [record for step in self.steps for record in (step.before, step.after) if record]
        return Touched(
            patients=frozenset(record.patient for record in records if record.patient),
            kinds=frozenset(record.kind for record in records),
        )


@dataclass(frozen=True)
class Touched:
    """Ids of the patients and kinds of record that changed; `everything` after changes made elsewhere."""

    patients: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    everything: bool = False

    def joined(self, other: Touched) -> Touched:
        """Return what has to be looked at after both."""
        return Touched(
            self.patients | other.patients, self.kinds | other.kinds, everything=self.everything or other.everything
        )

    def concerns(self, patient: str | None) -> bool:
        """Whether a page about this patient has to be drawn again."""
        return self.everything or "rules" in self.kinds or patient in self.patients


def added(title: Message, *records: Record) -> Edit:
    """Return the edit that adds records, in an order in which each may refer to those before it."""
    return Edit(title, tuple(Step(None, record) for record in records))


def altered(title: Message, before: Record, after: Record) -> Edit:
    """Return the edit that replaces one record by its corrected self."""
    return Edit(title, (Step(before, after),))


def withdrawn(record: Patient | OfPatient, reason: str) -> Edit:
    """Return the edit that takes a record out of force, keeping it and the reason."""
    return altered(_WITHDRAW[record.kind], record, replace(record, withdrawn=reason.strip() or "-"))


def restored(record: Patient | OfPatient) -> Edit:
    """Return the edit that brings a withdrawn record back into force."""
    if not record.withdrawn:
        raise Refusal(message("This record is in force already."))
    return altered(_RESTORE[record.kind], record, replace(record, withdrawn=None))


def sent(letter: Letter, at: datetime) -> Edit:
    """Return the edit that marks a letter as having left the program; it stays as it is from then on."""
    return altered(message("Mark letter as sent"), letter, replace(letter, sent=at))


_WITHDRAW = {
    "patient": message("Withdraw patient"),
    "course": message("Withdraw course of care"),
    "session": message("Withdraw session"),
    "assessment": message("Withdraw PHQ-9"),
    "outcome": message("Withdraw outcome at the end"),
    "follow_up": message("Withdraw follow-up"),
    "episode": message("Withdraw episode"),
    "treatment": message("Withdraw treatment"),
    "event": message("Withdraw event"),
    "risk": message("Withdraw risk record"),
    "risk_review": message("Withdraw look at the risk"),
    "letter": message("Withdraw letter"),
}
_RESTORE = {
    "patient": message("Restore patient"),
    "course": message("Restore course of care"),
    "session": message("Restore session"),
    "assessment": message("Restore PHQ-9"),
    "outcome": message("Restore outcome at the end"),
    "follow_up": message("Restore follow-up"),
    "episode": message("Restore episode"),
    "treatment": message("Restore treatment"),
    "event": message("Restore event"),
    "risk": message("Restore risk record"),
    "risk_review": message("Restore look at the risk"),
    "letter": message("Restore letter"),
}


def joined(title: Message, edits: Iterable[Edit]) -> Edit:
    """Return one edit that does what several would."""
    return Edit(title, tuple(step for edit in edits for step in edit.steps))
