"""The command that writes the service report: the caseload's outcomes, about nobody in particular."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack.commands.blank import size_of
from trdtrack.commands.opening import open_caseload
from trdtrack.commands.outcomes import choice_of
from trdtrack.commands.words import refuse_taken_out
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse


def service_report(arguments: argparse.Namespace) -> None:
    """Write the report of the closed courses chosen: whole or not at all."""
    from trdtrack.exports import SERVICE, Source, Wishes
    from trdtrack.exports.kinds import at_once, untold
    from trdtrack.exports.writing import write_export

    refuse_taken_out(arguments)  # before anybody waits for what would then be refused
    wishes = Wishes(size=size_of(arguments), outcomes=choice_of(arguments))
    with closing(open_caseload(arguments)) as caseload:
        source = Source(caseload, (), at=datetime.now().astimezone(), today=arguments.today)
        wrote = write_export(SERVICE[arguments.format], source, wishes, arguments.out, draw=at_once, tick=untold)
    print(f"Wrote {arguments.out}.")
    for remark in wrote.remarks:
        print(say(remark))
