"""The service report as PDF, read back: its figures, that nobody is in it, and that it is tagged and archivable."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from domain.outcomes_made import TODAY, case, group, outcomes
from pypdf import PdfReader

from report.held import flat, text
from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.service_definitions import definitions
from trdtrack.domain.service_report import service_report
from trdtrack.evidence import default_benchmark
from trdtrack.report.service import service_data, typeset_service
from trdtrack.report.sheet import Size
from trdtrack.words import say


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return typeset_service(outcomes(), made=TODAY).pdf


def test_every_figure_of_every_table_is_on_it(pdf: bytes) -> None:
    read = flat(text(pdf))
    for table in service_report(outcomes()).tables:
        assert flat(say(table.title)) in read
        for row in table.rows:
            name = f"{say(row.name)} ({say(row.remark)})" if row.remark else say(row.name)
            line = " ".join([name, *(say(cell.words) for cell in row.cells)])
            assert flat(line) in read


def test_definitions_and_limits_are_on_it(pdf: bytes) -> None:
    read = flat(text(pdf))
    for term, meaning in definitions(outcomes()):
        assert flat(f"{say(term)}: {say(meaning)}") in read
    for caveat in default_benchmark().caveats:
        assert flat(caveat) in read
    assert "De-identified" in read


def test_nobody_is_on_it() -> None:
    cases = tuple(case(n, 20, 9, code=f"ZQ-{n}", therapist="Quillfeather", patient=f"id-{n}") for n in range(40))
    paper = typeset_service(outcomes(cases=cases), made=TODAY)
    read = text(paper.pdf) + repr(PdfReader(io.BytesIO(paper.pdf)).metadata)
    assert not re.search(r"ZQ-\d|Quillfeather|id-\d", read)
    chosen = typeset_service(outcomes(cases=cases, choice=Choice(therapist="Quillfeather")), made=TODAY)
    assert "Quillfeather" in text(chosen.pdf)


def test_the_picture_stands_where_the_fall_is_shown() -> None:
    def pictured(**fields: object) -> bool:
        return any(table["picture"] for table in service_data(outcomes(**fields), made=TODAY)["tables"])

    assert pictured()
    fall = outcomes().fall
    assert not pictured(fall=replace(fall, n=4))
    assert not pictured(fall=replace(fall, observed=None, low=None, high=None, mean_progress=None))


@pytest.mark.parametrize(("size", "width"), [(Size.A4, 595), (Size.LETTER, 612)])
def test_its_paper(size: Size, width: int) -> None:
    paper = typeset_service(outcomes(), made=TODAY, size=size, demo="Demo data, not a real patient")
    pages = PdfReader(io.BytesIO(paper.pdf)).pages
    assert round(float(pages[0].mediabox.width)) == width
    assert "Demo data" in pages[0].extract_text()
    assert paper.dropped is None
    assert len(pages) <= 3


def test_it_is_tagged_and_archivable(pdf: bytes, tmp_path) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    xmp = reader.xmp_metadata
    assert xmp is not None
    packet = xmp.stream.get_data().decode()
    assert "pdfuaid" in packet
    assert "pdfaid" in packet
    if shutil.which("pdfinfo") is None:
        return
    path = tmp_path / "service.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdfinfo", "-struct-text", path], capture_output=True, text=True, check=True).stdout
    assert told.count("Table") >= 11
    assert "Figure" in told
    assert "Formula" not in told


def test_too_few_are_refused() -> None:
    with pytest.raises(Refusal, match="single people"):
        typeset_service(outcomes(all=group(4, 4)), made=TODAY)
