"""Where the shipped, read-only resources are: package, checkout, or the frozen program's folder."""

from __future__ import annotations

import sys
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
