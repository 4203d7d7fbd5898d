"""How a command opens a caseload file, and where its passphrase comes from."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

from trdtrack.domain.message import message
from trdtrack.domain.refusals import Refusal
from trdtrack.settings import user_name

if TYPE_CHECKING:
    import argparse

    from trdtrack.caseload import Caseload

PASSPHRASE = "TRDTRACK_PASSPHRASE"  # noqa: S105 - the name of a variable


def open_caseload(arguments: argparse.Namespace) -> Caseload:
    """Open the caseload file a command was given."""
    from trdtrack.caseload import Caseload

    return Caseload.open(arguments.file, passphrase(arguments), who=user_name())


def passphrase(arguments: argparse.Namespace, *, twice: bool = False) -> str:
    """Return the passphrase from a file, the variable or the keyboard, typed twice for a new caseload."""
    if arguments.passphrase_file:
        try:
            # Editors on Windows begin a text with a byte order mark.
            lines = arguments.passphrase_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            what = message("The passphrase file {file} cannot be read.", file=str(arguments.passphrase_file))
            raise Refusal(what) from error
        found = lines[0] if lines else ""
    elif PASSPHRASE in os.environ:
        found = os.environ[PASSPHRASE]
    elif sys.stdin is not None and sys.stdin.isatty():  # pyright: ignore[reportUnnecessaryComparison]
        found = _asked(twice=twice)
    else:
        raise Refusal(message("No passphrase: set {name} or give --passphrase-file.", name=PASSPHRASE))
    if not found:
        raise Refusal(message("The passphrase is empty."))
    return found


def _asked(*, twice: bool) -> str:
    try:
        typed = getpass.getpass("Passphrase: ")
        if twice and typed and getpass.getpass("The same again: ") != typed:
            raise Refusal(message("The two passphrases are not the same."))
    except EOFError as error:
        raise Refusal(message("No passphrase was typed.")) from error
    return typed
