from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trdtrack.domain.dossier import Dossier
from trdtrack.domain.records import Assessment, Course, Patient, Rules, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.summary import Held, summarise
from trdtrack.evidence import default_benchmark
from trdtrack.exchange.csv_text import guarded, unguarded
from trdtrack.exchange.score_file import ScoreRow, guess, open_table
from trdtrack.exchange.score_rows import read_rows
from trdtrack.exchange.tables import scores_csv

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
COURSE = Course(id="c", patient="p", start=date(2024, 1, 8))
HEADER = (
    "patient,date,week,total,completeness,answered,item1,item2,item3,item4,item5,item6,item7,item8,item9,item10,"
    "counts,session_date,course"
)


def rows_of(path) -> tuple[ScoreRow, ...]:
    table = open_table(path)
    return read_rows(table, guess(table), day_first=None, today=AT.date()).rows


def phq9(day: str, **fields) -> Assessment:
    return Assessment(patient="p", course="c", date=date.fromisoformat(day), entered=AT, **fields)


def exported(*assessments: Assessment, code: str = "TRD-1", sessions=(), course=COURSE) -> bytes:
    dossier = Dossier.of(Patient(id="p", code=code, name="Anna Example"), [course, *sessions, *assessments])
    today = date(2026, 11, 22)
    summary = summarise(dossier, course, benchmark=default_benchmark(), rules=Rules(), today=today)
    return scores_csv([Held(dossier, (summary,))])


def test_every_kind_of_row_as_bytes():
    session = Session(id="s", patient="p", course="c", date=date(2024, 1, 9), entered=AT)
    content = exported(
        phq9("2024-01-01", total=20),
        phq9("2024-01-08", answers=(3, 2, 1, 0, 3, 2, 1, 0, 1), difficulty=2, session="s"),
        phq9("2024-01-08", total=12),
        phq9("2024-01-18", answers=(1, 1, 1, 1, 1, 1, 1, 1, None)),
        phq9("2024-01-25", answers=(1, 1, 1, 1, 1, 1, None, None, None)),
        phq9("2024-02-01", total=9, withdrawn="wrong person"),
        sessions=(session,),
    )
    text = content.decode("utf-8-sig")
    assert content == text.encode()
    assert sorted(text.split("\r\n")[2:4]) == [
        "TRD-1,2024-01-08,0.00,12,total only,,,,,,,,,,,,no,,1",
        "TRD-1,2024-01-08,0.00,13,complete,9,3,2,1,0,3,2,1,0,1,2,yes,2024-01-09,1",
    ]
    lines = text.split("\r\n")
    assert [*lines[:2], *lines[4:]] == [
        HEADER,
        "TRD-1,2024-01-01,-1.00,20,total only,,,,,,,,,,,,yes,,1",
        "TRD-1,2024-01-18,1.43,9,prorated,8,1,1,1,1,1,1,1,1,,,yes,,1",
        "TRD-1,2024-01-25,2.43,,no total,6,1,1,1,1,1,1,,,,,no,,1",
        "",
    ]
    assert "\n" not in text.replace("\r\n", "")
    assert "Anna" not in text


def test_no_week_without_week_zero_and_no_rows_without_scores():
    no_start = Course(id="c", patient="p")
    assert exported(phq9("2024-01-08", total=5), course=no_start).splitlines()[1].startswith(b"TRD-1,2024-01-08,,5,")
    assert exported().decode("utf-8-sig") == HEADER + "\r\n"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "＝1", "'=1", "''-2"]


@pytest.mark.parametrize("code", FORMULAS)
def test_a_code_is_never_a_formula_and_comes_back_unspoilt(code, tmp_path):
    content = exported(phq9("2024-01-08", total=5), code=code)
    first = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1][0]
    assert first == f"'{code}"
    path = tmp_path / "out.csv"
    path.write_bytes(content)
    (row,) = rows_of(path)
    assert (row.code, row.day, row.total) == (code, date(2024, 1, 8), 5)


@pytest.mark.parametrize("code", ["TRD-1", "'quoted'", "O'Neill", 'a "b", c', "Müller-3", "山田", "1-2", "a;b"])
def test_an_ordinary_code_is_left_as_it_is(code, tmp_path):
    assert guarded(code) == code == unguarded(code)
    path = tmp_path / "out.csv"
    content = exported(phq9("2024-01-08", total=5), code=code)
    # Excel needs the mark for letters beyond ASCII; other programs take it for part of the first heading.
    assert content.startswith(b"\xef\xbb\xbf") is not code.isascii()
    path.write_bytes(content)
    assert rows_of(path)[0].code == code


@given(st.one_of(st.text(), st.text("'=+-@\t\r\nA")))
def test_guarding_can_always_be_undone(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r\n")


@given(st.text(min_size=1, max_size=40))
def test_any_code_survives_export_and_import(tmp_path_factory, text):
    try:
        code = Patient(code=text).code
    except Refusal:
        assume(False)
    path = tmp_path_factory.getbasetemp() / "code.csv"
    content = exported(phq9("2024-01-08", total=5), code=code)
    # Excel needs the mark for letters beyond ASCII; other programs take it for part of the first heading.
    assert content.startswith(b"\xef\xbb\xbf") is not code.isascii()
    path.write_bytes(content)
    assert rows_of(path)[0].code == code


def test_pandas_reads_it():
    import pandas as pd  # noqa: PLC0415 - half a second, for this test alone

    table = pd.read_csv(io.BytesIO(exported(phq9("2024-01-08", total=5), code="Müller-3")))
    assert table.columns[0] == "patient"
    assert table.loc[0, "patient"] == "Müller-3"
    assert table.loc[0, "total"] == 5
    assert table["item9"].isna().all()
