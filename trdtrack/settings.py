"""What the program remembers on this computer, to be used again there and nowhere else.

Files opened lately, how much of a chart was shown, saved filters, which columns of a file of scores hold what, after
how many minutes it locks itself. No word of any patient: a chart is known by the random id its record has inside the
encrypted file, a filter is kept as what it lets through and never with a text that was typed, of a file of scores the
names of columns are kept and no cell. The language. Whether the first steps are over. Of the therapist the name as it
stands on the courses. Of a file's history how many lines it had, and part of the last one's hash. Of a clinic's server
the address and the login, never a password.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import platformdirs

from trdtrack import file_head
from trdtrack.domain.address import Address
from trdtrack.domain.backups import backup_at
from trdtrack.domain.chain_head import ChainHead
from trdtrack.domain.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

MOST_RECENT = 8
MOST_WINDOWS = 300
MOST_FILTERS = 12
MOST_HEADERS = 40
LOCK_SOONEST, LOCK_USUAL, LOCK_LATEST = 1, 5, 60
"""Minutes without a touch until the program locks itself."""
THEMES = ("light", "dark", "high-contrast")
"""What can be chosen instead of following the system."""
LEAST_TEXT, MOST_TEXT = 100, 200
"""Percent of the usual size of text."""
MOST_HEADS = 6
HASH_LETTERS = 16


@dataclass(frozen=True)
class Recent:
    """A file opened before: where it was, and by which bytes to know it again."""

    path: Path
    identity: str

    def find(self) -> Path | None:
        """Return where the file is now: in its place, or renamed or moved to a folder beside, above or below.

        Backups, and the copy kept from before an upgrade, begin with the same bytes and are passed over.
        """
        if identity_of(self.path) == self.identity:
            return self.path
        home = self.path.parent
        with suppress(OSError):
            for pattern, folder in (("*", home), ("*", home.parent), ("*/*", home), ("*/*", home.parent)):
                for candidate in sorted(folder.glob(f"{pattern}.trdtrack")):
                    if not _is_copy(candidate) and identity_of(candidate) == self.identity:
                        return candidate
        return None


def _is_copy(path: Path) -> bool:
    return any(mark in path.name for mark in (".version-", ".damaged-")) or backup_at(path) is not None


@dataclass(frozen=True)
class Server:
    """A server's caseload opened before: its address with the login, and whether its password is in the keyring."""

    address: Address
    keyring: bool


Place = Path | Address


def identity_of(place: Place) -> str:
    """Return what names a caseload: a file's first bytes, empty if it is not there; a digest of a login's address."""
    if isinstance(place, Address):
        return hashlib.sha256(place.text.encode()).hexdigest()[:32]
    with suppress(OSError):
        return file_head.read(place).hex()
    return ""


_APART: list[Path] = []


def file() -> Path:
    """Return where all of this is kept."""
    folder = _APART[-1] if _APART else Path(platformdirs.user_config_dir("trdtrack", appauthor=False))
    return folder / "settings.json"


@contextmanager
def apart(folder: Path) -> Generator[None]:
    """Keep settings in another folder meanwhile, so that pictures and trials leave a person's own as they are."""
    _APART.append(folder)
    try:
        yield
    finally:
        _APART.pop()


