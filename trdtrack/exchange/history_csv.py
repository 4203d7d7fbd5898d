"""The history as a CSV: a line a change, in the words of the history page."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from trdtrack.domain.history import describe, title
from trdtrack.exchange.csv_text import BOM, guarded
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trdtrack.domain.history import Line

HEADER = ("at", "who", "done", "what", "why")


def history_csv(lines: Iterable[Line]) -> bytes:
    """Return the lines in the order given: RFC 4180 (commas, CR LF), UTF-8, a byte order mark only where needed.

    `at` is the moment with its time zone (ISO 8601), `done` the title of the edit, `what` the change in words. Texts a
    spreadsheet would run as a formula get an apostrophe in front.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(HEADER)
    for line in lines:
        said = (line.who, say(title(line)), say(describe(line)), line.why)
        table.writerow([line.at.isoformat(timespec="seconds"), *map(guarded, said)])
    content = text.getvalue()
    return (b"" if content.isascii() else BOM) + content.encode("utf-8")
