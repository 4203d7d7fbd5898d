"""How the words of a command are read: files, codes, scores, weeks, columns; and options several commands share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from trdtrack.commands.opening import SERVER_PASSWORD
from trdtrack.domain.address import Address

ADDRESS = "postgresql://name@server/database, or service=NAME"
COLUMNS = "patient=…,date=…,total=…,items=a+b+…,difficulty=…,weeks=a:0+b:4+…"


def place(text: str) -> Path | Address:
    """Read the name of a caseload file, or a server's address."""
    return Address.parse(text) if Address.is_one(text) else file(text)


def path(text: str) -> Path:
    """Read the name of any file."""
    return Path(text)


def password(command: argparse.ArgumentParser) -> None:
    """Have a command take the password of one's login on a server."""
    what = (
        f"a file with your password on the server; if not given, the variable {SERVER_PASSWORD}, the system's keyring, "
    )
    command.add_argument("--password-file", type=path, metavar="PATH", help=f"{what}or it is asked for")


def file(text: str) -> Path:
    """Read the name of a caseload file."""
    if Address.is_one(text):
        raise argparse.ArgumentTypeError("give a file: for a caseload on a server there is `trdtrack clinic`")
    if not Path(text).name:
        raise argparse.ArgumentTypeError("give the caseload file's name")
    return Path(text)


def code(text: str) -> str:
    """Read a patient's code."""
    # Bytes that are not UTF-8 reach us as lone surrogates, which no file can hold.
    return os.fsencode(text).decode("utf-8", "replace")


def patients(text: str) -> int:
    """Read a number of patients."""
    from trdtrack.generate import MOST_PATIENTS

    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= MOST_PATIENTS:
        raise argparse.ArgumentTypeError(f"give a whole number of patients, 1 to {MOST_PATIENTS}")
    return number


def scores(text: str) -> tuple[tuple[float, int], ...]:
    """Read scores as week:total."""
    try:
        pairs = [part.split(":") for part in text.split(",")]
        return tuple((float(week), int(total)) for week, total in pairs)
    except ValueError as error:
        raise argparse.ArgumentTypeError("scores are week:total with commas between, such as 0:19,2:18") from error


def columns(text: str) -> dict[str, Any]:
    """Return columns by the field of `Columns` they are for; those left out are guessed."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    found: dict[str, Any] = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    known = {"patient", "date", "total", "items", "difficulty", "weeks"}
    if not set(found) <= known or len(pairs) != len(found) or not all(found.values()):
        raise argparse.ArgumentTypeError(f"write {COLUMNS} with the file's own column names")
    if "items" in found:
        found["items"] = tuple(name.strip() for name in found["items"].split("+"))
    if "weeks" in found:
        weeks = [week.rpartition(":") for week in found.pop("weeks").split("+")]
        if not all(name.strip() and when.strip() for name, _, when in weeks):
            raise argparse.ArgumentTypeError("weeks are columns with the week or the day of each: weeks=T1:0+T2:4")
        found["occasions"] = tuple((name.strip(), when.strip()) for name, _, when in weeks)
    return found


def weeks(text: str) -> tuple[float, ...]:
    """Read weeks."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise argparse.ArgumentTypeError("weeks are numbers with commas between, such as 4,8,12") from error
    return tuple(int(n) if n.is_integer() else n for n in numbers)


def paper(sub: argparse.ArgumentParser) -> None:
    """Give a command the choice of paper."""
    sub.add_argument("--paper", choices=["a4", "letter"], default="a4", help="a4 if not given")


def refuse_taken_out(arguments: argparse.Namespace) -> None:
    """Refuse where a command is to write if something is there already and nobody said `--replace`."""
    from trdtrack.exchange.writing import refuse_taken

    if not arguments.replace:
        refuse_taken(arguments.out)


def out(sub: argparse.ArgumentParser, metavar: str, what: str | None = None) -> None:
    """Give a command the place it writes to; what is there already needs `--replace`."""
    sub.add_argument("--out", required=True, type=Path, metavar=metavar, help=what)
    sub.add_argument("--replace", action="store_true", help="write over a file that is there already")
