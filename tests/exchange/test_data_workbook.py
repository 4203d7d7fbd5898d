"""The workbook, opened again: typed cells that equal the records and summaries, no formulas, no names unless wanted."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import openpyxl
import pytest

from exchange.people import AT, OF_PATIENT, TODAY, awkward, cancelled, empty, held
from trdtrack.domain.records import Course, Patient, Rules, Session
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import data_workbook
from trdtrack.exchange.data_workbook import MOST_LETTERS, workbook
from trdtrack.words import say


def opened(people, **more):
    return openpyxl.load_workbook(io.BytesIO(workbook(people, at=AT, **more)))


def rows(sheet) -> list[dict[str, object]]:
    head, *rest = sheet.iter_rows(values_only=True)
    assert len(set(head)) == len(head)
    return [dict(zip(head, row, strict=True)) for row in rest]


def day(cell: object) -> date | None:
    assert cell is None or isinstance(cell, datetime)
    return cell and cell.date()


def yes(held_: bool | None) -> str | None:
    return None if held_ is None else "yes" if held_ else "no"


def test_a_sheet_a_kind_between_about_and_definitions(demo):
    book = opened(demo)
    assert book.sheetnames[0] == "About"
    assert book.sheetnames[-1] == "Definitions"
    assert book.sheetnames[1:5] == ["Patients", "Courses of care", "Sessions", "PHQ-9"]
    assert len(book.sheetnames) == len(OF_PATIENT) + 2
    for sheet in book:
        assert sheet.freeze_panes == ("A2" if sheet.title in {"About", "Definitions"} else "B2")
        assert sheet.auto_filter.ref
        assert all(cell.font.bold for cell in sheet[1])


def test_courses_are_the_summaries(demo):
    people = [*demo, awkward()]
    found = rows(opened(people)["Courses of care"])
    found = [row for row in found if row["reason for withdrawing"] is None]
    summaries = [s for p in people for s in p.summaries]
    assert len(found) == len(summaries)
    for row, s in zip(found, summaries, strict=True):
        base, latest = s.baseline, s.latest
        assert row["baseline total"] == (base.point.total if base else None)
        assert day(row["baseline date"]) == (base.point.date if base else None)
        assert row["latest total"] == (latest.total if latest else None)
        assert day(row["week 0"]) == s.week_zero
        assert (row["change"], row["weeks"]) == (s.change, s.weeks)
        assert (
            row["percent change"] == pytest.approx(s.percent_change) if s.percent_change else not row["percent change"]
        )
        assert row["reliable"] == (s.reliable.value if s.reliable else None)
        assert [row["response"], row["remission"], row["recovery"]] == [
            *map(yes, (s.response, s.remission, s.recovery))
        ]
        assert row["prorated"] == yes(s.prorated)
        assert (row["attended"], row["age"]) == (s.attended, s.age)
        assert row["signal"] == s.standing.signal.value
        assert row["sentence"] == say(s.sentence)
        assert row["severity"] == (say(s.severity) if s.severity else None)
    changes = [row["change"] for row in found if row["change"] is not None]
    assert all(type(change) is int for change in changes)
    assert min(changes) < 0 < max(changes)


def test_scores_are_typed_and_equal_the_points(demo):
    people = [*demo, awkward()]
    found = [row for row in rows(opened(people)["PHQ-9"]) if row["reason for withdrawing"] is None]
    points = {p.assessment.id: p for held_ in people for s in held_.summaries for p in s.points}
    scores = [a for p in people for a in p.dossier.assessments]
    assert len(found) == len(scores)
    for row, a in zip(found, scores, strict=True):
        point = points[a.id]
        assert day(row["date"]) == a.date
        assert row["total"] == point.score.total
        assert tuple(row[f"item {n}"] for n in range(1, 10)) == (a.answers or (None,) * 9)
        assert (row["item 10"], row["completeness"]) == (a.difficulty, point.score.completeness.value)
    (lost,) = [r for r in rows(opened(people)["PHQ-9"]) if r["reason for withdrawing"]]
    assert (lost["reason for withdrawing"], lost["total"], lost["item 1"]) == ("wrong person", None, 2)


def test_no_cell_is_a_formula_and_no_text_looks_like_one():
    content = workbook([awkward(), awkward("@SUM(A1)")], at=AT, names=True)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
    book = openpyxl.load_workbook(io.BytesIO(content))
    texts = [c.value for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str)]
    assert not [text for text in texts if text[0] in "=+-@"]
    assert {"'=1+1", "'@SUM(A1)", "'=found"} <= set(texts)


def test_about_names_the_rules_in_force_and_what_the_figures_do_not_say():
    patient = Patient(code="P-1")
    ours = held(patient, [Course(patient=patient.id)], rules=Rules(reliable_change=7, prorate=False, trial_weeks=5))
    said = {str(a): str(b) for a, b in opened([ours])["About"].iter_rows(values_only=True)}
    assert said["Made"].startswith("22 Nov 2026, 12:30")
    assert said["Program"].startswith("TRDTrack ")
    assert said["Patients"] == "1"
    assert "7 points or more" in said["Reliable change"]
    assert said["Missing answers"] == "A questionnaire with any answer missing has no total."
    assert "5 weeks" in said["Treatment resistance"]
    other = [str(b) for _, b in opened([awkward()])["About"].iter_rows(values_only=True)]
    for words in ("prorated: the mean", "6 points or more", "do not predict this person", "usual care alone", "32%"):
        assert any(words in line for line in other), words
    assert "Reliable change" not in {a for a, _ in opened([empty()])["About"].iter_rows(values_only=True)}


def test_names_only_where_wanted():
    text = lambda book: str([row for sheet in book for row in sheet.iter_rows(values_only=True)])  # noqa: E731
    assert "Quill" not in text(opened([awkward()]))
    assert "Zoë O'Quill 山田" in text(opened([awkward()], names=True))


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    patient = Patient(code="P-1")
    course = Course(patient=patient.id)
    for note in ("x" * 40_000, "😀" * 20_000):
        session = Session(patient=patient.id, course=course.id, date=TODAY, note=note, entered=AT)
        (row,) = rows(opened([held(patient, [course, session])])["Sessions"])
        found = str(row["note"])
        assert found.startswith(note[:1000])
        assert found.endswith("CSV tables)")
        assert len(found.encode("utf-16-le")) // 2 <= MOST_LETTERS


def test_a_day_before_spreadsheets_is_a_text():
    patient = Patient(code="P-1", date_of_birth=date(1899, 12, 24))
    (row,) = rows(opened([held(patient, [])])["Patients"])
    assert row["date of birth"] == "1899-12-24"
    (row,) = rows(opened([held(replace(patient, date_of_birth=date(1900, 1, 2)), [])])["Patients"])
    assert day(row["date of birth"]) == date(1900, 1, 2)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(data_workbook, "MOST_ROWS", 5)
    with pytest.raises(Refusal) as caught:
        workbook([awkward()], at=AT)
    assert say(caught.value.what) == "The sheet Sessions would have too many rows: export a selection."


def test_moments_are_in_the_zone_of_the_export():
    east = AT.astimezone(timezone(timedelta(hours=5)))
    book = openpyxl.load_workbook(io.BytesIO(workbook([awkward()], at=east)))
    assert rows(book["Sessions"])[0]["typed in at"] == datetime(2026, 11, 22, 17, 30)  # noqa: DTZ001 - as a sheet has it
    assert "17:30 +0500" in str(book["About"]["B2"].value)


def test_a_cancel_in_the_middle_raises_out(demo):
    with pytest.raises(KeyboardInterrupt):
        workbook(cancelled(demo), at=AT)


def test_the_same_people_give_the_same_bytes(demo):
    assert workbook(demo, at=AT) == workbook(demo, at=AT)
    assert workbook(demo, at=AT) != workbook(demo, at=AT + timedelta(days=1))
