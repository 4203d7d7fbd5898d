"""Which columns of a file hold what, guessed by their names or as chosen, and whether they are another instrument's."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from trdtrack.domain import phq9
from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.exchange.score_cells import names_a_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from trdtrack.exchange.score_table import Table

# Names with letters and digits alone, the surest first; two columns with names of one line cannot be told apart.
KNOWN: dict[str, tuple[frozenset[str], ...]] = {
    "patient": (
        frozenset({"patient", "clientid", "patientid", "patientcode", "clientcode", "patientnumber", "patientno"}),
        frozenset({"client", "code", "id", "ids", "participant", "participantid", "subject", "subjectid", "recordid"}),
        frozenset({"case", "caseid", "record", "identifier", "nr", "number"}),
    ),
    "date": (
        frozenset({"date", "assessmentdate", "dateofassessment", "phq9date", "datecompleted", "completiondate"}),
        frozenset({"day", "sessiondate", "dateofsession", "visitdate", "completed", "answered", "startdate", "start"}),
        frozenset({"timestamp", "datetime", "time", "when", "created", "submitted"}),
    ),
    "total": (
        frozenset(
            {"total", "phq9total", "phqtotal", "totalscore", "phq9totalscore", "phq9score", "phqscore", "phq9sum"}
        ),
        frozenset({"phq9", "phq", "score", "sum", "sumscore"}),
    ),
    "difficulty": (frozenset({"difficulty", "phq9difficulty", "functioning", "function", "impairment"}),),
}
OTHER_INSTRUMENT = message("This looks like another instrument: PHQ-9 totals go from 0 to {most}.", most=phq9.MAX_TOTAL)
# Whole words, so that "kids" is no IDS; digits and underscores end a word ("bdi_s0", "GAD7").
_OTHERS = re.compile(
    "(?<![a-z])(bdi|gad|ham|hamd|hamds|hdrs|hrsd|madrs|ids|qids|cesd|ces|epds|hads|dass|core|wsas|pcl|bai|oasis|oq|zung)"
    "(?![a-z])"
)
_NUMBERED = re.compile(r"(.*?)[\W_]*0*([1-9]|10)")
_ITEM = frozenset({"", "i", "q", "a", "item", "question", "answer"})
_WEEK = re.compile(r"(?:.*[\W_])?(?:week|wk|w)[\W_]*0*(\d{1,3})(?:[\W_].*)?")
_SHOWN = 12
_ROLES = {
    "patient": message("patient"),
    "date": message("date"),
    "total": message("total"),
    "difficulty": message("difficulty"),
}
_SPELT = {"patient": "patient / Client ID", "date": "date", "total": "total / PHQ-9 total"}


@dataclass(frozen=True)
class Columns:
    """The file's own names of the columns that hold what is taken in; empty where none does.

    One row a questionnaire: nine `items`, a `total`, or both. One row a patient: `occasions`, each a column of totals
    with its day as written (2024-05-31) or its week (`"4"`), counted from the day in the `date` column.
    """

    patient: str
    date: str
    total: str = ""
    items: tuple[str, ...] = ()
    difficulty: str = ""
    occasions: tuple[tuple[str, str], ...] = ()


class Places(NamedTuple):
    """Where the columns are in a row, -1 for none, and their names as the file writes them."""

    patient: int
    date: int
    total: int
    items: tuple[int, ...]
    difficulty: int
    occasions: tuple[tuple[int, str], ...]
    names: tuple[str, ...]


def guess(table: Table) -> Columns:
    """Return the columns by their names; what cannot be told, or could be two, stays empty."""
    return _guessed(table.header)


def completed(table: Table, chosen: Mapping[str, object]) -> Columns:
    """Return the columns chosen by field name of `Columns`, the others guessed: of scores only if none is chosen."""
    found = guess(table)
    if {"total", "items", "occasions"} & set(chosen):
        found = replace(found, total="", items=(), occasions=())
    return replace(found, **chosen)  # pyright: ignore[reportArgumentType] - fields of Columns, checked where typed


def recognised(header: Sequence[str]) -> int:
    """Return how many things a row names as a header would."""
    found = _guessed(header)
    return sum(bool(value) for value in astuple(found)) + sum(
        len(_named(role, header)) > 1 for role in ("patient", "date", "total")
    )


def places(table: Table, columns: Columns) -> Places:
    """Return where the columns are, whatever the case they are written in, or refuse in words."""
    scores = [name for name in (columns.total, *columns.items, *(name for name, _ in columns.occasions)) if name]
    _refuse_others(table.header, scores)
    # Before "there is no column total": the two may be there twice.
    for role in ("patient", "date", "total"):
        twice = _named(role, table.header)
        unneeded = (role == "total" and scores) or (role == "date" and columns.occasions)
        if not getattr(columns, role) and len(twice) > 1 and not unneeded:
            raise _more_than_one(table, role, twice)
    weeks = [when for _, when in columns.occasions if when.isdecimal()]
    needed = {"patient": columns.patient}
    needed |= {} if columns.occasions and not weeks else {"date": columns.date}
    needed |= {} if scores else {"total": ""}
    missing = [role for role, name in needed.items() if not name]
    if missing:
        what = message(
            "{file} has no column {missing}; its columns are: {there}.",
            file=table.name,
            missing=", ".join(_SPELT[role] for role in missing),
            there=_listed(table.header),
        )
        raise Refusal(what, field=missing[0])
    if columns.items and len(columns.items) != phq9.ITEMS:
        raise Refusal(message("The PHQ-9 has nine items: nine columns are needed for them."), field="items")
    if columns.occasions and (columns.items or columns.total):
        what = message("A file has either one row a questionnaire or one row a patient: choose the columns of one.")
        raise Refusal(what, field="occasions")
    found = Places(
        _place(table, "patient", columns.patient),
        _place(table, "date", columns.date),
        _place(table, "total", columns.total),
        tuple(_place(table, "items", name) for name in columns.items),
        _place(table, "difficulty", columns.difficulty),
        tuple((_place(table, "occasions", name), when) for name, when in columns.occasions),
        table.header,
    )
    used = [found.patient, found.date, found.total, *found.items, found.difficulty, *(at for at, _ in found.occasions)]
    twice = next((at for at in used if at >= 0 and used.count(at) > 1), None)
    if twice is not None:
        what = message("The column {given} is chosen for more than one thing.", given=table.header[twice])
        raise Refusal(what, field="columns")
    return found


def _guessed(header: Sequence[str]) -> Columns:
    roles = {role: named[0] for role in KNOWN if len(named := _named(role, header)) == 1}
    items, tenth = _items(header)
    total = roles.get("total", "")
    found = Columns(
        roles.get("patient", ""),
        roles.get("date", ""),
        # The last of phq1 to phq9 has the instrument's own name.
        "" if total in items else total,
        items,
        roles.get("difficulty", tenth),
    )
    if found.total or found.items:
        return found
    occasions = tuple((name, when) for name in header if not _other([name]) and (when := _when(name)))
    return replace(found, occasions=occasions) if len(occasions) > 1 else found


def _named(role: str, header: Iterable[str]) -> list[str]:
    """Return the columns with the surest known name of a role; a number given to a repeated name is no part of it."""
    plain = {name: re.sub(r"[\W_]", "", re.sub(r" \(\d+\)$", "", name).casefold()) for name in header if name}
    for names in KNOWN[role]:
        if found := [name for name, bare in plain.items() if bare in names]:
            return found
    return []


def _items(header: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return the nine columns numbered 1 to 9 under one name, and the tenth or none."""
    families: dict[str, dict[int, str]] = {}
    for name in header:
        numbered = _NUMBERED.fullmatch(name.casefold())
        if numbered and not _other([numbered[1]]) and not _WEEK.fullmatch(name.casefold()):
            families.setdefault(numbered[1], {}).setdefault(int(numbered[2]), name)
    whole = {prefix: found for prefix, found in families.items() if set(range(1, phq9.ITEMS + 1)) <= set(found)}
    ours = [prefix for prefix in whole if "phq" in prefix] or [p for p in whole if p.strip("-_. ") in _ITEM]
    if len(ours) != 1:
        return (), ""
    found = whole[ours[0]]
    return tuple(found[number] for number in range(1, phq9.ITEMS + 1)), found.get(phq9.ITEMS + 1, "")


