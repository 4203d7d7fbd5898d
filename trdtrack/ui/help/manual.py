"""The manual's pages as they lie in `resources/help/`: their order, their text, their language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from trdtrack.paths import resources

if TYPE_CHECKING:
    from pathlib import Path

INDEX = "index"
"""The page with the contents; its links give the order of the pages."""
ENGLISH = "en"
_LINKED = re.compile(r"\]\(([\w-]+)\.md[)#]")
_ODD = re.compile(r"[^\w\- ]")


def folder() -> Path:
    """Return where the manual lies: English there, each other language in a folder of its own."""
    return resources() / "help"


@dataclass(frozen=True)
class Source:
    """One page as it is written: its name without the ending, its Markdown, and the language it is in."""

    name: str
    text: str
    language: str

    @property
    def title(self) -> str:
        """The page's first heading."""
        return self.text.partition("\n")[0].lstrip("# ").strip()


@dataclass(frozen=True)
class Manual:
    """All pages in one language; a page that is not there in it is the English one."""

    folder: Path
    language: str = ENGLISH

    @cached_property
    def pages(self) -> dict[str, Source]:
        """Every page by its name, in the order in which the contents name them; what they do not name stands last."""
        index = self._read(INDEX)
        found = sorted(file.stem for file in self.folder.glob("*.md"))
        names = dict.fromkeys([INDEX, *(name for name in _LINKED.findall(index.text) if name in found), *found])
        return {name: self._read(name) for name in names}

    def _read(self, name: str) -> Source:
        own = self.folder / self.language / f"{name}.md"
        if self.language != ENGLISH and own.is_file():
            return Source(name, own.read_text(encoding="utf-8"), self.language)
        return Source(name, (self.folder / f"{name}.md").read_text(encoding="utf-8"), ENGLISH)


@dataclass(frozen=True)
class Spot:
    """A place in the manual one was at: a page, a heading, and how far down one had read."""

    page: str
    heading: str = ""
    scrolled: int | None = None

    @property
    def topic(self) -> str:
        """Page and heading as a link has them."""
        return f"{self.page}#{self.heading}" if self.heading else self.page


def slug(heading: str) -> str:
    """Return by what name a link leads to a heading, as Markdown viewers make it: "Keep it safe": keep-it-safe."""
    return _ODD.sub("", heading.strip().lower()).replace(" ", "-")


def parted(topic: str) -> tuple[str, str]:
    """Return page and heading of a link within the manual: "backups.md#on-paper": backups, on-paper."""
    page, _hash, heading = topic.partition("#")
    return page.removesuffix(".md"), heading
