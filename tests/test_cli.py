"""Every command, through a real process without a display, a variable or an input; details in this process."""

from __future__ import annotations

import getpass
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from command_line import PASSPHRASE, TODAY, TRDTRACK, Program, Said, environment, run
from PySide6.QtGui import QImage

from trdtrack import __version__, cli
from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.exchange import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parent / "exchange" / "data" / "scores_long.csv"
EXPECTED_KEYS = ["week", "usual_care", "psychotherapy", "sd", "low50", "high50", "low80", "high80"]
SUMMARY_KEYS = [
    *("patient", "baseline", "baseline_date", "latest", "latest_date", "weeks", "change", "percent_change"),
    *("reliable", "meaningful_21", "meaningful_32", "response", "remission", "recovery", "severity", "signal"),
    *("sentence", "benchmark", "benchmark_version", "end", "end_reason", "outcome", "since_end"),
    *("trd_criterion", "medication", "scores"),
]
# clinical.md §4, B = 19.
WEEKS = (4, 8, 12, 16, 26)
E_U = (17.52, 16.97, 16.63, 16.39, 15.96)
E_P = (16.31, 15.33, 14.71, 14.26, 13.49)
BAND_80 = ((9.8, 22.8), (8.1, 22.6), (7.0, 22.4), (6.2, 22.3), (5.0, 22.0))
COMMANDS = (
    *("demo", "generate", "new", "import", "patients", "summary", "export", "expected", "screens", "check", "selftest"),
    *("blank", "service-report"),
)
SCORES = """\
patient,date,total
Zoë 1,2026-09-02,19
Zoë 1,2026-09-16,18
Zoë 1,2026-09-30,19
Zoë 1,2026-10-07,17
Zoë 1,2026-10-14,16
Zoë 1,2026-10-21,15
Zoë 1,2026-10-28,15
Zoë 1,2026-11-11,13
Zoë 1,2026-11-18,12
P-10,2026-11-01,0
P-10,2026-11-15,3
P-9,2026-11-18,9
"""
AT = datetime(2026, 11, 20, 9, 30).astimezone()
ANSWERS = (2, 3, 3, 2, 1, 3, 2, 0, 1)


def _records() -> list[Patient | Course | Session | Assessment]:
    """Courses that no import makes: one with answers, one without a baseline, one without a score; none at all."""
    answered, late, bare = Patient(code="A-1"), Patient(code="A-2"), Patient(code="A-3")
    courses = [
        Course(patient=answered.id, start=date(2026, 10, 1)),
        Course(patient=late.id, start=date(2026, 6, 1)),
        Course(patient=bare.id),
    ]
    asked = {"patient": answered.id, "course": courses[0].id, "entered": AT}
    return [
        *(answered, late, bare, Patient(code="A-4")),
        *courses,
        Assessment(**asked, date=date(2026, 10, 1), answers=ANSWERS, difficulty=2),
        Assessment(**asked, date=date(2026, 10, 15), answers=(*ANSWERS[:8], None)),
        Assessment(**asked, date=date(2026, 10, 29), answers=(1, None, None, None, 1, 1, 1, 1, 2)),
        Assessment(patient=late.id, course=courses[1].id, date=date(2026, 11, 10), total=14, entered=AT),
    ]


@pytest.fixture(scope="module")
def clinic_bytes(tmp_path_factory: pytest.TempPathFactory, remembered_keys: None) -> bytes:
    folder = tmp_path_factory.mktemp("clinic")
    path = folder / "clinic.trdtrack"
    (folder / "scores.csv").write_text(SCORES, encoding="utf-8")
    with closing(Caseload.create(path, PASSPHRASE, who="test")) as caseload:
        caseload.edit(added(message("Add"), *_records()), at=AT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cli.PASSPHRASE, PASSPHRASE)
        assert cli.main(["import", str(path), str(folder / "scores.csv")], today=TODAY) == 0
    return path.read_bytes()


@pytest.fixture
def clinic(tmp_path: Path, clinic_bytes: bytes) -> Path:
    """A caseload file of this test's own, closed."""
    path = tmp_path / "clinic.trdtrack"
    path.write_bytes(clinic_bytes)
    return path


# The expected course


