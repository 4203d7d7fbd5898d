"""Folders: where the shipped resources are (package, checkout, frozen program), a demo's; and names kept safe."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

import platformdirs

DEMO_FOLDER = "trdtrack-demo-"
"""What the name of a folder begins with that holds a demo caseload and goes with the program."""
DEMO_CODE = "DEMO"
"""What every code in a demo begins with: it marks what is printed or written from it."""


def is_demo(file: Path) -> bool:
    """Whether a caseload's file is a demo's, gone when the program ends."""
    return file.parent.name.startswith(DEMO_FOLDER)


def documents() -> Path:
    """Return where a person's own files are proposed to lie."""
    found = platformdirs.user_documents_path()
    return found if found.is_dir() else Path.home()


@cache
def resources() -> Path:
    """Return the resources folder. Raises FileNotFoundError if the installation is incomplete."""
    here = Path(__file__).resolve().parent
    candidates = [here / "resources", here.parent / "resources"]
    if getattr(sys, "frozen", False):
        candidates.insert(0, Path(getattr(sys, "_MEIPASS", here)) / "resources")
    for candidate in candidates:
        if (candidate / "evidence").is_dir():
            return candidate
    raise FileNotFoundError("the resources folder is missing: the installation is incomplete")


def sync_folder(folder: Path) -> None:
    """Bring a new name itself to the disk; Windows cannot open a folder and does not need it."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
