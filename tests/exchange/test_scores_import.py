from __future__ import annotations

from pathlib import Path

import pytest

from trdtrack.domain.refusals import Problems
from trdtrack.exchange.score_file import Columns, ScoreRow, Unknown, guess, needs_day_order, open_table
from trdtrack.words import say

DATA = Path(__file__).parent / "data"
LONG, WIDE = ((DATA / name).read_bytes() for name in ("scores_long.csv", "scores_wide_bdi.csv"))
INSTRUMENT = "This looks like another instrument: PHQ-9 totals go from 0 to 27."


def test_the_example_file_is_taken_whole(found):
    taken = found(LONG)
    assert (taken.rows, taken.scores, taken.patients, taken.of, taken.skipped) == (563, 563, 43, 43, 0)
    assert (taken.problems, taken.notices, taken.near) == ((), (), {})
    assert (len(taken.unknown), len(taken.preview)) == (43, 200)
    kinds = [step.record.kind for step in taken.edit.steps]
    assert kinds == ["patient"] * 43 + ["course"] * 43 + ["assessment"] * 563
    assert say(taken.edit.title) == "Import scores"


def test_the_wide_bdi_file_is_another_instrument(refused):
    assert refused(WIDE) == INSTRUMENT
    weeks = tuple((f"bdi_s{week}", str(week)) for week in range(13))
    assert refused(WIDE, columns={"occasions": weeks, "date": "id", "patient": "id"}) == INSTRUMENT


@pytest.mark.parametrize("columns", [{"total": "bdi_s0"}, {"patient": "id", "date": "rq_s0", "total": "bdi_s1"}])
def test_naming_a_bdi_column_does_not_make_it_a_phq9(refused, columns):
    assert refused(WIDE, columns=columns) == INSTRUMENT


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_ends_and_byte_order_mark(read, delimiter, end, mark):
    lines = ("patient,date,total", "Zoë,2024-05-31,19", "", "B,2024-06-01,0", ",,")
    text = mark + end.join(line.replace(",", delimiter) for line in lines)
    assert (read(text)) == [(2, "Zoë", "2024-05-31", 19), (4, "B", "2024-06-01", 0)]


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
        ("20240531", "2024-05-31"),
        ("2024-05-31T09:30:00Z", "2024-05-31"),
        ("2024-05-31 09:30", "2024-05-31"),
        ("31. 5. 2024", "2024-05-31"),
        ("5 May 2024", "2024-05-05"),
        ("05-Sept-2024", "2024-09-05"),
        ("Sep 5 2024", "2024-09-05"),
        ("45443", "2024-05-31"),
        ("31/05/2024", "2024-05-31"),
        ("05/31/2024", "2024-05-31"),
    ],
)
def test_dates_with_one_reading(read, written, meant):
    assert read(f"patient,date,total\nA,{written},5")[0][2] == meant


def test_headers_in_any_case_and_order_with_others_beside(read):
    rows = read("Notes,TOTAL,patient,GAD-7,Date\n,5,A  1,20,2024-01-02\n")
    assert rows == [(2, "A 1", "2024-01-02", 5)]


def test_quotes_and_line_breaks_inside_them(read):
    rows = read('patient,date,total,note\n"A, 1",2024-01-02,5,"two\nlines"\n"B ""x""",2024-01-02,6,\n')
    assert rows == [(2, "A, 1", "2024-01-02", 5), (4, 'B "x"', "2024-01-02", 6)]


def test_columns_named_by_hand(read):
    text = "Who,When,Score\nA,2024-01-02,5\n"
    names = {"patient": "who", "date": "When", "total": "SCORE"}
    assert read(text, columns=names) == [(2, "A", "2024-01-02", 5)]
    assert read("patient,Date,Score\nA,2024-01-02,5\n", columns={"total": "Score"})
    assert (read("patient,date,total,phq\nA,2024-01-02,5,6\n", columns={"total": "phq"}))[0][3] == 6


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
    ("A,03/05/2024,5", "date", "03/05/2024 can be read as day first or month first: write 2024-05-31."),
    ("A,03-04-24,5", "date", "03-04-24 has a year of two digits: write 2024-05-31."),
    ("A,5 Mai 2024,5", "date", "There is no such day as 5 Mai 2024."),
    ("A,=B1,5", "date", "=B1 is a formula without a stored result: save the file in the spreadsheet."),
    ("=A1,2024-01-02,5", "patient", "=A1 is a formula without a stored result: save the file in the spreadsheet."),
    ("A,2024-01-02,0000000000014", "total", "0000000000014 is not a PHQ-9 total: they go from 0 to 27."),
    ("A,2024-01-02,n/a", "total", "The total is missing."),
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
    text = "Client ID;Date;PHQ-9 total\n;31/12/2027;5.5\nA;2024-01-02;5\n\nA;2024-01-02;6\nA;2024-01-03\n"
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