@pytest.mark.parametrize("way", ["process", "here"])
def test_the_worked_values_of_the_clinical_rules(program: Program, tmp_path: Path, way: str) -> None:
    words = ("expected", "--baseline", 19, "--weeks", "4,8,12,16,26", "--json")
    said = run(*words, folder=tmp_path, passphrase=None) if way == "process" else program(*words)
    found = json.loads(said.done)
    assert list(found) == ["baseline", "rows"]
    assert found["baseline"] == 19
    assert [list(row) for row in found["rows"]] == [EXPECTED_KEYS] * 5
    assert [row["week"] for row in found["rows"]] == list(WEEKS)
    assert tuple(round(row["usual_care"], 2) for row in found["rows"]) == E_U
    assert tuple(round(row["psychotherapy"], 2) for row in found["rows"]) == E_P
    assert tuple((round(row["low80"], 1), round(row["high80"], 1)) for row in found["rows"]) == BAND_80
    assert round(found["rows"][-1]["sd"], 2) == 6.65


def test_the_expected_course_for_a_person_holds_the_same_values(program: Program) -> None:
    lines = program("expected", "--baseline", 19).done.splitlines()
    rows = [line.split() for line in lines[2:7]]
    assert [(int(week), float(usual), float(added)) for week, usual, added, *_ in rows] == list(
        zip(WEEKS, E_U, E_P, strict=True)
    )
    assert "they do not predict one person" in lines[-1]


@pytest.mark.parametrize(("weeks", "found"), [("1.5", [1.5]), ("0,0.5,4.25,60", [0, 0.5, 4.25, 60]), ("8,4", [8, 4])])
def test_weeks_may_be_fractions_and_in_any_order(program: Program, weeks: str, found: list[float]) -> None:
    rows = json.loads(program("expected", "--baseline", 27, "--weeks", weeks, "--json").done)["rows"]
    assert [row["week"] for row in rows] == found
    assert all(0 <= row["low80"] <= row["low50"] <= row["psychotherapy"] <= row["high50"] <= 27 for row in rows)


