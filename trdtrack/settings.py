"""What the program remembers on this computer: the files opened lately, and how much of each chart was shown.

No word of any patient: a chart is known by the random id its record has inside the encrypted file.
"""

from __future__ import annotations

import getpass
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import platformdirs

MOST_RECENT = 8
MOST_WINDOWS = 300
IDENTITY_BYTES = 16
"""A caseload file's first 16 bytes are its own salt: they name the file wherever it went."""


@dataclass(frozen=True)
class Recent:
    """A file opened before: where it was, and by which bytes to know it again."""

    path: Path
    identity: str

    def find(self) -> Path | None:
        """Return where the file is now: in its place, or renamed or moved to a folder beside, above or below.

        The copy kept from before an upgrade begins with the same bytes and is passed over.
        """
        if identity_of(self.path) == self.identity:
            return self.path
        home = self.path.parent
        with suppress(OSError):
            for pattern, folder in (("*", home), ("*", home.parent), ("*/*", home), ("*/*", home.parent)):
                for candidate in sorted(folder.glob(f"{pattern}.trdtrack")):
                    if ".version-" not in candidate.name and identity_of(candidate) == self.identity:
                        return candidate
        return None


def identity_of(path: Path) -> str:
    """Return what names a caseload file, empty if it is not there."""
    with suppress(OSError), path.open("rb") as file:
        return file.read(IDENTITY_BYTES).hex()
    return ""


def _path() -> Path:
    return Path(platformdirs.user_config_dir("trdtrack", appauthor=False)) / "settings.json"


def _stored() -> dict[str, Any]:
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _store(**changed: Any) -> None:
    """Write some of the settings. A settings folder that cannot be written is no error."""
    with suppress(OSError):
        _path().parent.mkdir(parents=True, exist_ok=True)
        _path().write_text(json.dumps({**_stored(), **changed}, indent=1), encoding="utf-8")


def recent() -> list[Recent]:
    """Return the files opened before, the latest first."""
    try:
        return [Recent(Path(entry["path"]), str(entry["identity"])) for entry in _stored()["recent"]]
    except (KeyError, TypeError):
        return []


def remember(path: Path) -> None:
    """Put a file first among the recent ones."""
    path = path.resolve()
    entry = Recent(path, identity_of(path))
    others = [r for r in recent() if r.path != path and r.identity != entry.identity]
    _store(recent=[{"path": str(r.path), "identity": r.identity} for r in [entry, *others][:MOST_RECENT]])


def _windows() -> dict[str, float]:
    found = _stored().get("windows")
    kept = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    return {str(k): float(v) for k, v in kept.items() if isinstance(v, int | float) and v > 0}


def months_shown(patient: str) -> float | None:
    """Return how many months of a patient's chart were last shown; None for all of it."""
    return _windows().get(patient)


def remember_months(patient: str, months: float | None) -> None:
    """Keep how many months of a patient's chart are shown; None, for all, forgets it."""
    if months_shown(patient) == months:
        return
    kept = {k: v for k, v in _windows().items() if k != patient}
    if months is not None:
        kept[patient] = months
    _store(windows=dict(list(kept.items())[-MOST_WINDOWS:]))


def user_name() -> str:
    """Return the name the history will hold."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
