"""The commands on a whole caseload: make it, take scores in, list its patients, check it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack import known_heads
from trdtrack.commands.archive import take_archive
from trdtrack.commands.opening import open_caseload, passphrase
from trdtrack.commands.printing import print_json, print_problems
from trdtrack.domain.backups import Kind
from trdtrack.domain.message import message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.settings import user_name
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse

    from trdtrack.caseload import Caseload
    from trdtrack.exchange.score_file import Found


WHOLE = {False: "pages, references, history and records agree", True: "history and records agree"}


def new(arguments: argparse.Namespace) -> None:
    """Make a new encrypted caseload file."""
    from trdtrack.caseload import Caseload

    Caseload.create(arguments.file, passphrase(arguments, twice=True), who=user_name()).close()
    print(f"Made {arguments.file}. Without its passphrase nobody can open it.")


def import_scores(arguments: argparse.Namespace) -> None:
    """Take a file of scores in as one edit, or say of every line what is wrong with it."""
    from trdtrack.exchange import plain
    from trdtrack.exchange.archive import is_archive

    at = datetime.now().astimezone()
    with closing(open_caseload(arguments)) as caseload:
        if is_archive(arguments.scores):
            if not arguments.dry_run:
                caseload.backups.make_before(Kind.BEFORE_IMPORT, at=at)
            take_archive(arguments, caseload)
            return
        found = _examined(arguments, caseload, at)
        if arguments.json:
            print_json(plain.imported(found))
        else:
            print_problems(found.problems)
            for notice in found.notices:
                print(say(message("note: {what}", what=notice)))
        edit = found.refuse()
        if not arguments.dry_run:
            caseload.backups.make_before(Kind.BEFORE_IMPORT, at=at)
            caseload.edit(edit, at=at)
    if not arguments.json:
        counts = (
            plural("{n} patient", "{n} patients", found.patients),
            plural("{n} score", "{n} scores", found.scores),
        )
        print(f"{'Would import' if arguments.dry_run else 'Imported'} {say(counts[0])}, {say(counts[1])}.")


def _examined(arguments: argparse.Namespace, caseload: Caseload, at: datetime) -> Found:
    from trdtrack.exchange.fhir_in import examine_fhir
    from trdtrack.exchange.score_file import Choices, Unknown, completed, examine, kind_of, open_table

    unknown = Unknown(arguments.unknown)
    if kind_of(arguments.scores) == "json":
        return examine_fhir(arguments.scores, caseload, unknown=unknown, match={}, at=at)
    table = open_table(arguments.scores, sheet=arguments.sheet)
    columns = completed(table, arguments.columns or {})
    return examine(table, Choices(columns, day_first=arguments.day_first, unknown=unknown), caseload, at=at)


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
        place = arguments.file.name if caseload.on_server else arguments.file
        print(f"{place} is whole: {WHOLE[caseload.on_server]}.")
        print(f"Chain head: {caseload.head.short}")
        for missing in known_heads.missing(caseload):
            print(say(missing))
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
