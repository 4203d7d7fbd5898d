"""The command that writes the blank PHQ-9 to print."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from trdtrack.commands.opening import open_caseload
from trdtrack.domain.message import plural
from trdtrack.domain.place import ended_on, in_care
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from trdtrack.caseload import Caseload
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Patient


def blank(arguments: argparse.Namespace) -> None:
    """Write a PDF with a blank PHQ-9 for each patient asked for, whole or not at all."""
    from trdtrack.exchange.writing import write_whole
    from trdtrack.report.blank import blank_paper
    from trdtrack.report.sheet import Size

    with closing(open_caseload(arguments)) as caseload:
        found = _whose(arguments, caseload)
    who = [(one.code, one.name if arguments.names else "") for one in found]
    size = Size.LETTER if arguments.paper == "letter" else Size.A4
    paper = blank_paper(who, size=size, made=arguments.today)
    write_whole(arguments.out, paper.pdf)
    pages = say(plural("{n} page", "{n} pages", len(who)))
    print(f"Wrote {arguments.out}: {pages}.")
    if paper.dropped:
        print(say(paper.dropped))


def _whose(arguments: argparse.Namespace, caseload: Caseload) -> Sequence[Patient | Gist]:
    if arguments.patient:
        return [caseload.patient_by_code(code) for code in arguments.patient]
    today = arguments.today
    under_way = [g for g in caseload.gists() if g.course and in_care(g, today) and not ended_on(g, today)]
    under_way.sort(key=lambda gist: gist.sort)
    return under_way
