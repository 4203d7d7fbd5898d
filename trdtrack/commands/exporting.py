"""The command that lets data out: one patient, several or all, as any of the exports."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack.commands.archive import write_archive_file
from trdtrack.commands.blank import size_of
from trdtrack.commands.opening import open_caseload
from trdtrack.commands.pictures import offscreen
from trdtrack.commands.words import refuse_taken_out
from trdtrack.domain.message import message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from trdtrack.caseload import Caseload
    from trdtrack.exports import Source, Wishes


def export(arguments: argparse.Namespace) -> None:
    """Write an export to a file, or a file each into a new folder: whole or not at all."""
    from trdtrack.exports import EXPORTS
    from trdtrack.exports.kinds import at_once
    from trdtrack.exports.writing import write_export, write_exports

    refuse_taken_out(arguments)  # before anybody waits for what would then be refused
    with closing(open_caseload(arguments)) as caseload:
        if arguments.format == "json" and arguments.all:
            write_archive_file(arguments, caseload)
            return
        found = EXPORTS[arguments.format]
        source, wishes = _source(arguments, caseload), _wishes(arguments)
        if found.drawn:
            offscreen()
        several = found.together is None and (arguments.all or len(source.patients) > 1)
        write = write_exports if several else write_export
        wrote = write(found, source, wishes, arguments.out, draw=at_once, tick=_progress())
    files = say(plural("{n} file", "{n} files", wrote.files))
    print(f"Wrote {arguments.out}: {files}." if several else f"Wrote {arguments.out}.")
    for remark in wrote.remarks:
        print(say(remark))


def _source(arguments: argparse.Namespace, caseload: Caseload) -> Source:
    from trdtrack.domain.records import Recipient
    from trdtrack.exports import EXPORTS, Source
    from trdtrack.exports.making import letters

    if arguments.all:
        patients = caseload.patients()
        if not patients:
            raise Refusal(message("There is no patient in this caseload yet."))
    else:
        patients = [caseload.patient_by_code(code) for code in dict.fromkeys(arguments.patient)]
    ids = tuple(patient.id for patient in patients)
    source = Source(caseload, ids, at=datetime.now().astimezone(), today=arguments.today)
    if EXPORTS[arguments.format].letter is None:
        return source
    return replace(source, letters=letters(source, to=Recipient[arguments.to.upper()], risk=arguments.risk))


def _wishes(arguments: argparse.Namespace) -> Wishes:
    from trdtrack.exports import Wishes

    identified = not arguments.de_identified
    return Wishes(size=size_of(arguments), names=identified and not arguments.no_names, identified=identified)


def _progress() -> Callable[[int, int], None]:
    """Return what tells a person at a terminal how far it has come; a file or another program is told nothing."""
    shown = sys.stderr is not None and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison]

    def tick(done: int, of: int) -> None:
        if shown and of > 1:
            print(f"\r{done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)

    return tick
