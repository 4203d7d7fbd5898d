"""The schema on a server: its version, its steps, and that it holds what a file holds."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from clinic import ADA, AT, PASSWORD, Clinic

from trdtrack.domain.edit import altered
from trdtrack.domain.message import message
from trdtrack.domain.records import KINDS
from trdtrack.domain.refusals import NotYours, Refusal
from trdtrack.storage.postgres import members, schema
from trdtrack.storage.tables import TABLES, audit, audit_about, audit_text, gist

if TYPE_CHECKING:
    from sqlalchemy import Connection


def set_version(clinic: Clinic, version: int) -> None:
    with clinic.cluster.connect(clinic.database) as db:
        db.execute("UPDATE trdtrack.version SET version = %s", [version])


def a_new_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE event ADD COLUMN more text NOT NULL DEFAULT 'none'")


def a_step_that_fails(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE event ADD COLUMN half text")
    connection.exec_driver_sql("SELECT 1 / 0")


@pytest.mark.parametrize("table", [*TABLES.values(), audit, audit_text, audit_about, gist], ids=lambda t: t.name)
def test_every_column_of_a_file_is_on_the_server(clinic: Clinic, table) -> None:
    asked = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'trdtrack' AND table_name = %s"
    with clinic.cluster.connect(clinic.database) as db:
        there = {row[0] for row in db.execute(asked, [table.name])}
    assert set(table.columns.keys()) <= there
    assert there - set(table.columns.keys()) <= {"rowid", "about"}


def test_every_table_is_closed_by_policies(clinic: Clinic) -> None:
    with clinic.cluster.connect(clinic.database) as db:
        tables = dict(
            db.execute(
                "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'trdtrack'::regnamespace "
                "AND relkind = 'r'"
            ).fetchall()
        )
        owners = db.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'trdtrack'").fetchall()
    assert set(KINDS) < set(tables)
    assert {name for name, closed in tables.items() if not closed} == {"version"}
    assert owners == [("trdtrack_owner",)]


def test_a_newer_and_an_older_schema_are_refused(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    set_version(clinic, schema.current() + 1)
    for login in ("tom", "erna"):
        with pytest.raises(Refusal, match="of a newer TRDTrack"):
            clinic.open(login)
    with pytest.raises(Refusal, match="of a newer TRDTrack"):
        members.make(clinic.address(), "")
    set_version(clinic, schema.current())
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, a_new_column))
    for login in ("tom", "erna"):
        with pytest.raises(Refusal, match="of an older TRDTrack"):
            clinic.open(login)


def test_steps_are_taken_by_the_administrator_alone(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, a_new_column))
    for login in ("tom", "sue", "erna"):
        with pytest.raises(NotYours):
            members.make(clinic.address(login), PASSWORD)
    members.make(clinic.address(), "")
    with clinic.cluster.connect(clinic.database) as db:
        assert db.execute("SELECT version FROM trdtrack.version").fetchone() == (schema.current(),)
        db.execute("SELECT more FROM trdtrack.event")
    with closing(clinic.open("tom")) as tom:
        tom.edit(altered(message("x"), ADA, replace(ADA, notes="x")), at=AT)


def test_a_step_that_fails_changes_nothing(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = schema.STEPS
    monkeypatch.setattr(schema, "STEPS", (*kept, a_new_column, a_step_that_fails))
    with pytest.raises(Exception, match="division by zero"):
        members.make(clinic.address(), "")
    monkeypatch.setattr(schema, "STEPS", kept)
    with closing(clinic.open("erna")) as erna:
        assert erna.check() == ()
        assert erna.patients() == [ADA]


def test_a_database_of_something_else(clinic: Clinic) -> None:
    bare = Clinic(clinic.cluster, clinic.cluster.database())
    with pytest.raises(Refusal, match="There is no caseload in"):
        bare.open("")
    missing = Clinic(clinic.cluster, "no_such_database")
    with pytest.raises(Refusal, match="no such database"):
        missing.open("erna")


@pytest.mark.parametrize(
    "away",
    [
        "DROP TRIGGER stays ON trdtrack.audit",
        "ALTER TABLE trdtrack.audit_text DISABLE TRIGGER stays",
        "DROP TRIGGER stays_whole ON trdtrack.audit_text",
        "ALTER TABLE trdtrack.session DISABLE ROW LEVEL SECURITY",
    ],
)
def test_a_check_finds_guards_taken_away(clinic: Clinic, away: str) -> None:
    with clinic.cluster.connect(clinic.database) as db:
        db.execute(away)  # type: ignore[arg-type]
    with closing(clinic.open("erna")) as erna:
        assert erna.check() == ("what keeps the history from being changed was taken away",)
    members.make(clinic.address(), "")
    with clinic.cluster.connect(clinic.database) as db:
        db.execute("ALTER TABLE trdtrack.audit_text ENABLE TRIGGER stays")
    with closing(clinic.open("erna")) as erna:
        assert erna.check() == (), "set up once more, all is in force again"


def test_a_check_finds_what_the_servers_own_master_changed(clinic: Clinic) -> None:
    with clinic.cluster.connect(clinic.database) as db:
        db.execute("SET session_replication_role = replica")
        db.execute("UPDATE trdtrack.patient SET name = 'Eve'")
        db.execute("UPDATE trdtrack.audit SET who = 'tina' WHERE seq = 3")
    with closing(clinic.open("erna")) as erna:
        assert erna.check() == ("history line 3 was changed or put in",)


def test_a_character_no_server_keeps_is_refused(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom:
        with pytest.raises(Refusal, match="NUL"):
            tom.edit(altered(message("x"), ADA, replace(ADA, notes="a\0b")), at=AT)
        assert tom.patient(ADA.id) == ADA
        assert not tom.keep_draft("log:1", patient="", text="a\0b", at=AT)
        assert tom.find("a\0da") == []
