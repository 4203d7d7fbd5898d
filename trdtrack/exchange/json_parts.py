"""One large JSON object read a piece at a time, so that an archive of many years is never in memory as a whole."""

from __future__ import annotations

import codecs
import json
import re
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHUNK = 1 << 20
MOST = 64 << 20
"""Letters one value within the object may have: a single record or history line has far fewer."""
_SPACE = re.compile(r"[ \t\r\n]*")


def members(file: IO[bytes], *, tick: Callable[[int], None] | None = None) -> Iterator[tuple[str, Any]]:
    """Yield (name, value) of the object in a UTF-8 file, in the file's order; for a list (name, each of its values).

    `tick(bytes read)` is told with every piece. Raises ValueError where the file is not one such object.
    """
    text = _Text(file, tick)
    text.expect("{")
    if text.peek() == "}":
        text.expect("}")
    else:
        while True:
            name = str(text.value())
            text.expect(":")
            if text.peek() == "[":
                yield from ((name, value) for value in _items(text))
            else:
                yield name, text.value()
            if text.expect(",}") == "}":
                break
    if text.peek():
        raise ValueError("something follows the object")


def _items(text: _Text) -> Iterator[Any]:
    text.expect("[")
    if text.peek() == "]":
        text.expect("]")
        return
    while True:
        yield text.value()
        if text.expect(",]") == "]":
            return


class _Text:
    """The text of the file as far as it has been read, and where in it we are."""

    def __init__(self, file: IO[bytes], tick: Callable[[int], None] | None) -> None:
        self._file, self._tick = file, tick
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._json = json.JSONDecoder(parse_constant=_no_constant)
        self._text, self._at, self._read = "", 0, 0
        self._ended = False

    def peek(self) -> str:
        """Return the next letter that is no space; empty at the end of the file."""
        while True:
            found = _SPACE.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def expect(self, letters: str) -> str:
        """Step over one of these letters and return it."""
        found = self.peek()
        if not found or found not in letters:
            raise ValueError("not the JSON expected here")
        self._at += 1
        return found

    def value(self) -> Any:
        """Return the value that begins here, whole."""
        self.peek()
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except ValueError:
                if not self._more():
                    raise
                continue
            if end < len(self._text):
                self._at = end
                return value
            # A number may go on in the next piece.
            if not self._more():
                self._at = len(self._text)
                return value

    def _more(self) -> bool:
        """Read on; False at the end of the file. A piece is as long as what waits: no value is tried often."""
        waiting = self._text[self._at :]
        if self._ended or len(waiting) > MOST:
            return False
        piece = self._file.read(max(CHUNK, len(waiting)))
        self._ended = not piece
        self._text, self._at = waiting + self._decode(piece, final=self._ended), 0
        self._read += len(piece)
        if self._tick:
            self._tick(self._read)
        return not self._ended


def _no_constant(name: str) -> None:
    raise ValueError(name)
