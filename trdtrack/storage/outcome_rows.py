"""Reads what the outcomes of a caseload are reckoned from: a statement a table, and no record made of any row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from trdtrack.domain.caseload_outcomes_rows import COLUMNS, OutcomeRows
from trdtrack.storage.postgres import lists
from trdtrack.storage.tables import on_server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trdtrack.storage.records import Records

    Tick = Callable[[int, int], None]

_ENDED = (
    "course IN (SELECT c.id FROM course c JOIN patient p ON p.id = c.patient "
    'WHERE c."end" IS NOT NULL AND c.withdrawn IS NULL AND p.withdrawn IS NULL)'
)
STATEMENTS: dict[str, str] = {
    "courses": (
        "SELECT c.id AS course, c.patient, p.code, p.date_of_birth, p.bipolar, c.therapist, c.modality, "
        'c.presentation, c.start, c."end", c.end_reason, c.benchmark, c.benchmark_version, o.id AS outcome, '
        "o.baseline, o.baseline_date, o.total, o.total_date, o.prorated, o.reliable_change "
        "FROM course c JOIN patient p ON p.id = c.patient "
        "LEFT JOIN outcome o ON o.course = c.id AND o.withdrawn IS NULL "
        'WHERE c."end" IS NOT NULL AND c.withdrawn IS NULL AND p.withdrawn IS NULL'
    ),
    "scores": f"SELECT course, date, answers, total, entered, id FROM assessment WHERE withdrawn IS NULL AND {_ENDED}",  # noqa: S608
    "sessions": (
        f"SELECT course, date FROM session WHERE withdrawn IS NULL AND attendance = 'attended' AND {_ENDED}"  # noqa: S608
    ),
    "follow_ups": f"SELECT due, done, course FROM follow_up WHERE withdrawn IS NULL AND {_ENDED}",  # noqa: S608
    "episodes": "SELECT patient, start, psychotic, id FROM episode WHERE withdrawn IS NULL",
    "treatments": (
        'SELECT patient, role, drug, start, "end", still_taken, adequate, weeks, adherence, outcome, in_episode '
        "FROM treatment WHERE withdrawn IS NULL"
    ),
}


def read(store: Records, *, tick: Tick | None = None) -> OutcomeRows:
    """Return the rows of every table. Between two tables others have their turn at the file."""
    found: dict[str, Sequence[Sequence[Any]]] = {}
    for number, name in enumerate(COLUMNS):
        if tick:
            tick(number, len(COLUMNS))
        with store.transaction(write=False) as connection:
            if on_server(connection):
                found[name] = lists.plain(connection, STATEMENTS[name])
                continue
            # The driver's own rows: hundreds of thousands, for which SQLAlchemy's would take twice the time.
            cursor = connection.execute(text(STATEMENTS[name])).cursor
            found[name] = cursor.fetchall() if cursor else ()
    return OutcomeRows(**found)