def _when(name: str) -> str:
    """Return the day or the week a column of totals is headed with."""
    if names_a_day(name):
        return name
    if name.casefold() == "baseline":
        return "0"
    week = _WEEK.fullmatch(name.casefold())
    return str(int(week[1])) if week else ""


def _refuse_others(header: Sequence[str], scores: Sequence[str]) -> None:
    # A column called just "IDs" holds patients' numbers sooner than the Inventory of Depressive Symptomatology.
    cells = [name for name in header if name.casefold() != "ids"]
    if _other(scores) if scores else not _named("total", header) and _other(cells):
        raise Refusal(OTHER_INSTRUMENT, field="total")


def _place(table: Table, field: str, name: str) -> int:
    if not name:
        return -1
    if name in table.header:
        return table.header.index(name)
    alike = [at for at, other in enumerate(table.header) if _fold(other) == _fold(name)]
    if len(alike) > 1:
        raise _more_than_one(table, field, [table.header[at] for at in alike])
    if not alike:
        there = _listed(table.header)
        what = message(
            "{file} has no column {given}; its columns are: {there}.", file=table.name, given=name, there=there
        )
        raise Refusal(what, field=field)
    return alike[0]


def _more_than_one(table: Table, field: str, which: Sequence[str]) -> Refusal:
    what = message(
        "{file} has more than one column for the {role}: {which}.",
        file=table.name,
        role=_ROLES.get(field, field),
        which=_listed(which),
    )
    return Refusal(what, field=field)


def _fold(cell: str) -> str:
    return " ".join(cell.split()).casefold()


def _other(names: Sequence[str]) -> bool:
    """Whether column names speak of another questionnaire and none of the PHQ."""
    text = "\n".join(names).casefold()
    return "phq" not in text and _OTHERS.search(text) is not None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
