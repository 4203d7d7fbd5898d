"""The commands on a clinic's server: set it up, take therapists in, assign patients, move a caseload there and back."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from trdtrack.commands import words
from trdtrack.commands.opening import NEW_PASSPHRASE, given_password, passphrase, server_password
from trdtrack.domain.address import Address
from trdtrack.domain.message import message, plural
from trdtrack.domain.refusals import Refusal
from trdtrack.settings import user_name
from trdtrack.words import MINUS, moment, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from trdtrack.caseload import Caseload


def init(arguments: argparse.Namespace) -> None:
    """Set the caseload up in an empty database, or bring it up to date with this program."""
    from trdtrack import clinic

    clinic.make(arguments.address, server_password(arguments))
    print(f"{arguments.address.name} is set up. You are its administrator.")


def add_therapist(arguments: argparse.Namespace) -> None:
    """Give a person's login its part in the clinic, and make the login if the server has none."""
    from trdtrack import clinic

    clinic.add(
        arguments.address,
        server_password(arguments),
        login=arguments.login,
        role=arguments.role,
        team=arguments.team,
        new_password=given_password(arguments),
    )
    print(f"{arguments.login} is {arguments.role} in {arguments.address.name}.")


def assign(arguments: argparse.Namespace) -> None:
    """Assign patients to a therapist, or take them away again."""
    from trdtrack import clinic

    away, codes = arguments.take_away, list(dict.fromkeys(arguments.patient))
    clinic.assign(arguments.address, server_password(arguments), login=arguments.login, codes=codes, take_away=away)
    counted = say(plural("{n} patient", "{n} patients", len(codes)))
    print(f"{counted}: {'taken away from' if away else 'assigned to'} {arguments.login}.")


def remove(arguments: argparse.Namespace) -> None:
    """Take somebody's part in the clinic away."""
    from trdtrack import clinic

    secret = server_password(arguments)
    clinic.remove(arguments.address, secret, login=arguments.login)
    print(f"{arguments.login} has no part in {arguments.address.name} any more.")
    _say_nobodys(clinic.people(arguments.address, secret)[1])


def people(arguments: argparse.Namespace) -> None:
    """List who has which part, or who was given and lost what."""
    from trdtrack import clinic

    secret = server_password(arguments)
    if arguments.history:
        for one in clinic.noted(arguments.address, secret):
            what = f"{one.role} {one.team}".strip() or one.patient
            print(f"{moment(one.at)}  {one.by}: {one.login} {'+' if one.given else MINUS} {what}")
        return
    found, nobodys = clinic.people(arguments.address, secret)
    for one in found:
        counted = say(plural("{n} patient", "{n} patients", one.patients))
        print(f"{one.login}: {f'{one.role} {one.team}'.strip()}, {counted}")
    _say_nobodys(nobodys)


def _say_nobodys(patients: int) -> None:
    if patients:
        said = plural(
            "{n} patient is assigned to no therapist.", "{n} patients are assigned to no therapist.", patients
        )
        print(say(said), "Administrators see them, and `clinic assign` gives them one.")


def move(arguments: argparse.Namespace) -> None:
    """Take a whole caseload, its history included, from a file to a server, or from a server to a new file."""
    from trdtrack.caseload import Caseload

    source, target = arguments.source, arguments.target
    if isinstance(source, Address) == isinstance(target, Address):
        raise Refusal(message("Give a file and a server's address, in the order from and to."))
    who = user_name()
    if isinstance(target, Address):
        with (
            closing(Caseload.open(source, passphrase(arguments), who=who, look=True)) as here,
            closing(Caseload.open(target, server_password(arguments), who=who)) as there,
        ):
            _take(here, there)
        print(f"Moved to {target.name}. {source} is as it was: put it away, so that nobody goes on working in it.")
        return
    with closing(Caseload.open(source, server_password(arguments), who=who)) as there:
        if there.check():
            raise Refusal(message("{name} is not whole: see `trdtrack check`.", name=source.name))
        _new_file(target, passphrase(arguments, twice=True), there, who)
    print(f"Moved to {target}. {source.name} is as it was.")


def _new_file(path: Path, secret: str, source: Caseload, who: str) -> None:
    from trdtrack.caseload import Caseload

    made = Caseload.create(path, secret, who=who)
    try:
        with closing(made):
            _take(source, made)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _take(source: Caseload, target: Caseload) -> None:
    with source.contents() as (count, entries):
        target.take_contents(entries)
    print(f"{say(plural('{n} entry', '{n} entries', count))}, the whole history included.")
    print(f"Chain head: {target.head.short}")


def parse(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands to a command line's own."""
    clinic = command("clinic", init, "a caseload that a clinic shares on a PostgreSQL server")
    kinds = clinic.add_subparsers(required=True, metavar="init | add-therapist | assign | people | remove | move")

    def sub(name: str, run: Callable[[argparse.Namespace], None], what: str) -> argparse.ArgumentParser:
        made = kinds.add_parser(name, help=what, description=what, allow_abbrev=False)
        made.set_defaults(run=run)
        words.password(made)
        return made

    def on_server(name: str, run: Callable[[argparse.Namespace], None], what: str) -> argparse.ArgumentParser:
        made = sub(name, run, what)
        made.add_argument("address", type=Address.parse, metavar="ADDRESS", help=words.ADDRESS)
        return made

    on_server("init", init, "set up schema, roles and policies in an empty database, or bring them up to date")
    made = on_server(
        "add-therapist", add_therapist, "give a login its part in the clinic; it is made if it is not there"
    )
    made.add_argument("login", metavar="LOGIN")
    made.add_argument("--role", choices=["therapist", "supervisor", "administrator"], default="therapist")
    made.add_argument("--team", default="", metavar="NAME", help="a supervisor of a team reads its patients alone")
    what = f"a file with the password of a new login; if not given, the variable {NEW_PASSPHRASE}, or it is asked for"
    made.add_argument("--new-password-file", type=words.path, metavar="PATH", help=what)
    made = on_server("assign", assign, "assign patients to a therapist")
    made.add_argument("login", metavar="LOGIN")
    what = "may be given several times"
    made.add_argument("--patient", action="append", required=True, type=words.code, metavar="CODE", help=what)
    made.add_argument("--take-away", action="store_true", help="take them away from the therapist instead")
    made = on_server("people", people, "list who has which part in the clinic")
    made.add_argument("--history", action="store_true", help="who was given (+) and lost (−) what, and by whom")
    made = on_server("remove", remove, "take somebody's part in the clinic away; what they wrote stays")
    made.add_argument("login", metavar="LOGIN")
    made = sub("move", move, "take a whole caseload from a file to a server, or from a server to a new file")
    made.add_argument("source", type=words.place, metavar="FROM", help="the caseload file, or the server's address")
    made.add_argument("target", type=words.place, metavar="TO", help="the server's address, or the new file")
    made.add_argument("--passphrase-file", type=words.path, metavar="PATH", help="a file with the file's passphrase")
