"""Takes an older caseload file to today's schema, one version at a time, each in a transaction of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.chain import GUARDS
from trdtrack.storage.tables import APPLICATION_ID, FULL_TEXT, metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def _courses_keep_their_benchmark(connection: Connection) -> None:
    for column in ("benchmark", "benchmark_version"):
        connection.exec_driver_sql(f"ALTER TABLE course ADD COLUMN {column} TEXT DEFAULT '' NOT NULL")
    connection.exec_driver_sql(
        "CREATE TABLE benchmark (id TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL, "
        "PRIMARY KEY (id), UNIQUE (name, version))"
    )


def _the_clinical_record(connection: Connection) -> None:
    columns = {
        "patient": (
            *(f"{name} TEXT DEFAULT '' NOT NULL" for name in ("referrer", "gp", "prescriber", "consent")),
            "consent_note TEXT DEFAULT '' NOT NULL",
            "bipolar TEXT DEFAULT '' NOT NULL",
            "declined INTEGER DEFAULT '0' NOT NULL",
            "closed DATE",
        ),
        "course": (
            *(f"{name} TEXT DEFAULT '' NOT NULL" for name in ("format", "therapist", "goals")),
            "extra_sessions INTEGER",
            "review_months TEXT DEFAULT '[]' NOT NULL",
            "end_reason TEXT DEFAULT '' NOT NULL",
        ),
        "session": (
            "minutes INTEGER",
            *(f"{name} TEXT DEFAULT '' NOT NULL" for name in ("phase", "task", "next_time")),
            "next_date DATE",
            "review INTEGER DEFAULT '0' NOT NULL",
            "finished INTEGER DEFAULT '1' NOT NULL",
        ),
        "rules": ("trial_weeks INTEGER DEFAULT '4' NOT NULL",),
        "audit_text": ("why TEXT",),
    }
    for table, added in columns.items():
        for column in added:
            connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
    of_patient = "id TEXT NOT NULL, patient TEXT NOT NULL, withdrawn TEXT"
    keys = "PRIMARY KEY (id), FOREIGN KEY(patient) REFERENCES patient (id)"
    of_course = "FOREIGN KEY(course) REFERENCES course (id)"
    for table, rest, more in (
        (
            "outcome",
            (
                "course TEXT NOT NULL, baseline INTEGER, baseline_date DATE, total INTEGER, total_date DATE, "
                "prorated INTEGER NOT NULL, reliable_change INTEGER NOT NULL"
            ),
            of_course,
        ),
        ("follow_up", "course TEXT NOT NULL, due DATE NOT NULL, done DATE, note TEXT NOT NULL", of_course),
        ("episode", "start DATE, psychotic TEXT NOT NULL, severity TEXT NOT NULL, entered TEXT NOT NULL", ""),
        (
            "treatment",
            (
                "role TEXT NOT NULL, drug TEXT NOT NULL, drug_class TEXT NOT NULL, dose TEXT NOT NULL, start DATE, "
                '"end" DATE, still_taken INTEGER NOT NULL, adequate TEXT NOT NULL, weeks INTEGER, '
                "adherence TEXT NOT NULL, outcome TEXT NOT NULL, in_episode TEXT NOT NULL, laterality TEXT NOT NULL, "
                "note TEXT NOT NULL"
            ),
            "",
        ),
        ("event", "date DATE NOT NULL, what TEXT NOT NULL, text TEXT NOT NULL, entered TEXT NOT NULL", ""),
        (
            "risk",
            "opened DATE NOT NULL, assessment TEXT, closed DATE, closing_note TEXT NOT NULL, entered TEXT NOT NULL",
            "FOREIGN KEY(assessment) REFERENCES assessment (id)",
        ),
        (
            "risk_review",
            (
                "risk TEXT NOT NULL, date DATE NOT NULL, item9 INTEGER, asked TEXT NOT NULL, found TEXT NOT NULL, "
                "plan TEXT NOT NULL, told TEXT NOT NULL, again DATE, entered TEXT NOT NULL"
            ),
            "FOREIGN KEY(risk) REFERENCES risk (id)",
        ),
    ):
        ends = ", ".join(part for part in (keys, more) if part)
        connection.exec_driver_sql(f"CREATE TABLE {table} ({of_patient}, {rest}, {ends})")
        connection.exec_driver_sql(f"CREATE INDEX ix_{table}_patient ON {table} (patient)")
    for statement in (
        (
            "CREATE TABLE clinic (id TEXT NOT NULL, planned_sessions INTEGER NOT NULL, "
            "extra_sessions INTEGER NOT NULL, review_months TEXT NOT NULL, follow_up_months TEXT NOT NULL, "
            "session_minutes INTEGER NOT NULL, "
            "risk_prompt TEXT NOT NULL, emergency TEXT NOT NULL, retention_years INTEGER, PRIMARY KEY (id))"
        ),
        (
            "CREATE TABLE audit_about (patient TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (patient, seq), "
            "FOREIGN KEY(seq) REFERENCES audit (seq))"
        ),
        (
            "CREATE TABLE draft (form TEXT NOT NULL, patient TEXT NOT NULL, at TEXT NOT NULL, text TEXT NOT NULL, "
            "PRIMARY KEY (form))"
        ),
        (
            "CREATE TABLE words (row INTEGER NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL, "
            "patient TEXT NOT NULL, names TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (row), UNIQUE (kind, record))"
        ),
        "CREATE INDEX ix_words_patient ON words (patient)",
        *FULL_TEXT,
        (
            "INSERT INTO audit_about (patient, seq) SELECT DISTINCT json_extract(t.text, '$.patient'), t.seq FROM ("
            "SELECT seq, before AS text FROM audit_text UNION ALL SELECT seq, after FROM audit_text) t "
            "WHERE json_extract(t.text, '$.patient') IS NOT NULL"
        ),
        "INSERT OR IGNORE INTO audit_about (patient, seq) SELECT record, seq FROM audit WHERE kind = 'patient'",
        # Rows by day, as `search` numbers them: 1721423.5 is the Julian day that makes 1 January of the year 1 slot 2.
        (
            "INSERT INTO words (row, kind, record, patient, names, text) "
            "SELECT (slot << 20) + row_number() OVER (PARTITION BY slot ORDER BY kind, record), "
            "kind, record, patient, names, text FROM ("
            "SELECT 0 AS slot, 'patient' AS kind, id AS record, id AS patient, "
            "trim(code || char(10) || name, char(10)) AS names, notes AS text FROM patient WHERE withdrawn IS NULL "
            "UNION ALL SELECT coalesce(CAST(julianday(start) - 1721423.5 AS INTEGER), 1), 'course', id, patient, '', "
            "medication FROM course WHERE withdrawn IS NULL AND medication != '' "
            "UNION ALL SELECT coalesce(CAST(julianday(date) - 1721423.5 AS INTEGER), 1), 'session', id, patient, '', "
            "note FROM session WHERE withdrawn IS NULL AND note != '')"
        ),
    ):
        connection.exec_driver_sql(statement)


def _facts_beside_the_records(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE gist (patient TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (patient))")
    # Without these SQLite looks through a whole table for what belongs to a record that goes.
    for table, column in (
        ("session", "course"),
        ("assessment", "course"),
        ("assessment", "session"),
        ("outcome", "course"),
        ("follow_up", "course"),
        ("risk", "assessment"),
        ("risk_review", "risk"),
    ):
        connection.exec_driver_sql(f"CREATE INDEX ix_{table}_{column} ON {table} ({column})")


def _letters(connection: Connection) -> None:
    for column in ("letterhead", "letter"):
        connection.exec_driver_sql(f"ALTER TABLE clinic ADD COLUMN {column} TEXT DEFAULT '' NOT NULL")
    connection.exec_driver_sql(
        "CREATE TABLE letter (id TEXT NOT NULL, patient TEXT NOT NULL, course TEXT NOT NULL, date DATE NOT NULL, "
        '"to" TEXT NOT NULL, address TEXT NOT NULL, text TEXT NOT NULL, risk INTEGER NOT NULL, sent TEXT, '
        "entered TEXT NOT NULL, withdrawn TEXT, PRIMARY KEY (id), FOREIGN KEY(patient) REFERENCES patient (id), "
        "FOREIGN KEY(course) REFERENCES course (id))"
    )
    for column in ("patient", "course"):
        connection.exec_driver_sql(f"CREATE INDEX ix_letter_{column} ON letter ({column})")


FORMER_KEY = (
    "CREATE TABLE IF NOT EXISTS former_key (id INTEGER NOT NULL, key TEXT NOT NULL, salt TEXT NOT NULL, "
    "until TEXT NOT NULL, PRIMARY KEY (id))"
)
"""A restored file may have the table before the step that brings it."""


def _history_only_added_to(connection: Connection) -> None:
    for guard in GUARDS.values():
        connection.exec_driver_sql(guard)
    connection.exec_driver_sql(FORMER_KEY)


STEPS: tuple[Callable[[Connection], None], ...] = (
    _courses_keep_their_benchmark,
    _the_clinical_record,
    _facts_beside_the_records,
    _letters,
    _history_only_added_to,
)
"""STEPS[0] takes version 1 to version 2, and so on. A step is never changed once it has been released."""


def current() -> int:
    """Return the schema version this program writes."""
    return len(STEPS) + 1


def create(connection: Connection) -> None:
    """Write the whole of today's schema into an empty file."""
    metadata.create_all(connection)
    for statement in (*FULL_TEXT, *GUARDS.values()):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {current()}")


def version(connection: Connection) -> int:
    """Return the file's schema version."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def accept(raw: Any, name: str) -> None:
    """Refuse foreign files and those of a newer program; `raw` is the bare connection."""
    version, application = (
        int(raw.execute(f"PRAGMA {key}").fetchone()[0]) for key in ("user_version", "application_id")
    )
    if application != APPLICATION_ID:
        raise Refusal(message("{file} is an encrypted database, but not a TRDTrack caseload.", file=name))
    if version > current():
        raise Refusal(
            message(
                "{file} was written by a newer TRDTrack (file version {theirs}, this program reads up to {ours}). "
                "Update the program; the file was not changed.",
                file=name,
                theirs=version,
                ours=current(),
            )
        )


def take(connection: Connection, version: int) -> None:
    """Take the one step from `version` to the next, inside the caller's transaction."""
    STEPS[version - 1](connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {version + 1}")
