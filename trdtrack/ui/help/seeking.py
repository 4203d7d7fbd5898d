"""Finding words in the manual: by whole words and by their beginnings, whatever their capitals and accents."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, up to the next; `start` is its place in the page's text."""

    page: str
    heading: str
    slug: str
    start: int
    text: str

    @property
    def topic(self) -> str:
        """Page and heading as a link has them."""
        return f"{self.page}#{self.slug}"


@dataclass(frozen=True)
class Hit:
    """A section that has every word sought; `spots` are first letter and length of each place in the page's text."""

    section: Section
    spots: tuple[tuple[int, int], ...]


def seek(typed: str, sections: Iterable[Section]) -> list[Hit]:
    """Return the sections with a word that begins with each word typed, most of them in the heading first."""
    words = [re.compile(rf"(?<!\w){re.escape(word)}") for word in folded(typed).split()]
    if not words:
        return []
    hits: list[Hit] = []
    for section in sections:
        text = folded(section.text)
        found = [list(word.finditer(text)) for word in words]
        if all(found):
            spots = {(section.start + one.start(), len(one.group())) for each in found for one in each}
            hits.append(Hit(section, tuple(sorted(spots))))
    return sorted(hits, key=lambda hit: -_in_heading(words, hit.section))


def _in_heading(words: Sequence[re.Pattern[str]], section: Section) -> int:
    heading = folded(section.heading)
    return sum(word.search(heading) is not None for word in words)


def folded(text: str) -> str:
    """Return a text of the same length without capitals and accents."""
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in text)
