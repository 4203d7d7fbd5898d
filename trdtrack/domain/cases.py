"""The cases a therapist brings to supervision, each where it stands in the caseload's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.place import Place, Rank, ending_soon, place_of, signal_on, under_way, why_here

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.message import Message
    from trdtrack.domain.signals import Signal
    from trdtrack.domain.summary import Summary


@dataclass(frozen=True, kw_only=True)
class Case:
    """A patient as the caseload lists them on a day, with all that is held and the current course summed up."""

    dossier: Dossier
    summary: Summary | None
    """None where there is no course of care."""
    gist: Gist
    today: date
    place: Place
    """Where it stands in the caseload's order."""
    why: Message
    """Why it stands there."""
    signal: Signal | None
    """The signal of the day; None where there is no course that it could be about."""
    under_way: bool
    """Whether there is a course that goes on."""
    ending_soon: bool

    @classmethod
    def of(cls, dossier: Dossier, summary: Summary | None, gist: Gist, *, today: date, unconfirmed: int = 0) -> Case:
        """Return a case as it stands on a day. `unconfirmed`: the answer of 1-3 to item 9 that waits; 0 for none."""
        return cls(
            dossier=dossier,
            summary=summary,
            gist=gist,
            today=today,
            place=place_of(gist, today, unconfirmed=unconfirmed),
            why=why_here(gist, today, unconfirmed=unconfirmed),
            signal=signal_on(gist, today)[0] if summary else None,
            under_way=under_way(gist, today),
            ending_soon=ending_soon(gist, today),
        )

    def asks(self, therapist: str) -> bool:
        """Whether it is one of a therapist's (of anybody's, if none is named) that goes on, or has open risk."""
        theirs = not therapist or self.gist.therapist == therapist
        return theirs and (self.under_way or self.place.rank is Rank.RISK)


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Return cases in the caseload's order: by who needs the therapist most."""
    return sorted(cases, key=lambda case: case.place)