def test_progress_is_told_and_may_cancel(found):
    text = "patient,date,total\n" + "".join(f"P{i},2024-01-02,5\n" for i in range(1200))
    told = []
    assert found(text, tick=lambda done, of: told.append((done, of))).scores == 1200
    assert told == [(501, 1201), (1001, 1201), *[(500, 1200), (1000, 1200), (1200, 1200)] * 2]

    def cancel(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        found(text, tick=cancel)


def test_nobody_is_named_in_a_row_shown_by_accident():
    assert repr(ScoreRow(2, "Anna", total=5)) == "ScoreRow(line=2, day=None)"


# Day and month


def order(tmp_path, *days: str) -> tuple[str, ...]:
    path = tmp_path / "days.csv"
    path.write_text("patient,date,total\n" + "".join(f"A,{day},5\n" for day in days))
    table = open_table(path)
    return needs_day_order(table, guess(table))


def test_day_and_month_are_asked_for_only_where_the_file_does_not_tell(tmp_path):
    assert order(tmp_path, "2024-03-04", "4 May 2024", "03.04.2024") == ()
    assert order(tmp_path, "03/04/2024", "31/05/2024") == ()
    assert order(tmp_path, "03/04/2024", "05/31/2024") == ()
    assert order(tmp_path, *["03/04/2024"] * 3, "05-06-2024", "2024-01-01") == ("03/04/2024", "05-06-2024")
    assert order(tmp_path, *(f"0{n}/04/2024" for n in range(1, 9))) == ("01/04/2024", "02/04/2024", "03/04/2024")
    assert order(tmp_path, "31/05/2024", "05/31/2024"), "the file contradicts itself"


def test_the_order_told_or_chosen_holds_for_all(read, problems):
    text = "patient,date,total\nA,03/04/2024,5\nB,03-04-2024 10:15 PM,6\n"
    assert [line for line, _, _ in problems(text)] == [2, 3]
    assert [row[2] for row in read(text, day_first=True)] == ["2024-04-03"] * 2
    assert [row[2] for row in read(text, day_first=False)] == ["2024-03-04"] * 2
    assert [row[2] for row in read(text + "C,05/31/2024,7\n")] == ["2024-03-04", "2024-03-04", "2024-05-31"]
    wrong = problems(text + "C,05/31/2024,7\n", day_first=True)
    assert wrong == [(4, "date", "There is no such day as 05/31/2024.")]


# Items


ITEMS = ",".join(f"phq9_{n}" for n in range(1, 11))


def test_items_are_answers_and_blanks_are_missing(found):
    text = f"patient,date,{ITEMS}\nA,2024-01-02,3,2,1,0,,NA,1,0,1,2\n"
    (_, _, step) = found(text).refuse().steps
    assert (step.after.answers, step.after.difficulty) == ((3, 2, 1, 0, None, None, 1, 0, 1), 2)
    assert step.after.total is None


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("4,2,1,0,0,0,1,0,1,2,9", "phq9_1", "4 is not an answer: they are 0, 1, 2 or 3."),
        ("3,2,1.5,0,0,0,1,0,1,2,9", "phq9_3", "1.5 is not an answer: they are 0, 1, 2 or 3."),
        ("3,2,1,0,0,0,1,0,-1,2,9", "phq9_9", "-1 is not an answer: they are 0, 1, 2 or 3."),
        ("3,2,1,0,0,0,1,0,1,4,8", "phq9_10", "4 is not an answer: they are 0, 1, 2 or 3."),
        ("3,2,1,0,0,0,1,0,1,2,9", "total", "The total is 9, but the nine answers add up to 8."),
        (
            "3,2,1,0,0,0,1,0,,2,11",
            "total",
            "The total is 11, which the answers given (7 in all, 1 missing) cannot add up to.",
        ),
        (",,,,,,,,,2,", "phq9_1", "None of the nine questions is answered, and there is no total."),
    ],
)
def test_items_that_cannot_be(problems, row, column, sentence):
    assert problems(f"patient,date,{ITEMS},total\nA,2024-01-02,{row}\n") == [(2, column, sentence)]


