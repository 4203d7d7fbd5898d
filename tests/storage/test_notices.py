"""What others change on a server is heard: each kind and patient, not one's own, and on after a lost connection."""

from __future__ import annotations

import queue
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from trdtrack.domain.edit import Touched
from trdtrack.storage.postgres import notices
from trdtrack.storage.postgres.notices import SENDING, Notices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cluster import Cluster

WAIT_S = 20


class Ear:
    """Notices with what they tell laid up."""

    def __init__(self, cluster: Cluster, database: str, own: set[int], *, missed: bool = False) -> None:
        self.told: queue.Queue[Touched | bool] = queue.Queue()
        self.threads: set[str] = set()
        self.notices = Notices(
            lambda: cluster.connect(database),
            own=own,
            missed=lambda _connection: missed,
            heard=self._put,
            reached=self._put,
        )

    def _put(self, what: Touched | bool) -> None:
        self.threads.add(threading.current_thread().name)
        self.told.put(what)

    def next(self) -> Touched | bool:
        return self.told.get(timeout=WAIT_S)


@pytest.fixture
def database(cluster: Cluster) -> str:
    """A history table as the schema has it, as far as notices look at it, and what tells of it."""
    name = cluster.database()
    with cluster.connect(name) as connection:
        connection.execute("CREATE TABLE audit (kind text NOT NULL, about text[] NOT NULL DEFAULT '{}')")
        for statement in SENDING:
            connection.execute(statement)  # type: ignore[arg-type]
    return name


@pytest.fixture
def writer(cluster: Cluster, database: str) -> Iterator[psycopg.Connection]:
    with cluster.connect(database) as connection:
        yield connection


@pytest.fixture
def ear(cluster: Cluster, database: str) -> Iterator[Ear]:
    made = Ear(cluster, database, set())
    listening(cluster, database)
    yield made
    made.notices.stop()


def listening(cluster: Cluster, database: str) -> None:
    """Wait until somebody hears the channel."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query LIKE 'LISTEN%%' AND state = 'idle'"
    until = time.monotonic() + WAIT_S
    with cluster.connect() as connection:
        while connection.execute(asked, [database]).fetchone() == (0,):
            assert time.monotonic() < until
            time.sleep(0.02)


def line(connection: psycopg.Connection, kind: str, *about: str) -> None:
    connection.execute("INSERT INTO audit VALUES (%s, %s)", [kind, list(about)])


def touched(kind: str, *patients: str) -> Touched:
    return Touched(frozenset(patients), frozenset({kind}))


def test_kinds_and_patients_are_heard(ear: Ear, writer: psycopg.Connection) -> None:
    line(writer, "session", "p1")
    line(writer, "rules")
    line(writer, "assessment", "p1", "p2")
    assert [ear.next() for _each in range(4)] == [
        touched("session", "p1"),
        touched("rules"),
        touched("assessment", "p1"),
        touched("assessment", "p2"),
    ]
    assert ear.threads == {"notices"}


def test_what_is_taken_back_is_not_told(ear: Ear, writer: psycopg.Connection) -> None:
    with writer.transaction(force_rollback=True):
        line(writer, "session", "p1")
    line(writer, "session", "p2")
    assert ear.next() == touched("session", "p2")


def test_ones_own_changes_are_not_heard(cluster: Cluster, database: str, writer: psycopg.Connection) -> None:
    own = Ear(cluster, database, {writer.info.backend_pid})
    listening(cluster, database)
    line(writer, "session", "mine")
    with cluster.connect(database) as other:
        line(other, "session", "theirs")
    assert own.next() == touched("session", "theirs")
    own.notices.stop()


def test_what_changed_before_it_was_listened_is_told_as_everything(cluster: Cluster, database: str) -> None:
    late = Ear(cluster, database, set(), missed=True)
    assert late.next() == Touched(everything=True)
    late.notices.stop()


def test_very_many_are_told_as_everything(ear: Ear, writer: psycopg.Connection) -> None:
    many = [f"p{number}" for number in range(notices._MOST + 50)]
    with writer.transaction():
        for patient in many:
            line(writer, "patient", patient)
    line(writer, "session", "afterwards")
    heard = []
    while (one := ear.next()) != touched("session", "afterwards"):
        heard.append(one)
    assert heard == [*(touched("patient", patient) for patient in many[: notices._MOST]), Touched(everything=True)]


def test_heard_on_after_a_lost_connection(
    cluster: Cluster, database: str, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_AGAIN_S", 0.05)
    assert cluster.cut_off(database) == 1
    assert [ear.next() for _each in range(3)] == [False, True, Touched(everything=True)]
    with cluster.connect(database) as writer:
        line(writer, "session", "p1")
    assert ear.next() == touched("session", "p1")


def test_heard_on_after_the_server_was_away(
    cluster: Cluster, database: str, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_AGAIN_S", 0.05)
    cluster.stop()
    assert ear.next() is False
    time.sleep(0.3)
    assert ear.told.empty(), "said once, not with every try"
    cluster.start()
    assert [ear.next(), ear.next()] == [True, Touched(everything=True)]


def test_stopped_it_tells_nothing_and_holds_no_connection(
    cluster: Cluster, database: str, ear: Ear, writer: psycopg.Connection
) -> None:
    threads = [thread for thread in threading.enumerate() if thread.name == "notices"]
    assert threads
    ear.notices.stop()
    line(writer, "session", "p1")
    for thread in threads:
        thread.join(WAIT_S)
        assert not thread.is_alive()
    assert ear.told.empty()
    assert cluster.cut_off(database) == 1, "the writer's alone"
