"""The research export: the numbers are the summaries', and nothing in it names, dates or describes anybody."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import re
import zipfile
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from enum import Enum

import pytest

from exchange.people import ZERO, awkward, cancelled, empty, held
from trdtrack.domain.records import Course, Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import research
from trdtrack.exchange.research import research_csv
from trdtrack.words import day, say

KEY = bytes(range(32))


def files(people, *, key: bytes = KEY) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(research_csv(people, key=key))) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def study(patient: str) -> str:
    return "S" + hmac.new(KEY, patient.encode(), hashlib.sha256).hexdigest()[:10]


def said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.value) if isinstance(value, Enum) else str(value)


def held_texts(people) -> set[str]:
    """Every name, code, text, day and moment held about them, and every id."""
    found: set[str] = set()
    for person in people:
        dossier = person.dossier
        for field in fields(dossier):
            value = getattr(dossier, field.name)
            for record in value if isinstance(value, tuple) else (value,):
                for cell in (getattr(record, f.name) for f in fields(record)):
                    if isinstance(cell, date):
                        when = cell.date() if isinstance(cell, datetime) else cell
                        found |= {when.isoformat(), day(when), when.strftime("%d.%m.%Y"), when.strftime("%Y%m%d")}
                    elif isinstance(cell, str) and not isinstance(cell, Enum):
                        found |= {cell, *(word for word in re.findall(r"\w+", cell) if len(word) > 6)}
    return found


def test_nothing_of_anybody_is_in_it(demo, synthetic):
    people = [*demo, *synthetic, awkward(), empty()]
    data = {name: text for name, text in files(people).items() if name in {"scores.csv", "courses.csv"}}
    plain = {"1", "50", "12", "phq9", "", "ECT", "other"}
    texts = held_texts(people) - plain
    assert len(texts) > 800
    whole = "\n".join(text.partition("\r\n")[2] for text in data.values())
    assert [text for text in texts if text and text in whole] == []
    assert not re.search(r"\d{4}-\d\d|\d\d:\d\d", whole)
    everything = "\n".join(files(people).values())
    names = {p.dossier.patient.name for p in people} | {p.dossier.patient.code for p in people}
    assert not [name for name in names if len(name) > 4 and name in everything]


def test_every_cell_is_a_number_a_study_number_or_one_of_few_words(demo, synthetic):
    words = {
        *("yes", "no", "complete", "prorated", "total only", "no total", "met", "not met", "cannot tell"),
        *("improvement", "deterioration", "none", "individual", "group", "completed", "dropped out", "referred on"),
        *("died", "other", "CBT", "BA", "CBASP", "MBCT", "IPT", "psychodynamic", "DBT"),
        *("first episode", "recurrent", "chronic", "SSRI", "SNRI", "tricyclic", "MAOI"),
    }
    found = files([*demo, *synthetic, awkward()])
    for name in ("scores.csv", "courses.csv"):
        for row in rows(found[name]):
            for cell in row.values():
                for part in cell.split(", "):
                    assert part in words | {""} or re.fullmatch(r"-?\d+|S[0-9a-f]{10}", part), part


def test_scores_are_the_points(demo, synthetic):
    people = [*demo, *synthetic, awkward()]
    found = sorted(tuple(row.values()) for row in rows(files(people)["scores.csv"]))
    expected = []
    for person in people:
        for number, s in enumerate(person.summaries, start=1):
            for p in s.points:
                zero = s.week_zero
                items = p.assessment.answers or (None,) * 9
                attended = [x for x in s.sessions if x.attendance.value == "attended" and x.date <= p.date]
                cells = (
                    *(study(person.dossier.patient.id), number, (p.date - zero).days if zero else None, p.score.total),
                    *(p.score.completeness, p.score.answered if p.assessment.answers else None, *items),
                    *(
                        p.assessment.difficulty,
                        p.counts,
                        s.baseline is not None and s.baseline.point == p,
                        len(attended),
                    ),
                )
                expected.append(tuple(map(said, cells)))
    assert found == sorted(expected)
    assert len(found) > 200


def test_courses_are_the_summaries(demo, synthetic):
    people = [*demo, *synthetic, awkward()]
    found = {(row["study_id"], row["course"]): row for row in rows(files(people)["courses.csv"])}
    summaries = {(study(p.dossier.patient.id), str(n)): s for p in people for n, s in enumerate(p.summaries, start=1)}
    assert found.keys() == summaries.keys()
    for key, s in summaries.items():
        row = found[key]
        assert row["baseline_total"] == said(s.baseline and s.baseline.point.total)
        assert row["latest_total"] == said(s.latest and s.latest.total)
        assert row["change"] == said(s.change)
        assert [row[n] for n in ("reliable", "response", "remission", "recovery", "prorated")] == [
            *map(said, (s.reliable, s.response, s.remission, s.recovery, s.prorated))
        ]
        assert row["attended"] == str(s.attended)
        assert int(row["attended"]) + int(row["missed"]) == len(s.sessions)
        assert row["end_reason"] == (s.course.end_reason.value if s.ended else "")
        assert row["outcome_total"] == said(s.outcome and s.outcome.total)
        if s.ended and s.week_zero:
            assert row["end_day"] == str((s.course.end - s.week_zero).days)
    assert len({row["therapist"] for row in found.values()}) > 1


def test_what_was_given_before(demo):
    first, second = rows(files([awkward()])["courses.csv"])
    assert (first["drug_classes"], first["augmentation"], first["ect"]) == ("SSRI", "yes", "yes")
    assert first["therapist"] == second["therapist"]
    assert (first["age"], first["resistance_criterion"]) == ("89", "cannot tell")
    assert [row["baseline"] for row in rows(files([awkward()])["scores.csv"])].count("yes") == 2


@pytest.mark.parametrize(
    ("born", "age"), [(ZERO.replace(year=1920), "89"), (ZERO.replace(year=2010), "18"), (None, "")]
)
def test_rare_ages_are_capped(born, age):
    patient = Patient(code="P-1", date_of_birth=born)
    (row,) = rows(files([held(patient, [Course(patient=patient.id, start=ZERO)])])["courses.csv"])
    assert row["age"] == age


def test_the_key_decides_the_numbers_and_their_order(synthetic):
    one, again, other = files(synthetic), files(synthetic[::-1]), files(synthetic, key=bytes(32))
    assert one == again
    ids = [[row["study_id"] for row in rows(found["courses.csv"])] for found in (one, other)]
    assert ids[0] == sorted(ids[0])
    assert not set(ids[0]) & set(ids[1])
    with pytest.raises(ValueError, match="too short"):
        research_csv(synthetic, key=b"short")


def test_two_people_never_share_a_number(monkeypatch):
    monkeypatch.setattr(research, "DIGITS", 0)
    with pytest.raises(Refusal) as caught:
        files([awkward(), awkward()])
    assert say(caught.value.what) == "Two people would get the same study number: please try again."


def test_every_column_is_defined_and_the_caveat_is_there():
    found = files([awkward()])
    defined = [(row["file"], row["column"]) for row in rows(found["definitions.csv"])]
    there = [(name, column) for name in ("scores.csv", "courses.csv") for column in rows(found[name])[0]]
    assert defined == there
    assert all(row["meaning"] and row["unit"] for row in rows(found["definitions.csv"]))
    assert "fewer than 10" in found["README.txt"]
    assert "may be recognised" in found["README.txt"]


def test_without_a_week_zero_there_is_no_day():
    person = awkward()
    patient, course = person.dossier.patient, person.dossier.courses[0]
    score = replace(person.dossier.assessments[0], date=ZERO + timedelta(days=1))
    (row,) = rows(files([held(patient, [replace(course, start=None, end=None, end_reason=""), score])])["scores.csv"])
    assert (row["day"], row["total"], row["attended"]) == ("", "20", "0")


def test_a_cancel_raises_out(synthetic):
    with pytest.raises(KeyboardInterrupt):
        research_csv(cancelled(synthetic), key=KEY)
