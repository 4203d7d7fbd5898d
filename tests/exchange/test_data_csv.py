"""CSV for one, several or all patients: every score once, and back in through the import; a zip with everything."""

from __future__ import annotations

import csv
import io
import zipfile
from contextlib import closing
from dataclasses import fields

import pandas as pd
import pytest

from exchange.people import AT, OF_PATIENT, TODAY, awkward, cancelled, empty, held
from trdtrack.caseload import Caseload
from trdtrack.domain.records import Assessment, Course, Patient, Session
from trdtrack.exchange.csv_text import unguarded
from trdtrack.exchange.data_meanings import MEANINGS
from trdtrack.exchange.score_file import Choices, Unknown, completed, examine, open_table
from trdtrack.exchange.tables import HEADER, scores_csv, tables_zip
from trdtrack.words import say


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def tables(people, **more) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(tables_zip(people, at=AT, **more))) as archive:
        return {name: lines(archive.read(name)) for name in archive.namelist()}


def columns(people, **more) -> dict[str, list[str]]:
    """The heading of every table, whether or not it has rows."""
    with zipfile.ZipFile(io.BytesIO(tables_zip(people, at=AT, **more))) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    return {name: next(csv.reader(io.StringIO(text, newline=""))) for name, text in texts.items()}


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def test_every_score_of_everybody_once(demo, synthetic):
    people = [*demo, *synthetic, awkward(), empty()]
    found = lines(scores_csv(people))
    expected = []
    for person in people:
        for count, summary in enumerate(person.summaries, start=1):
            for point in summary.points:
                if point.assessment.course == summary.course.id:
                    items = point.assessment.answers or (None,) * 9
                    row = (person.dossier.patient.code, point.date.isoformat(), point.score.total, *items, str(count))
                    expected.append(row)
    names = [f"item{n}" for n in range(1, 10)]
    read = [
        (unguarded(r["patient"]), r["date"], number(r["total"]), *(number(r[n]) for n in names), r["course"])
        for r in found
    ]
    assert read == expected
    assert len(found) == sum(len(p.dossier.assessments) for p in people) > 300
    assert {r["course"] for r in found} >= {"1", "2"}


def test_a_baseline_written_in_another_course_stands_once():
    person = awkward()
    first, second = person.summaries
    assert second.baseline.point.assessment.course == first.course.id
    assert second.baseline.point.total == 7
    found = [(r["total"], r["course"]) for r in lines(scores_csv([person]))]
    assert found == [*((total, "1") for total in ("20", "13", "13", "", "12", "7")), ("0", "2")]


def test_a_session_of_another_course_is_still_its_day():
    (person,) = [awkward()]
    found = lines(scores_csv([person]))
    assert [r["session_date"] for r in found] == ["", "2024-03-04", "2024-03-11", "2024-03-18", "", "", ""]


def test_it_comes_in_again_unchanged(tmp_path, synthetic):
    """Into an empty caseload: the same people, days, answers and totals, and out again the same but for the weeks."""
    people = [*synthetic, awkward()]
    path = tmp_path / "scores.csv"
    path.write_bytes(scores_csv(people))
    table = open_table(path)
    with closing(Caseload.create(tmp_path / "new.trdtrack", "six small lamps", who="t")) as caseload:
        found = examine(table, Choices(completed(table, {}), unknown=Unknown.CREATE), caseload, at=AT)
        found.refuse()
        assert found.edit
        caseload.edit(found.edit, at=AT)
        again = list(caseload.held(today=TODAY))
    key = lambda a: (a.date, a.answers or a.total, a.difficulty)  # noqa: E731
    was = {p.dossier.patient.code: [key(a) for a in p.dossier.assessments] for p in people if p.dossier.assessments}
    now = {p.dossier.patient.code: [key(a) for a in p.dossier.assessments] for p in again}
    assert now == was
    assert len(was) > 20


def test_a_cancel_raises_out(synthetic):
    for make in (scores_csv, lambda people: tables_zip(people, at=AT)):
        with pytest.raises(KeyboardInterrupt):
            make(cancelled(synthetic))


def test_nobody_is_a_table_with_a_header_alone():
    assert scores_csv([]) == (",".join(HEADER) + "\r\n").encode()
    found = tables([])
    assert all(not rows for name, rows in found.items() if name not in {"definitions.csv", "about.csv"})
    assert found["definitions.csv"]


