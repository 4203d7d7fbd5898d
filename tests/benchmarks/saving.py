"""A client of a clinic's server that saves a session a second: through the door, or with bare psycopg.

As a program: `saving.py door|bare ADDRESS SECONDS PATIENT COURSE…` says "ready", waits for a line, saves a session for
one patient after the other, as a therapist does, and prints what each save took (s).
"""

from __future__ import annotations

import json
import random
import secrets
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg

from trdtrack.caseload import Caseload
from trdtrack.domain.address import Address
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Session
from trdtrack.storage.chain import line_hash, text_digest
from trdtrack.storage.tables import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    Save = Callable[[str, str, int], None]

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
EVERY_S = 1.0


def session(patient: str, course: str, number: int) -> Session:
    """A session with a note of the usual length."""
    day = AT.date() - timedelta(number % 120)
    return Session(patient=patient, course=course, date=day, note="Spoke about sleep and work. " * 10, entered=AT)


def by_the_door(address: Address) -> Save:
    """Save as the program does."""
    caseload = Caseload.open(address, "", who="")
    return lambda patient, course, number: (
        caseload.edit(added(message("Log"), session(patient, course, number)), at=AT),
        None,
    )[1]


def bare(address: Address) -> Save:
    """Write the same rows and lines to the same tables, in as few statements as that takes."""
    db = psycopg.connect(**address.options(), options="-c search_path=trdtrack")
    who = address.user
    [gist] = db.execute("SELECT text FROM gist WHERE patient <> '' LIMIT 1").fetchone() or ("",)
    db.commit()

    def save(patient: str, course: str, number: int) -> None:
        one = session(patient, course, number)
        after = to_json(one)
        fields = json.loads(after or "")
        names = ", ".join(f'"{name}"' for name in fields)
        places = ", ".join(["%s"] * len(fields))
        row = [int(value) if isinstance(value, bool) else value for value in fields.values()]
        db.execute(f"INSERT INTO session ({names}) VALUES ({places})", row)  # type: ignore[arg-type]
        db.execute(
            "INSERT INTO words VALUES ('session', %s, %s, %s, %s, '', to_tsvector('simple', %s))",
            [one.id, patient, one.date, one.note, one.note],
        )
        db.execute("UPDATE gist SET text = %s WHERE patient = %s", [gist, patient])
        db.execute("SELECT pg_advisory_xact_lock(1414677588, 0)")
        seq, edit, previous = db.execute(
            "SELECT seq, edit, hash FROM audit ORDER BY seq DESC LIMIT 1"
        ).fetchone() or (0, 0, "")
        salt = secrets.token_hex(16)
        line: dict[str, Any] = {"seq": seq + 1, "edit": edit + 1, "undoes": None, "at": AT.isoformat(), "who": who}
        line |= {"title": "Log", "kind": "session", "record": one.id, "previous": previous}
        line["digest"] = text_digest(salt, None, after, None)
        line["hash"] = line_hash(line)
        db.execute(
            f"INSERT INTO audit ({', '.join(line)}, about) VALUES ({', '.join(['%s'] * 11)}, %s)",  # type: ignore[arg-type]
            [*line.values(), [patient]],
        )
        db.execute("INSERT INTO audit_text (seq, salt, after) VALUES (%s, %s, %s)", [seq + 1, salt, after])
        db.execute("INSERT INTO audit_about VALUES (%s, %s)", [patient, seq + 1])
        db.commit()

    return save


def main(how: str, where: str, seconds: str, *ids: str) -> None:
    """Save once a second, at a moment of the second of its own, as people do."""
    make, pairs = {"door": by_the_door, "bare": bare}[how], list(zip(ids[::2], ids[1::2], strict=True))
    save = make(Address.parse(where))
    save(*pairs[0], 0)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begin = time.perf_counter() + random.Random(ids[0]).random()
    took: list[float] = []
    for number in range(int(seconds)):
        time.sleep(max(0.0, begin + number * EVERY_S - time.perf_counter()))
        start = time.perf_counter()
        save(*pairs[(number + 1) % len(pairs)], number)
        took.append(time.perf_counter() - start)
    sys.stdout.write(json.dumps(took))


if __name__ == "__main__":
    main(*sys.argv[1:])
