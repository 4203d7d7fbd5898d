"""The audit chain proved: every line to the one before it, every text to its line, every record to its last line.

The guards keep this and every other program from changing a line by accident; the chain shows it where somebody took
them away; and a head kept elsewhere (in backups, exports, on the computer) shows where the end was cut off.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from trdtrack.domain.exported import Exported
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.chain_words import ERASE
from trdtrack.storage.postgres import history
from trdtrack.storage.tables import TABLES, audit, audit_text, from_json, in_parts, on_server, record_of, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

GENESIS = "0" * 64
_ERASED = ""
"""Stands for a text that lawful erasure took: what the record was then is not known any more."""
_SEAL = "without words: "
_LAST = select(audit.c.seq, audit.c.edit, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)
TEXTS = ("salt", "before", "after", "why")
_HASHED = ("seq", "edit", "undoes", "at", "who", "title", "kind", "record", "digest", "previous")
_WHEN = {
    "audit_stays_as_it_is": "UPDATE ON audit",
    "audit_stays": "DELETE ON audit",
    # INSERT OR REPLACE takes a row away without a word to the guards above.
    "audit_is_not_replaced": "INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = new.seq)",
    "audit_text_stays_as_it_is": "UPDATE ON audit_text",
    # Only straight after the line of an erasure, and only what was about that patient.
    "audit_text_stays": (
        "DELETE ON audit_text WHEN NOT EXISTS (SELECT 1 FROM audit "
        "JOIN audit_about ON audit_about.patient = audit.record AND audit_about.seq = old.seq "
        "WHERE audit.seq = (SELECT max(seq) FROM audit) AND audit.kind = 'patient' AND audit.title = 'Erase patient')"
    ),
    "audit_text_is_not_replaced": "INSERT ON audit_text WHEN EXISTS (SELECT 1 FROM audit_text WHERE seq = new.seq)",
}
GUARDS = {
    name: f"CREATE TRIGGER {name} BEFORE {when} BEGIN SELECT RAISE(ABORT, 'the history is only added to'); END"
    for name, when in _WHEN.items()
}
"""The triggers that keep the history append-only, by name."""


@dataclass(frozen=True)
class Head:
    """The end of the chain: the last line's number and hash, the last edit's number, and whether that one is open."""

    seq: int
    edit: int
    hash: str
    open: bool = False


def head(connection: Connection, *, to_add: bool = False) -> Head:
    """Return the end of the chain; on a server `to_add` keeps everybody else from adding until the transaction ends."""
    last = history.end(to_add=to_add) if on_server(connection) else _LAST
    row = connection.execute(last).one_or_none()
    return Head(row.seq, row.edit, row.hash) if row else Head(0, 0, GENESIS)


def hash_at(connection: Connection, number: int) -> str:
    """Return a line's hash; empty where there is no such line. Before the first line stands GENESIS, as number 0."""
    if number == 0:
        return GENESIS
    query = select(audit.c.hash).where(audit.c.seq == number)
    return connection.execute(history.hash_at(number) if on_server(connection) else query).scalar_one_or_none() or ""


def text_digest(salt: str, before: str | None, after: str | None, why: str | None) -> str:
    """Return what stands in a line for its texts."""
    # Without a reason as in files of version 1 and 2. No JSON text holds a bare NUL: the three cannot run together.
    reason = f"\x00{why}" if why else ""
    return hashlib.sha256(f"{salt}{before or ''}\x00{after or ''}{reason}".encode()).hexdigest()


def line_hash(line: dict[str, Any]) -> str:
    """Return the hash of a line, which the next one repeats."""
    return hashlib.sha256(json.dumps([line[name] for name in _HASHED]).encode()).hexdigest()


def seal(wordless: Iterable[int]) -> str:
    """Return what the line of an erasure says of all lines that are without texts after it: how many, and a digest."""
    numbers = sorted(wordless)
    return f"{_SEAL}{len(numbers)}, {hashlib.sha256(json.dumps(numbers).encode()).hexdigest()}"


