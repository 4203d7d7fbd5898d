"""A clinic's server set up as the help says, by a login that owns the database, may make roles, and is no superuser."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from clinic import ADA, AT, COURSE, PASSWORD, SCORE, SESSION
from cluster import running

from trdtrack.caseload import Caseload
from trdtrack.domain.address import Address
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.refusals import NotYours
from trdtrack.storage.postgres import members
from trdtrack.words import say

if TYPE_CHECKING:
    from cluster import Cluster

ADMINISTRATOR, THERAPIST, SECOND = "erna", "tom", "egon"


def made_by(cluster: Cluster, administrator: str) -> Address:
    """Make a login and a database of theirs, as the help has it."""
    database = cluster.database()
    cluster.do("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'eight blue doors'", administrator)
    cluster.do("ALTER DATABASE {} OWNER TO {}", database, administrator)
    return Address.parse(cluster.address(database, administrator))


def test_by_a_login_that_is_no_superuser() -> None:
    with running() as cluster:
        address = made_by(cluster, ADMINISTRATOR)
        members.make(address, PASSWORD)
        members.make(address, PASSWORD)  # once more is no harm: so an older one is brought up to date
        members.add(address, PASSWORD, login=THERAPIST, role="therapist", new_password=PASSWORD)
        with closing(Caseload.open(address, PASSWORD, who="")) as administrator:
            administrator.edit(added(message("Add"), ADA, COURSE, SESSION, SCORE), at=AT)
            assert administrator.check() == ()
        therapist = address.of_user(THERAPIST)
        with closing(Caseload.open(therapist, PASSWORD, who="")) as here:
            assert here.patients() == []
        members.assign(address, PASSWORD, login=THERAPIST, codes=[ADA.code])
        with closing(Caseload.open(therapist, PASSWORD, who="")) as here:
            assert here.patients() == [ADA]
        a_second_caseload_by_somebody_else(cluster, made_by(cluster, SECOND))


def a_second_caseload_by_somebody_else(cluster: Cluster, address: Address) -> None:
    """The roles are the server's: from PostgreSQL 16 on, only who made them lets others act as them."""
    with cluster.connect() as db:
        sixteen = db.info.server_version >= 160000
    if sixteen:
        with pytest.raises(NotYours) as refused:
            members.make(address, PASSWORD)
        assert f"GRANT trdtrack_owner TO {SECOND}" in say(refused.value.what)
        cluster.do("GRANT trdtrack_owner TO {}", SECOND)
    members.make(address, PASSWORD)
    members.add(address, PASSWORD, login=THERAPIST, role="therapist")
    with closing(Caseload.open(address, PASSWORD, who="")) as administrator:
        assert administrator.patients() == []
        assert administrator.check() == ()
