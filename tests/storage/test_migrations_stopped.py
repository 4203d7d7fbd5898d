"""Upgrades that are stopped: by an error at any statement, by kill -9 at any moment. The older file or the newer one.

TRDTRACK_LONG=1 tries every statement of every step (else every eighth), TRDTRACK_KILLS as many kills as it says (else
two).
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trdtrack.domain.records import KINDS
from trdtrack.storage import cipher, migrations
from trdtrack.storage.store import Store

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from trdtrack.domain.records import Record

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests" / "files"
PASSPHRASE = "four plain boats"
OLDER = range(1, migrations.current())
EVERY = 1 if os.environ.get("TRDTRACK_LONG") else 8
KILLS = max(2, int(os.environ.get("TRDTRACK_KILLS", "0")) // 10)


class Failing:
    """A connection that fails at one statement and counts them all."""

    def __init__(self, connection: Connection | None = None, at: int = -1) -> None:
        self.connection, self.at, self.count = connection, at, 0

    def exec_driver_sql(self, statement: str) -> object:
        self.count += 1
        if self.count == self.at:
            raise RuntimeError("the statement fails")
        return self.connection.exec_driver_sql(statement)


def statements(version: int, folder: Path) -> int:
    """How many statements the step from this version takes, the setting of the new version included."""
    path = shutil.copy(FILES / f"v{version}.trdtrack", folder / "counted.trdtrack")
    salt = cipher.salt_of(path)
    key = cipher.derive_key(PASSPHRASE, salt)
    raw = cipher.connect(path, key, salt, mode="rw")
    store = Store(path, raw, key=(key, salt), writable=True)
    with closing(store), store.transaction(write=True) as connection:
        counting = Failing(connection)
        migrations.take(counting, version)
    return counting.count


def dump(path: Path) -> list[str]:
    """Everything a file holds, its structure included."""
    salt = cipher.salt_of(path)
    with closing(cipher.connect(path, cipher.derive_key(PASSPHRASE, salt), salt, mode="immutable")) as bare:
        tables = bare.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        said = [str(bare.execute("PRAGMA user_version").fetchone()), str(tables)]
        names = [
            name for name, sql in tables if sql and sql.startswith("CREATE TABLE") and not name.startswith("found_")
        ]
        return said + [str(bare.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()) for name in names]


def records(path: Path) -> dict[str, list[Record]]:
    with closing(Store.open(path, PASSPHRASE)) as store:
        assert store.faults() == ()
        return {kind: store.read(kind) for kind in KINDS}


@pytest.mark.parametrize("version", OLDER)
def test_an_error_at_any_statement_leaves_the_older_file(
    tmp_path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixture = FILES / f"v{version}.trdtrack"
    before = dump(fixture)
    count = statements(version, tmp_path)
    real = migrations.take
    assert count > 1
    for number in sorted({1, count, *range(version, count, EVERY)}):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = Path(shutil.copy(fixture, folder / "old.trdtrack"))

        def take(connection: Connection, version: int, number: int = number) -> None:
            real(Failing(connection, number), version)

        monkeypatch.setattr(migrations, "take", take)
        with pytest.raises(RuntimeError, match="the statement fails"):
            Store.open(path, PASSPHRASE)
        monkeypatch.undo()
        assert dump(path) == before
        copy = folder / f"old.version-{version}.trdtrack"
        assert dump(copy) == before
        assert sorted(p.name for p in folder.iterdir()) == ["old.trdtrack", copy.name]
    assert records(path) == records(Path(shutil.copy(fixture, tmp_path / "straight.trdtrack")))


OPENING = """
import os, sys
from pathlib import Path
from trdtrack.storage import cipher
from trdtrack.storage.store import Store
cipher.derive_key = lambda _passphrase, _salt: bytes.fromhex(sys.argv[2])
os.write(1, b"open\\n")
Store.open(Path(sys.argv[1]), "")
os.write(1, b"done\\n")
os.read(0, 1)
"""


def killed(path: Path, *, after: float) -> tuple[bool, float]:
    """Upgrade a file in a program of its own, kill it; return whether it was done, and after how long."""
    key = cipher.derive_key(PASSPHRASE, cipher.salt_of(path)).hex()
    command = [sys.executable, "-c", OPENING, str(path), key]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout
        assert child.stdout.readline() == b"open\n"
        start = time.monotonic()
        timer = threading.Timer(after, child.kill)
        timer.start()
        done = child.stdout.readline() == b"done\n"
        took = time.monotonic() - start
        child.kill()
        timer.cancel()
    return done, took


def test_killed_while_upgrading_the_file_opens_with_all_that_was_in_it(tmp_path: Path) -> None:
    fixture, chance = FILES / "v1.trdtrack", random.Random()
    expected = records(Path(shutil.copy(fixture, tmp_path / "straight.trdtrack")))
    whole = Path(shutil.copy(fixture, tmp_path / "timed.trdtrack"))
    done, took = killed(whole, after=60)
    assert done
    stopped = 0
    for kill in range(KILLS):
        folder = tmp_path / f"kill-{kill}"
        folder.mkdir()
        path = Path(shutil.copy(fixture, folder / "old.trdtrack"))
        done, _ = killed(path, after=took * (kill + chance.random()) / KILLS)
        stopped += not done
        copy = folder / "old.version-1.trdtrack"
        assert records(path) == expected
        assert copy.exists() or not done
        if copy.exists():
            assert records(Path(shutil.copy(copy, tmp_path / "proof.trdtrack"))) == expected
            for proof in tmp_path.glob("proof*"):
                proof.unlink()
        assert {p.name for p in folder.iterdir()} <= {"old.trdtrack", *(f"old.version-{n}.trdtrack" for n in OLDER)}
    assert stopped