@pytest.mark.parametrize(
    ("baseline", "weeks", "sentence"),
    [
        ("9", "4", "There is no expected course for a baseline below 10."),
        ("0", "4", "There is no expected course for a baseline below 10."),
        ("28", "4", "A baseline is a PHQ-9 total from 0 to 27."),
        ("-1", "4", "A baseline is a PHQ-9 total from 0 to 27."),
        ("9" * 400, "4", "A baseline is a PHQ-9 total from 0 to 27."),
        ("19", "-1", "Weeks are counted from 0 upwards."),
        ("19", "4,-0.1", "Weeks are counted from 0 upwards."),
        ("19", "nan", "Weeks are counted from 0 upwards."),
        ("19", "inf", "Weeks are counted from 0 upwards."),
        ("19", "1e999", "Weeks are counted from 0 upwards."),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_no_expected_course(program: Program, baseline: str, weeks: str, sentence: str, form: tuple[str, ...]) -> None:
    said = program("expected", "--baseline", baseline, f"--weeks={weeks}", *form)
    assert (said.refused, said.out) == (sentence, "")


# A caseload, from nothing to a report, each command a process of its own


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Said]:
    folder = tmp_path_factory.mktemp("journey")
    (folder / "secret").write_text(PASSPHRASE + "\n", encoding="utf-8")
    (folder / "own.csv").write_text(SCORES.replace("patient,date,total", "who;when;points").replace(",", ";"))
    file = ("j.trdtrack",)
    one = ("--patient", "DEMO-001")
    return {
        "folder": Said(0, str(folder), ""),
        "new": run("new", *file, folder=folder),
        "dry": run("import", *file, DATA, "--dry-run", folder=folder),
        "before": run("patients", *file, "--json", folder=folder),
        "import": run("import", *file, DATA, "--json", folder=folder),
        "columns": run("import", *file, "own.csv", "--columns", "patient=who,date=when,total=points", folder=folder),
        "patients": run("patients", *file, "--json", folder=folder),
        "list": run("patients", *file, "--passphrase-file", "secret", folder=folder, passphrase=None),
        "summary": run("summary", *file, *one, "--json", folder=folder),
        "pdf": run("export", *file, *one, "--format", "pdf", "--out", "one.pdf", folder=folder),
        "csv": run("export", *file, *one, "--format", "csv", "--out", "one.csv", folder=folder),
        "check": run("check", *file, folder=folder, stdin=None, preexec_fn=_close_input),
    }


def _close_input() -> None:
    os.close(0)


def test_new_import_and_patients(journey: dict[str, Said]) -> None:
    folder = Path(journey["folder"].out)
    assert "j.trdtrack" in journey["new"].done
    assert (folder / "j.trdtrack").stat().st_mode & 0o777 == 0o600
    assert journey["dry"].done == "Would import 43 patients, 563 scores.\n"
    assert json.loads(journey["before"].done) == {"patients": []}
    assert json.loads(journey["import"].done) == {
        "patients": 43,
        "scores": 563,
        "skipped": 0,
        "problems": [],
        "notices": [],
    }
    assert journey["columns"].done == "Imported 3 patients, 12 scores.\n"
    found = json.loads(journey["patients"].done)["patients"]
    assert [list(p) for p in found] == [["code", "scores", "baseline", "latest", "signal"]] * 46
    assert [p["code"] for p in found] == [f"DEMO-{n:03}" for n in range(1, 44)] + ["P-9", "P-10", "Zoë 1"]
    assert sum(p["scores"] for p in found) == 575
    assert found[0] == {"code": "DEMO-001", "scores": 15, "baseline": 14, "latest": 3, "signal": "no recent score"}
    lines = journey["list"].done.splitlines()
    assert len(lines) == 47
    assert lines[1].split() == ["DEMO-001", "15", "14", "3", "no", "recent", "score"]


def test_summary_export_and_check(journey: dict[str, Said]) -> None:
    folder = Path(journey["folder"].out)
    summary = json.loads(journey["summary"].done)
    assert list(summary) == SUMMARY_KEYS
    assert (summary["baseline"], summary["latest"], len(summary["scores"])) == (14, 3, 15)
    pdf = (folder / "one.pdf").read_bytes()
    assert journey["pdf"].done == "Wrote one.pdf.\n"
    assert pdf.startswith(b"%PDF-")
    assert b"DEMO-001" in pdf
    csv = (folder / "one.csv").read_text(encoding="utf-8-sig").splitlines()
    assert journey["csv"].done == "Wrote one.csv.\n"
    assert len(csv) == 16
    assert csv[1].startswith("DEMO-001,2024-01-19,0.00,14,")
    whole, head = journey["check"].done.splitlines()
    assert whole == "j.trdtrack is whole: pages, references, history and records agree."
    assert re.fullmatch(r"Chain head: \d+, [0-9a-f]{12}", head)
    assert sorted(p.name for p in folder.iterdir() if p.suffix) == ["j.trdtrack", "one.csv", "one.pdf", "own.csv"]


# Pictures and the demo


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, Said]]]:
    """Run `screens` (large and in high contrast) and `demo` once, side by side."""
    runs = {}
    asked = ("--theme", "light", "high-contrast", "--scale", "200")
    for command, words in (("screens", asked), ("demo", ())):
        folder = tmp_path_factory.mktemp(command)
        runs[command] = (
            folder / "out",
            subprocess.Popen(
                [*TRDTRACK, command, "--out", "out", *words],
                cwd=folder,
                env=environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            ),
        )
    found = {}
    for command, (out, process) in runs.items():
        said = process.communicate(timeout=240)
        found[command] = (out, Said(process.returncode, *said))
    return found


@pytest.mark.parametrize("command", ["screens", "demo"])
def test_every_page_is_pictured(pictures: dict[str, tuple[Path, Said]], command: str, qapp: object) -> None:
    out, said = pictures[command]
    named = [out.parent / line for line in said.done.splitlines() if line.endswith(".png")]
    root = out if command == "screens" else out / "screens"
    assert sorted(named) == sorted(root.rglob("*.png"))
    kinds = ("light-200", "high-contrast-200") if command == "screens" else ("light-100", "dark-100")
    assert {path.name for path in root.iterdir()} == set(kinds)
    pages = {path.stem for path in (root / kinds[0]).iterdir()}
    assert {"caseload", "patient-DEMO-003", "log", "evidence", "settings", "unlock"} <= pages
    assert {path.stem for path in (root / kinds[1]).iterdir()} == pages
    for path in named:
        image = QImage(str(path))
        size = (1024, 700) if command == "screens" else (1280, 820)
        assert (image.width(), image.height()) == size, path
        shades = {image.pixel(x, y) for x in range(0, size[0], 16) for y in range(0, size[1], 16)}
        assert len(shades) > 3, f"{path} is blank"
    light, dark = (QImage(str(root / kind / "caseload.png")).pixelColor(2, 2).lightness() for kind in kinds)
    assert light > 200
    assert dark < 60


