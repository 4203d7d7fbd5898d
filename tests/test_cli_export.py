"""`trdtrack export`: one patient, several or all, as everything that can leave; nothing replaced, everything noted."""

from __future__ import annotations

import io
import json
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

import openpyxl
import pytest
from command_line import PASSPHRASE, Program, run
from docx import Document
from pypdf import PdfReader

from trdtrack.caseload import Caseload
from trdtrack.demo import make_demo
from trdtrack.domain.history import describe
from trdtrack.domain.records import Letter
from trdtrack.exports import EXPORTS
from trdtrack.words import say

if TYPE_CHECKING:
    from pathlib import Path

    from trdtrack.domain.history import Line

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, 30).astimezone()
ONE = ("--patient", "DEMO-003")
MAGIC = {".pdf": b"%PDF-", ".docx": b"PK", ".xlsx": b"PK", ".zip": b"PK", ".csv": b"patient,", ".json": b"{"}


@pytest.fixture(scope="module")
def demo_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    caseload = make_demo(at=AT, folder=tmp_path_factory.mktemp("demo"))
    caseload.close()
    return caseload.path.read_bytes()


@pytest.fixture
def clinic(tmp_path: Path, demo_bytes: bytes) -> Path:
    path = tmp_path / "clinic.trdtrack"
    path.write_bytes(demo_bytes)
    return path


@pytest.fixture
def out(program: Program, clinic: Path, qapp: object) -> object:
    def export(*words: object, today: date = TODAY) -> str:
        return program("export", clinic, *words, passphrase="demo", today=today).done

    return export


def exported(clinic: Path) -> list[Line]:
    with closing(Caseload.open(clinic, "demo", who="test")) as caseload:
        assert caseload.check() == ()
        return [line for line in caseload.history() if line.kind == "export"]


@pytest.mark.parametrize("key", EXPORTS)
def test_one_patient_as_each_of_them(out, clinic: Path, tmp_path: Path, key: str) -> None:
    export = EXPORTS[key]
    name = f"x{export.suffix}"
    assert out(*ONE, "--format", key, "--out", name) == f"Wrote {name}.\n"
    content = (tmp_path / name).read_bytes()
    assert content.startswith(MAGIC[export.suffix])
    if export.printed:
        assert len(PdfReader(io.BytesIO(content)).pages) >= 1
    [line] = exported(clinic)
    assert say(describe(line)) == f"{say(export.name)} -> {name}"


@pytest.mark.parametrize("key", EXPORTS)
def test_all_patients_as_each_of_them(out, clinic: Path, tmp_path: Path, key: str) -> None:
    export = EXPORTS[key]
    each = export.together is None and key != "json"
    said = out("--all", "--format", key, "--out", "out")
    with closing(Caseload.open(clinic, "demo", who="test")) as caseload:
        people = caseload.patients()
        with_course = [p for p in people if caseload.current_course(p.id)]
    target = tmp_path / "out"
    if each:
        written = list(target.iterdir())
        assert all(path.read_bytes().startswith(MAGIC[export.suffix]) for path in written)
        first, *left_out = said.splitlines()
        assert first == f"Wrote out: {len(written)} files."
        # A sheet of what to expect needs an expected course.
        few = key == "expectation"
        assert (
            (len(written) < len(with_course))
            if few
            else len(written) == len(with_course if export.needs_course else people)
        )
        missing = {p.code for p in people} - {path.name.partition("-2026")[0] for path in written}
        assert {code for line in left_out for code in line[len("Left out: ") : line.index(" (")].split(", ")} == missing
    else:
        assert target.read_bytes().startswith(MAGIC[export.suffix])
    assert len(exported(clinic)) == 1


def test_all_as_json_is_the_archive(out, clinic: Path, program: Program) -> None:
    assert "the whole history included" in out("--all", "--format", "json", "--out", "all.json")
    assert program("new", "copy.trdtrack").done
    assert program("import", "copy.trdtrack", "all.json").done
    with (
        closing(Caseload.open(clinic, "demo", who="test")) as first,
        closing(Caseload.open(clinic.with_name("copy.trdtrack"), PASSPHRASE, who="test")) as second,
    ):
        assert first.history() == second.history()
        assert say(describe(first.history()[0])).startswith("Archive of everything -> ")


