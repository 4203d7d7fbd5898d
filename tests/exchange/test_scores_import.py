from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.exchange.scores_import import ScoreRow, read_scores
from trdtrack.words import say

from .conftest import TODAY

DATA = Path(__file__).parent / "data"
INSTRUMENT = "This looks like another instrument: PHQ-9 totals go from 0 to 27."


def plain(rows: tuple[ScoreRow, ...]):
    return [(row.line, row.code, row.date.isoformat(), row.total) for row in rows]


def test_the_example_file_is_taken_whole():
    rows = read_scores(DATA / "scores_long.csv", today=TODAY)
    assert len(rows) == 563
    assert len({row.code for row in rows}) == 43
    assert plain(rows[:1]) == [(2, "DEMO-001", "2024-01-19", 14)]
    assert rows[0].columns == ("Client ID", "Date", "PHQ-9 total")


def test_the_wide_bdi_file_is_another_instrument():
    with pytest.raises(Refusal) as caught:
        read_scores(DATA / "scores_wide_bdi.csv", today=TODAY)
    assert say(caught.value.what) == INSTRUMENT


@pytest.mark.parametrize("columns", [{"total": "bdi_s0"}, {"patient": "id", "date": "rq_s0", "total": "bdi_s1"}])
def test_naming_a_bdi_column_does_not_make_it_a_phq9(columns):
    with pytest.raises(Refusal) as caught:
        read_scores(DATA / "scores_wide_bdi.csv", columns=columns, today=TODAY)
    assert say(caught.value.what) == INSTRUMENT


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_ends_and_byte_order_mark(read, delimiter, end, mark):
    lines = ("patient,date,total", "Zoë,2024-05-31,19", "", "B,2024-06-01,0", ",,")
    text = mark + end.join(line.replace(",", delimiter) for line in lines)
    assert plain(read(text)) == [(2, "Zoë", "2024-05-31", 19), (4, "B", "2024-06-01", 0)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-05-31", "2024-05-31"),
        ("2024/05/31", "2024-05-31"),
        ("31.05.2024", "2024-05-31"),
        ("1.2.2024", "2024-02-01"),
        (" 2024-02-29 ", "2024-02-29"),
        ("2026-11-22", "2026-11-22"),
        ("1900-01-01", "1900-01-01"),
    ],
)
def test_dates_with_one_reading(read, written, meant):
    assert read(f"patient,date,total\nA,{written},5")[0].date.isoformat() == meant


def test_headers_in_any_case_and_order_with_others_beside(read):
    rows = read("Notes,TOTAL,patient,GAD-7,Date\n,5,A  1,20,2024-01-02\n")
    assert plain(rows) == [(2, "A 1", "2024-01-02", 5)]


def test_quotes_and_line_breaks_inside_them(read):
    rows = read('patient,date,total,note\n"A, 1",2024-01-02,5,"two\nlines"\n"B ""x""",2024-01-02,6,\n')
    assert plain(rows) == [(2, "A, 1", "2024-01-02", 5), (4, 'B "x"', "2024-01-02", 6)]


def test_columns_named_by_hand(read):
    text = "Who,When,Score\nA,2024-01-02,5\n"
    names = {"patient": "who", "date": "When", "total": "SCORE"}
    assert plain(read(text, columns=names)) == [(2, "A", "2024-01-02", 5)]
    assert plain(read("patient,Date,Score\nA,2024-01-02,5\n", columns={"total": "Score"}))
    assert plain(read("patient,date,total,phq\nA,2024-01-02,5,6\n", columns={"total": "phq"}))[0][3] == 6


