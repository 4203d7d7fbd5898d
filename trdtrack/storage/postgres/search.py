"""The words of the record on a server, and what they are found by: as `storage.search` does it in a file."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from trdtrack.domain.finding import Found, Spoken, spoken
from trdtrack.storage.tables import one_or_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from trdtrack.domain.edit import Step

TABLE = (
    (
        "CREATE TABLE words (kind text NOT NULL, record text NOT NULL, patient text NOT NULL, day date, "
        "said text NOT NULL, names tsvector NOT NULL, every tsvector NOT NULL, PRIMARY KEY (kind, record))"
    ),
    "CREATE INDEX ix_words_patient ON words (patient)",
    "CREATE INDEX ix_words_every ON words USING gin (every)",
)
# With the owner's rights, for the index serves no query that a policy stands before; so whose it is, is asked here.
FUNCTION = (
    "CREATE OR REPLACE FUNCTION find_words(what tsquery, in_names boolean, most int) "
    "RETURNS TABLE(kind text, record text, patient text, code text, name text, said text, day date) "
    "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = trdtrack, pg_temp AS $$ "
    "SELECT w.kind, w.record, w.patient, p.code, p.name, w.said, w.day "
    "FROM words w JOIN patient p ON p.id = w.patient "
    "WHERE w.every @@ what AND (NOT in_names OR w.names @@ what) AND p.withdrawn IS NULL AND ("
    "(SELECT sees_all()) OR w.patient = ANY ((SELECT mine() || of_my_team())::text[])) "
    "ORDER BY CASE WHEN in_names THEN NULL ELSE w.kind = 'patient' END, w.day DESC NULLS LAST, p.code LIMIT most $$"
)
MOST_WORDS = 12
_FIND = text("SELECT * FROM find_words(CAST(:what AS tsquery), :in_names, :most)")
_KEEP = text(
    "INSERT INTO words (kind, record, patient, day, said, names, every) VALUES (:kind, :record, :patient, "
    "CAST(:day AS date), :said, CAST(:names AS tsvector), CAST(:every AS tsvector)) ON CONFLICT (kind, record) "
    "DO UPDATE SET patient = excluded.patient, day = excluded.day, said = excluded.said, names = excluded.names, "
    "every = excluded.every"
)
_TAKE = text("DELETE FROM words WHERE kind = :kind AND record = :record")
_WORD = re.compile("(?:[^\\W_][\u0300-\u036f]*)+")
_PLACES, _LETTERS = 16383, 500
"""How many words of a text PostgreSQL counts, and how long a word it takes, with room for letters of four bytes."""
_AROUND = 12
"""Words shown around what was typed."""


def folded(said: str) -> Iterator[tuple[str, int]]:
    """Yield each word without case and accents, and where it begins."""
    for found in _WORD.finditer(said):
        plain = "".join(c for c in unicodedata.normalize("NFKD", found[0]) if not unicodedata.combining(c))
        yield plain.casefold()[:_LETTERS], found.start()


def keep(connection: Connection, steps: Sequence[Step]) -> None:
    """Bring the words up to date with steps just written, touching only those that changed."""
    last: dict[tuple[str, str], Spoken | None] = {}
    for step in steps:
        if spoken(step.before) != spoken(step.after):
            last[step.record.kind, step.record.id] = spoken(step.after)
    gone = [{"kind": kind, "record": record} for (kind, record), words in last.items() if words is None]
    kept = [_row(kind, record, words) for (kind, record), words in last.items() if words]
    if gone:
        connection.execute(_TAKE, gone)
    if kept:
        connection.execute(_KEEP, one_or_all(kept))


def _row(kind: str, record: str, words: Spoken) -> dict[str, Any]:
    said = "\n".join(filter(None, (words.names, words.text)))
    own = {"kind": kind, "record": record, "patient": words.patient, "day": words.day, "said": said}
    return {**own, "names": _vector(words.names), "every": _vector(said)}


def _vector(said: str) -> str:
    return " ".join(f"'{word}':{place}" for place, (word, _at) in enumerate(islice(folded(said), _PLACES), start=1))


def find(connection: Connection, typed: str, *, limit: int) -> list[Found]:
    """Return what holds every word typed, each as a beginning; patients by code or name first, then the newest."""
    code = " ".join(typed.replace("\0", " ").encode(errors="replace").decode().split())
    phrases = [words for word in code.split() if (words := [plain for plain, _at in folded(word)])][:MOST_WORDS]
    if not phrases:
        return []
    what = " & ".join(f"({' <-> '.join(_beginnings(words))})" for words in phrases)
    named = connection.execute(_FIND, {"what": what, "in_names": True, "most": limit}).all()
    found = {(row.kind, row.record): row for row in sorted(named, key=lambda row: row.code != code)}
    if len(found) < limit:
        for row in connection.execute(_FIND, {"what": what, "in_names": False, "most": limit + len(found)}):
            found.setdefault((row.kind, row.record), row)
    firsts = {words[0] for words in phrases}
    return [
        Found(row.kind, row.record, row.patient, row.code, row.name, _snippet(row.said, firsts), row.day)
        for row in list(found.values())[:limit]
    ]


def _beginnings(words: Sequence[str]) -> Iterator[str]:
    *before, last = words
    yield from (f"'{word}'" for word in before)
    yield f"'{last}':*"


def _snippet(said: str, typed: Iterable[str]) -> str:
    """Return the words around the first that begins as one of those typed does."""
    words = list(folded(said))
    at = next((n for n, (word, _at) in enumerate(words) if word.startswith(tuple(typed))), 0)
    first = max(0, min(at - _AROUND // 3, len(words) - _AROUND))
    until = words[first + _AROUND][1] if first + _AROUND < len(words) else len(said)
    shown = said[words[first][1] if words and first else 0 : until].strip()
    dots = "\N{HORIZONTAL ELLIPSIS}"
    return f"{dots if first else ''}{shown}{dots if until < len(said) else ''}"
