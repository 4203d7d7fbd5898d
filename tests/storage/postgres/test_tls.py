"""The way to a server is encrypted and the server proven, or nothing is sent: tried with certificates, good and bad."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import psycopg
import pytest
from cluster import Cluster, running
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from trdtrack.domain.address import Address
from trdtrack.domain.refusals import Refusal
from trdtrack.storage.postgres import connecting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = "dry tulips by the door"
LOGIN = "test_tls"
TLS = ("ssl = on", "ssl_cert_file = '../server.crt'", "ssl_key_file = '../server.key'")


def certificate(folder: Path, address: str) -> bytes:
    """Write a server's key and certificate for an address; return the certificate, which vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a clinic's server")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "server.crt").write_bytes(pem)
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "server.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))
    (folder / "server.key").chmod(0o600)
    owner = folder.stat()
    for name_ in ("server.crt", "server.key"):
        if owner.st_uid != (folder / name_).stat().st_uid:
            shutil.chown(folder / name_, owner.st_uid, owner.st_gid)
    return pem


@pytest.fixture(scope="module")
def plain() -> Iterator[Cluster]:
    """A server without encryption."""
    with running() as made:
        made.do("CREATE ROLE {} LOGIN PASSWORD 'dry tulips by the door'", LOGIN)
        yield made


def place(cluster: Cluster, options: str) -> Address:
    return Address.parse(f"{cluster.address('postgres', LOGIN, tcp=True)}?{options}")


def turned_to(cluster: Cluster, address: str) -> bytes:
    """Have the server prove itself as an address from now on; return what vouches for it."""
    assert cluster.folder
    pem = certificate(cluster.folder, address)
    with (cluster.folder / "data" / "postgresql.conf").open("a") as more:
        more.writelines(f"{line}\n" for line in TLS)
    cluster.restart()
    return pem


def encrypted(connection: psycopg.Connection) -> bool:
    asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    return connection.execute(asked).fetchone() == (True,)


@pytest.mark.parametrize("mode", ["require", "verify-full"])
def test_a_server_that_does_not_encrypt_is_sent_nothing(plain: Cluster, mode: str) -> None:
    with pytest.raises(Refusal, match="did not prove who it is, or does not encrypt"):
        connecting.connect(place(plain, f"sslmode={mode}"), PASSWORD)


def test_the_server_that_is_vouched_for_is_let_in_and_no_other(plain: Cluster, tmp_path: Path) -> None:
    vouched = tmp_path / "root.crt"
    vouched.write_bytes(turned_to(plain, "127.0.0.1"))
    proven = place(plain, f"sslmode=verify-full&sslrootcert={vouched}")
    with connecting.connect(proven, PASSWORD) as connection:
        assert encrypted(connection)
    # Another that says it is the same, and one that is vouched for as somebody else.
    turned_to(plain, "127.0.0.1")
    with pytest.raises(Refusal, match="did not prove who it is"):
        connecting.connect(proven, PASSWORD)
    vouched.write_bytes(turned_to(plain, "10.0.0.9"))
    with pytest.raises(Refusal, match="did not prove who it is"):
        connecting.connect(proven, PASSWORD)