def faults(connection: Connection) -> Iterator[str]:
    """Yield the first line that is not as it was written, and which texts and records are not as their lines say."""
    previous, expected = GENESIS, 1
    latest: dict[tuple[str, str], str | None] = {}
    wordless = _Wordless()
    texts = (audit_text.c[name] for name in TEXTS)
    query = select(audit, *texts).join(audit_text, audit_text.c.seq == audit.c.seq, isouter=True)
    for row in in_parts(connection, query.order_by(audit.c.seq)):
        line, erased = dict(row), row["salt"] is None
        if broken := _broken(line, expected, previous):
            yield broken
            return
        if not erased and line["digest"] != text_digest(*(line[name] for name in TEXTS)):
            yield f"the text of history line {line['seq']} was changed"
        wordless.see(line, erased=erased)
        if line["kind"] != Exported.kind:
            latest[line["kind"], line["record"]] = _ERASED if erased else line["after"]
        previous, expected = line["hash"], expected + 1
    yield from wordless.faults()
    for kind in TABLES:
        yield from _differing(connection, kind, latest)
    yield from (
        f"{kind} {record} is missing" for (kind, record), after in latest.items() if after not in (None, _ERASED)
    )
    alone = select(audit_text.c.seq).where(audit_text.c.seq.not_in(select(audit.c.seq))).limit(1)
    if connection.execute(alone).first():
        yield "the history holds texts without lines"
    if not _guarded(connection):
        yield "what keeps the history from being changed was taken away"


def _guarded(connection: Connection) -> bool:
    if on_server(connection):
        return history.guarded(connection)
    triggers = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'trigger'").scalars()
    return set(GUARDS.values()) <= set(triggers)


def _broken(line: dict[str, Any], expected: int, previous: str) -> str | None:
    """Return how a line does not continue the chain."""
    number = line["seq"]
    if number > expected:
        return f"history line {expected} is missing"
    if number < expected or line["hash"] != line_hash(line):
        return f"history line {number} was changed or put in"
    if line["previous"] != previous:
        return f"history line {number} does not follow the one before it: one of them was changed or put in"
    return None


class _Wordless:
    """The lines without texts, against what the last erasure says of them."""

    def __init__(self) -> None:
        self._since = list[int]()
        """Those after the last erasure."""
        self._before = list[int]()
        self._sealed: tuple[int, str] | None = None

    def see(self, line: dict[str, Any], *, erased: bool) -> None:
        """Take the next line in."""
        if erased:
            self._since.append(line["seq"])
        elif line["kind"] == "patient" and line["title"] == ERASE.text:
            self._sealed = line["seq"], line["salt"]
            self._before += self._since
            self._since = []

    def faults(self) -> Iterator[str]:
        """Yield which texts went without an erasure."""
        if self._since:
            yield f"the text of history line {self._since[0]} is gone without an erasure"
        if self._sealed:
            number, said = self._sealed
            # Erasures of older files did not say which.
            if said.startswith(_SEAL) and said != seal(self._before):
                yield f"other texts before history line {number} are gone than the erasure took"


def _differing(connection: Connection, kind: str, latest: dict[tuple[str, str], str | None]) -> Iterator[str]:
    """Yield the records of one kind that are not as their last line says, and take the others' lines away."""
    try:
        for row in in_parts(connection, select(TABLES[kind])):
            # A record without a line was never written by this program.
            last, record = latest.pop((kind, row["id"]), None), record_of(kind, row)
            # A line of an older version lacks the fields that came later: then the records are compared.
            if last not in (_ERASED, to_json(record)) and from_json(kind, last) != record:
                yield f"{kind} {row['id']} is not as its history says"
    except (Refusal, ValueError, TypeError):
        yield f"a {kind} holds what this program never writes"
