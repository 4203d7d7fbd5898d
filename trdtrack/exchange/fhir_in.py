"""PHQ-9 scores from FHIR R4 JSON as a table like any other: a Bundle, a QuestionnaireResponse, or a total alone.

Read are QuestionnaireResponses whose questions carry LOINC codes in their linkIds ("/44250-9" as US Core writes them,
or "44250-9"), or through a Questionnaire that comes along; and Observations of the PHQ-9 total. A patient's code is the
Patient's identifier, else the id of the reference. The day is the one written in `authored`, in the clinic's own zone.

Sources: clinical rules, section 1 (LOINC codes); HL7 FHIR R4 (hl7.org/fhir/R4).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from trdtrack.domain import phq9
from trdtrack.domain.message import Message, message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import csv_text, loinc
from trdtrack.exchange.fhir_answers import answers_in, codes_of_links, is_phq9, number_of, points_of, single
from trdtrack.exchange.fhir_parts import People, codings, dicts, part, short, text
from trdtrack.exchange.score_file import Choices, Columns, Row, Table, examine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from trdtrack.caseload import Caseload
    from trdtrack.exchange.score_file import Cell, Found, Unknown
    from trdtrack.exchange.score_table import Tick

_BUNDLES = {"collection", "document", "searchset", "transaction"}
_ONLY_R5 = {"triggeredBy", "bodyStructure", "instantiatesCanonical", "instantiatesReference", "issues"}
_HEADER = ("patient", "date", "total", *(f"item {n}" for n in range(1, phq9.ITEMS + 1)), "difficulty")
COLUMNS = Columns(
    patient=_HEADER[0], date=_HEADER[1], total=_HEADER[2], items=_HEADER[3:-1], difficulty=_HEADER[-1], occasions=()
)
_DAY = 10


def examine_fhir(
    path: Path,
    caseload: Caseload,
    *,
    unknown: Unknown,
    match: Mapping[str, str],
    at: datetime,
    tick: Tick | None = None,
) -> Found:
    """Read a FHIR file and fit it to a caseload, as `score_file.examine` does a table. Writes nothing."""
    choices = Choices(columns=COLUMNS, unknown=unknown, match=match)
    return examine(fhir_table(path), choices, caseload, at=at, tick=tick)


def fhir_table(path: Path) -> Table:
    """Return the PHQ-9 scores of a FHIR file as a table, a score a row; a row's line is the entry's number.

    Refuses in one sentence what is no FHIR R4 in JSON, or holds no PHQ-9.
    """
    data, name = csv_text.contents(path), path.name
    bundle = _parsed(data, name)
    resources = list(_resources(bundle, name))
    scores, notes = _scores(resources, name)
    if text(bundle, "type") == "searchset" and any(link.get("relation") == "next" for link in dicts(bundle, "link")):
        notes.append(message("The file is one page of a longer search: the other pages are not in it."))
    rows = tuple(Row(score.line, score.cells) for score in scores)
    return Table(
        name=name,
        sheet="",
        sheets=(),
        header=_HEADER,
        rows=rows,
        digest=hashlib.sha256(data).hexdigest(),
        notes=tuple(notes),
    )


def _parsed(data: bytes, name: str) -> dict[str, Any]:
    if data.removeprefix(csv_text.BOM).lstrip()[:1] == b"<":
        raise Refusal(message("{file} is XML: FHIR is read as JSON only.", file=name))
    try:
        found: Any = json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(message("{file} is not JSON that can be read.", file=name)) from error
    bundle = part({"": found}, "")
    if not text(bundle, "resourceType"):
        raise Refusal(message("{file} is neither a TRDTrack archive nor FHIR.", file=name))
    return bundle


def _no_constant(given: str) -> None:
    raise ValueError(given)


def _resources(bundle: dict[str, Any], name: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yield (number, full URL, resource) of a Bundle's entries, or the one resource there is."""
    if text(bundle, "resourceType") != "Bundle":
        found = [(1, "", bundle)]
    else:
        if text(bundle, "type") not in _BUNDLES:
            raise Refusal(
                message(
                    "{file} is a Bundle of another kind: a collection, document, searchset or transaction is read.",
                    file=name,
                )
            )
        found = [
            (number, text(entry, "fullUrl"), part(entry, "resource"))
            for number, entry in enumerate(dicts(bundle, "entry"), start=1)
        ]
    for number, url, resource in found:
        if _ONLY_R5 & (resource.keys() | bundle.keys()):
            raise Refusal(message("{file} is FHIR R5: FHIR R4 is read.", file=name))
        if resource.get("modifierExtension"):
            what = message("{file}: entry {n} is changed in its meaning by an extension.", file=name, n=number)
            raise Refusal(what)
        yield number, url, resource


