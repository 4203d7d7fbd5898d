"""FHIR in: a PHQ-9 coded in LOINC becomes a score by the same rules as a table's row; all else is refused in words."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from trdtrack.caseload import Caseload
from trdtrack.domain.edit import added
from trdtrack.domain.message import message
from trdtrack.domain.records import Assessment, Patient
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.fhir_in import examine_fhir, fhir_table
from trdtrack.exchange.score_file import Found, Unknown
from trdtrack.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
PASSPHRASE = "six small lamps"
# clinical.md §1, written again here so that a code mistyped in the program shows.
CODES = ["44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"]
ANSWERS = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
DIFFICULTY = {"LA6572-7": 0, "LA6573-5": 1, "LA6575-0": 2, "LA6574-3": 3}
GIVEN = (2, 3, 3, 2, 1, 3, 2, 0, 1)
LOINC = "http://loinc.org"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def coded(code: str, *, system: str = LOINC, **more: Any) -> dict[str, Any]:
    return {"valueCoding": {"system": system, "code": code, **more}}


def question(link: str, *answers: dict[str, Any]) -> dict[str, Any]:
    return {"linkId": link, "text": "any", **({"answer": list(answers)} if answers else {})}


def questions(given: tuple[int | None, ...] = GIVEN, *, slash: str = "/") -> list[dict[str, Any]]:
    pairs = zip(CODES, given, strict=True)
    return [question(slash + code, *([] if n is None else [coded(ANSWERS[n])])) for code, n in pairs]


def response(items: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A QuestionnaireResponse as US Core writes it."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "phq9-1",
        "questionnaire": "http://hl7.org/fhir/us/core/Questionnaire/phq-9-example",
        "status": "completed",
        "subject": {"reference": "Patient/example", "display": "Amy V. Shaw"},
        "authored": "2026-04-20T23:30:00-05:00",
        "item": questions() if items is None else items,
        **more,
    }


def total(points: Any = 17, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": LOINC, "code": "44261-6"}]},
        "subject": {"reference": "Patient/example"},
        "effectiveDateTime": "2026-04-21",
        "valueQuantity": {"value": points, "code": "{score}"},
        **more,
    }


def person(number: str, *identifiers: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": number, "identifier": list(identifiers), "name": [{"family": "Shaw"}]}


def bundle(*resources: dict[str, Any], kind: str = "collection", **more: Any) -> dict[str, Any]:
    entries = [{"fullUrl": f"http://example.org/fhir/x/{n}", "resource": r} for n, r in enumerate(resources)]
    return {"resourceType": "Bundle", "type": kind, "entry": entries, **more}


@pytest.fixture
def caseload(tmp_path: Path) -> Iterator[Caseload]:
    with closing(Caseload.create(tmp_path / "new.trdtrack", PASSPHRASE, who="Dr New")) as made:
        yield made


@pytest.fixture
def rows(tmp_path: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """The rows a file becomes: patient, date, total, nine items, difficulty."""

    def rows(content: Any) -> list[tuple[Any, ...]]:
        path = tmp_path / "scores.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return [row.cells for row in fhir_table(path).rows]

    return rows


@pytest.fixture
def found(tmp_path: Path, caseload: Caseload) -> Callable[..., Found]:
    def found(content: Any, **more: Any) -> Found:
        path = tmp_path / "scores.json"
        path.write_text(json.dumps(content))
        return examine_fhir(path, caseload, **{"unknown": Unknown.CREATE, "match": {}, "at": AT, **more})

    return found


@pytest.fixture
def refused(rows: Callable[..., Any]) -> Callable[[Any], str]:
    def refused(content: Any) -> str:
        with pytest.raises(Refusal) as caught:
            rows(content)
        return say(caught.value.what)

    return refused


def problems(found: Found) -> list[tuple[int, str, str]]:
    assert found.edit is None
    return [(problem.line, problem.column, say(problem.what)) for problem in found.problems]


@pytest.mark.parametrize("slash", ["/", "", "/44249-1/"])
def test_the_answers_of_us_core_link_ids_and_plain_codes(slash: str, rows: Callable[..., Any]):
    items = [*questions(slash=slash), question(f"{slash}69722-7", coded("LA6573-5"))]
    assert rows(response(items)) == [("example", "2026-04-20", None, *GIVEN, 1)]


def test_questions_within_a_group_and_their_total(rows: Callable[..., Any]):
    scored = question("/44261-6", {"valueDecimal": 17.0})
    group = {"linkId": "/44249-1", "item": [*questions(), scored]}
    assert rows(response([group])) == [("example", "2026-04-20", 17, *GIVEN, None)]


@pytest.mark.parametrize(("code", "points"), DIFFICULTY.items())
def test_difficulty_by_its_own_codes(code: str, points: int, rows: Callable[..., Any]):
    (row,) = rows(response([*questions(), question("/69722-7", coded(code))]))
    assert row[-1] == points


@pytest.mark.parametrize(
    ("answer", "cell"),
    [
        ({"valueInteger": 2}, 2),
        ({"valueDecimal": 2.0}, 2),
        ({"valueDecimal": 1.5}, 1.5),
        ({"valueBoolean": True}, "true"),
        ({"valueInteger": True}, "true"),
        (coded("LA6570-1", system=""), 2),
        (coded("at-risk", system="urn:x", extension=[{"url": ORDINAL, "valueDecimal": 2}]), 2),
        (coded("LA6570-1", extension=[{"url": ORDINAL, "valueDecimal": 2}]), 2),
        (coded("LA6570-1", extension=[{"url": ORDINAL, "valueDecimal": 3}]), "LA6570-1 / 3"),
        (coded("LA6570-1", system="urn:x"), "LA6570-1"),
        (coded("LA9999-9"), "LA9999-9"),
        (coded("LA6573-5"), "LA6573-5"),
        (coded("unknown", system="http://terminology.hl7.org/CodeSystem/data-absent-reason"), None),
    ],
)
def test_an_answer_in_each_form(answer: dict[str, Any], cell: Any, rows: Callable[..., Any]):
    items = questions()
    items[0]["answer"] = [answer]
    (row,) = rows(response(items))
    assert (row[3], type(row[3])) == (cell, type(cell)) or row[3] == cell == 2


def test_what_is_no_answer_is_a_problem_of_its_question(found: Callable[..., Found]):
    items = questions()
    items[0]["answer"] = [coded("LA9999-9")]
    items[4]["answer"] = [coded(ANSWERS[1]), coded(ANSWERS[2])]
    items[8]["answer"] = [{"valueInteger": 4}]
    assert problems(found(bundle(person("example"), response(items)))) == [
        (2, "item 1", "LA9999-9 is not an answer: they are 0, 1, 2 or 3."),
        (2, "item 5", "1, 2 is not an answer: they are 0, 1, 2 or 3."),
        (2, "item 9", "4 is not an answer: they are 0, 1, 2 or 3."),
    ]


def test_a_missing_answer_is_missing_and_never_0(found: Callable[..., Found], caseload: Caseload):
    given = (None, *GIVEN[1:8], None)
    caseload.edit(found(response(questions(given), questionnaire="http://loinc.org/q/44249-1|2.7")).refuse(), at=AT)
    (assessment,) = caseload.records("assessment")
    assert isinstance(assessment, Assessment)
    assert (assessment.answers, assessment.total) == (given, None)


def test_imported_as_one_edit_that_is_undone_at_once(found: Callable[..., Found], caseload: Caseload):
    usual = {"use": "usual", "system": "urn:mrn", "value": " P-7 "}
    old, official = {"use": "old", "value": "P-1"}, {"use": "official", "value": "19800229"}
    later = response(authored="2026-04-27", id="phq9-2")
    alone = total(11, effectiveDateTime="2026-05-01")
    content = bundle(response(), person("example", old, official, usual), later, alone)
    one = found(content)
    assert (one.rows, one.scores, one.patients, one.skipped, one.problems) == (3, 3, 1, 0, ())
    assert [(r.line, r.code, r.day, r.total, r.answers) for r in one.preview] == [
        (1, "P-7", date(2026, 4, 20), None, GIVEN),
        (3, "P-7", date(2026, 4, 27), None, GIVEN),
        (4, "P-7", date(2026, 5, 1), 11, None),
    ]
    caseload.edit(one.refuse(), at=AT)
    patient = caseload.patient_by_code("P-7")
    assert [(a.date, a.score().total) for a in caseload.assessments(patient.id)] == [
        (date(2026, 4, 20), 17),
        (date(2026, 4, 27), 17),
        (date(2026, 5, 1), 11),
    ]
    assert caseload.check() == ()
    assert [say(notice) for notice in found(content).notices] == [
        "All of this is already in the caseload: there is nothing new to import."
    ]
    caseload.undo(at=AT)
    assert caseload.patients() == []


def test_an_unknown_patient_is_created_skipped_or_matched(found: Callable[..., Found], caseload: Caseload):
    known = Patient(code="P-9")
    caseload.edit(added(message("Add"), known), at=AT)
    content = bundle(response(), response(subject={"identifier": {"value": "p-9"}}))
    made = found(content)
    assert (made.patients, made.unknown, made.near) == (2, ("example", "p-9"), {"p-9": ("P-9",)})
    skipped = found(content, unknown=Unknown.SKIP, match={"p-9": "P-9"})
    assert (skipped.scores, skipped.patients, skipped.skipped) == (1, 0, 1)
    caseload.edit(skipped.refuse(), at=AT)
    assert len(caseload.assessments(known.id)) == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"subject": {"identifier": {"value": "MRN 12"}}}, "MRN 12"),
        ({"subject": {"reference": "http://example.org/fhir/Patient/77/_history/3"}}, "77"),
        ({"subject": {"reference": "urn:uuid:3f1c"}}, "3f1c"),
        (
            {"subject": {"reference": "#p"}, "contained": [person("p", {"value": "C-4"})]},
            "C-4",
        ),
        ({"subject": {"reference": "#p"}, "contained": [person("p")]}, None),
        ({"subject": {}}, None),
        ({"subject": None}, None),
    ],
)
def test_whose_it_is(more: dict[str, Any], code: str | None, rows: Callable[..., Any]):
    assert rows(response(**more))[0][0] == code


def test_a_patient_is_found_by_the_entrys_url(rows: Callable[..., Any]):
    content = bundle(person("", {"value": "P-3"}), response(subject={"reference": "urn:uuid:aa"}))
    content["entry"][0]["fullUrl"] = "urn:uuid:aa"
    assert rows(content)[0][0] == "P-3"


def test_two_patients_with_one_identifier_are_never_one(refused: Callable[[Any], str]):
    two = [person(n, {"system": f"urn:{n}", "value": "12"}) for n in ("a", "b")]
    scores = [response(subject={"reference": f"Patient/{n}"}) for n in ("a", "b")]
    assert refused(bundle(*two, *scores)) == "scores.json: two patients have the identifier 12."


@pytest.mark.parametrize(
    ("authored", "said"),
    [
        ("2026-04", "2026-04 is not a date: write 2024-05-31."),
        ("2026-02-30", "There is no such day as 2026-02-30."),
        ("2026-05-05", "2026-05-05 is in the future."),
        ("", "The date is missing."),
    ],
)
def test_a_day_that_is_none(authored: str, said: str, found: Callable[..., Found]):
    assert problems(found(response(authored=authored))) == [(1, "date", said)]


def test_a_total_that_is_not_the_sum_is_a_problem(found: Callable[..., Found]):
    said = [(1, "total", "The total is 18, but the nine answers add up to 17.")]
    assert problems(found(response([*questions(), question("/44261-6", {"valueInteger": 18})]))) == said
    assert problems(found(bundle(response(), total(18, effectiveDateTime="2026-04-20")))) == said
    derived = total(18, derivedFrom=[{"reference": "QuestionnaireResponse/phq9-1"}])
    assert problems(found(bundle(response(), derived))) == said
    both = response([*questions(), question("/44261-6", {"valueInteger": 17})])
    (problem,) = problems(found(bundle(both, total(18, derivedFrom=[{"reference": "http://example.org/fhir/x/0"}]))))
    assert problem == (1, "total", "17 / 18 is not a whole number.")


def test_a_total_worked_out_from_answers_that_are_there_is_no_second_score(found: Callable[..., Found]):
    derived = total(17, derivedFrom=[{"reference": "QuestionnaireResponse/phq9-1"}], effectiveDateTime="2026-04-21")
    one = found(bundle(response(), derived))
    assert (one.scores, one.problems) == (1, ())
    another = found(bundle(response(), {**derived, "derivedFrom": [{"reference": "QuestionnaireResponse/9"}]}))
    assert another.scores == 2


@pytest.mark.parametrize(
    ("points", "column", "said"),
    [
        (28, "total", "28 is not a PHQ-9 total: they go from 0 to 27."),
        (12.5, "total", "12.5 is not a whole number."),
        (-1, "total", "-1 is not a PHQ-9 total: they go from 0 to 27."),
        (None, "item 1", "None of the nine questions is answered, and there is no total."),
    ],
)
def test_a_total_that_is_none(points: Any, column: str, said: str, found: Callable[..., Found]):
    assert problems(found(total(points))) == [(1, column, said)]


def test_a_total_alone_is_total_only(found: Callable[..., Found], caseload: Caseload):
    caseload.edit(found(total(0, valueQuantity=None, valueInteger=0)).refuse(), at=AT)
    (assessment,) = caseload.records("assessment")
    assert isinstance(assessment, Assessment)
    assert (assessment.total, assessment.answers, assessment.date) == (0, None, date(2026, 4, 21))


@pytest.mark.parametrize("kind", ["collection", "document", "searchset", "transaction"])
def test_each_kind_of_bundle(kind: str, rows: Callable[..., Any]):
    assert len(rows(bundle({"resourceType": "Composition"}, person("example"), response(), kind=kind))) == 1


@pytest.mark.parametrize("status", ["in-progress", "entered-in-error", "stopped", ""])
def test_what_is_not_completed_is_left_out_and_said(status: str, found: Callable[..., Found], refused: Any):
    assert refused(response(status=status)) == "scores.json holds no completed PHQ-9."
    one = found(bundle(response(status="amended"), response(status=status, authored="2026-04-28")))
    assert one.scores == 1
    assert "1 PHQ-9 that is not completed was left out." in [say(notice) for notice in one.notices]


def test_another_questionnaire_beside_it_is_left_out_and_said(found: Callable[..., Found]):
    blood_pressure = {"resourceType": "Observation", "status": "final", "code": {"coding": []}}
    one = found(bundle(GAD7, response(), blood_pressure))
    assert one.scores == 1
    assert "2 entries that are other questionnaires or measurements were left out." in [say(n) for n in one.notices]


def test_a_questionnaire_that_comes_along_tells_the_codes(rows: Callable[..., Any], refused: Callable[[Any], str]):
    own = [question(f"q{n}", coded(ANSWERS[given])) for n, given in enumerate(GIVEN)]
    asked = {
        "resourceType": "Questionnaire",
        "url": "http://clinic.example/phq9",
        "item": [{"linkId": f"q{n}", "code": [{"system": LOINC, "code": code}]} for n, code in enumerate(CODES)],
    }
    answered = response(own, questionnaire="http://clinic.example/phq9|1.0")
    assert rows(bundle(asked, answered)) == [("example", "2026-04-20", None, *GIVEN, None)]
    assert "without LOINC codes" in refused(answered)


GAD7 = response([question("/69725-0", coded("LA6569-3")), question("/68509-9", coded("LA6569-3"))])
OTHER = "scores.json holds another questionnaire, or one without LOINC codes: no PHQ-9."
REFUSED: dict[str, tuple[Any, str]] = {
    "GAD-7": (GAD7, OTHER),
    "PHQ-2": (response(questions()[:2], questionnaire="http://loinc.org/q/55757-9"), OTHER),
    "PHQ-8": (response(questions()[:8]), OTHER),
    "no LOINC codes": (response([question(str(n), coded("LA6568-5")) for n in range(9)]), OTHER),
    "another resource": (person("a"), "scores.json is FHIR, but holds no PHQ-9 whose questions have LOINC codes."),
    "an empty bundle": (bundle(), "scores.json is FHIR, but holds no PHQ-9 whose questions have LOINC codes."),
    "a history": (
        bundle(response(), kind="history"),
        "scores.json is a Bundle of another kind: a collection, document, searchset or transaction is read.",
    ),
    "R5": (total(triggeredBy=[{"type": "reflex"}]), "scores.json is FHIR R5: FHIR R4 is read."),
    "a modifier": (
        response(modifierExtension=[{"url": "urn:not"}]),
        "scores.json: entry 1 is changed in its meaning by an extension.",
    ),
    "XML": (b'\xef\xbb\xbf <Bundle xmlns="http://hl7.org/fhir"/>', "scores.json is XML: FHIR is read as JSON only."),
    "broken JSON": (b'{"resourceType": "Bundle",', "scores.json is not JSON that can be read."),
    "deep JSON": (b"[" * 200_000, "scores.json is not JSON that can be read."),
    "no number": (b'{"resourceType": "Bundle", "total": NaN}', "scores.json is not JSON that can be read."),
    "other JSON": ({"scores": []}, "scores.json is neither a TRDTrack archive nor FHIR."),
    "a list": ([response()], "scores.json is neither a TRDTrack archive nor FHIR."),
    "a group": (response(subject={"reference": "Group/1"}), "scores.json has a score that is not of a patient."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_something_else_is_refused_in_words(case: str, refused: Callable[[Any], str]):
    content, said = REFUSED[case]
    assert refused(content) == said


@pytest.mark.parametrize("name", ["item", "answer", "valueCoding", "extension", "linkId", "subject", "authored"])
@pytest.mark.parametrize("odd", [None, 5, "x", [], [None], {}, {"a": []}, True])
def test_odd_shapes_are_never_a_crash(name: str, odd: Any, found: Callable[..., Found]):
    """Whatever stands where, the answer is a Refusal, problems, or a score whose odd answer is blank."""
    items = questions()
    content = response(items)
    if name in content:
        content[name] = odd
    elif name in items[0]:
        items[0][name] = odd
    else:
        items[0]["answer"][0] = odd if name == "answer" else {"valueCoding": odd}
    try:
        one = found(content)
    except Refusal:
        return
    assert one.problems or one.preview[0].answers in {GIVEN, (None, *GIVEN[1:])}


def test_one_page_of_a_search_is_said_to_be_one(found: Callable[..., Found]):
    content = bundle(response(), kind="searchset", link=[{"relation": "next", "url": "http://example.org/?page=2"}])
    assert "one page of a longer search" in " ".join(say(notice) for notice in found(content).notices)
