"""`trdtrack blank`: a page for each patient asked for, and what is refused."""

from __future__ import annotations

import functools
from contextlib import closing
from datetime import date, datetime

import pytest
from command_line import PASSPHRASE, TODAY, run
from pypdf import PdfReader

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Course, Patient
from trdtrack.storage import cipher

AT = datetime(2026, 11, 20, 9, 30).astimezone()
BEGUN = date(2026, 9, 1)


@pytest.fixture
def clinic(tmp_path, monkeypatch):
    """A caseload file: two with an open course, one ended, one no longer in care, one without a course."""
    monkeypatch.setattr(cipher, "derive_key", functools.lru_cache(cipher.derive_key))
    path = tmp_path / "clinic.trdtrack"
    people = {code: Patient(code=code, name=f"Name of {code}") for code in ("P-10", "P-9", "E-1", "N-1")}
    closed = Patient(code="C-1", closed=date(2026, 11, 1))
    courses = [Course(patient=people[code].id, start=BEGUN) for code in ("P-10", "P-9")]
    courses += [Course(patient=people["E-1"].id, start=BEGUN, end=TODAY), Course(patient=closed.id, start=BEGUN)]
    with closing(Caseload.create(path, PASSPHRASE, who="test")) as caseload:
        caseload.edit(added(message("Add"), *people.values(), closed, *courses), at=AT)
    return path


def pages(path) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(path).pages]


def test_patients_by_code_in_the_order_given(clinic, program, tmp_path):
    said = program("blank", clinic, "--patient", "P-10", "--patient", "N-1", "--out", "b.pdf")
    assert said.done == "Wrote b.pdf: 2 pages.\n"
    first, second = pages(tmp_path / "b.pdf")
    assert "Patient P-10" in first
    assert "Patient N-1" in second
    assert "Name of" not in first + second


def test_every_open_course_by_code_with_names_on_letter_paper(clinic, program, tmp_path):
    program("blank", clinic, "--all-open", "--names", "--paper", "letter", "--out", "b.pdf").done  # noqa: B018
    found = pages(tmp_path / "b.pdf")
    assert ["Patient P-9 Name of P-9" in found[0], "Patient P-10 Name of P-10" in found[1]] == [True, True]
    assert len(found) == 2
    assert round(PdfReader(tmp_path / "b.pdf").pages[0].mediabox.width) == 612


def test_it_needs_no_display(clinic, tmp_path):
    assert run("blank", clinic, "--patient", "P-9", "--out", "b.pdf", folder=tmp_path).done
    assert len(pages(tmp_path / "b.pdf")) == 1


def test_an_unknown_code_writes_nothing(clinic, program, tmp_path):
    said = program("blank", clinic, "--patient", "P-9", "--patient", "X", "--out", "b.pdf")
    assert said.refused == "There is no patient with the code X."
    assert not (tmp_path / "b.pdf").exists()


def test_nobody_in_care_is_refused(program, tmp_path):
    program("new", "n.trdtrack")
    said = program("blank", "n.trdtrack", "--all-open", "--out", "b.pdf")
    assert said.refused == "There is no patient to print a PHQ-9 for."
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.parametrize("words", ["", "--patient P-9 --all-open --out b.pdf", "--patient P-9", "--out b.pdf"])
def test_wrong_usage(program, words):
    assert "error: " in program("blank", "f.trdtrack", *words.split()).misused
