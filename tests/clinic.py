"""A clinic of the tests' own on the tests' own server: a caseload with one patient, and a login of each kind."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.address import Address
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Rules, Session
from trdtrack.storage.postgres import members

if TYPE_CHECKING:
    import psycopg
    from cluster import Cluster

PASSWORD = "eight blue doors"
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
PEOPLE = {
    "erna": ("administrator", ""),
    "tom": ("therapist", "north"),
    "tina": ("therapist", "south"),
    "sue": ("supervisor", ""),
    "sid": ("supervisor", "north"),
}
"""Logins with their role and team. Ada is tom's patient."""
ADA = Patient(id="a" * 32, code="P-1", name="Ada", date_of_birth=date(1980, 2, 29))
COURSE = Course(id="c" * 32, patient=ADA.id, start=date(2026, 1, 7))
SESSION = Session(id="5" * 32, patient=ADA.id, course=COURSE.id, date=date(2026, 1, 7), note="lighter", entered=AT)
SCORE = Assessment(
    id="e" * 32, patient=ADA.id, course=COURSE.id, session=SESSION.id, date=SESSION.date, total=14, entered=AT
)


@dataclass(frozen=True)
class Clinic:
    """A caseload in a database of its own."""

    cluster: Cluster
    database: str

    def address(self, login: str = "") -> Address:
        """Return where it is, for a login; the server's superuser if none is named."""
        return Address.parse(self.cluster.address(self.database, login))

    def open(self, login: str, **more: Any) -> Caseload:
        """Open it as somebody."""
        return Caseload.open(self.address(login), PASSWORD, who="nobody", **more)

    def sql(self, login: str) -> psycopg.Connection[Any]:
        """Connect as somebody with bare psycopg."""
        return self.cluster.connect(self.database, login, password=PASSWORD, options="-c search_path=trdtrack")


def staffed(cluster: Cluster) -> str:
    """Return a new database with an empty caseload and everybody in it."""
    name = cluster.database()
    address = Address.parse(cluster.address(name))
    members.make(address, "")
    for login, (role, team) in PEOPLE.items():
        members.add(address, "", login=login, role=role, team=team, new_password=PASSWORD)
    return name


@pytest.fixture(scope="session")
def empty_clinic(cluster: Cluster) -> str:
    """The database that new clinics are copies of, without a patient."""
    return staffed(cluster)


@pytest.fixture(scope="session")
def clinic_of_tom(cluster: Cluster, empty_clinic: str) -> str:
    """The database that new clinics are copies of, with Ada."""
    here = Clinic(cluster, cluster.database(empty_clinic))
    with closing(here.open("erna")) as erna:
        erna.edit(added(message("Set"), Rules()), at=AT)
    with closing(here.open("tom")) as tom:
        tom.edit(added(message("Add"), ADA, COURSE, SESSION, SCORE), at=AT)
    return here.database


@pytest.fixture
def clinic(cluster: Cluster, clinic_of_tom: str) -> Clinic:
    """A clinic of this test's own, with Ada."""
    return Clinic(cluster, cluster.database(clinic_of_tom))


@pytest.fixture
def new_clinic(cluster: Cluster, empty_clinic: str) -> Clinic:
    """A clinic of this test's own, without a patient."""
    return Clinic(cluster, cluster.database(empty_clinic))
