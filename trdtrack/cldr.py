"""Writes days and figures as a language does, by the Unicode Consortium's CLDR in Babel; never loaded in English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import match_skeleton, parse_pattern

from trdtrack.words import Manner

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from babel import Locale

_REMEMBERED = 4096
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


class Cldr(Manner):
    """The manner of a language and, where the computer says so, of its country: de, de-AT."""

    longer = True

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        self.language = locale.language
        self.rightward = locale.text_direction == "ltr"
        self._decimal = str(locale.number_symbols["latn"]["decimal"])
        self._percent = str(locale.percent_formats[None].pattern).split("0")[-1]
        self.day = lru_cache(_REMEMBERED)(self._pattern("yMMMd"))
        self.month_day = lru_cache(_REMEMBERED)(self._pattern("MMMd"))
        self.month = lru_cache(_REMEMBERED)(self._pattern("MMM"))
        self.month_year = lru_cache(_REMEMBERED)(self._pattern("yMMM"))

    def _pattern(self, skeleton: str) -> Callable[[date], str]:
        formats = self._locale.datetime_skeletons
        pattern = parse_pattern(formats[match_skeleton(skeleton, formats) or skeleton])
        return lambda when: pattern.apply(when, self._locale)

    def figures(self, text: str) -> str:
        """Write each number with this language's decimal sign and what stands before its percent sign."""
        return _POINT.sub(self._decimal, text).replace("%", self._percent)

    def day_orders(self) -> tuple[str, ...]:
        """Return the order in which the short form of a date has day, month and year."""
        written = self._locale.date_formats["short"].pattern.lower()
        return ("".join(sorted("dmy", key=written.index)),)
