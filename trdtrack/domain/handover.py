"""Answers a patient gives on this screen: kept one by one as a draft, until the therapist confirms them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trdtrack.domain.phq9 import ITEMS, MAX_ANSWER

if TYPE_CHECKING:
    from trdtrack.domain.phq9 import Answers

HANDED = "handed"
"""Begins the keys of these drafts."""
DIFFICULTY = ITEMS
"""The place of the question how difficult the problems made life, after the nine."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What a patient has answered so far. Places 0-8 are the nine items, 9 is the difficulty; None: not answered."""

    at: datetime
    """When the last answer was given."""
    answers: Answers = field(default=(None,) * ITEMS, repr=False)
    difficulty: int | None = field(default=None, repr=False)
    done: bool = False
    """Whether the patient has had the last look."""

    @property
    def total(self) -> None:
        """A patient gives answers, never a total alone."""
        return None

    @property
    def places(self) -> range:
        """What is asked: the difficulty only where there is a problem, or an item is left out."""
        return range(ITEMS if self.answers == (0,) * ITEMS else ITEMS + 1)

    @property
    def answered(self) -> int:
        """How many of the nine are answered."""
        return sum(answer is not None for answer in self.answers)

    @property
    def blank(self) -> bool:
        """Whether nothing at all is answered."""
        return self.answered == 0 and self.difficulty is None

    def given(self, place: int) -> int | None:
        """Return the answer at a place."""
        return self.difficulty if place == DIFFICULTY else self.answers[place]

    def with_answer(self, place: int, value: int | None, *, at: datetime) -> Handed:
        """Return what is answered once this answer is given, or taken back."""
        if place == DIFFICULTY:
            return replace(self, difficulty=value, at=at)
        after = replace(self, answers=(*self.answers[:place], value, *self.answers[place + 1 :]), at=at)
        return after if DIFFICULTY in after.places else replace(after, difficulty=None)

    def finished(self, *, at: datetime) -> Handed:
        """Return the answers once the patient has had the last look at them."""
        return replace(self, done=True, at=at)

    def next_place(self) -> int:
        """Return where to go on: after the last question answered; one beyond all of them if that was the last."""
        return max((place + 1 for place in self.places if self.given(place) is not None), default=0)


def key_of(course: str) -> str:
    """Return the key of the draft with a course's answers."""
    return f"{HANDED}:{course}"


def handed_text(handed: Handed) -> str:
    """Return the answers as a text to keep."""
    return json.dumps(
        {
            "at": handed.at.isoformat(),
            "answers": handed.answers,
            "difficulty": handed.difficulty,
            "done": handed.done,
        }
    )


def read_handed(text: str) -> Handed | None:
    """Return the answers a text holds; None where it is no such text."""
    with suppress(ValueError, TypeError, KeyError):
        kept: Any = json.loads(text)
        nine = tuple(_answer(value) for value in kept["answers"])
        if len(nine) == ITEMS:
            at = datetime.fromisoformat(kept["at"])
            difficulty = _answer(kept["difficulty"])
            return Handed(at=at, answers=nine, difficulty=difficulty, done=kept["done"] is True)
    return None


def _answer(value: Any) -> int | None:
    if value is None or (type(value) is int and 0 <= value <= MAX_ANSWER):
        return value
    raise ValueError(value)
