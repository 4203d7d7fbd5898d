from __future__ import annotations

import json
from contextlib import closing

import pytest
from report.held import AT, CODE, TODAY, lived

from exchange.test_archive import SCHEMA, conforms
from trdtrack.domain.chain_head import ChainHead
from trdtrack.domain.history import describe
from trdtrack.exchange import plain
from trdtrack.exchange.record_json import record_json
from trdtrack.words import say


@pytest.fixture(scope="module")
def caseload(tmp_path_factory):
    with closing(lived(tmp_path_factory.mktemp("record"))) as caseload:
        yield caseload


@pytest.fixture(scope="module")
def held(caseload):
    return caseload.full_record(caseload.patient_by_code(CODE).id, today=TODAY)


@pytest.fixture(scope="module")
def found(held):
    return json.loads(record_json(held, at=AT, head=ChainHead(57, "ab" * 32)))


@pytest.fixture(scope="module")
def archived(caseload):
    """What the archive holds of the patient: records, history lines, drafts."""
    patient = caseload.patient_by_code(CODE).id
    about = {
        "records": lambda e: patient in (e["id"], e.get("patient")),
        "history": lambda e: patient in e["about"],
        "drafts": lambda e: e["patient"] == patient,
    }
    with caseload.contents() as (_count, entries):
        kept = [(section, e) for section, e in entries if about[section](e)]
    return {name: [e for section, e in kept if section == name] for name in about}


def test_it_says_what_it_is(found):
    later = ["chain_head", "records", "history", "drafts", "summaries"]
    assert list(found) == ["format", "version", "written", "patient", *later]
    assert (found["format"], found["version"], found["patient"]) == ("trdtrack-record", 1, CODE)
    assert found["chain_head"] == {"number": 57, "hash": "ab" * 32}
    assert found["written"] == AT.isoformat(timespec="seconds")


def test_every_record_is_as_the_archive_has_it(found, archived):
    assert {r["id"]: r for r in found["records"]} == {r["id"]: r for r in archived["records"]}
    assert len(found["records"]) == len(archived["records"]) > 30
    assert all(conforms(r, SCHEMA["$defs"][r["kind"]]) for r in found["records"])
    assert {r["withdrawn"] for r in found["records"]} == {None, "typed twice", "another\u2019s answers"}


def test_every_history_line_is_as_the_archive_has_it(found, archived, held):
    assert len(found["history"]) == len(archived["history"]) >= 40
    for line, kept, source in zip(found["history"], archived["history"], held.history, strict=True):
        for name in ("number", "edit", "undoes", "at", "who", "title", "kind", "record"):
            assert line[name] == kept[name]
        for side in ("before", "after"):
            fields = {name: value for name, value in (line[side] or {}).items() if name != "kind"}
            assert fields == json.loads(kept[side] or "{}")
        assert line["why"] == (kept["why"] or "")
        assert line["what"] == say(describe(source))


def test_drafts_and_summaries(found, archived, held):
    assert found["drafts"] == archived["drafts"]
    assert len(found["drafts"]) == 1
    assert found["summaries"] == json.loads(json.dumps([plain.summary(s) for s in held.summaries]))
    totals = [score["total"] for score in found["summaries"][0]["scores"]]
    assert totals == [p.total for p in held.summaries[0].counting]
