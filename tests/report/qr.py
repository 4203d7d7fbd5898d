"""Reads a small QR code by the book (ISO/IEC 18004, versions 1 and 2): modules to text, no library of ours in it."""

from __future__ import annotations

FORMAT_MASK = 0b101010000010010
MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def read(dark: list[list[bool]]) -> str:
    """Return what the modules say; errors are not corrected: a printed one has none."""
    size = len(dark)
    assert size in (21, 25), f"{size} modules a side"
    places = [(8, c) for c in (*range(6), 7, 8)] + [(r, 8) for r in (7, *range(5, -1, -1))]
    form = int("".join(str(int(dark[r][c])) for r, c in places), 2) ^ FORMAT_MASK
    bits = _bits(dark, MASKS[form >> 10 & 7])
    text = ""
    while mode := _take(bits, 4):
        if mode == 4:
            return text + bytes(_take(bits, 8) for _byte in range(_take(bits, 8))).decode("utf-8")
        count, width, most, base = (_take(bits, 10), 10, 3, 10) if mode == 1 else (_take(bits, 9), 11, 2, 45)
        while count:
            some = min(count, most)
            value = _take(bits, width if some == most else (6 if mode == 2 else (4, 7)[some - 1]))
            text += "".join(LETTERS[value // base**place % base] for place in range(some - 1, -1, -1))
            count -= some
    return text


def _bits(dark, mask) -> list[int]:
    size = len(dark)

    def fixed(r, c):
        corner = (r < 9 and (c < 9 or c >= size - 8)) or (r >= size - 8 and c < 9)
        aligned = size == 25 and 16 <= r <= 20 and 16 <= c <= 20
        return corner or aligned or 6 in (r, c)

    found, upwards = [], True
    for right in (c if c > 6 else c - 1 for c in range(size - 1, 0, -2)):
        for r in range(size - 1, -1, -1) if upwards else range(size):
            two = (c for c in (right, right - 1) if not fixed(r, c))
            found += [int(dark[r][c]) ^ int(mask(r, c) == 0) for c in two]
        upwards = not upwards
    return found


def _take(bits: list[int], n: int) -> int:
    taken, bits[:n] = bits[:n], []
    return int("0" + "".join(map(str, taken)), 2)