BAD_CELLS = [
    ("A,2024-01-02,14.5", "total", "14.5 is not a whole number."),
    ("A,2024-01-02,14.0", "total", "14.0 is not a whole number."),
    ("A,2024-01-02,x", "total", "x is not a whole number."),
    ("A,2024-01-02,\u0663", "total", "\u0663 is not a whole number."),
    ("A,2024-01-02,", "total", "The total is missing."),
    ("A,2024-01-02,-1", "total", "-1 is not a PHQ-9 total: they go from 0 to 27."),
    ("A,2024-01-02," + "9" * 5000, "total", "9" * 39 + "… is not a PHQ-9 total: they go from 0 to 27."),
    ("A,,5", "date", "The date is missing."),
    ("A,yesterday,5", "date", "yesterday is not a date: write 2024-05-31."),
    ("A,2024-02-30,5", "date", "There is no such day as 2024-02-30."),
    ("A,0000-01-01,5", "date", "There is no such day as 0000-01-01."),
    ("A,2026-11-23,5", "date", "2026-11-23 is in the future."),
    ("A,1899-12-31,5", "date", "1899-12-31 is before 1900."),
    ("A,31/05/2024,5", "date", "31/05/2024 can be read as day first or month first: write 2024-05-31."),
    ("A,03-04-24,5", "date", "03-04-24 can be read as day first or month first: write 2024-05-31."),
    (",2024-01-02,5", "patient", "The patient's code is missing."),
    ("x" * 41 + ",2024-01-02,5", "patient", "A patient's code has at most 40 characters."),
    ("A\x1bB,2024-01-02,5", "patient", "A patient's code cannot hold control characters."),
    ("A,2024-01-02", "", "This line has 2 columns, the header has 3."),
    ("A,2024-01-02,5,6", "", "This line has 4 columns, the header has 3."),
]


@pytest.mark.parametrize(("line", "column", "sentence"), BAD_CELLS, ids=[c[2][:40] for c in BAD_CELLS])
def test_each_problem_by_line_and_column(problems, line, column, sentence):
    assert problems(f"patient,date,total\nB,2024-01-02,5\n{line}\n") == [(3, column, sentence)]


def test_all_problems_at_once_and_in_order(problems):
    text = "Client ID;Date;PHQ-9 total\n;31/12/2024;5.5\nA;2024-01-02;5\n\nA;2024-01-02;6\nA;2024-01-03\n"
    assert [(line, column) for line, column, _ in problems(text)] == [
        (2, "Client ID"),
        (2, "Date"),
        (2, "PHQ-9 total"),
        (5, "Date"),
        (6, ""),
    ]


def test_the_same_patient_and_day_twice(problems, read):
    text = "patient,date,total\nA,2024-01-02,5\n A ,2024/01/02,6\nA,2024-01-03,6\nB,2024-01-02,5\n"
    assert problems(text) == [(3, "date", "The same patient and day already stand on line 2.")]
    with pytest.raises(Problems) as caught:
        read(text)
    assert say(caught.value.what) == "1 problem found; nothing was imported."


def test_a_total_above_27_means_another_instrument(read, problems):
    text = "patient,date,total\nA,2024-01-02,28\nA,2024-01-03,x\nA,2024-01-04,27\n"
    with pytest.raises(Problems) as caught:
        read(text)
    assert say(caught.value.what) == INSTRUMENT
    assert [line for line, _, _ in problems(text)] == [2, 3]


@pytest.mark.parametrize(
    "header", ["id,date,HAM-D", "Client,Date,MADRS total", "patient,date,GAD-7", "p,d,qids_sr", "patient,date,IDS-SR"]
)
def test_other_instruments_by_their_names(refused, header):
    assert refused(header + "\nA,2024-01-02,5\n") == INSTRUMENT


def test_names_that_only_look_like_instruments(refused):
    expected = "scores.csv has no column total / PHQ-9 total; its columns are: IDs, date, kids, hamster, patient."
    assert refused("IDs,date,kids,hamster,patient\nA,2024-01-02,5,1,A\n") == expected


def test_progress_is_told_and_may_cancel(read):
    text = "patient,date,total\n" + "".join(f"P{i},2024-01-02,5\n" for i in range(1200))
    told = []
    assert len(read(text, tick=lambda done, of: told.append((done, of)))) == 1200
    assert told == [(501, 1201), (1001, 1201), (1201, 1201)]

    def cancel(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        read(text, tick=cancel)


def test_nobody_is_named_in_a_row_shown_by_accident(read):
    (row,) = read("patient,date,total\nAnna,2024-01-02,5\n")
    assert repr(row) == f"ScoreRow(line=2, date={date(2024, 1, 2)!r})"
