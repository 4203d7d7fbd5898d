"""Reads a catalogue of translations as it is written, a .po file: nothing has to be built, so nothing goes stale."""

from __future__ import annotations

import re
from gettext import NullTranslations, c2py
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LINE = re.compile(r'^(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?"(.*)"\s*$')
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
_PLURALS = re.compile(r"^Plural-Forms:.*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+)", re.MULTILINE)


class Catalogue(NullTranslations):
    """What is said in one language. A text it lacks is said in English."""

    def __init__(self, text: str) -> None:
        """Read the text of a .po file. Raises ValueError for one that cannot be read."""
        super().__init__()
        self._one: dict[str, str] = {}
        self._several: dict[str, list[str]] = {}
        self._form: Callable[[int], int] = lambda n: int(n != 1)
        for entry in _entries(text):
            self._take(entry)

    def _take(self, entry: dict[str, str]) -> None:
        text = entry.get("msgid", "")
        several = [said for key, said in sorted(entry.items()) if key.startswith("msgstr[")]
        if text == "":
            if found := _PLURALS.search(entry.get("msgstr", "")):
                self._form = c2py(found[2].strip())
        elif several:
            # Its own fields only: a sentence must not fall for a slip in a file that was dropped in.
            if all(said and _fields(said) <= _fields(text) | _fields(entry["msgid_plural"]) for said in several):
                self._several[text] = several
                self._one[text] = several[0]
        elif (said := entry.get("msgstr", "")) and _fields(said) <= _fields(text):
            self._one[text] = said

    def gettext(self, message: str) -> str:
        """Return a text in this language."""
        return self._one.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form of a text that goes with a number."""
        several = self._several.get(msgid1)
        form = self._form(n)
        if several is None or form >= len(several):
            return msgid1 if n == 1 else msgid2
        return several[form]

    def __len__(self) -> int:
        return len(self._one)


def _entries(text: str) -> Iterator[dict[str, str]]:
    """Yield each message as what stands behind its keywords; one marked as fuzzy is no translation."""
    entry: dict[str, str] = {}
    key, fuzzy = "", False
    for line in text.splitlines():
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif found := _LINE.match(line):
            key = found[1] or key
            written = found[2]
            entry[key] = entry.get(key, "") + (_ESCAPE.sub(_meant, written) if "\\" in written else written)
        elif line.strip():
            raise ValueError(line)
        elif entry:
            if not fuzzy or entry.get("msgid") == "":
                yield entry
            entry, fuzzy = {}, False
    if entry and not fuzzy:
        yield entry


def _meant(escape: re.Match[str]) -> str:
    return _MEANT.get(escape[1], escape[0])


def _fields(text: str) -> set[str]:
    return {name for _text, name, _form, _as in Formatter().parse(text) if name} if "{" in text else set()
