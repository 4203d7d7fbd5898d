"""The connection lost while a save is under way: it is there or it is not, and the program says which."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from between import Between
from clinic import ADA, AT, COURSE, PASSWORD, SESSION, Clinic, staffed
from cluster import running

from trdtrack.caseload import Caseload
from trdtrack.domain.address import Address
from trdtrack.domain.edit import Touched, added, altered
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Patient, Session
from trdtrack.domain.refusals import ConnectionLost, Refusal, WrongPassphrase
from trdtrack.storage.postgres import connecting, store

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG = bool(os.environ.get("TRDTRACK_LONG"))
NOTED = altered(message("Correct"), SESSION, replace(SESSION, note="typed"))


@pytest.fixture
def between(clinic: Clinic) -> Iterator[Between]:
    with closing(Between(Address.parse(clinic.cluster.address(clinic.database, "tom", tcp=True)))) as between:
        yield between


@pytest.fixture
def tom(between: Between) -> Iterator[Caseload]:
    with closing(Caseload.open(between.address, PASSWORD, who="x")) as tom:
        yield tom


def note(clinic: Clinic) -> str:
    with closing(clinic.open("erna")) as erna:
        assert erna.check() == ()
        assert erna.rebuild() == []
        return erna.sessions(COURSE.id)[0].note


def test_a_connection_that_died_meanwhile_is_made_anew(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom:
        assert clinic.cluster.cut_off(clinic.database) == 1
        assert tom.patients() == [ADA]
        clinic.cluster.cut_off(clinic.database)
        tom.edit(NOTED, at=AT)
    assert note(clinic) == "typed"


def test_lost_before_the_end_nothing_is_saved(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom:
        with pytest.raises(ConnectionLost, match="nothing was saved") as lost:
            tom.edit(NOTED, at=AT, tick=lambda _done, _of: clinic.cluster.cut_off(clinic.database) and None)
        assert lost.value.saved is False
        assert note(clinic) == "lighter"
        assert tom.can_undo() is None
        tom.edit(NOTED, at=AT)
        assert note(clinic) == "typed"


def test_the_answer_lost_the_save_is_found(clinic: Clinic, between: Between, tom: Caseload) -> None:
    between.lose = "answer"
    tom.edit(NOTED, at=AT)
    assert between.lose == ""
    assert note(clinic) == "typed"
    tom.undo(at=AT)
    assert note(clinic) == "lighter"


def test_the_asking_lost_nothing_is_saved(clinic: Clinic, between: Between, tom: Caseload) -> None:
    between.lose = "asked"
    with pytest.raises(ConnectionLost) as lost:
        tom.edit(NOTED, at=AT)
    assert lost.value.saved is False
    assert note(clinic) == "lighter"
    assert tom.settle() is None
    tom.edit(NOTED, at=AT)
    assert note(clinic) == "typed"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("connection to server on socket failed: FATAL:  Passwort-Authentifizierung fehlgeschlagen", Refusal),
        ("connection to server on socket failed: FATAL:  the database system is starting up", ConnectionLost),
        ("connection to server on socket failed: FATAL:  sorry, too many clients already", ConnectionLost),
        ("connection to server at port 5432 failed: Connection refused", ConnectionLost),
        ("server closed the connection unexpectedly", ConnectionLost),
        ("connection failed: FATAL:  password authentication failed for user", WrongPassphrase),
    ],
)
def test_what_is_said_at_the_door(said: str, kind: type[Refusal]) -> None:
    """Before somebody is logged in the server gives no number with what it says, and says it in its own language."""
    refused = connecting.refusal(psycopg.OperationalError(said), Address.parse("postgresql://tom@db/caseload"))
    assert type(refused) is kind


def test_a_server_that_still_waits_for_the_end_is_asked_again(
    clinic: Clinic, between: Between, tom: Caseload, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the save open, and could yet end it: until it lets go nobody can say that it was not made."""
    monkeypatch.setattr(store, "PATIENCE_S", 0.3)
    monkeypatch.setattr(connecting, "_LONGEST", {**connecting._LONGEST, "lock_timeout": "200ms"})
    between.lose, between.leave_hanging = "asked", True
    with pytest.raises(ConnectionLost) as lost:
        tom.edit(NOTED, at=AT)
    assert lost.value.saved is None
    clinic.cluster.cut_off(clinic.database)
    assert tom.settle() is False
    assert note(clinic) == "lighter"


