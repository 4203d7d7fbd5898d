"""Workbooks as they come: real XLSX files, by openpyxl, or by hand where it would not write such a thing."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from trdtrack.exchange.score_file import open_table

HEAD = ("patient", "date", "total")


def written(*rows, more=None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if more:
        more(book)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_excel_writes(*rows) -> bytes:
    """Return a workbook with its texts in a part of their own, as Excel keeps them and openpyxl does not."""
    texts = []

    def shared(text: re.Match[bytes]) -> bytes:
        texts.append(text[2])
        return b'<c%s t="s"><v>%d</v></c>' % (text[1], len(texts) - 1)

    content = changed(written(*rows), SHEET, lambda xml: re.sub(INLINE, shared, xml))
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    content = changed(content, "[Content_Types].xml", lambda xml: xml.replace(b"</Types>", override))
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as archive:
        items = b"".join(b"<si><t>%s</t></si>" % text for text in texts)
        namespace = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (namespace, items))
    return made.getvalue()


def changed(content: bytes, part: str, change) -> bytes:
    """Return a workbook with one of its parts rewritten."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return made.getvalue()


INLINE = rb'<c([^>]*) t="inlineStr"><is><t>([^<]*)</t></is></c>'
SHEET = "xl/worksheets/sheet1.xml"


def test_dates_serials_and_whole_numbers(found):
    rows = (
        ("A", date(2024, 5, 31), 5),
        ("B", datetime(2024, 5, 31, 9, 30), 5.0),  # noqa: DTZ001 - a spreadsheet's
        (12, 45443, 5),
        (12.0, "1.6.2024", "5"),
        ("  C ", "2024-05-31", 27),
    )
    taken = found(written(HEAD, *rows))
    taken.refuse()
    assert [(p.code, p.day.isoformat(), p.total) for p in taken.preview] == [
        ("A", "2024-05-31", 5),
        ("B", "2024-05-31", 5),
        ("12", "2024-05-31", 5),
        ("12", "2024-06-01", 5),
        ("C", "2024-05-31", 27),
    ]


def test_what_is_wrong_is_told_by_the_sheets_own_rows(problems):
    content = written((), HEAD, (), ("A", date(2024, 5, 31), 5.5), (), ("B", date(2030, 1, 1), 28), (None, None, None))
    assert problems(content) == [
        (4, "total", "5.5 is not a whole number."),
        (6, "date", "2030-01-01 is in the future."),
        (6, "total", "28 is not a PHQ-9 total: they go from 0 to 27."),
    ]


def test_a_code_that_a_spreadsheet_made_a_date_of(problems):
    content = written(HEAD, (date(2024, 1, 2), date(2024, 5, 31), 5))
    assert problems(content) == [(2, "patient", "2024-01-02 is a date, not a patient's code.")]


def test_formulas_give_their_stored_result_or_a_problem(read, problems):
    content = written(HEAD, ("A", date(2024, 5, 31), "=2+3"), ("=B1", "=TODAY()", 4))
    formula = "is a formula without a stored result: save the file in the spreadsheet."
    assert problems(content) == [
        (2, "total", f"=2+3 {formula}"),
        (3, "patient", f"=B1 {formula}"),
        (3, "date", f"=TODAY() {formula}"),
    ]
    stored = changed(
        written(HEAD, ("A", date(2024, 5, 31), "=2+3")),
        SHEET,
        lambda xml: xml.replace(b"<f>2+3</f><v />", b"<f>2+3</f><v>5</v>").replace(
            b"<f>2+3</f><v></v>", b"<f>2+3</f><v>5</v>"
        ),
    )
    assert read(stored) == [(2, "A", "2024-05-31", 5)]


def test_merged_cells_are_said_and_never_guessed(problems, notices):
    content = written(
        ("Scores of the clinic",),
        HEAD,
        ("A", date(2024, 5, 30), 5),
        ("B", date(2024, 5, 31), 5),
        more=lambda book: (book.active.merge_cells("A1:C1"), book.active.merge_cells("A3:A4")),
    )
    assert problems(content) == [(4, "patient", "The patient's code is missing.")]
    assert notices(content) == [
        "scores.csv has merged cells: only the first of them holds a value, the others are empty."
    ]