def test_items_with_a_total_or_a_total_alone(read):
    rows = ("A,2024-01-02,3,2,1,0,0,0,1,0,1,2,8", "A,2024-01-03,3,2,1,0,0,0,1,0,,2,8", "A,2024-01-04,,,,,,,,,,,14")
    assert [row[3] for row in read(f"patient,date,{ITEMS},total\n" + "\n".join(rows))] == [
        (3, 2, 1, 0, 0, 0, 1, 0, 1),
        (3, 2, 1, 0, 0, 0, 1, 0, None),
        14,
    ]


def test_two_item_columns_alike_are_noticed(notices):
    def said(change: str) -> list[str]:
        rows = [f"A,2024-01-{day:02},{day % 4},{(day + 1) % 4},1,0,0,0,2,0,{day % 4},0" for day in range(1, 12)]
        return notices(f"patient,date,{ITEMS}\n" + "\n".join([*rows, change]))

    alike = "The columns phq9_1 and phq9_9 hold the same answers in all 12 rows: is one a copy?"
    assert said("A,2024-02-01,1,2,1,0,0,0,2,0,1,0") == [alike]
    assert said("A,2024-02-01,1,2,1,0,0,0,2,0,2,0") == [], "columns that never change are alike by nature"


# One row a patient


def test_a_row_a_patient_by_weeks_or_days(read, problems):
    text = "id,start date,baseline,week 4,PHQ-9 w8\nA,2024-01-01,20,,12\nB,2024-02-01,18,9,n/a\n"
    assert read(text) == [
        (2, "A", "2024-01-01", 20),
        (2, "A", "2024-02-26", 12),
        (3, "B", "2024-02-01", 18),
        (3, "B", "2024-02-29", 9),
    ]
    days = "patient;31.05.2024;7 June 2024\nA;20;28\nB;;x\n"
    assert problems(days) == [
        (2, "7 June 2024", "28 is not a PHQ-9 total: they go from 0 to 27."),
        (3, "7 June 2024", "x is not a whole number."),
    ]
    late = "patient,date,week 0,week 4\n,2026-11-01,3,4\nB,2026-11-01,,5\nC,,,\n"
    assert problems(late) == [
        (2, "patient", "The patient's code is missing."),
        (2, "week 4", "29 Nov 2026 is in the future."),
        (3, "week 4", "29 Nov 2026 is in the future."),
        (4, "date", "The date is missing."),
    ]


def test_two_columns_for_the_same_week(problems):
    columns = {"occasions": (("a", "4"), ("b", "4"))}
    assert problems("patient,date,a,b\nA,2024-01-01,5,6\n", columns=columns) == [
        (2, "b", "The same patient and day already stand on line 2.")
    ]


# What files of people hold besides


def test_rows_that_sum_up_others_are_left_out_and_said(found):
    taken = found("patient,date,total\nA,2024-01-02,5\nB,2024-01-02,7\n\nTotal,,12\nMean:,,6.0\n")
    taken.refuse()
    assert (taken.scores, taken.skipped) == (2, 2)
    assert [say(notice) for notice in taken.notices] == [
        "Line 5 (total) sums up the others and was left out.",
        "Line 6 (mean) sums up the others and was left out.",
    ]


def test_a_patient_called_mean_is_one(read):
    assert read("patient,date,total\nMean,2024-01-02,5\n") == [(2, "Mean", "2024-01-02", 5)]


def test_a_title_and_groups_above_the_header(read, found):
    text = "Scores of the clinic,,,\n,,PHQ-9,GAD-7\npatient,date,total,total\nA,2024-01-02,5,20\n"
    assert read(text) == [(4, "A", "2024-01-02", 5)]
    assert found(text).problems == ()