@pytest.mark.parametrize(("lose", "there"), [("answer", True), ("asked", False)])
def test_not_known_until_the_server_is_back(
    clinic: Clinic, between: Between, tom: Caseload, monkeypatch: pytest.MonkeyPatch, lose: str, *, there: bool
) -> None:
    monkeypatch.setattr(store, "PATIENCE_S", 0.3)
    told: list[Touched] = []
    tom.tell = told.append
    between.lose, between.shut_after = lose, True
    with pytest.raises(ConnectionLost, match="not known yet") as lost:
        tom.edit(NOTED, at=AT)
    assert lost.value.saved is None
    assert told == []
    with pytest.raises(ConnectionLost):
        tom.settle()
    with pytest.raises(ConnectionLost):
        tom.patients()
    assert not tom.keep_draft("log:1", patient=ADA.id, text="x", at=AT)
    between.shut = False
    assert tom.settle() is there
    assert told == [Touched(everything=True)] * there
    assert tom.settle() is None
    assert note(clinic) == ("typed" if there else "lighter")


def test_a_save_that_waits_too_long_is_refused(clinic: Clinic) -> None:
    with clinic.sql("tom") as other, closing(clinic.open("tom")) as tom:
        with tom._store.transaction(write=True) as connection:
            connection.exec_driver_sql("SET lock_timeout = '200ms'")
        with other.transaction():
            other.execute("SELECT hold_patients(%s, false)", [[ADA.id]])
            with pytest.raises(Refusal, match="busy with somebody else's work"):
                tom.edit(NOTED, at=AT)
        tom.edit(NOTED, at=AT)
    assert note(clinic) == "typed"


def test_what_a_connection_is_given(clinic: Clinic) -> None:
    with closing(clinic.open("tom")) as tom, tom._store.transaction(write=False) as connection:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            assert connection.exec_driver_sql(f"SHOW {name}").scalar_one() not in {"0", ""}
        assert connection.exec_driver_sql("SHOW search_path").scalar_one().split(", ")[0].startswith("trdtrack")


# The server restarted under ten people who write


@dataclass
class Client:
    """A therapist who saves one session after another, and what the program said of each."""

    address: Address
    patient: Patient
    course: Course
    said: dict[str, bool] = field(default_factory=dict)
    """By session: whether it was said to be saved, or said not to be."""
    wrong: list[BaseException] = field(default_factory=list)

    def work(self, over: threading.Event) -> None:
        try:
            with closing(Caseload.open(self.address, PASSWORD, who="x")) as caseload:
                while not over.is_set():
                    self._save(caseload)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.wrong.append(error)

    def _save(self, caseload: Caseload) -> None:
        day = AT.date() - timedelta(len(self.said) % 90)
        one = Session(patient=self.patient.id, course=self.course.id, date=day, note="x", entered=AT)
        try:
            caseload.edit(added(message("Log"), one), at=AT)
            self.said[one.id] = True
        except ConnectionLost as lost:
            if lost.saved is False:
                self.said[one.id] = False
                time.sleep(0.05)
            else:
                self.said[one.id] = bool(self._settled(caseload))

    def _settled(self, caseload: Caseload) -> bool | None:
        while True:
            try:
                return caseload.settle()
            except ConnectionLost:
                time.sleep(0.1)


def test_a_restart_under_ten_who_write_loses_nothing() -> None:
    """Fast stops and crashes in turn; TRDTRACK_LONG=1 has thirty of them."""
    with running(fsync=True) as cluster:
        here = Clinic(cluster, staffed(cluster))
        with closing(here.open("tom")) as tom:
            patients = [Patient(code=f"P-{n}") for n in range(10)]
            courses = [Course(patient=patient.id) for patient in patients]
            tom.edit(added(message("Add"), *patients, *courses), at=AT)
        clients = [Client(here.address("tom"), *both) for both in zip(patients, courses, strict=True)]
        over = threading.Event()
        threads = [threading.Thread(target=client.work, args=[over]) for client in clients]
        for thread in threads:
            thread.start()
        time.sleep(1)
        for number in range(30 if LONG else 2):
            cluster.restart(mode=("fast", "immediate")[number % 2])
            time.sleep(1)
        over.set()
        for thread in threads:
            thread.join()
        assert [client.wrong for client in clients] == [[]] * 10
        said = {session: saved for client in clients for session, saved in client.said.items()}
        with closing(here.open("erna")) as erna:
            there = {record.id for record in erna.records("session")}
            assert {session for session, saved in said.items() if saved} - there == set(), "confirmed, and lost"
            assert there - {session for session, saved in said.items() if saved} == set(), "said to be lost, and there"
            assert all(any(client.said.values()) for client in clients)
            assert not all(said.values()), "no save was hit: the test tried nothing"
            assert erna.check() == ()
            assert erna.rebuild() == []
