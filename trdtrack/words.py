"""Puts messages into words at the program's edge: translation, dates, the instrument's validated text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from typing import Any

from trdtrack.domain.message import Message
from trdtrack.paths import resources

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
MINUS = "\u2212"
_translations = NullTranslations()


def _(text: str) -> str:
    """Return a fixed text of the window in the language in force."""
    return _translations.gettext(text)


def day(when: date) -> str:
    """Return a date as people write it: 12 May 2026."""
    return f"{when.day} {_(_MONTHS[when.month - 1])} {when.year}"


def month_day(when: date) -> str:
    """Return a near date without its year: 12 May."""
    return f"{when.day} {_(_MONTHS[when.month - 1])}"


def moment(when: datetime) -> str:
    """Return a moment as people write it, by this computer's clock: 12 May 2026 14:30."""
    here = when.astimezone()
    return f"{day(here.date())} {here:%H:%M}"


def say(what: Message | str) -> str:
    """Return a message in words, its fields put in."""
    if isinstance(what, str):
        return what
    if what.many is None or what.n is None:
        text = _translations.gettext(what.text) if what.text else ""
    else:
        text = _translations.ngettext(what.text, what.many, what.n)
    return text.format(**{name: _in_words(value) for name, value in what.fields.items()})


def shown(text: str) -> str:
    """Return a sentence as it is set on screen and paper: a real arrow and a real minus."""
    return text.replace("->", "\u2192")


def signed(points: int) -> str:
    """Return a change with its sign, a real minus or plus: −7, +2, 0."""
    return "0" if points == 0 else ("+" if points > 0 else MINUS) + str(abs(points))


def _in_words(value: Any) -> Any:
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    return value


@dataclass(frozen=True)
class Wording:
    """A questionnaire's validated wording: never altered, never machine-translated."""

    language: str
    """The language's own name."""
    name: str
    stem: str
    items: tuple[str, ...]
    answers: tuple[str, ...]
    difficulty: str
    difficulty_answers: tuple[str, ...]
    licence: str


def phq9_languages() -> dict[str, str]:
    """Return the languages in which a validated text of the PHQ-9 lies there: each one's own name, and its code."""
    codes = sorted(file.name.split(".")[1] for file in (resources() / "instruments").glob("phq9.*.toml"))
    return {phq9_wording(code).language: code for code in codes}


@cache
def phq9_wording(language: str = "en") -> Wording:
    """Return the PHQ-9 in a language for which a validated text lies there (see resources/help/another-language.md)."""
    raw = tomllib.loads((resources() / "instruments" / f"phq9.{language}.toml").read_text(encoding="utf-8"))
    return Wording(
        language=raw["language"],
        name=raw["name"],
        stem=raw["stem"],
        items=tuple(raw["items"]),
        answers=tuple(raw["answers"]),
        difficulty=raw["difficulty"],
        difficulty_answers=tuple(raw["difficulty_answers"]),
        licence=raw["licence"],
    )
