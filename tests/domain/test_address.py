"""Addresses of a clinic's server: both forms, no password, no way that is not encrypted, and the same text again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trdtrack.domain.address import Address
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say


@pytest.mark.parametrize("text", ["postgresql://anna@db.example/clinic", " postgres://db/x", "service=clinic"])
def test_an_address_is_told_from_a_file(text: str) -> None:
    assert Address.is_one(text)


@pytest.mark.parametrize("text", ["clinic.trdtrack", "/srv/postgresql.trdtrack", "C:\\clinic.trdtrack", "services/x"])
def test_a_file_is_no_address(text: str) -> None:
    assert not Address.is_one(text)
    with pytest.raises(Refusal, match="no address of a server"):
        Address.parse(text)


def test_the_parts_of_a_url() -> None:
    address = Address.parse("postgresql://anna%40clinic@db.example:5433/our%20clinic?sslrootcert=/etc/ca.crt")
    assert address.options() == {
        "user": "anna@clinic",
        "host": "db.example",
        "port": "5433",
        "dbname": "our clinic",
        "sslrootcert": "/etc/ca.crt",
        "sslmode": "verify-full",
    }
    assert (address.user, address.name) == ("anna@clinic", "db.example/our clinic")
    assert address.text == "postgresql://anna%40clinic@db.example:5433/our%20clinic?sslrootcert=/etc/ca.crt"


def test_a_service_by_name() -> None:
    address = Address.parse("service='our clinic' user=anna")
    assert address.options() == {"service": "our clinic", "user": "anna", "sslmode": "verify-full"}
    assert (address.name, address.text) == ("our clinic", "service='our clinic' user=anna")


def test_a_standby_server_behind_the_first() -> None:
    address = Address.parse("postgresql://a.example:1,b.example:2/x?target_session_attrs=read-write")
    assert (address.options()["host"], address.options()["port"]) == ("a.example,b.example", "1,2")
    assert Address.parse(address.text) == address


def test_another_person_at_the_same_place() -> None:
    address = Address.parse("postgresql://anna@db.example/clinic")
    assert address.of_user("bo").text == "postgresql://bo@db.example/clinic"
    assert address.of_user("") == address
    assert "user" not in Address.parse("postgresql://db.example/clinic").options()


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://anna:secret@db/x",
        "postgresql://anna:@db/x",
        "postgresql://anna:sec#ret@db/x",
        "postgresql://anna@db/x?password=secret",
        "postgresql://anna@db/x?PASSWORD=secret",
        "service=x password='secret'",
        "service=x passfile=/tmp/secret",
    ],
)
def test_a_password_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Refusal, match="holds no password") as refused:
        Address.parse(text)
    assert refused.value.field == "address"
    assert "sec" not in say(refused.value.what)


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
@pytest.mark.parametrize(
    "text",
    [
        "postgresql://db.example/x?sslmode={}",
        "postgresql:///x?sslmode={}",  # wherever the surroundings say
        "postgresql://127.0.0.1,db.example/x?sslmode={}",
        "postgresql://localhost.example/x?sslmode={}",
        "service=x sslmode={}",
        "service=x host=localhost sslmode={}",  # the list of services may hold a hostaddr
    ],
)
def test_no_way_to_another_computer_goes_unencrypted(text: str, mode: str) -> None:
    with pytest.raises(Refusal, match="not encrypted"):
        Address.parse(text.format(mode))


@pytest.mark.parametrize("where", ["localhost", "127.0.0.1", "127.8.0.1", "[::1]", "%2Frun%2Fpg", "localhost,[::1]"])
def test_on_this_computer_encryption_is_not_asked_for(where: str) -> None:
    address = Address.parse(f"postgresql://anna@{where}/x")
    assert address.near
    assert (address.options()["sslmode"], address.options()["hostaddr"]) == ("prefer", "")
    assert Address.parse(f"postgresql://anna@{where}/x?sslmode=disable").options()["sslmode"] == "disable"


@pytest.mark.parametrize("text", ["postgresql://db/x", "postgresql://10.0.0.1/x", "postgresql:///x", "service=x"])
def test_elsewhere_the_server_is_proven(text: str) -> None:
    assert Address.parse(text).options()["sslmode"] == "verify-full"
    more = " sslmode=require" if text.startswith("service") else "?sslmode=require"
    assert Address.parse(text + more).options()["sslmode"] == "require"


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://db/x?hostaddr=10.0.0.9",
        "postgresql://db/x?options=-csearch_path%3Devil",
        "postgresql://db/x?gssencmode=disable",
        "service=x replication=true",
    ],
)
def test_what_would_lead_elsewhere_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refusal, match="cannot stand in an address"):
        Address.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://db:port/x",
        "postgresql://[::1/x",
        "postgresql://db/x?sslmode",
        "postgresql://a:1,b:2,c/x?port=1,2",
        "service=x and more",
        "service='x",
        "service=",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="no address of a server"):
        Address.parse(text)


def test_a_socket_is_not_shown() -> None:
    address = Address.parse("postgresql://anna@%2Frun%2Fpg:5433/clinic")
    assert address.name == "clinic"
    assert address.text == "postgresql://anna@/clinic?host=/run/pg&port=5433"
    assert Address.parse(address.text) == address


SOME = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
HOSTS = st.lists(
    st.from_regex(r"[a-z]([a-z0-9.-]{0,9}[a-z0-9])?|[0-9a-f]{1,4}::[0-9a-f]{1,4}", fullmatch=True), max_size=3
)


@given(user=SOME, database=SOME, hosts=HOSTS, port=st.integers(1, 65535))
def test_the_text_is_read_as_the_same_address(user: str, database: str, hosts: list[str], port: int) -> None:
    parts = {"user": user, "dbname": database, "host": ",".join(hosts), "port": str(port) if hosts else ""}
    address = Address(tuple(sorted((key, value) for key, value in parts.items() if value)))
    assert Address.parse(address.text) == address


@given(service=SOME.filter(str.strip), user=SOME)
def test_a_service_is_read_as_the_same(service: str, user: str) -> None:
    address = Address((("service", service), ("user", user)))
    assert Address.parse(address.text) == address