def _stored() -> dict[str, Any]:
    try:
        found = json.loads(file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _store(**changed: Any) -> None:
    """Write some of the settings. A settings folder that cannot be written is no error."""
    with suppress(OSError):
        file().parent.mkdir(parents=True, exist_ok=True)
        file().write_text(json.dumps({**_stored(), **changed}, indent=1), encoding="utf-8")


def recent() -> list[Recent]:
    """Return the files opened before, the latest first."""
    try:
        return [Recent(Path(entry["path"]), str(entry["identity"])) for entry in _stored()["recent"]]
    except (KeyError, TypeError):
        return []


def remember(path: Path) -> None:
    """Put a file first among the recent ones; a backup that is looked at takes nobody's place there."""
    path = path.resolve()
    if _is_copy(path):
        return
    entry = Recent(path, identity_of(path))
    others = [r for r in recent() if r.path != path and r.identity != entry.identity]
    _store(recent=[{"path": str(r.path), "identity": r.identity} for r in [entry, *others][:MOST_RECENT]])


def servers() -> list[Server]:
    """Return the servers' caseloads opened before, the latest first."""
    try:
        return [Server(Address.parse(entry["address"]), entry["keyring"] is True) for entry in _stored()["servers"]]
    except (AttributeError, KeyError, TypeError, Refusal):
        return []


def remember_server(address: Address, *, keyring: bool) -> None:
    """Put a server first among those opened; its password is never written down here."""
    kept = [Server(address, keyring), *(one for one in servers() if one.address != address)][:MOST_RECENT]
    _store(servers=[{"address": one.address.text, "keyring": one.keyring} for one in kept])


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


def _of_file(key: str, place: Place) -> Any:
    """Return what is kept of one kind for one caseload, wherever its file lies now."""
    found = _stored().get(key)
    return cast("dict[str, Any]", found).get(identity_of(place)) if isinstance(found, dict) else None


def _keep_of_file(key: str, place: Place, value: Any) -> None:
    found = _stored().get(key)
    kept = dict(cast("dict[str, Any]", found)) if isinstance(found, dict) else {}
    kept[identity_of(place)] = value
    _store(**{key: kept})


def follow(identity: str, path: Path) -> None:
    """Let what is kept of the file that had these first bytes hold for what it is now: its passphrase was changed."""
    new = identity_of(path)
    kept = {k: cast("dict[str, Any]", v) for k, v in _stored().items() if isinstance(v, dict) and identity in v}
    _store(**{key: {**found, new: found[identity]} for key, found in kept.items()})
    if any(entry.identity == identity for entry in recent()):
        remember(path)


def therapist(place: Place) -> str:
    """Return under which name the person at this computer stands on a caseload's courses; empty if nobody said."""
    found = _of_file("therapist", place)
    return found if isinstance(found, str) else ""


def remember_therapist(place: Place, name: str) -> None:
    """Keep which of a caseload's therapists sits here."""
    _keep_of_file("therapist", place, name)


def backup_folder(path: Path) -> Path | None:
    """Return the folder chosen here for a file's backups, wherever the file lies now; None if none was."""
    found = _of_file("backups", path)
    if found is None:
        # A file that is gone, or damaged at its head, is known by where it was.
        here = path.resolve()
        kept = _stored().get("backups")
        was = next((r.identity for r in recent() if r.path == here), "")
        found = cast("dict[str, Any]", kept).get(was) if isinstance(kept, dict) else None
    return Path(found) if isinstance(found, str) and found else None


def remember_backup_folder(path: Path, folder: Path | None) -> None:
    """Keep where a file's backups go; None for the folder beside it."""
    _keep_of_file("backups", path, str(folder) if folder else None)


def first_time(what: str, path: Path) -> bool:
    """Whether this is said of a file for the first time on this computer: from now on it is not."""
    if _of_file(what, path):
        return False
    _keep_of_file(what, path, True)  # noqa: FBT003 - a value
    return True


def first_steps() -> str:
    """Return which caseload the first steps are taken in, by its identity; empty if nobody was shown them yet."""
    found = _stored().get("first_steps")
    return found if isinstance(found, str) else ""


def remember_first_steps(where: str) -> None:
    """Keep which caseload the first steps are taken in, or that they are over."""
    _store(first_steps=where)


def filters(place: Place) -> list[dict[str, Any]]:
    """Return the filters saved for a caseload, the oldest first, as plain values."""
    found = _of_file("filters", place)
    several = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", one) for one in several if isinstance(one, dict)]


def remember_filters(place: Place, kept: list[dict[str, Any]]) -> None:
    """Keep a caseload's saved filters; of too many the oldest go."""
    _keep_of_file("filters", place, kept[-MOST_FILTERS:])


def heads(place: Place) -> list[tuple[str, ChainHead]]:
    """Return where a caseload's history is known to have ended, the latest last, and in which place a file lay then."""
    found = _of_file("heads", place)
    several = cast("list[Any]", found) if isinstance(found, list) else []
    with suppress(TypeError, ValueError):
        return [(str(lay), ChainHead(int(number), str(begins))) for lay, number, begins in several]
    return []


def remember_heads(place: Place, kept: Sequence[tuple[str, ChainHead]]) -> None:
    """Keep where a caseload's history ended, with so much of the hash that no other has the same."""
    _keep_of_file("heads", place, [[lay, head.number, head.hash[:HASH_LETTERS]] for lay, head in kept][-MOST_HEADS:])


def paper() -> str:
    """Return on which paper was printed last; empty if on none."""
    found = _stored().get("paper")
    return found if isinstance(found, str) else ""


def remember_paper(size: str) -> None:
    """Keep which paper is printed on here."""
    if paper() != size:
        _store(paper=size)


def lock_minutes() -> int:
    """Return after how many minutes without a touch the program locks itself here; 5 if nobody said."""
    found = _stored().get("lock_minutes")
    return min(max(found, LOCK_SOONEST), LOCK_LATEST) if type(found) is int else LOCK_USUAL


def remember_lock_minutes(minutes: int) -> None:
    """Keep after how many minutes the program locks itself, 1-60; never is not offered."""
    _store(lock_minutes=min(max(minutes, LOCK_SOONEST), LOCK_LATEST))


def language() -> str:
    """Return the code of the language chosen here; empty for the system's own."""
    found = _stored().get("language")
    return found if isinstance(found, str) else ""


def remember_language(code: str) -> None:
    """Keep which language is spoken here from the next start on."""
    _store(language=code)


def catalogues() -> Path:
    """Return the folder into which a person puts further translations."""
    return Path(platformdirs.user_data_dir("trdtrack", appauthor=False)) / "locale"


@dataclass(frozen=True)
class Look:
    """How the window is to look here. `theme`: a theme's name, empty to follow the system; `text_size` in percent."""

    theme: str = ""
    text_size: int = LEAST_TEXT
    still: bool = False


def look() -> Look:
    """Return how the window is to look on this computer."""
    found = _stored().get("look")
    kept = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    theme, size = kept.get("theme"), kept.get("text_size")
    return Look(
        theme if isinstance(theme, str) else "",
        min(max(size, LEAST_TEXT), MOST_TEXT) if type(size) is int else LEAST_TEXT,
        kept.get("still") is True,
    )


def remember_look(look: Look) -> None:
    """Keep how the window is to look on this computer."""
    _store(look=asdict(look))


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