def test_the_demo_writes_a_pdf_and_a_csv(pictures: dict[str, tuple[Path, Said]]) -> None:
    out, said = pictures["demo"]
    assert said.done.splitlines()[-1] == f"The demo's pictures, PDF and CSV are in {out.resolve()}."
    made = [
        *("DEMO-003-expectation.pdf", "DEMO-003-fhir.json", "DEMO-003-letter.pdf", "DEMO-003-own.pdf"),
        *("DEMO-003-record.pdf", "DEMO-003-research.zip", "DEMO-003-supervision.pdf", "DEMO-003-tables.zip"),
        *("DEMO-003.csv", "DEMO-003.docx", "DEMO-003.json", "DEMO-003.pdf", "DEMO-003.xlsx", "screens"),
    ]
    assert sorted(p.name for p in out.iterdir()) == made
    assert (out / "DEMO-003.pdf").read_bytes().startswith(b"%PDF-")
    assert (out / "DEMO-003.csv").read_text(encoding="utf-8-sig").count("DEMO-003,") == 11


@pytest.mark.parametrize("command", ["screens", "demo"])
def test_pictures_where_no_folder_can_be(program: Program, clinic: Path, command: str, qapp: object) -> None:
    assert program(command, "--out", "clinic.trdtrack").refused == "The folder clinic.trdtrack cannot be made."
    assert "cannot be made" in program(command, "--out", "clinic.trdtrack/below").refused


# Summaries


def summary_of(program: Program, code: str) -> dict[str, object]:
    found = json.loads(program("summary", "clinic.trdtrack", "--patient", code, "--json").done)
    assert list(found) == SUMMARY_KEYS
    return found


def test_a_summary_says_where_things_stand(program: Program, clinic: Path) -> None:
    found = summary_of(program, "Zoë 1")
    scores = found.pop("scores")
    assert found == {
        "patient": "Zoë 1",
        "baseline": 19,
        "baseline_date": "2026-09-02",
        "latest": 12,
        "latest_date": "2026-11-18",
        "weeks": 11.0,
        "change": -7,
        "percent_change": pytest.approx(-100 * 7 / 19),
        "reliable": "improvement",
        "meaningful_21": True,
        "meaningful_32": True,
        "response": False,
        "remission": False,
        "recovery": False,
        "severity": "moderate",
        "signal": "on track",
        "sentence": "PHQ-9 19 -> 12 over 11 weeks (9 scores): reliable improvement; 36% below baseline, past the 21% "
        "and 32% marks; on track (near the average course with psychotherapy added to usual care)",
        "benchmark": "Adjunctive psychotherapy in TRD",
        "benchmark_version": "1",
        **dict.fromkeys(("end", "end_reason", "outcome", "since_end", "medication")),
        "trd_criterion": "not met",
    }
    assert len(scores) == 9
    assert scores[1] == {"date": "2026-09-16", "week": 2.0, "total": 18, "complete": False, "item9": None}
    for_people = program("summary", "clinic.trdtrack", "--patient", "Zoë 1").done
    assert for_people.startswith(f"Zoë 1: {found['sentence']}.\nBaseline 19: ")
    assert "Benchmark: Adjunctive psychotherapy in TRD, version 1." in for_people
    assert "  2026-11-18  week 11.0   12   −7  total only\n" in for_people


def test_a_baseline_of_0_has_no_percentages(program: Program, clinic: Path) -> None:
    found = summary_of(program, "P-10")
    nothing = ("percent_change", "meaningful_21", "meaningful_32", "response", "recovery", "benchmark")
    assert [found[name] for name in (*nothing, "benchmark_version")] == [None] * 7
    assert (found["baseline"], found["change"], found["reliable"], found["remission"]) == (0, 3, "none", True)


