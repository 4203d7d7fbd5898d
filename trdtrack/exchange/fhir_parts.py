"""Parts of FHIR JSON, each taken as what it must be or as not there; and the codes of the people it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange import loinc

if TYPE_CHECKING:
    from collections.abc import Iterable

_USES = ("usual", "official", "", "secondary", "temp")
"""Which of a patient's identifiers counts first; an old one never does."""


def text(of: dict[str, Any], name: str) -> str:
    """Return a text of an object; empty where there is none."""
    found = of.get(name)
    return found if isinstance(found, str) else ""


def part(of: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object within an object; empty where there is none."""
    found = of.get(name)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def dicts(of: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of a list within an object; empty where there are none."""
    found = of.get(name)
    listed = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", one) for one in listed if isinstance(one, dict)]


def codings(listed: list[dict[str, Any]]) -> set[str]:
    """Return the LOINC codes among codings."""
    return {text(one, "code") for one in listed if text(one, "system") == loinc.SYSTEM}


def short(reference: str) -> str:
    """Return a reference without its server and version: Patient/123."""
    return "/".join(reference.partition("/_history/")[0].split("/")[-2:])


def last_part(reference: str) -> str:
    """Return what follows the last slash: the id of a reference, the code of a linkId."""
    return reference.rstrip("/").rpartition("/")[2]


class People:
    """The codes of the patients in a file: their identifiers, else the ids they are referred to by."""

    def __init__(self, resources: Iterable[tuple[str, dict[str, Any]]], *, name: str) -> None:
        self._name = name
        self._codes: dict[str, str] = {}
        self._whose: dict[str, str] = {}
        for url, resource in resources:
            if text(resource, "resourceType") == "Patient":
                code = _identifier(resource) or text(resource, "id")
                for called in filter(None, (url, f"Patient/{text(resource, 'id')}")):
                    self._codes[called] = code

    def code(self, resource: dict[str, Any]) -> str | None:
        """Return the code of whom a resource is about; None where it says nobody."""
        subject = part(resource, "subject")
        reference = text(subject, "reference")
        if given := text(part(subject, "identifier"), "value").strip():
            return self._one(given, reference)
        if reference.startswith("#"):
            within = [one for one in dicts(resource, "contained") if text(one, "id") == reference[1:]]
            return next(map(_identifier, within), "") or None
        kind, slash, _ = short(reference).partition("/")
        if slash and kind != "Patient":
            raise Refusal(message("{file} has a score that is not of a patient.", file=self._name))
        bare = last_part(short(reference)).removeprefix("urn:uuid:")
        code = self._codes.get(reference) or self._codes.get(short(reference)) or bare
        return self._one(code, reference) if code else None

    def _one(self, code: str, reference: str) -> str:
        """Refuse two people with one code: their scores would become one patient's."""
        whose = short(reference)
        if whose and self._whose.setdefault(code, whose) != whose:
            raise Refusal(message("{file}: two patients have the identifier {code}.", file=self._name, code=code))
        return code


def _identifier(patient: dict[str, Any]) -> str:
    """Return the identifier that counts of a Patient; empty where there is none."""
    known = [one for one in dicts(patient, "identifier") if text(one, "use") in _USES and text(one, "value").strip()]
    known.sort(key=lambda one: _USES.index(text(one, "use")))
    return next((text(one, "value").strip() for one in known), "")
