"""Starts TRDTrack: the window, or a command if words follow."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the window for no words or a caseload file's name, else the command line."""
    words = sys.argv[1:]
    if not words or (len(words) == 1 and words[0].lower().endswith(".trdtrack")):
        return window()
    from trdtrack import locales
    from trdtrack.cli import main as command

    locales.speak(locales.wanted(locales.of_environment()))

    return command(words)


def window() -> int:
    """Open the window, on the file named if one is."""
    # First: what the window is made of is named in its language as it is brought in.
    from trdtrack.ui import language

    language.begin()
    from trdtrack.ui.app import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