def test_without_a_baseline_nothing_is_compared(program: Program, clinic: Path) -> None:
    found = summary_of(program, "A-2")
    compared = (
        "baseline baseline_date weeks change percent_change reliable meaningful_21 meaningful_32 response recovery"
    )
    assert [found[name] for name in compared.split()] == [None] * 10
    assert (found["latest"], found["severity"], found["remission"]) == (14, "moderate", False)
    assert (found["signal"], found["benchmark"]) == ("no benchmark", None)
    assert "No benchmark: no baseline" in program("summary", "clinic.trdtrack", "--patient", "A-2").done


def test_a_course_without_a_score(program: Program, clinic: Path) -> None:
    found = summary_of(program, "A-3")
    assert found["scores"] == []
    assert found["sentence"] == "No PHQ-9 total yet."
    given = {name for name, value in found.items() if value is not None}
    assert given == {"patient", "signal", "sentence", "trd_criterion", "scores"}


def test_answers_and_gaps_in_the_scores(program: Program, clinic: Path) -> None:
    assert summary_of(program, "A-1")["scores"] == [
        {"date": "2026-10-01", "week": 0.0, "total": 17, "complete": True, "item9": 1},
        {"date": "2026-10-15", "week": 2.0, "total": 18, "complete": False, "item9": None},
        {"date": "2026-10-29", "week": 4.0, "total": None, "complete": False, "item9": 2},
    ]
    for_people = program("summary", "clinic.trdtrack", "--patient", "A-1").done
    assert "  2026-10-29  week 4.0     -       " in for_people


def test_patients_with_and_without_a_course(program: Program, clinic: Path) -> None:
    found = {p["code"]: p for p in json.loads(program("patients", "clinic.trdtrack", "--json").done)["patients"]}
    assert list(found) == ["A-1", "A-2", "A-3", "A-4", "P-9", "P-10", "Zoë 1"]
    assert found["A-4"] == {"code": "A-4", "scores": 0, "baseline": None, "latest": None, "signal": None}
    assert found["A-1"] == {"code": "A-1", "scores": 2, "baseline": 17, "latest": 18, "signal": "no recent score"}
    lines = [line.split() for line in program("patients", "clinic.trdtrack").done.splitlines()]
    assert lines[4] == ["A-4", "0", "-", "-", "no", "course"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("nobody", "There is no patient with the code nobody."),
        ("A-4", "A-4 has no course of care yet."),
        ("\udcff\udcfe", "There is no patient with the code \ufffd\ufffd."),
        ("a\nb", "There is no patient with the code a b."),
    ],
)
@pytest.mark.parametrize("command", [("summary",), ("export", "--format", "csv", "--out", "x.csv")])
def test_no_such_patient(program: Program, clinic: Path, code: str, sentence: str, command: tuple[str, ...]) -> None:
    name, *rest = command
    said = program(name, clinic, "--patient", code, *rest)
    assert (said.refused, said.out) == (sentence, "")
    assert not Path("x.csv").exists()


# Importing


def test_an_import_with_problems_lists_them_by_line(program: Program, clinic: Path, tmp_path: Path) -> None:
    rows = ("A-1,2026-13-01,12", "A-1,2026-11-02,30", ",2026-11-03,1", "A-1,2026-10-01,5", "A-1,2026-11-05")
    (tmp_path / "bad.csv").write_text("\n".join(("patient,date,total", *rows)), encoding="utf-8")
    before = clinic.read_bytes()
    said = program("import", clinic, "bad.csv")
    assert "looks like another instrument" in said.refused
    assert said.out.splitlines() == [
        "line 2, date: There is no such day as 2026-13-01.",
        "line 3, total: 30 is not a PHQ-9 total: they go from 0 to 27.",
        "line 4, patient: The patient's code is missing.",
        "line 5, date: This patient already has another score on that day.",
        "line 6, : This line has 2 columns, the header has 3.",
        "note: This looks like another instrument: PHQ-9 totals go from 0 to 27.",
    ]
    for extra in ((), ("--dry-run",)):
        said = program("import", clinic, "bad.csv", "--json", *extra)
        assert "looks like another instrument" in said.refused
        found = json.loads(said.out)
        assert list(found) == ["patients", "scores", "skipped", "problems", "notices"]
        assert (found["patients"], found["scores"]) == (0, 0)
        assert [p["line"] for p in found["problems"]] == [2, 3, 4, 5, 6]
        assert found["problems"][0] == {
            "line": 2,
            "column": "date",
            "problem": "There is no such day as 2026-13-01.",
        }
    assert clinic.read_bytes() == before


