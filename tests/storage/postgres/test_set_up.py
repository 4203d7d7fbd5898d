"""A clinic's server set up as the help says, by a login that owns the database, may make roles, and is no superuser."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from trdtrack.caseload import Caseload
from trdtrack.domain.address import Address
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.storage.postgres import members

if TYPE_CHECKING:
    from clinic import Clinic

from clinic import ADA, AT, COURSE, PASSWORD, SCORE, SESSION

ADMINISTRATOR, THERAPIST = "test_set_up", "test_set_up_taken_in"


def test_by_a_login_that_is_no_superuser(clinic: Clinic) -> None:
    cluster = clinic.cluster
    database = cluster.database()
    cluster.do("DROP ROLE IF EXISTS {}", ADMINISTRATOR)
    cluster.do("CREATE ROLE {} LOGIN CREATEROLE PASSWORD 'eight blue doors'", ADMINISTRATOR)
    cluster.do("ALTER DATABASE {} OWNER TO {}", database, ADMINISTRATOR)
    address = Address.parse(cluster.address(database, ADMINISTRATOR))
    members.make(address, PASSWORD)
    members.make(address, PASSWORD)  # once more is no harm: so an older one is brought up to date
    members.add(address, PASSWORD, login=THERAPIST, role="therapist", new_password=PASSWORD)
    with closing(Caseload.open(address, PASSWORD, who="")) as administrator:
        administrator.edit(added(message("Add"), ADA, COURSE, SESSION, SCORE), at=AT)
        assert administrator.check() == ()
    therapist = Address.parse(cluster.address(database, THERAPIST))
    with closing(Caseload.open(therapist, PASSWORD, who="")) as here:
        assert here.patients() == []
    members.assign(address, PASSWORD, login=THERAPIST, codes=[ADA.code])
    with closing(Caseload.open(therapist, PASSWORD, who="")) as here:
        assert here.patients() == [ADA]
