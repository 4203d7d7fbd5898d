"""What the FHIR resources written here are made of: ids that follow from the records', references, codings, periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

if TYPE_CHECKING:
    from datetime import date

    from trdtrack.domain.records import OfPatient

Resource = dict[str, Any]
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
UNITS = "http://unitsofmeasure.org"


def id_of(record: str) -> str:
    """Return a record's id as a UUID: its own 32 digits, else one that follows from it."""
    try:
        return str(UUID(hex=record))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, f"urn:trdtrack:{record}"))


def derived_id(record: str, code: str) -> str:
    """Return the id of what stands beside the resource of a record."""
    return str(uuid5(UUID(id_of(record)), code))


def reference(resource_id: str) -> Resource:
    """Return a reference to an entry of the Bundle."""
    return {"reference": f"urn:uuid:{resource_id}"}


def subject(record: OfPatient) -> Resource:
    """Return a reference to the patient a record is about."""
    return reference(id_of(record.patient))


def coding(system: str, code: str, display: str = "") -> Resource:
    """Return a coding; the display only where the code system's own wording is known."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def period(start: date | None, end: date | None) -> Resource:
    """Return a period of days; empty where neither is known."""
    days = {"start": start, "end": end}
    return {name: day.isoformat() for name, day in days.items() if day}


def present(resource: Resource) -> Resource:
    """Return a resource without what is empty: FHIR allows no empty value."""
    return {name: value for name, value in resource.items() if value not in ("", None, [], {})}
