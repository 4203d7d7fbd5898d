"""The languages the program speaks: those shipped, those dropped into a folder, and which one is in force."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from trdtrack import settings, words

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

VARIABLE = "TRDTRACK_LANGUAGE"
ENGLISH = "en"
TRIED_OUT = ("pseudo", "rtl")
"""No languages: what a longer one, and one read from the right, would make of the window (`trdtrack.pseudo`)."""
NAMES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}
"""The languages shipped, each by its own name. All but English are not yet reviewed by a clinician."""
_CODE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
_MOST = 8_000_000
"""Bytes of a catalogue that is read: a larger file is none."""


@dataclass(frozen=True)
class Language:
    """A language that can be chosen: its code, and the file it is in; None for English, which needs none."""

    code: str
    file: Path | None = None

    @property
    def own(self) -> bool:
        """Whether somebody put it there, so that it is not the program's."""
        return self.file is not None and self.file.parent == settings.catalogues()


def languages() -> list[Language]:
    """Return English, the languages shipped, and those in the folder for more, which come before shipped ones."""
    from trdtrack.paths import resources

    found: dict[str, Language] = {ENGLISH: Language(ENGLISH)}
    for folder in (resources() / "locale", settings.catalogues()):
        with suppress(OSError):
            for file in sorted(folder.iterdir(), key=lambda one: (one.suffix == ".po", one.name)):
                if file.suffix in {".po", ".mo"} and _CODE.fullmatch(file.stem):
                    code = file.stem.replace("-", "_")
                    found[code] = Language(code, file)
    return list(found.values())


def wanted(of_system: Iterable[str]) -> str:
    """Return the language to speak: the variable's, the setting's, or the first of the system's that there is.

    `of_system`: as a system writes them, such as "de-AT" or "de_AT.UTF-8". A country stays on the code, for dates.
    """
    said = os.environ.get(VARIABLE) or settings.language()
    if said:
        return next((one for one in map(_plain, of_system) if one.split("_")[0] == said), said)
    there: set[str] | None = None
    for code in map(_plain, of_system):
        if code.split("_")[0] in {ENGLISH, "C", "POSIX"}:
            return ENGLISH
        there = there if there is not None else {one.code for one in languages()}
        if code in there or code.split("_")[0] in there:
            return code
    return ENGLISH


def of_environment() -> Sequence[str]:
    """Return the languages the environment names, the best first, where nobody else can be asked."""
    named = os.environ.get("LANGUAGE", "").split(":")
    return [one for one in (*named, *(os.environ.get(v, "") for v in ("LC_ALL", "LC_MESSAGES", "LANG"))) if one]


def speak(code: str) -> str:
    """Let the program speak a language from now on, before its window is brought in; return what it speaks.

    `code`: a language with or without a country. What is not there, or cannot be read, leaves it English.
    """
    if code in TRIED_OUT:
        from trdtrack.pseudo import Pseudo, PseudoManner

        words.speak(Pseudo(), PseudoManner(rightward=code != "rtl"))
        return code
    language = code.split("_", maxsplit=1)[0]
    if language == ENGLISH:
        words.speak(NullTranslations(), words.Manner())
        return ENGLISH
    there = {one.code: one for one in languages()}
    found = there.get(code) or there.get(language)
    if found is None or found.file is None:
        return ENGLISH
    try:
        translations = read(found.file)
    except (OSError, ValueError):
        return ENGLISH
    words.speak(translations, _manner(code, found.code))
    return found.code


@contextmanager
def spoken(code: str) -> Generator[str]:
    """Speak a language for a while, and give what is spoken; what was brought in before keeps the words it has."""
    before = words.in_force()
    try:
        yield speak(code)
    finally:
        words.speak(*before)


def read(file: Path) -> NullTranslations:
    """Read a catalogue, a .po or a .mo file. Raises OSError or ValueError for one that cannot be read."""
    if file.stat().st_size > _MOST:
        raise ValueError(file.name)
    if file.suffix == ".mo":
        import struct

        with file.open("rb") as held:
            try:
                return GNUTranslations(held)
            except (struct.error, KeyError, IndexError) as error:
                raise ValueError(file.name) from error
    from trdtrack.po import Catalogue

    return Catalogue(file.read_text(encoding="utf-8"))


def _manner(code: str, found: str) -> words.Manner:
    from babel import Locale, UnknownLocaleError

    from trdtrack.cldr import Cldr

    for one in (code, found, found.split("_", maxsplit=1)[0]):
        with suppress(UnknownLocaleError, ValueError):
            return Cldr(Locale.parse(one))
    return words.Manner()


def _plain(code: str) -> str:
    return code.split(".", maxsplit=1)[0].split("@", maxsplit=1)[0].replace("-", "_")
