"""FHIR out: valid R4 by fhir.resources and by lists of the codes it lets through, and back in to the same scores."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from exchange.people import AT, TODAY, ZERO, awkward, cancelled, empty
from trdtrack.caseload import Caseload
from trdtrack.exchange.fhir_in import examine_fhir, fhir_table
from trdtrack.exchange.fhir_out import fhir_bundle
from trdtrack.exchange.score_file import Unknown
from trdtrack.words import phq9_wording

LOINC = "http://loinc.org"
# clinical.md §1, written again here so that a code mistyped in the program shows.
CODES = ["44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"]
ANSWERS = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
DIFFICULTY = ["LA6572-7", "LA6573-5", "LA6575-0", "LA6574-3"]
# hl7.org/fhir/R4: the required value sets of what is written.
STATUS = {
    "Questionnaire": {"draft", "active", "retired", "unknown"},
    "QuestionnaireResponse": {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
    "Observation": {
        *("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown")
    },
    "EpisodeOfCare": {"planned", "waitlist", "active", "onhold", "finished", "cancelled", "entered-in-error"},
    "Encounter": {
        *("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error"),
        "unknown",
    },
    "MedicationStatement": {
        *("active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken")
    },
    "Procedure": {
        *("preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown")
    },
    "Flag": {"active", "inactive", "entered-in-error"},
}
USES = {"usual", "official", "temp", "secondary", "old"}
ITEM_TYPES = {"group", "display", "boolean", "decimal", "integer", "date", "string", "text", "choice", "quantity"}
TERMS = "http://terminology.hl7.org/CodeSystem/"
CODINGS = {
    f"{TERMS}v3-ActCode": {"AMB"},
    f"{TERMS}observation-category": {"survey"},
    f"{TERMS}flag-category": {"safety"},
    LOINC: {*CODES, *ANSWERS, *DIFFICULTY, "44249-1", "44261-6", "69722-7"},
}


def written(people, **more) -> dict[str, Any]:
    return json.loads(b"".join(fhir_bundle(people, at=AT, **more)))


def of(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def parts(value: Any) -> list[dict[str, Any]]:
    """Every object within, itself first."""
    if isinstance(value, dict):
        return [value, *(p for inner in value.values() for p in parts(inner))]
    return [p for inner in value for p in parts(inner)] if isinstance(value, list) else []


def test_it_is_valid_and_every_required_code_is_one_of_r4(demo, synthetic):
    bundle = written([*demo, *synthetic, awkward(), empty()])
    Bundle.model_validate(bundle)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert bundle["timestamp"] == "2026-11-22T12:30:00+00:00"
    seen = set()
    for entry in bundle["entry"]:
        resource = entry["resource"]
        kind = resource["resourceType"]
        seen.add(kind)
        if kind in STATUS:
            assert resource["status"] in STATUS[kind]
        assert ("status" in resource) == (kind in STATUS)
        for identifier in resource.get("identifier", []):
            assert identifier["use"] in USES
        for part in parts(resource):
            if "system" in part and "code" in part and part["system"] in CODINGS:
                assert part["code"] in CODINGS[part["system"]]
            elif "system" in part:
                assert (part["system"], part["code"]) in {
                    ("http://unitsofmeasure.org", "{score}"),
                    ("http://unitsofmeasure.org", "min"),
                }
            assert part  # an empty object is not allowed
            assert all(value not in ("", None, []) for value in part.values())
        if kind == "Encounter":
            assert resource["class"]["code"] == "AMB"
        if kind == "Questionnaire":
            assert {item["type"] for item in resource["item"]} <= ITEM_TYPES
    assert seen == {*STATUS, "Patient"}


def test_every_reference_leads_to_an_entry_of_the_right_kind(demo, synthetic):
    bundle = written([*demo, *synthetic, awkward()])
    there = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert len(there) == len(bundle["entry"])
    for entry in bundle["entry"]:
        assert entry["fullUrl"] == f"urn:uuid:{entry['resource']['id']}"
    wanted = {
        "subject": {"Patient"},
        "patient": {"Patient"},
        "encounter": {"Encounter"},
        "episodeOfCare": {"EpisodeOfCare"},
        "derivedFrom": {"QuestionnaireResponse"},
    }
    count = 0
    for entry in bundle["entry"]:
        for name, kinds in wanted.items():
            found = entry["resource"].get(name, [])
            for reference in found if isinstance(found, list) else [found]:
                assert there[reference["reference"]] in kinds
                count += 1
    assert count == sum("reference" in part for part in parts(bundle))
    forms = {form["url"] for form in of(bundle, "Questionnaire")}
    assert {answers["questionnaire"] for answers in of(bundle, "QuestionnaireResponse")} == forms
    assert len(forms) == 1


def test_the_form_is_the_validated_wording_under_the_same_link_ids():
    (form,) = of(written([]), "Questionnaire")
    wording = phq9_wording()
    stem, *items = form["item"]
    assert (stem["type"], stem["text"]) == ("display", wording.stem)
    assert [item["text"] for item in items] == [*wording.items, wording.difficulty]
    assert [item["linkId"] for item in items] == [f"/{code}" for code in (*CODES, "69722-7")]
    for item in items:
        options = [option["valueCoding"] for option in item["answerOption"]]
        last = item["linkId"] == "/69722-7"
        assert [option["code"] for option in options] == (DIFFICULTY if last else ANSWERS)
        assert [option["display"] for option in options] == [*(wording.difficulty_answers if last else wording.answers)]
        assert [option["extension"][0]["valueDecimal"] for option in options] == [0, 1, 2, 3]
    assert form["copyright"] == wording.licence


def test_answers_and_totals_are_the_records(demo):
    people = [*demo, awkward()]
    bundle = written(people)
    points = {p.assessment.id: p for held in people for s in held.summaries for p in s.points}
    answered = {r["id"].replace("-", ""): r for r in of(bundle, "QuestionnaireResponse")}
    assert set(answered) == {i for i, p in points.items() if p.assessment.answers}
    for one, response in answered.items():
        given = {item["linkId"][1:]: item["answer"][0]["valueCoding"] for item in response["item"]}
        assessment = points[one].assessment
        expected = {c: ANSWERS[a] for c, a in zip(CODES, assessment.answers, strict=True) if a is not None}
        if assessment.difficulty is not None:
            expected["69722-7"] = DIFFICULTY[assessment.difficulty]
        assert {code: answer["code"] for code, answer in given.items()} == expected
        assert response["authored"] == assessment.date.isoformat()
    totals = of(bundle, "Observation")
    expected_totals = sorted(
        (p.date.isoformat(), p.score.total, p.assessment.answers is not None)
        for p in points.values()
        if p.score.total is not None
    )
    read = [(r["effectiveDateTime"], r["valueQuantity"]["value"], "derivedFrom" in r) for r in totals]
    assert sorted(read) == expected_totals
    assert all("interpretation" not in r for r in totals)


def test_how_a_total_came_about_is_said():
    notes = {
        r["effectiveDateTime"]: r["note"][0]["text"] for r in of(written([awkward()]), "Observation") if "note" in r
    }
    days = [(ZERO + timedelta(days=n)).isoformat() for n in (7, 21)]
    assert notes == {
        days[0]: "Prorated: 7 of 9 questions answered.",
        days[1]: "Only the total is known, not the answers.",
    }


def test_the_care_is_the_record(demo):
    bundle = written([*demo, awkward()])
    courses = [s for p in (*demo, awkward()) for s in p.summaries]
    episodes = of(bundle, "EpisodeOfCare")
    assert [e.get("period", {}).get("start") for e in episodes] == [
        s.week_zero and s.week_zero.isoformat() for s in courses
    ]
    assert [e["status"] == "finished" for e in episodes] == [s.ended for s in courses]
    mine = written([awkward()])
    assert [(e["status"], e["length"]["value"] if "length" in e else None) for e in of(mine, "Encounter")] == [
        *[("finished", 50)] * 4,
        ("cancelled", None),
    ]
    drugs = {d["medicationCodeableConcept"]["text"]: d["status"] for d in of(mine, "MedicationStatement")}
    assert drugs == {"sertraline": "completed", "lithium": "active", "mirtazapine": "unknown"}
    assert [p["status"] for p in of(mine, "Procedure")] == ["completed"]
    assert [f["period"] for f in of(mine, "Flag")] == [{"start": ZERO.isoformat()}]
    (patient,) = of(mine, "Patient")
    assert patient["identifier"] == [{"use": "usual", "value": "=1+1"}]
    assert (patient["name"], patient["birthDate"]) == ([{"text": "Zoë O'Quill 山田"}], "1931-02-03")


def test_no_note_and_nothing_withdrawn_goes_out_and_names_only_where_wanted():
    text = b"".join(fhir_bundle([awkward()], at=AT)).decode()
    for words in ("note", "sister", "chemist", "Snowdrop", "Finch", "=found", "quiet", "walk", "=other", "typed twice"):
        assert words not in text.replace('"note":[{"text":"', "").replace("@notes of hers", "note"), words
    assert "Dr Wren" in text
    bare = b"".join(fhir_bundle([awkward()], at=AT, names=False)).decode()
    for words in ("Quill", "山田", "1931", "Wren"):
        assert words not in bare, words
    Bundle.model_validate_json(bare)


@pytest.mark.parametrize("which", ["demo", "synthetic", "awkward"])
def test_it_comes_in_again_to_the_same_scores(which, request, tmp_path):
    people = [awkward("A-1")] if which == "awkward" else request.getfixturevalue(which)
    path = tmp_path / "bundle.json"
    path.write_bytes(b"".join(fhir_bundle(people, at=AT)))
    scores = [(p.dossier.patient.code, a) for p in people for a in p.dossier.assessments]
    assert len(fhir_table(path).rows) == len(scores) > 5
    with closing(Caseload.create(tmp_path / "new.trdtrack", "six small lamps", who="t")) as caseload:
        found = examine_fhir(path, caseload, unknown=Unknown.CREATE, match={}, at=AT)
        found.refuse()
        assert found.edit
        caseload.edit(found.edit, at=AT)
        again = [(p.dossier.patient.code, a) for p in caseload.held(today=TODAY) for a in p.dossier.assessments]
    key = lambda pair: (pair[0], pair[1].date, str(pair[1].answers), pair[1].total, pair[1].difficulty)  # noqa: E731
    assert sorted(map(key, again), key=str) == sorted(map(key, scores), key=str)


def test_ids_stay_the_same_and_nobody_is_a_form_alone():
    person = awkward()
    assert written([person]) == written([person])
    assert len(written([])["entry"]) == 1
    assert [e["resource"]["resourceType"] for e in written([empty()])["entry"]] == ["Questionnaire", "Patient"]


def test_it_is_written_a_person_at_a_time_and_a_cancel_raises_out(demo):
    asked = []

    def people():
        for person in demo:
            asked.append(person)
            yield person

    found = fhir_bundle(cancelled(people(), after=3), at=AT)
    next(found), next(found), next(found)
    assert len(asked) == 1
    with pytest.raises(KeyboardInterrupt):
        list(found)
    assert len(asked) == 4