def test_a_dry_run_changes_nothing_and_says_the_same(program: Program, clinic: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("patient,date,total\nNew,2026-11-01,12\nA-1,2026-11-02,11\n")
    before = clinic.read_bytes()
    dry = json.loads(program("import", clinic, "more.csv", "--dry-run", "--json").done)
    assert dry == {"patients": 1, "scores": 2, "skipped": 0, "problems": [], "notices": []}
    assert clinic.read_bytes() == before
    assert json.loads(program("import", clinic, "more.csv", "--json").done) == dry
    again = program("import", clinic, "more.csv")
    assert again.refused == "All of this is already in the caseload: there is nothing new to import."
    (tmp_path / "more.csv").write_text("patient,date,total\nNew,2026-11-01,12\nA-1,2026-11-02,12\n")
    other = program("import", clinic, "more.csv")
    assert other.refused == "1 problem found; nothing was imported."
    assert other.out == "line 3, date: This patient already has another score on that day.\n"


def test_importing_answers_a_row_a_patient_and_a_sheet(program: Program, clinic: Path, tmp_path: Path) -> None:
    def taken(content: str, *words: str) -> str:
        (tmp_path / "own.csv").write_text(content, encoding="utf-8")
        return program("import", clinic, "own.csv", "--dry-run", *words).done

    letters = "abcdefghi"
    answers = f"who,when,{','.join(letters)}\nN,2026-11-01,1,1,1,1,1,1,1,1,0\n"
    items = f"patient=who,date=when,items={'+'.join(letters)}"
    assert taken(answers, "--columns", items) == "Would import 1 patient, 1 score.\n"
    wide = "who,from,T1,T2\nN,03/04/2026,20,12\n"
    weeks = "patient=who,date=from,weeks=T1:0+T2:4"
    assert taken(wide, "--columns", weeks, "--day-first") == "Would import 1 patient, 2 scores.\n"
    assert taken(wide, "--columns", weeks, "--month-first") == "Would import 1 patient, 2 scores.\n"
    known = "patient,date,total\nA-1,2026-11-02,11\nN,2026-11-02,11\n"
    assert taken(known, "--unknown", "skip").splitlines() == [
        "note: 1 code is nobody's in the caseload, and its rows are left out.",
        "Would import 0 patients, 1 score.",
    ]
    assert program("import", clinic, "own.csv", "--sheet", "x").refused == "own.csv is a text file: it has no sheets."
    assert "not allowed with" in program("import", clinic, DATA, "--day-first", "--month-first").misused


@pytest.mark.parametrize(
    "columns", ["patient", "patient=a,date=b,total=", "patient=a,date=b,total=c,date=d", "", "patient=a,date=b,sum=c"]
)
def test_columns_are_named_by_what_they_hold(program: Program, clinic: Path, columns: str) -> None:
    assert "patient=…,date=…,total=…" in program("import", clinic, DATA, "--columns", columns).misused


def test_weeks_without_a_week(program: Program, clinic: Path) -> None:
    assert "weeks=T1:0+T2:4" in program("import", clinic, DATA, "--columns", "weeks=a+b:4").misused


def test_columns_that_are_not_there(program: Program, clinic: Path) -> None:
    said = program("import", clinic, DATA, "--columns", "patient=Client ID,date=When,total=PHQ-9 total")
    assert "has no column When; its columns are: Client ID, Date, Occasion, PHQ-9 total." in said.refused


# The figures kept for the caseload page


def test_check_rebuild_proves_what_is_kept_and_puts_it_right(program: Program, clinic: Path) -> None:
    whole = program("check", clinic)
    kept = "What is kept of each patient for the caseload page is what the records say."
    assert program("check", clinic, "--rebuild").done.splitlines() == [*whole.done.splitlines(), kept]
    with closing(Caseload.open(clinic, PASSPHRASE, who="x")) as caseload:
        code = caseload.patients()[0].code
        caseload._store._raw.execute("UPDATE gist SET text = replace(text, ?, 'X-0')", (f'"{code}"',))
    # Without it the page's figures are not looked at.
    assert program("check", clinic).done == whole.done
    found = program("check", clinic, "--rebuild")
    assert found.refused == "1 patient differed: put right."
    assert found.out.splitlines()[2:] == [f"{code}: what was kept for the caseload page is not what the records say"]
    assert program("check", clinic, "--rebuild").done.splitlines()[-1] == kept


# The passphrase


def test_the_passphrase_from_a_file(program: Program, clinic: Path, tmp_path: Path) -> None:
    for content in (PASSPHRASE, PASSPHRASE + "\n", PASSPHRASE + "\r\nmore\n", "\ufeff" + PASSPHRASE):
        (tmp_path / "secret").write_bytes(content.encode())
        program("check", clinic, "--passphrase-file", "secret", passphrase=None)
        # The file named on the command line goes before the variable.
        assert program("check", clinic, "--passphrase-file", "secret", passphrase="wrong").done


def test_no_passphrase_at_all(clinic: Path, tmp_path: Path) -> None:
    wanted = "No passphrase: set TRDTRACK_PASSPHRASE or give --passphrase-file."
    assert run("check", clinic, folder=tmp_path, passphrase=None).refused == wanted
    closed = run("check", clinic, folder=tmp_path, passphrase=None, stdin=None, preexec_fn=_close_input)
    assert closed.refused == wanted


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("gone", None, "The passphrase file gone cannot be read."),
        (".", None, "The passphrase file . cannot be read."),
        ("binary", b"\xff\xfe\x00", "The passphrase file binary cannot be read."),
        ("empty", b"", "The passphrase is empty."),
        ("blank", b"\n\n", "The passphrase is empty."),
        ("wrong", b"wrong\n", "This passphrase or recovery key does not open clinic.trdtrack"),
    ],
)
def test_a_bad_passphrase_file(program: Program, clinic: Path, file: str, content: bytes | None, sentence: str) -> None:
    if content is not None:
        Path(file).write_bytes(content)
    before = clinic.read_bytes()
    for command in (("check",), ("patients", "--json"), ("summary", "--patient", "A-1")):
        name, *rest = command
        refused = program(name, clinic, "--passphrase-file", file, *rest, passphrase=None).refused
        assert refused.removesuffix(", or it is not a TRDTrack caseload.") == sentence
    assert clinic.read_bytes() == before


