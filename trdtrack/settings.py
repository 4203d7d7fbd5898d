"""What the program remembers on this computer, to be used again there and nowhere else.

Files opened lately, how much of a chart was shown, saved filters, which columns of a file of scores hold what. No word
of any patient: a chart is known by the random id its record has inside the encrypted file, a filter is kept as what it
lets through and never with a text that was typed, of a file of scores the names of columns are kept and no cell. Of the
therapist the name as it stands on the courses.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_RECENT = 8
MOST_WINDOWS = 300
MOST_FILTERS = 12
MOST_HEADERS = 40
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


def _of_file(key: str, path: Path) -> Any:
    """Return what is kept of one kind for one caseload file, wherever it lies now."""
    found = _stored().get(key)
    return cast("dict[str, Any]", found).get(identity_of(path)) if isinstance(found, dict) else None


def _keep_of_file(key: str, path: Path, value: Any) -> None:
    found = _stored().get(key)
    kept = dict(cast("dict[str, Any]", found)) if isinstance(found, dict) else {}
    kept[identity_of(path)] = value
    _store(**{key: kept})


def therapist(path: Path) -> str:
    """Return under which name the person at this computer stands on a file's courses; empty if nobody said."""
    found = _of_file("therapist", path)
    return found if isinstance(found, str) else ""


def remember_therapist(path: Path, name: str) -> None:
    """Keep which of a file's therapists sits here."""
    _keep_of_file("therapist", path, name)


def filters(path: Path) -> list[dict[str, Any]]:
    """Return the filters saved for a file, the oldest first, as plain values."""
    found = _of_file("filters", path)
    several = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", one) for one in several if isinstance(one, dict)]


def remember_filters(path: Path, kept: list[dict[str, Any]]) -> None:
    """Keep a file's saved filters; of too many the oldest go."""
    _keep_of_file("filters", path, kept[-MOST_FILTERS:])


def paper() -> str:
    """Return on which paper was printed last; empty if on none."""
    found = _stored().get("paper")
    return found if isinstance(found, str) else ""


def remember_paper(size: str) -> None:
    """Keep which paper is printed on here."""
    if paper() != size:
        _store(paper=size)


def columns(header: Sequence[str]) -> dict[str, Any]:
    """Return which columns were chosen last for a file with this header, as plain values; empty if none were."""
    found = _stored().get("columns")
    kept = cast("dict[str, Any]", found).get(_header_key(header)) if isinstance(found, dict) else None
    return cast("dict[str, Any]", kept) if isinstance(kept, dict) else {}


def remember_columns(header: Sequence[str], chosen: Mapping[str, Any]) -> None:
    """Keep which columns of such a file hold what: names of columns, under a digest of them all; never a cell."""
    found = _stored().get("columns")
    kept = dict(cast("dict[str, Any]", found)) if isinstance(found, dict) else {}
    key = _header_key(header)
    kept.pop(key, None)
    _store(columns=dict([*kept.items(), (key, dict(chosen))][-MOST_HEADERS:]))


def _header_key(header: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(header)).encode()).hexdigest()[:32]


def user_name() -> str:
    """Return the name the history will hold."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
