"""The command on the whole caseload's outcomes, and how its choice of courses is read."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from trdtrack.commands.opening import open_caseload
from trdtrack.commands.printing import print_json
from trdtrack.domain.caseload_outcomes import Choice
from trdtrack.domain.message import message
from trdtrack.domain.records import Modality, Presentation
from trdtrack.domain.refusals import Refusal
from trdtrack.domain.resistance import Met

if TYPE_CHECKING:
    import argparse

NONE = "none"
"""How "not recorded" is asked for."""
Kind = TypeVar("Kind", bound=StrEnum)


def outcomes(arguments: argparse.Namespace) -> None:
    """Print what the closed courses achieved, every figure."""
    from trdtrack.exchange import outcomes_plain, outcomes_text
    from trdtrack.outcomes import outcomes as reckon

    choice = choice_of(arguments)
    with closing(open_caseload(arguments)) as caseload:
        found = reckon(caseload, choice, today=arguments.today)
    if arguments.json:
        print_json(outcomes_plain.outcomes(found))
        return
    for line in outcomes_text.outcomes(found):
        print(line)


def add_choice(sub: argparse.ArgumentParser) -> None:
    """Give a command the choice of closed courses."""
    sub.add_argument("--since", metavar="DAY", help="courses that ended on this day or later, as 2026-01-31")
    sub.add_argument("--until", metavar="DAY", help="courses that ended on this day or earlier")
    sub.add_argument("--modality", metavar="NAME", help=f"{_listed(Modality)}")
    sub.add_argument("--therapist", metavar="NAME", help=f"as written in the course; {NONE}: those without one")
    sub.add_argument("--presentation", metavar="NAME", help=_listed(Presentation))
    sub.add_argument("--criterion", metavar="NAME", help=f"of treatment-resistant depression: {_listed(Met)}")


def choice_of(arguments: argparse.Namespace) -> Choice:
    """Return the choice a command was given. Refuses what cannot be read, or cannot be."""
    since, until = _day("since", arguments.since), _day("until", arguments.until)
    if since and until and since > until:
        raise Refusal(message("The period ends before it begins."), field="until")
    therapist = arguments.therapist
    return Choice(
        since=since,
        until=until,
        modality=_one("modality", Modality, arguments.modality),
        therapist="" if therapist == NONE else therapist,
        presentation=_one("presentation", Presentation, arguments.presentation),
        criterion=_one("criterion", Met, arguments.criterion),
    )


def _day(field: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        what = message("{text} is no day: write it as 2026-01-31.", text=text)
        raise Refusal(what, field=field) from error


def _one(field: str, kind: type[Kind], text: str | None) -> Kind | None:
    if text is None:
        return None
    for value in kind:
        if text.casefold() == (value.value or NONE).casefold():
            return value
    what = message("{text} is not known here: it is one of {values}.", text=text, values=_listed(kind))
    raise Refusal(what, field=field)


def _listed(kind: type[StrEnum]) -> str:
    return ", ".join(value.value or NONE for value in kind)
