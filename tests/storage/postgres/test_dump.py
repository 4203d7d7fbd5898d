"""A server's caseload saved with pg_dump and brought back as the help says: whole, with its history and its rights."""

from __future__ import annotations

import os
import subprocess
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from clinic import Clinic
from cluster import binaries

from trdtrack.domain.records import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from cluster import Cluster

    from trdtrack.caseload import Caseload
    from trdtrack.domain.records import Record


def everything(caseload: Caseload) -> list[Record]:
    return sorted((r for kind in KINDS for r in caseload.records(kind)), key=lambda r: (r.kind, r.id))


def run(cluster: Cluster, program: str, database: str, *words: str | Path) -> None:
    folder = binaries()
    found = folder / (f"{program}.exe" if os.name == "nt" else program) if folder else None
    if found is None or not found.exists():
        pytest.skip(f"there is no {program} here")
    place = [f"--dbname={cluster.address(database)}"]
    done = subprocess.run([found, *place, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_saved_and_brought_back(clinic: Clinic, tmp_path: Path) -> None:
    with closing(clinic.open("erna")) as erna:
        records, head = everything(erna), erna.head
        assert erna.check() == ()
    dump = tmp_path / "caseload.dump"
    run(clinic.cluster, "pg_dump", clinic.database, "--format=custom", f"--file={dump}")
    again = Clinic(clinic.cluster, clinic.cluster.database())
    run(clinic.cluster, "pg_restore", again.database, "--exit-on-error", dump)
    with closing(again.open("erna")) as erna:
        assert everything(erna) == records
        assert erna.head == head
        assert erna.check() == ()
    with closing(again.open("tina")) as tina:
        assert tina.patients() == [], "who may see what came back, too"
    with closing(again.open("tom")) as tom:
        assert [patient.code for patient in tom.patients()] == ["P-1"]
