"""The commands on a clinic's server, and the other commands on its address."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from clinic import ADA, PASSWORD, Clinic

from trdtrack.domain.address import Address

if TYPE_CHECKING:
    from pathlib import Path

    from cluster import Cluster
    from command_line import Program


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRDTRACK_SERVER_PASSWORD", PASSWORD)


def test_a_clinic_is_set_up(cluster: Cluster, program: Program, tmp_path: Path) -> None:
    database = cluster.database()
    address = cluster.address(database)
    assert "There is no caseload in" in program("check", address).refused
    assert "You are its administrator" in program("clinic", "init", address).done
    secret = tmp_path / "new.txt"
    secret.write_text("a long new password\n")
    for words in (["tess"], ["tess", "--role", "supervisor", "--team", "north"], ["tess", "--role", "therapist"]):
        said = program("clinic", "add-therapist", address, *words, "--new-password-file", secret).done
        assert f"tess is {words[2] if len(words) > 2 else 'therapist'}" in said
    assert "is set up" in program("clinic", "init", address).done, "once more does no harm"
    by_port = Address.parse(cluster.address(database, "tess", tcp=True)).text
    assert "patients" not in program("patients", by_port, "--password-file", secret).done
    assert "does not know this name" in program("patients", by_port).refused
    assert "Only somebody who sees every patient" in program("check", cluster.address(database, "tess")).refused
    assert "is whole: history and records agree" in program("check", address, "--rebuild").done


def test_patients_are_assigned(clinic: Clinic, program: Program) -> None:
    erna, tina = (clinic.address(login).text for login in ("erna", "tina"))
    assert ADA.code not in program("patients", tina).done
    assert "1 patient: assigned to tina" in program("clinic", "assign", erna, "tina", "--patient", "P-1").done
    assert ADA.code in program("patients", tina).done
    taken = program("clinic", "assign", erna, "tina", "--patient", "P-1", "--take-away").done
    assert "taken away from tina" in taken
    assert ADA.code not in program("patients", tina).done
    assert "no patient with the code" in program("clinic", "assign", erna, "tina", "--patient", "P-9").refused
    assert "Only an administrator of" in program("clinic", "assign", tina, "tina", "--patient", "P-1").refused


def test_somebody_leaves(clinic: Clinic, program: Program) -> None:
    erna, tom = (clinic.address(login).text for login in ("erna", "tom"))
    assert "tom: therapist north, 1 patient\n" in program("clinic", "people", erna).done
    assert "Only an administrator of" in program("clinic", "people", tom).refused
    assert "Only an administrator of" in program("clinic", "remove", tom, "tina").refused
    assert "another administrator" in program("clinic", "remove", erna, "erna").refused
    assert "has no part in" in program("clinic", "remove", erna, "nobody").refused
    said = program("clinic", "remove", erna, "tom").done
    assert "1 patient is assigned to no therapist" in said
    assert "You have no part in" in program("patients", tom).refused
    assert program("clinic", "people", erna).done.endswith(said.splitlines()[-1] + "\n")
    noted = [line.partition("  ")[2] for line in program("clinic", "people", erna, "--history").done.splitlines()]
    assert noted[-2:] == ["erna: tom − P-1", "erna: tom − therapist north"]
    assert "tom: tom + P-1" in noted, "whom a therapist adds is theirs"
    with closing(clinic.open("erna")) as here:
        assert {line.who for line in here.history(ADA.id)} == {"tom"}
    program("clinic", "add-therapist", erna, "tom", "--new-password-file", "/dev/null").refused  # noqa: B018
    assert "tom is therapist" in program("clinic", "add-therapist", erna, "tom").done
    assert ADA.code not in program("patients", tom).done


def test_commands_on_a_server(clinic: Clinic, program: Program, tmp_path: Path) -> None:
    tom = clinic.address("tom").text
    assert "P-1" in program("summary", tom, "--patient", "P-1").done
    (tmp_path / "scores.csv").write_text("patient,date,total\nP-1,2026-02-03,11\nP-7,2026-02-03,12\n")
    assert "1 patient, 2 scores" in program("import", tom, "scores.csv").done
    with closing(clinic.open("tom")) as caseload:
        assert [p.code for p in caseload.patients()] == ["P-1", "P-7"]
        assert caseload.history()[0].who == "tom"
    program("export", tom, "--patient", "P-1", "--format", "pdf", "--out", "a.pdf").done  # noqa: B018
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    program("archive", clinic.address("erna").text, "--out", "all.json").done  # noqa: B018
    assert "made on the server" in program("backup", tom).refused
    assert "give a file" in program("passphrase", tom).misused
    assert "no password" in program("patients", "postgresql://tom:secret@localhost/x").refused
