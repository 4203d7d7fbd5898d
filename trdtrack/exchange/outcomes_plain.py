"""The outcomes of a caseload as plain objects with stable names: every figure there is, under the record's own name."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from trdtrack.domain.caseload_outcomes import CaseloadOutcomes, Fall, Group, OutcomeCase, Rate, Replay
from trdtrack.domain.message import Message
from trdtrack.words import say

if TYPE_CHECKING:
    from trdtrack.domain.resistance import Met

_COMPUTED: dict[type[Any], tuple[str, ...]] = {
    Rate: ("share",),
    Group: ("few",),
    Fall: ("usual_care", "psychotherapy"),
    Replay: ("n",),
    OutcomeCase: ("paired",),
}
_INTERNAL: dict[type[Any], tuple[str, ...]] = {OutcomeCase: ("patient", "course")}
"""Ids that mean nothing outside the file: the code stands for the patient."""


def outcomes(found: CaseloadOutcomes) -> dict[str, Any]:
    """Return everything the outcomes page says."""
    return _object(found) | {
        "benchmark": found.benchmark[0],
        "benchmark_version": found.benchmark[1],
        "by_criterion": [_of_criterion(met, group) for met, group in found.by_criterion],
    }


def _of_criterion(met: Met, group: Group) -> dict[str, Any]:
    return {"criterion": met.value, "group": _object(group)}


def _object(record: Any) -> dict[str, Any]:
    kind = record.__class__
    names = [f.name for f in fields(record) if f.name not in _INTERNAL.get(kind, ())]
    return {name: _plain(getattr(record, name)) for name in (*names, *_COMPUTED.get(kind, ()))}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case date():
            return value.isoformat()
        case Message():
            return say(value)
        case tuple():
            return [_plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return _object(value)
