"""Outcomes of a caseload on a server: the figures are a file's, and each person's are those of who they see."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from clinic import PASSWORD, Clinic
from outcomes.clinics import PASSPHRASE, TODAY, disordered

from trdtrack.caseload import Caseload
from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.history import describe
from trdtrack.exchange import outcomes_plain
from trdtrack.outcomes import outcomes
from trdtrack.storage.postgres import members
from trdtrack.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from command_line import Program


def figures(caseload: Caseload) -> dict[str, Any]:
    return outcomes_plain.outcomes(outcomes(caseload, Choice(), today=TODAY))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> Path:
    with closing(disordered(tmp_path_factory.mktemp("outcomes"), patients=120)) as caseload:
        return caseload.path


def test_the_figures_are_the_files(
    file: Path, new_clinic: Clinic, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRDTRACK_SERVER_PASSWORD", PASSWORD)
    erna, sue, tom = (new_clinic.address(login).text for login in ("erna", "sue", "tom"))
    program("clinic", "move", file, erna, passphrase=PASSPHRASE).done  # noqa: B018
    with closing(Caseload.open(file, PASSPHRASE, who="x", look=True)) as here:
        was, codes = figures(here), [patient.code for patient in here.patients()]
    assert len(was["cases"]) > 30
    for login in ("erna", "sue"):
        with closing(new_clinic.open(login)) as there:
            assert figures(there) == was
    with closing(new_clinic.open("tom")) as there:
        assert figures(there)["cases"] == []
    members.assign(new_clinic.address("erna"), PASSWORD, login="tom", codes=codes[:40])
    with closing(new_clinic.open("tom")) as there:
        assert 0 < len(figures(there)["cases"]) < len(was["cases"])
    said = json.loads(program("outcomes", sue, "--json").done)
    assert said == json.loads(program("outcomes", file, "--json", passphrase=PASSPHRASE).done)
    assert len(said["cases"]) == len(was["cases"])
    program("service-report", sue, "--format", "pdf", "--out", "service.pdf").done  # noqa: B018
    assert (tmp_path / "service.pdf").read_bytes().startswith(b"%PDF")
    with closing(new_clinic.open("sue")) as there:
        assert "report" in say(describe(there.history(limit=1)[0])).casefold()
    assert program("outcomes", tom).done
