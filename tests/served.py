"""A clinic's caseload on the tests' own server: the demo's patients, and two therapists who share some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.domain.address import Address
from trdtrack.storage.postgres import members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cluster import Cluster

ANNA, BO = "test_anna", "test_bo"
PASSWORD = "dry tulips by the door"


@dataclass
class Served:
    """A database with the demo caseload; Anna and Bo are therapists of all its patients."""

    cluster: Cluster
    database: str

    def address(self, login: str, *, tcp: bool = False) -> Address:
        return Address.parse(self.cluster.address(self.database, login, tcp=tcp))

    def open(self, login: str) -> Caseload:
        """Open it as somebody; by the socket the tests' own server asks for no password."""
        return Caseload.open(self.address(login), PASSWORD, who=login)


@pytest.fixture(scope="session")
def served_template(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo caseload, moved onto the server once."""
    from ui.hands import AT  # noqa: PLC0415 - a session's fixture: Qt is wanted by then

    database = cluster.database()
    base = Address.parse(cluster.address(database))
    members.make(base, "")
    file = make_demo(at=AT, folder=tmp_path_factory.mktemp("served"))
    shared = Caseload.open(base, "", who="")
    with file.contents() as (_many, entries):
        shared.take_contents(entries)
    codes = [patient.code for patient in shared.patients()]
    shared.close()
    file.close()
    for login in (ANNA, BO):
        members.add(base, "", login=login, role="therapist", new_password=PASSWORD)
        members.assign(base, "", login=login, codes=codes)
    return database


@pytest.fixture
def served(cluster: Cluster, served_template: str) -> Iterator[Served]:
    """A copy of it that nobody else has."""
    database = cluster.database(served_template)
    yield Served(cluster, database)
    cluster.drop(database)
