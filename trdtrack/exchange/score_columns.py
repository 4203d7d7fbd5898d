"""Which columns of a file hold patient, date and total, and whether they are another instrument's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KNOWN = {
    "patient": ("patient", "client id"),
    "date": ("date",),
    "total": ("total", "phq-9 total"),
}
OTHER_INSTRUMENT = message("This looks like another instrument: PHQ-9 totals go from 0 to {most}.", most=phq9.MAX_TOTAL)
# Whole words, so that "kids" is no IDS; digits and underscores end a word ("bdi_s0", "GAD7").
_OTHERS = re.compile(
    "(?<![a-z])(bdi|gad|ham|hamd|hamds|hdrs|hrsd|madrs|ids|qids|cesd|ces|epds|hads|dass|core|wsas|pcl|bai|oasis|oq|zung)"
    "(?![a-z])"
)
_SHOWN = 12


class Columns(NamedTuple):
    """The file's own names of the three columns."""

    patient: str
    date: str
    total: str


def find_columns(
    header: Sequence[str], chosen: Mapping[str, str] | None, *, name: str
) -> tuple[Columns, tuple[int, int, int]]:
    """Return the columns' names as the file writes them and where they are, or refuse in words.

    `chosen` maps patient, date and total to names in the file; what it leaves out is looked for by the known names,
    whatever their case. Other columns do not matter.
    """
    chosen = chosen or {}
    for key in chosen:
        if key not in KNOWN:
            what = message("Columns are named for patient, date and total, not for {given}.", given=key)
            raise Refusal(what, field="columns")
    folded = [_fold(cell) for cell in header]
    known = {role: (_fold(chosen[role]),) if role in chosen else KNOWN[role] for role in KNOWN}
    found = {role: [i for i, cell in enumerate(folded) if cell in names] for role, names in known.items()}
    there = _listed(header)
    # A column called just "IDs" holds patients' numbers sooner than the Inventory of Depressive Symptomatology.
    other_cells = [cell for cell in folded if cell != "ids"]
    # Before "there is no column total": whoever picked the wrong questionnaire's file needs to hear that.
    if (not found["total"] and "total" not in chosen and _other(other_cells)) or any(
        _other([header[i]]) for i in found["total"]
    ):
        raise Refusal(OTHER_INSTRUMENT)
    for role, places in found.items():
        if not places and role in chosen:
            what = message(
                "{file} has no column {given}; its columns are: {there}.",
                file=name,
                given=chosen[role],
                there=there,
            )
            raise Refusal(what, field=role)
        if len(places) > 1:
            what = message(
                "{file} has more than one column for the {role}: {which}.",
                file=name,
                role=_ROLES[role],
                which=_listed([header[i] for i in places]),
            )
            raise Refusal(what, field=role)
    missing = [role for role, places in found.items() if not places]
    if missing:
        what = message(
            "{file} has no column {missing}; its columns are: {there}.",
            file=name,
            missing=_listed([" / ".join(_SPELT[role]) for role in missing]),
            there=there,
        )
        raise Refusal(what, field=missing[0])
    at = (found["patient"][0], found["date"][0], found["total"][0])
    if len(set(at)) < len(at):
        what = message("Patient, date and total need three different columns.")
        raise Refusal(what, field="columns")
    return Columns(*(header[i] for i in at)), at


_ROLES = {"patient": message("patient"), "date": message("date"), "total": message("total")}
_SPELT = {"patient": ("patient", "Client ID"), "date": ("date",), "total": ("total", "PHQ-9 total")}


def _fold(cell: str) -> str:
    return " ".join(cell.split()).casefold()


def _other(names: Sequence[str]) -> bool:
    """Whether column names speak of another questionnaire and none of the PHQ."""
    text = "\n".join(names).casefold()
    return "phq" not in text and _OTHERS.search(text) is not None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
