"""Who may see and change what on a server: tried as each role with bare SQL, past the program."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from clinic import ADA, AT, COURSE, PASSWORD, PEOPLE, SCORE, SESSION, Clinic
from psycopg import errors

from trdtrack.caseload import Caseload
from trdtrack.domain.address import Address
from trdtrack.domain.edit import added, altered
from trdtrack.domain.exported import Exported
from trdtrack.domain.message import message
from trdtrack.domain.records import Clinic as ClinicRecord
from trdtrack.domain.records import Patient, Session
from trdtrack.domain.refusals import NotYours, Refusal, Stale, WrongPassphrase
from trdtrack.storage.chain import line_hash, text_digest
from trdtrack.storage.chain_words import ERASE
from trdtrack.storage.postgres import members
from trdtrack.storage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

HISTORY = ("audit", "audit_text", "audit_about")
EVERYBODY = tuple(PEOPLE)
BEN = Patient(id="b" * 32, code="P-2", name="Ben")


@pytest.fixture(scope="module")
def shared(cluster: Any, clinic_of_tom: str) -> Iterator[Clinic]:
    """One clinic for all that is tried in vain: Ada is tom's, Ben is tina's."""
    here = Clinic(cluster, cluster.database(clinic_of_tom))
    with closing(here.open("tina")) as tina:
        tina.edit(added(message("Add"), BEN), at=AT)
        tina.keep_draft("log:1", patient=BEN.id, text="half a note", at=AT)
    yield here
    with closing(here.open("erna")) as erna:
        assert erna.check() == ()
        assert erna.rebuild() == []
        assert {p.code for p in erna.patients()} == {"P-1", "P-2"}


def seen(connection: psycopg.Connection[Any], table: str, column: str) -> set[str]:
    return {row[0] for row in connection.execute(f"SELECT {column} FROM {table}")}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("login", "patients"),
    [("erna", {ADA.id, BEN.id}), ("tom", {ADA.id}), ("tina", {BEN.id}), ("sue", {ADA.id, BEN.id}), ("sid", {ADA.id})],
)
def test_each_sees_their_own(shared: Clinic, login: str, patients: set[str]) -> None:
    with shared.sql(login) as db:
        assert seen(db, "patient", "id") == patients
        assert seen(db, "gist", "patient") - {""} == patients
        assert seen(db, "words", "patient") == patients
        assert seen(db, "audit_about", "patient") == patients
        assert seen(db, "session", "patient") == patients & {ADA.id}
        texts = " ".join(row[0] or "" for row in db.execute("SELECT after FROM audit_text"))
        assert ("lighter" in texts, "Ben" in texts) == (ADA.id in patients, BEN.id in patients)
        assert {row[0] for row in db.execute("SELECT record FROM find_words('''ben'':*', true, 9)")} == patients & {
            BEN.id
        }
        assert bool(seen(db, "draft", "text")) == (login == "tina"), "a draft is its writer's alone"
        assert bool(seen(db, "access", "login")) == (login == "erna"), "who was let in is for administrators"
    with closing(shared.open(login)) as caseload:
        assert {p.id for p in caseload.patients()} == patients
        assert {g.patient for g in caseload.gists()} == patients
        assert {line.patient for line in caseload.history()} - {""} == patients


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize("table", HISTORY)
@pytest.mark.parametrize(
    "what",
    ["UPDATE {} SET seq = seq + 100", "DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE"],
    ids=lambda what: what.split()[0],
)
def test_nobody_changes_the_history(shared: Clinic, login: str, table: str, what: str) -> None:
    with shared.sql(login) as db, pytest.raises(errors.InsufficientPrivilege):
        db.execute(what.format(table))  # type: ignore[arg-type]


@pytest.mark.parametrize("login", EVERYBODY)
@pytest.mark.parametrize(
    "what",
    [
        "INSERT INTO audit SELECT * FROM audit LIMIT 1",
        "INSERT INTO audit_text VALUES (1, '', '', '', '')",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "ALTER TABLE audit ADD COLUMN more text",
        "ALTER TABLE patient DISABLE ROW LEVEL SECURITY",
        "DROP POLICY therapist_select ON patient",
        "CREATE TABLE mine (one int)",
        "CREATE FUNCTION my_role() RETURNS text LANGUAGE sql AS $$ SELECT 'administrator' $$",
        "CREATE OR REPLACE FUNCTION mine() RETURNS text[] LANGUAGE sql AS $$ SELECT NULL::text[] $$",
        "DROP SCHEMA trdtrack CASCADE",
        "SET ROLE trdtrack_owner",
        "SET SESSION AUTHORIZATION postgres",
        "SET session_replication_role = replica",
        "UPDATE version SET version = 9",
        "UPDATE member SET role = 'administrator'",
        "INSERT INTO member VALUES ('new', '', false, 'administrator')",
        "GRANT trdtrack_administrator TO tom",
        "ALTER ROLE postgres PASSWORD 'x'",
        "CREATE ROLE more LOGIN",
        "COPY patient TO PROGRAM 'cat'",
        "SELECT forget('" + BEN.id + "')",
        "UPDATE access SET by = 'somebody'",
        "DELETE FROM access",
        "TRUNCATE access",
        "INSERT INTO access (login, role, team, patient, given) VALUES ('tom', 'therapist', '', '', true)",
        "SELECT remove_member(session_user::text)",
    ],
)
def test_nobody_gets_round_it(shared: Clinic, login: str, what: str) -> None:
    with shared.sql(login) as db, pytest.raises(errors.InsufficientPrivilege):
        db.execute(what)  # type: ignore[arg-type]


@pytest.mark.parametrize("login", ["tom", "sue", "sid"])
def test_what_is_somebody_elses_is_not_touched(shared: Clinic, login: str) -> None:
    with shared.sql(login) as db:
        try:
            done = db.execute("UPDATE patient SET name = 'x' WHERE id = %s", [BEN.id]).rowcount
            gone = db.execute("DELETE FROM patient WHERE id = %s", [BEN.id]).rowcount
            assert (done, gone) == (0, 0)
        except errors.InsufficientPrivilege:
            assert PEOPLE[login][0] == "supervisor"
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute("INSERT INTO assignment VALUES (%s, %s)", [login, BEN.id])
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute("DELETE FROM assignment")
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute("INSERT INTO event VALUES ('9', %s, '2026-01-01', '', '', '', NULL)", [BEN.id])
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute("UPDATE rules SET reliable_change = 1")


def test_supervisors_change_nothing(shared: Clinic) -> None:
    for login in ("sue", "sid"):
        with shared.sql(login) as db:
            for table in TABLES:
                with pytest.raises(errors.InsufficientPrivilege):
                    db.execute(f"DELETE FROM {table}")  # type: ignore[arg-type]
        with closing(shared.open(login)) as caseload:
            with pytest.raises(NotYours):
                caseload.edit(altered(message("x"), ADA, replace(ADA, name="x")), at=AT)
            with pytest.raises(NotYours):
                caseload.edit(added(message("x"), Patient(code="P-9")), at=AT)
            assert caseload.patient(ADA.id) == ADA


def test_no_record_is_changed_without_a_line(shared: Clinic) -> None:
    for login in ("tom", "erna"):
        with shared.sql(login) as db:
            for what in ("UPDATE session SET note = 'x'", "DELETE FROM assessment", "UPDATE patient SET name = 'X'"):
                with pytest.raises(errors.CheckViolation, match="without a line"):
                    db.execute(what)  # type: ignore[arg-type]


def line_after(db: psycopg.Connection[Any], **more: Any) -> dict[str, Any]:
    """A line in good order that continues the chain, but for what is asked."""
    seq, edit, previous = db.execute("SELECT seq, edit, hash FROM chain_end()").fetchone() or (0, 0, "0" * 64)
    line = {"seq": seq + 1, "edit": edit + 1, "undoes": None, "at": AT.isoformat(), "title": "Add", "kind": "event"}
    line |= {"who": "tom", "record": "r", "previous": previous, "salt": "s", "before": None, "after": "{}", "why": None}
    line |= {"about": [ADA.id]} | more
    line.setdefault("digest", text_digest(line["salt"], line["before"], line["after"], line["why"]))
    line.setdefault("hash", line_hash(line))
    return line


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": "tina"},
        {"about": [BEN.id]},
        {"kind": "patient", "title": ERASE.text},
        {"hash": "0" * 64},
        {"previous": "0" * 64},
        {"digest": "0" * 64},
        {"seq": 999},
        {"edit": 1},
        {"edit": 99},
        {"salt": None, "digest": "0" * 64},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_no_line_is_forged(shared: Clinic, wrong: dict[str, Any]) -> None:
    with shared.sql("tom") as db:
        with pytest.raises((errors.InsufficientPrivilege, errors.CheckViolation)):
            db.execute("SELECT add_lines(%s)", [json.dumps([line_after(db, **wrong)])])
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute("SELECT take_lines(%s)", [json.dumps([line_after(db)])])


@pytest.mark.parametrize("said", ["plain", 'quotes " and \\', "tab\t, line\n, \x01, \x1f, \x7f", "é, 漢字, 𝔸𝔹, \ufffd"])
def test_the_server_counts_a_line_as_the_program_does(clinic: Clinic, said: str) -> None:
    with clinic.sql("tom") as db:
        line = line_after(db, title=said, before=said, why=said, undoes=1)
        db.execute("SELECT add_lines(%s)", [json.dumps([line])])
        assert db.execute("SELECT hash, title FROM audit ORDER BY seq DESC LIMIT 1").fetchone() == (line["hash"], said)


def test_administrators_do_not_forge_either(shared: Clinic) -> None:
    with shared.sql("erna") as db:
        for wrong in ({"who": "tom"}, {"who": "erna", "hash": "1" * 64}):
            with pytest.raises((errors.InsufficientPrivilege, errors.CheckViolation)):
                db.execute("SELECT add_lines(%s)", [json.dumps([line_after(db, **wrong)])])
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute("SELECT take_lines(%s)", [json.dumps([line_after(db)])])


def test_not_yours_is_not_changed_by_somebody(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom, closing(clinic.open("tina")) as tina, closing(clinic.open("erna")) as erna:
        with pytest.raises(NotYours):
            tina.edit(altered(message("x"), SESSION, replace(SESSION, note="x")), at=AT)
        with pytest.raises(NotYours):
            tina.edit(added(message("x"), replace(SESSION, id="6" * 32)), at=AT)
        with pytest.raises(NotYours):
            tom.edit(added(message("x"), ClinicRecord(session_minutes=30)), at=AT)
        with pytest.raises(Refusal, match="whom somebody else sees") as refused:
            tina.edit(added(message("x"), Patient(code="P-1")), at=AT)
        assert refused.value.field == "code"
        theirs = replace(SESSION, note="theirs")
        erna.edit(altered(message("x"), SESSION, theirs), at=AT)
        with pytest.raises(Stale) as stale:
            tom.edit(altered(message("x"), SESSION, replace(SESSION, note="mine")), at=AT)
        assert (stale.value.expected, stale.value.stored) == (SESSION, theirs)


def test_assigned_and_taken_away_again(clinic: Clinic) -> None:
    members.assign(clinic.address("erna"), PASSWORD, login="tina", codes=["P-1"])
    with closing(clinic.open("tina")) as tina:
        assert tina.patients() == [ADA]
        tina.edit(altered(message("x"), SESSION, replace(SESSION, note="hers too")), at=AT)
        members.assign(clinic.address("erna"), PASSWORD, login="tina", codes=["P-1"], take_away=True)
        assert tina.patients() == []
        with pytest.raises(NotYours):
            tina.edit(altered(message("x"), COURSE, replace(COURSE, goals="x")), at=AT)
    for login, codes in (("tina", ["P-1", "P-7"]), ("sue", ["P-1"]), ("nobody", ["P-1"])):
        with pytest.raises(Refusal):
            members.assign(clinic.address("erna"), PASSWORD, login=login, codes=codes)
    with closing(clinic.open("tina")) as tina:
        assert tina.patients() == [], "all or none"
    with pytest.raises(NotYours):
        members.assign(clinic.address("tina"), PASSWORD, login="tina", codes=[])


@pytest.mark.parametrize("login", ["tom", "sue", "sid"])
def test_only_administrators_take_people_in(clinic: Clinic, login: str) -> None:
    with pytest.raises(NotYours):
        members.add(clinic.address(login), PASSWORD, login=login, role="administrator")
    with pytest.raises(NotYours):
        members.make(clinic.address(login), PASSWORD)


def test_a_role_is_changed_and_a_servers_own_login_is_left_alone(clinic: Clinic) -> None:
    erna = clinic.address("erna")
    members.add(erna, PASSWORD, login="newcomer", role="therapist", new_password=PASSWORD)
    members.add(erna, PASSWORD, login="newcomer", role="supervisor")
    with clinic.sql("newcomer") as db:
        assert seen(db, "patient", "id") == {ADA.id}
        with pytest.raises(errors.InsufficientPrivilege):
            db.execute("DELETE FROM patient")
    for theirs in ("trdtrack_owner", "pg_read_all_data"):
        with pytest.raises(NotYours):
            members.add(erna, PASSWORD, login=theirs, role="therapist", new_password="x")
    members.add(erna, PASSWORD, login="postgres", role="administrator", new_password="x")
    with clinic.cluster.connect() as db:
        kept = db.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'").fetchone()
        assert kept == (None,)
        (verifier,) = db.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'newcomer'").fetchone() or ("",)
        assert verifier.startswith("SCRAM-SHA-256$")


def test_a_stranger_and_a_wrong_password(clinic: Clinic) -> None:
    with clinic.cluster.connect() as db:
        db.execute("DROP ROLE IF EXISTS stranger")
        db.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(NotYours, match="no part in"):
        clinic.open("stranger")
    with clinic.cluster.connect() as db:
        db.execute("DROP ROLE stranger")
    by_port = Address.parse(clinic.cluster.address(clinic.database, "tom", tcp=True))
    with pytest.raises(WrongPassphrase):
        Caseload.open(by_port, "wrong", who="x")
    with closing(Caseload.open(by_port, PASSWORD, who="x")) as tom:
        assert tom.patients() == [ADA]


def test_what_is_done_is_in_the_logins_name(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom:
        more = Session(patient=ADA.id, course=COURSE.id, date=date(2026, 2, 1), entered=AT)
        tom.edit(added(message("x"), more), at=AT)
        assert tom.history()[0].who == "tom"


def test_a_supervisors_export_is_noted(clinic: Clinic) -> None:
    with closing(clinic.open("sue")) as sue:
        sue.note_export(Exported(what="Paper", where="printer", patients=(ADA.id,)), at=AT)
        assert (sue.history()[0].who, sue.history()[0].kind) == ("sue", "export")
        assert sue.check() == ()
    with closing(clinic.open("tom")) as tom:
        assert tom.history()[0].who == "sue"
        with pytest.raises(Refusal, match="sees every patient"):
            tom.check()


def test_only_an_administrator_erases(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom:
        tom.keep_draft("log:1", patient=ADA.id, text="of Ada", at=AT)
        with pytest.raises(NotYours):
            tom.erase(ADA.id, at=AT)
        assert tom.dossier(ADA.id).sessions
        with closing(clinic.open("erna")) as erna:
            assert erna.shows(ADA.id)
            erna.erase(ADA.id, at=AT)
            assert erna.check() == ()
            assert erna.patients() == []
            assert erna.find("ada") == []
        assert tom.patients() == []
        assert tom.drafts() == []
        assert tom.history(ADA.id) == []
    with clinic.sql("erna") as db:
        for table in ("audit_text", "words", "gist", "session", "assessment", "draft", "assignment"):
            for row in db.execute(f"SELECT * FROM {table}"):  # type: ignore[arg-type]
                assert not any(word in str(row) for word in ("Ada", "lighter", "of Ada")), table
        assert SCORE.id in seen(db, "audit", "record")
