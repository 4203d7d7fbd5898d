"""The command that writes the blank PHQ-9 to print."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack.commands.opening import open_caseload
from trdtrack.commands.words import refuse_taken_out
from trdtrack.domain.message import plural
from trdtrack.domain.place import ended_on, in_care
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from trdtrack.caseload import Caseload
    from trdtrack.domain.gist import Gist
    from trdtrack.domain.records import Patient
    from trdtrack.report.sheet import Size


def blank(arguments: argparse.Namespace) -> None:
    """Write a PDF with a blank PHQ-9 for each patient asked for, whole or not at all."""
    from trdtrack.exports import Made, Source
    from trdtrack.exports.writing import write_made
    from trdtrack.report.blank import NAME, blank_paper

    refuse_taken_out(arguments)
    with closing(open_caseload(arguments)) as caseload:
        found = _whose(arguments, caseload)
        who = [(one.code, one.name if arguments.names else "") for one in found]
        paper = blank_paper(who, size=size_of(arguments), made=arguments.today)
        source = Source(
            caseload, tuple(one.patient for one in found), at=datetime.now().astimezone(), today=arguments.today
        )
        wrote = write_made(Made.of(paper), arguments.out, say(NAME), source)
    pages = say(plural("{n} page", "{n} pages", len(who)))
    print(f"Wrote {arguments.out}: {pages}.")
    for remark in wrote.remarks:
        print(say(remark))


def size_of(arguments: argparse.Namespace) -> Size:
    """Return the paper asked for."""
    from trdtrack.report.sheet import Size

    return Size.LETTER if arguments.paper == "letter" else Size.A4


def _whose(arguments: argparse.Namespace, caseload: Caseload) -> Sequence[Patient | Gist]:
    if arguments.patient:
        return [caseload.patient_by_code(code) for code in arguments.patient]
    today = arguments.today
    under_way = [g for g in caseload.gists() if g.course and in_care(g, today) and not ended_on(g, today)]
    under_way.sort(key=lambda gist: gist.sort)
    return under_way
