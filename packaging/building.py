"""Facts that all the scripts of a build share: the folders, the version and the name the desktop knows."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build"
DIST = ROOT / "dist"
APP_ID = "org.trdtrack.TRDTrack"
SAID = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.MULTILINE)
"""Where the version stands, the one place."""


def version() -> str:
    """Return the program's version, as trdtrack/__init__.py says it."""
    found = SAID.search((ROOT / "trdtrack" / "__init__.py").read_text("utf-8"))
    if found is None:
        raise SystemExit("trdtrack/__init__.py says no version.")
    return found[1]


VERSION = version()