def test_hidden_sheets_are_not_offered(tmp_path, notices, refused, read):
    def more(book):
        book.active.title = "Old"
        book.active.sheet_state = "hidden"
        for name, code in (("Now", "N"), ("Then", "T")):
            sheet = book.create_sheet(name)
            sheet.append(HEAD)
            sheet.append((code, "2024-05-31", 5))

    content = written(HEAD, ("H", "2024-05-31", 5), more=more)
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert (open_table(path).sheet, open_table(path).sheets) == ("Now", ("Now", "Then"))
    assert read(content)[0][1] == "N"
    assert read(content, sheet="Then")[0][1] == "T"
    assert notices(content) == ["Hidden sheets were not read: Old."]
    assert refused(content, sheet="Old") == "The sheet Old is hidden: show it in the spreadsheet first."
    assert refused(content, sheet="x") == "scores.csv has no sheet x; its sheets are: Now, Then."
    assert refused("patient,date,total\nA,2024-01-02,5\n", sheet="x") == "scores.csv is a text file: it has no sheets."


def test_blank_lines_trailing_totals_and_two_header_rows(found):
    groups = (None, None, *["PHQ-9"] * 1, *[None] * 8, "GAD-7")
    items = ("Client", "Date", *(str(n) for n in range(1, 10)), "1")
    content = written(groups, items, ("A", date(2024, 5, 31), *[1] * 9, 3), (), ("Mean", None, *[1.0] * 9, 3))
    taken = found(content)
    (patient, _, score) = (step.after for step in taken.refuse().steps)
    assert (patient.code, score.answers, taken.skipped) == ("A", (1,) * 9, 1)


def test_a_wide_sheet_headed_with_dates(read):
    content = written(("patient", date(2024, 5, 31), date(2024, 6, 30)), ("A", 20, None), ("B", 18, 9))
    assert read(content) == [(2, "A", "2024-05-31", 20), (3, "B", "2024-05-31", 18), (3, "B", "2024-06-30", 9)]


def test_twenty_thousand_columns_in_one_row(refused):
    said = "scores.csv has more than 1000 columns: that is not a list of scores."
    assert refused(written(HEAD, *[("A", "2024-05-31", 5)] * 20, (None,) * 16_000 + (1,))) == said


def test_a_zip_bomb_is_refused_from_the_archives_directory(refused):
    bomb = changed(written(HEAD), SHEET, lambda _: bytes(200_000_000))
    assert len(bomb) < 1_000_000
    began = time.perf_counter()
    assert refused(bomb) == "scores.csv unpacks to more than 100 MB: that is not a list of scores."
    assert time.perf_counter() - began < 0.5


def test_a_directory_that_lies_about_sizes_unpacks_no_further(refused):
    bomb = bytearray(changed(written(HEAD), SHEET, lambda _: bytes(50_000_000)))
    bomb = bomb.replace((50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert refused(bytes(bomb)) == "scores.csv is damaged or not an Excel workbook: save it again as .xlsx or CSV."


def test_entities_that_grow_are_refused(refused):
    laughs = b'<!DOCTYPE x [<!ENTITY a "%s">' % (b"ha" * 50)
    for one, other in zip(b"bcdefg", b"abcdef", strict=True):
        laughs += b'<!ENTITY %c "%s">' % (one, b"&%c;" % other * 50)
    laughs += b"]>"
    inline = changed(
        written(HEAD), SHEET, lambda xml: xml.replace(b"<worksheet", laughs + b"<worksheet", 1).replace(b"date", b"&g;")
    )
    assert laughs in zipfile.ZipFile(io.BytesIO(inline)).read(SHEET)
    shared = changed(as_excel_writes(HEAD), "xl/sharedStrings.xml", lambda xml: laughs + xml.replace(b"total", b"&g;"))
    began = time.perf_counter()
    for content in (inline, shared):
        assert refused(content) == "scores.csv is damaged or not an Excel workbook: save it again as .xlsx or CSV."
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
def test_a_damaged_workbook(refused, read, part):
    whole = as_excel_writes(HEAD, ("A", "2024-05-31", 5))
    assert read(whole) == [(2, "A", "2024-05-31", 5)]
    content = changed(whole, part, lambda xml: xml[: len(xml) // 2])
    assert refused(content) == "scores.csv is damaged or not an Excel workbook: save it again as .xlsx or CSV."


def test_a_workbook_cut_short_and_another_archive(refused):
    content = written(HEAD, ("A", "2024-05-31", 5))
    assert "damaged" in refused(content[: len(content) // 2])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    said = "scores.csv is an archive, but no Excel workbook: save it as .xlsx or CSV first."
    assert refused(other.getvalue()) == said


def test_an_empty_workbook(refused):
    assert refused(written()) == "scores.csv is empty."
    assert refused(written(HEAD)) == "scores.csv has a header but no scores."


def test_too_many_rows_are_refused_on_the_way(refused, monkeypatch):
    monkeypatch.setattr("trdtrack.exchange.score_table.MOST_ROWS", 50)
    content = written(HEAD, *[("A", "2024-05-31", 5)] * 60)
    assert refused(content) == "scores.csv has more rows than this program takes at once (50): split it."
