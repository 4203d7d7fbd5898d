"""What leaves the program at scale, against the same cells written by pandas and XlsxWriter."""

from __future__ import annotations

import io
import json
import shutil
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
import typst
from pypdf import PdfReader

from benchmarks.scale import now, synthetic
from benchmarks.started import PASSPHRASE
from benchmarks.subjects import runners
from trdtrack.caseload import Caseload
from trdtrack.exchange.csv_text import guarded
from trdtrack.exchange.data_columns import Person
from trdtrack.exchange.data_sheets import sheets
from trdtrack.exchange.data_workbook import workbook
from trdtrack.exports import EXPORTS, Source, Wishes
from trdtrack.exports.kinds import untold
from trdtrack.paths import resources
from trdtrack.report.summary import draw_chart, summary_data
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from trdtrack.domain.summary import Held

MANY, FEW = 500, 100
NAMED = ("About", "Definitions")


class Workbooks:
    """The data tables of so many patients as a workbook, and frames that hold the same cells."""

    def __init__(self, patients: int, folder: Path) -> None:
        path = folder / f"{patients}.trdtrack"
        shutil.copyfile(synthetic(patients), path)
        self._caseload = Caseload.open(path, PASSPHRASE, who="bench")
        self._at = now()
        self.people: list[Held] = []
        self.read()
        self.frames = {say(sheet.title): self._frame(sheet) for sheet in sheets(names=False)}
        self.made = {"ours": b"", "bare": b""}

    def close(self) -> None:
        self._caseload.close()

    def _frame(self, sheet) -> pd.DataFrame:
        cells = [[self._cell(cell) for cell in row] for person in self.people for row in sheet.rows(Person(person))]
        return pd.DataFrame(cells, columns=[say(column.heading) for column in sheet.columns], dtype=object)

    def _cell(self, cell):
        if isinstance(cell, datetime):
            return cell.astimezone(self._at.tzinfo).replace(tzinfo=None)
        return guarded(cell) if isinstance(cell, str) else cell

    def read(self) -> float:
        begin = time.perf_counter()
        self.people = list(self._caseload.held(today=self._at.date()))
        return time.perf_counter() - begin

    def ours(self) -> float:
        begin = time.perf_counter()
        self.made["ours"] = workbook(self.people, at=self._at)
        return time.perf_counter() - begin

    def bare(self) -> float:
        begin = time.perf_counter()
        whole = io.BytesIO()
        # As ours: no temporary files.
        options = {"options": {"in_memory": True}}
        with pd.ExcelWriter(whole, engine="xlsxwriter", engine_kwargs=options, date_format="yyyy-mm-dd") as book:
            for title, frame in self.frames.items():
                frame.to_excel(book, sheet_name=title, index=False)
        self.made["bare"] = whole.getvalue()
        return time.perf_counter() - begin


class Papers:
    """A patient's summary from the open file to the PDF around a chart drawn before, and the bare compile of it."""

    def __init__(self, folder: Path) -> None:
        path = folder / "papers.trdtrack"
        shutil.copyfile(synthetic(FEW), path)
        self._caseload = Caseload.open(path, PASSPHRASE, who="bench")
        at = now()
        held = next(h for h in self._caseload.held(today=at.date()) if h.summaries and len(h.summaries[-1].points) > 9)
        self.summary = held.summaries[-1]
        self._source = Source(
            self._caseload, (held.dossier.patient.id,), at=at, today=at.date(), course=self.summary.course.id
        )
        self._svg = draw_chart(self.summary)
        images = {"chart": self._svg.decode()}
        data = json.dumps(summary_data(self.summary, made=at.date()), ensure_ascii=False)
        self._inputs = images | {"data": data, "dropped": ""}
        self._template = (resources() / "report" / "summary.typ").read_bytes()
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(resources() / "fonts")]
        )
        self._stamp = datetime(at.year, at.month, at.day, tzinfo=UTC)
        self._nothing = folder
        self.made = {"ours": b"", "bare": b""}

    def close(self) -> None:
        self._caseload.close()

    def ours(self) -> float:
        begin = time.perf_counter()
        made = EXPORTS["pdf"].make(self._source, Wishes(), draw=lambda _draw: self._svg, tick=untold)
        took = time.perf_counter() - begin
        self.made["ours"] = made.content
        return took

    def bare(self) -> float:
        begin = time.perf_counter()
        compiler = typst.Compiler(
            input=self._template,
            root=str(self._nothing),
            font_paths=self._fonts,
            ignore_system_fonts=True,
            sys_inputs=self._inputs,
        )
        self.made["bare"] = compiler.compile(format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=self._stamp)
        return time.perf_counter() - begin

    def chart(self) -> float:
        begin = time.perf_counter()
        draw_chart(self.summary)
        return time.perf_counter() - begin


@pytest.fixture
def papers(qapp: object, tmp_path: Path) -> Iterator[Papers]:
    made = Papers(tmp_path)
    yield made
    made.close()


@pytest.mark.bench
def test_a_patients_pdf(race: Callable, compare: Callable, papers: Papers) -> None:
    took = race(runners(papers, "ours", "bare", "chart"), rounds=30, warmups=3)
    bare = "the bare typst compile of the finished source"
    compare(
        "a patient's summary read, summed up and typeset as PDF, its chart drawn before",
        bare,
        took["ours"],
        took["bare"],
        target=1.5,
    )
    compare("that chart drawn", bare, took["chart"], took["bare"], target=1)


def test_both_pdfs_are_the_same(papers: Papers) -> None:
    assert all(0 < run() < 60 for run in runners(papers, "ours", "bare", "chart").values())
    ours, bare = (PdfReader(io.BytesIO(papers.made[name])) for name in ("ours", "bare"))
    assert [page.extract_text() for page in ours.pages] == [page.extract_text() for page in bare.pages]
    assert str(papers.summary.latest.total) in ours.pages[0].extract_text()


@pytest.fixture
def workbooks(tmp_path: Path) -> Iterator[Callable[[int], Workbooks]]:
    made: list[Workbooks] = []

    def make(patients: int) -> Workbooks:
        made.append(Workbooks(patients, tmp_path))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.bench
def test_a_workbook(race: Callable, compare: Callable, workbooks: Callable[[int], Workbooks]) -> None:
    subject = workbooks(MANY)
    took = race(runners(subject, "ours", "bare", "read"), rounds=3, warmups=1)
    cells = sum(frame.size for frame in subject.frames.values())
    against = "pandas and XlsxWriter writing the same cells"
    compare(f"{MANY} patients, {cells:,} cells, to XLSX", against, took["ours"], took["bare"], target=3)
    # Reading stands apart: without it the row above is about writing alone.
    compare(f"{MANY} patients read and summed up for it", against, took["read"], took["bare"], target=1)


def test_both_workbooks_hold_the_same_cells(workbooks: Callable[[int], Workbooks]) -> None:
    subject = workbooks(FEW)
    assert all(0 < run() < 60 for run in runners(subject, "ours", "bare", "read").values())
    with (
        closing(openpyxl.load_workbook(io.BytesIO(subject.made["ours"]), read_only=True)) as ours,
        closing(openpyxl.load_workbook(io.BytesIO(subject.made["bare"]), read_only=True)) as bare,
    ):
        assert [title for title in ours.sheetnames if title not in NAMED] == bare.sheetnames
        for title in bare.sheetnames:
            there = list(bare[title].iter_rows(values_only=True))
            assert list(ours[title].iter_rows(values_only=True)) == there
            assert len(there) == len(subject.frames[title]) + 1
