"""How a command opens a caseload file, and where its passphrase comes from."""

from __future__ import annotations

import getpass
import os
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from trdtrack.domain.address import Address
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
SERVER_PASSWORD = "TRDTRACK_SERVER_PASSWORD"  # noqa: S105 - as above
AFTER_WRONG_S = 1.0
"""So long a wrong passphrase takes at least: nobody tries many."""


def open_caseload(arguments: argparse.Namespace) -> Caseload:
    """Open the caseload a command was given."""
    server = isinstance(arguments.file, Address)
    return open_with(arguments, server_password(arguments) if server else passphrase(arguments))


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


def server_password(arguments: argparse.Namespace) -> str:
    """Return the password of one's login on a server; empty where nothing says one: the server may ask for none."""
    given = Given(arguments.password_file, SERVER_PASSWORD, "--password-file", "Password on the server: ")
    if given.said:
        return _from(given, twice=False)
    from trdtrack import passwords

    places = (getattr(arguments, name, None) for name in ("address", "file", "source", "target"))
    return next((passwords.kept(place) for place in places if isinstance(place, Address)), "") or _typed(given)


def given_password(arguments: argparse.Namespace) -> str:
    """Return the password for somebody else's login; empty leaves the one it has."""
    prompt = "Password for the new login (empty: as it is): "
    given = Given(arguments.new_password_file, NEW_PASSPHRASE, "--new-password-file", prompt)
    return _from(given, twice=True) if given.said else _typed(given, twice=True)


def _typed(given: Given, *, twice: bool = False) -> str:
    """Return what is typed; empty where nobody sits there."""
    there = sys.stdin is not None and sys.stdin.isatty()  # pyright: ignore[reportUnnecessaryComparison]
    return _asked(given.prompt, twice=twice) if there else ""


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

    @property
    def said(self) -> bool:
        """Whether it is in a file or in the variable."""
        return self.file is not None or self.variable in os.environ


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