def test_a_wrong_or_empty_passphrase_from_the_variable(program: Program, clinic: Path) -> None:
    assert "does not open clinic.trdtrack" in program("check", clinic, passphrase="wrong").refused
    assert program("check", clinic, passphrase="").refused == "The passphrase is empty."
    assert program("new", "fresh.trdtrack", passphrase="").refused == "The passphrase is empty."
    assert not Path("fresh.trdtrack").exists()


@pytest.mark.parametrize("word", ["--passphrase", "--passphrase-fil", "--pass"])
def test_the_passphrase_is_never_an_argument(program: Program, clinic: Path, word: str) -> None:
    assert "unrecognized arguments" in program("check", clinic, word, PASSPHRASE).misused


def test_a_passphrase_asked_for(program: Program, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[str] = []

    def asked(_prompt: str) -> str:
        if not answers:
            raise EOFError
        return answers.pop(0)

    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda _self: True})())
    monkeypatch.setattr(getpass, "getpass", asked)
    answers[:] = [PASSPHRASE]
    assert program("check", clinic, passphrase=None).done
    assert program("check", clinic, passphrase=None).refused == "No passphrase was typed."
    answers[:] = [PASSPHRASE, "another"]
    assert program("new", "n.trdtrack", passphrase=None).refused == "The two passphrases are not the same."
    assert not Path("n.trdtrack").exists()
    answers[:] = [PASSPHRASE, PASSPHRASE]
    assert program("new", "n.trdtrack", passphrase=None).done
    assert program("check", "n.trdtrack").done


# Words, streams and signals


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_shows_the_names_of_the_json(program: Program, command: str) -> None:
    said = program(*command.split(), "--help").done
    assert plain.NAMES in said
    for names in (EXPECTED_KEYS, SUMMARY_KEYS, ["line", "column", "problem"], ["code", "scores", "latest"]):
        assert all(name in said for name in names)


