"""What there is to say about this installation: versions, places on this computer, what it is made with."""

from __future__ import annotations

import platform
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from trdtrack import __version__, bugs, settings
from trdtrack.paths import resources
from trdtrack.words import _, manner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trdtrack.caseload import Caseload

LICENCE = "Apache-2.0"
LICENCES = "licences"
"""The folder with the texts of all licences, in an installed program."""
_NAME = re.compile(r"[\w.-]+")
_LONGEST = 60
"""Letters of a licence's name: some give the whole text there."""
_LAST_NOTES = 5
_UNNAMED = {"sqlcipher3": "Zlib"}
"""Libraries that bring the text of a licence and not its name."""


@dataclass(frozen=True)
class Kept:
    """Something kept on this computer: what it is, and the file or folder it is in."""

    what: str
    path: Path

    @property
    def folder(self) -> Path | None:
        """The nearest folder that is there, to be shown; None if there is none."""
        return next((place for place in (self.path, *self.path.parents) if place.is_dir()), None)


@dataclass(frozen=True)
class Part:
    """A library this program is made with."""

    name: str
    version: str
    licence: str


def kept_here(caseload: Caseload | None) -> list[Kept]:
    """Return where this program's data lie; of caseloads the one that is open, else those opened here before."""
    found: list[Kept] = []
    if caseload is None:
        found += [Kept(_("Caseload"), entry.path) for entry in settings.recent()]
    elif not caseload.on_server:
        found += [Kept(_("Caseload"), caseload.path), Kept(_("Backups"), caseload.backups.folder)]
    return [
        *found,
        Kept(_("Settings, without a word of any patient's"), settings.file()),
        Kept(_("Faults of the program, noted without what was typed"), bugs.log_path()),
        Kept(_("Translations of your own"), settings.catalogues()),
    ]


def licence_texts() -> Path | None:
    """Return the folder with the licence texts of all parts, where the program was installed with one."""
    homes = (resources().parent, Path(sys.executable).parent)
    return next((home / LICENCES for home in homes if (home / LICENCES).is_dir()), None)


def made_with() -> list[Part]:
    """Return the libraries this program needs, by name; all that are installed where it is not itself."""
    wanted = {_plain(name) for name in _needed("trdtrack")}
    found: dict[str, Part] = {}
    for part in metadata.distributions():
        name = part.metadata["Name"]
        if name and _plain(name) != "trdtrack" and (not wanted or _plain(name) in wanted):
            found.setdefault(_plain(name), Part(name, part.version, _licence(part)))
    return [found[name] for name in sorted(found)]


def _needed(name: str, seen: set[str] | None = None) -> set[str]:
    """Return what a library needs, and what that needs, without extras."""
    seen = set() if seen is None else seen
    with suppress(metadata.PackageNotFoundError):
        for line in metadata.requires(name) or ():
            found = _NAME.match(line)
            if found and "extra ==" not in line and _plain(found.group()) not in seen:
                seen.add(_plain(found.group()))
                _needed(found.group(), seen)
    return seen


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(part: metadata.Distribution) -> str:
    said = part.metadata.json
    expression = said.get("license_expression") or said.get("license") or ""
    if isinstance(expression, str) and expression and len(expression) <= _LONGEST and "\n" not in expression:
        return expression
    classified = [c.rpartition(" :: ")[2] for c in said.get("classifier", ()) if c.startswith("License ::")]
    return ", ".join(classified) or _UNNAMED.get(_plain(part.metadata["Name"]), "")


def for_a_report() -> str:
    """Return what helps to find a fault: versions, system, look, the places of the last faults. No path, no name."""
    look = settings.look()
    screen = QGuiApplication.primaryScreen()
    size = f"{screen.size().width()}x{screen.size().height()} at {screen.devicePixelRatio():g}"
    lines = [
        f"TRDTrack {__version__}{' (installed program)' if getattr(sys, 'frozen', False) else ''}",
        f"System: {platform.system()} {platform.release()} {platform.machine()}",
        f"Python {platform.python_version()}, Qt {qVersion()}, PySide {PySide6.__version__}",
        f"Window system: {QGuiApplication.platformName()}, screen {size}",
        f"Language: {manner().language}, colours: {look.theme or 'system'}, text: {look.text_size}%",
        *_last_faults(),
    ]
    return "\n".join(lines) + "\n"


def _last_faults() -> Iterator[str]:
    """Yield the last notes: the log holds kinds of error and places in the code, nothing else."""
    with suppress(OSError):
        for line in bugs.log_path().read_text(encoding="utf-8").splitlines()[-_LAST_NOTES:]:
            yield f"Fault: {line}"
