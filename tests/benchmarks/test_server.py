"""A clinic's server under fifty clients who save, and one therapist's list among a hundred thousand patients."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from clinic import AT, Clinic, staffed
from cluster import running

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.storage import cipher

if TYPE_CHECKING:
    from collections.abc import Callable

    from trdtrack.domain.address import Address

CLIENTS, PATIENTS = 50, 20
TURN_S = 30
"""The two ways save by turns of this length: what else the machine does meets both."""
OWN, EVERYBODY = 200, 100_000
OTHERS = (
    "SET session_replication_role = replica",
    (
        "INSERT INTO trdtrack.patient (id, code, name, notes) "
        "SELECT md5(n::text), 'Q-' || n, 'Person ' || n, '' FROM generate_series(1, {n}) AS n"
    ),
    (
        "INSERT INTO trdtrack.gist (patient, text) SELECT md5(n::text), (SELECT text FROM trdtrack.gist "
        "WHERE patient <> '' LIMIT 1) FROM generate_series(1, {n}) AS n"
    ),
    "INSERT INTO trdtrack.assignment SELECT 'tina', md5(n::text) FROM generate_series(1, {n}) AS n",
    "ANALYZE",
)
"""A hundred thousand patients of other people, put past the program into what its list is read from."""
ROOT = Path(__file__).resolve().parents[2]


def lived_in(tom: Caseload, many: int) -> list[str]:
    """Add patients with ten sessions and scores each, and return patient and course by turns."""
    found: list[str] = []
    for n in range(many):
        patient = Patient(code=f"P-{n}")
        course = Course(patient=patient.id)
        home = {"patient": patient.id, "course": course.id, "entered": AT}
        sessions = [Session(**home, date=AT.date(), note="calm") for _ in range(10)]
        scores = [Assessment(**home, date=AT.date(), total=k) for k in range(10)]
        tom.edit(added(message("Add"), patient, course, *sessions, *scores), at=AT)
        found += (patient.id, course.id)
    return found


def load(how: str, where: str, pairs: list[str], seconds: int) -> list[float]:
    """Have all clients, each a program of its own, save at once; return what each save took, in seconds."""
    each = len(pairs) // CLIENTS
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    words = [sys.executable, str(Path(__file__).with_name("saving.py")), how, where, str(seconds)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": environment, "text": True}
    begun = [subprocess.Popen([*words, *pairs[n : n + each]], **pipes) for n in range(0, len(pairs), each)]
    assert [process.stdout.readline() for process in begun] == ["ready\n"] * CLIENTS
    for process in begun:
        process.stdin.write("now\n")
        process.stdin.flush()
    said = [process.communicate()[0] for process in begun]
    assert [process.returncode for process in begun] == [0] * CLIENTS
    return [took for one in said for took in json.loads(one)]


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def measured(seconds: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {"bare": [], "door": []}
    turns = [TURN_S] * (seconds // TURN_S)
    with running(fsync=True) as cluster:
        here = Clinic(cluster, staffed(cluster))
        with closing(here.open("tom")) as tom:
            pairs = lived_in(tom, CLIENTS * PATIENTS)
        login = {"bare": "", "door": "tom"}
        for turn in turns:
            for how in took:
                took[how] += load(how, here.address(login[how]).text, pairs, turn)
        with closing(here.open("erna")) as erna:
            saved = 2 * CLIENTS * (seconds + len(turns))
            assert len(erna.records("session")) == 10 * CLIENTS * PATIENTS + saved
    return took


@pytest.mark.bench
def test_fifty_clients_save_a_session_a_second(compare: Callable) -> None:
    seconds = int(os.environ.get("TRDTRACK_LOAD_SECONDS", "60"))
    took = measured(seconds)
    assert {len(times) for times in took.values()} == {CLIENTS * seconds}
    what = f"95 of 100 saves of {CLIENTS} clients, one a second each, for {seconds} s"
    compare(what, "bare psycopg under the same load", p95(took["door"]), p95(took["bare"]), target=3)


@pytest.mark.bench
def test_ones_own_list_among_a_hundred_thousand(
    compare: Callable, race: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as cluster, closing(Caseload.create(tmp_path / "a.trdtrack", "x", who="x")) as file:
        here = Clinic(cluster, staffed(cluster))
        with closing(here.open("tom")) as tom:
            for one in (tom, file):
                lived_in(one, OWN)
            with here.cluster.connect(here.database) as db:
                for statement in OTHERS:
                    db.execute(statement.format(n=EVERYBODY))  # type: ignore[arg-type]
            assert len(tom.gists()) == len(file.gists()) == OWN

            def listing(caseload: Caseload) -> Callable[[], float]:
                def read() -> float:
                    start = time.perf_counter()
                    caseload.gists()
                    return time.perf_counter() - start

                return read

            def opening(where: Path | Address) -> Callable[[], float]:
                def read() -> float:
                    start = time.perf_counter()
                    with closing(Caseload.open(where, "x", who="x")) as caseload:
                        caseload.gists()
                        return time.perf_counter() - start

                return read

            took = race({"server": listing(tom), "file": listing(file)}, rounds=50, warmups=10)
            what = f"the list of one's own {OWN} patients of {EVERYBODY:,} on a server"
            compare(what, f"a file with {OWN}", took["server"], took["file"], target=4)
            file.close()
            # The key derivation of the file is the real one, as it is for whoever types a passphrase.
            monkeypatch.setattr(cipher, "derive_key", getattr(cipher.derive_key, "__wrapped__", cipher.derive_key))
            opened = {"server": opening(here.address("tom")), "file": opening(tmp_path / "a.trdtrack")}
            took = {name: statistics.median(read() for _ in range(11)) for name, read in opened.items()}
            compare(f"opened, and {what}", f"a file with {OWN}", took["server"], took["file"], target=2)
