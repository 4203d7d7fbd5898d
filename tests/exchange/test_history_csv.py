"""The history as CSV: what it says, that a spreadsheet opens it and runs nothing in it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

from trdtrack.domain.history import Line
from trdtrack.domain.records import Patient
from trdtrack.exchange.history_csv import HEADER, history_csv

AT = datetime(2026, 5, 4, 10, 30, 15, 999, tzinfo=UTC)
MOMENT = "2026-05-04T10:30:15+00:00"
ADA = Patient(code="A-3")
ADDED = Line(
    number=1, edit=1, at=AT, who="Dr Test", title="undo: Add", kind="patient", record=ADA.id, before=None, after=ADA
)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_line_each_in_the_order_given() -> None:
    renamed = replace(ADDED, title="Correct", before=ADA, after=replace(ADA, code="A-4"), why="typed, wrongly")
    content = history_csv([renamed, ADDED])
    assert rows(content) == [
        list(HEADER),
        [MOMENT, "Dr Test", "Correct", "Patient A-3: code changed A-3 -> A-4, typed, wrongly", "typed, wrongly"],
        [MOMENT, "Dr Test", "Undo: Add", "Patient A-3 added", ""],
    ]
    assert content.count(b"\r\n") == 3
    assert not content.startswith(b"\xef\xbb\xbf")


def test_letters_beyond_ascii_bring_a_byte_order_mark() -> None:
    content = history_csv([replace(ADDED, who="Dr Müller")])
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows(content)[1][1] == "Dr Müller"


def test_no_cell_is_run_as_a_formula() -> None:
    row = rows(history_csv([replace(ADDED, who="=1+1", title="@SUM(A1)", why="-2\nnext line")]))[1]
    assert row[1:3] == ["'=1+1", "'@SUM(A1)"]
    assert row[4] == "'-2\nnext line"


def test_an_empty_history_is_its_heading() -> None:
    assert rows(history_csv([])) == [list(HEADER)]
