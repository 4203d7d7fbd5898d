"""A sentence for a person, kept as a template with named fields until the edge of the program puts it into words."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    """Mark a sentence for translation (the extraction keyword is `message`)."""
    return Message(text, fields)


def plural(one: str, many: str, n: int, /, **fields: Any) -> Message:
    """Mark a sentence whose wording depends on `n`, which it may name as `{n}`."""
    return Message(one, {"n": n, **fields}, many, n)
