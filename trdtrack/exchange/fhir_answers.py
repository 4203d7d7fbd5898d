"""A questionnaire's answers in FHIR: which question each belongs to by its LOINC code, and its points."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trdtrack.exchange import loinc
from trdtrack.exchange.fhir_parts import codings, dicts, last_part, part, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trdtrack.exchange.score_file import Cell

_ORDINALS = {
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
}
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def codes_of_links(resources: Iterable[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the LOINC code of each linkId, by the URL of every Questionnaire that comes along."""
    found: dict[str, dict[str, str]] = {}
    for resource in resources:
        for one in (resource, *dicts(resource, "contained")):
            if text(one, "resourceType") != "Questionnaire":
                continue
            codes: dict[str, str] = {}
            for item in _items(one):
                for code in codings(dicts(item, "code")) & loinc.QUESTIONS:
                    codes[text(item, "linkId")] = code
            name = text(one, "id")
            found |= dict.fromkeys((text(one, "url") or name, f"Questionnaire/{name}", f"#{name}"), codes)
    return found


def _items(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the items of a questionnaire or its answers, those within groups included."""
    waiting = dicts(resource, "item")[::-1]
    while waiting:
        item = waiting.pop()
        waiting += dicts(item, "item")[::-1]
        yield item


def answers_in(resource: dict[str, Any], codes: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return the answers to each question by its LOINC code; `codes` leads to it where a linkId does not say it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in _items(resource):
        link = text(item, "linkId")
        found.setdefault(codes.get(link) or last_part(link), []).extend(dicts(item, "answer"))
    return found


def is_phq9(resource: dict[str, Any], answers: Mapping[str, object]) -> bool:
    """Whether it is a PHQ-9: shorter forms share its first questions, but not the ninth and not the total."""
    questionnaire = last_part(text(resource, "questionnaire").partition("|")[0])
    named = questionnaire == loinc.PANEL or loinc.PANEL in answers
    own = answers.keys() & {loinc.ITEMS[-1], loinc.TOTAL}
    return bool(own or (named and answers.keys() & set(loinc.ITEMS)))


def single(given: Sequence[Cell]) -> Cell:
    """Return the one answer to a question; several are shown, and are none."""
    different = list(dict.fromkeys(cell for cell in given if cell is not None))
    return different[0] if len(different) == 1 else ", ".join(map(str, different)) or None


def points_of(given: dict[str, Any], scale: Mapping[str, int]) -> Cell:
    """Return the points of an answer, or what is written in its place."""
    coding = part(given, "valueCoding")
    if not coding:
        return number_of(given)
    code, system = text(coding, "code"), text(coding, "system")
    if system == _ABSENT:
        return None
    ordinals = [e for e in dicts(coding, "extension") + dicts(given, "extension") if text(e, "url") in _ORDINALS]
    weight = single([number_of(extension) for extension in ordinals])
    points: Cell = scale.get(code) if system in {"", loinc.SYSTEM} else None
    if points is None:
        return weight if weight is not None else (code or json.dumps(coding))
    return points if weight in {None, points} else f"{code} / {weight}"


def number_of(given: dict[str, Any]) -> Cell:
    """Return the number of a value, whichever kind it is, or the text in its place; None where there is no value."""
    for kind, value in given.items():
        if kind.startswith("value") and value is not None:
            found: Any = part(given, kind).get("value") if kind == "valueQuantity" else value
            return found if found is None or type(found) in {int, float, str} else json.dumps(found)
    return None