def test_the_version(program: Program) -> None:
    assert program("--version").done == f"TRDTrack {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "nosuch",
        "expected",
        "expected --baseline x",
        "expected --baseline 19.5",
        "expected --baseline nan",
        "expected --baseline 19 --weeks 4,,8",
        "expected --baseline 19 --weeks four",
        "new",
        "check",
        "import f.trdtrack",
        "summary f.trdtrack",
        "export f.trdtrack --patient A-1 --out x",
        "export f.trdtrack --patient A-1 --format doc --out x",
        "export f.trdtrack --patient A-1 --format pdf",
        "screens",
        "screens --out x --theme pink",
        "screens --out x --scale 300",
        "selftest more",
        "patients f.trdtrack --jso",
    ],
)
def test_wrong_usage(program: Program, words: str) -> None:
    assert "error: " in program(*words.split()).misused


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_file_without_a_name(program: Program, name: str) -> None:
    said = program("new", name)
    assert said.code in {1, 2}
    assert "Traceback" not in said.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux may lack a display")
@pytest.mark.parametrize("words", [(), ("clinic.trdtrack",)])
def test_the_window_without_a_display_says_so(clinic: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    said = run(*words, folder=tmp_path)
    assert said.refused == "There is no display for a window. `trdtrack --help` lists what works without one."


@pytest.mark.skipif(os.name == "nt", reason="pipes and signals as Unix has them")
@pytest.mark.parametrize("words", [("patients", "clinic.trdtrack"), ("expected", "--baseline", "19"), ("--help",)])
def test_a_reader_that_went_away_is_no_error_to_speak_of(clinic: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    """As with `| head -1`, but surely: nobody reads at all."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        said = run(*words, folder=tmp_path, stdout=writer)
    finally:
        os.close(writer)
    assert (said.code, said.err) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [("patients", "clinic.trdtrack"), ("--help",)])
def test_output_to_a_full_disk(clinic: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        said = run(*words, folder=tmp_path, stdout=full)
    assert said.refused == "The output could not be written: what it goes to is full or gone."


@pytest.mark.skipif(os.name == "nt", reason="needs closed descriptors")
def test_closed_output_is_no_crash(clinic: Path, tmp_path: Path) -> None:
    assert run("patients", clinic, folder=tmp_path, stdout=None, preexec_fn=lambda: os.close(1)).code == 0
    said = run("patients", clinic, folder=tmp_path, stderr=None, preexec_fn=lambda: os.close(2), passphrase="wrong")
    assert said.code == 1
    assert "Traceback" not in said.out


def test_output_that_cannot_show_every_letter(clinic: Path, tmp_path: Path) -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    words = ("summary", clinic, "--patient", "Zoë 1")
    assert "Zo? 1: PHQ-9 19 -> 12" in run(*words, folder=tmp_path, variables=ascii_only).done
    found = json.loads(run(*words, "--json", folder=tmp_path, variables=ascii_only).done)
    assert found["patient"] == "Zoë 1", "JSON has to stay the same object"
    said = run("summary", clinic, "--patient", "Müller", folder=tmp_path, variables=ascii_only)
    assert said.refused == "There is no patient with the code M?ller."


@pytest.mark.skipif(os.name == "nt", reason="needs a named pipe")
def test_ctrl_c(clinic: Path, tmp_path: Path) -> None:
    before = clinic.read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*TRDTRACK, "check", str(clinic), "--passphrase-file", str(pipe)],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    writer = os.open(pipe, os.O_WRONLY)  # waits until the program reads
    process.send_signal(signal.SIGINT)
    try:
        said = Said(-1, *process.communicate(timeout=20))
    except subprocess.TimeoutExpired:
        # Python drops an interrupt that reaches it within a destructor: then a person presses the keys again.
        process.send_signal(signal.SIGINT)
        said = Said(-1, *process.communicate(timeout=30))
    os.close(writer)
    assert process.returncode == 1
    assert (said.out, said.err) == ("", "Stopped; nothing half done.\n")
    assert clinic.read_bytes() == before


def test_a_bug_of_ours_is_noted_without_a_word_of_anybody(
    program: Program, clinic: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_rows: object) -> None:
        raise ZeroDivisionError("Zoë said so")

    monkeypatch.setattr(plain, "patients", fails)
    said = program("patients", clinic)
    assert said.code == 1
    assert said.err.startswith("TRDTrack itself failed (ZeroDivisionError, test_cli.py:")
    assert said.err.count("\n") == 1
    (log,) = own_home.rglob("bugs.log")
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    assert "Zoë" not in said.err + log.read_text(encoding="utf-8")
