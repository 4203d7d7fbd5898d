"""The commands on what opens a caseload: another passphrase, and the recovery sheet."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack import settings
from trdtrack.commands.blank import size_of
from trdtrack.commands.opening import new_passphrase, open_with
from trdtrack.commands.opening import passphrase as passphrase_of
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse


def passphrase(arguments: argparse.Namespace) -> None:
    """Give a caseload another passphrase and with it another recovery key."""
    old = passphrase_of(arguments)
    with closing(open_with(arguments, old)) as caseload:
        identity = settings.identity_of(arguments.file)
        caseload.change_passphrase(new_passphrase(arguments), old=old, at=datetime.now().astimezone())
        settings.follow(identity, arguments.file)
    print(f"The passphrase of {arguments.file} is changed. The old one and the old recovery sheet open it no more.")
    print("Make a new recovery sheet: trdtrack recovery F --out FILE.pdf")


def recovery(arguments: argparse.Namespace) -> None:
    """Write the recovery sheet of a caseload as a PDF."""
    from trdtrack.exchange.writing import refuse_own, refuse_taken
    from trdtrack.exports import Made
    from trdtrack.exports.writing import write_made
    from trdtrack.report.recovery import NAME, recovery_paper

    if not arguments.replace:
        refuse_taken(arguments.out)
    secret = passphrase_of(arguments)
    with closing(open_with(arguments, secret)) as caseload:
        refuse_own(arguments.out, caseload)
        key = caseload.recovery_key(secret)
    paper = recovery_paper(key, arguments.file.name, made=arguments.today, size=size_of(arguments))
    wrote = write_made(Made.of(paper), arguments.out, say(NAME), None)
    print(
        f"Wrote {arguments.out}. Print it, put it into a sealed envelope, and delete the file: it opens the caseload."
    )
    for remark in wrote.remarks:
        print(say(remark))