def test_the_zip_holds_every_record_of_every_kind(demo):
    people = [*demo, awkward()]
    found = tables(people)
    assert set(found) == {f"{kind.kind}.csv" for kind in OF_PATIENT} | {"definitions.csv", "about.csv"}
    for kind in OF_PATIENT:
        held_ = [r for p in people for f in fields(p.dossier) for r in _listed(getattr(p.dossier, f.name))]
        assert len(found[f"{kind.kind}.csv"]) == sum(isinstance(r, kind) for r in held_), kind
    (mine,) = [r for r in found["course.csv"] if r["withdrawn"]]
    assert (mine["withdrawn"], mine["course"], mine["baseline_total"]) == ("typed twice", "", "")
    (lost,) = [r for r in found["session.csv"] if r["withdrawn"]]
    assert (lost["withdrawn"], lost["session_number"]) == ("'=other patient", "")


def _listed(value):
    return value if isinstance(value, tuple) else (value,)


def test_every_field_of_every_kind_has_its_column_and_every_column_its_definition():
    found, headings = tables([awkward()], names=True), columns([awkward()], names=True)
    assert headings == columns([], names=True)
    hidden = {"id", "patient"}
    other = {"answers": "item1", "difficulty": "item10", "session": "session_date", "start": "week_0"}
    for kind in OF_PATIENT:
        for field in fields(kind):
            name = other.get(field.name, field.name) if kind in {Assessment, Course} else field.name
            name = "patient" if kind is Patient and name == "code" else name
            assert name in hidden or name in headings[f"{kind.kind}.csv"], (kind, name)
    defined = [(r["table"], r["column"]) for r in found["definitions.csv"]]
    there = [(f"{kind.kind}.csv", column) for kind in OF_PATIENT for column in headings[f"{kind.kind}.csv"]]
    assert defined == there
    assert all(r["meaning"] and r["unit"] and r["source"] for r in found["definitions.csv"])
    said = {(r["table"], r["column"]): r for r in found["definitions.csv"]}
    assert said["session.csv", "attendance"]["meaning"] == "attendance: attended, late cancel, did not attend"
    assert said["course.csv", "reliable"]["source"] == "NHS Talking Therapies convention"
    assert [said["risk.csv", n]["unit"] for n in ("opened", "assessment", "closing_note")] == ["date", "date", "text"]


def test_meanings_are_of_fields_that_are_there():
    there = {(kind.kind, field.name) for kind in OF_PATIENT for field in fields(kind)}
    assert set(MEANINGS) <= there


def test_names_only_where_wanted_and_no_ids_anywhere():
    person = awkward()
    assert "Quill" not in str(tables([person]))
    assert "Zoë O'Quill 山田" in str(tables([person], names=True))
    ids = {r.id for f in fields(person.dossier) for r in _listed(getattr(person.dossier, f.name))}
    cells = {cell for rows in tables([person], names=True).values() for row in rows for cell in row.values()}
    assert not ids & cells


def test_no_text_is_a_formula():
    cells = [cell for rows in tables([awkward()], names=True).values() for row in rows for cell in row.values()]
    texts = [cell for cell in cells if cell and not _is_number(cell)]
    assert not [cell for cell in texts if cell[0] in "=+-@"]
    assert {"'=1+1", "'@notes of hers", "'=quiet since", "'-asked", "'=found", "'+note 0"} <= set(texts)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_pandas_reads_numbers_as_numbers_and_days_as_days(demo):
    with zipfile.ZipFile(io.BytesIO(tables_zip(demo, at=AT))) as archive:
        courses = pd.read_csv(io.BytesIO(archive.read("course.csv")), parse_dates=["week_0"])
    summaries = [s for p in demo for s in p.summaries]
    assert courses["change"].dropna().tolist() == [s.change for s in summaries if s.change is not None]
    assert min(courses["change"].dropna()) < 0
    assert courses["week_0"].dropna().dt.date.tolist() == [s.week_zero for s in summaries if s.week_zero]
    assert courses["sentence"].tolist() == [say(s.sentence) for s in summaries]


def test_sessions_are_numbered():
    patient = Patient(code="L-1")
    course = Course(patient=patient.id, start=TODAY)
    days = [Session(patient=patient.id, course=course.id, date=TODAY, entered=AT) for _ in range(3)]
    found = tables([held(patient, [course, *days])])["session.csv"]
    assert [r["session_number"] for r in found] == ["1", "2", "3"]
