"""`trdtrack passphrase` and `trdtrack recovery`: another key by command, and the sheet that opens the file."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import PASSPHRASE, run
from pypdf import PdfReader

from trdtrack.commands import opening

if TYPE_CHECKING:
    from command_line import Program

NEW = "vier nasse Krokusse ❄"


@pytest.fixture
def clinic(program: Program) -> Path:
    program("new", "clinic.trdtrack").done  # noqa: B018 - it refuses where something was said
    return Path("clinic.trdtrack")


def key_on(sheet: Path) -> str:
    found = PdfReader(io.BytesIO(sheet.read_bytes())).pages[0].extract_text()
    return " ".join(found.partition("Recovery key\n")[2].partition("To open")[0].split()[1::2])


def test_the_sheet_opens_the_file_until_the_passphrase_is_changed(
    program: Program, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = program("recovery", clinic, "--out", "sheet.pdf").done
    assert said.startswith("Wrote sheet.pdf. Print it, put it into a sealed envelope, and delete the file")
    assert Path("sheet.pdf").stat().st_mode & 0o777 == 0o600
    key = key_on(Path("sheet.pdf"))
    assert "is whole" in program("check", clinic, passphrase=key).done
    monkeypatch.setenv(opening.NEW_PASSPHRASE, NEW)
    # Whoever forgot the passphrase changes it with the sheet.
    said = program("passphrase", clinic, passphrase=key).done
    assert said.startswith("The passphrase of clinic.trdtrack is changed.")
    for secret in (key, PASSPHRASE):
        assert "does not open clinic.trdtrack" in program("check", clinic, passphrase=secret).refused
    assert "is whole" in program("check", clinic, passphrase=NEW).done
    assert "is there already" in program("recovery", clinic, "--out", "sheet.pdf", passphrase=NEW).refused
    program("recovery", clinic, "--out", "sheet.pdf", "--replace", "--paper", "letter", passphrase=NEW).done  # noqa: B018
    assert key_on(Path("sheet.pdf")) != key
    assert program("patients", clinic, passphrase=key_on(Path("sheet.pdf"))).code == 0


def test_the_new_passphrase_from_a_file(program: Program, clinic: Path) -> None:
    Path("new.txt").write_text(f"{NEW}\n", encoding="utf-8-sig")
    program("passphrase", clinic, "--new-passphrase-file", "new.txt").done  # noqa: B018
    assert program("patients", clinic, passphrase=NEW).code == 0


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        (None, "No passphrase: set TRDTRACK_NEW_PASSPHRASE or give --new-passphrase-file."),
        ("", "The passphrase is empty."),
        ("p" * 1001, "A passphrase has at most 1000 characters."),
    ],
)
def test_a_new_passphrase_that_cannot_be_changes_nothing(
    program: Program, clinic: Path, monkeypatch: pytest.MonkeyPatch, new: str | None, sentence: str
) -> None:
    before = clinic.read_bytes()
    if new is not None:
        monkeypatch.setenv(opening.NEW_PASSPHRASE, new)
    assert program("passphrase", clinic).refused == sentence
    assert clinic.read_bytes() == before


def test_a_slip_in_the_key_is_named_and_a_wrong_one_takes_a_second(program: Program, clinic: Path) -> None:
    program("recovery", clinic, "--out", "sheet.pdf").done  # noqa: B018
    key = key_on(Path("sheet.pdf"))
    spoilt = key[:24] + ("Z" if key[24] != "Z" else "Y") + key[25:]
    start = time.monotonic()
    assert program("patients", clinic, passphrase=spoilt).refused == (
        "A letter is wrong in group 5 of the recovery key."
    )
    assert time.monotonic() - start < opening.AFTER_WRONG_S
    start = time.monotonic()
    assert "does not open" in program("patients", clinic, passphrase="wrong").refused
    assert time.monotonic() - start >= opening.AFTER_WRONG_S


def test_the_sheet_never_goes_over_the_caseload(program: Program, clinic: Path) -> None:
    before = clinic.read_bytes()
    assert "is the caseload itself" in program("recovery", clinic, "--out", clinic, "--replace").refused
    assert clinic.read_bytes() == before


def test_no_secret_stands_in_what_is_printed(clinic: Path, tmp_path: Path) -> None:
    """As processes of their own, with nothing but their variables."""
    said = run("passphrase", clinic, folder=tmp_path, variables={opening.NEW_PASSPHRASE: NEW})
    assert NEW not in said.done
    sheet = run("recovery", clinic, "--out", "s.pdf", folder=tmp_path, passphrase=NEW).done
    assert key_on(tmp_path / "s.pdf").split()[0] not in sheet
    assert [p.name for p in tmp_path.glob("*.trdtrack*")] == [clinic.name]
