"""The commands on everything a caseload holds: written to an archive, and an empty caseload filled from one."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack.commands.opening import open_caseload
from trdtrack.commands.printing import print_json
from trdtrack.commands.words import refuse_taken_out
from trdtrack.domain.message import plural
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse

    from trdtrack.caseload import Caseload


def archive(arguments: argparse.Namespace) -> None:
    """Write everything a caseload holds to one file that is not encrypted."""
    refuse_taken_out(arguments)
    with closing(open_caseload(arguments)) as caseload:
        write_archive_file(arguments, caseload)


def write_archive_file(arguments: argparse.Namespace, caseload: Caseload) -> None:
    """Write the archive of a caseload that is open, and say so."""
    from trdtrack.exchange.archive import write_archive

    count = write_archive(arguments.out, caseload, at=datetime.now().astimezone(), noted=True)
    print(f"Wrote {arguments.out}: {say(plural('{n} entry', '{n} entries', count))}, the whole history included.")
    print("It is not encrypted: whoever has the file can read it.")


def take_archive(arguments: argparse.Namespace, caseload: Caseload) -> None:
    """Fill an empty caseload from an archive."""
    from trdtrack.exchange.archive import take_archive

    taken = take_archive(arguments.scores, caseload, dry_run=arguments.dry_run)
    patients, scores = taken["patient"], taken["assessment"]
    if arguments.json:
        # By the names every import has.
        print_json({"patients": patients, "scores": scores, "skipped": 0, "problems": [], "notices": []})
        return
    counts = (
        plural("{n} patient", "{n} patients", patients),
        plural("{n} score", "{n} scores", scores),
        plural("{n} line of history", "{n} lines of history", taken["history"]),
    )
    print(f"{'Would import' if arguments.dry_run else 'Imported'} {', '.join(map(say, counts))}.")
