"""`trdtrack backup`, `restore` and `check` on backups: what is made and said, and what is refused in one sentence."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import PASSPHRASE

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Patient

if TYPE_CHECKING:
    from command_line import Program

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
SCORES = "patient,date,total\nP-1,2026-01-05,19\nP-1,2026-02-05,14\n"


@pytest.fixture
def clinic(program: Program, tmp_path: Path) -> Path:
    """A caseload with two scores, made and filled by the commands."""
    program("new", "clinic.trdtrack").done  # noqa: B018
    (tmp_path / "scores.csv").write_text(SCORES)
    program("import", "clinic.trdtrack", "scores.csv").done  # noqa: B018
    return tmp_path / "clinic.trdtrack"


def add(path: Path, code: str) -> None:
    with closing(Caseload.open(path, PASSPHRASE, who="x")) as caseload:
        caseload.edit(added(message("Add"), Patient(code=code)), at=AT)


def made(said: str) -> Path:
    return Path(said.removeprefix("Made ").partition(" and checked it: ")[0])


def test_an_import_is_backed_up_before_and_a_dry_run_is_not(program: Program, clinic: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clinic-backups"
    [before] = folder.iterdir()
    assert before.name.endswith("-before-import.trdtrack")
    program("import", clinic, "scores.csv", "--dry-run")
    assert list(folder.iterdir()) == [before]
    listed = program("backup", clinic, "--list").done
    assert listed.count("\n") == 1
    assert "before an import  0 patients, 0 sessions, 0 scores" in listed


def test_a_backup_is_made_listed_checked_and_restored(program: Program, clinic: Path, tmp_path: Path) -> None:
    said = program("backup", clinic).done
    assert said.endswith("and checked it: 1 patient, 0 sessions, 2 scores.\n")
    backup = made(said)
    assert backup.parent == tmp_path / "clinic-backups"
    before = backup.read_bytes()
    assert "is whole" in program("check", backup).done
    add(clinic, "P-2")
    preview = program("restore", clinic, "--from", backup, "--preview").done
    assert preview == (
        "The backup holds 1 patient, 0 sessions, 2 scores.\n"
        "Restoring it would\n  Patient: bring back 0, take away 1, change 0\nof P-2.\n"
    )
    said = program("restore", clinic, "--from", backup).done
    assert "What it replaced is kept: " in said
    assert "-before-restore.trdtrack" in said
    assert "P-2" not in program("patients", clinic).done
    assert "is whole" in program("check", clinic).done
    assert "Nothing differs" in program("restore", clinic, "--from", backup, "--preview").done
    assert backup.read_bytes() == before
    assert len(list(backup.parent.iterdir())) == 3


def test_a_backup_goes_where_it_is_told_and_comes_back_as_a_new_file(
    program: Program, clinic: Path, tmp_path: Path
) -> None:
    backup = made(program("backup", clinic, "--to", tmp_path / "stick").done)
    assert backup.parent == tmp_path / "stick"
    assert "Made" in program("restore", clinic, "--from", backup, "--out", "copy.trdtrack").done
    assert program("patients", "copy.trdtrack").done == program("patients", clinic).done
    again = program("restore", clinic, "--from", backup, "--out", "copy.trdtrack").refused
    assert "already exists" in again
    (tmp_path / "file").write_text("x")
    assert "cannot be made" in program("backup", clinic, "--to", tmp_path / "file" / "in").refused


@pytest.mark.parametrize("damage", ["gone", "empty", "zeros", "cut"])
def test_a_file_that_does_not_open_any_more_comes_back(program: Program, clinic: Path, damage: str) -> None:
    backup = made(program("backup", clinic).done)
    whole = program("patients", clinic).done
    raw = clinic.read_bytes()
    if damage == "gone":
        clinic.unlink()
    else:
        clinic.write_bytes({"empty": b"", "zeros": bytes(len(raw)), "cut": raw[:5000]}[damage])
    broken = clinic.read_bytes() if clinic.exists() else None
    program("patients", clinic).refused  # noqa: B018
    assert "does not open" in program("restore", clinic, "--from", backup, passphrase="wrong").refused
    assert (clinic.read_bytes() if clinic.exists() else None) == broken
    program("restore", clinic, "--from", backup).done  # noqa: B018
    assert program("patients", clinic).done == whole
    aside = list(backup.parent.glob("*.damaged-*"))
    assert [p.read_bytes() for p in aside] == ([] if broken is None else [broken])


def test_what_cannot_be_restored_is_refused_and_changes_nothing(program: Program, clinic: Path, tmp_path: Path) -> None:
    backup = made(program("backup", clinic).done)
    before = clinic.read_bytes()
    program("new", "other.trdtrack").done  # noqa: B018
    broken = tmp_path / "broken.trdtrack"
    raw = bytearray(backup.read_bytes())
    raw[9000] ^= 1
    broken.write_bytes(raw)
    for given, why in (
        ("other.trdtrack", "never had"),
        ("none.trdtrack", "There is no file"),
        (broken, "cannot be restored"),
        (clinic, "the caseload itself"),
        ("scores.csv", "not a complete TRDTrack caseload"),
    ):
        assert why in program("restore", clinic, "--from", given).refused
        assert clinic.read_bytes() == before
    assert "does not open" in program("restore", clinic, "--from", backup, passphrase="wrong").refused
    assert clinic.read_bytes() == before
    with closing(Caseload.open(clinic, PASSPHRASE, who="x")):
        assert "Another program is using" in program("restore", clinic, "--from", backup).refused
    program("restore", clinic, "--from", backup, "--out", "x.trdtrack", "--preview").misused  # noqa: B018