def test_the_numbers_are_those_of_the_summary(out, program: Program, clinic: Path, tmp_path: Path) -> None:
    summary = json.loads(program("summary", clinic, *ONE, "--json", passphrase="demo", today=TODAY).done)
    for key in ("pdf", "own", "letter", "docx", "csv", "xlsx", "json", "fhir"):
        out(*ONE, "--format", key, "--out", f"{key}{EXPORTS[key].suffix}")
    texts = {
        key: " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / f"{key}.pdf").pages).split())
        for key in ("pdf", "own", "letter")
    }
    texts["docx"] = " ".join(p.text for p in Document(str(tmp_path / "docx.docx")).paragraphs)
    for text in texts.values():
        assert str(summary["baseline"]) in text
        assert str(summary["latest"]) in text
        assert str(abs(summary["change"])) in text
    totals = [score["total"] for score in summary["scores"]]
    csv = [line.split(",") for line in (tmp_path / "csv.csv").read_text("utf-8-sig").splitlines()]
    column = csv[0].index("total")
    assert [int(row[column]) for row in csv[1:]] == totals
    bundle = json.loads((tmp_path / "fhir.json").read_text("utf-8"))
    resources = [entry["resource"] for entry in bundle["entry"]]
    values = [r["valueQuantity"]["value"] for r in resources if r["resourceType"] == "Observation"]
    assert sorted(values) == sorted(totals)
    record = json.loads((tmp_path / "json.json").read_text("utf-8"))
    assert [score["total"] for score in record["summaries"][-1]["scores"]] == totals
    book = openpyxl.load_workbook(tmp_path / "xlsx.xlsx")
    cells = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {summary["baseline"], summary["latest"], summary["change"]} <= cells


def test_a_letter_is_kept_as_it_was_sent(out, clinic: Path, tmp_path: Path) -> None:
    out(*ONE, "--format", "docx", "--to", "prescriber", "--out", "letter.docx")
    with closing(Caseload.open(clinic, "demo", who="test")) as caseload:
        [letter] = [r for r in caseload.records("letter") if isinstance(r, Letter) and r.date == TODAY]
    text = "\n\n".join(p.text for p in Document(str(tmp_path / "letter.docx")).paragraphs)
    assert all(paragraph in text for paragraph in letter.text.split("\n\n"))
    assert letter.sent is not None
    assert not letter.risk
    assert letter.to.name == "PRESCRIBER"


def test_paper_and_names(out, tmp_path: Path) -> None:
    out("--all", "--format", "supervision", "--de-identified", "--paper", "letter", "--out", "s.pdf")
    pages = PdfReader(tmp_path / "s.pdf").pages
    assert (pages[0].mediabox.width, pages[0].mediabox.height) == (612, 792)
    assert "DEMO-" not in "".join(page.extract_text() for page in pages)
    out(*ONE, "--format", "pdf", "--no-names", "--out", "n.pdf")
    out(*ONE, "--format", "pdf", "--out", "named.pdf")
    named, nameless = (PdfReader(tmp_path / name).pages[0].extract_text() for name in ("named.pdf", "n.pdf"))
    with closing(Caseload.open(tmp_path / "clinic.trdtrack", "demo", who="test")) as caseload:
        name = caseload.patient_by_code("DEMO-003").name
    assert name in named
    assert name not in nameless


def test_nothing_that_is_there_is_replaced_unasked(out, program: Program, clinic: Path, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("mine")
    words = ("export", clinic, *ONE, "--format", "csv", "--out", "x.csv")
    said = program(*words, passphrase="demo")
    assert said.refused == "x.csv is there already: choose another name."
    assert (tmp_path / "x.csv").read_text() == "mine"
    for command in (("archive", clinic), ("blank", clinic, *ONE)):
        assert "is there already" in program(*command, "--out", "x.csv", passphrase="demo").refused
    assert exported(clinic) == []
    assert program(*words, "--replace", passphrase="demo").done
    assert (tmp_path / "x.csv").read_text("utf-8-sig").startswith("patient,")
    own = program("export", clinic, *ONE, "--format", "csv", "--replace", "--out", clinic, passphrase="demo")
    assert own.refused == "clinic.trdtrack is the caseload itself: choose another name."


def test_blank_forms_and_archives_are_noted_too(program: Program, clinic: Path) -> None:
    assert program("blank", clinic, *ONE, "--out", "b.pdf", passphrase="demo").done
    assert program("archive", clinic, "--out", "a.json", passphrase="demo").done
    said = [say(describe(line)) for line in exported(clinic)]
    assert said == ["Archive of everything -> a.json", "Blank PHQ-9 -> b.pdf"]


def test_an_export_that_cannot_be_written_is_not_noted(program: Program, clinic: Path) -> None:
    said = program("export", clinic, *ONE, "--format", "csv", "--out", "none/x.csv", passphrase="demo")
    assert said.refused == "There is no folder none."
    assert exported(clinic) == []


def test_no_patient_no_export(program: Program) -> None:
    assert program("new", "n.trdtrack").done
    said = program("export", "n.trdtrack", "--all", "--format", "csv", "--out", "x.csv")
    assert said.refused == "There is no patient in this caseload yet."


def test_as_a_process_of_its_own(clinic: Path, tmp_path: Path) -> None:
    for key in ("pdf", "supervision", "letter"):
        name = f"{key}.pdf"
        said = run("export", clinic, *ONE, "--format", key, "--out", name, folder=tmp_path, passphrase="demo")
        assert said.done == f"Wrote {name}.\n"
