"""The commands on a whole caseload: make it, take scores in, list its patients, check it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack.commands.opening import open_caseload, passphrase
from trdtrack.commands.printing import print_json, print_problems
from trdtrack.domain.message import plural
from trdtrack.domain.refusals import Problems, Refusal
from trdtrack.settings import user_name
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse

    from trdtrack.caseload import Caseload


def new(arguments: argparse.Namespace) -> None:
    """Make a new encrypted caseload file."""
    from trdtrack.caseload import Caseload

    Caseload.create(arguments.file, passphrase(arguments, twice=True), who=user_name()).close()
    print(f"Made {arguments.file}. Without its passphrase nobody can open it.")


def import_scores(arguments: argparse.Namespace) -> None:
    """Take a file of scores in as one edit, or say of every line what is wrong with it."""
    from trdtrack.exchange import plain
    from trdtrack.exchange.scores_import import import_edit

    with closing(open_caseload(arguments)) as caseload:
        try:
            edit = import_edit(
                arguments.scores, caseload, columns=arguments.columns, at=datetime.now().astimezone(), tick=None
            )
            new_patients = sum(step.record.kind == "patient" for step in edit.steps)
            new_scores = sum(step.record.kind == "assessment" for step in edit.steps)
            if not arguments.dry_run:
                caseload.edit(edit, at=datetime.now().astimezone())
        except Refusal as refusal:
            problems = refusal.problems if isinstance(refusal, Problems) else ()
            if arguments.json:
                print_json(plain.imported(0, 0, problems))
            else:
                print_problems(problems)
            raise
    if arguments.json:
        print_json(plain.imported(new_patients, new_scores, ()))
    else:
        counts = (plural("{n} patient", "{n} patients", new_patients), plural("{n} score", "{n} scores", new_scores))
        print(f"{'Would import' if arguments.dry_run else 'Imported'} {say(counts[0])}, {say(counts[1])}.")


def patients(arguments: argparse.Namespace) -> None:
    """List the patients with baseline, latest score and signal."""
    from trdtrack.exchange import plain

    with closing(open_caseload(arguments)) as caseload:
        found = plain.patients(caseload.rows(today=arguments.today))
    if arguments.json:
        print_json(found)
        return
    width = max([4, *(len(p["code"]) for p in found["patients"])])
    print(f"{'code':<{width}}  scores  baseline  latest  signal")
    for p in found["patients"]:
        baseline, latest = ("-" if p[key] is None else p[key] for key in ("baseline", "latest"))
        print(f"{p['code']:<{width}}  {p['scores']:>6}  {baseline:>8}  {latest:>6}  {p['signal'] or 'no course'}")


def check(arguments: argparse.Namespace) -> None:
    """Say whether a caseload file is whole, and refuse with its faults where it is not."""
    with closing(open_caseload(arguments)) as caseload:
        faults = caseload.check()
        if faults:
            for fault in faults:
                print(fault)
            raise Refusal(plural("{n} fault was found.", "{n} faults were found.", len(faults)))
        print(f"{arguments.file} is whole: pages, references, history and records agree.")
        if arguments.rebuild:
            _rebuild(caseload)


def _rebuild(caseload: Caseload) -> None:
    """Prove what the caseload page shows of each patient against the records, and put right what differs."""
    wrong = caseload.rebuild()
    if not wrong:
        print("What is kept of each patient for the caseload page is what the records say.")
        return
    for code in wrong:
        print(f"{code}: what was kept for the caseload page is not what the records say")
    if caseload.read_only:
        raise Refusal(
            plural(
                "{n} patient differs; the file is read-only.", "{n} patients differ; the file is read-only.", len(wrong)
            )
        )
    raise Refusal(plural("{n} patient differed: put right.", "{n} patients differed: all put right.", len(wrong)))
