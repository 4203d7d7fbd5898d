"""The end of the history's chain, as it is kept outside the file: it shows later whether the end was cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trdtrack.domain.message import message

if TYPE_CHECKING:
    from trdtrack.domain.message import Message

LETTERS = 12
"""How much of the hash a person is shown."""


@dataclass(frozen=True)
class ChainHead:
    """The number of the last history line, 0 where there is none, and its hash or the beginning of it."""

    number: int
    hash: str

    @property
    def short(self) -> str:
        """What is written on exports."""
        return f"{self.number}, {self.hash[:LETTERS]}"

    def missing(self, now: ChainHead) -> Message:
        """Say what it means that a file which ends at `now` does not continue this head."""
        if now.number == self.number - 1:
            return message(
                "History line {n}, known on this computer, is missing: is this an older copy?", n=self.number
            )
        if now.number < self.number:
            return message(
                "History lines {first} to {last}, known on this computer, are missing: is this an older copy?",
                first=now.number + 1,
                last=self.number,
            )
        return message(
            "History line {n} is not the one known on this computer: this is another copy, or its history was changed.",
            n=self.number,
        )
