"""Files that are refused whole: each in one clear sentence, and nothing but a Refusal whatever the bytes."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.exchange.csv_text import MOST_BYTES
from trdtrack.exchange.score_file import kind_of, open_table
from trdtrack.words import say

from .conftest import TODAY


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "scores.csv is empty."),
        ("\ufeff \r\n\n", "scores.csv is empty."),
        (",,,\n,,\n", "scores.csv is empty."),
        ("patient,date,total\n", "scores.csv has a header but no scores."),
        ("patient,date,total\n,,\n\n", "scores.csv has a header but no scores."),
        ("patient,date,total\nA,2024-01-02,5\x00\n", "scores.csv is not a text file."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "scores.csv is not a text file."),
        (
            b"PK\x03\x04\x14\x00",
            "scores.csv is damaged or not an Excel workbook: save it again as .xlsx or CSV.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "scores.csv is an old Excel file (.xls) or has a password: save it as .xlsx or CSV first.",
        ),
        (
            "<html><table><tr><td>patient</td></tr></table>",
            "scores.csv is a web page or XML, not a table: save it as .xlsx or CSV first.",
        ),
        (
            b"patient,date,total\nA,2024-01-02,5\n\x81,2024-01-02,5\n",
            "scores.csv is not UTF-8 text (line 3): save it as CSV (UTF-8) first.",
        ),
        (
            ",".join(f"c{i}" for i in range(20_000)) + "\n1",
            "scores.csv has more than 1000 columns: that is not a list of scores.",
        ),
        (
            "patient,date,total\nA,2024-01-02,5\n" + "," * 20_000 + "5\n",
            "scores.csv has more than 1000 columns: that is not a list of scores.",
        ),
        (
            'patient,date,total\nA,2024-01-02,5\n"B,2024-01-02,5\nC,2024-01-02,5\n',
            "scores.csv: the row that begins on line 3 cannot be read; a quotation mark may be missing.",
        ),
        (
            'patient,date,total\n"A"x,2024-01-02,5\n',
            "scores.csv: the row that begins on line 2 cannot be read; a quotation mark may be missing.",
        ),
        (
            "patient,date,total\n" + "x" * 200_000,
            "scores.csv: the row that begins on line 2 cannot be read; a quotation mark may be missing.",
        ),
        (
            "A,B,5\nB,2024-01-02,5\n",
            "scores.csv has no column patient / Client ID, date, total / PHQ-9 total; its columns are: A, B, 5.",
        ),
        (
            "patient,date,total,PHQ-9 total\nA,2024-01-02,5,6\n",
            "scores.csv has more than one column for the total: total, PHQ-9 total.",
        ),
        (
            "patient,date,total,Date\nA,2024-01-02,5,2024-01-02\n",
            "scores.csv has more than one column for the date: date, Date.",
        ),
    ],
)
def test_files_refused_whole_in_one_sentence(refused, text, sentence):
    assert refused(text) == sentence


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"total": "Score"}, "scores.csv has no column Score; its columns are: patient, date, total."),
        ({"total": "date"}, "The column date is chosen for more than one thing."),
        ({"items": ("total",) * 8}, "The PHQ-9 has nine items: nine columns are needed for them."),
        (
            {"total": "total", "occasions": (("date", "0"),)},
            "A file has either one row a questionnaire or one row a patient: choose the columns of one.",
        ),
    ],
)
def test_columns_named_wrongly(refused, columns, sentence):
    assert refused("patient,date,total\nA,2024-01-02,5\n", columns=columns) == sentence


def test_a_long_header_is_not_recited(refused):
    assert refused(",".join(f"c{i}" for i in range(500)) + "\n1").endswith("c10, c11, ….")


def sentence_for(path: Path) -> str:
    with pytest.raises(Refusal) as caught:
        open_table(path)
    return say(caught.value.what)


def test_paths_that_are_no_file(tmp_path):
    assert sentence_for(tmp_path / "none.csv") == f"There is no file {tmp_path / 'none.csv'}."
    (tmp_path / "a.csv").write_text("x")
    assert sentence_for(tmp_path / "a.csv" / "b.csv") == f"There is no file {tmp_path / 'a.csv' / 'b.csv'}."
    assert sentence_for(tmp_path) == f"{tmp_path.name} is a folder, not a file."
    assert sentence_for(tmp_path / "x\0y.csv").endswith(" cannot be read.")
    assert sentence_for(tmp_path / ("x" * 300)).endswith(" cannot be read.")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert sentence_for(tmp_path / "pipe.csv") == "pipe.csv is not an ordinary file."


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no such permissions")
def test_no_permission(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text("patient,date,total\nA,2024-01-02,5\n")
    path.chmod(0)
    was = os.geteuid()
    if was == 0:  # root reads everything: be somebody else for a moment
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
        os.seteuid(65534)
    try:
        assert sentence_for(path) == "You have no permission to read secret.csv."
    finally:
        os.seteuid(was)


def test_a_huge_file_is_refused_from_its_size(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    began = time.perf_counter()
    found = sentence_for(path)
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == "huge.csv is larger than 50 MB: that is not a list of scores."
    assert took < 0.2
    assert peak < 1_000_000


def test_a_file_that_grows_while_read_is_not_read_to_its_end(tmp_path, monkeypatch):
    path = tmp_path / "grows.csv"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    real = path.stat()
    monkeypatch.setattr(Path, "stat", lambda _: os.stat_result((*real[:6], 10, *real[7:])))
    assert "larger than 50 MB" in sentence_for(path)


def test_a_million_rows_are_refused_in_time(tmp_path):
    path = tmp_path / "million.csv"
    path.write_text("patient,date,total\n" + "A-1,2024-01-02,5\n" * 1_000_000)
    began = time.perf_counter()
    sentence = "million.csv has more rows than this program takes at once (250000): split it."
    assert sentence_for(path) == sentence
    assert time.perf_counter() - began < 6


def test_what_is_json_is_told_by_its_first_letter(tmp_path):
    path = tmp_path / "scores.csv"
    for content, kind in ((b"\xef\xbb\xbf {", "json"), (b"[1]", "json"), (b"patient,date", "table"), (b"", "table")):
        path.write_bytes(content)
        assert kind_of(path) == kind
    assert kind_of(tmp_path / "none") == "table"


def check(found, content: bytes) -> None:
    """Either scores that can be stored or a refusal in words: never another error."""
    refusal = None
    try:
        taken = found(content)
        edit = taken.refuse()
    except Refusal as error:
        refusal = error
    if refusal is not None:
        # A field that was not given would raise; braces of the file's own may be quoted.
        assert say(refusal.what)
    if isinstance(refusal, Problems):
        lines = [problem.line for problem in refusal.problems]
        assert lines
        assert lines == sorted(lines)
        assert all(say(problem.what) for problem in refusal.problems)
    if refusal is None:
        assert taken.scores == sum(step.record.kind == "assessment" for step in edit.steps) > 0
        assert all(0 <= row.total <= 27 and row.code and row.day <= TODAY for row in taken.preview)


FUNCTION = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUNCTION
@given(st.binary(max_size=400))
def test_any_bytes_are_scores_or_a_refusal(found, data):
    for content in (data, b"patient,date,total\n" + data):
        check(found, content)


CELL = st.one_of(
    st.sampled_from(["A", "2024-01-02", "5", "28", "", '"', "31/05/2024", "\n", "=1", "45443", "Total"]),
    st.text(max_size=5),
)


@FUNCTION
@given(st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=6), st.sampled_from(",;\t"))
def test_any_text_is_scores_or_a_refusal(found, rows, delimiter):
    head = delimiter.join(("patient", "date", "total"))
    check(found, "\n".join([head, *(delimiter.join(row) for row in rows)]).encode("utf-8", "replace"))
