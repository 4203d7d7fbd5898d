"""What the patient list lets through: whose, open courses, modality, signal, no recent score, and the text typed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trdtrack.domain.records import Modality
from trdtrack.domain.signals import Signal
from trdtrack.domain.summary import SIGNAL_WORDS
from trdtrack.ui.entry.choices import MODALITIES
from trdtrack.ui.page import capital
from trdtrack.words import _, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.ui.caseload.listed import Listed


@dataclass(frozen=True)
class Filter:
    """Everything asked for has to hold. None: not asked for. The text typed is no part of it: it is never saved."""

    mine: bool = False
    open: bool = False
    modality: Modality | None = None
    signal: Signal | None = None
    no_recent_score: bool = False

    def __bool__(self) -> bool:
        return self != Filter()

    def lets(self, rows: Sequence[Listed], *, therapist: str, text: str = "") -> list[Listed]:
        """Return the rows it lets through, in their order. `text`: words each of which code or name must have."""
        tests: tuple[tuple[bool, Callable[[Listed], bool]], ...] = (
            (self.mine, lambda r: r.gist.therapist == therapist),
            (self.open, lambda r: r.under_way),
            (self.modality is not None, lambda r: bool(r.gist.course) and r.gist.modality == self.modality),
            (self.signal is not None, lambda r: bool(r.gist.course) and r.signal is self.signal),
            (self.no_recent_score, lambda r: r.no_recent_score),
        )
        for asked, test in tests:
            if asked:
                rows = [row for row in rows if test(row)]
        for word in text.casefold().split():
            rows = [row for row in rows if word in row.sought]
        return list(rows)

    def words(self) -> str:
        """Name the filter by what it asks for: nobody has to think of a name that says something about a patient."""
        parts = (
            _("Mine") if self.mine else "",
            _("Open courses") if self.open else "",
            say(MODALITIES[self.modality]) if self.modality is not None else "",
            capital(say(SIGNAL_WORDS[self.signal])) if self.signal is not None else "",
            _("No recent score") if self.no_recent_score else "",
        )
        return " · ".join(part for part in parts if part) or _("Everybody")

    def plain(self) -> dict[str, Any]:
        """Return it as plain values for the settings."""
        return {
            "mine": self.mine,
            "open": self.open,
            "modality": None if self.modality is None else self.modality.value,
            "signal": None if self.signal is None else self.signal.value,
            "no_recent_score": self.no_recent_score,
        }


def filter_of(plain: dict[str, Any]) -> Filter | None:
    """Return the filter that plain values stand for; None for what this version does not know."""
    with suppress(ValueError, TypeError):
        modality, signal = plain.get("modality"), plain.get("signal")
        return Filter(
            mine=plain.get("mine") is True,
            open=plain.get("open") is True,
            modality=None if modality is None else Modality(modality),
            signal=None if signal is None else Signal(signal),
            no_recent_score=plain.get("no_recent_score") is True,
        )
    return None
