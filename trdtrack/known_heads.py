"""What this computer remembers of a caseload's history, compared whenever the file is opened and when it is checked.

A history whose end was cut off, its records with it, is whole in itself: only a place outside the file can tell. Two
copies of one file that both go on are known apart by where they lie.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from trdtrack import settings
from trdtrack.domain.address import Address

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.caseload import Caseload
    from trdtrack.domain.chain_head import ChainHead
    from trdtrack.domain.message import Message


def begin(caseload: Caseload) -> Message | None:
    """Return what of the history known last is missing from a file just opened; remember its end now and on closing."""
    last, now = _known(caseload.place)[-1:], caseload.head
    _remember(caseload, now)
    caseload.parting = partial(_remember, caseload)
    return next((head.missing(now) for head in last if not caseload.continues(head)), None)


def missing(caseload: Caseload) -> list[Message]:
    """Return everything known here that the file's history does not continue, also what was said before."""
    return [head.missing(caseload.head) for head in _known(caseload.place) if not caseload.continues(head)]


def _lies(place: Path | Address) -> str:
    return place.text if isinstance(place, Address) else str(place.resolve())


def _known(place: Path | Address) -> list[ChainHead]:
    """Return the ends known of the caseload in this place; of a file that is new there, those of wherever it was."""
    known = settings.heads(place)
    here = [head for where, head in known if where == _lies(place)]
    return here or [head for _where, head in known]


def _remember(caseload: Caseload, now: ChainHead) -> None:
    """Keep the end, and older ones of this place only as long as they are missed."""
    place, lies = caseload.place, _lies(caseload.place)
    kept = [(where, head) for where, head in settings.heads(place) if where != lies or not caseload.continues(head)]
    settings.remember_heads(place, [*kept, (lies, now)])
