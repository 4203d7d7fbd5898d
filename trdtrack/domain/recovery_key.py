"""The recovery key as it stands on paper: the file's own key in groups of letters, each of which shows a slip.

Crockford's base 32 (no I, L, O, U). 13 groups hold the 32 bytes, four letters and a check letter each; the fourteenth
holds 20 bits of their SHA-256. The check letter is a sum over GF(32) with another weight for each place and the group's
number in it: one wrong letter, two swapped letters and two swapped groups never pass.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import reduce

from trdtrack.domain.message import Message, message
from trdtrack.domain.refusals import Refusal

KEY_BYTES = 32
GROUP = 5
GROUPS = 14
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)} | {"O": 0, "I": 1, "L": 1}
_WEIGHTS = (2, 4, 8, 16)
"""Powers of the field's generator; the check letter's own weight is the power 0."""
_BITS = 5
_SPARE_BITS = 4
"""52 letters hold 260 bits; the last four are nought."""
_SUM_BITS = 20
_ABOUT = range(GROUP * GROUPS - 5, GROUP * GROUPS + 6)
_FEWEST_DIGITS = 8
"""A key has 22 digits on average and hardly ever fewer; a sentence of as many letters has fewer."""


def groups(key: bytes) -> tuple[str, ...]:
    """Return a key of 32 bytes as it is printed."""
    bits = (int.from_bytes(key) << _SPARE_BITS + _SUM_BITS) | _sum(key)
    values = [bits >> _BITS * place & 31 for place in reversed(range((GROUP - 1) * GROUPS))]
    parts = [values[start : start + GROUP - 1] for start in range(0, len(values), GROUP - 1)]
    return tuple(
        "".join(_LETTERS[value] for value in (*part, _check(number, part))) for number, part in enumerate(parts, 1)
    )


def read(text: str) -> bytes | None:
    """Return the key that was typed, None where the text is none; refuses what is one with a slip in it.

    Capitals or not, spaces and dashes anywhere, O for 0, I or L for 1 are all taken.
    """
    plain = "".join(letter for letter in text if not _parts(letter)).upper()
    values = [_VALUES.get(letter) for letter in plain]
    wrong = _wrong(values)
    if len(plain) == GROUP * GROUPS and not wrong:
        key = _key([value or 0 for value in values])
        if key:
            return key
    if not _meant(text):
        return None
    if len(plain) != GROUP * GROUPS:
        raise Refusal(_uneven(text, len(plain)))
    if len(wrong) == 1:
        raise Refusal(message("A letter is wrong in group {n} of the recovery key.", n=wrong[0]))
    if wrong:
        raise Refusal(message("Letters are wrong in groups {n} of the recovery key.", n=", ".join(map(str, wrong))))
    raise Refusal(message("The recovery key does not fit together: compare every group with the sheet."))


def _meant(text: str) -> bool:
    """Whether a text is meant for a recovery key: about as long, plain letters of one case, many digits."""
    plain = "".join(letter for letter in text if not _parts(letter))
    digits = sum(letter.isdigit() for letter in plain)
    one_case = plain in (plain.upper(), plain.lower())
    return len(plain) in _ABOUT and plain.isascii() and plain.isalnum() and one_case and digits >= _FEWEST_DIGITS


def _parts(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) == "Pd"


def _uneven(text: str, found: int) -> Message:
    typed = "".join(" " if _parts(letter) else letter for letter in text).split()
    uneven = [number for number, part in enumerate(typed, 1) if len(part) != GROUP]
    if abs(len(typed) - GROUPS) <= 1 and uneven:
        return message("Group {n} of the recovery key has not {most} letters.", n=uneven[0], most=GROUP)
    return message("A recovery key has {most} letters and digits; these are {n}.", most=GROUP * GROUPS, n=found)


def _wrong(values: list[int | None]) -> list[int]:
    """Return the numbers of the groups whose letters do not fit their check letter."""
    parts = [values[start : start + GROUP] for start in range(0, len(values), GROUP)]
    return [n for n, part in enumerate(parts, 1) if None in part or _check(n, part[:-1]) != part[-1]]  # type: ignore[arg-type]


def _key(values: list[int]) -> bytes | None:
    """Return the bytes that letters hold if their sum is right."""
    held = [value for place, value in enumerate(values) if place % GROUP != GROUP - 1]
    bits = reduce(lambda sofar, value: sofar << _BITS | value, held)
    key, rest = divmod(bits, 1 << _SPARE_BITS + _SUM_BITS)
    found = key.to_bytes(KEY_BYTES)
    return found if rest == _sum(found) else None


def _sum(key: bytes) -> int:
    return int.from_bytes(hashlib.sha256(key).digest()[:3]) >> 24 - _SUM_BITS


def _check(number: int, part: list[int]) -> int:
    return reduce(lambda sofar, pair: sofar ^ _times(*pair), zip(_WEIGHTS, part, strict=False), number)


def _times(first: int, second: int) -> int:
    """Multiply in GF(32) by x^5 + x^2 + 1."""
    product = 0
    while second:
        if second & 1:
            product ^= first
        second >>= 1
        first <<= 1
        if first & 32:
            first ^= 0b100101
    return product