def test_a_second_row_of_headings(found, problems):
    text = "patient,date,total\nCode,yyyy-mm-dd,points\nA,2024-01-02,5\n"
    taken = found(text)
    taken.refuse()
    assert [say(n) for n in taken.notices] == ["Line 2 was taken for a second row of headings and left out."]
    again = text + "Code,yyyy-mm-dd,points\n"
    assert [line for line, _, _ in problems(again)] == [4, 4], "further down it is no heading"


def test_old_encodings(read, notices):
    text = "patient,date,total\nZoë,2024-01-02,5\n"
    assert read(text.encode("utf-16")) == read(text) == read(text.encode("latin-1"))
    assert notices(text.encode("utf-16")) == []
    (said,) = notices(text.encode("latin-1"))
    assert said.startswith("scores.csv is not UTF-8 text and was read as Western European (“Zoë”)")


def test_semicolons_decimal_commas_and_sep(read, problems):
    text = "patient;date;total;weight\nA;2024-01-02;5;71,5\nB;2024-01-02;6;80,25\n"
    assert [row[3] for row in read(text)] == [5, 6]
    assert [row[3] for row in read("sep=;\n" + text)] == [5, 6]
    assert problems("patient;date;total\nA;2024-01-02;5,5\n") == [(2, "total", "5,5 is not a whole number.")]


def test_day_numbers_are_said(notices):
    said = "Days are written as a spreadsheet's numbers: 45443 was read as 31 May 2024."
    assert notices("patient,date,total\nA,45443,5\nA,45444,5\n") == [said]


# Which columns


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("Client ID,Date,Occasion,PHQ-9 total", Columns("Client ID", "Date", "PHQ-9 total")),
        ("IDs,Timestamp,Score,GAD-7", Columns("IDs", "Timestamp", "Score")),
        (
            "id,date,gad1,gad2,gad3,gad4,gad5,gad6,gad7," + ",".join(f"Q{n}" for n in range(1, 10)),
            Columns("id", "date", "", tuple(f"Q{n}" for n in range(1, 10))),
        ),
        (
            "code,date," + ",".join(f"item {n:02}" for n in range(1, 11)),
            Columns("code", "date", "", tuple(f"item {n:02}" for n in range(1, 10)), "item 10"),
        ),
        (
            "patient,date," + ",".join(f"phq{n}" for n in range(1, 10)),
            Columns("patient", "date", "", tuple(f"phq{n}" for n in range(1, 10))),
        ),
        ("patient,date of birth,name", Columns("patient", "")),
        (
            "patient,start,week 0,week 4",
            Columns("patient", "start", occasions=(("week 0", "0"), ("week 4", "4"))),
        ),
        ("patient,Client ID,date,total", Columns("", "date", "total")),
    ],
)
def test_guessed_columns(tmp_path, header, columns):
    path = tmp_path / "guess.csv"
    path.write_text(f"{header}\nA,2024-01-02\n")
    assert guess(open_table(path)) == columns


def test_our_own_export_comes_back(read):
    header = "patient,date,week,total,completeness,answered," + ",".join(f"item{n}" for n in range(1, 11))
    row = "A,2024-01-08,0.00,13,complete,9,3,2,1,0,3,2,1,0,1,2,yes,2024-01-09"
    assert read(f"{header},counts,session_date\n{row}\n")[0][3] == (3, 2, 1, 0, 3, 2, 1, 0, 1)


def test_unknown_codes_may_be_left_out_with_all_that_is_wrong_in_their_rows(found, refused):
    text = "patient,date,total\nA,2024-01-02,5\nB,never,99\n"
    taken = found(text, unknown=Unknown.SKIP)
    assert (taken.scores, taken.skipped, taken.problems, taken.unknown) == (0, 2, (), ("A", "B"))
    said = "There is nothing to import: no row is of a patient in the caseload."
    assert refused(text, unknown=Unknown.SKIP) == said


def test_codes_of_one_file_that_differ_by_case_or_accent(notices):
    text = "patient,date,total\nZoë 1,2024-01-02,5\nzoe1,2024-01-02,5\n"
    assert notices(text) == ["Zoë 1 and zoe1 differ only by case, accents or spaces."]
