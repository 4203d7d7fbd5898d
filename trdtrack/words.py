"""Puts messages into words at the program's edge: translation, dates, the instrument's validated text."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from typing import Any

from trdtrack.domain.message import Figure, Message, marked, message
from trdtrack.paths import resources

MINUS = "\u2212"


class Manner:
    """How days and figures are written: as here in English, as `trdtrack.cldr` has it in other languages."""

    language = "en"
    rightward = True
    """Whether it is read from left to right."""
    longer = False
    """Whether its words take more room than English ones."""
    _months = marked("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")

    def day(self, when: date) -> str:
        """Write a day: 12 May 2026."""
        return f"{self.month_day(when)} {when.year}"

    def month_day(self, when: date) -> str:
        """Write a near day without its year: 12 May."""
        return f"{when.day} {self.month(when)}"

    def month(self, when: date) -> str:
        """Write the month of a day: May."""
        return translated(self._months[when.month - 1])

    def month_year(self, when: date) -> str:
        """Write the month of a day and its year: May 2026."""
        return f"{self.month(when)} {when.year}"

    def figures(self, text: str) -> str:
        """Write a number that stands in figures, a point before its decimals, perhaps a percent sign behind."""
        return text

    def day_orders(self) -> tuple[str, ...]:
        """Return in which order day, month and year are typed in figures, beside the year first: "dmy", "mdy"."""
        return ()


_translations = NullTranslations()
_manner = Manner()


def speak(translations: NullTranslations, manner: Manner) -> None:
    """Let everything said from now on be said in a language. `trdtrack.locales` chooses it, once, at the start."""
    global _translations, _manner
    _translations, _manner = translations, manner


def in_force() -> tuple[NullTranslations, Manner]:
    """Return the language spoken now, as `speak` takes it."""
    return _translations, _manner


def manner() -> Manner:
    """Return how days and figures are written now."""
    return _manner


def _(text: str) -> str:
    """Return a fixed text of the window in the language in force. The text is a literal, as for `message`."""
    return translated(text)


def translated(text: str) -> str:
    """Return a text that is marked elsewhere, or stands in a benchmark's file, in the language in force."""
    return _translations.gettext(text) if text else ""


def day(when: date) -> str:
    """Return a date as people write it: 12 May 2026."""
    return _manner.day(when)


def month_day(when: date) -> str:
    """Return a near date without its year: 12 May."""
    return _manner.month_day(when)


def month(when: date, *, year: bool) -> str:
    """Return the month of a date: May, or May 2026."""
    return _manner.month_year(when) if year else _manner.month(when)


def stated_day(text: str) -> str:
    """Return the date a benchmark's file states as people write one; a clinic's own file may state what is none."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text


def moment(when: datetime) -> str:
    """Return a moment as people write it, by this computer's clock: 12 May 2026 14:30."""
    here = when.astimezone()
    return f"{day(here.date())} {here:%H:%M}"


def figures(text: str) -> str:
    """Return a number that stands in figures, such as 1.5 or 30%, with the decimal sign in use; for people's eyes."""
    return _manner.figures(text)


def say(what: Message | str) -> str:
    """Return a message in words, its fields put in."""
    if isinstance(what, str):
        return what
    if what.many is None or what.n is None:
        text = translated(what.text)
    else:
        text = _translations.ngettext(what.text, what.many, what.n)
    return text.format(**{name: _in_words(value) for name, value in what.fields.items()})


def named(name: str, value: str) -> str:
    """Return a thing and what it is, with the colon as the language sets it: "Change: -7"."""
    return _("{name}: {value}").format(name=name, value=value)


def shown(text: str) -> str:
    """Return a sentence as it is set on screen and paper: a real arrow and a real minus."""
    return text.replace("->", "\u2192")


def signed(points: int) -> str:
    """Return a change with its sign, a real minus or plus: −7, +2, 0."""
    return "0" if points == 0 else ("+" if points > 0 else MINUS) + str(abs(points))


class _Float(float):
    """A number that a sentence formats itself: with the decimal sign in use."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return _manner.figures(super().__format__(form))


def _in_words(value: Any) -> Any:
    if isinstance(value, Message):
        return say(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Figure):
        return _manner.figures(value)
    return _Float(value) if isinstance(value, float) else value


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


@cache
def _wordings() -> tuple[str, ...]:
    return tuple(sorted(file.name.split(".")[1] for file in (resources() / "instruments").glob("phq9.*.toml")))


def phq9_languages() -> dict[str, str]:
    """Return the languages in which a validated text of the PHQ-9 lies there: each one's own name, and its code."""
    return {_wording(code).language: code for code in _wordings()}


def phq9_wording(language: str = "") -> Wording:
    """Return the PHQ-9 in a language for which a validated text lies there (see resources/help/another-language.md).

    Without a language: the one in force, or English where no validated text of it lies there.
    """
    return _wording(language or (_manner.language if _manner.language in _wordings() else "en"))


def wording_remark() -> Message | None:
    """Return that the questions are shown in English though the program speaks another language, if it is so."""
    if _manner.language in _wordings():
        return None
    return message(
        "The questions of the PHQ-9 are shown in English, as they were published: no validated text in this language "
        "lies here."
    )


@cache
def _wording(language: str) -> Wording:
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
