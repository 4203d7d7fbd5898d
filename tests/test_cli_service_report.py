"""The service report from the command line: written whole, noted in the history, refused where it would tell."""

from __future__ import annotations

import io
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
from command_line import PASSPHRASE, TODAY, Program
from pypdf import PdfReader

from trdtrack.caseload import Caseload
from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.history import describe
from trdtrack.domain.records import Modality
from trdtrack.generate import generate
from trdtrack.outcomes import outcomes
from trdtrack.words import say

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 20, 12).astimezone()


@pytest.fixture(scope="module")
def closed_bytes(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> bytes:
    path = tmp_path_factory.mktemp("closed") / "closed.trdtrack"
    generate(path, PASSPHRASE, patients=60, seed=3, at=AT, tick=lambda _done, _of: None).close()
    return path.read_bytes()


@pytest.fixture
def closed(tmp_path: Path, closed_bytes: bytes) -> Path:
    path = tmp_path / "closed.trdtrack"
    path.write_bytes(closed_bytes)
    return path


def reckoned(path: Path, **choice: object) -> object:
    with closing(Caseload.open(path, PASSPHRASE, who="test")) as caseload:
        return outcomes(caseload, Choice(**choice), today=TODAY)  # type: ignore[arg-type]


def test_as_pdf_it_is_written_and_noted(program: Program, closed: Path, tmp_path: Path) -> None:
    assert program("service-report", closed, "--out", "r.pdf", today=TODAY).done == "Wrote r.pdf.\n"
    pages = PdfReader(io.BytesIO((tmp_path / "r.pdf").read_bytes())).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    found = reckoned(closed)
    assert f"closed, with a baseline of 10 or more {found.all.n} 100%" in text  # type: ignore[attr-defined]
    assert "SYN-" not in text
    with closing(Caseload.open(closed, PASSPHRASE, who="test")) as caseload:
        assert caseload.check() == ()
        [line] = [line for line in caseload.history() if line.kind == "export"]
    assert say(describe(line)) == "Service report -> r.pdf"


def test_as_a_workbook_of_some_of_the_courses(program: Program, closed: Path, tmp_path: Path) -> None:
    words = ("--out", "r.xlsx", "--format", "xlsx", "--modality", "CBT")
    assert program("service-report", closed, *words, today=TODAY).done
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    found = reckoned(closed, modality=Modality.CBT)
    assert book["The courses"]["B2"].value == found.all.n  # type: ignore[attr-defined]
    assert ("Modality", "CBT") in list(book["About"].iter_rows(values_only=True))


def test_it_is_refused_where_it_would_tell_about_single_people(program: Program, tmp_path: Path) -> None:
    assert program("new", "empty.trdtrack").done
    said = program("service-report", "empty.trdtrack", "--out", "r.pdf", today=TODAY).refused
    assert "a report would tell about single people." in said
    assert not (tmp_path / "r.pdf").exists()


def test_what_cannot_be_chosen_is_refused_and_nothing_written(program: Program, closed: Path, tmp_path: Path) -> None:
    said = program("service-report", closed, "--out", "r.pdf", "--modality", "hypnosis", today=TODAY).refused
    assert said.startswith("hypnosis is not known here")
    assert not (tmp_path / "r.pdf").exists()


def test_a_file_that_is_there_is_not_replaced_without_a_word(program: Program, closed: Path, tmp_path: Path) -> None:
    (tmp_path / "r.pdf").write_text("mine")
    assert "is there already" in program("service-report", closed, "--out", "r.pdf", today=TODAY).refused
    assert (tmp_path / "r.pdf").read_text() == "mine"
    assert "itself" in program("service-report", closed, "--out", closed, "--replace", today=TODAY).refused
