"""The tests' own server: it comes, keeps its databases over a restart and a crash, and wants a password by port."""

from __future__ import annotations

import psycopg
import pytest
from cluster import Cluster, cannot

from trdtrack.domain.address import Address


def test_a_database_like_another(cluster: Cluster) -> None:
    first = cluster.database()
    with cluster.connect(first) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    second = cluster.database(first)
    with cluster.connect(second) as connection:
        assert connection.execute("SELECT one FROM kept").fetchall() == [(1,)]
    cluster.drop(second)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        cluster.connect(second)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_stopped_and_started_again(cluster: Cluster, mode: str) -> None:
    name = cluster.database()
    with cluster.connect(name) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        cluster.restart(mode=mode)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with cluster.connect(name) as connection:
        assert connection.execute("SELECT one FROM kept").fetchall() == [(1,)]


def test_cut_off(cluster: Cluster) -> None:
    name = cluster.database()
    with cluster.connect(name) as connection:
        assert cluster.cut_off(name) == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_by_port_only_with_the_password(cluster: Cluster) -> None:
    if not cluster.own:
        pytest.skip("how the server that TRDTRACK_TEST_POSTGRES names lets people in is not ours to say")
    name, address = cluster.database(), ""
    cluster.do("CREATE ROLE {} LOGIN PASSWORD 'dry tulips'", "test_by_port")
    address = cluster.address(name, "test_by_port", tcp=True)
    place = Address.parse(address)
    assert place.near
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(**place.options())
    with psycopg.connect(**place.options(), password="dry tulips") as connection:
        assert connection.execute("SELECT current_user").fetchall() == [("test_by_port",)]


def test_where_a_run_decides_what_lands_it_fails_instead_of_being_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no server"):
        cannot("no server")
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr("cluster._root", lambda: True)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(pytest.fail.Exception, match="may not be skipped here: no server"):
        cannot("no server")
    monkeypatch.setattr("cluster._root", lambda: False)
    with pytest.raises(pytest.skip.Exception, match="no server"):
        cannot("no server")
