"""The commands on backups: make one, list them, restore one in the caseload's place or as a new file."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

from trdtrack.commands.opening import open_caseload, passphrase
from trdtrack.domain.backups import KINDS
from trdtrack.domain.history_labels import NOUNS
from trdtrack.domain.message import message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.settings import user_name
from trdtrack.words import moment, say

if TYPE_CHECKING:
    import argparse

    from trdtrack.caseload import Caseload
    from trdtrack.domain.backups import Contents


def backup(arguments: argparse.Namespace) -> None:
    """Make a backup of a caseload and prove it, or list those there are."""
    with closing(open_caseload(arguments)) as caseload:
        if arguments.list:
            _list(caseload)
            return
        made = caseload.backups.make(at=datetime.now().astimezone(), to=arguments.to)
        print(f"Made {made.path} and checked it: {_held(caseload.backups.examined(made.path))}.")


def _list(caseload: Caseload) -> None:
    found = caseload.backups.listed()
    if not found:
        print(f"There is no backup yet in {caseload.backups.folder}.")
    for one in found:
        print(f"{one.path}  {moment(one.at)}  {say(KINDS[one.kind])}  {_held(caseload.backups.examined(one.path))}")


def _held(found: Contents) -> str:
    if found.wrong:
        return say(found.wrong)
    parts = (
        plural("{n} patient", "{n} patients", found.patients),
        plural("{n} session", "{n} sessions", found.sessions),
        plural("{n} score", "{n} scores", found.scores),
    )
    return ", ".join(map(say, parts))


def restore(arguments: argparse.Namespace) -> None:
    """Put a backup in the place of a caseload or make a new file of it, or say what would differ."""
    from trdtrack.caseload import Caseload

    at, who = datetime.now().astimezone(), user_name()
    secret = passphrase(arguments)
    try:
        with closing(Caseload.open(arguments.file, secret, who=who)) as caseload:
            if arguments.preview:
                _preview(caseload, arguments)
                return
            keys = caseload.backups.keys
    except Refusal as refusal:
        # To a new file it does not matter. Else gone or damaged: the passphrase has to be the backup's.
        if arguments.preview or not (arguments.out or Caseload.is_lost(arguments.file, refusal, arguments.backup)):
            raise
        keys = Caseload.keys_from(arguments.backup, secret)
    if arguments.out:
        Caseload.restore_new(arguments.backup, arguments.out, keys=keys, who=who, at=at)
        print(f"Made {arguments.out} of the backup. It has the passphrase the backup had.")
        return
    aside = Caseload.restore_from(arguments.backup, arguments.file, keys=keys, who=who, at=at)
    print(f"Restored {arguments.file} from {arguments.backup}.")
    if aside:
        print(f"What it replaced is kept: {aside}")


def _preview(caseload: Caseload, arguments: argparse.Namespace) -> None:
    found = caseload.backups.examined(arguments.backup)
    if found.wrong:
        raise Refusal(message("{file} cannot be restored. {why}", file=arguments.backup.name, why=found.wrong))
    print(f"The backup holds {_held(found)}.")
    difference = caseload.backups.differs(arguments.backup)
    if not difference.kinds:
        print("Nothing differs: restoring it would change no record.")
        return
    print("Restoring it would")
    for one in difference.kinds:
        print(f"  {say(NOUNS[one.kind])}: bring back {one.gained}, take away {one.lost}, change {one.changed}")
    if difference.codes:
        print(f"of {', '.join(difference.codes)}.")
