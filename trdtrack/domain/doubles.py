"""Records to look at again: probably one person written down twice, and courses past the clinic's retention period."""

from __future__ import annotations

import re
from collections import defaultdict
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING
from unicodedata import combining, normalize

from trdtrack.domain.months import months_later

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from trdtrack.domain.dossier import Dossier
    from trdtrack.domain.records import Course, Patient

LIKE = 0.8
"""Share of letters two names have in common, in order, from which they are alike (difflib's ratio); our own choice."""
_WORD = re.compile(r"[^\W_]+")
# Letters that are no accented form of another one, as they are written where a keyboard lacks them.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})


def probable_doubles(patients: Iterable[Patient]) -> list[tuple[Patient, Patient]]:
    """Return pairs of patients in force with the same birth date and like names, in the order given."""
    born: dict[date, list[tuple[Patient, tuple[str, ...]]]] = defaultdict(list)
    for patient in patients:
        words = _words(patient.name)
        if patient.date_of_birth and words and not patient.withdrawn:
            born[patient.date_of_birth].append((patient, words))
    return [
        (one, other)
        for same_day in born.values()
        for (one, first), (other, second) in combinations(same_day, 2)
        if _alike(first, second)
    ]


def doubles_of(patient: Patient, patients: Iterable[Patient]) -> list[Patient]:
    """Return the patients in force who are probably this one, itself left out."""
    words = _words(patient.name)
    if patient.date_of_birth is None or not words:
        return []
    return [
        other
        for other in patients
        if other.date_of_birth == patient.date_of_birth
        and other.id != patient.id
        and not other.withdrawn
        and _alike(words, _words(other.name))
    ]


def past_retention(dossiers: Iterable[Dossier], years: int | None, *, today: date) -> list[tuple[Patient, Course]]:
    """Return each patient whose last course ended more than `years` ago, with that course; none without a period."""
    if years is None:
        return []
    found: list[tuple[Patient, Course]] = []
    for dossier in dossiers:
        course = max(dossier.courses, key=lambda c: (c.end is None, c.end.toordinal() if c.end else 0), default=None)
        if course and course.end and months_later(course.end, 12 * years) < today:
            found.append((dossier.patient, course))
    return found


def _words(name: str) -> tuple[str, ...]:
    """Return a name's words without accents and case."""
    letters = (c for c in normalize("NFKD", name.casefold()) if not combining(c))
    return tuple(_WORD.findall("".join(letters).translate(_PLAIN)))


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not one or not other:
        return False
    if _ratio(sorted(one), sorted(other)) or _ratio(one, other):
        return True
    initials = any(len(word) == 1 for word in (*one, *other))
    return initials and len(one) == len(other) >= 2 and _pairs(list(one), list(other))


def _ratio(one: Iterable[str], other: Iterable[str]) -> bool:
    matcher = SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False)
    return matcher.real_quick_ratio() >= LIKE and matcher.quick_ratio() >= LIKE and matcher.ratio() >= LIKE


def _pairs(one: list[str], other: list[str]) -> bool:
    """Whether each word of one name has a word of the other of its own: like it, or its initial."""
    if not one:
        return not other
    word, *rest = one
    for place, candidate in enumerate(other):
        initial = 1 in (len(word), len(candidate)) and word[0] == candidate[0]
        if (initial or _ratio([word], [candidate])) and _pairs(rest, other[:place] + other[place + 1 :]):
            return True
    return False
