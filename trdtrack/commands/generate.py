"""The command that makes a synthetic caseload."""

from __future__ import annotations

import sys
from datetime import datetime, time
from typing import TYPE_CHECKING

from trdtrack.commands.opening import passphrase
from trdtrack.domain.message import plural
from trdtrack.words import say

if TYPE_CHECKING:
    import argparse


def generate(arguments: argparse.Namespace) -> None:
    """Make a new caseload of synthetic patients, saying on the error output how far it is."""
    from trdtrack.generate import generate

    # Noon of the day: the same seed makes the same caseload all day long.
    at = datetime.combine(arguments.today, time(12)).astimezone()
    made = generate(
        arguments.file,
        passphrase(arguments, twice=True),
        patients=arguments.patients,
        seed=arguments.seed,
        at=at,
        tick=_tell,
    )
    made.close()
    counted = say(plural("{n} synthetic patient", "{n} synthetic patients", arguments.patients))
    print(f"Made {arguments.file} with {counted}: no person stands behind them.")


def _tell(done: int, of: int) -> None:
    """Say how far it is on one line, which only a terminal can write over."""
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison] - closed before we began
        return
    if sys.stderr.isatty():
        print(f"\r{done} of {of} patients", end="\n" if done == of else "", file=sys.stderr, flush=True)
