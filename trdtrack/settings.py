"""What the program remembers of this computer's user: the files opened lately. Nothing of any patient."""

from __future__ import annotations

import getpass
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

MOST_RECENT = 8
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


def recent() -> list[Recent]:
    """Return the files opened before, the latest first."""
    try:
        stored: dict[str, Any] = json.loads(_path().read_text(encoding="utf-8"))
        return [Recent(Path(entry["path"]), str(entry["identity"])) for entry in stored["recent"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def remember(path: Path) -> None:
    """Put a file first among the recent ones. A settings folder that cannot be written is no error."""
    path = path.resolve()
    entry = Recent(path, identity_of(path))
    others = [r for r in recent() if r.path != path and r.identity != entry.identity]
    stored = [{"path": str(r.path), "identity": r.identity} for r in [entry, *others][:MOST_RECENT]]
    with suppress(OSError):
        _path().parent.mkdir(parents=True, exist_ok=True)
        _path().write_text(json.dumps({"recent": stored}, indent=1), encoding="utf-8")


def user_name() -> str:
    """Return the name the history will hold."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
