"""A PostgreSQL server of the tests' own: started on a free port, stopped and started again, with databases made fast.

TRDTRACK_TEST_POSTGRES, an address of somebody who may make databases and roles, has the tests use that server instead.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg import sql

from trdtrack.domain.address import Address

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

GIVEN = os.environ.get("TRDTRACK_TEST_POSTGRES", "")
SUPERUSER = "postgres"
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "C:/Program Files/PostgreSQL/*/bin",
)
# By the socket everybody is let in; by the network, even from this computer, only with a password.
LET_IN = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
LATER = 60
"""Seconds a server may take to start or to stop."""


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest that is found; None if there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [folder for place in PLACES for folder in _matching(place)]
    return max(folders, key=_version, default=None)


def _matching(place: str) -> list[Path]:
    anchor = Path(place).anchor
    found = Path(anchor).glob(Path(place).relative_to(anchor).as_posix())
    return [folder for folder in found if (folder / _program("initdb")).exists()]


def _version(folder: Path) -> int:
    return int("".join(filter(str.isdigit, folder.parent.name)) or 0)


def _program(name: str) -> str:
    return f"{name}.exe" if os.name == "nt" else name


@dataclass
class Cluster:
    """A server with its databases. Without `folder` it is somebody's own: it is never stopped here."""

    base: Address
    """Where it is, as its superuser, in the database that is always there."""
    folder: Path | None = None
    tools: Path | None = None
    fsync: bool = False
    _number: Any = field(default_factory=lambda: itertools.count(1))
    _made: list[str] = field(default_factory=list)

    # Databases

    def database(self, template: str = "template0") -> str:
        """Make a database, empty or like another that nobody is connected to, and return its name."""
        name = f"trdtrack_test_{os.getpid()}_{next(self._number)}"
        self.do("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'", name, template)
        self._made.append(name)
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected to it."""
        self.do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def address(self, database: str, user: str = "", *, tcp: bool = False) -> str:
        """Return the address of a database for a user (the superuser, if none is named), by socket or by port."""
        parts = {**dict(self.base.parts), "dbname": database}
        if user:
            parts["user"] = user
        if tcp and self.folder:
            parts["host"] = "127.0.0.1"
        return Address(tuple(sorted(parts.items()))).text

    def connect(self, database: str = "", user: str = "", **more: Any) -> psycopg.Connection:
        """Connect with bare psycopg, every statement its own transaction, as whoever is named."""
        place = Address.parse(self.address(database, user)) if database else self.base.of_user(user)
        return psycopg.connect(**{**place.options(), **more}, autocommit=True)

    def do(self, statement: str, *names: str) -> None:
        """Carry out one statement as the superuser, with names put in for {}."""
        with self.connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))  # type: ignore[arg-type]

    def cut_off(self, database: str) -> int:
        """End every connection to a database, as a network that fails would; return how many there were."""
        with self.connect() as connection:
            ends = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            )
            return len(connection.execute(ends, [database]).fetchall())

    def connected(self, database: str) -> int:
        """Return how many connections there are to a database."""
        with self.connect() as connection:
            asked = "SELECT FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            return len(connection.execute(asked, [database]).fetchall())

    # Stopping

    @property
    def own(self) -> bool:
        """Whether the server was started here and may be stopped."""
        return self.folder is not None

    def start(self) -> None:
        """Start the server, on the port it had."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": dict(self.base.parts)["port"],
            "unix_socket_directories": "" if os.name == "nt" else str(self.folder),
            "fsync": "on" if self.fsync else "off",
            "max_connections": "120",
        }
        words = " ".join(f"-c {key}='{value}'" for key, value in options.items())
        self._control("start", "-l", str(self._folder / "log.txt"), "-o", words)

    def stop(self, *, mode: str = "fast") -> None:
        """Stop the server: `fast` cuts every connection, `immediate` is a crash, after which it recovers."""
        self._control("stop", "-m", mode)

    def restart(self, *, mode: str = "fast") -> None:
        """Stop the server and start it again."""
        self.stop(mode=mode)
        self.start()

    @property
    def _folder(self) -> Path:
        if self.folder is None:
            pytest.skip("the server that TRDTRACK_TEST_POSTGRES names is not ours to stop")
        return self.folder

    def _control(self, *words: str) -> None:
        data = self._folder / "data"
        assert self.tools
        run(self.tools / _program("pg_ctl"), "-D", str(data), "-w", "-t", str(LATER), "-s", *words)

    def clear_away(self) -> None:
        """Take every database made here away again."""
        for name in self._made:
            self.drop(name)


def run(program: Path, *words: str) -> None:
    """Run one of the server's programs, as the user postgres where we are root: the server refuses to be root's."""
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if _root() else {}
    # Into a file, and not a pipe: the server would hold it open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [program, *words], stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", check=False, **user
        )
        said.seek(0)
        assert done.returncode == 0, said.read().decode(errors="replace")


def _root() -> bool:
    return os.name != "nt" and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*, fsync: bool = False, settings: Sequence[str] = ()) -> Generator[Cluster]:
    """Start a server of its own in a new folder, and take both away at the end. `settings`: lines of its own file."""
    tools = binaries()
    if tools is None:
        cannot("no PostgreSQL server is found here (packaging/dev.py test brings it where it may)")
    folder = Path(tempfile.mkdtemp(prefix="trdtrack-pg-"))  # short: the socket's path may have 107 letters
    if _root():
        shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
    base = {"dbname": "postgres", "user": SUPERUSER, "host": "127.0.0.1" if os.name == "nt" else str(folder)}
    data = folder / "data"
    try:
        plain = ("-A", "trust", "-U", SUPERUSER, "-E", "UTF8", "--no-locale", "--no-sync")
        run(tools / _program("initdb"), "-D", str(data), *plain)
        (data / "pg_hba.conf").write_text(LET_IN if os.name != "nt" else "host all all 127.0.0.1/32 trust\n")
        with (data / "postgresql.conf").open("a") as more:
            more.writelines(f"{line}\n" for line in settings)
        parts = tuple(sorted({**base, "port": str(_free_port())}.items()))
        cluster = Cluster(Address(parts), folder, tools, fsync)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop(mode="immediate")
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Take a server's folder away; hundreds of files for each database, so nobody waits for it where that can be."""
    if os.name == "nt":
        shutil.rmtree(folder, ignore_errors=True)
    else:  # a shell that leaves at once: what it began is not waited for
        subprocess.run(["/bin/sh", "-c", 'rm -rf "$1" </dev/null >/dev/null 2>&1 &', "sh", folder], check=False)


def cannot(why: str) -> None:
    """Skip by name with a reason; where a run decides what lands and could have brought a server, fail."""
    if os.environ.get("CI") and sys.platform.startswith("linux") and _root():
        pytest.fail(f"these tests may not be skipped here: {why}")
    pytest.skip(why)


@pytest.fixture(scope="session")
def cluster() -> Generator[Cluster]:
    """The server of this run, which does not wait for the disk: for what has to last there is `running(fsync=True)`."""
    if not GIVEN:
        with running() as own:
            yield own
        return
    theirs = Cluster(Address.parse(GIVEN))
    yield theirs
    theirs.clear_away()