@dataclass(frozen=True)
class _Score:
    """One PHQ-9: the entry's number, what it is called by or worked out from, and the cells of its row."""

    line: int
    names: frozenset[str]
    patient: str | None
    date: str | None
    total: Cell = None
    answers: tuple[Cell, ...] = (None,) * (phq9.ITEMS + 1)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The row of the table."""
        return (self.patient, self.date, self.total, *self.answers)


def _scores(resources: list[tuple[int, str, dict[str, Any]]], name: str) -> tuple[list[_Score], list[Message]]:
    people = People(((url, resource) for _, url, resource in resources), name=name)
    codes = codes_of_links(resource for _, _, resource in resources)
    responses: list[_Score] = []
    totals: list[_Score] = []
    unfinished = others = 0
    for line, url, resource in resources:
        kind, status = text(resource, "resourceType"), text(resource, "status")
        if kind == "QuestionnaireResponse":
            answers = answers_in(resource, codes.get(text(resource, "questionnaire").partition("|")[0], {}))
            if not is_phq9(resource, answers):
                others += 1
            elif status not in {"completed", "amended"}:
                unfinished += 1
            else:
                responses.append(_response(line, url, resource, answers, people))
        elif kind == "Observation":
            if loinc.TOTAL not in codings(dicts(part(resource, "code"), "coding")):
                others += 1
            elif status not in {"final", "amended", "corrected"}:
                unfinished += 1
            else:
                totals.append(_observed(line, resource, people))
    scores = _with_totals(responses, totals)
    if not scores and not unfinished:
        what = message("{file} is FHIR, but holds no PHQ-9 whose questions have LOINC codes.", file=name)
        if others:
            what = message("{file} holds another questionnaire, or one without LOINC codes: no PHQ-9.", file=name)
        raise Refusal(what)
    if not scores:
        raise Refusal(message("{file} holds no completed PHQ-9.", file=name))
    return scores, _left_out(unfinished, others)


def _left_out(unfinished: int, others: int) -> list[Message]:
    notes: list[Message] = []
    if unfinished:
        notes.append(
            plural(
                "{n} PHQ-9 that is not completed was left out.",
                "{n} PHQ-9s that are not completed were left out.",
                unfinished,
            )
        )
    if others:
        notes.append(
            plural(
                "{n} entry that is another questionnaire or measurement was left out.",
                "{n} entries that are other questionnaires or measurements were left out.",
                others,
            )
        )
    return notes


def _response(
    line: int, url: str, resource: dict[str, Any], answers: Mapping[str, list[dict[str, Any]]], people: People
) -> _Score:
    scales = [*((code, loinc.ANSWERS) for code in loinc.ITEMS), (loinc.DIFFICULTY, loinc.DIFFICULTIES)]
    return _Score(
        line,
        frozenset((url, f"QuestionnaireResponse/{text(resource, 'id')}")),
        people.code(resource),
        _day(text(resource, "authored")),
        single([number_of(answer) for answer in answers.get(loinc.TOTAL, [])]),
        tuple(single([points_of(given, scale) for given in answers.get(code, [])]) for code, scale in scales),
    )


def _observed(line: int, resource: dict[str, Any], people: People) -> _Score:
    days = (text(resource, "effectiveDateTime"), text(resource, "effectiveInstant"))
    day = next(filter(None, days), text(part(resource, "effectivePeriod"), "start"))
    return _Score(line, _sources(resource), people.code(resource), _day(day), number_of(resource))


def _sources(resource: dict[str, Any]) -> frozenset[str]:
    """Return what an observation was worked out from."""
    references = [text(one, "reference") for one in dicts(resource, "derivedFrom")]
    return frozenset(filter(None, (*references, *map(short, references))))


def _with_totals(responses: list[_Score], totals: list[_Score]) -> list[_Score]:
    """Return every score once: a total worked out from answers that are there belongs to them, and must be theirs."""
    scores, alone = list(responses), list[_Score]()
    for total in totals:
        of = [place for place, score in enumerate(scores) if score.names & total.names]
        when = (total.patient, total.date)
        of = of or [place for place, score in enumerate(scores) if (score.patient, score.date) == when]
        for place in of:
            there = scores[place].total
            both = total.total if there in {None, total.total} else f"{there} / {total.total}"
            scores[place] = replace(scores[place], total=both)
        if not of:
            alone.append(total)
    return sorted((*scores, *alone), key=lambda score: score.line)


def _day(written: str) -> str | None:
    """Return the day of a moment as it is written; what is no whole day stays as it is, to be refused as such."""
    return (written[:_DAY] if written[_DAY : _DAY + 1] == "T" else written) or None
