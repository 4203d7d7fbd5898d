"""The archive on the command line: out, and in again; and `import` telling archive, FHIR and other JSON apart."""

from __future__ import annotations

import json
import stat
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from command_line import PASSPHRASE, Program, run

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 20, 9, 30).astimezone()


def response(item9: int) -> str:
    answered = {"linkId": "/44260-8", "answer": [{"valueInteger": item9}]}
    about = {"subject": {"identifier": {"value": "A-1"}}, "authored": "2026-11-02"}
    return json.dumps({"resourceType": "QuestionnaireResponse", "status": "completed", **about, "item": [answered]})


@pytest.fixture
def clinic(tmp_path: Path, remembered_keys: None) -> Path:
    """A caseload of one patient with two scores, and an empty one beside it."""
    patient = Patient(code="A-1", name="Zoë Secret")
    course = Course(patient=patient.id, start=date(2026, 10, 1))
    days = (date(2026, 10, 1), date(2026, 10, 8))
    scores = [Assessment(patient=patient.id, course=course.id, date=day, total=19, entered=AT) for day in days]
    with closing(Caseload.create(tmp_path / "clinic.trdtrack", PASSPHRASE, who="test")) as caseload:
        caseload.edit(added(message("Add"), patient, course, *scores), at=AT)
    Caseload.create(tmp_path / "new.trdtrack", PASSPHRASE, who="test").close()
    return tmp_path / "clinic.trdtrack"


def test_out_and_in_again_in_processes_of_their_own(clinic: Path, tmp_path: Path) -> None:
    said = run("archive", "clinic.trdtrack", "--out", "all.json", folder=tmp_path).done
    assert said == (
        "Wrote all.json: 9 entries, the whole history included.\n"
        "It is not encrypted: whoever has the file can read it.\n"
    )
    assert stat.S_IMODE((tmp_path / "all.json").stat().st_mode) == 0o600
    said = run("import", "new.trdtrack", "all.json", folder=tmp_path).done
    assert said == "Imported 1 patient, 2 scores, 5 lines of history.\n"
    run("archive", "new.trdtrack", "--out", "again.json", folder=tmp_path)
    first, again = (json.loads((tmp_path / name).read_text("utf-8")) for name in ("all.json", "again.json"))
    # Each archive holds the line that says it was made, and so the second one line more.
    assert again["history"].pop()["kind"] == "export"
    for name in ("written", "checksum"):
        del first[name], again[name]
    assert first == again
    said = run("check", "new.trdtrack", "--rebuild", folder=tmp_path).done
    assert "whole" in said


def test_json_and_a_dry_run(clinic: Path, program: Program) -> None:
    assert program("archive", clinic, "--out", "all.json").done
    counted = {"patients": 1, "scores": 2, "skipped": 0, "problems": [], "notices": []}
    assert json.loads(program("import", "new.trdtrack", "all.json", "--dry-run", "--json").done) == counted
    assert json.loads(program("patients", "new.trdtrack", "--json").done)["patients"] == []
    said = program("import", "new.trdtrack", "all.json", "--dry-run").done
    assert said == "Would import 1 patient, 2 scores, 5 lines of history.\n"
    assert json.loads(program("import", "new.trdtrack", "all.json", "--json").done) == counted
    refused = program("import", "new.trdtrack", "all.json").refused
    assert refused == "This caseload is not empty: an archive is taken only into a new one."


def test_a_damaged_archive_is_refused_in_one_sentence(clinic: Path, program: Program, tmp_path: Path) -> None:
    assert program("archive", clinic, "--out", "all.json").done
    content = (tmp_path / "all.json").read_bytes()
    (tmp_path / "all.json").write_bytes(content.replace(b'"total":19', b'"total":18', 1))
    assert "its checksum does not fit" in program("import", "new.trdtrack", "all.json").refused
    (tmp_path / "all.json").write_bytes(content[:-200])
    assert program("import", "new.trdtrack", "all.json").refused == "all.json is not a whole TRDTrack archive."


def test_the_archive_is_never_written_over_the_caseload(clinic: Path, program: Program) -> None:
    before = clinic.read_bytes()
    assert "is the caseload itself" in program("archive", clinic, "--replace", "--out", clinic).refused
    assert clinic.read_bytes() == before
    assert "There is no folder" in program("archive", clinic, "--out", "none/all.json").refused
    assert program("archive", clinic).misused


def test_fhir_is_imported_like_any_other_file(clinic: Path, program: Program, tmp_path: Path) -> None:
    (tmp_path / "phq9.json").write_text(response(1))
    counted = json.loads(program("import", clinic, "phq9.json", "--json", "--dry-run").done)
    assert (counted["patients"], counted["scores"], counted["problems"]) == (0, 1, [])
    assert program("import", clinic, "phq9.json").done == "Imported 0 patients, 1 score.\n"
    assert "nothing new" in program("import", clinic, "phq9.json").err
    assert program("import", "new.trdtrack", "phq9.json", "--unknown", "skip").code == 1
    assert program("check", clinic).done
    (tmp_path / "phq9.json").write_text(response(5))
    said = program("import", "new.trdtrack", "phq9.json")
    assert said.code == 1
    assert said.out == "line 1, item 9: 5 is not an answer: they are 0, 1, 2 or 3.\n"


@pytest.mark.parametrize("content", ['{"resourceType": "Patient"}', '{"a": 1}', "[]", '{"format": "x"}', "{"])
def test_other_json_is_refused(content: str, clinic: Path, program: Program, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(content)
    assert program("import", clinic, "other.json").refused.startswith("other.json ")
