"""The service report as a workbook, opened again: numbers as numbers, hidden ones as words, nobody in it."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from domain.outcomes_made import case, group, outcomes

from exchange.people import AT
from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.service_definitions import definitions
from trdtrack.domain.service_report import service_report
from trdtrack.exchange.service_workbook import service_workbook
from trdtrack.words import say


def opened(found) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(service_workbook(found, at=AT)))


def test_every_figure_is_in_its_cell() -> None:
    found = outcomes()
    book = opened(found)
    for table in service_report(found).tables:
        head, *lines = book[say(table.title)[:31]].iter_rows(values_only=True)
        assert len(set(head)) == len(head)
        for row, line in zip(table.rows, lines, strict=False):
            assert line[0].startswith(say(row.name))
            for cell, value in zip(row.cells, line[1:], strict=True):
                assert value == ("not shown" if cell.hidden else cell.value)


def test_numbers_are_set_as_what_they_are() -> None:
    sheet = opened(outcomes())["What was reached by the end"]
    assert [cell.number_format for cell in sheet[2][1:4]] == ["0", "0%", "0%"]
    assert [cell.value for cell in sheet[2]][:3] == ["reliable improvement", 22, 0.55]
    assert [cell.value for cell in sheet[1]][2:5] == ["of all", "of all, 95% from", "of all, to"]


def test_it_explains_itself() -> None:
    found = outcomes()
    book = opened(found)
    told = {row[0]: row[1] for row in book["Definitions"].iter_rows(min_row=2, values_only=True)}
    assert told == {say(term): say(meaning) for term, meaning in definitions(found)}
    about = list(book["About"].iter_rows(min_row=2, values_only=True))
    assert ("Modality", "all") in about
    assert sum(name == "Please keep in mind" for name, _what in about) == 5


def test_nobody_is_in_it() -> None:
    cases = tuple(case(n, 20, 9, code=f"ZQ-{n}", therapist="Quillfeather", patient=f"id-{n}") for n in range(40))
    content = service_workbook(outcomes(cases=cases), at=AT)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            assert not re.search(rb"ZQ-\d|Quillfeather|id-\d", parts.read(name)), name


def test_a_name_that_looks_like_a_formula_is_text() -> None:
    book = opened(outcomes(choice=Choice(therapist="=1+1")))
    [cell] = [row[1] for row in book["About"].iter_rows(min_row=2) if row[0].value == "Therapist"]
    assert cell.data_type == "s"
    assert cell.value.lstrip("'") == "=1+1"


def test_too_few_are_refused() -> None:
    with pytest.raises(Refusal, match="single people"):
        service_workbook(outcomes(all=group(4, 4)), at=AT)
