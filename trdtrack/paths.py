"""Folders: where the shipped, read-only resources are (package, checkout, frozen program), and names kept safe."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path


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
