"""How a command opens a caseload file, and where its passphrase comes from."""

from __future__ import annotations

import getpass
import os
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal, WrongPassphrase
from trdtrack.settings import user_name
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from trdtrack.caseload import Caseload

PASSPHRASE = "TRDTRACK_PASSPHRASE"  # noqa: S105 - the name of a variable
NEW_PASSPHRASE = "TRDTRACK_NEW_PASSPHRASE"  # noqa: S105 - as above
AFTER_WRONG_S = 1.0
"""So long a wrong passphrase takes at least: nobody tries many."""


def open_caseload(arguments: argparse.Namespace) -> Caseload:
    """Open the caseload file a command was given."""
    return open_with(arguments, passphrase(arguments))


def open_with(arguments: argparse.Namespace, secret: str) -> Caseload:
    """Open the caseload file a command was given by a passphrase or recovery key."""
    from trdtrack import known_heads
    from trdtrack.caseload import Caseload

    try:
        caseload = Caseload.open(arguments.file, secret, who=user_name())
    except WrongPassphrase:
        time.sleep(AFTER_WRONG_S)
        raise
    if missing := known_heads.begin(caseload):
        print(say(missing), file=sys.stderr)
    return caseload


def passphrase(arguments: argparse.Namespace, *, twice: bool = False) -> str:
    """Return the passphrase from a file, the variable or the keyboard, typed twice for a new caseload."""
    given = Given(arguments.passphrase_file, PASSPHRASE, "--passphrase-file", "Passphrase: ")
    return _from(given, twice=twice)


def new_passphrase(arguments: argparse.Namespace) -> str:
    """Return the passphrase a file is to have from now on; typed twice where it is typed."""
    given = Given(arguments.new_passphrase_file, NEW_PASSPHRASE, "--new-passphrase-file", "New passphrase: ")
    return _from(given, twice=True)


class Given(NamedTuple):
    """The places a passphrase can come from: a file, a variable, or the keyboard, asked for in these words."""

    file: Path | None
    variable: str
    option: str
    prompt: str


def _from(given: Given, *, twice: bool) -> str:
    if given.file:
        try:
            # Editors on Windows begin a text with a byte order mark.
            lines = given.file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            what = message("The passphrase file {file} cannot be read.", file=str(given.file))
            raise Refusal(what) from error
        found = lines[0] if lines else ""
    elif given.variable in os.environ:
        found = os.environ[given.variable]
    elif sys.stdin is not None and sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison]
        found = _asked(given.prompt, twice=twice)
    else:
        raise Refusal(message("No passphrase: set {name} or give {option}.", name=given.variable, option=given.option))
    if not found:
        raise Refusal(message("The passphrase is empty."))
    return found


def _asked(prompt: str, *, twice: bool) -> str:
    try:
        typed = getpass.getpass(prompt)
        if twice and typed and getpass.getpass("The same again: ") != typed:
            raise Refusal(message("The two passphrases are not the same."))
    except EOFError as error:
        raise Refusal(message("No passphrase was typed.")) from error
    return typed
