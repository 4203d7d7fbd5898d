"""A sentence for a person, kept as a template with named fields until the edge of the program puts it into words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Message:
    """One translatable sentence. `many` and `n` are given when its wording depends on a count.

    Fields may be numbers, texts, dates or further Messages; `trdtrack.words.say` turns them into words.
    """

    text: str
    fields: dict[str, Any] = field(default_factory=dict[str, Any], repr=False, hash=False)
    many: str | None = None
    n: int | None = None


def message(text: str, /, **fields: Any) -> Message:
    """Mark a sentence for translation. `packaging/catalogues.py` gathers what is marked: the text is a literal."""
    return Message(text, fields)


def plural(one: str, many: str, n: int, /, **fields: Any) -> Message:
    """Mark a sentence whose wording depends on `n`, which it may name as `{n}`. Both texts are literals."""
    return Message(one, {"n": n, **fields}, many, n)


def marked(*texts: str) -> tuple[str, ...]:
    """Mark texts, literals all, that are translated later, by whoever says them."""
    return texts


class Worded(StrEnum):
    """A choice whose values, as they are stored, are words for a person too: each is translated when it is said."""

    @property
    def words(self) -> Message:
        """The value as a message."""
        return Message(self.value)


class Figure(str):
    """A number already written in figures, with a point before its decimals; said with the decimal sign in use."""

    __slots__ = ()
